"""One engine for either database: how it is opened, brought up to date, and how its errors reach the rest."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.core.chat import StoreUnavailable

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

# A second process (a backup, a look from the command line) may hold SQLite's only write lock for a moment.
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON")

# PostgreSQL: seconds until a lost server is noticed, so that a resident is not left waiting for it.
POSTGRESQL_PATIENCE = {"timeout": 10, "command_timeout": 30}

WRITES = "takes_the_write_lock_at_once"


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn every error of the database or of the way to it into StoreUnavailable.

    Only the kind of the driver's error is told: its text quotes statements, and parameters with them.
    """
    try:
        yield
    except (SQLAlchemyError, OSError, TimeoutError, OverflowError) as error:
        origin = getattr(error, "orig", None) or error
        raise StoreUnavailable(f"the database failed: {type(origin).__name__}") from None


def insert(engine: AsyncEngine, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT; both databases do, SQLAlchemy's general one does not."""
    return postgresql.insert(table) if engine.dialect.name == "postgresql" else sqlite.insert(table)


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a transaction that reads before it writes; SQLite would refuse it the lock halfway through."""
    async with engine.execution_options(**{WRITES: True}).begin() as connection:
        yield connection


async def connect(url: str) -> AsyncEngine:
    """Return an engine for `url`, its tables brought up to date.

    The URL names SQLite or PostgreSQL; which driver it names does not matter. SQLite's folder is created.

    Raises:
        StoreUnavailable: there is no getting at the database.
    """
    with store_errors():
        engine = make_engine(url)
        try:
            # One transaction: a process killed in the middle leaves the old tables, whole.
            async with writing(engine) as connection:
                await connection.run_sync(_upgrade)
        except BaseException:
            await engine.dispose()
            raise
    return engine


def make_engine(text: str) -> AsyncEngine:
    """Return an engine for a URL, its tables as they are."""
    url = make_url(text)
    url = url.set(drivername=DRIVERS.get(url.get_backend_name(), url.drivername))
    if not url.drivername.startswith("sqlite"):
        # A connection that died in the night is replaced before a resident meets it.
        return create_async_engine(url, pool_pre_ping=True, connect_args=POSTGRESQL_PATIENCE)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # One connection: SQLite has one writer anyway, and waiting in the pool is cheaper than at its lock.
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_pragmas(connection: DBAPIConnection, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # Python's driver would begin transactions when it sees fit, and never before CREATE TABLE: `_begin` does.
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "bot.adapters.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
