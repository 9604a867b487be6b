"""A notice goes at its time, once; late, held, missed or moved it says so."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.notices.cap import Severity
from bot.core.notices.due import (
    Action,
    ClockGuard,
    Plan,
    Why,
    announce_drill_at,
    decide,
    due_at,
    is_word_ahead_due,
    plan_of,
)
from bot.core.notices.notice import Kind
from bot.core.notices.quiet import NIGHT, QuietHours, is_silent
from bot.core.notices.states import Event, State, advance
from tests.core.notices.making import MOSCOW, make_all_clear, make_drill, make_notice

NOON = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def make_plan(severity: Severity = Severity.MODERATE, kind: Kind = Kind.NOTICE, **changes: object) -> Plan:
    plan = Plan(NOON, NOON + 3 * HOUR, severity, kind, blackout=NIGHT, zone=MOSCOW)
    return dataclasses.replace(plan, **changes)  # type: ignore[arg-type] # fields of Plan


@pytest.mark.parametrize(
    ("after", "action"),
    [
        (-MINUTE, Action.WAIT),
        (dt.timedelta(0), Action.PUBLISH),
        (10 * MINUTE, Action.PUBLISH),
        (11 * MINUTE, Action.PUBLISH_LATE),
        (3 * HOUR - MINUTE, Action.PUBLISH_LATE),
        (3 * HOUR, Action.MISS),
    ],
)
def test_on_time_late_and_too_late(after: dt.timedelta, action: Action) -> None:
    assert decide(make_plan(), NOON + after).action is action


def test_one_that_goes_late_carries_its_planned_time_and_the_reason() -> None:
    decision = decide(make_plan(), NOON + HOUR)

    assert (decision.planned, decision.why) == (NOON, Why.LATE)


def test_an_extreme_notice_far_too_late_is_held_for_five_minutes_and_then_goes() -> None:
    now = NOON + 31 * MINUTE

    held = decide(make_plan(Severity.EXTREME), now)
    assert (held.action, held.event, held.until) == (Action.HOLD, Event.HOLD, now + 5 * MINUTE)

    plan = make_plan(Severity.EXTREME, held_since=now)
    assert decide(plan, now + 4 * MINUTE).action is Action.WAIT
    assert decide(plan, now + 5 * MINUTE).action is Action.PUBLISH_LATE


def test_after_a_restore_nothing_overdue_goes_without_a_person() -> None:
    for kind in Kind:
        plan = make_plan(Severity.EXTREME, kind, restored=True)
        assert decide(plan, NOON + HOUR).action is Action.HOLD
        held = dataclasses.replace(plan, held_since=NOON + HOUR)
        assert decide(held, NOON + 2 * HOUR).action is Action.WAIT
        assert decide(held, NOON + 4 * HOUR).action is Action.MISS


@pytest.mark.parametrize("kind", [Kind.ALL_CLEAR, Kind.WITHDRAWAL, Kind.CORRECTION])
def test_an_all_clear_and_what_takes_words_back_always_go(kind: Kind) -> None:
    assert decide(make_plan(Severity.EXTREME, kind), NOON + 9 * HOUR).action is Action.PUBLISH_LATE


def test_what_a_person_stopped_only_a_person_releases() -> None:
    plan = make_plan(by_person=True, held_since=NOON - HOUR)

    assert decide(plan, NOON).action is Action.WAIT
    assert decide(plan, NOON + 3 * HOUR).action is Action.MISS


def test_a_drill_is_called_off_at_its_own_moment_while_a_real_grave_notice_is_in_force() -> None:
    plan = make_plan(is_drill=True)

    assert decide(plan, NOON, is_grave_active=True).action is Action.CALL_OFF
    for before in (dt.timedelta(seconds=1), HOUR, 30 * 24 * HOUR):
        assert decide(plan, NOON - before, is_grave_active=True).action is Action.WAIT
    assert decide(plan, NOON).action is Action.PUBLISH
    assert decide(make_plan(), NOON, is_grave_active=True).action is Action.PUBLISH


def test_a_drill_is_announced_a_day_before() -> None:
    plan = make_plan(is_drill=True, is_announced=True)
    day = announce_drill_at(NOON)

    assert day == NOON - 24 * HOUR
    assert [is_word_ahead_due(plan, day + away) for away in (-MINUTE, 0 * MINUTE, HOUR, HOUR + MINUTE)] == [
        False,
        True,
        True,
        False,
    ]
    assert not is_word_ahead_due(dataclasses.replace(plan, announced_at=day), day + MINUTE)


def test_a_drill_that_nobody_was_told_of_is_held_as_soon_as_it_is_too_late_for_the_word() -> None:
    plan = make_plan(is_drill=True, is_announced=True)

    held = decide(plan, NOON - 22 * HOUR)
    assert (held.action, held.why, held.until) == (Action.HOLD, Why.UNANNOUNCED, None)
    waiting = dataclasses.replace(plan, held_since=NOON - 22 * HOUR)
    assert decide(waiting, NOON).action is Action.WAIT
    assert decide(waiting, NOON + 3 * HOUR).action is Action.MISS

    told = dataclasses.replace(plan, announced_at=NOON - 24 * HOUR)
    assert decide(told, NOON - 22 * HOUR).action is Action.WAIT
    assert decide(told, NOON).action is Action.PUBLISH


AT_NIGHT = dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 11, 24, 4, 30, tzinfo=dt.UTC)


def test_a_minor_notice_at_night_waits_for_the_morning_and_is_not_late_then() -> None:
    plan = make_plan(Severity.MINOR, publish=AT_NIGHT, expires=AT_NIGHT + 24 * HOUR)

    assert due_at(plan) == MORNING
    waiting = decide(plan, AT_NIGHT)
    assert (waiting.action, waiting.until) == (Action.WAIT, MORNING)
    assert decide(plan, MORNING).action is Action.PUBLISH


def test_one_overdue_at_night_waits_for_the_morning_too() -> None:
    plan = make_plan(publish=AT_NIGHT - 6 * HOUR, expires=AT_NIGHT + 24 * HOUR)

    assert decide(plan, AT_NIGHT).until == MORNING
    assert decide(plan, MORNING).action is Action.PUBLISH_LATE


@pytest.mark.parametrize("severity", [Severity.EXTREME, Severity.SEVERE, Severity.UNKNOWN])
def test_no_grave_notice_waits_for_the_morning(severity: Severity) -> None:
    assert due_at(make_plan(severity, publish=AT_NIGHT, expires=AT_NIGHT + 24 * HOUR)) == AT_NIGHT


def test_one_that_ends_before_the_morning_goes_at_night() -> None:
    assert due_at(make_plan(publish=AT_NIGHT, expires=AT_NIGHT + 2 * HOUR)) == AT_NIGHT


def test_an_accepted_reason_all_clears_and_drills_are_not_moved() -> None:
    plain = plan_of(make_notice(), AT_NIGHT, AT_NIGHT + 24 * HOUR, NIGHT, MOSCOW)
    accepted = make_notice(accepted={"L25": "Воды не будет уже ночью."})

    assert due_at(plain) == MORNING
    for one in (accepted, make_all_clear(), make_drill()):
        assert due_at(plan_of(one, AT_NIGHT, AT_NIGHT + 24 * HOUR, NIGHT, MOSCOW)) == AT_NIGHT


def test_quiet_hours_hold_over_midnight_and_nobody_is_woken_by_what_can_wait() -> None:
    assert NIGHT.holds_at(AT_NIGHT, MOSCOW)
    assert not NIGHT.holds_at(NOON, MOSCOW)
    assert not QuietHours(dt.time(0), dt.time(0)).holds_at(AT_NIGHT, MOSCOW)
    assert QuietHours(dt.time(1), dt.time(5)).holds_at(AT_NIGHT, MOSCOW)
    assert is_silent(False, AT_NIGHT, MOSCOW, NIGHT)
    assert not is_silent(True, AT_NIGHT, MOSCOW, NIGHT)
    assert not is_silent(False, AT_NIGHT, MOSCOW, None)


def test_the_morning_comes_on_the_day_of_a_changing_clock_as_well() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = dt.datetime(2026, 3, 28, 23, 0, tzinfo=dt.UTC)

    assert NIGHT.morning_after(night, berlin) == dt.datetime(2026, 3, 29, 5, 30, tzinfo=dt.UTC)


STARTS = [
    NOON,
    dt.datetime(2028, 2, 28, 21, 0, tzinfo=dt.UTC),
    dt.datetime(2026, 12, 31, 20, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 4, 4, 15, 0, tzinfo=dt.UTC),
]
"""A plain day, a leap day, the year's end, and hours in which clocks change somewhere."""

