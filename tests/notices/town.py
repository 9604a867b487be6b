"""A small town for walks of notices: a real store, residents, operators, and phones in memory."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.adapters.store import SqlStore
from bot.core.chat import Chat
from bot.core.message import Room
from bot.core.notices import changes, review
from bot.core.notices.approval import NoticePolicy
from bot.core.notices.delivery import Outcome, Progress
from bot.core.notices.freezing import Rules
from bot.core.notices.notice import Announcement
from bot.core.notices.record import Change, Origin, Record
from bot.core.notices.rendering import Setting
from bot.core.notices.states import Event, State
from bot.workflows.deliver import Deliver
from bot.workflows.publish import Publish
from tests.factories import LANGUAGES, make_guide
from tests.fakes import Clock, Operators, Phones
from tests.fakes_notices import AREAS, NOW, make_notice, make_notice_phrases, make_policy

AUTHOR, APPROVER, THIRD = 501, 502, 503
CHANNEL = -1009
FAST = 100_000.0
"""Messages a second: tests of behaviour do not wait for the pace."""


def make_rules(**changes: Any) -> Rules:
    """Return the rules of the town."""
    zone = changes.pop("zone", "Europe/Moscow")
    guides = {"debris-found": make_guide("debris-found")}
    values: dict[str, Any] = {
        "setting": Setting(make_notice_phrases(), AREAS, guides, ZoneInfo(zone)),
        "policy": make_policy(),
        "languages": LANGUAGES,
        "default": "ru",
        "zone_name": zone,
        "tzdata": "2026a",
        "trusted": (AUTHOR, APPROVER, THIRD),
    }
    return Rules(**(values | changes))


def lenient_policy() -> NoticePolicy:
    """Return a policy by which Minor and Moderate notices need nobody."""
    levels = {"Extreme": 2, "Severe": 2, "Moderate": 0, "Minor": 0, "Unknown": 2}
    return make_policy(approvals=levels, drills=0)


@dataclass
class Town:
    """Everything between an operator's decision and the residents' phones."""

    store: SqlStore
    clock: Clock
    rules: Rules
    phones: Phones = field(default_factory=Phones)
    operators: Operators = field(default_factory=Operators)
    rate: float = FAST

    def __post_init__(self) -> None:
        """Put the two workflows over the store."""
        self.deliver = self.new_deliver()
        self.publish = Publish(
            self.store.notices,
            self.store.outbox,
            self.rules,
            self.clock,
            self.clock.steady,
            self.operators.tell,
        )

    def new_deliver(
        self,
        outbox: Any = None,
        is_allowed: Callable[[], Awaitable[bool]] | None = None,
        channel: Any = None,
    ) -> Deliver[Any]:
        """Return the delivering of a process that has just started; its time really passes."""
        steady = asyncio.get_running_loop().time
        started = steady()

        def running() -> dt.datetime:
            return self.clock() + dt.timedelta(seconds=steady() - started)

        return Deliver(
            outbox or self.store.outbox,
            channel or self.phones,
            self.rules.setting.zone,
            self.rate,
            running,
            steady,
            self.operators.tell,
            is_allowed,
        )

    async def settle(self, residents: int, area: str = "roslavl", first: int = 1, **chosen: Any) -> None:
        """Let people subscribe."""
        people = range(first, first + residents)
        await self.store.save_chats(
            Chat(number, areas=frozenset({area}), **({"language": "ru"} | chosen)) for number in people
        )

    async def add_group(self, chat_id: int, area: str = "roslavl") -> None:
        """Let a group subscribe."""
        await self.store.save_chat(Chat(chat_id, "ru", frozenset({area}), room=Room.GROUP))

    async def submit(self, announcement: Announcement, author: int | None = AUTHOR) -> Record:
        """Write a notice and submit it."""
        now = self.clock()
        written = review.draft(announcement, now, Origin.TELEGRAM, author)
        await self.apply(Change(added=(written,)))
        await self.apply(review.submitted(written, now, self.rules, author))
        return await self.find(announcement.id)

    async def approve(self, notice_id: str, person: int = APPROVER) -> Record:
        """Approve a notice."""
        record = await self.find(notice_id)
        await self.apply(review.approved(record, person, self.clock(), self.rules))
        return await self.find(notice_id)

    async def do(self, notice_id: str, event: Event) -> Record:
        """Stop, resume or release a notice."""
        record = await self.find(notice_id)
        await self.apply(changes.simple(record, event, self.clock(), AUTHOR))
        return await self.find(notice_id)

    async def issue(self, announcement: Announcement | None = None) -> Record:
        """Submit, approve and publish a notice."""
        notice = announcement or make_notice()
        record = await self.submit(notice)
        if record.state is State.IN_REVIEW:
            await self.approve(notice.id)
        await self.publish.tick()
        return await self.find(notice.id)

    async def apply(self, change: Change) -> int:
        """Commit a decision."""
        return await self.store.notices.apply(change, self.clock())

    async def find(self, notice_id: str) -> Record:
        """Return a notice that is there."""
        record = await self.store.notices.find_notice(notice_id)
        assert record is not None, f"there is no {notice_id}"
        return record

    async def progress(self, notice_id: str) -> Progress:
        """Return how far a notice's deliveries are."""
        record = await self.find(notice_id)
        return await self.store.outbox.progress(record.id, record.revision)

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[Deliver[Any]]:
        """Deliver meanwhile, as a process of its own would; at the end it is asked to stop."""
        stop = asyncio.Event()
        deliver = self.new_deliver()
        task = asyncio.create_task(deliver.run(stop))
        try:
            yield deliver
        finally:
            stop.set()
            await task

    async def deliver_all(self, within: float = 10.0) -> None:
        """Deliver until nothing waits."""
        async with self.delivering():
            await until(self.is_quiet, within)

    async def is_quiet(self) -> bool:
        """Return whether every mailing is done."""
        return not await self.store.outbox.open_mailings()


async def until(condition: Callable[[], Any], within: float = 5.0) -> None:
    """Return once the condition holds; a coroutine function is awaited each time.

    Raises:
        TimeoutError: it did not come true.
    """
    async with asyncio.timeout(within):
        while True:
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return
            await asyncio.sleep(0.005)


@asynccontextmanager
async def open_town(url: str, **changes: Any) -> AsyncIterator[Town]:
    """Give a town over the database at `url`, at noon in Moscow."""
    clock = Clock(NOW)
    store = await SqlStore.open(url, clock)
    try:
        rules = changes.pop("rules", None) or make_rules(policy=lenient_policy())
        yield Town(store, clock, rules, **changes)
    finally:
        with suppress(OSError):
            await store.close()


def sqlite_url(folder: Path) -> str:
    """Return the URL of a database in a folder."""
    return f"sqlite:///{folder}/bot.db"


def nobody_met(_: int) -> Outcome | None:
    """Meet no trouble."""
    return None


def local(text: str, zone: str = "Europe/Moscow") -> dt.datetime:
    """Return the instant of a local time: `2026-12-02 09:00`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
