"""Processes killed in the middle of a broadcast: nobody is lost, nobody gets a third copy.

T1 runs at a small size here, with the real rate and the real broadcaster; `python -m
tests.notices.test_crashes 1000 10000 24` kills a thousand times, in a quarter of an hour.
"""

import asyncio
import math
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.adapters.store import SqlStore
from bot.core.chat import Chat
from bot.core.notices import review
from bot.core.notices.delivery import Progress
from bot.core.notices.record import Change, Origin
from bot.sandbox.server import Sandbox
from tests.fakes_notices import make_notice
from tests.notices.lives import NOT_FINISHED, now
from tests.notices.nursery import Nursery, open_nursery
from tests.notices.town import lenient_policy, make_rules, sqlite_url, until

KILLS = int(os.environ.get("T1_KILLS", "40"))
RECIPIENTS = int(os.environ.get("T1_RECIPIENTS", "400"))
RATE = float(os.environ.get("T1_RATE", "24"))

ONE_BY_ONE = int(os.environ.get("T2_RECIPIENTS", "6"))
"""Recipients of T2 where each attempt has commits of its own: fifty are two hundred deaths."""

DELIVER = "tests.notices.lives:deliver"


@dataclass
class Scene:
    """A stand-in for Telegram with people, and a database in which they subscribed."""

    sandbox: Sandbox
    folder: Path
    nursery: Nursery

    @property
    def url(self) -> str:
        """The database."""
        return sqlite_url(self.folder)

    @property
    def place(self) -> tuple[str, str, str]:
        """What a process is told that delivers: database, token, and what the token is appended to."""
        return self.url, self.sandbox.token, f"{self.sandbox.url}/bot"

    async def control(self, path: str, **body: object) -> dict[str, int]:
        """Use one of the sandbox's controls."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.sandbox.url}/sandbox/{path}", json=body) as answer,
        ):
            assert answer.status == 200, await answer.text()
            found: dict[str, int] = await answer.json()
            return found

    async def settle(self, people: int) -> range:
        """Let new people subscribe, and a notice for them wait to be published."""
        made = await self.control("people", count=people, started=True)
        ids = range(made["first_id"], made["last_id"] + 1)
        store = await SqlStore.open(self.url)
        await store.save_chats(Chat(one, "ru", frozenset({"roslavl"})) for one in ids)
        rules = make_rules(policy=lenient_policy())
        written = review.draft(make_notice(), now(), Origin.TELEGRAM, 501)
        await store.notices.apply(Change(added=(written,)), now())
        await store.notices.apply(review.submitted(written, now(), rules, 501), now())
        await store.close()
        return ids

    async def sees_a_call(self, within: float) -> None:
        """Return when the next message comes in, or after so many seconds."""
        before = self.sandbox.api.calls.last
        with suppress(TimeoutError):
            await until(lambda: self.sandbox.api.calls.last > before, within)

    def copies(self, people: range) -> Counter[int]:
        """Return how many copies each phone has."""
        chats = self.sandbox.world.chats
        return Counter({one: len(chats[one].messages) for one in people})

    def under_way(self) -> dict[int, int]:
        """Return the chats whose attempt was written down and has no outcome: chat -> which attempt."""
        with closing(sqlite3.connect(self.folder / "bot.db")) as connection:
            return dict(
                connection.execute("SELECT chat_id, attempts FROM deliveries WHERE state = 'sending'")
            )

    def check_integrity(self) -> str:
        """Ask SQLite whether the file is whole."""
        with closing(sqlite3.connect(self.folder / "bot.db")) as connection:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])

    async def progress(self) -> Progress:
        """Return how far the notice's deliveries are."""
        store = await SqlStore.open(self.url)
        found = await store.outbox.progress("water-cut", 1)
        await store.close()
        return found

    async def uncertain(self) -> set[int]:
        """Return the people whom an operator is told to look at."""
        store = await SqlStore.open(self.url)
        found = await store.outbox.list_uncertain("water-cut")
        await store.close()
        return {one.chat_id for one in found}

    async def live(self, *arguments: object) -> int:
        """Let one process live to its end, whatever that is."""
        return await asyncio.to_thread(self.nursery.run, DELIVER, *self.place, *arguments)

    async def begin(self, rate: float) -> int:
        """Let one process begin to live, and return its number."""
        return await asyncio.to_thread(self.nursery.start, DELIVER, *self.place, rate)


