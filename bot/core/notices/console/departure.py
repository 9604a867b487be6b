"""When a notice really goes, which is not always when it was planned for, and why then."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import Enum

from bot.core.notices.changes import outlook, plan
from bot.core.notices.due import Why, due_at
from bot.core.notices.freezing import Rules
from bot.core.notices.record import Record
from bot.core.notices.states import State


class Cause(Enum):
    """Why a notice goes when it does."""

    APPROVAL = "as soon as it is approved"
    NIGHT = "in the morning, if it is approved now, for it is night"
    PLAN = "at its time"
    MORNING = "in the morning, for its time is at night"
    PATIENCE = "by itself, when nobody has decided until then"
    PERSON = "only when a person lets it go"


@dataclass(frozen=True, slots=True)
class Departure:
    """When it goes; `at` is None where nobody knows yet. `why` says why it is held, where it is."""

    cause: Cause
    at: dt.datetime | None = None
    why: Why | None = None


def departure_of(record: Record, rules: Rules, now: dt.datetime) -> Departure | None:
    """Return when a notice goes, None for one that is gone, never goes, or comes again and again.

    Raises:
        Unfit: a time in it names no instant.
    """
    # A draft goes as it would if it were approved now.
    is_draft = record.state in (State.DRAFT, State.REJECTED)
    seen = outlook(replace(record, state=State.IN_REVIEW) if is_draft else record, rules, now)
    if seen is None:
        return None
    has_time = record.times is not None or record.announcement.publish is not None
    match seen.why:
        case Why.EARLY:
            return Departure(Cause.PLAN, seen.until)
        case Why.NIGHT:
            return Departure(Cause.MORNING if has_time else Cause.NIGHT, seen.until)
        case Why.FAR_TOO_LATE:
            return Departure(Cause.PATIENCE, seen.until, seen.why)
        case Why.RESTORED | Why.STOPPED | Why.UNANNOUNCED:
            return Departure(Cause.PERSON, None, seen.why)
        case Why.DUE | Why.LATE:
            return Departure(Cause.APPROVAL)
        case _:
            return None


def would_go_at(record: Record, rules: Rules, now: dt.datetime) -> dt.datetime:
    """Return when a held notice goes once a person lets it go."""
    if record.times is None or record.times.publish <= now:
        return now
    return due_at(plan(record, rules))
