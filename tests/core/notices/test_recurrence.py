"""A notice that comes again comes as its rule says, each time once, and ends."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.notices.recurrence import (
    MOST_OCCURRENCES,
    Occurrence,
    Recurrence,
    Unusable,
    moved_ones,
    next_occurrence,
    occurrences,
    read_rule,
    skips_months,
)
from tests.core.notices.making import MOSCOW

BERLIN = ZoneInfo("Europe/Berlin")


def series(rule: str, first: str = "2026-12-02 09:00", zone: dt.tzinfo = MOSCOW) -> tuple[Occurrence, ...]:
    read = read_rule(rule)
    assert isinstance(read, Recurrence), read
    found = occurrences("siren", first, read, zone)
    assert not isinstance(found, Unusable), found
    return found


def refusal(rule: str, first: str = "2026-12-02 09:00") -> str:
    read = read_rule(rule)
    found = read if isinstance(read, Unusable) else occurrences("siren", first, read, MOSCOW)
    assert isinstance(found, Unusable)
    return found.reason


def test_the_first_wednesday_of_every_month() -> None:
    found = series("FREQ=MONTHLY;BYDAY=1WE;COUNT=3")

    assert [one.text for one in found] == ["2026-12-02 09:00", "2027-01-06 09:00", "2027-02-03 09:00"]
    assert found[0].instant == dt.datetime(2026, 12, 2, 6, 0, tzinfo=dt.UTC)
    assert found[0].id == "siren@2026-12-02T09:00"


def test_until_includes_its_own_day() -> None:
    assert len(series("FREQ=WEEKLY;UNTIL=20261216")) == 3


def test_the_last_day_of_every_month() -> None:
    found = series("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-12-31 09:00")

    assert [one.text[:10] for one in found] == ["2026-12-31", "2027-01-31", "2027-02-28"]


def test_a_31st_leaves_short_months_out_and_says_so() -> None:
    found = series("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "2026-12-31 09:00")

    assert [one.text[:10] for one in found] == ["2026-12-31", "2027-01-31", "2027-03-31"]


@pytest.mark.parametrize(
    ("rule", "first", "skips"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "2026-12-31 09:00", True),
        ("FREQ=MONTHLY;COUNT=3", "2026-12-31 09:00", True),
        ("FREQ=MONTHLY;COUNT=3", "2026-12-29 09:00", True),
        ("FREQ=MONTHLY;COUNT=3", "2026-12-28 09:00", False),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-12-31 09:00", False),
        ("FREQ=MONTHLY;BYDAY=-1TH;COUNT=3", "2026-12-31 09:00", False),
        ("FREQ=WEEKLY;COUNT=3", "2026-12-31 09:00", False),
    ],
)
def test_whether_months_are_left_out_follows_from_the_rule_and_its_first_day(
    rule: str, first: str, skips: bool
) -> None:
    read = read_rule(rule)

    assert isinstance(read, Recurrence)
    assert skips_months(read, first) is skips


def test_in_the_gap_it_comes_at_the_first_minute_after_it_once() -> None:
    found = series("FREQ=WEEKLY;COUNT=3", "2026-03-22 02:30", BERLIN)

    moved = list(moved_ones(found))
    assert [one.text for one in moved] == ["2026-03-29 02:30"]
    assert moved[0].instant == dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)


def test_in_the_fold_it_comes_the_first_time_only() -> None:
    found = series("FREQ=WEEKLY;COUNT=2", "2026-10-18 02:30", BERLIN)

    assert found[1].instant == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert len({one.text for one in found}) == 2


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=SECONDLY;COUNT=3", "FREQ=SECONDLY"),
        ("FREQ=YEARLY;COUNT=3", "FREQ=YEARLY"),
        ("FREQ=WEEKLY", "must end"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "must end"),
        ("FREQ=WEEKLY;COUNT=401", "COUNT=401"),
        ("FREQ=WEEKLY;COUNT=0", "COUNT=0"),
        ("FREQ=WEEKLY;COUNT=²", "COUNT=²"),
        ("FREQ=DAILY;UNTIL=20990101", "more than 400"),
        ("FREQ=WEEKLY;UNTIL=20261301", "not a day"),
        ("FREQ=WEEKLY;UNTIL=20261301T000000Z", "not a day"),
        ("FREQ=WEEKLY;UNTIL=20200101", "never comes"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "does not follow its own rule"),
        ("FREQ=WEEKLY;BYDAY=1WE;COUNT=3", "BYDAY=1WE"),
        ("FREQ=WEEKLY;BYMONTHDAY=1;COUNT=3", "BYMONTHDAY=1"),
        ("FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3", "BYMONTHDAY=0"),
        ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3", "BYMONTHDAY=32"),
        ("FREQ=MONTHLY;BYDAY=XX;COUNT=3", "BYDAY=XX"),
        ("FREQ=WEEKLY;INTERVAL=0;COUNT=3", "INTERVAL=0"),
        ("FREQ=WEEKLY;FREQ=DAILY;COUNT=3", "twice"),
        ("FREQ=WEEKLY;COUNT=3;BYHOUR=3", "BYHOUR"),
        ("every Wednesday", "not a part"),
        ("", "not a part"),
    ],
)
def test_what_is_not_in_our_part_of_rrule_is_refused_by_name(rule: str, reason: str) -> None:
    assert reason in refusal(rule)


def test_a_misspelt_key_is_answered_with_the_nearest_one() -> None:
    rule = read_rule("FREQ=WEEKLY;CUONT=3")

    assert isinstance(rule, Unusable)
    assert rule.suggestion == "'COUNT'"


def test_a_series_never_has_more_than_its_limit() -> None:
    assert len(series(f"FREQ=DAILY;COUNT={MOST_OCCURRENCES}")) == MOST_OCCURRENCES


def test_the_next_one_is_made_when_the_last_one_ends() -> None:
    found = series("FREQ=WEEKLY;COUNT=3")
    after_first = found[0].instant + dt.timedelta(hours=2)

    assert next_occurrence(found, "", found[0].instant - dt.timedelta(days=1)) == found[0]
    assert next_occurrence(found, found[0].text, after_first) == found[1]
    assert next_occurrence(found, found[2].text, after_first) is None


def test_of_several_that_passed_meanwhile_the_newest_goes() -> None:
    found = series("FREQ=WEEKLY;COUNT=4")

    assert next_occurrence(found, found[0].text, found[2].instant) == found[2]


def test_a_series_that_begins_in_the_past_owes_nobody_anything() -> None:
    found = series("FREQ=WEEKLY;COUNT=4")

    assert next_occurrence(found, "", found[1].instant + dt.timedelta(hours=1)) == found[2]


@settings(deadline=None)  # a rule that never comes is looked for until the year 9999
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "FREQ=MONTHLY",
                "FREQ=DAILY",
                "FREQ=WEEKLY",
                "COUNT=5",
                "UNTIL=20280101",
                "INTERVAL=2",
                "INTERVAL=12",
                "BYDAY=MO,5FR",
                "BYDAY=-1WE",
                "BYMONTHDAY=31",
                "BYMONTHDAY=-31,30",
                "COUNT=-1",
                "X",
                "",
            ]
        ),
        max_size=6,
    ).map(";".join)
)
def test_whatever_rule_somebody_types_it_ends_or_is_refused(text: str) -> None:
    rule = read_rule(text)
    if isinstance(rule, Recurrence):
        found = occurrences("siren", "2028-02-29 09:00", rule, MOSCOW)
        assert isinstance(found, Unusable) or 1 <= len(found) <= MOST_OCCURRENCES
