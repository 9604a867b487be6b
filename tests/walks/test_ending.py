"""The whole program asked to stop, and started twice, in the middle of a broadcast."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.walks.conftest import CANARY
from tests.walks.crowd import Tally, free_content, settle, write_notice
from tests.walks.town import ANNA, ROOT, BotProcess, Town, environment

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
    assert took < 6, second.log  # two on a machine that is not busy; the next test counts what it computes
    assert second.log.startswith("another process delivers from this database: process ")
    assert len(second.log.splitlines()) == 1
    await town.say(ANNA, "пахнет газом")
    await town.reply(ANNA, 2)


def test_of_two_programs_started_at_once_one_is_refused_before_it_has_loaded_anything(tmp_path: Path) -> None:
    """T17. Its own computing is measured: how long it waits for a busy machine is not its fault."""
    given = environment("http://127.0.0.1:9", tmp_path / "data", CANARY, PYTHONPROFILEIMPORTTIME="1")
    logs = [tmp_path / "first", tmp_path / "second"]
    both = [_start(given, log) for log in logs]
    try:
        refused, seconds = _first_to_end(both)
    finally:
        for process in both:
            if process.returncode is None:
                process.kill()
                process.wait()

    assert refused.returncode == 1
    assert seconds < 2
    log = logs[both.index(refused)].read_text(encoding="utf-8")
    assert "\nanother process delivers from this database: process " in log
    assert "bot.adapters.store.lock" in log
    assert "bot.app" not in log


def _start(given: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        run = (sys.executable, "-m", "bot", "run")
        return subprocess.Popen(run, cwd=ROOT, env=given, stdout=file, stderr=file)


def _first_to_end(processes: list[subprocess.Popen[bytes]]) -> tuple[subprocess.Popen[bytes], float]:
    """Return the process that ends first, and for how many seconds it computed."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for process in processes:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                process.returncode = os.waitstatus_to_exitcode(status)
                return process, usage.ru_utime + usage.ru_stime
        time.sleep(0.01)
    raise TimeoutError("both run")


async def test_asked_to_stop_while_it_learns_changed_content_it_does_not_learn_to_the_end(
    town: Town, data: Path, tmp_path: Path
) -> None:
    content = await asyncio.to_thread(free_content, tmp_path)
    bot = BotProcess(environment(town.url, data, CANARY, BOT_CONTENT_DIR=str(content)), tmp_path / "log")
    await bot.start()
    await town.say(ANNA, "пахнет газом")
    await town.reply(ANNA)
    guide = content / "guides" / "gas-leak.yaml"
    guide.write_text(guide.read_text(encoding="utf-8").replace("Пахнет газом", "Пахнет газом дома"), "utf-8")
    await asyncio.sleep(6)  # two looks, two seconds apart, and the reading

    asked = time.monotonic()
    assert await bot.stop() == 0, bot.log

    assert time.monotonic() - asked < 8, bot.log
    assert "content changed and accepted" not in bot.log


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
