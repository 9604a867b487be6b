"""A notice that is in force: what /now shows, and the order in which it shows several."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.notices.audience import AreaTree, is_for_residents, reached_areas
from bot.core.notices.cap import Severity
from bot.core.notices.local_time import Times
from bot.core.notices.notice import Announcement, AreaId, Kind
from bot.core.notices.record import Record
from bot.core.notices.states import State

GRAVEST_FIRST = (Severity.EXTREME, Severity.SEVERE, Severity.UNKNOWN, Severity.MODERATE, Severity.MINOR)
"""Unknown stands before Moderate: what nobody has judged may be grave."""


@dataclass(frozen=True, slots=True)
class Live:
    """A notice that was sent and has not ended, with its instants and when it went out."""

    announcement: Announcement
    times: Times
    issued_at: dt.datetime


def live_of(record: Record) -> Live | None:
    """Return a notice as /now shows it, None where it is nothing to go by: never sent, a withdrawal, or one
    that somebody stopped because it may be wrong.
    """
    if record.times is None or record.issued_at is None or record.announcement.kind is Kind.WITHDRAWAL:
        return None
    if record.state is State.STOPPED:
        return None
    return Live(record.announcement, record.times, record.issued_at)


def live_for(
    areas: frozenset[AreaId], live: Iterable[Live], tree: AreaTree, now: dt.datetime
) -> tuple[Live, ...]:
    """Return what is in force for these areas at `now`, the gravest first; no areas mean everywhere.

    One whose end has passed is left out even while nobody has marked it as expired yet.
    """
    found = [
        one
        for one in live
        if now < one.times.expires
        and is_for_residents(one.announcement)
        and (not areas or not areas.isdisjoint(reached_areas(one.announcement, tree)))
    ]
    return tuple(sorted(found, key=_order))


def _order(one: Live) -> tuple[int, float]:
    return GRAVEST_FIRST.index(one.announcement.severity), -one.issued_at.timestamp()
