"""Which updates were answered: one commit carries all that finish at about the same time."""

import asyncio
import datetime as dt
from collections.abc import Callable

from sqlalchemy import delete, func, select

from bot.adapters.store.database import Database, insert
from bot.adapters.store.schema import handled_updates
from bot.core.chat import StoreUnavailable

# Telegram keeps an update for 24 hours (Bot API, getUpdates), so nothing older comes back.
KEPT = dt.timedelta(hours=48)
PRUNED_EVERY = dt.timedelta(hours=1)
BATCH = 500


class HandledUpdates:
    """The journal of answered updates.

    Ids rise, so an id above every recorded one needs no look into the database: that is nearly all of them.
    """

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._now = now
        self._highest: int | None = None
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._pruned_at: dt.datetime | None = None

    async def open(self) -> None:
        """Learn the highest id that an earlier process recorded."""
        async with self._database.reading() as connection:
            self._highest = (await connection.execute(select(func.max(handled_updates.c.update_id)))).scalar()

    async def close(self) -> None:
        """Finish what is being written."""
        if self._writer:
            await self._writer

    async def has(self, update_id: int) -> bool:
        """Tell whether the update was answered, by this process or an earlier one."""
        if self._highest is None or update_id > self._highest:
            return False
        query = select(handled_updates.c.update_id).where(handled_updates.c.update_id == update_id)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).first() is not None

    async def record(self, update_id: int) -> None:
        """Return when the update is safely recorded."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update_id, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all(), name="journal")
        await written

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                await self._write([update_id for update_id, _ in batch])
            except StoreUnavailable as error:
                for _, written in batch:
                    if not written.done():
                        written.set_exception(StoreUnavailable(*error.args))
            else:
                for _, written in batch:
                    if not written.done():
                        written.set_result(None)

    async def _write(self, update_ids: list[int]) -> None:
        now = self._now()
        rows = [{"update_id": update_id, "handled_at": now} for update_id in dict.fromkeys(update_ids)]
        async with self._database.writing() as connection:
            await connection.execute(insert(connection, handled_updates).on_conflict_do_nothing(), rows)
            if self._pruned_at is None or now - self._pruned_at >= PRUNED_EVERY:
                await connection.execute(
                    delete(handled_updates).where(handled_updates.c.handled_at < now - KEPT)
                )
                self._pruned_at = now
        self._highest = max(update_ids) if self._highest is None else max(self._highest, *update_ids)
