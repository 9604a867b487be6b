"""One person's flood: answered a few times, told once, then ignored for a while."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.flood import MESSAGES, VITAL, Allowance, Budget, Verdict, is_forgettable, judge

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def verdicts(moments: list[dt.datetime], budget: Budget = MESSAGES) -> list[Verdict]:
    allowance: Allowance | None = None
    given_verdicts = []
    for moment in moments:
        verdict, allowance = judge(allowance, moment, budget)
        given_verdicts.append(verdict)
    return given_verdicts


def test_two_hundred_messages_at_once_get_a_few_answers_and_one_word_about_it() -> None:
    seen = verdicts([NOON] * 200)

    assert seen[: MESSAGES.burst] == [Verdict.ANSWER] * MESSAGES.burst
    assert seen[MESSAGES.burst] is Verdict.TELL
    assert set(seen[MESSAGES.burst + 1 :]) == {Verdict.IGNORE}


def test_somebody_who_writes_every_few_seconds_is_always_answered() -> None:
    moments = [NOON + dt.timedelta(seconds=4 * n) for n in range(100)]

    assert set(verdicts(moments)) == {Verdict.ANSWER}


def test_after_the_silence_answers_come_again() -> None:
    flood = [NOON] * (MESSAGES.burst + 5)

    seen = verdicts([*flood, NOON + MESSAGES.silence])

    assert seen[-1] is Verdict.ANSWER


def test_a_clock_that_jumps_back_silences_nobody_for_longer() -> None:
    flood = [NOON] * (MESSAGES.burst + 5)

    seen = verdicts([*flood, NOON - dt.timedelta(days=1)])

    assert seen[-1] is Verdict.ANSWER


@given(st.lists(st.integers(min_value=0, max_value=20), min_size=1, max_size=300))
def test_nobody_is_told_twice_within_one_silence(gaps: list[int]) -> None:
    moments, now = [], NOON
    for gap in gaps:
        now += dt.timedelta(seconds=gap)
        moments.append(now)

    told = [m for m, v in zip(moments, verdicts(moments), strict=True) if v is Verdict.TELL]

    assert all(later - earlier >= MESSAGES.silence for earlier, later in pairwise(told))


def test_an_allowance_is_forgettable_only_once_it_is_full_again() -> None:
    _, allowance = judge(None, NOON, MESSAGES)

    assert not is_forgettable(allowance, NOON + dt.timedelta(seconds=10), MESSAGES)
    assert is_forgettable(allowance, NOON + dt.timedelta(minutes=10), MESSAGES)


def test_a_budget_without_a_silence_takes_the_next_as_soon_as_there_is_one() -> None:
    seen = verdicts([NOON] * 10 + [NOON + VITAL.refill], VITAL)

    assert seen[: VITAL.burst] == [Verdict.ANSWER] * VITAL.burst
    assert set(seen[VITAL.burst : -1]) == {Verdict.IGNORE}
    assert seen[-1] is Verdict.ANSWER
