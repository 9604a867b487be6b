"""A process killed while it migrates leaves the old tables or the new ones, never something between."""

import asyncio
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.store import SqlStore
from bot.core.chat import Chat
from tests.notices.nursery import Nursery, open_nursery

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


def _schema(path: Path) -> tuple[str, frozenset[str]]:
    with closing(sqlite3.connect(path)) as connection:
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return version, frozenset(name for (name,) in names)


def test_killed_at_each_statement_it_is_old_or_new_and_never_neither(
    tmp_path: Path, nursery: Nursery
) -> None:
    """T16."""
    path = tmp_path / "bot.db"
    url = f"sqlite:///{path}"
    seen: dict[str, set[frozenset[str]]] = {}
    statement, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        statement += 1
        for left in tmp_path.glob("bot.db*"):
            left.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(OLD)
        code = nursery.run(MIGRATE, url, statement)
        version, names = _schema(path)
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
