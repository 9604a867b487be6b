"""What is known of people goes when its time is over, and a store that is away only puts it off."""

import asyncio
import datetime as dt

from bot.core.chat import StoreUnavailable
from bot.workflows.forget import forget_in_time

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


class Kept:
    """Remembers what was to be forgotten; away at first when told so."""

    def __init__(self, stop: asyncio.Event, away: bool = False) -> None:
        self.asked: list[object] = []
        self._stop = stop
        self._away = away

    async def forget_recipients(self, ended_before: dt.datetime) -> int:
        self._stop.set()
        if self._away:
            raise StoreUnavailable("away")
        self.asked.append(ended_before)
        return 1

    async def sum_up(self, ended_before: dt.datetime) -> int:
        self.asked.append(ended_before)
        return 1

    async def discard_old(self) -> None:
        self.asked.append("misses")


async def test_who_got_a_notice_is_forgotten_two_weeks_after_its_end_and_in_a_month_its_rows_are() -> None:
    stop = asyncio.Event()
    kept = Kept(stop)

    await asyncio.wait_for(forget_in_time(kept, kept, lambda: NOW, stop), 5)

    assert kept.asked == [NOW - dt.timedelta(days=14), "misses", NOW - dt.timedelta(days=30)]


async def test_a_store_that_is_away_ends_nothing() -> None:
    stop = asyncio.Event()
    kept = Kept(stop, away=True)

    await asyncio.wait_for(forget_in_time(kept, kept, lambda: NOW, stop), 5)

    assert kept.asked == []
