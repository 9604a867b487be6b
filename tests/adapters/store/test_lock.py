"""One process delivers at a time; whoever comes second learns at once who has the right."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest

from bot.adapters.store.lock import AlreadyDelivering, delivery_lock
from bot.core.chat import StoreUnavailable
from bot.core.notices.news import News
from bot.workflows.right import Right
from tests.fakes import Operators
from tests.fakes_notices import NOW
from tests.notices.nursery import Nursery, open_nursery
from tests.notices.town import open_town, until


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """A nursery for the other process."""
    with open_nursery() as nursery:
        yield nursery


async def test_the_second_process_is_refused_in_two_seconds_and_told_who_has_it(
    url: str, nursery: Nursery, tmp_path: Path
) -> None:
    """T17."""
    sign = tmp_path / "held"
    process = await asyncio.to_thread(nursery.start, "tests.notices.lives:hold_lock", url, str(sign), 60)
    await until(sign.exists)

    started = time.monotonic()
    with pytest.raises(AlreadyDelivering) as refused:
        async with delivery_lock(url, NOW):
            pytest.fail("both have it")

    assert time.monotonic() - started < 2
    assert f"process {process} on " in str(refused.value)
    assert ", since 20" in str(refused.value)

    os.kill(process, signal.SIGKILL)
    await asyncio.to_thread(nursery.wait)
    await _take_within(url, 2.0)  # however the process ended, the right ended with it


async def _take_within(url: str, seconds: float) -> None:
    async def is_free() -> bool:
        try:
            async with delivery_lock(url, NOW) as lock:
                return not await lock.hold()
        except AlreadyDelivering:
            return False

    await until(is_free, seconds)


async def test_it_can_be_taken_again_after_it_was_let_go(url: str) -> None:
    for _ in range(2):
        async with delivery_lock(url, NOW) as lock:
            assert await lock.hold() == ""


async def test_within_one_process_too_only_one_has_it(url: str) -> None:
    async with delivery_lock(url, NOW):
        with pytest.raises(AlreadyDelivering):
            async with delivery_lock(url, NOW):
                pytest.fail("both have it")


async def test_a_folder_that_cannot_be_is_told_as_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreUnavailable):
        async with delivery_lock(f"sqlite:///{tmp_path}/file/bot.db", NOW):
            pytest.fail("there is no such folder")


@pytest.mark.parametrize("new_url", ["postgresql"], indirect=True)
async def test_a_right_that_the_server_dropped_is_taken_again_unless_somebody_was_faster(url: str) -> None:
    async with delivery_lock(url, NOW) as lock:
        await _drop_the_right(url)
        assert await lock.hold() == ""
        with pytest.raises(AlreadyDelivering):
            async with delivery_lock(url, NOW):
                pytest.fail("both have it")

        await _drop_the_right(url)
        async with delivery_lock(url, NOW):
            assert f"process {os.getpid()} on " in await lock.hold()
        assert await lock.hold() == ""


@pytest.mark.parametrize("new_url", ["postgresql"], indirect=True)
async def test_a_broadcast_stands_still_without_the_right_and_goes_on_with_it(url: str) -> None:
    async with open_town(url) as town, delivery_lock(url, NOW) as lock:
        passed, operators = 0.0, Operators()
        right = Right(lock, lambda: passed, operators.tell)
        town.rate = 100
        await town.settle(200)
        await town.issue()
        deliver = town.new_deliver(is_allowed=right.is_ours)
        stop = asyncio.Event()
        delivering = asyncio.create_task(deliver.run(stop))
        await until(lambda: len(town.phones.order) >= 10)

        await _drop_the_right(url)
        passed += 10
        await until(lambda: len(town.phones.order) >= 30)
        assert (right.trouble, operators.news) == ("", [])

        await _drop_the_right(url)
        async with delivery_lock(url, NOW):
            passed += 10
            await until(lambda: bool(right.trouble))
            sent = town.phones.attempts
            await asyncio.sleep(0.5)
            assert town.phones.attempts == sent
        passed += 10
        await until(town.is_quiet)
        stop.set()
        await delivering

    assert sorted(town.phones.order) == list(range(1, 201))
    assert operators.news == [News.RIGHT_LOST, News.RIGHT_BACK]


async def _drop_the_right(url: str) -> None:
    """Do what a server does that restarts."""
    connection = await asyncpg.connect(url)
    dropped = await connection.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name LIKE 'safety-bot, %' AND datname = current_database()"
    )
    await connection.close()
    assert dropped == 1
