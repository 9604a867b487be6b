"""Trouble with the disk, the database and Telegram while a notice is being sent."""

import asyncio
import datetime as dt
import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest

from bot.core.chat import StoreUnavailable
from bot.core.notices.delivery import (
    Ambiguous,
    Migrated,
    Outcome,
    Progress,
    Rejected,
    Throttled,
    Unavailable,
    Unreachable,
)
from bot.core.notices.news import News
from bot.core.notices.record import Claim, Mailing, Marked
from tests.fakes_notices import make_notice
from tests.notices.town import Town, open_town, sqlite_url, until


class Disk:
    """The outbox on a disk that may be full: then writing fails, as SQLite says it, and reading does not."""

    def __init__(self, town: Town) -> None:
        self._outbox = town.store.outbox
        self.writes = 0
        self.full_from: int | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._outbox, name)

    async def claim(self, mailing: Mailing, most: int, now: dt.datetime) -> tuple[Claim, ...]:
        """Claim, unless the disk is full."""
        self._write()
        return await self._outbox.claim(mailing, most, now)

    async def record(self, marks: Sequence[Marked], now: dt.datetime) -> None:
        """Record, unless the disk is full."""
        self._write()
        await self._outbox.record(marks, now)

    def _write(self) -> None:
        self.writes += 1
        if self.full_from is not None and self.writes >= self.full_from:
            raise StoreUnavailable("database or disk is full")


async def fill_the_disk(town: Town, seed: int) -> None:
    """Let a random write of one broadcast fail, and all after it for a while."""
    chance = random.Random(seed)  # noqa: S311 - a test
    await town.settle(25)
    await town.issue()
    disk = Disk(town)
    disk.full_from = chance.randint(1, 45)
    stop = asyncio.Event()
    delivering = asyncio.create_task(town.new_deliver(disk).run(stop))
    await until(lambda: News.STORE_AWAY in town.operators.news, 20)
    at_failure = town.phones.attempts
    await asyncio.sleep(0.3)
    meanwhile = town.phones.attempts - at_failure

    disk.full_from = None
    await until(town.is_quiet, 20)
    stop.set()
    await delivering

    assert meanwhile <= 1
    assert sorted(town.phones.order) == list(range(1, 26))
    told = [one for one in town.operators.news if one in (News.STORE_AWAY, News.STORE_BACK)]
    assert told == [News.STORE_AWAY, News.STORE_BACK]
    assert await town.store.check_integrity() is None


@pytest.mark.parametrize("first", range(0, 100, 10))
async def test_with_a_full_disk_sending_stops_and_goes_on_by_itself(
    empty_database: Path, tmp_path: Path, first: int
) -> None:
    """T6: a hundred random writes fail, in ten towns at a time; at the pace of one message at a time."""
    async with AsyncExitStack() as towns:
        filling = []
        for seed in range(first, first + 10):
            folder = tmp_path / str(seed)
            folder.mkdir()
            shutil.copy(empty_database, folder / "bot.db")
            town = await towns.enter_async_context(open_town(sqlite_url(folder), rate=150))
            filling.append(fill_the_disk(town, seed))
        await asyncio.gather(*filling)


async def test_a_really_full_disk_corrupts_nothing(town: Town, tmp_path: Path) -> None:
    """T6, with SQLite itself: the file may not grow by another page."""
    await town.settle(30)
    await town.issue()
    town.rate = 150
    async with town.delivering():
        await until(lambda: len(town.phones.order) >= 3)
        async with town.store._database.writing() as connection:
            pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
            await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreUnavailable):
            await town.issue(make_notice(id="too-much", headline={"ru": "Я" * 9000, "en": "I"}))
        async with town.store._database.writing() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        await until(town.is_quiet)

    assert await town.store.check_integrity() is None
    assert sorted(town.phones.order) == list(range(1, 31))
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_database_locked_by_another_process_stops_the_sending_and_loses_nothing(
    town: Town, tmp_path: Path
) -> None:
    """T7, below the program; `tests/walks/test_locked.py` has it with residents who ask meanwhile."""
    await town.settle(60)
    await town.issue()
    town.rate = 30
    async with town.delivering():
        await until(lambda: len(town.phones.order) >= 5)
        path = tmp_path / "bot.db"
        with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            await until(lambda: News.STORE_AWAY in town.operators.news)
            sent = len(town.phones.order)
            await asyncio.sleep(1.0)
            assert len(town.phones.order) == sent
            other.execute("ROLLBACK")
        await until(town.is_quiet)

    assert sorted(town.phones.order) == list(range(1, 61))
    told = [one for one in town.operators.news if one in (News.STORE_AWAY, News.STORE_BACK)]
    assert told == [News.STORE_AWAY, News.STORE_BACK]


OUTCOMES: list[tuple[Outcome, Progress, int]] = [
    (Throttled(dt.timedelta(seconds=1)), Progress(sent=3), 1),
    (Throttled(dt.timedelta(seconds=600)), Progress(sent=2, queued=1), 0),
    (Unavailable("ConnectionRefused"), Progress(sent=3), 1),
    (Ambiguous("timeout"), Progress(sent=3), 2),
    (Unreachable("bot was blocked by the user"), Progress(sent=2, refused=1), 0),
    (Rejected("message is too long"), Progress(sent=2, refused=1), 0),
    (Migrated(-1005), Progress(sent=3), 0),
]
"""What one chat meets once -> how the mailing stands afterwards, and how many copies that chat has."""


