"""HTML is read as Telegram reads it, with Telegram's complaints and byte offsets."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import utf16_length, utf16_slice
from bot.sandbox.markup import Formatted, formatted
from bot.sandbox.refusals import ApiError
from bot.sandbox.telegram_html import TAGS, MarkupError, parse_html

SURROGATE = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("дом<b", "Unclosed start tag at byte offset 6"),
        ("дом<br>", 'Unsupported start tag "br" at byte offset 6'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("🏠<b =x>", 'Empty attribute name in the tag "b" at byte offset 4'),
        ("<b x", 'Unclosed start tag "b" at byte offset 0'),
        ("<b x = ", 'Unclosed start tag "b" at byte offset 0'),
        ("<a href=a/b>", "Unexpected end of name token at byte offset 8"),
        ('<a href="a>b</a>', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("дом</b>", "Unexpected end tag at byte offset 6"),
        ("<b>дом</b", "Unclosed end tag at byte offset 9"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b><i>x</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="x">🙂</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("&#xD800;", SURROGATE),
    ],
)
def test_what_does_not_parse_is_named_with_its_byte_offset(source: str, complaint: str) -> None:
    with pytest.raises(MarkupError) as refused:
        parse_html(source)

    assert str(refused.value) == complaint


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("&lt;&amp&gt;&quot;&nbsp;&laquo;&#1103;&#x42F;&", '<&>"&nbsp;&laquo;яЯ&', []),
        ("<b></b>", "", []),
        ("<b>🏠 дом</b>", "🏠 дом", [("bold", 0, 6)]),
        ("🏠<I>дом</>", "🏠дом", [("italic", 2, 3)]),
        ("<u><s>x</s>y</u>", "xy", [("underline", 0, 2), ("strikethrough", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ('<a href="tel:112">112</a>', "112", []),
        ('<a href="http://localhost:1/">x</a>', "x", []),
        ("<a href='mchs.gov.ru?a&amp;b'>x</a>", "x", [("text_link", 0, 1)]),
    ],
)
def test_what_parses_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    read, found = parse_html(source)

    assert read == text
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities


def test_a_link_is_kept_as_telegram_writes_it() -> None:
    assert parse_html("<a href='mchs.gov.ru?a&amp;b'>x</a>")[1][0]["url"] == "http://mchs.gov.ru/?a&b"


def test_nothing_stands_inside_code_and_no_quote_inside_a_quote() -> None:
    code = formatted("<code>a <b>b</b></code>", "HTML", None)
    quote = formatted("<blockquote>a <blockquote expandable>b</blockquote></blockquote>", "HTML", None)

    assert [one["type"] for one in code.entities] == ["code"]
    assert [one["type"] for one in quote.entities] == ["blockquote"]


def test_space_around_the_text_goes_and_entities_move_with_it() -> None:
    said = formatted("\n <b>дом </b>\n", "HTML", None)

    assert said.text == "дом"
    assert said.entities == ({"type": "bold", "offset": 0, "length": 3},)


def test_markdown_is_refused_loudly() -> None:
    with pytest.raises(ApiError, match="HTML only"):
        formatted("*x*", "MarkdownV2", None)


@given(st.text())
def test_escaped_text_always_parses_to_itself(text: str) -> None:
    assert parse_html(escape(text)) == (text, [])


@given(st.lists(st.tuples(st.sampled_from(["b", "i", "u", "s", "code", "tg-spoiler"]), st.text(min_size=1))))
def test_an_entity_covers_exactly_what_its_tag_covered(parts: list[tuple[str, str]]) -> None:
    source = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in parts)

    text, entities = parse_html(source)

    assert text == "".join(text for _, text in parts)
    assert [(one["type"], utf16_slice(text, one["offset"], one["length"])) for one in entities] == [
        (TAGS[tag], covered) for tag, covered in parts
    ]


@given(st.text(alphabet="<>/=\"' &;#xabi🏠я\n"))
def test_anything_either_parses_or_is_refused_in_words(source: str) -> None:
    try:
        said = formatted(source, "HTML", None)
    except ApiError as refused:
        words, said = refused.description, Formatted("", ())
    else:
        words = "Bad Request: can't parse entities: "

    assert words.startswith("Bad Request: can't parse entities: ")
    length = utf16_length(said.text)
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= length for one in said.entities)
