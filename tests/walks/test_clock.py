"""A machine whose clock is wrong by a day: what Telegram's answers say is believed more."""

import asyncio
import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.walks.conftest import CANARY, running_bot
from tests.walks.crowd import Tally, free_content, settle, write_notice
from tests.walks.town import eventually, running_sandbox

OPERATOR = 1000
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("ahead", [-DAY, DAY], ids=["ours is a day ahead", "ours is a day behind"])
async def test_nothing_goes_a_day_early_and_what_goes_at_once_goes_at_once(
    ahead: dt.timedelta, data: Path, tmp_path: Path
) -> None:
    """T8, through the program: the guard hears the clock of Telegram's answers."""
    content = await asyncio.to_thread(free_content, tmp_path)
    # Half a day from now, which by a clock that is a day ahead is half a day ago.
    planned = dt.datetime.now(ZoneInfo("Europe/Moscow")) + ahead + dt.timedelta(hours=12)
    write_notice(content, "planned", publish=f"{planned:%Y-%m-%d %H:%M}")
    write_notice(content, "at-once")
    async with running_sandbox(CANARY, lambda: dt.datetime.now(dt.UTC) + ahead) as town:
        people = await settle(town, data, 5)
        await town.say(OPERATOR, "/start")
        async with running_bot(town, data, BOT_CONTENT_DIR=str(content), BOT_OPERATORS=str(OPERATOR)):
            tally = Tally(town, people)
            await tally.until(5, seconds=30)
            told = await eventually(
                lambda: town.replies(OPERATOR),
                lambda replies: any("Часы этого компьютера неверны" in one["text"] for one in replies),
            )
            await asyncio.sleep(2.5)  # two more looks at what is due

            assert set((await tally.count()).values()) == {1}
            assert sum("Часы этого компьютера неверны" in one["text"] for one in told) == 1
