"""What each person has left of each budget, in memory: who floods is known, and who flooded is forgotten."""

import datetime as dt
from collections.abc import Hashable

from bot.core.flood import Allowance, Budget, Verdict, is_forgettable, judge

REMEMBERED = 50_000
"""Allowances kept at most: some 10 MB. Beyond it those that no longer matter go, then the oldest."""

Key = tuple[Hashable, Budget]


class Limits:
    """The allowances of one process."""

    def __init__(self) -> None:
        self._allowances: dict[Key, Allowance] = {}

    def judge(self, who: Hashable, budget: Budget, now: dt.datetime) -> Verdict:
        """Return what to do with one more of this kind from somebody, and count it."""
        key = (who, budget)
        verdict, self._allowances[key] = judge(self._allowances.pop(key, None), now, budget)
        if len(self._allowances) > REMEMBERED:
            self._forget(now)
        return verdict

    def _forget(self, now: dt.datetime) -> None:
        kept = {key: one for key, one in self._allowances.items() if not is_forgettable(one, now, key[1])}
        if len(kept) > REMEMBERED // 2:
            kept = dict(list(kept.items())[-REMEMBERED // 2 :])
        self._allowances = kept
