"""What becomes of a notice whose time may have come: it goes, waits, is held or missed, and why.

This is asked about every scheduled notice once a second. There are no timers: a timer that sleeps through
its moment is gone, a question asked again is not.
"""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from bot.core.notices.cap import Severity
from bot.core.notices.notice import Announcement, Drill, DrillAudience, Kind, Notice
from bot.core.notices.phrased import Phrased
from bot.core.notices.quiet import QuietHours
from bot.core.notices.states import Event

LATE = dt.timedelta(minutes=10)
"""Later than this, the message says so."""

FAR_TOO_LATE = dt.timedelta(minutes=30)
"""An Extreme notice later than this waits for a person, but not for long: silence is worse than lateness."""

HELD_FOR = dt.timedelta(minutes=5)

DRILL_NOTICE_PERIOD = dt.timedelta(hours=24)
"""How long before a drill its audience is told."""

WORD_AHEAD_WITHIN = dt.timedelta(hours=1)
"""A bot that was down for a moment still announces a drill; later than this, a person decides about it."""


class Action(Enum):
    """What to do now."""

    WAIT = "wait"
    PUBLISH = "publish"
    PUBLISH_LATE = "publish late"
    MISS = "miss"
    HOLD = "hold"
    CALL_OFF = "call off"


class Why(Phrased):
    """Why just that."""

    DUE = "due", "its time has come"
    LATE = "late", "more than 10 minutes late"
    EARLY = "early", "its time has not come"
    NIGHT = "night", "it can wait, and people sleep"
    STOPPED = "stopped", "somebody stopped it"
    FAR_TOO_LATE = "far_too_late", "Extreme and more than 30 minutes late"
    RESTORED = "restored", "the database was restored: it may have been sent already"
    UNANNOUNCED = "unannounced", "residents were not told of the drill 24 hours before"
    GRAVE = "grave", "a real notice is in force"
    OVER = "over", "its end has passed"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now, and why.

    `event` is what happens to the notice's state, if anything. `until` is when a waiting or held notice
    really goes by itself; None where a person must decide. `planned` stands in the text of one that goes
    late.
    """

    action: Action
    why: Why
    event: Event | None = None
    planned: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the decision rests on: a scheduled or held notice's own times and marks.

    `held_since` is set once it is held; `by_person` says that somebody stopped it, so that only somebody
    releases it. `restored` says that the database came back from a backup and may have forgotten what was
    sent. `is_announced` says that its audience hears of it a day before, `announced_at` when it did.
    `blackout` is absent where the operators accepted a silent message at night (rule L25).
    """

    publish: dt.datetime
    expires: dt.datetime
    severity: Severity
    kind: Kind = Kind.NOTICE
    is_drill: bool = False
    held_since: dt.datetime | None = None
    by_person: bool = False
    restored: bool = False
    is_announced: bool = False
    announced_at: dt.datetime | None = None
    blackout: QuietHours | None = None
    zone: dt.tzinfo = dt.UTC


def plan_of(
    announcement: Announcement, publish: dt.datetime, expires: dt.datetime, quiet: QuietHours, zone: dt.tzinfo
) -> Plan:
    """Return the plan of a notice that was just scheduled."""
    movable = isinstance(announcement, Notice) and announcement.kind is Kind.NOTICE
    return Plan(
        publish=publish,
        expires=expires,
        severity=announcement.severity,
        kind=announcement.kind,
        is_drill=isinstance(announcement, Drill),
        is_announced=isinstance(announcement, Drill) and announcement.audience is DrillAudience.SUBSCRIBERS,
        blackout=quiet if movable and "L25" not in announcement.accepted else None,
        zone=zone,
    )


def due_at(plan: Plan) -> dt.datetime:
    """Return when it goes: as planned, or in the morning where a Minor or Moderate notice would come at
    night.

    One whose end comes before the morning is not moved: it goes silently instead.
    """
    return _after_blackout(plan, plan.publish)


