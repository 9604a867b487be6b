"""The life of a notice goes as its table says, and no other way."""

import pytest

from bot.core.notices.states import (
    ENDED,
    IN_FORCE,
    PENDING,
    TRANSITIONS,
    Event,
    Refused,
    State,
    advance,
    may,
)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_every_cell_of_the_table_is_followed_and_every_other_pair_is_refused_by_name(
    state: State, event: Event
) -> None:
    following = TRANSITIONS[state].get(event)

    assert may(state, event) == (following is not None)
    if following is not None:
        assert advance(state, event) is following
        return
    with pytest.raises(Refused) as refusal:
        advance(state, event)
    assert f"'{event}'" in str(refusal.value)
    assert f"'{state}'" in str(refusal.value)


def reachable(start: State) -> set[State]:
    found = {start}
    while True:
        more = {following for state in found for following in TRANSITIONS[state].values()}
        if more <= found:
            return found
        found |= more


def test_every_state_can_come_about() -> None:
    assert reachable(State.DRAFT) == set(State)


@pytest.mark.parametrize("state", State)
def test_every_life_can_end(state: State) -> None:
    assert any(not TRANSITIONS[one] for one in reachable(state))


def test_nothing_is_sent_without_an_approval() -> None:
    table = {
        state: {e: s for e, s in cells.items() if e is not Event.APPROVE}
        for state, cells in TRANSITIONS.items()
    }
    found = {State.DRAFT}
    for _ in State:
        found |= {following for state in found for following in table[state].values()}

    assert State.PUBLISHING not in found
    assert State.APPROVED not in found


@pytest.mark.parametrize("state", [s for s in State if s in PENDING | IN_FORCE])
def test_whatever_is_under_way_can_be_withdrawn_at_once(state: State) -> None:
    assert advance(state, Event.WITHDRAW) is State.CANCELLED


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.SCHEDULED, State.HELD])
def test_a_change_voids_the_approval(state: State) -> None:
    assert advance(state, Event.REVISE) is State.DRAFT


def test_what_would_go_by_itself_soon_can_be_held_on() -> None:
    assert advance(State.HELD, Event.STOP) is State.HELD


def test_the_endings_differ_in_name_and_in_words() -> None:
    assert len({state.phrase for state in ENDED}) == len(ENDED) == 4


def test_a_wrong_notice_can_be_taken_back_after_its_end() -> None:
    assert advance(State.EXPIRED, Event.WITHDRAW) is State.CANCELLED


def test_every_state_and_event_has_a_phrase_and_is_stored_as_its_value() -> None:
    for member in (*State, *Event):
        assert member.phrase
        assert f"{member}" == member.value
    assert State("held") is State.HELD
