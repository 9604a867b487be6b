"""What machines are told about the bot's health."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.adapters.http import HealthServer


class Part:
    """A part that is well until told otherwise."""

    trouble = ""
    seconds = 0.0

    async def __call__(self) -> str:
        await asyncio.sleep(self.seconds)
        return self.trouble


@pytest.fixture
def telegram() -> Part:
    """The part that can be broken."""
    return Part()


@pytest.fixture
def store() -> Part:
    """The part without which nothing goes."""
    return Part()


@pytest.fixture
async def server(store: Part, telegram: Part) -> AsyncIterator[HealthServer]:
    """A server over two parts."""
    counts = {"updates_answered_total": 7, "updates_in_work": 1}
    server = HealthServer("127.0.0.1", 0, {"store": store}, {"telegram": telegram}, lambda: counts)
    await server.start()
    yield server
    await server.close()


async def get(server: HealthServer, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{server.port}{path}") as response,
    ):
        return response.status, await response.text()


async def test_all_well(server: HealthServer) -> None:
    assert await get(server, "/health") == (200, '{"status": "ok", "parts": {"store": "ok"}}')
    assert await get(server, "/ready") == (
        200,
        '{"status": "ok", "parts": {"telegram": "ok", "store": "ok"}}',
    )


async def test_telegram_away_is_named_and_no_reason_for_a_new_start(
    server: HealthServer, telegram: Part
) -> None:
    telegram.trouble = "no updates come from Telegram"

    assert await get(server, "/ready") == (
        503,
        '{"status": "trouble", "parts": {"telegram": "no updates come from Telegram", "store": "ok"}}',
    )
    assert (await get(server, "/health"))[0] == 200


async def test_without_a_store_it_neither_lives_nor_is_ready(server: HealthServer, store: Part) -> None:
    store.trouble = "the disk is full"

    assert await get(server, "/health") == (
        503,
        '{"status": "trouble", "parts": {"store": "the disk is full"}}',
    )
    assert (await get(server, "/ready"))[0] == 503


async def test_a_part_that_hangs_is_trouble(server: HealthServer, telegram: Part) -> None:
    telegram.seconds = 60.0

    status, text = await get(server, "/ready")

    assert status == 503
    assert '"telegram": "no answer within 2 s"' in text


async def test_counts_are_in_the_format_of_prometheus(server: HealthServer) -> None:
    assert await get(server, "/metrics") == (
        200,
        "# TYPE safety_bot_updates_answered_total counter\n"
        "safety_bot_updates_answered_total 7\n"
        "# TYPE safety_bot_updates_in_work gauge\n"
        "safety_bot_updates_in_work 1\n",
    )


async def test_nothing_else_is_there(server: HealthServer) -> None:
    assert (await get(server, "/"))[0] == 404


async def test_a_port_in_use_is_an_error_of_the_system(server: HealthServer) -> None:
    second = HealthServer("127.0.0.1", server.port, {}, {}, dict)

    with pytest.raises(OSError, match="address already in use"):
        await second.start()
