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

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import make_engine, store_errors
from bot.core.chat import StoreUnavailable

ADVISORY_KEY = 0x5AFE_B07
"""PostgreSQL's advisory locks are numbers, per database."""


class AlreadyDelivering(Exception):
    """Another process delivers from this database; the message says which."""


class DeliveryLock(Protocol):
    """The right, while it is held."""

    async def is_held(self) -> bool:
        """Return whether it is still ours: a database server that restarts drops it."""


@asynccontextmanager
async def delivery_lock(url: str, now: dt.datetime) -> AsyncIterator[DeliveryLock]:
    """Hold the right to deliver from the database at `url`. Taken before anything else is done there.

    Raises:
        AlreadyDelivering: another process has it.
        StoreUnavailable: there is no getting at the database.
    """
    parsed = make_url(url)
    if not parsed.get_backend_name().startswith("sqlite"):
        async with _postgresql_lock(url) as held:
            yield held
    elif not parsed.database or parsed.database == ":memory:":
        yield _Ours()  # nobody else can open it
    else:
        with _file_lock(Path(f"{parsed.database}.lock"), now):
            yield _Ours()


class _Ours:
    async def is_held(self) -> bool:
        return True


def _me() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"


@asynccontextmanager
async def _postgresql_lock(url: str) -> AsyncIterator[DeliveryLock]:
    with store_errors():
        engine = make_engine(url)
        try:
            connection = await engine.connect()
        except BaseException:
            await engine.dispose()
            raise
    try:
        with store_errors():
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(
                text("SELECT set_config('application_name', :me, false)"), {"me": f"safety-bot, {_me()}"[:63]}
            )
            taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY})
            if not taken:
                raise AlreadyDelivering(await _postgresql_owner(connection))
        yield _Advisory(connection)
    finally:
        with suppress(StoreUnavailable), store_errors():
            await connection.close()
        await engine.dispose()


class _Advisory:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_held(self) -> bool:
        held = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
        )
        try:
            with store_errors():
                return bool(await self._connection.scalar(held))
        except StoreUnavailable:
            return False


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
        except sqlite3.OperationalError as error:
            connection.close()
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise AlreadyDelivering(
                    f"another process delivers from this database: {_file_owner(self._path)}"
                ) from None
            raise StoreUnavailable(f"{self._path.name} cannot be used: {error}") from None
        self._connection = connection

    def __exit__(self, *_: object) -> None:
        if self._connection:
            self._connection.close()


def _file_owner(path: Path) -> str:
    try:
        with closing(sqlite3.connect(path, timeout=0.2)) as connection:
            row = connection.execute("SELECT words FROM owner").fetchone()
    except sqlite3.OperationalError:
        row = None
    return str(row[0]) if row else "it does not say who it is"