def decide(plan: Plan, now: dt.datetime, is_grave_active: bool = False) -> Decision:
    """Return what becomes of a scheduled or held notice at `now`.

    `is_grave_active` says that a real Severe or Extreme notice is in force: nobody rehearses then. That is
    asked at the drill's own moment, for by then the danger may be over.
    """
    due = due_at(plan)
    if plan.is_drill and is_grave_active and now >= due:
        return Decision(Action.CALL_OFF, Why.GRAVE, Event.WITHDRAW)
    if plan.by_person:
        return _missed() if _is_over(plan, now) else Decision(Action.WAIT, Why.STOPPED)
    if _is_over(plan, now):
        return _missed()
    if _is_too_late_to_announce(plan, now):
        return _held(plan, Why.UNANNOUNCED)
    if now < due:
        return Decision(Action.WAIT, Why.EARLY if due == plan.publish else Why.NIGHT, until=due)
    if plan.restored:
        return _held(plan, Why.RESTORED)
    return _overdue(plan, due, now)


def _overdue(plan: Plan, due: dt.datetime, now: dt.datetime) -> Decision:
    late = now - due
    if late > FAR_TOO_LATE and plan.severity is Severity.EXTREME and not may_go_at_any_time(plan.kind):
        since = plan.held_since or now
        if now - since < HELD_FOR:
            return _held(plan, Why.FAR_TOO_LATE, since + HELD_FOR)
    morning = _after_blackout(plan, now)
    if morning > now:
        return Decision(Action.WAIT, Why.NIGHT, until=morning)
    if late > LATE:
        return Decision(Action.PUBLISH_LATE, Why.LATE, Event.BEGIN, planned=due)
    return Decision(Action.PUBLISH, Why.DUE, Event.BEGIN)


def _is_over(plan: Plan, now: dt.datetime) -> bool:
    return now >= plan.expires and (plan.restored or not may_go_at_any_time(plan.kind))


def may_go_at_any_time(kind: Kind) -> bool:
    """Return whether it is worth saying even after its end: that a danger is over, or was not as we said."""
    return kind is Kind.ALL_CLEAR or kind.takes_back_words


def _missed() -> Decision:
    return Decision(Action.MISS, Why.OVER, Event.MISS)


def _held(plan: Plan, why: Why, until: dt.datetime | None = None) -> Decision:
    if plan.held_since is not None:
        return Decision(Action.WAIT, why, until=until)
    return Decision(Action.HOLD, why, Event.HOLD, until=until)


def _after_blackout(plan: Plan, instant: dt.datetime) -> dt.datetime:
    if plan.blackout is None or not plan.severity.can_wait_for_morning:
        return instant
    morning = plan.blackout.morning_after(instant, plan.zone)
    return morning if morning < plan.expires else instant


def announce_drill_at(publish: dt.datetime) -> dt.datetime:
    """Return when the audience of a drill is told that it comes."""
    return publish - DRILL_NOTICE_PERIOD


def is_word_ahead_due(plan: Plan, now: dt.datetime) -> bool:
    """Return whether the audience of a drill is to be told now that it comes."""
    is_owed = plan.is_announced and plan.announced_at is None
    return is_owed and announce_drill_at(plan.publish) <= now and not _is_too_late_to_announce(plan, now)


def _is_too_late_to_announce(plan: Plan, now: dt.datetime) -> bool:
    is_owed = plan.is_announced and plan.announced_at is None
    return is_owed and now > announce_drill_at(plan.publish) + WORD_AHEAD_WITHIN


@dataclass(frozen=True, slots=True)
class ClockGuard:
    """What another clock said: the time in Telegram's last answer, and our steady clock when it came
    (seconds).
    """

    heard: dt.datetime
    steady: float
    tolerance: dt.timedelta = dt.timedelta(seconds=60)

    def skew(self, wall: dt.datetime, steady: float) -> dt.timedelta:
        """Return how far our clock is ahead of the other one."""
        return wall - (self.heard + dt.timedelta(seconds=steady - self.steady))

    def now(self, wall: dt.datetime, steady: float) -> dt.datetime:
        """Return the time to decide by: our clock, or the other one where ours is plainly wrong.

        A clock set a day ahead by mistake would otherwise publish everything of that day, and nothing takes
        that back.
        """
        skew = self.skew(wall, steady)
        return wall if abs(skew) <= self.tolerance else wall - skew
