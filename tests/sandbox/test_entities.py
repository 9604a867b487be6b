"""What becomes a link, a command or a mention without anybody asking for it, as at Telegram."""

import time

import pytest

from bot.sandbox.entities import detect, utf16_slice

JOINER_OF_WORDS, JOINER_OF_LETTERS, NO_SPACE = "\u2060", "\u200d", "\u200b"


def found(text: str) -> list[tuple[str, str]]:
    return [(one["type"], utf16_slice(text, one["offset"], one["length"])) for one in detect(text)]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("сайт untolovo.org, страница", "untolovo.org"),
        ("URA.RU: «Как быть»", "URA.RU"),
        ("ura.news", "ura.news"),
        ("(soc13.ru)", "soc13.ru"),
        ("см. мчс.рф/советы?a=1).", "мчс.рф/советы?a=1"),
        ("http://localhost:1/x «y»", "http://localhost:1/x"),
        (f"URA{JOINER_OF_LETTERS}.RU", f"URA{JOINER_OF_LETTERS}.RU"),
    ],
)
def test_a_name_with_a_known_ending_becomes_a_link(text: str, url: str) -> None:
    assert found(text) == [("url", url)]


@pytest.mark.parametrize(
    "text",
    [
        f"URA.{JOINER_OF_WORDS}RU",
        f"URA{JOINER_OF_WORDS}.RU",
        f"URA.{NO_SPACE}RU",
        f"URA.{JOINER_OF_LETTERS}RU",
        "Уйдите в дом.По дороге не снимайте",
        "mchs.gov.ru.txt",
        "т.е. 1.5 м, 22.11.2026",
    ],
)
def test_what_has_none_or_is_broken_by_a_mark_without_width_does_not(text: str) -> None:
    assert found(text) == []


def test_commands_mentions_and_addresses_of_mail_are_found_beside_links() -> None:
    text = "/help, @safety_bot, mail@example.org, example.org"

    assert [kind for kind, _ in found(text)] == ["bot_command", "mention", "email", "url"]


@pytest.mark.parametrize("text", ["я" * 4096, "a." * 2048, "ru." * 1365, "a@" * 2048, "http://" * 585])
def test_no_text_keeps_anybody_waiting(text: str) -> None:
    started = time.perf_counter()

    detect(text)

    assert time.perf_counter() - started < 1