@asynccontextmanager
async def open_scene(folder: Path, nursery: Nursery) -> AsyncIterator[Scene]:
    """Run a stand-in over an empty folder."""
    sandbox = Sandbox()
    await sandbox.start()
    try:
        yield Scene(sandbox, folder, nursery)
    finally:
        await sandbox.stop()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """A nursery for all tests here."""
    with open_nursery() as nursery:
        yield nursery


@pytest.fixture
async def scene(tmp_path: Path, nursery: Nursery) -> AsyncIterator[Scene]:
    """A scene in an empty folder."""
    async with open_scene(tmp_path, nursery) as scene:
        yield scene


@dataclass
class Toll:
    """What many kills have cost."""

    recipients: int
    kills: int = 0
    doubts: int = 0
    """Attempts of which nobody knows how they ended."""
    needless: int = 0
    """Those among them whose message had not even left."""
    lost: int = 0
    without: int = 0
    uncertain: int = 0
    twice: int = 0
    thrice: int = 0
    extra: int = 0
    seconds: float = 0.0

    @property
    def most_uncertain(self) -> float:
        """What is allowed: a thousandth, or what chance makes of so few people.

        A doubt is tried once more, at the end, and that attempt is cut with the chance with which any was:
        `doubts` in all attempts. Five standard deviations beyond that do not happen.
        """
        by_chance = self.doubts**2 / (self.recipients + self.doubts)
        return max(self.recipients / 1000, 1 + by_chance + 5 * math.sqrt(by_chance))

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.recipients} recipients, {self.seconds:.0f} s: {self.lost} lost, "
            f"{self.doubts} doubts ({self.needless} of them needless), {self.uncertain} uncertain "
            f"(of whom {self.without} have none), {self.twice} people with two copies, "
            f"{self.thrice} with more, {self.extra} copies too many"
        )


async def kill_at_random(scene: Scene, kills: int, recipients: int, rate: float, seed: int = 1) -> Toll:
    """Kill the delivering at random moments, so often at most; then let it finish."""
    chance = random.Random(seed)  # noqa: S311 - a test
    started = time.monotonic()
    people = await scene.settle(recipients)
    life = 2 * recipients / rate / kills
    toll = Toll(recipients)
    while toll.kills < kills:
        process = await scene.begin(rate)
        # Three in four die while they send, the others at any moment from their birth.
        if chance.random() < 0.75:
            await scene.sees_a_call(within=1.0)
        await asyncio.sleep(chance.uniform(0.0, life))
        with suppress(ProcessLookupError):  # it may have finished
            os.kill(process, signal.SIGKILL)
        code = await asyncio.to_thread(scene.nursery.wait)
        assert scene.check_integrity() == "ok"
        if code == 0:
            break
        assert code == -signal.SIGKILL
        toll.kills += 1
        await asyncio.sleep(0.02)  # what it had sent before it died arrives
        under_way = scene.under_way()
        toll.doubts += len(under_way)
        toll.needless += sum(
            attempt == 1 and not scene.sandbox.world.chats[chat].messages
            for chat, attempt in under_way.items()
        )
    assert await scene.live(1000.0) == 0
    copies, progress = scene.copies(people), await scene.progress()
    assert progress.is_finished
    assert progress.total == recipients
    listed = await scene.uncertain()
    without = {one for one in people if copies[one] == 0}
    toll.lost, toll.without, toll.uncertain = len(without - listed), len(without), progress.uncertain
    toll.twice = sum(1 for one in people if copies[one] == 2)
    toll.thrice = sum(1 for one in people if copies[one] > 2)
    toll.extra = sum(copies.values()) - sum(1 for one in people if copies[one])
    toll.seconds = time.monotonic() - started
    return toll


