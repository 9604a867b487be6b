"""Operators are reminded while there is still time: of what they promised, and of what ends by itself."""

import datetime as dt

import pytest

from bot.core.notices.news import News
from bot.core.notices.record import Record
from bot.core.notices.reminding import reminders
from bot.core.notices.states import State
from tests.core.notices.making import (
    NOW,
    make_all_clear,
    make_drill,
    make_notice,
    make_record,
    make_rules,
    times_of,
)

MINUTE = dt.timedelta(minutes=1)


def sent(severity: str = "Severe", **changes: object) -> Record:
    """Return a notice in force: more is promised in two hours, it ends in three."""
    notice = make_notice(severity=severity, **changes)
    return make_record(notice, state=State.ACTIVE, times=times_of(notice), issued_at=NOW)


def told(record: Record, minutes: int) -> list[tuple[News, int]]:
    now = NOW + minutes * MINUTE
    return [
        (one.news, round((one.at - NOW) / MINUTE)) for one in reminders(record, make_rules(), now) if one.at
    ]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, []),
        (109, []),
        (110, [(News.PROMISED, 120)]),
        (119, [(News.PROMISED, 120)]),
        (120, []),
        (164, []),
        (165, [(News.ENDS_SOON, 180)]),
        (180, []),
    ],
)
def test_promised_news_and_the_end_of_a_grave_notice_are_told_ahead(
    minutes: int, expected: list[tuple[News, int]]
) -> None:
    assert told(sent(), minutes) == expected


def test_what_is_not_grave_may_end_without_a_word() -> None:
    assert told(sent("Minor"), 170) == []
    assert told(sent("Minor"), 115) == [(News.PROMISED, 120)]


def test_where_news_is_promised_for_the_end_one_reminder_is_enough() -> None:
    assert told(sent(next_update="+3h"), 172) == [(News.ENDS_SOON, 180)]


def test_what_has_ended_an_all_clear_and_a_drill_need_no_reminder() -> None:
    clear, drill = make_all_clear(severity="Severe"), make_drill(severity="Severe")

    assert told(make_record(clear, state=State.ACTIVE, times=times_of(clear)), 170) == []
    assert told(make_record(drill, state=State.ACTIVE, times=times_of(drill)), 170) == []
    assert told(make_record(state=State.CLEARED, times=times_of(make_notice())), 170) == []


def test_what_is_held_for_a_while_is_told_again_before_it_goes_by_itself() -> None:
    notice = make_notice(severity="Extreme", urgency="Immediate")
    held = make_record(notice, state=State.HELD, times=times_of(notice, NOW - 40 * MINUTE), held_since=NOW)

    assert told(held, 0) == []
    assert told(held, 3) == [(News.GOES_SOON, 5)]
