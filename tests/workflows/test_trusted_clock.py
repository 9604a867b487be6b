"""The clock of everything about notices: ours, until another one says that it is plainly wrong."""

import datetime as dt

from bot.workflows.trusted_clock import TrustedClock
from tests.fakes import Clock
from tests.fakes_notices import NOW


def test_a_clock_that_is_plainly_wrong_is_set_right_by_what_was_heard() -> None:
    wall = Clock(NOW)
    clock = TrustedClock(wall, wall.steady)
    assert clock() == NOW

    clock.hear(NOW + dt.timedelta(seconds=20))
    assert clock() == NOW

    clock.hear(NOW - dt.timedelta(days=1))
    wall.pass_by(minutes=5)
    assert clock() == NOW - dt.timedelta(days=1) + dt.timedelta(minutes=5)
