"""A day in a minute: nothing leaks from the real bot, and its database's log stays small.

T15_UPDATES=100000 python -m pytest -s tests/walks/test_soak.py
"""

import asyncio
import datetime as dt
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.walks.conftest import CANARY
from tests.walks.crowd import free_content, settle, write_notice
from tests.walks.hurried import hurried
from tests.walks.town import BotProcess, Town, environment, eventually, running_sandbox

UPDATES = int(os.environ.get("T15_UPDATES", "2000"))
A_SECOND = 100
"""Updates that a sandbox and a bot on one machine manage at least; the day is as long as they need."""

DAY = 24 * 3600
NOTICES_AFTER = (8, 11, 14, 17, 20)
"""Hours of the day."""

AT_ONCE = 12
PEOPLE, SUBSCRIBERS = 400, 60
QUESTIONS = (
    "пахнет газом",
    "нашли обломки во дворе",
    "где укрытие",
    "saw a drone over the house",
    "j,kjvrb lhjyf",
    "что приготовить на ужин",
    "можно ли снимать",
    "/topics",
    "/notices",
    "/now",
    "/help",
    "/privacy",
    "стоп",
    "/forget",
)


@dataclass(frozen=True)
class Use:
    """What a process holds."""

    megabytes: float
    open_files: int
    threads: int


def use_of(process: int) -> Use:
    """Look at a process."""
    folder = Path(f"/proc/{process}")
    pages = int((folder / "statm").read_text(encoding="ascii").split()[1])
    return Use(
        pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        len(list((folder / "fd").iterdir())),
        len(list((folder / "task").iterdir())),
    )


class Day:
    """People who do what people do, a few at once, until enough was done."""

    def __init__(self, town: Town, people: range, chance: random.Random) -> None:
        self._town = town
        self._people = people
        self._chance = chance
        self.done = 0

    async def live(self, until: int, look: Callable[[], None]) -> None:
        """Go on until so many updates were sent; `look` is called now and then."""

        async def one_after_another() -> None:
            while self.done < until:
                self.done += 1
                await self._do(self._chance.choice(self._people))
                if self.done % 20 == 0:
                    look()
                    await eventually(lambda: self._town.waiting(CANARY), AT_ONCE.__ge__)

        await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))

    async def _do(self, person: int) -> None:
        match self._chance.randrange(10):
            case 0:
                await self._town.act("send_stub", chat_id=person, person_id=person, what="photo")
            case 1 | 2 | 3:
                await self._press(person)
            case 4:
                sent = await self._town.say(person, "пахет газом")
                await self._town.act(
                    "edit_text", chat_id=person, person_id=person, message_id=sent, text="пахнет газом"
                )
            case _:
                await self._town.say(person, self._chance.choice(QUESTIONS))

    async def _press(self, person: int) -> None:
        with_buttons = [one for one in await self._town.replies(person) if one.get("buttons")][-3:]
        buttons = [
            (one, button)
            for one in with_buttons
            for row in one["buttons"]
            for button in row
            if "data" in button
        ]
        if not buttons:
            await self._town.say(person, "обломки")
            return
        message, button = self._chance.choice(buttons)
        await self._town.act(
            "press", chat_id=person, person_id=person, message_id=message["id"], data=button["data"]
        )


async def test_after_a_day_of_everything_nothing_has_piled_up(data: Path, tmp_path: Path) -> None:
    """T15, shortened."""
    began, times = time.time(), DAY / (UPDATES / A_SECOND)
    clock = hurried(began, times)
    content = await asyncio.to_thread(free_content, tmp_path)
    for hour in NOTICES_AFTER:
        at = dt.datetime.fromtimestamp(began + 3600 * hour, dt.UTC)
        write_notice(
            content, f"crowd-{hour}", publish=f"{at.astimezone(ZoneInfo('Europe/Moscow')):%Y-%m-%d %H:%M}"
        )
    async with running_sandbox(CANARY, now=clock) as town:
        people = await town.people(PEOPLE)
        subscribers = await settle(town, data, SUBSCRIBERS)
        settings = environment(
            town.url,
            data,
            CANARY,
            BOT_CONTENT_DIR=str(content),
            BOT_LOG_LEVEL="WARNING",
            BOT_HURRY_FROM=str(began),
            BOT_HURRY_TIMES=str(times),
        )
        bot = BotProcess(settings, tmp_path / "log", ("tests.walks.hurried",))
        await bot.start()
        await eventually(lambda: town.calls("getMe"), bool, seconds=60)
        day, largest = Day(town, people, random.Random(15)), 0  # noqa: S311 - a test

        def look() -> None:
            nonlocal largest
            largest = max(largest, (data / "bot.db-wal").stat().st_size)

        await day.live(UPDATES * 3 // 10, look)
        before = use_of(bot.pid)
        await day.live(UPDATES, look)
        after = use_of(bot.pid)
        await town.say(newcomer := await town.newcomer(), "пахнет газом")
        answer = await town.reply(newcomer)
        for person in subscribers:
            await town.reply(person, len(NOTICES_AFTER))
        copies = [len(await town.replies(person)) for person in subscribers]
        assert await bot.stop() == 0, bot.log

    hours = (clock().timestamp() - began) / 3600
    print(f"\nT15: {day.done} updates, {hours:.0f} h, {before} to {after}, WAL {largest / 1e6:.1f} MB")  # noqa: T201
    assert "газ" in answer["text"].lower()
    assert hours > 24
    assert copies == [len(NOTICES_AFTER)] * SUBSCRIBERS
    assert after.megabytes - before.megabytes < 20
    assert after.open_files <= before.open_files + AT_ONCE  # as many connections may be open, now or then
    assert after.threads <= before.threads + 2
    assert largest < 64e6
    assert "Traceback" not in bot.log
