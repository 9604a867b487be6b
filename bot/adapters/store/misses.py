"""Questions without a certain answer: stems and keyed hashes of askers; a month goes with its key."""

import datetime as dt
import secrets
from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database, insert
from bot.adapters.store.schema import miss_keys, misses
from bot.core.answering.misses import Miss, Missed, asker_of, shown


class MissTable:
    """What was not answered this month. Every method raises StoreUnavailable when the database is away."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._now = now

    async def record(self, stems: tuple[str, ...], sender_id: int) -> None:
        """Count a person among those who asked about these stems; twice is once."""
        month = self._month()
        async with self._database.writing() as connection:
            await _discard_other_months(connection, month)
            key = await _find_key(connection, month)
            if key is None:
                key = secrets.token_bytes(32)
                await connection.execute(
                    insert(connection, miss_keys).values(month=month, key=key).on_conflict_do_nothing()
                )
                key = await _find_key(connection, month) or key
            row = {"month": month, "stems": " ".join(stems), "asker": asker_of(sender_id, key)}
            await connection.execute(insert(connection, misses).on_conflict_do_nothing(), [row])

    async def list_shown(self) -> tuple[Missed, ...]:
        """Return what enough different people asked this month, most asked first."""
        month = self._month()
        async with self._database.writing() as connection:
            await _discard_other_months(connection, month)
            rows = (await connection.execute(select(misses.c.stems, misses.c.asker))).all()
        return shown(Miss(tuple(stems.split()), asker) for stems, asker in rows)

    async def forget(self, sender_id: int) -> None:
        """Erase what this month's key still ties to a person."""
        async with self._database.writing() as connection:
            key = await _find_key(connection, self._month())
            if key is not None:
                mine = misses.c.asker == asker_of(sender_id, key)
                await connection.execute(delete(misses).where(mine))

    async def discard_old(self) -> None:
        """Throw earlier months away, keys and all."""
        async with self._database.writing() as connection:
            await _discard_other_months(connection, self._month())

    def _month(self) -> str:
        return f"{self._now().astimezone(dt.UTC):%Y-%m}"


async def _discard_other_months(connection: AsyncConnection, month: str) -> None:
    for table in (misses, miss_keys):
        await connection.execute(delete(table).where(table.c.month != month))


async def _find_key(connection: AsyncConnection, month: str) -> bytes | None:
    found = await connection.execute(select(miss_keys.c.key).where(miss_keys.c.month == month))
    key = found.scalar()
    return bytes(key) if key is not None else None
