"""A process killed while it migrates leaves the old tables or the new ones, never something between."""

import asyncio
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.adapters.store import SqlStore
from bot.adapters.store.database import make_database
from bot.core.chat import Chat
from bot.core.notices.delivery import Sent
from tests.adapters.store.test_outbox import claim, mark
from tests.notices.nursery import Nursery, open_nursery
from tests.notices.test_endings import make_change
from tests.notices.town import open_town

MIGRATE = "tests.notices.lives:migrate"

OLD = """
CREATE TABLE chats (id BIGINT NOT NULL, language VARCHAR(16), PRIMARY KEY (id));
CREATE TABLE handled_updates (
    update_id BIGINT NOT NULL, handled_at DATETIME NOT NULL, PRIMARY KEY (update_id)
);
CREATE INDEX ix_handled_updates_handled_at ON handled_updates (handled_at);
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
INSERT INTO chats VALUES (7, 'en');
"""
"""The database of the first version, with a resident in it."""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """A nursery for the processes that are killed."""
    with open_nursery() as nursery:
        yield nursery


def _make_old(url: str) -> None:
    """Put the database of the first version in the place of whatever is there."""
    if (path := _path(url)) is not None:
        path.parent.mkdir(exist_ok=True)
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(OLD)
    else:
        fresh = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;" + OLD.replace("DATETIME", "TIMESTAMPTZ")
        asyncio.run(_on_postgresql(url, lambda connection: connection.execute(fresh)))


def _schema(url: str) -> tuple[str, frozenset[str]]:
    """Return the version, and the names of all there is."""
    if (path := _path(url)) is not None:
        with closing(sqlite3.connect(path)) as connection:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            names = connection.execute("SELECT name FROM sqlite_master").fetchall()
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return version, frozenset(name for (name,) in names)
    names = asyncio.run(
        _on_postgresql(
            url,
            lambda connection: connection.fetch(
                "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            ),
        )
    )
    version = "SELECT version_num FROM alembic_version"
    number = asyncio.run(_on_postgresql(url, lambda connection: connection.fetchval(version)))
    return number, frozenset(row["name"] for row in names)


def _path(url: str) -> Path | None:
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None


async def _on_postgresql(url: str, work: Callable[[asyncpg.Connection], Awaitable[Any]]) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await work(connection)
    finally:
        await connection.close()


def test_killed_at_each_statement_it_is_old_or_new_and_never_neither(url: str, nursery: Nursery) -> None:
    """T16."""
    seen: dict[str, set[frozenset[str]]] = {}
    statement, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        statement += 1
        _make_old(url)
        code = nursery.run(MIGRATE, url, statement)
        version, names = _schema(url)
        seen.setdefault(version, set()).add(names)

    assert code == 0
    assert statement > 20
    assert "0001" in seen
    assert all(len(schemas) == 1 for schemas in seen.values()), "a version has two schemas"
    assert set(seen) == {"0001", max(seen)}
    assert asyncio.run(_resident(url)) == Chat(7, "en")


async def _resident(url: str) -> Chat | None:
    store = await SqlStore.open(url)
    found = await store.find_chat(7)
    await store.close()
    return found


async def test_a_correction_under_way_while_the_program_is_renewed_still_finds_late_holders(url: str) -> None:
    """Whose holders a mailing goes to stood in a column of its own before the sixth version."""
    async with open_town(url) as town:
        await town.settle(2)
        await town.issue()
        late = await claim(town, 1)
        await mark(town, await claim(town), Sent(1))
        await town.issue(make_change("correction"))
    database = make_database(url)
    async with database.writing() as connection:
        await connection.run_sync(_take_to, "0005")
        before = (await connection.exec_driver_sql("SELECT holders_of FROM mailings")).scalars().all()
        assert sorted(before) == ['["water-cut"]', "[]", "[]"]
    await database.close()

    async with open_town(url) as town:
        await mark(town, late, Sent(2))

        assert (await town.progress("water-cut-correction")).queued == 2


def _take_to(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", "bot.adapters.store:migrations")
    config.attributes["connection"] = connection
    command.downgrade(config, version)
