"""What each step of an approved notice changes: all that is committed together when it goes out or ends."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.core.guidance import Language
from bot.core.message import OutgoingMessage
from bot.core.notices.delivery import Task
from bot.core.notices.due import Decision, Plan, decide, plan_of
from bot.core.notices.freezing import (
    Rules,
    audience_of,
    goes_to_channel,
    mailing_of,
    planned_at,
    times_at,
    words_of,
)
from bot.core.notices.local_time import Times
from bot.core.notices.notice import Drill, Kind
from bot.core.notices.priority import Lane, lane_of
from bot.core.notices.quiet import NIGHT
from bot.core.notices.record import (
    Change,
    Launch,
    Mailing,
    Move,
    Record,
    entry,
)
from bot.core.notices.rendering import Ending, drill_ahead_message, ended_message
from bot.core.notices.states import ENDED, PENDING, UNSENT, Event, State, may

ENDS_EARLIER: Mapping[Kind, Event] = MappingProxyType(
    {
        Kind.UPDATE: Event.SUPERSEDE,
        Kind.CORRECTION: Event.SUPERSEDE,
        Kind.WITHDRAWAL: Event.WITHDRAW,
        Kind.ALL_CLEAR: Event.CLEAR,
    }
)
"""What going out does to the notices that are referred to."""

NEVER_OVER = frozenset({Kind.WITHDRAWAL, Kind.ALL_CLEAR})
"""Their copies are not edited when their time is over: that a danger ended stays true."""

OVERTURNED = frozenset({Kind.UPDATE, Kind.ALL_CLEAR})
"""Withdrawn, these put into force again what they had ended; what a correction ended was wrong as well."""

CHANNEL_IS_ENOUGH = "L31"
"""Rule whose reason in `accepted` says that a notice goes out though the channel alone would have it."""


def scheduled(record: Record, now: dt.datetime, rules: Rules) -> Change:
    """Return what makes an approved notice wait for its time; without a time of its own that is now.

    Raises:
        Unfit: its times name no instants.
    """
    after = record.after(
        Event.SCHEDULE,
        times=times_at(record.announcement, rules, planned_at(record, rules) or now),
        zone=rules.zone_name,
        local_text=record.occurrence or record.announcement.publish or "",
        tzdata=rules.tzdata,
    )
    return Change((Move(record, after),))


def lapsed(record: Record, times: Times | None, now: dt.datetime) -> Change:
    """Return what marks a notice as missed whose end came before people agreed to it.

    Raises:
        Refused: it does not wait for that.
    """
    steps = (Event.SUBMIT, Event.MISS) if record.state is State.DRAFT else (Event.MISS,)
    after = record.after(*steps, times=times, ended_at=now)
    return Change((Move(record, after),), entries=(entry("miss", after, now, None, "nobody approved it"),))


def plan(record: Record, rules: Rules) -> Plan:
    """Return what a scheduled or held notice's next step is decided by."""
    if record.times is None:
        raise ValueError(f"{record.id} is {record.state} without times")
    return _plan(record, record.times, rules)


def outlook(record: Record, rules: Rules, now: dt.datetime) -> Decision | None:
    """Return what would become of a notice at `now`, and from its `until` when it really goes by itself.

    One that waits for approval is looked at as if it were approved now. None for what goes no more, and for
    a series, of which only the occurrences go.

    Raises:
        Unfit: its times name no instants.
    """
    if record.state not in PENDING or record.is_series:
        return None
    times = record.times or times_at(record.announcement, rules, planned_at(record, rules) or now)
    return decide(_plan(record, times, rules), now)


def _plan(record: Record, times: Times, rules: Rules) -> Plan:
    made = plan_of(record.announcement, times.publish, times.expires, NIGHT, rules.setting.zone)
    return replace(
        made,
        held_since=record.held_since,
        by_person=record.by_person,
        restored=record.restored,
        announced_at=record.announced_at,
    )


def begun(
    record: Record,
    referenced: Iterable[Record],
    now: dt.datetime,
    rules: Rules,
    planned: dt.datetime | None = None,
    who: int | None = None,
    overturned: Iterable[Record] = (),
) -> Change:
    """Return what going out does: everybody's rows, and the end of the notices that are referred to.

    `overturned` are those that the referenced ones had ended; with a withdrawal they are in force again.

    Raises:
        Refused: the notice is not scheduled or held.
    """
    if record.times is None:
        raise ValueError(f"{record.id} is {record.state} without times")
    times = _times_on_leaving(record, record.times, now, rules)
    after = record.after(
        Event.BEGIN,
        times=times,
        issued_at=now,
        planned=planned,
        held_since=None,
        by_person=False,
        restored=False,
    )
    earlier = tuple(referenced)
    words = words_of(record.announcement, times, rules, now, planned)
    ids = tuple(one.id for one in earlier)
    launch = _launch(after, Task.SEND, rules, words, ids)
    event = ENDS_EARLIER.get(record.announcement.kind)
    ends = [
        _ended(one, event, now, rules, after)
        for one in earlier
        if event is not None and may(one.state, event)
    ]
    if event is Event.WITHDRAW:
        ends += [_reopened(one, rules) for one in overturned]
    entries = [entry(f"{move.after.state}", move.after, now, who, f"by {record.id}") for move in ends]
    begin = entry("begun", after, now, who, f"planned for {planned.isoformat()}" if planned else "")
    return Change((Move(record, after), *ends), launch=launch, entries=(begin, *entries))


