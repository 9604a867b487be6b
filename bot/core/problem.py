"""What a person wrote wrong, as a value: collected, located, shown all at once, never raised one by one."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str | int, ...]
"""The keys and list positions (from 0) that lead to a place in a file."""


class Level(StrEnum):
    """How much a problem matters: an error refuses the content, a warning and a hint do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in content or settings.

    `file` is relative to the content folder. `line` counts from 1 and is 0 until the adapter that read the
    file has filled it in; it stays 0 where a whole file is missing.
    """

    file: str
    path: Path
    wrong: str
    expected: str = ""
    suggestion: str = ""
    level: Level = Level.ERROR
    rule: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """The place as a person reads it, list positions from 1: `now[2].sources[1]`."""
        text = ""
        for part in self.path:
            text += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if text else part)
        return text

    def as_object(self) -> dict[str, str | int]:
        """Return the problem for a machine: the fields that a person sees, each under its name."""
        return {
            "file": self.file,
            "line": self.line,
            "where": self.where,
            "level": self.level.value,
            "rule": self.rule,
            "wrong": self.wrong,
            "expected": self.expected,
            "suggestion": self.suggestion,
        }

    def __str__(self) -> str:
        spot = f"{self.file}:{self.line}" if self.line else self.file
        place = ": ".join(part for part in (spot, self.where) if part)
        mark = "" if self.level is Level.ERROR else f"{self.level}: "
        rule = f"{self.rule}: " if self.rule else ""
        sentence = "; ".join(part for part in (self.wrong, self.expected) if part)
        hint = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        text = f"{place}: {mark}{rule}{sentence}{hint}"
        # One problem, one line: what was written may hold line breaks, or codes that terminals obey.
        return "".join(letter if letter.isprintable() else " " for letter in text)


def counted(number: int, what: str) -> str:
    """Return a number of things: 1 error, 2 errors."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like `word`, quoted, or an empty string where none comes close."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"'{found[0]}'" if found else ""
