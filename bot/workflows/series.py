"""Notices that come again: which occurrence is made next, and which one a reference to a series means."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from bot.core.notices import changes, occurring
from bot.core.notices.freezing import Rules, Unfit, times_at
from bot.core.notices.record import Change, Record
from bot.core.notices.recurrence import Occurrence, Unusable, next_occurrence, occurrences, read_rule
from bot.core.notices.states import ENDED, State

OVER = ENDED | {State.MISSED, State.REJECTED}
"""States after which the next occurrence is made."""


class Notices(Protocol):
    """Where notices are kept."""

    async def find_notice(self, notice_id: str) -> Record | None: ...
    async def list_series(self, series: str) -> tuple[Record, ...]: ...
    async def find_restored_at(self) -> dt.datetime | None: ...


class Series:
    """The series among the notices."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    async def following(self, series: Record, now: dt.datetime, rules: Rules) -> Change | None:
        """Return what makes the next occurrence of an approved series, or goes on with one that was taken
        back; None while one is under way or when none is left.

        Raises:
            Unfit: the rule or the times of the series cannot be used.
        """
        made = await self._notices.list_series(series.id)
        waiting = next((one for one in made if one.state not in OVER), None)
        if waiting is not None and waiting.state is not State.DRAFT:
            return None
        times = _times_of(series, rules)
        named = {one.text: one for one in times}
        if waiting is not None:
            return occurring.resumed(waiting, series, named.get(waiting.occurrence or ""), now, rules)
        # One that a newer rule does not have, and nobody got, has not taken anybody's turn.
        counted = (one.occurrence or "" for one in made if one.occurrence in named or one.issued_at)
        last = max(counted, default="")
        following = next_occurrence(times, last, now)
        if following is None:
            return None
        restored_at = await self._notices.find_restored_at()

        def record_of(occurrence: Occurrence) -> Record:
            # The restored database may have forgotten that this one went out.
            forgotten = restored_at is not None and occurrence.instant <= restored_at
            return occurring.occurrence_of(series, occurrence, now, rules, forgotten)

        passed = [record_of(one) for one in _between(times, last, following) if last]
        return occurring.continued(series, record_of(following), passed, now)

    async def lapsed(self, series: Record, now: dt.datetime, rules: Rules) -> Change | None:
        """Return what marks the next occurrence as missed whose end came while its series lacked people, or
        the series with its last one; None where there is nothing to mark.

        Raises:
            Unfit: the rule or the times of the series cannot be used.
        """
        times = _times_of(series, rules)
        made = await self._notices.list_series(series.id)
        for one in made:
            named = next((found for found in times if found.text == one.occurrence), None)
            if one.state is State.DRAFT and named is not None:
                instants = times_at(series.announcement, rules, named.instant)
                if instants.expires <= now:
                    return changes.lapsed(one, instants, now)
        if times_at(series.announcement, rules, times[-1].instant).expires <= now:
            return changes.lapsed(series, None, now)
        return None

    def coming(self, series: Record, now: dt.datetime, rules: Rules) -> dt.datetime | None:
        """Return when the series comes next.

        Raises:
            Unfit: the rule or the times of the series cannot be used.
        """
        return next((one.instant for one in _times_of(series, rules) if one.instant >= now), None)

    async def referred_to(self, notice_id: str) -> Record | None:
        """Return the notice that an id means; that of a series means the last one of it that was sent."""
        found = await self._notices.find_notice(notice_id)
        if found is None or not found.is_series:
            return found
        sent = [one for one in await self._notices.list_series(notice_id) if one.issued_at is not None]
        return sent[-1] if sent else None


def _times_of(series: Record, rules: Rules) -> tuple[Occurrence, ...]:
    announcement = series.announcement
    return _expanded(series.id, announcement.publish or "", announcement.repeat or "", rules.setting.zone)


@lru_cache(maxsize=64)
def _expanded(series: str, first: str, repeat: str, zone: dt.tzinfo) -> tuple[Occurrence, ...]:
    """Return the times of a series; asked every second while it waits for people, so they are remembered."""
    rule = read_rule(repeat)
    if isinstance(rule, Unusable):
        raise Unfit(f"repeat: {rule.reason}; {rule.expected}")
    found = occurrences(series, first, rule, zone)
    if isinstance(found, Unusable):
        raise Unfit(f"repeat: {found.reason}; {found.expected}")
    return found


def _between(times: Iterable[Occurrence], last: str, following: Occurrence) -> Iterable[Occurrence]:
    return (one for one in times if last < one.text < following.text)
