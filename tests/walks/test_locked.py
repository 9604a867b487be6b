"""The database locked by another process in the middle of a broadcast, and the whole program under it."""

import asyncio
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.walks.conftest import running_bot
from tests.walks.crowd import Tally, free_content, settle, write_notice
from tests.walks.town import ANNA, Town, eventually

LOCKED_FOR = float(os.environ.get("T7_SECONDS", "8"))
OPERATOR = 1000


async def test_while_the_database_is_locked_residents_are_answered_and_operators_told(
    town: Town, data: Path, tmp_path: Path
) -> None:
    """T7."""
    content = await asyncio.to_thread(free_content, tmp_path)
    people = await settle(town, data, 100 + int(LOCKED_FOR))
    await town.say(OPERATOR, "/start")
    async with running_bot(town, data, BOT_CONTENT_DIR=str(content), BOT_OPERATORS=str(OPERATOR)) as bot:
        await town.say(ANNA, "/start")
        await town.reply(ANNA)
        await town.reply(OPERATOR)
        write_notice(content)
        tally = Tally(town, people)
        await tally.until(10, seconds=60)

        with closing(sqlite3.connect(data / "bot.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            locked = time.monotonic()
            waits = [await _wait_of(town, person, text) for person, text in await _questions(town)]
            await eventually(
                lambda: _told(town, "База данных недоступна"), bool, 10 - (time.monotonic() - locked)
            )
            told_after = time.monotonic() - locked
            before = sum((await tally.count()).values())
            while time.monotonic() - locked < LOCKED_FOR:
                waits.append(await _wait_of(town, await town.newcomer("ru"), "/112"))
                await asyncio.sleep(1.5)
            assert sum((await tally.count()).values()) == before, "sent what could not be written down"
            other.execute("ROLLBACK")

        copies = await tally.until(len(people), seconds=60)
        await eventually(lambda: _told(town, "База данных снова доступна"), bool)
        assert bot.is_running
        assert set(copies.values()) == {1}
        assert max(waits) < 2, waits
        assert told_after < 10
        assert len(await _told(town, "База данных недоступна")) == 1


async def _questions(town: Town) -> list[tuple[int, str]]:
    return [(ANNA, "/112"), (ANNA, "нашли обломки"), (await town.newcomer("ru"), "пахнет газом")]


async def _wait_of(town: Town, person: int, text: str) -> float:
    """Return how long somebody waits for an answer."""
    before, asked = len(await town.replies(person)), time.monotonic()
    await town.say(person, text)
    await town.reply(person, before + 1, seconds=40)
    return time.monotonic() - asked


async def _told(town: Town, words: str) -> list[str]:
    return [reply["text"] for reply in await town.replies(OPERATOR) if words in reply["text"]]
