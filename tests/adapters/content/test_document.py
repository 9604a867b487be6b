"""One YAML text: the values in it, their lines, and what its author should not have written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.content.document import MAX_BYTES, Document, read
from bot.core.problem import Problem


def of(text: str | bytes) -> Document:
    return read("x.yaml", text.encode("utf-8") if isinstance(text, str) else text)


def said(document: Document) -> list[str]:
    return [str(problem) for problem in document.problems]


def test_values_stay_the_text_that_was_written() -> None:
    document = of('a: 012\nb: "no"\nc: [yes, 12:30, ~]\nd: {e: 1.50}\n')

    assert document.value == {"a": "012", "b": "no", "c": ["yes", "12:30", "~"], "d": {"e": "1.50"}}
    assert not document.problems


def test_what_yaml_would_have_made_of_them_is_noted() -> None:
    document = of("- 012\n- yes\n- 12:30\n- ~\n-\n- 1_000\n- 2026-11-22\n- word\n- 'no'\n- 12:30 o'clock\n")

    assert document.misread == {
        (0,): "a number",
        (1,): "true or false",
        (2,): "a number",
        (3,): "nothing at all",
        (4,): "nothing at all",
        (5,): "a number",
        (6,): "a date",
    }
    assert document.quoted == {(8,)}


def test_every_place_has_its_line() -> None:
    document = of("# a comment\na:\n  - b: 1\n    c: |-\n      two\n      lines\n  - d\n")

    assert document.lines == {
        (): 2,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 0, "b"): 3,
        ("a", 0, "c"): 4,
        ("a", 1): 7,
    }


def test_what_is_not_there_is_looked_for_at_its_parent() -> None:
    document = of("a:\n  b: 1\nc:\n  d: 2\n")

    assert document.line_of(("c", "missing", 3)) == 3
    assert document.line_of(("missing",)) == 1


def test_lines_are_counted_alike_on_every_system() -> None:
    for line_break in ("\n", "\r\n", "\r"):
        document = of(line_break.join(("a: 1", "", "b: 2", "c: 3", "c: 4")))
        assert said(document) == ["x.yaml:5: c: the key is there already, in line 4; keep one of the two"]


def test_of_a_key_that_stands_twice_the_first_counts() -> None:
    assert of("a: {b: first}\na: {b: second}\n").value == {"a": {"b": "first"}}


def test_emoji_and_joiners_are_text() -> None:
    document = of("a: 👨‍👩‍👧 и «ёлка» — да…\n")

    assert document.value == {"a": "👨‍👩‍👧 и «ёлка» — да…"}
    assert not document.problems


def test_a_code_for_what_cannot_be_seen_is_found_in_quotes() -> None:
    assert said(of('a: "x\\u202ey"\n')) == [
        "x.yaml:1: a: the code of an invisible character (U+202E) stands in the text; delete it"
    ]


def test_a_large_file_is_not_read() -> None:
    assert said(of(b"a" * (MAX_BYTES + 1))) == [
        "x.yaml: is larger than 1024 KB; split it, or check what got into it"
    ]


def test_many_tabs_are_told_in_a_few_lines() -> None:
    assert [problem.line for problem in of("a:\n" + "\t- b\n" * 1000).problems] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "--- # and so on\n...\n"])
def test_nothing_is_said_to_be_nothing(text: str) -> None:
    document = of(text)

    assert document.value in (None, "")
    assert document.problems or document.misread == {(): "nothing at all"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("%YAML 1.1\n---\na: 1\n", "lines that begin with '%' are not used here; delete the line"),
        ("%FOO\na: 1\n", "a text cannot begin with '%'; put the whole text in double quotes: \"...\""),
        ("? [a]\n: b\n", "a list or a group stands where a key must be; 'key: value'"),
        ("a: &x\n  b: 1\n", "'&x' names a place to repeat (an anchor)"),
        ("!x a\n", "'!x' gives a type (a tag)"),
        ("a: |x\n  b\n", "text stands on the line of '|' or '>'; begin the text on the next line, indented"),
        ('a: "\\q"\n', "a '\\' in double quotes begins a code that does not exist"),
        ("a: - b\n", "'- ' is not allowed here; begin a list on a line of its own"),
        ("- a\nb: 1\n", "the list above ends here without reason; begin each item with '- '"),
        ("a: 1\n...\nb\n", "the file goes on here after its content has ended"),
        ("a: ]\n", "a value is missing, or a bracket is in excess"),
        ("a: |\n x\ny\n", "there is no ':' after the key; 'key: value', with a space after the colon"),
    ],
)
def test_syntax_is_explained_in_plain_words(text: str, sentence: str) -> None:
    first: Problem = of(text).problems[0]

    assert f"{first.wrong}; {first.expected}".startswith(sentence)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    document = of(raw)

    assert document.value is not None or document.problems


@given(st.text(alphabet="ab:-?&*!|>%@`'\"{}[],#\n \t~<=.1", max_size=80))
def test_no_signs_of_yaml_make_it_raise(text: str) -> None:
    document = of(text)

    assert document.value is not None or document.problems
