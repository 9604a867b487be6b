"""One process delivers at a time; whoever comes second learns at once who has the right."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store.lock import AlreadyDelivering, delivery_lock
from bot.core.chat import StoreUnavailable
from tests.fakes_notices import NOW
from tests.notices.nursery import Nursery, open_nursery
from tests.notices.town import until


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
                return await lock.is_held()
        except AlreadyDelivering:
            return False

    await until(is_free, seconds)


async def test_it_can_be_taken_again_after_it_was_let_go(url: str) -> None:
    for _ in range(2):
        async with delivery_lock(url, NOW) as lock:
            assert await lock.is_held()


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
