"""What must survive a restart, in SQLite or PostgreSQL through the same code."""

from bot.adapters.store.store import SqlStore

__all__ = ["SqlStore"]
