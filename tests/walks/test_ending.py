"""The whole program asked to stop, and started twice, in the middle of a broadcast."""

import asyncio
import time
from pathlib import Path

from tests.walks.conftest import CANARY
from tests.walks.crowd import Tally, free_content, settle, write_notice
from tests.walks.town import ANNA, BotProcess, Town, environment

OPERATORS = "1000,1002"


async def test_asked_to_stop_amid_a_broadcast_it_is_out_in_five_seconds_and_goes_on_later(
    town: Town, data: Path, tmp_path: Path
) -> None:
    """T3."""
    content = await asyncio.to_thread(free_content, tmp_path)
    write_notice(content)
    for number in range(4):  # operators are being shown these when the program is asked to stop
        write_notice(content, f"waiting-{number}", severity="Moderate")
    people = await settle(town, data, 200)
    settings = {"BOT_CONTENT_DIR": str(content), "BOT_OPERATORS": OPERATORS, "BOT_CHANNEL": "-1002"}
    bot = BotProcess(environment(town.url, data, CANARY, **settings), tmp_path / "log")
    await town._post("/sandbox/latency", {"milliseconds": 80})
    for operator in (1000, 1002):
        await town.say(operator, "/start")
    await bot.start()
    tally = Tally(town, people)
    await tally.until(20, seconds=60)
    await town.say(ANNA, "пахнет газом")

    asked = time.monotonic()
    assert await bot.stop() == 0, bot.log
    took = time.monotonic() - asked
    halfway = len(await tally.count())
    await bot.start()
    copies = await tally.until(200, seconds=60)
    assert await bot.stop() == 0

    assert took < 5, bot.log
    assert 20 <= halfway < 200
    assert set(copies.values()) == {1}


async def test_a_second_program_is_refused_in_two_seconds_and_the_first_answers_on(
    town: Town, data: Path, bot: BotProcess, tmp_path: Path
) -> None:
    """T17."""
    await town.say(ANNA, "/start")
    await town.reply(ANNA)
    second = BotProcess(environment(town.url, data, CANARY), tmp_path / "second-log")

    started = time.monotonic()
    await second.start()
    code = await second.ended()
    took = time.monotonic() - started

    assert code == 1
    assert took < 2, second.log
    assert second.log.startswith("another process delivers from this database: process ")
    assert len(second.log.splitlines()) == 1
    await town.say(ANNA, "пахнет газом")
    await town.reply(ANNA, 2)


async def test_a_damaged_database_is_refused_by_name_and_left_as_it_is(
    town: Town, data: Path, tmp_path: Path
) -> None:
    database = data / "bot.db"
    database.write_bytes(b"this is no database, only words " * 200)
    bot = BotProcess(environment(town.url, data, CANARY), tmp_path / "log")

    await bot.start()

    assert await bot.ended() == 1
    assert "BOT_DATABASE_URL: the database is damaged, restore a backup" in bot.log
    assert "Traceback" not in bot.log
    assert database.read_bytes() == b"this is no database, only words " * 200
