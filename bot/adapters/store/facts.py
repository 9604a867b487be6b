"""Single truths about the database itself, by name."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import insert
from bot.adapters.store.schema import facts

UNREAD_SINCE_RESTORE = "unread_since_restore"
"""Set by a restore until the content's files have been read once: what they hold may have been sent."""

RESTORED_AT = "restored_at"

CHANNEL = "channel{}"
"""The number behind a channel's @name."""


async def find(connection: AsyncConnection, name: str) -> str | None:
    """Return what is known under a name."""
    return (await connection.execute(select(facts.c.value).where(facts.c.name == name))).scalar()


async def save(connection: AsyncConnection, name: str, value: str) -> None:
    """Put a truth in the place of what was known under its name."""
    row = insert(connection, facts).values(name=name, value=value)
    await connection.execute(
        row.on_conflict_do_update(index_elements=[facts.c.name], set_={"value": row.excluded.value})
    )


async def forget(connection: AsyncConnection, name: str) -> None:
    """Take a name out."""
    await connection.execute(delete(facts).where(facts.c.name == name))
