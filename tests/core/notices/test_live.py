"""What /now shows: what is in force for one's places, and nothing that somebody stopped as doubtful."""

import datetime as dt

import pytest

from bot.core.notices.live import live_for, live_of
from bot.core.notices.record import Record
from bot.core.notices.states import State
from tests.core.notices.making import NOW, areas, make_all_clear, make_notice, make_withdrawal, times_of


def make_record(state: State, notice: object = None) -> Record:
    announcement = make_notice() if notice is None else notice
    assert isinstance(announcement, type(make_notice()))
    return Record(
        announcement.id, announcement, NOW, state=state, times=times_of(announcement), issued_at=NOW
    )


@pytest.mark.parametrize(
    ("record", "is_shown"),
    [
        (make_record(State.PUBLISHING), True),
        (make_record(State.ACTIVE), True),
        (make_record(State.STOPPED), False),
        (make_record(State.ACTIVE, make_all_clear()), True),
        (make_record(State.ACTIVE, make_withdrawal()), False),
    ],
)
def test_what_people_can_go_by_is_shown(record: Record, is_shown: bool) -> None:
    assert (live_of(record) is not None) is is_shown


def test_what_is_over_is_not_shown_even_before_anybody_has_marked_it() -> None:
    live = live_of(make_record(State.ACTIVE))
    assert live is not None

    assert live_for(frozenset(), (live,), areas(), NOW + dt.timedelta(hours=2)) == (live,)
    assert live_for(frozenset(), (live,), areas(), NOW + dt.timedelta(hours=3)) == ()
