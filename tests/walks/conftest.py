"""A town and the bot in it, fresh for every walk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.walks.town import BotProcess, Town, environment, running_sandbox

CANARY = "7777777777:CANARY-token-that-must-show-up-nowhere"


@pytest.fixture
async def sandbox_and_town() -> AsyncIterator[tuple[Sandbox, Town]]:
    """Run the sandbox with the canary for a token."""
    async with running_sandbox(CANARY) as running:
        yield running


@pytest.fixture
def town(sandbox_and_town: tuple[Sandbox, Town]) -> Town:
    """Return the town."""
    return sandbox_and_town[1]


@pytest.fixture
async def bot(town: Town, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Run the bot and stop it in the end."""
    process = BotProcess(environment(town.url, tmp_path / "data", CANARY), tmp_path / "log")
    await process.start()
    yield process
    assert await process.stop() == 0, process.log