def _times_on_leaving(record: Record, times: Times, now: dt.datetime, rules: Rules) -> Times:
    """Return a notice's instants as it goes: distances count from when residents get it, and nothing is
    promised for a time that has passed.
    """
    if planned_at(record, rules) is None:
        times = replace(times_at(record.announcement, rules, now), publish=times.publish)
    if times.next_update is not None and times.next_update <= now:
        times = replace(times, next_update=None)
    return times


def announced(record: Record, now: dt.datetime, rules: Rules) -> Change:
    """Return what tells the audience of a drill that it comes."""
    if not isinstance(record.announcement, Drill) or record.times is None:
        raise ValueError(f"{record.id} is no scheduled drill")
    words = {
        language: drill_ahead_message(record.announcement, record.times, language, rules.setting)
        for language in rules.languages
    }
    after = replace(record, announced_at=now)
    launch = _launch(record, Task.AHEAD, rules, words)
    return Change((Move(record, after),), launch=launch, entries=(entry("announced", after, now),))


def released(record: Record, now: dt.datetime, rules: Rules, who: int) -> Change:
    """Return what lets a held notice wait for its time again; a drill too late to be announced is so at once.

    Raises:
        Refused: it is not held.
    """
    change = simple(record, Event.RELEASE, now, who)
    after = change.moves[0].after
    if not plan(after, rules).is_announced or after.announced_at is not None:
        return change
    return change.then(announced(after, now, rules))


def withdrawn(
    record: Record, occurrences: Iterable[Record], now: dt.datetime, rules: Rules, who: int | None = None
) -> Change:
    """Return what taking back a notice does that nobody has; of a series nothing comes any more.

    Raises:
        Refused: it cannot be taken back.
    """
    left = [one for one in occurrences if one.state in UNSENT]
    moves = tuple(_ended(one, Event.WITHDRAW, now, rules, None) for one in (record, *left))
    return Change(moves, entries=tuple(entry(f"{move.after.state}", move.after, now, who) for move in moves))


def ended(
    record: Record, event: Event, now: dt.datetime, rules: Rules, who: int | None = None, why: str = ""
) -> Change:
    """Return what the end of a notice does: expired, called off, or withdrawn without another word.

    Raises:
        Refused: it cannot end so.
    """
    move = _ended(record, event, now, rules, None)
    return Change((move,), entries=(entry(f"{move.after.state}", move.after, now, who, why),))


def simple(
    record: Record,
    event: Event,
    now: dt.datetime,
    who: int | None = None,
    why: str = "",
    held_since: dt.datetime | None = None,
) -> Change:
    """Return what a step does that touches nothing but the notice: finish, miss, hold, release, stop, resume.

    Raises:
        Refused: the table has no such step.
    """
    changes: dict[str, object] = {}
    if event is Event.MISS:
        changes = {"ended_at": now}
    elif event is Event.HOLD:
        changes = {"held_since": held_since or now}
    elif event is Event.STOP and record.state in (State.SCHEDULED, State.HELD):
        changes = {"held_since": record.held_since or now, "by_person": True}
    elif event in (Event.RELEASE, Event.RESUME):
        changes = {"held_since": None, "by_person": False, "restored": False}
    after = record.after(event, **changes)
    return Change((Move(record, after),), entries=(entry(f"{event}", after, now, who, why),))


def left_to_a_person(record: Record, now: dt.datetime, why: str) -> Change:
    """Return what holds a scheduled or held notice until a person decides."""
    held = record if record.state is State.HELD else record.after(Event.HOLD)
    after = replace(held, held_since=record.held_since or now, by_person=True)
    return Change((Move(record, after),), entries=(entry("hold", after, now, None, why),))


def _launch(
    record: Record,
    task: Task,
    rules: Rules,
    words: Mapping[Language, OutgoingMessage],
    replies_to: tuple[str, ...] = (),
) -> Launch:
    announcement = record.announcement
    return Launch(
        mailing_of(record, task, rules, words),
        audience_of(announcement, replies_to, rules),
        rules.channel if goes_to_channel(announcement, rules) else None,
        replies_to,
        is_channel_enough=CHANNEL_IS_ENOUGH in announcement.accepted,
    )


def _reopened(record: Record, rules: Rules) -> Move:
    """Return what puts a notice into force again; its copies read as they arrived."""
    after = record.after(Event.REOPEN, ended_at=None, ended_by=None)
    if record.times is None or record.issued_at is None:
        return Move(record, after)
    words = words_of(record.announcement, record.times, rules, record.issued_at, record.planned)
    edit = replace(mailing_of(after, Task.EDIT, rules, words), lane=Lane.TAKE_BACK)
    return Move(record, after, edit)


def _ended(record: Record, event: Event, now: dt.datetime, rules: Rules, by: Record | None) -> Move:
    after = record.after(event, ended_at=now, ended_by=by.id if by else None, held_since=None)
    return Move(record, after, _edit_of(record, after, now, rules, by, event))


def _edit_of(
    record: Record, after: Record, now: dt.datetime, rules: Rules, by: Record | None, event: Event
) -> Mailing | None:
    if record.times is None or record.issued_at is None or after.state not in ENDED:
        return None
    if event is Event.EXPIRE and record.announcement.kind in NEVER_OVER:
        return None
    ending = Ending(after.state, now, by.announcement if by else None)
    words = {
        language: ended_message(
            record.announcement, record.times, language, rules.setting, ending, record.issued_at
        )
        for language in rules.languages
    }
    # The edits of what was wrong go with the correction; that a time is over can wait for everything else.
    lane = lane_of(by.announcement) if by else Lane.TAKE_BACK if event is Event.WITHDRAW else Lane.ROUTINE
    return replace(mailing_of(after, Task.EDIT, rules, words), lane=lane)
