"""Whether a database is whole: asked before anything in it is changed, and of what was restored."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url, select, text

from bot.adapters.store.database import Database, is_postgresql
from bot.core.chat import StoreUnavailable

PATIENCE = 1.0
"""Seconds for which another process may keep the file to itself."""


async def find_damage(url: str) -> str | None:
    """Return what is wrong with the database at `url`, None where it is whole or not there yet.

    PostgreSQL checks its pages as it reads them.

    Raises:
        StoreUnavailable: there is no getting at it.
    """
    parsed = make_url(url)
    path = Path(parsed.database or "")
    if not parsed.get_backend_name().startswith("sqlite") or parsed.database in {None, "", ":memory:"}:
        return None
    return await asyncio.to_thread(_damage_of, path)


async def check(database: Database) -> str | None:
    """Return what is wrong with an open database, or None."""
    async with database.reading() as connection:
        if is_postgresql(connection):
            await connection.execute(select(1))
            return None
        found = (await connection.execute(text("PRAGMA integrity_check"))).scalar()
    return None if found == "ok" else str(found)


def _damage_of(path: Path) -> str | None:
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(f"{path.name} cannot be used: {error}") from None
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == "ok" else str(found)
