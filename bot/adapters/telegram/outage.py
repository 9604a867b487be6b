"""Says once that something is away, then ever more rarely, and once that it is back."""

import logging
from collections.abc import Callable

FIRST_SILENCE = 30.0
LONGEST_SILENCE = 900.0

FIRST_WAIT = 0.5
LONGEST_WAIT = 20.0


class Outage:
    """One thing that may be away, for as long as it likes; times in monotonic seconds."""

    def __init__(self, log: logging.Logger, what: str, random: Callable[[], float]) -> None:
        self._log = log
        self._what = what
        self._random = random
        self._attempts = 0
        self._since = 0.0
        self._speak_again_at = 0.0
        self._silence = FIRST_SILENCE
        self._said: set[str] = set()

    @property
    def is_on(self) -> bool:
        """Whether it is away now."""
        return self._attempts > 0

    def failed(self, reason: str, now: float) -> float:
        """Note another failure and return in how many seconds to try again."""
        if not self._attempts:
            self._since, self._silence = now, FIRST_SILENCE
        self._attempts += 1
        if reason not in self._said or now >= self._speak_again_at:
            self._log.warning("%s (for %d s): %s; trying on", self._what, now - self._since, reason)
            self._said.add(reason)
            self._speak_again_at = now + self._silence
            self._silence = min(LONGEST_SILENCE, 2 * self._silence)
        wait: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._attempts - 1, 10))
        return wait * (0.5 + 0.5 * self._random())

    def over(self, now: float) -> None:
        """Note that it works."""
        if self._attempts:
            self._log.warning("%s: over after %d s", self._what, now - self._since)
        self._attempts = 0
        self._said.clear()