ZONES = [
    MOSCOW,
    *(ZoneInfo(n) for n in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")),
]


@settings(max_examples=400)
@given(
    st.sampled_from(STARTS),
    st.sampled_from(ZONES),
    st.sampled_from(Severity),
    st.sampled_from(Kind),
    st.booleans(),
    st.integers(-600, 600),
    st.integers(1, 2000),
    st.lists(st.integers(-120, 240), min_size=1, max_size=60),
)
def test_however_the_clock_jumps_a_notice_is_published_once_or_missed_and_never_early(
    start: dt.datetime,
    zone: ZoneInfo,
    severity: Severity,
    kind: Kind,
    has_blackout: bool,
    at: int,
    length: int,
    jumps: list[int],
) -> None:
    publish = start + at * MINUTE
    plan = make_plan(severity, kind, publish=publish, expires=publish + length * MINUTE, zone=zone)
    plan = plan if has_blackout else dataclasses.replace(plan, blackout=None)
    state, now, published, missed = State.SCHEDULED, start, 0, 0
    for jump in [*jumps, 10_000, 10_000, 10_000]:
        now += jump * MINUTE
        if state not in (State.SCHEDULED, State.HELD):
            break
        decision = decide(plan, now)
        if decision.action in (Action.PUBLISH, Action.PUBLISH_LATE):
            assert now >= due_at(plan) >= publish
            assert now < plan.expires or kind.takes_back_words or kind is Kind.ALL_CLEAR
            published += 1
        missed += decision.action is Action.MISS
        if decision.action is Action.HOLD:
            plan = dataclasses.replace(plan, held_since=now)
        if decision.event is not None:
            state = advance(state, decision.event)

    assert published + missed == 1
    assert state in (State.PUBLISHING, State.MISSED)


def test_a_clock_that_is_plainly_wrong_publishes_nothing_early() -> None:
    guard = ClockGuard(heard=NOON, steady=100.0)

    assert guard.now(NOON + dt.timedelta(days=1, seconds=10), 110.0) == NOON + dt.timedelta(seconds=10)
    assert guard.now(NOON - HOUR, 110.0) == NOON + dt.timedelta(seconds=10)
    assert guard.skew(NOON + HOUR, 100.0) == HOUR


def test_a_clock_that_is_a_little_off_is_believed() -> None:
    guard = ClockGuard(heard=NOON, steady=100.0)

    assert guard.now(NOON + dt.timedelta(seconds=40), 110.0) == NOON + dt.timedelta(seconds=40)
