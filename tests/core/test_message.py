"""Styles are spans beside the words, counted as Telegram counts: in UTF-16 code units."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.message import Entity, Style, Text, joined, styled

anything = st.text(max_size=60)


def stretch(text: Text, entity: Entity) -> str:
    units = text.words.encode("utf-16-le", "surrogatepass")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "surrogatepass")


@given(st.lists(anything, max_size=6))
def test_each_style_covers_exactly_the_words_it_was_given(parts: list[str]) -> None:
    text = joined([styled(Style.BOLD, part) for part in parts])

    assert [stretch(text, entity) for entity in text.entities] == [part for part in parts if part]


def test_an_emoji_counts_as_two() -> None:
    assert len(Text("🆘!")) == 3


def test_a_quote_holds_the_links_inside_it() -> None:
    quote = "до " + styled(Style.EXPANDABLE_QUOTE, "🆘 " + styled(Style.LINK, "МЧС", "https://example.org"))

    assert [(e.style, stretch(quote, e)) for e in quote.entities] == [
        (Style.EXPANDABLE_QUOTE, "🆘 МЧС"),
        (Style.LINK, "МЧС"),
    ]


def test_nothing_is_not_styled_and_joins_to_nothing() -> None:
    assert joined(["", Text(), styled(Style.BOLD, "")]) == Text()
