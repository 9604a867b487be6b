"""A channel that cannot be found: residents get their notice, operators and `/ready` say what is missing."""

import asyncio
from pathlib import Path

import aiohttp

from tests.walks.conftest import running_bot
from tests.walks.crowd import Tally, free_content, settle, write_notice
from tests.walks.test_trouble import free_port
from tests.walks.town import Town, eventually

OPERATOR = 1000


async def test_a_channel_that_is_not_there_keeps_no_notice_from_anybody(
    town: Town, data: Path, tmp_path: Path
) -> None:
    content = await asyncio.to_thread(free_content, tmp_path)
    write_notice(content)
    people, port = await settle(town, data, 10), free_port()
    settings = {
        "BOT_CHANNEL": "@nosuchchannel",
        "BOT_CONTENT_DIR": str(content),
        "BOT_OPERATORS": str(OPERATOR),
        "BOT_HTTP_LISTEN": f"127.0.0.1:{port}",
    }
    await town.say(OPERATOR, "/start")
    async with running_bot(town, data, **settings):
        copies = await Tally(town, people).until(10, seconds=30)
        await eventually(
            lambda: town.replies(OPERATOR),
            lambda replies: any("Канал не найден" in one["text"] for one in replies),
        )
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/ready") as well:
            status, parts = well.status, (await well.json())["parts"]

    assert set(copies.values()) == {1}
    assert status == 503
    assert parts["notices"] == (
        "BOT_CHANNEL: @nosuchchannel cannot be found; is the bot an administrator there?"
    )
    assert parts["telegram"] == parts["database"] == "ok"
