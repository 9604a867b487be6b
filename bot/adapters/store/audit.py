"""The log of what people and the program did to notices: written once, never changed, read by export."""

import json
from collections.abc import AsyncIterator, Iterable

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database
from bot.adapters.store.schema import audit
from bot.core.notices.record import Entry

PAGE = 1000


async def write_entries(connection: AsyncConnection, entries: Iterable[Entry]) -> None:
    """Add lines to the log within somebody's transaction, so that no deed is without its line."""
    rows = [
        {
            "at": entry.at,
            "who": entry.who,
            "what": entry.what,
            "notice_id": entry.notice_id,
            "revision": entry.revision,
            "detail": entry.detail,
        }
        for entry in entries
    ]
    if rows:
        await connection.execute(audit.insert(), rows)


class AuditLog:
    """The log of one database. Every method raises StoreUnavailable when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, *entries: Entry) -> None:
        """Add lines that belong to no change, such as a refused deed."""
        async with self._database.writing() as connection:
            await write_entries(connection, entries)

    async def history(self, notice_id: str) -> tuple[Entry, ...]:
        """Return what happened to one notice, the first thing first."""
        query = select(audit).where(audit.c.notice_id == notice_id).order_by(audit.c.id)
        async with self._database.reading() as connection:
            return tuple(_entry(row) for row in await connection.execute(query))

    async def export(self) -> AsyncIterator[str]:
        """Yield the whole log as JSON lines."""
        last = 0
        while True:
            query = select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(PAGE)
            async with self._database.reading() as connection:
                rows = (await connection.execute(query)).all()
            for row in rows:
                yield json.dumps({**row._mapping, "at": row.at.isoformat()}, ensure_ascii=False)
            if len(rows) < PAGE:
                return
            last = rows[-1].id


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(row.at, row.what, row.notice_id, row.revision, row.who, row.detail)
