"""A typed local time is one instant, or says why it is not."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.notices.local_time import (
    Fold,
    Gap,
    Once,
    Unreadable,
    distance,
    naive,
    read_times,
    resolve,
    settle,
    written,
)
from tests.core.notices.making import MOSCOW, NOW, make_notice

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(n) for n in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
] + [MOSCOW]


def local_time(text: str) -> dt.datetime:
    parsed = naive(text)
    assert parsed is not None
    return parsed[0]


LOCAL = st.integers(0, 21 * 365 * 24 * 60).map(
    lambda minutes: local_time("2009-01-01 00:00") + dt.timedelta(minutes=minutes)
)


def shown(instant: dt.datetime, zone: dt.tzinfo) -> str:
    return written(instant.astimezone(zone).replace(tzinfo=None))


@given(LOCAL, st.sampled_from(ZONES))
@example(local_time("2026-03-29 02:30"), ZONES[0])
@example(local_time("2026-10-25 02:30"), ZONES[0])
@example(local_time("2026-10-04 02:15"), ZONES[2])
@example(local_time("2026-04-05 01:45"), ZONES[2])
@example(local_time("2011-12-30 12:00"), ZONES[3])
@example(local_time("2014-10-26 01:30"), ZONES[4])
def test_every_minute_in_five_zones_is_one_instant_two_or_none(local: dt.datetime, zone: ZoneInfo) -> None:
    text = written(local)

    found = resolve(text, zone)

    if isinstance(found, dt.datetime):
        assert shown(found, zone) == text
        assert found.utcoffset() == dt.timedelta(0)
    elif isinstance(found, Fold):
        assert found.first < found.second
        assert shown(found.first, zone) == shown(found.second, zone) == text
        assert resolve(f"{text} first", zone) == found.first
        assert resolve(f"{text} second", zone) == found.second
    else:
        assert isinstance(found, Gap)
        assert found.before < text < found.after
        last, first = resolve(found.before, zone), resolve(found.after, zone)
        assert isinstance(last, dt.datetime)
        assert isinstance(first, dt.datetime)
        assert first - last == dt.timedelta(minutes=1)


@given(LOCAL, st.sampled_from(ZONES))
@example(local_time("2026-03-29 02:30"), ZONES[0])
def test_a_recurring_time_always_gets_an_instant_and_moves_only_out_of_a_gap(
    local: dt.datetime, zone: ZoneInfo
) -> None:
    instant, moved = settle(local, zone)

    found = resolve(written(local), zone)
    if isinstance(found, Gap):
        assert moved
        assert shown(instant, zone) == found.after
    else:
        assert not moved
        assert instant == (found.first if isinstance(found, Fold) else found)


def test_a_time_in_the_spring_gap_is_refused_and_both_neighbours_are_offered() -> None:
    assert resolve("2026-03-29 02:30", BERLIN) == Gap(
        "2026-03-29 02:30", "2026-03-29 01:59", "2026-03-29 03:00"
    )


def test_a_time_that_comes_twice_asks_which_one() -> None:
    assert "'2026-10-25 02:30 first' (summer)" in str(resolve("2026-10-25 02:30", BERLIN))


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29 10:00",
        "2026-13-01 10:00",
        "2026-12-01 24:00",
        "tomorrow",
        "",
        "2026-12-01",
        "0001-01-01 00:00",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    assert resolve(text, MOSCOW) == Unreadable(text)


def test_which_of_two_is_only_first_or_second() -> None:
    assert naive("2026-10-25 02:30 third") is None


def test_moscow_has_no_gap_and_no_fold() -> None:
    assert resolve("2026-03-29 02:30", MOSCOW) == dt.datetime(2026, 3, 28, 23, 30, tzinfo=dt.UTC)


def test_first_or_second_is_said_only_where_there_are_two() -> None:
    found = resolve("2026-12-01 12:30 second", BERLIN)

    assert found == Once("2026-12-01 12:30 second", "2026-12-01 12:30")
    assert str(found) == "2026-12-01 12:30 comes once that day; expected it without 'first' or 'second'"


@pytest.mark.parametrize(("text", "minutes"), [("+30m", 30), ("+2h", 120), ("+1d", 1440)])
def test_distances_count_from_publishing(text: str, minutes: int) -> None:
    assert distance(text) == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["2h", "+h", "+2w", "+-2h", "", "+", "+²h"])
def test_what_is_no_distance_is_none(text: str) -> None:
    assert distance(text) is None


def test_without_onset_it_begins_when_it_holds_and_holds_when_it_goes() -> None:
    times, troubles = read_times(make_notice(onset=None), MOSCOW, NOW)

    assert troubles == ()
    assert times is not None
    assert times.onset == times.effective == times.publish == NOW
    assert times.expires == NOW + dt.timedelta(hours=3)


def test_every_field_that_names_no_instant_is_told() -> None:
    notice = make_notice(onset="2026-02-30 10:00", expires="2026-02-31 10:00")

    times, troubles = read_times(notice, MOSCOW, NOW)

    assert times is None
    assert [name for name, _ in troubles] == ["onset", "expires"]
