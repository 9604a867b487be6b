"""What chats chose: language, areas, quiet hours; read and written one by one or as a whole list."""

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database, insert
from bot.adapters.store.leaving import drop_what_waits
from bot.adapters.store.schema import chat_areas, chats
from bot.core.chat import Chat
from bot.core.message import Room
from bot.core.notices.notice import AreaId
from bot.core.notices.quiet import QuietHours

PAGE = 1000
"""Chats read at a time: a list of a whole city never stands in memory at once."""


class ChatTable:
    """The chats of one database. Every method raises StoreUnavailable when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, chat_id: int) -> Chat | None:
        """Return what the chat has chosen, None where it never chose anything."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(chats).where(chats.c.id == chat_id))).first()
            return (await _with_areas(connection, [row]))[0] if row else None

    async def save(self, given: Iterable[Chat]) -> None:
        """Keep what the chats have chosen, in place of what they chose before; all of them or none."""
        # Each chat once: PostgreSQL refuses to write the same row twice in one statement.
        listed = list({chat.id: chat for chat in given}.values())
        async with self._database.writing() as connection:
            for start in range(0, len(listed), PAGE):
                await self._put(connection, listed[start : start + PAGE])

    async def find_known(self, chat_ids: Iterable[int]) -> set[int]:
        """Return those of these chats that chose anything here, be it to get no notices."""
        listed, known = sorted(set(chat_ids)), set[int]()
        async with self._database.reading() as connection:
            for start in range(0, len(listed), PAGE):
                these = select(chats.c.id).where(chats.c.id.in_(listed[start : start + PAGE]))
                known.update((await connection.execute(these)).scalars())
        return known

    async def move(self, old_id: int, new_id: int) -> None:
        """Carry a chat's choices over to its new id; choices already made under the new id stay."""
        async with self._database.writing() as connection:
            await self.move_in(connection, old_id, new_id)

    async def move_in(self, connection: AsyncConnection, old_id: int, new_id: int) -> None:
        """Do the same within somebody's transaction."""
        areas = select(chat_areas.c.area).where(chat_areas.c.chat_id == old_id)
        chosen = (await connection.execute(areas)).scalars().all()
        # Deleting first takes the write lock at once, so that two moves cannot block one another.
        moved = (await connection.execute(delete(chats).where(chats.c.id == old_id).returning(chats))).first()
        if moved is None:
            return
        row = {**moved._mapping, "id": new_id}
        added = await connection.execute(
            insert(connection, chats).values(row).on_conflict_do_nothing().returning(chats.c.id)
        )
        if added.first() is not None:
            await _put_areas(connection, new_id, chosen)

    async def list_subscribed(self, areas: Iterable[AreaId] | None = None) -> AsyncIterator[Chat]:
        """Yield the chats that subscribed for one of the areas, or for any, by id."""
        subscribed = select(chat_areas.c.chat_id)
        if areas is not None:
            subscribed = subscribed.where(chat_areas.c.area.in_(sorted(areas)))
        last: int | None = None
        while True:
            page = select(chats).where(chats.c.id.in_(subscribed)).order_by(chats.c.id).limit(PAGE)
            if last is not None:
                page = page.where(chats.c.id > last)
            async with self._database.reading() as connection:
                rows = (await connection.execute(page)).all()
                found = await _with_areas(connection, rows)
            for chat in found:
                yield chat
            if len(found) < PAGE:
                return
            last = found[-1].id

    async def _put(self, connection: AsyncConnection, given: Sequence[Chat]) -> None:
        row = insert(connection, chats)
        new = {name: row.excluded[name] for name in ("language", "room", "quiet")}
        upsert = row.on_conflict_do_update(index_elements=[chats.c.id], set_=new)
        values = [
            {
                "id": chat.id,
                "language": chat.language,
                "room": chat.room.value,
                "quiet": written_quiet(chat.quiet),
            }
            for chat in given
        ]
        await connection.execute(upsert, values)
        theirs = delete(chat_areas).where(chat_areas.c.chat_id.in_([chat.id for chat in given]))
        before = set((await connection.execute(theirs.returning(chat_areas.c.chat_id))).scalars())
        areas = [{"chat_id": chat.id, "area": area} for chat in given for area in sorted(chat.areas)]
        if areas:
            await connection.execute(chat_areas.insert(), areas)
        left = before - {chat.id for chat in given if chat.areas}
        if left:
            # "No more notices" holds from now on, also for those that wait to be sent.
            await drop_what_waits(connection, left)


def written_quiet(quiet: QuietHours | None) -> str:
    """Return quiet hours as they are stored: `22:00-07:00`, and nothing where everything rings."""
    return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}" if quiet else ""


@lru_cache(maxsize=1024)
def read_quiet(text: str) -> QuietHours | None:
    """Return the quiet hours that were stored."""
    if not text:
        return None
    start, _, end = text.partition("-")
    return QuietHours(dt.time.fromisoformat(start), dt.time.fromisoformat(end))


async def _put_areas(connection: AsyncConnection, chat_id: int, areas: Iterable[AreaId]) -> None:
    rows = [{"chat_id": chat_id, "area": area} for area in sorted(areas)]
    if rows:
        await connection.execute(chat_areas.insert(), rows)


async def _with_areas(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Chat]:
    if not rows:
        return []
    query = select(chat_areas).where(chat_areas.c.chat_id.in_([row.id for row in rows]))
    areas: dict[int, set[AreaId]] = {}
    for chosen in await connection.execute(query):
        areas.setdefault(chosen.chat_id, set()).add(chosen.area)
    return [
        Chat(row.id, row.language, frozenset(areas.get(row.id, ())), read_quiet(row.quiet), Room(row.room))
        for row in rows
    ]
