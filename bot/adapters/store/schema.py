"""The tables as the newest migration leaves them; no table has a column for a resident's name or words."""

import datetime as dt

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)
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

# SQLite counts rows by itself only in a column of its own INTEGER type.
RowId = BigInteger().with_variant(Integer, "sqlite")

notices = Table(
    "notices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("origin", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("content", Text, nullable=False),
    Column("author", BigInteger),
    Column("fingerprint", String(64), nullable=False),
    Column("publish_at", Instant),
    Column("effective", Instant),
    Column("onset", Instant),
    Column("expires", Instant),
    Column("next_update", Instant),
    Column("zone", String(64), nullable=False),
    Column("local_text", String(32), nullable=False),
    Column("tzdata", String(16), nullable=False),
    Column("series", String(40)),
    Column("occurrence", String(32)),
    Column("created_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("issued_at", Instant),
    Column("planned", Instant),
    Column("ended_at", Instant),
    Column("ended_by", String(64)),
    Column("held_since", Instant),
    Column("by_person", Boolean, nullable=False),
    Column("restored", Boolean, nullable=False),
    Column("announced_at", Instant),
    # An occurrence of a series comes once, whatever becomes of the zone's rules.
    UniqueConstraint("series", "occurrence", name="uq_notices_occurrence"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("notice_id", String(64), ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("fingerprint", String(64), nullable=False),
)

mailings = Table(
    "mailings",
    metadata,
    Column("notice_id", String(64), ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("task", String(8), primary_key=True),
    Column("lane", SmallInteger, nullable=False),
    Column("rings", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Column("default_language", String(16), nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant, index=True),
)

# Notices whose holders a mailing goes to, also those who turn out to be holders later.
mailing_holders = Table(
    "mailing_holders",
    metadata,
    Column("holders_of", String(64), primary_key=True),
    Column("notice_id", String(64), ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("notice_id", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("task", String(8), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", String(16), nullable=False),
    Column("room", String(16), nullable=False),
    Column("quiet", String(11), nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("not_before", Instant),
    Column("started_at", Instant),
    Column("message_id", BigInteger),
    Column("reply_to", BigInteger),
    Column("reason", String(200), nullable=False),
    UniqueConstraint("notice_id", "revision", "chat_id", "task", name="uq_deliveries_one"),
    Index("ix_deliveries_due", "notice_id", "revision", "task", "state", "not_before", "place", "id"),
    Index("ix_deliveries_chat", "chat_id"),
)

# How many deliveries ended how that are rows no more; `in_channel` is the channel's own copy.
tallies = Table(
    "tallies",
    metadata,
    Column("notice_id", String(64), ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("task", String(8), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("in_channel", Boolean, primary_key=True),
    Column("count", Integer, nullable=False),
)

# Nothing is ever changed or taken out here: triggers made by the migration refuse it.
audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", BigInteger),
    Column("what", String(40), nullable=False),
    Column("notice_id", String(64), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("detail", Text, nullable=False),
)

# One row: how fast the bulk lane goes, and until when Telegram wants nothing from it.
lanes = Table(
    "lanes",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("rate", Float, nullable=False),
    Column("paused_until", Instant),
)

# Single truths about this database itself, such as when it was restored.
facts = Table(
    "facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# The month's secret, and what it makes of who asked: neither outlives the month, so no backup carries them.
miss_keys = Table(
    "miss_keys",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

misses = Table(
    "misses",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("stems", Text, primary_key=True),
    Column("asker", String(16), primary_key=True),
)

# Messages of this bot in its operators' chats: no other bot can write them anew, so they are in no backup.
operator_cards = Table(
    "operator_cards",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("notice_id", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("purpose", String(8), nullable=False),
    Column("asked", String(32), nullable=False),
)

CARRIED = tuple(table for table in metadata.sorted_tables if table not in (miss_keys, misses, operator_cards))
"""What a backup holds, parents before children."""
