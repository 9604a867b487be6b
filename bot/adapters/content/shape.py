"""What a file's text means in the field where it stands: core's types say what each place holds.

Only this decides whether an unquoted `no` or `2026-11-22` is what its author meant. A file with mistakes
still becomes a rough value, so that what it says elsewhere is checked in the same run.
"""

import datetime as dt
import re
import types
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from bot.adapters.content.document import Document
from bot.core.problem import Path, Problem

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,8}")
_TRUTH = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def bare(annotation: Any) -> Any:
    """Return a type without its constraints and without 'or nothing'."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            some = [part for part in get_args(annotation) if part is not types.NoneType]
            if len(some) != 1:
                return annotation
            annotation = some[0]
        else:
            return annotation


def is_model(annotation: Any) -> bool:
    """Tell whether a place holds named fields."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def inside(annotation: Any, key: str | int) -> tuple[Any, str]:
    """Return the type of what stands under a key or list position, if anything may, and its description."""
    annotation = bare(annotation)
    if is_model(annotation):
        field = annotation.model_fields.get(key)
        return (field.annotation, field.description or "") if field else (None, "")
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0], ""
    if get_origin(annotation) is Mapping:
        return get_args(annotation)[1], ""
    return None, ""


def at(annotation: Any, path: Path) -> tuple[Any, str]:
    """Return the type of the place that a path leads to, and the description of the nearest field."""
    description = ""
    for key in path:
        annotation, nearer = inside(annotation, key)
        description = nearer or description
    return annotation, description


def fitted(annotation: Any, document: Document) -> tuple[object, list[Problem]]:
    """Return the value with truth values, numbers and dates where they are due, and what is no such thing."""
    problems: list[Problem] = []

    def fit(value: object, annotation: Any, path: Path) -> object:
        if isinstance(value, dict):
            return {key: fit(item, inside(annotation, key)[0], (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [fit(item, inside(annotation, n)[0], (*path, n)) for n, item in enumerate(value)]
        if not isinstance(value, str) or annotation is None:
            return value
        fits, found = _scalar(value, bare(annotation), document.misread.get(path), path in document.quoted)
        if found:
            line = document.line_of(path)
            problems.append(Problem(document.file, path, found[0], found[1], found[2], line=line))
        return fits

    return fit(document.value, annotation, ()), problems


Sentence = tuple[str, str, str]


def _scalar(text: str, kind: Any, misread: str | None, quoted: bool) -> tuple[object, Sentence | None]:
    """Return what a scalar says in a field of this kind, and the sentence where that makes no sense."""
    if misread == "nothing at all":
        said = f"'{text}' is read as nothing at all" if text else "is empty"
        return text, (said, "write the value, or delete the key if it may be left out", "")
    if kind is str and misread:
        return text, (
            f"'{text}' without quotes is read as {misread}, not as text",
            f'write it in quotes: "{text}"',
            "",
        )
    if kind is bool:
        return _truth(text, quoted)
    if kind is int:
        if _WHOLE_NUMBER.fullmatch(text) and not quoted:
            return int(text), None
        return text, (f"'{text}' is not a whole number", "expected digits without quotes, as 12", "")
    if kind is dt.date:
        return _date(text)
    return text, None


def _truth(text: str, quoted: bool) -> tuple[object, Sentence | None]:
    if text in ("true", "false") and not quoted:
        return text == "true", None
    word = text.lower()
    meant = word if word in ("true", "false") else _TRUTH.get(word, "")
    return text, (
        f"'{text}' is neither true nor false",
        "expected true or false, in small letters without quotes",
        meant,
    )


def _date(text: str) -> tuple[object, Sentence | None]:
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text), None
    except ValueError:
        return text, (f"there is no day {text}", "expected a date as 2026-11-22", "")
    day_first = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text)
    meant = f"{day_first[3]}-{day_first[2]:0>2}-{day_first[1]:0>2}" if day_first else ""
    return text, (f"'{text}' is not a date", "expected year, month and day, as 2026-11-22", meant)


def rough(annotation: Any, value: object) -> Any:
    """Return a value of the type, as near as possible to what was written, blank where it does not fit."""
    annotation = bare(annotation)
    if is_model(annotation):
        return annotation.model_construct(**dict(_rough_fields(annotation, value)))
    if get_origin(annotation) is tuple:
        item = get_args(annotation)[0]
        return tuple(rough(item, entry) for entry in value) if isinstance(value, list) else ()
    if get_origin(annotation) is Mapping:
        of_key, item = get_args(annotation)
        entries = value.items() if isinstance(value, dict) else ()
        return {rough(of_key, key): rough(item, entry) for key, entry in entries}
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next((member for member in annotation if member.value == value), next(iter(annotation)))
    if annotation is dt.date:
        return value if isinstance(value, dt.date) else dt.date.min
    blanks: dict[Any, object] = {str: "", bool: False, int: 0, float: 0.0}
    return value if annotation not in blanks or type(value) is annotation else blanks[annotation]


def _rough_fields(model: type[BaseModel], value: object) -> Iterator[tuple[str, Any]]:
    written = value if isinstance(value, dict) else {}
    for name, field in model.model_fields.items():
        if name in written:
            yield name, rough(field.annotation, written[name])
        elif field.is_required():
            yield name, rough(field.annotation, None)
