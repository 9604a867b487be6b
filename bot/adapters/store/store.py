"""The store that workflows and channels are given: chats, answered updates, notices and the outbox."""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Self

from sqlalchemy import delete, select

from bot.adapters.store import facts, integrity
from bot.adapters.store.audiences import Audiences
from bot.adapters.store.audit import AuditLog
from bot.adapters.store.backup import back_up
from bot.adapters.store.cards import CardTable
from bot.adapters.store.chats import ChatTable
from bot.adapters.store.copies import Copies
from bot.adapters.store.database import Database, connect
from bot.adapters.store.handled import HandledUpdates
from bot.adapters.store.leaving import take_name_off
from bot.adapters.store.misses import MissTable
from bot.adapters.store.notices import NoticeTable
from bot.adapters.store.outbox import Outbox
from bot.adapters.store.schema import chats
from bot.core.chat import Chat
from bot.core.notices.notice import AreaId


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SqlStore:
    """Chats and answered updates in one database. Every method raises StoreUnavailable when it is away."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], dt.datetime] = _utc_now,
        copies: Copies | None = None,
    ) -> None:
        """Take a database whose tables are up to date (`open` makes one), and its nightly copies."""
        self._database = database
        self._copies = copies
        self._handled = HandledUpdates(database, now)
        self._chats = ChatTable(database)
        self.notices = NoticeTable(database)
        self.outbox = Outbox(database)
        self.audit = AuditLog(database)
        self.audiences = Audiences(database)
        self.cards = CardTable(database)
        self.misses = MissTable(database, now)

    @classmethod
    async def open(
        cls, url: str, now: Callable[[], dt.datetime] = _utc_now, copies: Copies | None = None
    ) -> Self:
        """Return the store at `url` (`sqlite:///data/bot.db`, `postgresql://...`), brought up to date.

        Raises:
            StoreUnavailable: the database is away, or its folder cannot be written.
        """
        store = cls(await connect(url), now, copies)
        await store._handled.open()
        await store.misses.discard_old()
        return store

    async def close(self) -> None:
        """Finish what is being written, then let go of the database."""
        await self._handled.close()
        await self._database.close()

    async def check(self) -> None:
        """Return when the database has answered."""
        async with self._database.reading() as connection:
            await connection.execute(select(1))

    async def find_chat(self, chat_id: int) -> Chat | None:
        """Return what the chat has chosen, None where it never chose anything."""
        return await self._chats.find(chat_id)

    async def save_chat(self, chat: Chat) -> None:
        """Keep what the chat has chosen, in place of what it chose before."""
        await self._chats.save((chat,))

    async def save_chats(self, chats: Iterable[Chat]) -> None:
        """Keep many chats' choices: all of them or, where one fails, none."""
        await self._chats.save(chats)

    async def find_known(self, chat_ids: Iterable[int]) -> set[int]:
        """Return those of these chats that chose anything here, be it to get no notices."""
        return await self._chats.find_known(chat_ids)

    async def forget_chat(self, chat_id: int) -> None:
        """Erase everything about the chat."""
        async with self._database.writing() as connection:
            await connection.execute(delete(chats).where(chats.c.id == chat_id))
            await take_name_off(connection, chat_id)
        # In a private chat the person has the chat's number.
        await self.misses.forget(chat_id)
        if self._copies is not None:
            await self._copies.erase(chat_id)

    async def move_chat(self, old_id: int, new_id: int) -> None:
        """Carry a chat's choices over to its new id; choices already made under the new id stay."""
        await self._chats.move(old_id, new_id)

    def list_subscriptions(self, areas: Iterable[AreaId] | None = None) -> AsyncIterator[Chat]:
        """Yield the chats that subscribed for one of the areas (None: for any), by id."""
        return self._chats.list_subscribed(areas)

    async def back_up(self, target: Path, now: dt.datetime) -> dict[str, int]:
        """Write a copy of everything to a file, and return how many rows each table has."""
        return await back_up(self._database, target, now)

    def newest_copy(self) -> dt.date | None:
        """Return the night of the newest nightly copy."""
        return self._copies.newest() if self._copies is not None else None

    async def copy_for(self, night: dt.date, now: dt.datetime) -> None:
        """Make the copy of a night, and delete those too old to keep."""
        if self._copies is not None:
            async with self._copies.making(night, await self._database.size()) as unfinished:
                await self.back_up(unfinished, now)
            self._copies.drop_old()

    async def check_integrity(self) -> str | None:
        """Return what is wrong with the database's file, or None."""
        return await integrity.check(self._database)

    async def find_channel(self, name: str) -> int | None:
        """Return the number that a channel's @name was last known to stand for."""
        async with self._database.reading() as connection:
            found = await facts.find(connection, facts.CHANNEL.format(name))
        return int(found) if found else None

    async def save_channel(self, name: str, chat_id: int) -> None:
        """Keep the number that a channel's @name stands for."""
        async with self._database.writing() as connection:
            await facts.save(connection, facts.CHANNEL.format(name), str(chat_id))

    async def has_handled(self, update_id: int) -> bool:
        """Tell whether the update was answered, by this process or an earlier one."""
        return await self._handled.has(update_id)

    async def record_handled(self, update_id: int) -> None:
        """Return when it is safely recorded that the update was answered. Kept for 48 hours."""
        await self._handled.record(update_id)
