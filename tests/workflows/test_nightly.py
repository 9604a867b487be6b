"""A copy of the database every night, whenever the bot was started, and word of it where that fails."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.core.chat import StoreUnavailable
from bot.core.notices.news import News
from bot.workflows.nightly import back_up_nightly
from tests.fakes import Clock, Operators
from tests.notices.town import local, until

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass
class Nights:
    """Copies in memory; `away` is why none can be made."""

    made: list[dt.date] = field(default_factory=list)
    away: str = ""
    tried: int = 0
    takes: float = 0.0

    def has(self, count: int) -> bool:
        """Return whether there are so many."""
        return len(self.made) == count

    def newest_copy(self) -> dt.date | None:
        """Return the night of the last one."""
        return max(self.made, default=None)

    async def copy_for(self, night: dt.date, now: dt.datetime) -> None:
        """Make one."""
        self.tried += 1
        if self.away:
            raise StoreUnavailable(self.away)
        await asyncio.sleep(self.takes)
        self.made.append(night)


@asynccontextmanager
async def running(nights: Nights, clock: Clock, operators: Operators) -> AsyncIterator[None]:
    """Let it look all the time."""
    stop = asyncio.Event()
    task = asyncio.create_task(back_up_nightly(nights, clock, MOSCOW, operators.tell, stop, 0.001, 0.001))
    yield
    stop.set()
    await task


def days(*texts: str) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]


async def test_each_night_has_one_copy_from_three_in_the_morning_on() -> None:
    nights, clock = Nights(days("2026-11-21")), Clock(local("2026-11-22 02:30"))
    async with running(nights, clock, Operators()):
        await asyncio.sleep(0.05)
        assert nights.made == days("2026-11-21")
        for number, night in enumerate(("2026-11-22", "2026-11-23"), 1):
            clock.time = local(f"{night} 03:00")
            await until(partial(nights.has, 1 + number))
            clock.time = local(f"{night} 23:00")
            await asyncio.sleep(0.02)

    assert nights.made == days("2026-11-21", "2026-11-22", "2026-11-23")


@pytest.mark.parametrize("made", [[], days("2026-11-12")], ids=["never", "long ago"])
async def test_a_night_slept_through_is_made_up_for(made: Iterable[dt.date]) -> None:
    nights = Nights(list(made))
    async with running(nights, Clock(local("2026-11-22 15:00")), Operators()):
        await until(lambda: nights.tried > 0)

    assert nights.made[-1:] == days("2026-11-22")


async def test_one_that_fails_is_tried_again_and_told_of_once_a_night() -> None:
    nights, clock, operators = Nights(away="disk full"), Clock(local("2026-11-22 04:00")), Operators()
    async with running(nights, clock, operators):
        await until(lambda: nights.tried >= 3)
        clock.time = local("2026-11-23 04:00")
        await until(lambda: len(operators.heard) == 2)
        nights.away = ""
        await until(lambda: bool(nights.made))

    assert [(one.news, one.detail) for one in operators.heard] == [(News.NO_BACKUP, "disk full")] * 2


async def test_a_copy_that_takes_minutes_is_given_up_when_the_program_ends_and_made_up_for_later() -> None:
    nights, clock = Nights(takes=600.0), Clock(local("2026-11-22 04:00"))
    async with asyncio.timeout(5), running(nights, clock, Operators()):
        await until(lambda: nights.tried == 1)
    assert nights.made == []

    nights.takes = 0.0
    async with running(nights, clock, Operators()):
        await until(partial(nights.has, 1))
