"""The time that notices go by: this machine's, or Telegram's where ours is plainly wrong."""

import datetime as dt
from collections.abc import Callable

from bot.core.notices.due import ClockGuard


class TrustedClock:
    """A clock that is set right by what is heard. One clock for all: a notice that is published by one time
    and sent by another would lie there until they meet.
    """

    def __init__(self, wall: Callable[[], dt.datetime], steady: Callable[[], float]) -> None:
        self._wall = wall
        self._steady = steady
        self._guard: ClockGuard | None = None

    def __call__(self) -> dt.datetime:
        """Return the time."""
        wall = self._wall()
        return wall if self._guard is None else self._guard.now(wall, self._steady())

    def hear(self, instant: dt.datetime) -> None:
        """Take note of another clock's time: that of Telegram's last answer."""
        self._guard = ClockGuard(instant, self._steady())
