"""The scene that every test of the Telegram adapter plays in."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.adapters.telegram.scene import Scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A sandbox that listens on a free port, and a client for it."""
    sandbox = Sandbox()
    await sandbox.start()
    async with aiohttp.ClientSession() as http:
        yield Scene(sandbox, http)
    await sandbox.stop()
