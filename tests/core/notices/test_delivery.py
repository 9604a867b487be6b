"""A delivery reaches everybody, and nobody a third time."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.notices.delivery import (
    FINAL,
    TRANSITIONS,
    Ambiguous,
    Delivery,
    DeliveryRefused,
    DeliveryState,
    Migrated,
    Outcome,
    Progress,
    Rejected,
    Sent,
    Step,
    Task,
    Throttled,
    Unavailable,
    Unreachable,
    advance,
    claim,
    conclude,
    correction_recipients,
    drop,
    hand_back,
    recover,
    wait_after,
)
from bot.core.notices.priority import Lane, lane_of, rings
from tests.core.notices.making import (
    NOW,
    make_all_clear,
    make_correction,
    make_drill,
    make_notice,
    make_withdrawal,
)

QUEUED = Delivery("drone-roslavl", 1, 77)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", DeliveryState)
def test_every_cell_of_the_table_is_followed_and_every_other_pair_is_refused_by_name(
    state: DeliveryState, step: Step
) -> None:
    following = TRANSITIONS[state].get(step)

    if following is not None:
        assert advance(state, step) is following
        return
    with pytest.raises(DeliveryRefused, match=f"'{step}'.*'{state}'"):
        advance(state, step)


def test_an_attempt_is_written_down_before_the_message_leaves() -> None:
    claimed = claim(QUEUED, NOW)

    assert (claimed.state, claimed.attempts, claimed.started_at) == (DeliveryState.SENDING, 1, NOW)


@pytest.mark.parametrize(
    ("outcome", "state", "doubts"),
    [
        (Sent(5), DeliveryState.SENT, 0),
        (Unreachable("blocked"), DeliveryState.REFUSED, 0),
        (Rejected("too long"), DeliveryState.REFUSED, 0),
        (Throttled(dt.timedelta(seconds=9)), DeliveryState.QUEUED, 0),
        (Unavailable("no connection"), DeliveryState.QUEUED, 0),
        (Migrated(-100), DeliveryState.QUEUED, 0),
        (Ambiguous("timeout"), DeliveryState.QUEUED, 1),
    ],
)
def test_what_follows_a_first_attempt(outcome: Outcome, state: DeliveryState, doubts: int) -> None:
    after = conclude(claim(QUEUED, NOW), outcome, NOW)

    assert (after.state, after.doubts, after.started_at) == (state, doubts, None)


def test_a_throttled_delivery_waits_as_long_as_it_was_asked() -> None:
    after = conclude(claim(QUEUED, NOW), Throttled(dt.timedelta(seconds=600)), NOW)

    assert not after.is_due(NOW + dt.timedelta(seconds=599))
    assert after.is_due(NOW + dt.timedelta(seconds=600))


def test_a_group_that_migrated_gets_it_under_its_new_id() -> None:
    assert conclude(claim(QUEUED, NOW), Migrated(-100), NOW).chat_id == -100


def test_a_second_doubt_is_shown_to_an_operator_and_not_tried_again() -> None:
    once = recover(claim(QUEUED, NOW), NOW)
    twice = conclude(claim(once, NOW), Ambiguous("timeout"), NOW)

    assert twice.state is DeliveryState.UNCERTAIN
    assert twice.is_final


def test_an_edit_may_be_repeated_for_it_changes_nothing_twice() -> None:
    edit = Delivery("drone-roslavl", 1, 77, Task.EDIT)
    for _ in range(5):
        edit = conclude(claim(edit, NOW), Ambiguous("timeout"), NOW)

    assert (edit.state, edit.doubts) == (DeliveryState.QUEUED, 0)


def test_what_ended_before_its_turn_is_dropped_but_not_while_it_is_on_its_way() -> None:
    assert drop(QUEUED, "expired").state is DeliveryState.DROPPED
    with pytest.raises(DeliveryRefused):
        drop(claim(QUEUED, NOW), "expired")


def test_what_may_have_arrived_is_not_called_dropped() -> None:
    doubtful = recover(claim(QUEUED, NOW), NOW)

    assert drop(doubtful, "withdrawn").state is DeliveryState.UNCERTAIN


def test_a_claim_that_was_not_used_leaves_no_trace() -> None:
    assert hand_back(claim(QUEUED, NOW)) == QUEUED


def test_waiting_doubles_up_to_a_minute() -> None:
    assert [wait_after(n).seconds for n in (1, 2, 3, 7, 99)] == [1, 2, 4, 60, 60]


def test_a_correction_goes_to_exactly_those_who_have_the_wrong_text() -> None:
    got_it = conclude(claim(QUEUED, NOW), Sent(5), NOW)
    may_have_it = recover(claim(Delivery("drone-roslavl", 1, 78), NOW), NOW)
    blocked = conclude(claim(Delivery("drone-roslavl", 1, 79), NOW), Unreachable("blocked"), NOW)
    never = Delivery("drone-roslavl", 1, 80)

    assert correction_recipients([got_it, may_have_it, blocked, never]) == (77, 78)


def test_finished_is_computed_from_the_rows() -> None:
    counts = {DeliveryState.SENT: 5, DeliveryState.REFUSED: 2, DeliveryState.UNCERTAIN: 1}

    assert Progress.of(counts).is_finished
    assert Progress.of(counts).total == 8
    assert not Progress.of({**counts, DeliveryState.SENDING: 1}).is_finished


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["sent", "blocked", "throttled", "unavailable", "lost answer", "crash", "drop"]),
        st.booleans(),
    ),
    max_size=40,
)


@given(MOVES)
def test_no_history_gives_a_third_copy_or_loses_anybody(moves: list[tuple[str, bool]]) -> None:
    delivery, copies, now = QUEUED, 0, NOW
    # In the end the network is well again, so that every history comes to its end.
    for move, arrives in [*moves, ("sent", True)]:
        now += dt.timedelta(minutes=2)
        if delivery.is_final:
            break
        if move == "drop":
            delivery = drop(delivery, "expired")
            continue
        delivery = claim(delivery, now)
        match move:
            case "sent":
                copies += 1
                delivery = conclude(delivery, Sent(copies), now)
            case "blocked":
                delivery = conclude(delivery, Unreachable("blocked"), now)
            case "throttled":
                delivery = conclude(delivery, Throttled(dt.timedelta(seconds=5)), now)
            case "unavailable":
                delivery = conclude(delivery, Unavailable("no connection"), now)
            case "lost answer":
                copies += arrives
                delivery = conclude(delivery, Ambiguous("timeout"), now)
            case "crash":
                copies += arrives
                delivery = recover(delivery, now)

    assert copies <= 2
    assert delivery.state in FINAL
    assert delivery.state is not DeliveryState.SENT or copies >= 1
    assert delivery.state is not DeliveryState.DROPPED or copies == 0
    assert copies == 0 or delivery.may_have_arrived


def test_corrections_overtake_urgent_ones_and_those_the_rest() -> None:
    assert lane_of(make_withdrawal()) is Lane.TAKE_BACK
    assert lane_of(make_correction()) is Lane.TAKE_BACK
    assert lane_of(make_notice(severity="Extreme")) is Lane.URGENT
    assert lane_of(make_notice(severity="Severe")) is Lane.URGENT
    assert lane_of(make_notice()) is Lane.ROUTINE
    assert sorted(Lane) == [Lane.TAKE_BACK, Lane.URGENT, Lane.REPLY, Lane.ROUTINE]


def test_a_drill_overtakes_nothing_and_wakes_nobody() -> None:
    drill = make_drill(severity="Extreme")

    assert lane_of(drill) is Lane.ROUTINE
    assert not rings(drill)


def test_grave_unjudged_and_corrected_ones_ring_at_any_hour() -> None:
    assert rings(make_notice(severity="Extreme"))
    assert rings(make_notice(severity="Unknown"))
    assert rings(make_correction(severity="Minor"))
    assert rings(make_withdrawal(severity="Minor"))
    assert not rings(make_notice(severity="Moderate"))
    assert not rings(make_all_clear(severity="Minor"))
