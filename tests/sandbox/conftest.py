"""A running sandbox, a bot's client and a visitor for every test that asks for them."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.clients import BotClient, Clock, Visitor


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    running = Sandbox(now=clock.now)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def bot(http: aiohttp.ClientSession, sandbox: Sandbox) -> BotClient:
    return BotClient(http, sandbox)


@pytest.fixture
def visitor(http: aiohttp.ClientSession, sandbox: Sandbox) -> Visitor:
    return Visitor(http, sandbox)
