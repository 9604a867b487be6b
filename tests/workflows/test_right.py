"""The right to deliver: asked of the lock now and then, its loss and return told once."""

from dataclasses import dataclass

from bot.core.notices.news import News
from bot.workflows.right import ASKED_AGAIN, ASKED_EVERY, Right
from tests.fakes import Clock, Operators
from tests.fakes_notices import NOW


@dataclass
class Lock:
    """A lock that somebody else may have."""

    owner: str = ""
    asked: int = 0

    async def hold(self) -> str:
        """Say who has it."""
        self.asked += 1
        return self.owner


async def test_while_all_is_well_the_lock_is_asked_seldom_and_nobody_is_told() -> None:
    lock, clock, operators = Lock(), Clock(NOW), Operators()
    right = Right(lock, clock.steady, operators.tell)

    for _ in range(10):
        assert await right.is_ours()
        clock.pass_by(seconds=ASKED_EVERY / 5)

    assert lock.asked == 2
    assert operators.news == []


async def test_its_loss_is_told_once_and_so_is_its_return() -> None:
    lock, clock, operators = Lock(), Clock(NOW), Operators()
    right = Right(lock, clock.steady, operators.tell)
    assert await right.is_ours()

    lock.owner = "another process delivers"
    clock.pass_by(seconds=ASKED_EVERY)
    for _ in range(3):
        assert not await right.is_ours()
        clock.pass_by(seconds=ASKED_AGAIN)
    assert right.trouble == "another process delivers"
    lock.owner = ""
    assert await right.is_ours()

    assert right.trouble == ""
    assert operators.news == [News.RIGHT_LOST, News.RIGHT_BACK]
