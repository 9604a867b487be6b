"""The tables as the newest migration leaves them; no table has a column for anybody's name or words."""

import datetime as dt

from sqlalchemy import BigInteger, Column, DateTime, Dialect, ForeignKey, Index, MetaData, String, Table
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[dt.datetime]):
    """An aware moment, in UTC. SQLite keeps no time zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return the moment in UTC.

        Raises:
            ValueError: the moment has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


metadata = MetaData()

# Telegram's ids have up to 52 significant bits, hence BigInteger (Bot API, Chat.id).
chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(16), nullable=True),
    Column("room", String(16), nullable=False, server_default="private"),
    Column("quiet", String(11), nullable=False, server_default="22:00-07:00"),
)

# Indexed both ways: the areas of a chat, and the chats of an area.
chat_areas = Table(
    "chat_areas",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    Column("area", String(40), primary_key=True),
    Index("ix_chat_areas_area", "area", "chat_id"),
)

handled_updates = Table(
    "handled_updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("handled_at", Instant, nullable=False),
    Index("ix_handled_updates_handled_at", "handled_at"),
)
