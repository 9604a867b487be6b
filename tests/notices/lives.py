"""The lives of processes that are killed: delivering, publishing, migrating over a real database and HTTP."""

import asyncio
import datetime as dt
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import aiosqlite
import alembic.command  # noqa: F401 - loaded once for all lives, which need it at once
from sqlalchemy import event
from sqlalchemy.engine import Engine
from yarl import URL

from bot.adapters.store import SqlStore
from bot.adapters.store.lock import delivery_lock
from bot.adapters.telegram.broadcast import TelegramBroadcast
from bot.core.notices.delivery import Outcome
from bot.core.notices.news import Told
from bot.workflows.deliver import Deliver
from bot.workflows.publish import Publish
from tests.notices.town import lenient_policy, make_rules

NOT_FINISHED = 7
"""Exit code of a process that was asked to stop."""


def now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


class Bomb:
    """Kills its own process at the N-th boundary; with 0 never. What follows is never reached."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __call__(self, _: str = "") -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Bombed(TelegramBroadcast):
    """The real broadcaster; the bomb hears before and after each request."""

    def __init__(self, token: str, base_url: str, bomb: Bomb) -> None:
        super().__init__(token, base_url, read_timeout=2.0)
        self._bomb = bomb

    async def _call(self, url: URL, body: bytes, message_id: int | None = None) -> Outcome:
        self._bomb("before the request")
        try:
            return await super()._call(url, body, message_id)
        finally:
            self._bomb("after the request")


def at_commits(bomb: Callable[[str], None]) -> None:
    """Have the bomb hear before and after each commit of SQLite's."""
    commit = aiosqlite.Connection.commit

    async def around(self: aiosqlite.Connection) -> None:
        bomb("before the commit")
        await commit(self)
        bomb("after the commit")

    aiosqlite.Connection.commit = around  # type: ignore[method-assign] # this process has no other purpose


def deliver(
    url: str, token: str, api: str, rate: float, kill_at_commit: int = 0, kill_at_request: int = 0
) -> None:
    """Publish what is due and deliver until nothing waits; exit with NOT_FINISHED when asked to stop."""
    at_commits(Bomb(kill_at_commit))
    asyncio.run(_deliver(url, rate, Bombed(token, api, Bomb(kill_at_request))))


async def _deliver(url: str, rate: float, broadcast: Bombed) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    finished = False

    async def tell(_: Told) -> None:
        """Operators have nothing to do with this."""

    async with delivery_lock(url, now()), broadcast:
        store = await SqlStore.open(url)
        rules = make_rules(policy=lenient_policy())
        publish = Publish(store.notices, store.outbox, rules, now, loop.time, tell)
        worker = Deliver(store.outbox, broadcast, rules.setting.zone, rate, now, loop.time, tell)
        task = asyncio.create_task(worker.run(stop))
        while not stop.is_set() and not finished:
            await publish.tick()
            finished = not await store.outbox.open_mailings()
            await asyncio.sleep(0.05)
        stop.set()
        await task
        await store.close()
    if not finished:
        sys.exit(NOT_FINISHED)


def migrate(url: str, kill_at: int) -> None:
    """Open the store, which migrates it; killed at the N-th statement or commit."""
    bomb = Bomb(kill_at)
    at_commits(bomb)
    event.listen(Engine, "before_cursor_execute", lambda *_: bomb())
    event.listen(Engine, "commit", lambda _: bomb())  # PostgreSQL's

    async def open_store() -> None:
        await (await SqlStore.open(url)).close()

    asyncio.run(open_store())


def hold_lock(url: str, sign: str, seconds: float) -> None:
    """Hold the right to deliver for so long; the file `sign` says when it begins."""

    async def hold() -> None:
        async with delivery_lock(url, now()):
            Path(sign).touch()  # noqa: ASYNC240 - nothing else runs here
            await asyncio.sleep(seconds)

    asyncio.run(hold())
