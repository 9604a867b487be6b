"""A broadcast at the default rate under Telegram's own limit, while residents ask and are answered."""

import asyncio
import os
import time
from pathlib import Path

from tests.walks.conftest import running_bot
from tests.walks.crowd import Tally, free_content, settle, write_notice
from tests.walks.town import Json, Town

RECIPIENTS = int(os.environ.get("T5_RECIPIENTS", "480"))
EIGHT_MINUTES = 8 * 60 * RECIPIENTS / 10_000
"""Seconds, for so many."""

SLACK = 1.0 if RECIPIENTS >= 10_000 else 2.0
"""The figure is held at its own size; a small run beside other work only shows that nothing stands still."""

ASKED_PER_SECOND = 2.0


async def every_call(town: Town) -> list[Json]:
    """Return what was sent or refused, however much that is."""
    calls: list[Json] = []
    while fresh := await town.calls("sendMessage", int(calls[-1]["n"]) if calls else 0):
        calls += fresh
    return calls


async def test_ten_thousand_take_eight_minutes_and_residents_do_not_notice(
    town: Town, data: Path, tmp_path: Path
) -> None:
    """T5: T5_RECIPIENTS=10000 for the figure itself."""
    content = await asyncio.to_thread(free_content, tmp_path)
    people = await settle(town, data, RECIPIENTS)
    residents = await town.people(int(ASKED_PER_SECOND * SLACK * EIGHT_MINUTES))
    await town.limits(on=True)
    async with running_bot(town, data, BOT_CONTENT_DIR=str(content)):
        write_notice(content)
        tally, asked = Tally(town, people), dict[int, float]()
        await tally.until(1, seconds=60)
        while len(tally.copies) < RECIPIENTS:
            person = residents[len(asked) % len(residents)]
            asked.setdefault(person, time.time())
            await town.say(person, "пахнет газом")
            await asyncio.sleep(1 / ASKED_PER_SECOND)
            await tally.count()
            assert len(asked) < len(residents), f"only {len(tally.copies)} in {SLACK * EIGHT_MINUTES:.0f} s"
        await asyncio.sleep(2)
        calls = await town.calls("sendMessage")

    sent = [call["time"] for call in tally.calls if call["code"] == 200]
    answered = {
        int(call["params"]["chat_id"]): call["time"] for call in reversed(calls) if call["code"] == 200
    }
    waits = sorted(answered[person] - at for person, at in asked.items())
    print(f"\nT5: {RECIPIENTS} in {sent[-1] - sent[0]:.1f} s, p95 {waits[len(waits) * 95 // 100]:.2f} s")  # noqa: T201
    assert set(tally.copies.values()) == {1}
    assert sent[-1] - sent[0] <= SLACK * EIGHT_MINUTES
    assert sum(call["code"] == 429 for call in calls) <= 3
    assert waits[len(waits) * 95 // 100] < 2
