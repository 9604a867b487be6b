"""How much one person may ask in a row: a few answers, one word about it, then silence for a while."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto


class Verdict(Enum):
    """What to do with a message."""

    ANSWER = auto()
    TELL = auto()
    IGNORE = auto()


@dataclass(frozen=True, slots=True)
class Budget:
    """How many of one kind are taken at once, after which time one more is, and how long a silence lasts.

    One without a silence says nothing when it is used up, and takes the next as soon as there is one.
    """

    burst: int
    refill: dt.timedelta
    silence: dt.timedelta = dt.timedelta()


MESSAGES = Budget(10, dt.timedelta(seconds=3), dt.timedelta(seconds=60))
"""Answers at once, however fast the messages come: a frightened person writes in short lines."""

PRESSES = Budget(30, dt.timedelta(seconds=1), dt.timedelta(seconds=20))
"""A press mostly changes a message that is there: whoever ticks the places of a region presses a lot."""

VITAL = Budget(3, dt.timedelta(seconds=15))
"""What is heard through every silence: the wish to be left alone or forgotten, and cries for help."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one person has left of a budget, in fractions while it refills, as of a moment; or a silence."""

    left: float
    as_of: dt.datetime
    silent_until: dt.datetime | None = None


def judge(allowance: Allowance | None, now: dt.datetime, budget: Budget) -> tuple[Verdict, Allowance]:
    """Return what to do with one more that comes `now`, and what is left after it.

    A clock that jumps back neither refills nor silences anybody for longer than the silence.
    """
    if allowance is None:
        return Verdict.ANSWER, Allowance(budget.burst - 1, now)
    silent_until = allowance.silent_until
    if silent_until is not None:
        if now < silent_until <= now + budget.silence:
            return Verdict.IGNORE, allowance
        return Verdict.ANSWER, Allowance(budget.burst / 2 - 1, now)
    elapsed = max(now - allowance.as_of, dt.timedelta())
    left = min(float(budget.burst), allowance.left + elapsed / budget.refill)
    if left >= 1:
        return Verdict.ANSWER, Allowance(left - 1, now)
    if not budget.silence:
        return Verdict.IGNORE, Allowance(left, now)
    return Verdict.TELL, Allowance(0, now, now + budget.silence)


def is_forgettable(allowance: Allowance, now: dt.datetime, budget: Budget) -> bool:
    """Say whether so much time has passed that nothing of this allowance matters any more."""
    return now - allowance.as_of > max(budget.silence, budget.burst * budget.refill)
