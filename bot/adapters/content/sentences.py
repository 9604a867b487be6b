"""What pydantic found wrong -> a sentence for the author of the file: no types, no jargon, a way out."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, get_args, get_origin

from pydantic_core import ErrorDetails

from bot.adapters.content.document import Document
from bot.adapters.content.shape import at, bare, is_model
from bot.core.problem import Path, Problem, nearest

MAX_KEYS_SHOWN = 15  # more (phrases.yaml has sixty) is no help

PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "expected small Latin letters, digits and hyphens, as debris-found",
    r"^[A-Z]+[0-9]*$": "expected capital Latin letters and digits, as R11",
}
"""The forms that fields without a description of their own take."""

BRANCH = re.compile(r"tuple\[.*\]|literal\[.*\]|constrained-str")
"""How pydantic calls the branches of a field that may be written in one way or another."""

LOOK_LATIN = "АВЕКМНОРСТХЅІаеорсухіѕ"
"""What nobody can see, and the likeliest cause of an id that "is right there"."""


def problems_of(
    document: Document, shape: Any, value: object, errors: list[ErrorDetails]
) -> Iterator[Problem]:
    """Yield the problems of one file; a key missing because it is misspelled is one problem, not two."""
    found = [_problem(document, shape, value, error) for error in errors]
    meant = {(*problem.path[:-1], problem.suggestion.strip("'")) for problem in found if problem.suggestion}
    # Pydantic counts only the items that fit: a list whose only item is wrong would be called empty too.
    above = {problem.path[:-1] for problem in found}
    told: set[Path] = set()
    for error, problem in zip(errors, found, strict=True):
        follows = (
            (error["type"] == "missing" and problem.path in meant)
            or (error["type"] == "too_short" and problem.path in above)
            # Written in neither way: what is wrong with one way is enough, the deeper the better.
            or (_is_in_branch(error) and problem.path in told | above)
        )
        told.add(problem.path)
        if not follows:
            yield problem


def place(error: ErrorDetails) -> Path:
    """Return the place of an error; a key that is wrong itself stands at its own place."""
    return tuple(part for part in error["loc"] if part != "[key]" and not _is_branch(part))


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and BRANCH.fullmatch(part) is not None


def _is_in_branch(error: ErrorDetails) -> bool:
    return any(map(_is_branch, error["loc"]))


def _problem(document: Document, shape: Any, value: object, error: ErrorDetails) -> Problem:
    path = place(error)
    is_key = error["loc"][-1:] == ("[key]",)
    parent, _ = at(shape, path[:-1])
    annotation, description = at(shape, path)
    context: Mapping[str, Any] = error.get("ctx") or {}
    suggestion = ""
    match error["type"]:
        case "missing":
            wrong = "is missing"
            expected = f"expected: {description}" if description else f"expected {describe(annotation)}"
        case "extra_forbidden":
            known = _known_keys(parent)
            wrong = "unknown key"
            suggestion = nearest(str(path[-1]), _left(known, _value_at(value, path[:-1])))
            listed = ", ".join(known) if len(known) <= MAX_KEYS_SHOWN else "keys that the bot knows"
            expected = "" if suggestion else f"expected only {listed}"
        case "enum":
            wrong = "unknown key" if is_key else f"'{error['input']}' is none of the possible words"
            expected = f"expected {context.get('expected', '')}"
            of_key = get_args(bare(parent))[0] if is_key else annotation
            suggestion = nearest(str(error["input"]), [str(member.value) for member in bare(of_key)])
        case "string_pattern_mismatch":
            wrong = f"'{error['input']}' is not written as it must be"
            expected = PATTERNS.get(context["pattern"]) or f"expected: {description}"
            if alike := "".join(letter for letter in str(error["input"]) if letter in LOOK_LATIN):
                wrong = f"'{error['input']}' has Cyrillic letters that look Latin: {alike}"
        case "string_too_short" | "too_short":
            wrong, expected = "is empty", f"expected: {description}" if description else "expected some text"
        case "string_too_long" | "too_long":
            wrong, expected = f"is longer than {context['max_length']}", "shorten it"
        case "greater_than_equal" | "less_than_equal":
            limit = context.get("ge", context.get("le"))
            wrong = f"{error['input']} is too {'small' if 'ge' in context else 'large'}"
            expected = f"expected {limit} or {'more' if 'ge' in context else 'less'}"
        case "literal_error":
            wrong = f"'{str(error['input'])[:40]}' is none of the possible words"
            expected = f"expected: {description}" if description else f"expected {context['expected']}"
        case _ if _is_in_branch(error) and description:
            wrong, expected = _other_sort(error["input"], annotation), f"expected: {description}"
        case "value_error":
            wrong, expected = str(context.get("error", error["msg"])), ""
        case _:
            wrong, expected = _other_sort(error["input"], annotation), f"expected {describe(annotation)}"
    line = document.line_of(path)
    return Problem(document.file, path, wrong, expected.rstrip("."), suggestion, line=line)


def _other_sort(written: object, annotation: Any) -> str:
    """Return what was written where something of another sort belongs."""
    if isinstance(written, dict):
        first = next(iter(written), "")
        if bare(annotation) is str and len(written) == 1 and " " not in first.strip()[:1]:
            return f"is read as the key '{first}' and its value, because of the ':' or a brace in the text"
        return "is a group of keys"
    if isinstance(written, list):
        return "is a list"
    text = str(written)
    if ":" in text and bare(annotation) is not str:
        return f"'{text[:40]}' is text (no space after the colon?)"
    return f"'{text[:40]}' is text"


def describe(annotation: Any) -> str:
    """Return what a place holds, for people."""
    annotation = bare(annotation)
    if is_model(annotation):
        return f"the keys {', '.join(annotation.model_fields)}"
    if get_origin(annotation) is tuple:
        return "a list, each item on a line of its own after '- '"
    if get_origin(annotation) is Mapping:
        of_key, item = get_args(annotation)
        if of_key is str:
            each = "a list" if get_origin(bare(item)) is tuple else "the text in quotes"
            return f"a line for each language, as 'en: ' and {each}"
        return "lines of 'key: value'"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "one of " + ", ".join(f"'{member.value}'" for member in annotation)
    if annotation is str:
        return 'text, in double quotes if it has signs of its own: "..."'
    return "another sort of value"


def _known_keys(annotation: Any) -> list[str]:
    annotation = bare(annotation)
    return list(annotation.model_fields) if is_model(annotation) else []


def _left(known: list[str], written: object) -> list[str]:
    return [key for key in known if not isinstance(written, dict) or key not in written]


def _value_at(value: object, path: Path) -> object:
    for key in path:
        if isinstance(value, dict):
            value = value.get(str(key))
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value
