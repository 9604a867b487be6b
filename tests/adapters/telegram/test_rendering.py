"""Whatever core says becomes something that Telegram takes."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.rendering import cut, render, render_suggestion
from bot.core.message import (
    Button,
    CopyText,
    Entity,
    OpenLink,
    OutgoingMessage,
    Press,
    ShareInline,
    Style,
    Suggestion,
    Text,
    styled,
    utf16_length,
)


def buttons_of(*rows: tuple[Button, ...], supports_inline: bool = True) -> list[list[dict[str, object]]]:
    rendered = render(OutgoingMessage(Text("x"), rows), supports_inline)
    assert rendered is not None
    if rendered.keyboard is None:
        return []
    keyboard: list[list[dict[str, object]]] = rendered.keyboard.to_dict()["inline_keyboard"]
    return keyboard


def test_styles_go_beside_the_words() -> None:
    text = "🚨 " + styled(Style.BOLD, "<b>112</b>") + " " + styled(Style.LINK, "МЧС", "https://mchs.gov.ru")

    rendered = render(OutgoingMessage(text, silent=True), supports_inline=True)

    assert rendered is not None
    assert rendered.text == "🚨 <b>112</b> МЧС"
    assert [entity.to_dict() for entity in rendered.entities] == [
        {"type": "bold", "offset": 3, "length": 10},
        {"type": "text_link", "offset": 14, "length": 3, "url": "https://mchs.gov.ru"},
    ]
    assert rendered.silent
    assert rendered.keyboard is None


def test_every_button_is_what_it_says() -> None:
    row = (
        Button("press", Press("guide:fire")),
        Button("link", OpenLink("https://mchs.gov.ru")),
        Button("copy", CopyText("112")),
        Button("share", ShareInline("fire")),
    )

    assert buttons_of(row) == [
        [
            {"text": "press", "callback_data": "guide:fire"},
            {"text": "link", "url": "https://mchs.gov.ru"},
            {"text": "copy", "copy_text": {"text": "112"}},
            {"text": "share", "switch_inline_query": "fire"},
        ]
    ]


def test_without_inline_mode_there_is_no_sharing() -> None:
    assert buttons_of((Button("share", ShareInline("fire")),), supports_inline=False) == []


def test_a_press_with_too_much_data_is_left_out_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    row = (Button("a", Press("я" * 33)), Button("b", Press("я" * 32)), Button("c", Press("")))

    assert buttons_of(row) == [[{"text": "b", "callback_data": "я" * 32}]]
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]


def test_no_more_buttons_than_telegram_takes() -> None:
    rows = tuple(tuple(Button("x", Press("x")) for _ in range(10)) for _ in range(20))

    kept = buttons_of(*rows)

    assert len(kept) == 13
    assert max(len(row) for row in kept) == 8
    assert sum(len(row) for row in kept) == 100


@pytest.mark.parametrize("words", ["", " ", "\n\n"])
def test_a_message_without_words_is_none(words: str) -> None:
    assert render(OutgoingMessage(Text(words)), supports_inline=True) is None


def test_a_text_that_fits_stays_as_it_is() -> None:
    text = styled(Style.BOLD, "x" * 4096)

    assert cut(text, 4096) == text


def test_a_text_that_is_too_long_is_cut_between_characters() -> None:
    text = Text("x" + "🚨" * 3000, (Entity(Style.BOLD, 0, 6001), Entity(Style.CODE, 5000, 10)))

    shorter = cut(text, 4096)

    assert shorter.words == "x" + "🚨" * 2047 + "…"
    assert shorter.entities == (Entity(Style.BOLD, 0, 4096),)


@given(st.text(st.characters(), max_size=60), st.integers(2, 40))
def test_what_is_cut_fits_and_can_be_sent(words: str, limit: int) -> None:
    whole = Text(words, (Entity(Style.BOLD, 0, max(1, utf16_length(words))),))

    shorter = cut(whole, limit)

    assert len(shorter) <= limit
    assert isinstance(shorter.words.encode(), bytes)
    assert all(e.length > 0 and e.offset + e.length <= len(shorter) for e in shorter.entities)


def test_half_an_emoji_does_not_take_the_message_with_it() -> None:
    assert cut(Text("a\ud83d b"), 4096).words == "a\ufffd b"


def test_no_more_entities_than_telegram_takes() -> None:
    text = Text("x" * 300, tuple(Entity(Style.BOLD, place, 1) for place in range(150)))

    rendered = render(OutgoingMessage(text), supports_inline=True)

    assert rendered is not None
    assert len(rendered.entities) == 100
    assert rendered.plain.entities == ()


def test_a_suggestion_is_an_article() -> None:
    suggestion = Suggestion("я" * 40, "Fire", "", OutgoingMessage(styled(Style.BOLD, "Out")))

    article = render_suggestion(suggestion, supports_inline=True)

    assert article is not None
    assert len(article.id.encode()) == 64
    assert article.title == "Fire"
    assert article.input_message_content.to_dict() == {
        "message_text": "Out",
        "entities": [{"type": "bold", "offset": 0, "length": 3}],
        "link_preview_options": {"is_disabled": True},
    }


def test_a_suggestion_without_words_is_none() -> None:
    assert render_suggestion(Suggestion("a", "Fire", "", OutgoingMessage(Text(" "))), True) is None
