"""What must show up nowhere, whatever happens and however much is logged: the token, what residents say."""

import asyncio
import contextlib
import json
import resource
import signal
from pathlib import Path

import aiohttp

from tests.walks.conftest import CANARY
from tests.walks.crowd import Tally, free_content, settle, write_notice
from tests.walks.test_trouble import free_port
from tests.walks.town import ANNA, BotProcess, Town, environment

SECRET = CANARY.split(":")[1]
SAID = "секретные слова жителя"
OPERATOR = 1000


def arguments_of_all_processes() -> bytes:
    """Return what `ps` would show."""
    found = b""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found += file.read_bytes()
    return found


def everything_in(folder: Path) -> bytes:
    """Return what all files of a folder hold."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def told_to_machines(port: int) -> str:
    """Return all that the bot says about itself over HTTP."""
    told = ""
    async with aiohttp.ClientSession() as session:
        for path in ("/health", "/ready", "/metrics"):
            async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                told += await answer.text()
    return told


async def test_neither_token_nor_words_are_kept_whatever_goes_wrong(
    town: Town, data: Path, tmp_path: Path
) -> None:
    """T13: a broadcast at DEBUG through every fault of the network, a crash amid it, a second run."""
    content = await asyncio.to_thread(free_content, tmp_path)
    people, port = await settle(town, data, 100), free_port()
    settings = environment(
        town.url,
        data,
        CANARY,
        BOT_LOG_LEVEL="DEBUG",
        BOT_CONTENT_DIR=str(content),
        BOT_OPERATORS=str(OPERATOR),
        BOT_HTTP_LISTEN=f"127.0.0.1:{port}",
    )
    bot = BotProcess(settings, tmp_path / "log")
    await town.say(OPERATOR, "/start")
    await bot.start()
    await town.say(ANNA, f"{SAID} пахнет газом")
    await town.reply(ANNA, seconds=30)
    for kind in ("malformed", "http_502", "reset_before", "reset_after", "429"):
        await town.fault(kind, "sendMessage", times=2)
    await town.fault("http_502", "getUpdates", times=2)
    write_notice(content)
    (content / "notices" / "broken.yaml").write_text("id: [", encoding="utf-8")
    tally = Tally(town, people)
    await tally.until(30, seconds=60)
    await town.say(ANNA, f"{SAID} обломки")
    told = await told_to_machines(port)
    arguments = await asyncio.to_thread(arguments_of_all_processes)
    dumped, _ = resource.prlimit(bot.pid, resource.RLIMIT_CORE)

    assert await bot.stop(signal.SIGABRT) == -signal.SIGABRT
    await bot.start()
    await tally.until(len(people) - 4, seconds=60)
    await town.reply(ANNA, 2, seconds=30)
    assert await bot.stop() == 0, bot.log

    assert dumped == 0
    assert "HTTP 502" in bot.log
    for place, text in {
        "arguments": arguments,
        "data folder, logs, content": await asyncio.to_thread(everything_in, tmp_path),
        "messages": json.dumps([call["params"] for call in await town.calls()], ensure_ascii=False).encode(),
        "health": told.encode(),
    }.items():
        assert SECRET.encode() not in text, place
        assert SAID.encode() not in text, place
