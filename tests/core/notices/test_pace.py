"""Messages leave evenly, never in a burst, and not at all while Telegram asks to wait."""

import heapq
import random
from bisect import bisect

import pytest

from bot.core.notices.pace import HOLD_AT_MOST, TOGETHER, ChatClock, LaneClock


def departures(clock: LaneClock, count: int, now: float = 0.0) -> list[float]:
    found = []
    for _ in range(count):
        now += clock.wait(now)
        found.append(now)
        clock = clock.sent(now).succeeded()
    return found


def test_the_default_leaves_room_for_replies() -> None:
    times = departures(LaneClock(), 241)

    assert times[-1] == pytest.approx(10.0)


def test_time_not_used_makes_no_burst() -> None:
    clock = LaneClock.at_rate(10).sent(0.0)

    times = departures(clock.rested(60.0), 3, now=60.0)

    assert times == pytest.approx([60.0, 60.1, 60.2])


@pytest.mark.parametrize("rate", [24.0, 1000.0])
def test_lateness_costs_no_message_and_is_made_up_for_without_a_burst(rate: float) -> None:
    chance = random.Random(5)  # noqa: S311 - a test
    clock, now, times = LaneClock.at_rate(rate), 0.0, []
    while now < 20.0:
        stall = chance.choice([0.0, 0.01, 0.1]) if chance.random() < 0.5 / rate else 0.0
        now += clock.wait(now) + stall
        clock = clock.sent(now)
        times.append(now)

    assert len(times) >= 20 * rate * 0.97
    in_a_second = max(bisect(times, at + 1.0) - number for number, at in enumerate(times))
    assert in_a_second <= (1 + TOGETHER) * clock.haste * rate + 1


def test_a_long_stall_makes_no_burst_at_all() -> None:
    clock = LaneClock().sent(0.0)

    times = departures(clock, 24, now=30.0)

    assert times[-1] - times[0] >= 22 / (24 * LaneClock().haste)


def test_one_chat_told_to_wait_for_ten_minutes_stops_the_lane_for_seconds_only() -> None:
    clock = LaneClock().throttled(0.0, chat_id=1, retry_after=600)

    assert clock.wait(0.0) == HOLD_AT_MOST
    assert ChatClock().throttled(0.0, 600).wait(0.0) == 600


def test_a_second_chat_says_that_the_bot_is_meant() -> None:
    in_flight = LaneClock().throttled(0.0, 1, 60).throttled(0.1, 2, 60)
    probing = LaneClock().throttled(0.0, 1, 60).throttled(5.3, 2, 55)

    assert in_flight.wait(1.0) == pytest.approx(59.1)
    assert probing.wait(5.3) == pytest.approx(55)


def test_the_same_chat_again_or_another_one_much_later_does_not() -> None:
    same = LaneClock().throttled(0.0, 1, 60).throttled(5.3, 1, 60)
    later = LaneClock().throttled(0.0, 1, 60).throttled(30.0, 2, 60)

    assert same.wait(5.3) == pytest.approx(HOLD_AT_MOST)
    assert later.wait(30.0) == pytest.approx(HOLD_AT_MOST)


def test_one_block_slows_the_lane_once_and_successes_bring_it_back() -> None:
    clock = LaneClock.at_rate(20).throttled(0.0, 1, 3).throttled(0.1, 2, 3).throttled(0.2, 3, 3)

    assert clock.rate == pytest.approx(14.0)
    for _ in range(1000):
        clock = clock.succeeded()
    assert clock.rate == 20
    assert clock.is_paused(1.0)
    assert not clock.is_paused(4.0)


def test_it_never_stands_still_for_good() -> None:
    clock = LaneClock.at_rate(20)
    for n in range(50):
        clock = clock.throttled(n * 100.0, n, 3)

    assert clock.rate == 1.0


def test_the_window_is_small() -> None:
    assert LaneClock.at_rate(28).window == 12
    assert LaneClock.at_rate(10_000).window == 256


def test_a_private_chat_gets_one_a_second_and_a_group_twenty_a_minute() -> None:
    private, group = ChatClock().sent(0.0), ChatClock.for_group().sent(0.0)

    assert private.wait(0.2) == pytest.approx(0.8)
    assert group.wait(0.0) == pytest.approx(3.0)
    assert private.wait(9.0) == 0.0


def simulate(
    rate: float, limit: float, count: int, block: float = 3.0, latency: float = 0.02
) -> tuple[float, int]:
    """Send to a server that allows `limit` a second and blocks for `block`: (seconds, sends into the
    block).
    """
    clock, now, into, left, sent = LaneClock.at_rate(rate), 0.0, 0, count, 0
    tokens, filled, blocked_until = limit, 0.0, 0.0
    answers: list[tuple[float, bool, int, float]] = []
    while sent < count:
        leaves = now + clock.wait(now) if left else float("inf")
        if answers and answers[0][0] <= leaves:
            now, ok, chat, retry = heapq.heappop(answers)
            clock = clock.succeeded() if ok else clock.throttled(now, chat, retry)
            sent += ok
            left += not ok
            continue
        now, left = leaves, left - 1
        tokens, filled = min(limit, tokens + (now - filled) * limit), now
        ok = now >= blocked_until and tokens >= 1
        if not ok and now >= blocked_until:
            blocked_until = now + block
        elif not ok:
            into += 1
        tokens -= ok
        heapq.heappush(answers, (now + latency, ok, left, blocked_until - now))
        clock = clock.sent(now)
    return now, into


def test_within_the_limit_nothing_is_ever_refused() -> None:
    seconds, into = simulate(rate=28, limit=30, count=300)

    assert seconds <= 11.5
    assert into == 0


def test_where_the_true_limit_is_lower_it_is_found_without_hammering() -> None:
    seconds, into = simulate(rate=28, limit=20, count=300)

    assert seconds <= 1.3 * 300 / 20
    assert into <= LaneClock.at_rate(28).window
