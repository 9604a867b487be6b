"""The right to deliver: one process has it at a time, and whoever comes second learns who that is.

The right ends with the process, however it ends: PostgreSQL drops an advisory lock with its connection, the
operating system drops SQLite's file lock with the file.
"""

import datetime as dt
import os
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import NullPool, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.adapters.store.database import real_url, store_errors
from bot.core.chat import StoreUnavailable

ADVISORY_KEY = 0x5AFE_B07
"""PostgreSQL's advisory locks are numbers, per database."""

PATIENCE = {
    "timeout": 5,
    "command_timeout": 5,
    # A server that has lost sight of us lets go of the lock within a minute, not after hours.
    "server_settings": {
        "tcp_keepalives_idle": "20",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
    },
}
"""Seconds until a lost server is noticed, on either side."""


NO_LOCK = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
"""What SQLite says of a file that was written over; nothing is lost with this one."""


class AlreadyDelivering(Exception):
    """Another process delivers from this database; the message says which."""


class DeliveryLock(Protocol):
    """The right, once it was taken."""

    async def hold(self) -> str:
        """Return why it is not ours just now, nothing if it is.

        A database server that restarts drops it: then it is taken again, unless somebody else was faster.
        """


@asynccontextmanager
async def delivery_lock(url: str, now: dt.datetime) -> AsyncIterator[DeliveryLock]:
    """Hold the right to deliver from the database at `url`. Taken before anything else is done there.

    Raises:
        AlreadyDelivering: another process has it.
        StoreUnavailable: there is no getting at the database.
    """
    parsed = make_url(url)
    if not parsed.get_backend_name().startswith("sqlite"):
        lock = _Advisory(url)
        try:
            await lock.take()
            yield lock
        finally:
            await lock.close()
    elif not parsed.database or parsed.database == ":memory:":
        yield _Ours()  # nobody else can open it
    else:
        with _file_lock(Path(f"{parsed.database}.lock"), now):
            yield _Ours()


class _Ours:
    async def hold(self) -> str:
        return ""


def _me() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"


class _Advisory:
    """PostgreSQL's lock. It lives on a connection of its own, which does nothing else."""

    def __init__(self, url: str) -> None:
        with store_errors():
            self._engine = create_async_engine(real_url(url), poolclass=NullPool, connect_args=PATIENCE)
        self._connection: AsyncConnection | None = None

    async def take(self) -> None:
        """Take the right, on a new connection."""
        await self._let_go()
        with store_errors():
            self._connection = connection = await self._engine.connect()
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(
                text("SELECT set_config('application_name', :me, false)"), {"me": f"safety-bot, {_me()}"[:63]}
            )
            if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}):
                owner = await _postgresql_owner(connection)
                await self._let_go()
                raise AlreadyDelivering(owner)

    async def hold(self) -> str:
        try:
            if not await self._is_held():
                await self.take()
        except (StoreUnavailable, AlreadyDelivering) as reason:
            return str(reason)
        return ""

    async def close(self) -> None:
        """Let the right go."""
        await self._let_go()
        await self._engine.dispose()

    async def _is_held(self) -> bool:
        if self._connection is None:
            return False
        held = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
        )
        try:
            with store_errors():
                return bool(await self._connection.scalar(held))
        except StoreUnavailable:
            return False

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(StoreUnavailable), store_errors():
                await connection.close()


async def _postgresql_owner(connection: AsyncConnection) -> str:
    owner = text(
        "SELECT a.application_name, a.client_addr, a.backend_start FROM pg_locks l"
        " JOIN pg_stat_activity a ON a.pid = l.pid JOIN pg_database d ON d.oid = l.database"
        " WHERE l.locktype = 'advisory' AND l.objid = :key AND l.granted AND d.datname = current_database()"
    )
    row = (await connection.execute(owner, {"key": ADVISORY_KEY})).first()
    if row is None:
        return "another process delivers from this database"
    return (
        f"another process delivers from this database: {row.application_name}, from {row.client_addr},"
        f" since {row.backend_start:%Y-%m-%d %H:%M} UTC"
    )


class _file_lock:  # noqa: N801 - used like a function
    """A lock that is itself a tiny SQLite file: the same on every system, and readable while it is held."""

    def __init__(self, path: Path, now: dt.datetime) -> None:
        self._path, self._now = path, now
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> None:
        with store_errors():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=0.2, isolation_level=None)
        try:
            connection.execute("CREATE TABLE IF NOT EXISTS owner (words TEXT)")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM owner")
            connection.execute(
                "INSERT INTO owner VALUES (?)", (f"{_me()}, since {self._now:%Y-%m-%d %H:%M} UTC",)
            )
            connection.execute("COMMIT")
            # Held until the process ends; what was committed can be read by whoever asks meanwhile.
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            connection.close()
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise AlreadyDelivering(
                    f"another process delivers from this database: {_file_owner(self._path)}"
                ) from None
            hint = "; delete it" if getattr(error, "sqlite_errorcode", None) in NO_LOCK else ""
            raise StoreUnavailable(f"{self._path.name} cannot be used: {error}{hint}") from None
        self._connection = connection

    def __exit__(self, *_: object) -> None:
        if self._connection:
            self._connection.close()


def _file_owner(path: Path) -> str:
    try:
        with closing(sqlite3.connect(path, timeout=0.2)) as connection:
            row = connection.execute("SELECT words FROM owner").fetchone()
    except sqlite3.Error:
        row = None
    return str(row[0]) if row else "it does not say who it is"
