"""The store that workflows and channels are given: chats, and the journal of answered updates."""

import datetime as dt
from collections.abc import Callable
from typing import Self

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.store.database import connect, insert, store_errors
from bot.adapters.store.handled import HandledUpdates
from bot.adapters.store.schema import chats
from bot.core.chat import Chat


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SqlStore:
    """Chats and answered updates in one database. Every method raises StoreUnavailable when it is away."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], dt.datetime] = _utc_now) -> None:
        """Take an engine whose tables are up to date; `open` makes one."""
        self._engine = engine
        self._handled = HandledUpdates(engine, now)

    @classmethod
    async def open(cls, url: str, now: Callable[[], dt.datetime] = _utc_now) -> Self:
        """Return the store at `url` (`sqlite:///data/bot.db`, `postgresql://...`), brought up to date.

        Raises:
            StoreUnavailable: the database is away, or its folder cannot be written.
        """
        store = cls(await connect(url), now)
        with store_errors():
            await store._handled.open()
        return store

    async def close(self) -> None:
        """Finish what is being written, then let go of the database."""
        await self._handled.close()
        await self._engine.dispose()

    async def check(self) -> None:
        """Return when the database has answered."""
        with store_errors():
            async with self._engine.connect() as connection:
                await connection.execute(select(1))

    async def find_chat(self, chat_id: int) -> Chat | None:
        """Return what the chat has chosen, None where it never chose anything."""
        with store_errors():
            async with self._engine.connect() as connection:
                row = (await connection.execute(select(chats).where(chats.c.id == chat_id))).first()
        return Chat(id=row.id, language=row.language) if row else None

    async def save_chat(self, chat: Chat) -> None:
        """Keep what the chat has chosen, in place of what it chose before."""
        with store_errors():
            async with self._engine.begin() as connection:
                await self._put(connection, chat)

    async def forget_chat(self, chat_id: int) -> None:
        """Erase everything about the chat."""
        with store_errors():
            async with self._engine.begin() as connection:
                await connection.execute(delete(chats).where(chats.c.id == chat_id))

    async def move_chat(self, old_id: int, new_id: int) -> None:
        """Carry a chat's choices over to its new id; choices already made under the new id stay."""
        with store_errors():
            async with self._engine.begin() as connection:
                # Deleting first takes the write lock at once, so that two moves cannot block one another.
                moved = (
                    await connection.execute(delete(chats).where(chats.c.id == old_id).returning(chats))
                ).first()
                if moved:
                    row = {"id": new_id, "language": moved.language}
                    await connection.execute(insert(self._engine, chats).values(row).on_conflict_do_nothing())

    async def has_handled(self, update_id: int) -> bool:
        """Tell whether the update was answered, by this process or an earlier one."""
        return await self._handled.has(update_id)

    async def record_handled(self, update_id: int) -> None:
        """Return when it is safely recorded that the update was answered. Kept for 48 hours."""
        await self._handled.record(update_id)

    async def _put(self, connection: AsyncConnection, chat: Chat) -> None:
        row = insert(self._engine, chats).values(id=chat.id, language=chat.language)
        await connection.execute(
            row.on_conflict_do_update(index_elements=[chats.c.id], set_={"language": row.excluded.language})
        )
