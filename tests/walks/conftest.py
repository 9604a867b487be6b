"""A town and the bot in it: fresh for every walk, or shared by the walks of one file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.walks.town import BotProcess, Town, environment, eventually, running_sandbox

CANARY = "7777777777:CANARY-token-that-must-show-up-nowhere"


@asynccontextmanager
async def running_bot(town: Town, folder: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """Run the bot, and stop it in the end as an operator would."""
    process = BotProcess(environment(town.url, folder / "data", CANARY, **settings), folder / "log")
    await process.start()
    await eventually(lambda: town.calls("getUpdates"), bool, seconds=60)
    yield process
    assert await process.stop() == 0, process.log


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """Return a town of its own."""
    async with running_sandbox(CANARY) as town:
        yield town


@pytest.fixture
async def bot(town: Town, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Return a bot of its own."""
    async with running_bot(town, tmp_path) as process:
        yield process


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_town() -> AsyncIterator[Town]:
    """Return a town that the walks of one file share; each takes people of its own."""
    async with running_sandbox(CANARY) as town:
        yield town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_bot(
    shared_town: Town, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """Return a bot that the walks of one file share."""
    async with running_bot(shared_town, tmp_path_factory.mktemp("bot")) as process:
        yield process
