"""What changed, numbered, for the pages that watch; nothing is rendered until a page reads it."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Noted = TypeVar("Noted")

KEPT = 2000
"""Events kept for a page that reconnects; one that is further behind is told to load everything again."""


class Journal(Generic[Noted]):
    """The last events, each a kind and what it is about; that is rendered as it is when it is read."""

    def __init__(self) -> None:
        self.last = 0
        self.listeners: set[Callable[[], None]] = set()
        self._kept: deque[tuple[int, str, Noted]] = deque(maxlen=KEPT)

    def add(self, kind: str, what: Noted) -> None:
        """Note one event and wake whoever listens."""
        self.last += 1
        self._kept.append((self.last, kind, what))
        for wake in self.listeners:
            wake()

    def since(self, number: int) -> list[tuple[int, str, Noted]] | None:
        """The events after `number`, oldest first; None when that place is forgotten, or was never."""
        missing = self.last - number
        if missing < 0 or missing > len(self._kept):
            return None
        return [self._kept[index] for index in range(len(self._kept) - missing, len(self._kept))]
