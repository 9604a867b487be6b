"""When a notice really goes, which is not always when it was planned for, and why then."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from bot.core.notices.changes import plan
from bot.core.notices.due import Decision, Plan, decide, due_at, plan_of
from bot.core.notices.freezing import Rules, planned_for, times_at
from bot.core.notices.quiet import NIGHT
from bot.core.notices.record import Record
from bot.core.notices.states import State

UNSCHEDULED = frozenset({State.DRAFT, State.REJECTED, State.IN_REVIEW, State.APPROVED})
"""States in which its instants are not set yet: an approval at this moment would set them."""


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
    """When it goes; `at` is None where nobody knows yet. `reason` is why it is held, where it is."""

    cause: Cause
    at: dt.datetime | None = None
    reason: str = ""


def departure_of(record: Record, rules: Rules, now: dt.datetime) -> Departure | None:
    """Return when a notice goes, None for one that is gone, never goes, or comes again and again.

    Raises:
        Unfit: a time in it names no instant.
    """
    if record.is_series:
        return None
    if record.state in UNSCHEDULED:
        return _once_approved(record, rules, now)
    if record.state is State.SCHEDULED and record.times is not None:
        return _at_its_time(plan(record, rules))
    if record.state is State.HELD and record.times is not None:
        decision: Decision = decide(plan(record, rules), now)
        cause = Cause.PERSON if decision.until is None else Cause.PATIENCE
        return Departure(cause, decision.until, "" if record.by_person else decision.reason)
    return None


def would_go_at(record: Record, rules: Rules, now: dt.datetime) -> dt.datetime:
    """Return when a held notice goes once a person lets it go."""
    if record.times is None or record.times.publish <= now:
        return now
    return due_at(plan(record, rules))


def _once_approved(record: Record, rules: Rules, now: dt.datetime) -> Departure:
    announcement = record.announcement
    is_at_once = announcement.publish is None
    publish = now if is_at_once else planned_for(announcement, rules)
    expires = times_at(announcement, rules, publish).expires
    planned = _at_its_time(plan_of(announcement, publish, expires, NIGHT, rules.setting.zone))
    if not is_at_once:
        return planned
    return Departure(Cause.NIGHT, planned.at) if planned.cause is Cause.MORNING else Departure(Cause.APPROVAL)


def _at_its_time(planned: Plan) -> Departure:
    due = due_at(planned)
    return Departure(Cause.MORNING if due > planned.publish else Cause.PLAN, due)
