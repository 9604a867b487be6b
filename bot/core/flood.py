"""How much one person may ask in a row: a few answers, one word about it, then silence for a while."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

BURST = 10
"""Messages that are answered at once, however fast they come: a frightened person writes in short lines."""

REFILL = dt.timedelta(seconds=3)
"""Time after which one more message may be answered."""

SILENCE = dt.timedelta(seconds=60)
"""How long nothing is answered once the person was told."""


class Verdict(Enum):
    """What to do with a message."""

    ANSWER = auto()
    TELL = auto()
    IGNORE = auto()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one person has left: messages, in fractions while they refill, as of a moment; or a silence."""

    left: float
    as_of: dt.datetime
    silent_until: dt.datetime | None = None


def judge(allowance: Allowance | None, now: dt.datetime) -> tuple[Verdict, Allowance]:
    """Return what to do with a message that comes `now`, and what is left after it.

    A clock that jumps back neither refills nor silences anybody for longer than `SILENCE`.
    """
    if allowance is None:
        return Verdict.ANSWER, Allowance(BURST - 1, now)
    silent_until = allowance.silent_until
    if silent_until is not None:
        if now < silent_until <= now + SILENCE:
            return Verdict.IGNORE, allowance
        return Verdict.ANSWER, Allowance(BURST / 2 - 1, now)
    elapsed = max(now - allowance.as_of, dt.timedelta())
    left = min(float(BURST), allowance.left + elapsed / REFILL)
    if left >= 1:
        return Verdict.ANSWER, Allowance(left - 1, now)
    return Verdict.TELL, Allowance(0, now, now + SILENCE)


def is_forgettable(allowance: Allowance, now: dt.datetime) -> bool:
    """Say whether so much time has passed that nothing of this allowance matters any more."""
    return now - allowance.as_of > max(SILENCE, BURST * REFILL)
