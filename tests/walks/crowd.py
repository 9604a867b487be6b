"""Residents by the hundred and notices that need nobody's approval, for walks about sending itself."""

import asyncio
import shutil
from collections import Counter
from pathlib import Path

from bot.adapters.store import SqlStore
from bot.core.chat import Chat
from tests.walks.town import ROOT, Json, Town

FREE = "crowd"


def free_content(folder: Path) -> Path:
    """Return a copy of the content by whose policy Minor notices go without anybody's approval."""
    copy = folder / "content"
    shutil.copytree(ROOT / "content", copy)
    policy = copy / "notice_policy.yaml"
    text = policy.read_text(encoding="utf-8")
    assert "Minor: 1" in text
    policy.write_text(text.replace("Minor: 1", "Minor: 0"), encoding="utf-8")
    return copy


def write_notice(
    content: Path, notice_id: str = FREE, severity: str = "Minor", publish: str | None = None
) -> None:
    """Put a notice into the content; a Minor one goes at its time or at once, at any hour of the day."""
    example = (content / "notices" / "water-cut-example.yaml").read_text(encoding="utf-8")
    fresh = example.replace(
        "id: water-cut-example\ndraft: true\n",
        f"id: {notice_id}\naccepted:\n  L25: A test goes at the hour at which it is run\n",
    )
    assert fresh != example
    fresh = fresh.replace("severity: Minor", f"severity: {severity}")
    if publish is not None:
        fresh = fresh.replace("expires: +6h", f'publish: "{publish}"\nexpires: +24h')
    (content / "notices" / f"{notice_id}.yaml").write_text(fresh, encoding="utf-8")


async def settle(town: Town, data: Path, count: int) -> range:
    """Let so many people in who subscribed before the bot was last stopped."""
    people = await town.people(count)
    store = await SqlStore.open(f"sqlite:///{data}/bot.db")
    await store.save_chats(Chat(one, "ru", frozenset({"roslavl"})) for one in people)
    await store.close()
    return people


class Tally:
    """Who got how many copies of what was sent, as Telegram's side tells; the bot's replies do not count."""

    def __init__(self, town: Town, people: range) -> None:
        self._town = town
        self._people = people
        self._seen = 0
        self.copies: Counter[int] = Counter()
        self.calls: list[Json] = []

    async def count(self) -> Counter[int]:
        """Return the copies that have arrived so far."""
        while fresh := await self._town.calls("sendMessage", self._seen):
            self._seen = int(fresh[-1]["n"])
            ours = [call for call in fresh if int(call["params"]["chat_id"]) in self._people]
            self.calls += ours
            self.copies.update(int(call["params"]["chat_id"]) for call in ours if call["code"] == 200)
        return self.copies

    async def until(self, least: int, seconds: float) -> Counter[int]:
        """Return once so many people have a copy."""
        deadline = asyncio.get_running_loop().time() + seconds
        while len(await self.count()) < least:
            assert asyncio.get_running_loop().time() < deadline, f"after {seconds} s {len(self.copies)}"
            await asyncio.sleep(0.1)
        return self.copies
