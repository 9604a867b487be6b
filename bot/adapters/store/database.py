"""One database and the ways into it: opened, brought up to date, its errors told as one kind."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, AdaptedConnection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.core.chat import StoreUnavailable

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

READERS = 3
"""Connections for reading SQLite: a reply seldom needs one for a millisecond."""

ALL_PRAGMAS = ("journal_mode=WAL", "busy_timeout=1000", "foreign_keys=ON")
"""Another process may hold SQLite's only write lock: after a second it is told and tried again, because
whoever waits longer keeps all other writers waiting behind.
"""

WRITING_PRAGMAS = ("synchronous=FULL", "journal_size_limit=16777216")
READING_PRAGMAS = ("query_only=ON",)

TURN_WITHIN = 5.0
"""Seconds for which a writer waits for its turn."""

# PostgreSQL: seconds until a lost server is noticed; for a reader fewer, since somebody waits for an answer.
READING_PATIENCE = {"timeout": 3, "command_timeout": 5}
WRITING_PATIENCE = {"timeout": 10, "command_timeout": 30}


class TooNew(StoreUnavailable):
    """Its tables are those of a newer version of the program."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Readers wait for nobody; writers take turns, on SQLite one at a time."""

    readers: AsyncEngine
    writers: AsyncEngine

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give the database as it is at one moment.

        Raises:
            StoreUnavailable: it is away; so does everything that fails inside.
        """
        with store_errors():
            async with self.readers.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction, committed whole at the end or not at all.

        Raises:
            StoreUnavailable: it is away, or another process writes; so does everything that fails inside.
        """
        with store_errors():
            async with self.writers.begin() as connection:
                yield connection

    async def size(self) -> int:
        """Return how many bytes it takes."""
        async with self.reading() as connection:
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            if is_postgresql(connection):
                query = "SELECT pg_database_size(current_database())"
            return int((await connection.execute(text(query))).scalar_one())

    async def close(self) -> None:
        """Let go of it."""
        await self.readers.dispose()
        await self.writers.dispose()


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn every error of the database or of the way to it into StoreUnavailable.

    Only the kind of the driver's error is told: its text quotes statements, and parameters with them.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, TimeoutError, OverflowError) as error:
        origin = getattr(error, "orig", None) or error
        raise StoreUnavailable(f"the database failed: {type(origin).__name__}") from None


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT; both databases do, SQLAlchemy's general one does not."""
    return postgresql.insert(table) if is_postgresql(connection) else sqlite.insert(table)


def is_postgresql(connection: AsyncConnection) -> bool:
    """Return whether it leads to PostgreSQL; else it is SQLite."""
    return connection.dialect.name == "postgresql"


async def connect(url: str) -> Database:
    """Return the database at `url`, its tables brought up to date.

    The URL names SQLite or PostgreSQL; which driver it names does not matter. SQLite's folder is created.

    Raises:
        TooNew: a newer version of the program made it.
        StoreUnavailable: there is no getting at the database.
    """
    with store_errors():
        database = make_database(url)
    try:
        # One transaction: a process killed in the middle leaves the old tables, whole.
        async with database.writing() as connection:
            await connection.run_sync(_upgrade)
    except BaseException:
        await database.close()
        raise
    return database


def files_of(path: Path) -> list[Path]:
    """Return the files that SQLite may have for one database, that at `path` last.

    Whoever moves them keeps this order: a new file beside an old journal is taken for that one's own.
    """
    return [path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm", "-journal", "")]


def make_database(given: str) -> Database:
    """Return the database at a URL, its tables as they are. Nothing is connected yet."""
    url = real_url(given)
    if not url.drivername.startswith("sqlite"):
        # A connection that died in the night is replaced before a resident meets it.
        return Database(
            create_async_engine(url, pool_pre_ping=True, connect_args=READING_PATIENCE),
            create_async_engine(url, pool_pre_ping=True, connect_args=WRITING_PATIENCE),
        )
    # SQLite has one writer anyway, and waiting in the pool is cheaper than at its lock.
    writers = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=TURN_WITHIN)
    _set_up(writers, "BEGIN IMMEDIATE", *ALL_PRAGMAS, *WRITING_PRAGMAS)
    if not url.database or url.database == ":memory:":
        return Database(writers, writers)
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    readers = create_async_engine(url, pool_size=READERS, max_overflow=0, pool_timeout=TURN_WITHIN)
    _set_up(readers, "BEGIN", *ALL_PRAGMAS, *READING_PRAGMAS)
    return Database(readers, writers)


def real_url(given: str) -> URL:
    """Return the URL with the driver that the program uses."""
    url = make_url(given)
    return url.set(drivername=DRIVERS.get(url.get_backend_name(), url.drivername))


def _set_up(engine: AsyncEngine, begin: str, *pragmas: str) -> None:
    """Have every connection of SQLite's set up, and every transaction begin as told.

    One that reads before it writes must take the lock at once: halfway through SQLite would refuse it.
    """

    def set_pragmas(connection: DBAPIConnection, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # Python's driver would begin transactions when it sees fit, and never before CREATE TABLE.
        connection.isolation_level = None

    def begin_transaction(connection: Connection) -> None:
        # Past SQLAlchemy's cursors: to make, use and close one is three trips to the connection's thread.
        adapted = cast(AdaptedConnection, connection.connection.dbapi_connection)
        adapted.run_async(lambda driver: driver.execute(begin))

    event.listen(engine.sync_engine, "connect", set_pragmas)
    event.listen(engine.sync_engine, "begin", begin_transaction)


def _upgrade(connection: Connection) -> None:
    # Loaded here: whoever has not the right to deliver need not wait until it is loaded.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "bot.adapters.store:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:  # it does not know the version that stands in the database
        raise TooNew("a newer version of the program made this database; run that one") from None
