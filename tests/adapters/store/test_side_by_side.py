"""Two transactions at the same moment, as PostgreSQL allows them: neither undoes what the other decided."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.adapters.store import chats as chat_table
from bot.adapters.store import notices as notice_table
from bot.adapters.store.chats import ChatTable
from bot.adapters.store.leaving import drop_what_waits
from bot.core.chat import Chat
from bot.core.notices import changes
from bot.core.notices.delivery import Progress, Sent, Task, Throttled, Unreachable, conclude
from bot.core.notices.record import Claim, Marked
from bot.core.notices.states import Event
from tests.adapters.store.test_outbox import SECOND, claim, mark
from tests.notices.town import AUTHOR, Town, open_town, until

pytestmark = pytest.mark.parametrize("new_url", ["postgresql"], indirect=True)


@pytest.fixture
async def town(url: str) -> AsyncIterator[Town]:
    """A town over PostgreSQL."""
    async with open_town(url) as town:
        yield town


@asynccontextmanager
async def held_open(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, work: Any
) -> AsyncIterator[asyncio.Task[Any]]:
    """Let work go on in a transaction that stands still, all done, just before its commit."""
    original, reached, go = getattr(where, name), asyncio.Event(), asyncio.Event()

    async def stand_still(*given: Any) -> Any:
        done = await original(*given)
        reached.set()
        await go.wait()
        return done

    with monkeypatch.context() as patched:
        patched.setattr(where, name, stand_still)
        task = asyncio.create_task(work)
        await reached.wait()
        yield task
        go.set()
        await task


async def withdraw(town: Town) -> None:
    record = await town.find("water-cut")
    await town.apply(changes.ended(record, Event.WITHDRAW, town.clock(), town.rules, AUTHOR))


async def is_waiting(town: Town) -> bool:
    """Return whether one transaction waits for another."""
    async with town.store._database.reading() as connection:
        found = await connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(found.scalar())


async def test_what_an_ending_has_dropped_is_not_claimed_the_moment_after(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.settle(30)
    await town.issue()

    async with held_open(monkeypatch, notice_table, "write_entries", withdraw(town)):
        claiming = asyncio.create_task(claim(town, 5))
        await until(lambda: is_waiting(town))

    assert await claiming == ()
    assert await town.progress("water-cut") == Progress(dropped=30)


async def test_what_was_dropped_by_somebody_who_said_stop_is_not_claimed_the_moment_after(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.settle(1)
    await town.issue()

    async with held_open(monkeypatch, ChatTable, "_put", town.store.save_chat(Chat(1, "ru"))):
        claiming = asyncio.create_task(claim(town, 1))
        await until(lambda: is_waiting(town))

    assert await claiming == ()


async def test_a_copy_that_arrives_while_its_notice_ends_is_edited(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.settle(2)
    await town.issue()
    arrived, failed = await claim(town)

    async with held_open(monkeypatch, notice_table, "write_entries", withdraw(town)):
        marking = asyncio.create_task(record(town, (arrived, Sent(77)), (failed, Throttled(SECOND))))
        await until(lambda: is_waiting(town))
    await marking

    (edit,) = await claim(town, task=Task.EDIT)
    assert (edit.delivery.chat_id, edit.reply_to) == (1, 77)
    assert await town.progress("water-cut") == Progress(sent=1, dropped=1)


async def test_an_ending_finds_the_copy_whose_arrival_is_being_recorded(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.settle(1)
    await town.issue()
    (arrived,) = await claim(town)

    outbox = town.store.outbox
    async with held_open(monkeypatch, outbox, "_mark", mark(town, (arrived,), Sent(77))):
        ending = asyncio.create_task(withdraw(town))
        await until(lambda: is_waiting(town))
    await ending

    assert [one.reply_to for one in await claim(town, task=Task.EDIT)] == [77]


async def test_who_says_stop_while_the_outcome_is_recorded_is_not_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.settle(2)
    await town.issue()
    first, second = await claim(town)

    async with held_open(monkeypatch, ChatTable, "_put", town.store.save_chat(Chat(1, "ru"))):
        marking = asyncio.create_task(mark(town, (first,), Throttled(SECOND)))
        await until(lambda: is_waiting(town))
    await marking
    async with held_open(monkeypatch, town.store.outbox, "_mark", mark(town, (second,), Throttled(SECOND))):
        leaving = asyncio.create_task(town.store.save_chat(Chat(2, "ru")))
        await until(lambda: is_waiting(town))
    await leaving

    assert await town.progress("water-cut") == Progress(dropped=2)


async def test_who_blocks_the_bot_and_is_refused_at_the_same_moment_blocks_no_outcome(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.settle(2)
    await town.issue()
    first, second = await claim(town)

    async with held_open(monkeypatch, chat_table, "drop_what_waits", town.store.save_chat(Chat(1, "ru"))):
        refused = (first, Unreachable("bot was blocked by the user"))
        marking = asyncio.create_task(record(town, (second, Sent(2)), refused))
        await until(lambda: is_waiting(town))
    await marking

    assert await town.progress("water-cut") == Progress(sent=1, refused=1)


async def test_who_says_stop_just_when_the_refusal_is_recorded_blocks_no_outcome(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has written one of the two tables and goes on to the other."""
    await town.settle(1)
    await town.issue()
    claims = await claim(town)
    original, reached, go = drop_what_waits, asyncio.Event(), asyncio.Event()

    async def wait_before(*given: Any) -> None:
        reached.set()
        await go.wait()
        await original(*given)

    monkeypatch.setattr(chat_table, "drop_what_waits", wait_before)
    leaving = asyncio.create_task(town.store.save_chat(Chat(1, "ru")))
    await reached.wait()
    marking = asyncio.create_task(mark(town, claims, Unreachable("bot was blocked by the user")))
    await until(lambda: is_waiting(town))
    go.set()
    await asyncio.gather(leaving, marking)

    assert await town.progress("water-cut") == Progress(refused=1)


async def record(town: Town, *outcomes: tuple[Claim, Any]) -> None:
    """Write down how these attempts ended, in one transaction."""
    now = town.clock()
    await town.store.outbox.record(
        [
            Marked(one, conclude(one.delivery, outcome, now), isinstance(outcome, Unreachable))
            for one, outcome in outcomes
        ],
        now,
    )
