"""What the YAML parser says about broken syntax, in words for people who do not program."""

import re
from collections.abc import Sequence

import yaml

from bot.core.problem import Problem

QUOTE = 'put the whole text in double quotes: "..."'

SENTENCES: dict[str, tuple[str, str]] = {
    "mapping values are not allowed in this context": (
        "a ':' is not allowed here",
        f"if it belongs to a text, {QUOTE}; if it follows a key, check the line above and the indents",
    ),
    "could not find expected ':'": (
        "there is no ':' after the key",
        "'key: value', with a space after the colon",
    ),
    "block sequence entries are not allowed in this context": (
        "'- ' is not allowed here",
        f"begin a list on a line of its own; if it belongs to a text, {QUOTE}",
    ),
    "did not find expected '-' indicator": (
        "the list above ends here without reason",
        "begin each item with '- ' and give all of them the same indent",
    ),
    "found unknown escape character": (
        "a '\\' in double quotes begins a code that does not exist",
        "write '\\\\' for a backslash, or use single quotes around the text",
    ),
    "found unexpected end of stream": (
        "a quote opens here and is never closed",
        "close it at the end of the text",
    ),
    "found unexpected document indicator": (
        "a quote opens here and is never closed",
        "close it before '---'",
    ),
    "did not find expected ',' or ']'": (
        "the bracket '[' is not closed",
        "commas between the items and ']' at the end",
    ),
    "did not find expected ',' or '}'": (
        "the bracket '{' is not closed",
        f"if a text is meant to begin with '{{', {QUOTE}",
    ),
    "did not find expected comment or line break": (
        "text stands on the line of '|' or '>'",
        "begin the text on the next line, indented",
    ),
    "found a tab character that violates indentation": ("a tab character", "use spaces, two for each level"),
    "did not find expected <document start>": (
        "the file goes on here after its content has ended",
        "check the indent of this line, and that the line above is complete",
    ),
    "did not find expected node content": (
        "a value is missing, or a bracket is in excess",
        f"a value; or {QUOTE}",
    ),
}

ITEM_GLUED = re.compile(r"\s*(-[^\W\d][\w-]*:)(?=\s|$)")
"""A list item whose dash has lost its space: YAML takes both for a key."""

STARTERS = {
    "while scanning an alias": "*",
    "while scanning an anchor": "&",
    "while scanning a tag": "!",
    "while scanning a directive": "%",
}


def in_plain_words(file: str, error: yaml.YAMLError, lines: Sequence[str]) -> Problem:
    """Return the problem that stopped the parser, at the line where its author should look."""
    said = str(getattr(error, "problem", "") or "")
    context = str(getattr(error, "context", "") or "")
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    # The end of the file tells nothing about a quote or a bracket; where it was opened does.
    if opened and ("quoted scalar" in context or "flow" in context):
        line, column = opened.line, opened.column
    # A text that ended the file stands on the last line that there is.
    line = min(line, max(len(lines) - 1, 0))
    wrong, expected = _sentence(said, context, lines[line] if lines else "", column)
    return Problem(file, (), wrong, expected, line=line + 1)


def _sentence(said: str, context: str, line: str, column: int) -> tuple[str, str]:
    """Return what is wrong and what was expected."""
    if glued := ITEM_GLUED.match(line):
        return f"there is no space after '-' in '{glued[1]}'", f"write '- {glued[1][1:]}'"
    if context in STARTERS:
        return f"a text cannot begin with '{STARTERS[context]}'", QUOTE
    if said == "found character that cannot start any token":
        return f"a text cannot begin with '{line[column : column + 1]}'", QUOTE
    if said == "did not find expected key":
        return _stray(line, column)
    if said == "could not find expected ':'" and ":" in line:
        return "a ':' without a space after it", "'key: value', with a space after the colon"
    if said in SENTENCES:
        return SENTENCES[said]
    return f"this cannot be read as YAML ({said or 'unknown reason'})", "compare it with a file that works"


def _stray(line: str, column: int) -> tuple[str, str]:
    """Return the sentence for something where the next key should be: mostly a quote that ended too early."""
    before = line[:column]
    if before.strip().startswith("- ") or ":" in before:
        if "{" in before and '"' not in before:
            return "a text cannot begin with '{'", QUOTE
        return (
            "text follows a closing quote",
            "one pair of quotes around the whole text, here and in the line above",
        )
    return "the indent of this line fits nothing above it", "the same number of spaces as the keys beside it"
