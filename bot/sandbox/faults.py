"""Troubles made on purpose: which call of the bot meets which, how often, and until when."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EVERY_METHOD = "*"


class FaultKind(StrEnum):
    """What the bot sees. Only `RESET_AFTER` lets the call take effect: sent, and the bot cannot know it."""

    HTTP_500 = "http_500"
    HTTP_502 = "http_502"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    HANG = "hang"
    TOO_MANY = "429"
    MALFORMED = "malformed"


@dataclass(slots=True)
class Fault:
    """One kind of trouble for one method or all; it ends after `times` calls or at `until`, if given."""

    kind: FaultKind
    method: str = EVERY_METHOD
    times: int | None = None
    until: datetime | None = None
    chat_id: int | None = None
    probability: float = 1.0
    retry_after: int = 1
    """Seconds, for `TOO_MANY` only."""

    def concerns(self, method: str, chat_id: object) -> bool:
        """Whether a call to `method` about `chat_id` is one of those it was made for."""
        return self.method in (EVERY_METHOD, method) and self.chat_id in (None, chat_id)


class Faults:
    """The troubles in force; `chance` gives numbers from 0 up to 1, and a test may give its own."""

    def __init__(self, now: Callable[[], datetime], chance: Callable[[], float] = random.random) -> None:
        self._now = now
        self._chance = chance
        self._kept: list[Fault] = []

    def add(self, fault: Fault, seconds: float | None = None) -> None:
        """Put a trouble into force, for so many seconds if given."""
        if seconds is not None:
            fault.until = self._now() + timedelta(seconds=seconds)
        self._kept.append(fault)

    def clear(self) -> None:
        """End them all."""
        self._kept.clear()

    def strike(self, method: str, chat_id: object) -> Fault | None:
        """The trouble this call meets, counted; the earliest in force wins."""
        if not self._kept:
            return None
        now = self._now()
        self._kept = [one for one in self._kept if one.times != 0 and (one.until is None or now < one.until)]
        for fault in self._kept:
            if fault.concerns(method, chat_id) and (
                fault.probability >= 1 or self._chance() < fault.probability
            ):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
