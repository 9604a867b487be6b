"""A broadcast over real HTTP, to people whose chats meet every trouble of Telegram's and of the way to it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.adapters.telegram.broadcast import TelegramBroadcast
from bot.core.chat import Chat
from bot.core.message import Room
from bot.core.notices.delivery import Progress, Task
from bot.sandbox import membership
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from tests.notices.test_endings import make_change
from tests.notices.town import Town, until

READ_TIMEOUT = float(os.environ.get("T4_READ_TIMEOUT", "0.3"))
"""Seconds after which an answer is not waited for any more: 25 in the bot."""

PEOPLE = 3


@dataclass
class Wire:
    """A town whose residents are people of the sandbox; the second of them is the one in trouble."""

    town: Town
    sandbox: Sandbox
    people: list[int]

    @property
    def unlucky(self) -> int:
        """The chat that meets the trouble."""
        return self.people[1]

    def meet(self, kind: FaultKind, method: str, times: int = 1, retry_after: int = 1) -> None:
        """Let the unlucky chat meet a trouble."""
        self.sandbox.api.faults.add(
            Fault(kind, method, times=times, chat_id=self.unlucky, retry_after=retry_after)
        )

    def copies(self, chat_id: int) -> list[str]:
        """Return what a phone shows."""
        sent = self.sandbox.world.chats[chat_id].messages.values()
        return [message.text for message in sent if message.sender is self.sandbox.world.bot]

    def calls_to(self, chat_id: int, method: str = "sendMessage") -> list[float]:
        """Return when the bot called about a chat."""
        calls = self.sandbox.api.calls.after(0, method)
        return [call.at.timestamp() for call in calls if call.params["chat_id"] == chat_id]

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        """Deliver meanwhile."""
        stop = asyncio.Event()
        place = (self.sandbox.token, f"{self.sandbox.url}/bot")
        async with TelegramBroadcast(*place, read_timeout=READ_TIMEOUT) as broadcast:
            task = asyncio.create_task(self.town.new_deliver(channel=broadcast).run(stop))
            yield
            stop.set()
            await task

    async def deliver_all(self) -> None:
        """Deliver until nothing waits."""
        async with self.delivering():
            await until(self.town.is_quiet, 20 + 4 * READ_TIMEOUT)


@pytest.fixture
async def wire(town: Town) -> AsyncIterator[Wire]:
    """Three people who subscribed."""
    sandbox = Sandbox()
    await sandbox.start()
    town.rate = 50
    people = [sandbox.world.add_person(f"Житель {number}", "ru").id for number in range(PEOPLE)]
    for one in people:
        sandbox.world.chats[one].has_started = True
        await town.store.save_chat(Chat(one, "ru", frozenset({"roslavl"})))
    yield Wire(town, sandbox, people)
    await sandbox.stop()


@pytest.mark.parametrize(
    ("kind", "times", "progress", "copies"),
    [
        (FaultKind.RESET_BEFORE, 1, Progress(sent=3), 1),
        (FaultKind.RESET_AFTER, 1, Progress(sent=3), 2),
        (FaultKind.RESET_AFTER, 2, Progress(sent=2, uncertain=1), 2),
        (FaultKind.HANG, 1, Progress(sent=3), 1),
        (FaultKind.HTTP_502, 1, Progress(sent=3), 1),
        (FaultKind.HTTP_502, 2, Progress(sent=2, uncertain=1), 0),
        (FaultKind.MALFORMED, 1, Progress(sent=3), 1),
        (FaultKind.TOO_MANY, 1, Progress(sent=3), 1),
    ],
)
async def test_a_trouble_on_the_way_ends_in_the_right_state_and_nobody_gets_a_third_copy(
    wire: Wire, kind: FaultKind, times: int, progress: Progress, copies: int
) -> None:
    """T4."""
    wire.meet(kind, "sendMessage", times)
    await wire.town.issue()

    await wire.deliver_all()

    assert await wire.town.progress("water-cut") == progress
    assert [len(wire.copies(one)) for one in wire.people] == [1, copies, 1]


@pytest.mark.parametrize("seconds", [1, 600])
async def test_asked_to_wait_it_waits_as_long_as_it_was_asked_and_the_others_do_not(
    wire: Wire, seconds: int
) -> None:
    """T4: a 429 of one second, and of ten minutes."""
    wire.meet(FaultKind.TOO_MANY, "sendMessage", retry_after=seconds)
    await wire.town.issue()

    async with wire.delivering():
        await until(lambda: len(wire.copies(wire.people[2])) == 1, 10)
        if seconds < 10:
            await until(wire.town.is_quiet, 10)
    calls = wire.calls_to(wire.unlucky)

    if seconds < 10:
        assert await wire.town.progress("water-cut") == Progress(sent=3)
        assert calls[1] - calls[0] >= seconds
    else:
        assert await wire.town.progress("water-cut") == Progress(sent=2, queued=1)
        assert len(calls) == 1
    assert [len(wire.copies(one)) for one in wire.people] == [1, 1 if seconds < 10 else 0, 1]


async def test_who_blocked_the_bot_is_unsubscribed_and_whom_telegram_does_not_know_is_not(wire: Wire) -> None:
    stranger = 987_654
    await wire.town.store.save_chat(Chat(stranger, "ru", frozenset({"roslavl"})))
    membership.block(wire.sandbox.world, wire.unlucky)
    await wire.town.issue()

    await wire.deliver_all()

    assert await wire.town.progress("water-cut") == Progress(sent=2, refused=2)
    blocked, unknown = [await wire.town.store.find_chat(one) for one in (wire.unlucky, stranger)]
    assert blocked is not None
    assert not blocked.is_subscribed
    assert unknown is not None
    assert unknown.is_subscribed
    assert [len(wire.calls_to(one)) for one in (wire.unlucky, stranger)] == [1, 1]


async def test_a_group_that_moved_gets_it_once_in_its_new_place(wire: Wire) -> None:
    world = wire.sandbox.world
    group = membership.found_group(world, "Дом", [wire.people[0]], wire.people[0])
    await wire.town.store.save_chat(Chat(group.id, "ru", frozenset({"roslavl"}), room=Room.GROUP))
    moved = membership.migrate(world, group.id)
    await wire.town.issue()

    await wire.deliver_all()

    assert await wire.town.progress("water-cut") == Progress(sent=4)
    assert len(wire.copies(moved.id)) == 1
    kept = await wire.town.store.find_chat(moved.id)
    assert kept is not None
    assert kept.is_subscribed


@pytest.mark.parametrize("kind", list(FaultKind))
async def test_an_edit_comes_through_every_trouble_and_is_no_second_message(
    wire: Wire, kind: FaultKind
) -> None:
    """T4, for the correcting of copies: to edit twice is to edit once, so nothing is left in doubt."""
    await wire.town.issue()
    await wire.deliver_all()
    wire.meet(kind, "editMessageText")

    await wire.town.issue(make_change("withdrawal"))
    await wire.deliver_all()

    edits = await wire.town.store.outbox.progress("water-cut", 1, Task.EDIT)
    assert edits == Progress(sent=3)
    for one in wire.people:
        first, second = wire.copies(one)
        assert "cancelled ru" in first
        assert second.startswith("withdrawal ru")


async def test_an_edit_that_must_wait_ten_minutes_keeps_nobody_elses_back(wire: Wire) -> None:
    await wire.town.issue()
    await wire.deliver_all()
    wire.meet(FaultKind.TOO_MANY, "editMessageText", retry_after=600)

    await wire.town.issue(make_change("withdrawal"))
    async with wire.delivering():
        await until(lambda: "cancelled ru" in wire.copies(wire.people[2])[0], 10)

    edits = await wire.town.store.outbox.progress("water-cut", 1, Task.EDIT)
    assert edits == Progress(sent=2, queued=1)
    assert len(wire.calls_to(wire.unlucky, "editMessageText")) == 1
