"""A disk that is full again and again in the middle of a broadcast, under the whole program."""

import asyncio
import os
import random
import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.walks.conftest import running_bot
from tests.walks.crowd import Tally, free_content, settle, write_notice
from tests.walks.town import Town, eventually

TIMES = int(os.environ.get("T6_TIMES", "3"))
OPERATOR = 1000


async def test_on_a_full_disk_nothing_more_is_sent_and_all_goes_on_by_itself(
    town: Town, data: Path, tmp_path: Path
) -> None:
    """T6, with writes that really fail, of whichever file; a hundred times below the program."""
    chance = random.Random(6)  # noqa: S311 - a test
    content = await asyncio.to_thread(free_content, tmp_path)
    people = await settle(town, data, 60 * TIMES + 40)
    await town.say(OPERATOR, "/start")
    async with running_bot(town, data, BOT_CONTENT_DIR=str(content), BOT_OPERATORS=str(OPERATOR)) as bot:
        await town.reply(OPERATOR)
        write_notice(content)
        tally = Tally(town, people)
        for number in range(1, TIMES + 1):
            await tally.until(50 * number, seconds=60)
            await asyncio.sleep(chance.uniform(0.0, 0.2))
            full_from = time.time()
            bot.fill_disk(is_full=True)
            await eventually(partial(_told, town, "недоступна", number), bool, 10)
            assert "112" in (await _answer(town, "/112"))
            await tally.count()
            late = [call for call in tally.calls if call["time"] > full_from + 0.1]
            bot.fill_disk(is_full=False)
            await eventually(partial(_told, town, "снова доступна", number), bool, 20)

            assert len(late) <= 1

        copies = await tally.until(len(people), seconds=60)
        assert set(copies.values()) == {1}

    with closing(sqlite3.connect(data / "bot.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(await _texts(town, "недоступна")) == TIMES


async def _answer(town: Town, text: str) -> str:
    person = await town.newcomer("ru")
    await town.say(person, text)
    return str((await town.reply(person, seconds=5))["text"])


async def _texts(town: Town, words: str) -> list[str]:
    return [reply["text"] for reply in await town.replies(OPERATOR) if words in reply["text"]]


async def _told(town: Town, words: str, times: int) -> bool:
    return len(await _texts(town, words)) == times
