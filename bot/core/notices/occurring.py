"""What becomes of the times of a series: the next one is made, one taken back goes on with new words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bot.core.notices import changes
from bot.core.notices.freezing import Rules, times_at
from bot.core.notices.record import Change, Move, Origin, Record, entry
from bot.core.notices.recurrence import Occurrence
from bot.core.notices.states import Event, State


def occurrence_of(
    series: Record, occurrence: Occurrence, now: dt.datetime, rules: Rules, restored: bool
) -> Record:
    """Return the notice that an occurrence of an approved series is: approved with it, and scheduled.

    Raises:
        Unfit: its times name no instants.
    """
    return replace(
        series,
        id=occurrence.id,
        created_at=now,
        revision=1,
        state=State.SCHEDULED,
        origin=Origin.SERIES,
        times=times_at(series.announcement, rules, occurrence.instant),
        zone=rules.zone_name,
        local_text=occurrence.text,
        tzdata=rules.tzdata,
        series=series.id,
        occurrence=occurrence.text,
        restored=restored,
    )


def continued(series: Record, following: Record, passed: Sequence[Record], now: dt.datetime) -> Change:
    """Return what makes the next occurrence of a series; those that passed unnoticed are marked as missed."""
    missed = tuple(record.after(Event.MISS, ended_at=now) for record in passed)
    entries = [entry("missed", record, now, None, "the next one took its place") for record in missed]
    made = entry("occurrence made", following, now, None, f"of {series.id}")
    return Change(added=(*missed, following), entries=(*entries, made))


def resumed(
    taken_back: Record, series: Record, occurrence: Occurrence | None, now: dt.datetime, rules: Rules
) -> Change:
    """Return what becomes of an occurrence that was taken back, once its series is approved anew.

    It is scheduled again with the new words; one whose time has passed meanwhile is missed, and one that the
    new rule does not have (`occurrence` is None) is dropped. What somebody stopped stays stopped.

    Raises:
        Unfit: its times name no instants.
    """
    if occurrence is None:
        after = taken_back.after(Event.WITHDRAW, ended_at=now)
        return Change(
            (Move(taken_back, after),), entries=(entry("cancelled", after, now, None, "not in its series"),)
        )
    times = times_at(series.announcement, rules, occurrence.instant)
    if times.expires <= now:
        return changes.lapsed(taken_back, times, now)
    stopped = (Event.STOP,) if taken_back.by_person else ()
    after = taken_back.after(
        *(Event.SUBMIT, Event.APPROVE, Event.SCHEDULE, *stopped),
        announcement=series.announcement,
        author=series.author,
        fingerprint=series.fingerprint,
        approvals=series.approvals,
        decided_at=series.decided_at,
        times=times,
        zone=rules.zone_name,
        local_text=occurrence.text,
        tzdata=rules.tzdata,
        held_since=now if stopped else None,
    )
    return Change(
        (Move(taken_back, after),), entries=(entry("scheduled", after, now, None, f"with {series.id}"),)
    )
