"""The content folder over time: what is in it now, and a cheap way to see that it changed."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from bot.adapters.content.folder import load
from bot.core.content import Content
from bot.core.problem import Problem


class ContentFolder:
    """One folder, read as often as wished; `today` gives the day by which reviews are overdue."""

    def __init__(self, path: Path, today: Callable[[], dt.date]) -> None:
        self._path = path
        self._today = today

    def fingerprint(self) -> frozenset[tuple[str, int, int]]:
        """Return name, size and time of change of every file: another value whenever one of them changes."""
        found = set()
        for file in self._path.rglob("*.yaml"):
            try:
                status = file.stat()
            except OSError:
                continue  # gone between the listing and the look: the next look tells
            found.add((str(file), status.st_size, status.st_mtime_ns))
        return frozenset(found)

    def read(self) -> tuple[Content | None, tuple[Problem, ...]]:
        """Return the content, None where it has errors, and everything that was found wrong."""
        loaded = load(self._path, self._today())
        return loaded.content, loaded.problems