@pytest.mark.parametrize(("outcome", "progress", "copies"), OUTCOMES, ids=lambda one: type(one).__name__)
async def test_each_outcome_ends_as_it_should(
    town: Town, outcome: Outcome, progress: Progress, copies: int
) -> None:
    """T4, at the level of outcomes; over HTTP it is tested with the channel."""
    met = iter([outcome])
    town.phones.meets = lambda chat: next(met, None) if chat == 2 else None
    await town.settle(3)
    await town.issue()

    async with town.delivering():
        await until(lambda: len(town.phones.order) >= 2)
        with_rest = progress.queued == 0
        await until(town.is_quiet if with_rest else (lambda: town.phones.attempts >= 3))
        await asyncio.sleep(0.1)

    assert await town.progress("water-cut") == progress
    assert len(town.phones.copies.get(2, ())) == copies
    if isinstance(outcome, Migrated):
        assert len(town.phones.copies[-1005]) == 1


async def test_two_doubts_and_no_third_copy(town: Town) -> None:
    town.phones.meets = lambda chat: Ambiguous("timeout") if chat == 2 else None
    await town.settle(3)
    await town.issue()
    await town.deliver_all()

    assert await town.progress("water-cut") == Progress(sent=2, uncertain=1)
    assert len(town.phones.copies[2]) == 2


async def test_an_outage_of_telegram_costs_a_few_doubts_and_not_one_for_everybody(town: Town) -> None:
    """While nothing gets through, one message now and then tries its luck."""
    is_out = True
    town.phones.meets = lambda _: Ambiguous("HTTP 502") if is_out else None
    town.rate = 100
    await town.settle(100)
    await town.issue()

    async with town.delivering():
        await until(lambda: News.NOTHING_THROUGH in town.operators.news)
        await asyncio.sleep(1.5)
        tried = town.phones.attempts
        is_out = False
        await until(town.is_quiet)

    assert tried <= 15
    assert await town.progress("water-cut") == Progress(sent=100)
    assert News.THROUGH_AGAIN in town.operators.news


async def test_asked_to_wait_the_whole_lane_waits_and_nothing_is_sent_into_the_block(town: Town) -> None:
    block = {1: Throttled(dt.timedelta(seconds=1)), 2: Throttled(dt.timedelta(seconds=1))}
    town.phones.meets = lambda chat: block.pop(chat, None)
    town.rate = 50
    await town.settle(20)
    await town.issue()

    async with town.delivering():
        await until(lambda: not block)
        at_block = town.phones.attempts
        await asyncio.sleep(0.5)
        into_the_block = town.phones.attempts - at_block
        await until(town.is_quiet)

    assert into_the_block == 0
    assert sorted(town.phones.order) == list(range(1, 21))


async def test_a_pause_outlives_the_process(town: Town) -> None:
    both = {1: Throttled(dt.timedelta(seconds=300)), 2: Throttled(dt.timedelta(seconds=300))}
    town.phones.meets = lambda chat: both.pop(chat, None)
    town.rate, town.phones.takes = 50, 0.1  # both are in flight before the first answer
    await town.settle(20)
    await town.issue()
    async with town.delivering():
        await until(lambda: not both)
        await asyncio.sleep(0.2)
    before = town.phones.attempts

    async with town.delivering() as deliver:
        await asyncio.sleep(0.5)
        paused = deliver.speed.paused_for

    assert town.phones.attempts == before
    assert 290 < paused <= 300


async def test_a_grave_notice_overtakes_a_routine_one_in_the_middle(town: Town) -> None:
    town.rate = 100
    await town.settle(200)
    await town.issue()
    async with town.delivering():
        await until(lambda: len(town.phones.order) >= 20)
        await town.submit(make_notice(id="grave", severity="Extreme"))
        await town.approve("grave")
        await town.publish.tick()
        before = len(town.phones.order)
        await until(town.is_quiet, within=20)

    grave = [
        place
        for place, chat in enumerate(town.phones.order)
        if "Extreme" in _words_at(town, place) or "extreme ru" in _words_at(town, place)
    ]
    assert len(grave) == 200
    assert grave[0] - before <= 0.3 * 100 + 8  # what was in flight, and no more
    routine_between = (grave[-1] - grave[0] + 1) - len(grave)
    assert routine_between <= 40  # only while somebody's last message is less than a second old
    assert (await town.progress("water-cut")).sent == 200


def _words_at(town: Town, place: int) -> str:
    chat = town.phones.order[place]
    earlier = town.phones.order[:place].count(chat)
    return town.phones.copies[chat][earlier].words


async def test_the_pace_is_even_and_is_kept(town: Town) -> None:
    town.rate = 100
    await town.settle(150)
    await town.issue()
    loop = asyncio.get_running_loop()

    started = loop.time()
    await town.deliver_all()
    took = loop.time() - started

    assert 1.4 <= took <= 3.5