async def test_killed_at_random_nobody_is_lost_and_nobody_gets_a_third_copy(scene: Scene) -> None:
    """T1."""
    toll = await kill_at_random(scene, KILLS, RECIPIENTS, RATE)

    print(f"\nT1: {toll}")  # noqa: T201 - the figure is what the test is for
    assert (toll.lost, toll.thrice) == (0, 0)
    assert toll.extra <= toll.kills * 2  # at this rate one or two are in flight
    assert toll.uncertain <= toll.most_uncertain
    # A row that is claimed before its message may leave is a doubt at nearly every kill.
    assert toll.needless <= toll.kills / 2
    assert toll.kills >= KILLS // 2


async def test_killed_at_full_speed_the_copies_too_many_are_those_in_flight(scene: Scene) -> None:
    """D8, with every doubt named: at a thousand a second what is in flight is repeated, and nothing else."""
    toll = await kill_at_random(scene, 6, 2000, 1000.0)

    print(f"\nD8: {toll}")  # noqa: T201
    assert (toll.lost, toll.thrice) == (0, 0)
    assert toll.extra <= toll.doubts


@pytest.mark.parametrize(
    ("rate", "recipients"), [(600.0, 50), (150.0, ONE_BY_ONE)], ids=["batches", "one by one"]
)
async def test_killed_at_every_commit_nobody_is_lost_and_nobody_gets_a_third_copy(
    scene: Scene, tmp_path: Path, rate: float, recipients: int
) -> None:
    """T2: before and after each commit of one publish, from its first to its last."""
    people = await scene.settle(recipients)
    start = tmp_path / "start.db"
    shutil.copy(tmp_path / "bot.db", start)
    boundary, twice = 0, 0
    while True:
        boundary += 1
        shutil.copy(start, tmp_path / "bot.db")
        for one in people:
            scene.sandbox.world.chats[one].messages.clear()
        code = await scene.live(rate, boundary)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        assert scene.check_integrity() == "ok"
        assert await scene.live(1000.0) == 0

        copies, progress = scene.copies(people), await scene.progress()
        assert min(copies.values()) >= 1
        assert max(copies.values()) <= 2
        assert (progress.total, progress.is_finished, progress.uncertain) == (recipients, True, 0)
        twice += sum(1 for count in copies.values() if count == 2)

    print(f"\nT2: {boundary - 1} boundaries, {twice} copies too many in all")  # noqa: T201
    assert boundary > (12 if rate > 200 else 4 * recipients)


@pytest.mark.parametrize("boundary", [1, 2, 33, 34, 99, 100])
async def test_killed_around_a_request_it_is_repeated_only_where_it_may_have_arrived(
    scene: Scene, boundary: int
) -> None:
    people = await scene.settle(50)

    assert await scene.live(300.0, 0, boundary) == -signal.SIGKILL
    assert await scene.live(1000.0) == 0

    copies = scene.copies(people)
    assert min(copies.values()) == 1
    assert sum(copies.values()) <= 50 + 94  # at most the window in flight at 300 a second
    assert max(copies.values()) <= 2


async def test_asked_to_stop_it_ends_soon_without_a_copy_too_many(scene: Scene) -> None:
    """T3."""
    people = await scene.settle(300)
    await scene.control("latency", milliseconds=40)
    process = await scene.begin(300.0)
    await until(lambda: sum(scene.copies(people).values()) >= 60)

    asked = time.monotonic()
    os.kill(process, signal.SIGTERM)
    code = await asyncio.to_thread(scene.nursery.wait)
    took = time.monotonic() - asked
    halfway = await scene.progress()
    assert await scene.live(1000.0) == 0

    assert code == NOT_FINISHED
    assert took < 5
    assert halfway.sending == 0
    assert 60 <= halfway.sent < 300
    assert set(scene.copies(people).values()) == {1}


async def _main(kills: int, recipients: int, rate: float) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, open_nursery() as nursery:
        async with open_scene(Path(folder), nursery) as scene:
            toll = await kill_at_random(scene, kills, recipients, rate, int(time.time()))
    print(toll)  # noqa: T201 - the figure is what it is run for
    assert toll.lost == 0
    assert toll.thrice == 0
    assert toll.uncertain <= max(1, recipients / 1000)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
