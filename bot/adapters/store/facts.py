"""Single truths about the database itself, by name."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.store.schema import facts

UNREAD_SINCE_RESTORE = "unread_since_restore"
"""Set by a restore until the content's files have been read once: what they hold may have been sent."""

RESTORED_AT = "restored_at"


async def find(engine: AsyncEngine, name: str) -> str | None:
    """Return what is known under a name."""
    async with engine.connect() as connection:
        return (await connection.execute(select(facts.c.value).where(facts.c.name == name))).scalar()


async def forget(engine: AsyncEngine, name: str) -> None:
    """Take a name out."""
    async with engine.begin() as connection:
        await connection.execute(delete(facts).where(facts.c.name == name))
