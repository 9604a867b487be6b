"""The folder of nightly copies: one file a night, the last few kept, and people who leave erased from all."""

import asyncio
import datetime as dt
import os
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from bot.adapters.store.database import store_errors
from bot.adapters.store.recipients import NOBODY
from bot.core.chat import StoreUnavailable

NAME = re.compile(r"bot-(\d{4}-\d{2}-\d{2})\.db")

ROOM_FOR = 3
"""Copies that must still fit on the disk: the bot itself needs the room more."""

ERASE = (
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=OFF",
    "DELETE FROM chats WHERE id = :chat",
    "DELETE FROM chat_areas WHERE chat_id = :chat",
    "UPDATE deliveries SET chat_id = :nobody - id, message_id = NULL, reply_to = NULL WHERE chat_id = :chat",
)


class Copies:
    """The copies in one folder. The folder is made with the first of them."""

    def __init__(self, folder: Path, kept: int) -> None:
        """Take the folder, and how many nights are kept."""
        self._folder = folder
        self._kept = kept
        self._left_meanwhile: list[int] | None = None

    def newest(self) -> dt.date | None:
        """Return the night of the newest copy."""
        return max(self._nights(), default=None)

    @asynccontextmanager
    async def making(self, night: dt.date, size: int) -> AsyncIterator[Path]:
        """Give the file that a night's copy is written to; whole, it takes its place among the others.

        Who leaves meanwhile is erased before that. `size` is that of the database, for the first copy.

        Raises:
            StoreUnavailable: it would take the room that the bot needs.
        """
        nights = self._nights()
        place = self._folder / f"bot-{night:%Y-%m-%d}.db"
        unfinished = place.with_name(f"{place.name}.new")
        with store_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            for left in self._folder.glob("bot-*.db.new*"):  # by a process that was killed
                left.unlink(missing_ok=True)
            needed = ROOM_FOR * (nights[max(nights)].stat().st_size if nights else size)
            if shutil.disk_usage(self._folder).free < needed:
                raise StoreUnavailable("there is too little room on the disk for another backup")
        self._left_meanwhile = []
        try:
            yield unfinished
            while self._left_meanwhile:
                await asyncio.to_thread(_erase, unfinished, self._left_meanwhile.pop())
            with store_errors():
                os.replace(unfinished, place)
        finally:
            self._left_meanwhile = None
            with store_errors():
                unfinished.unlink(missing_ok=True)

    def drop_old(self) -> None:
        """Delete the copies beyond those that are kept."""
        nights = self._nights()
        with store_errors():
            for night in sorted(nights)[: -self._kept]:
                nights[night].unlink(missing_ok=True)

    async def erase(self, chat_id: int) -> None:
        """Erase everything about a chat from every copy.

        Raises:
            StoreUnavailable: a copy cannot be written, or is none.
        """
        if self._left_meanwhile is not None:
            self._left_meanwhile.append(chat_id)
        for path in self._nights().values():
            await asyncio.to_thread(_erase, path, chat_id)

    def _nights(self) -> dict[dt.date, Path]:
        with store_errors():
            found = {path: NAME.fullmatch(path.name) for path in self._folder.glob("bot-*.db")}
        return {dt.date.fromisoformat(name[1]): path for path, name in found.items() if name}


def _erase(path: Path, chat_id: int) -> None:
    with store_errors(), closing(sqlite3.connect(path, timeout=1.0)) as copy:
        for statement in ERASE:
            copy.execute(statement, {"chat": chat_id, "nobody": NOBODY} if ":" in statement else {})
        copy.commit()
