"""What changed, numbered, for the pages that watch; nothing is rendered until a page reads it."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox.wire import Json

if TYPE_CHECKING:
    from bot.sandbox.world import Message

KEPT = 2000
"""Events kept for a page that reconnects; one that is further behind is told to load everything again."""


class Journal:
    """The last events; a `Message` stands for itself and is rendered as it is when it is read."""

    def __init__(self) -> None:
        self.last = 0
        self.listeners: set[Callable[[], None]] = set()
        self._kept: deque[tuple[int, str, Json | Message]] = deque(maxlen=KEPT)

    def add(self, kind: str, what: "Json | Message") -> None:
        """Note one event and wake whoever listens."""
        self.last += 1
        self._kept.append((self.last, kind, what))
        for wake in self.listeners:
            wake()

    def since(self, number: int) -> "list[tuple[int, str, Json | Message]] | None":
        """The events after `number`, oldest first; None when that place is forgotten, or was never."""
        missing = self.last - number
        if missing < 0 or missing > len(self._kept):
            return None
        return [self._kept[index] for index in range(len(self._kept) - missing, len(self._kept))]
