"""How long each chat waits."""

import pytest

from bot.adapters.telegram.pacing import Pace

ANNA, PETER, GROUP = 1, 2, -1


def test_a_person_gets_a_few_at_once_and_then_one_a_second() -> None:
    pace = Pace()

    assert [pace.reserve(ANNA, now=10.0) for _ in range(7)] == [0, 0, 0, 0, 1, 2, 3]


def test_quiet_fills_the_bucket_again() -> None:
    pace = Pace()
    for _ in range(4):
        pace.reserve(ANNA, now=10.0)

    assert [pace.reserve(ANNA, now=13.0) for _ in range(4)] == [0, 0, 0, 1]


def test_a_group_gets_less_than_twenty_in_a_minute() -> None:
    pace = Pace()
    sent = [0.0 + pace.reserve(GROUP, now=0.0) for _ in range(60)]

    for start in sent:
        assert sum(start <= at < start + 60 for at in sent) < 20


def test_ten_neighbours_who_ask_in_one_group_at_once_do_not_wait() -> None:
    pace = Pace()

    assert [pace.reserve(GROUP, now=5.0) for _ in range(10)] == [0] * 10


def test_after_a_refusal_of_the_whole_bot_replies_leave_one_by_one_for_a_while() -> None:
    pace = Pace()
    assert pace.reserve_lane(now=10.0) == 0
    pace.refused(ANNA, 3.0, now=10.0)
    pace.refused(PETER, 3.0, now=10.1)

    waits = [pace.reserve_lane(now=14.0) for _ in range(51)]

    assert waits[0] == 0
    assert waits[50] == pytest.approx(2.0)
    assert pace.reserve_lane(now=200.0) == 0


def test_chats_do_not_wait_for_each_other() -> None:
    pace = Pace()
    for _ in range(50):
        pace.reserve(ANNA, now=10.0)

    assert pace.reserve(PETER, now=10.0) == 0


def test_a_refusal_pauses_its_chat_only() -> None:
    pace = Pace()
    pace.refused(ANNA, 30.0, now=10.0)
    pace.refused(ANNA, 5.0, now=10.1)

    assert pace.pause_left(ANNA, now=15.0) == 25.0
    assert pace.pause_left(PETER, now=15.0) == 0
    assert pace.pause_left(ANNA, now=41.0) == 0


def test_two_chats_refused_within_a_second_pause_the_lane() -> None:
    pace = Pace()
    pace.refused(ANNA, 30.0, now=10.0)
    pace.refused(PETER, 30.0, now=10.5)

    assert pace.pause_left(GROUP, now=20.0) == 20.5


def test_two_chats_refused_one_after_the_other_do_not() -> None:
    pace = Pace()
    pace.refused(ANNA, 30.0, now=10.0)
    pace.refused(PETER, 30.0, now=12.0)

    assert pace.pause_left(GROUP, now=20.0) == 0


def test_a_crowd_does_not_fill_the_memory() -> None:
    pace = Pace()
    for person in range(1, 50_001):
        pace.reserve(person, now=person / 100)

    assert len(pace._buckets) < 20_000
