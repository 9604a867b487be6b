"""The number behind a channel's @name: looked for beside everything else, remembered between starts.

Nothing waits for it but the notices' way into the channel: a name misspelt in the settings must not keep a
warning from anybody.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.core.notices.news import News, Told

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0
"""Seconds between two looks, doubled each time."""


class Directory(Protocol):
    """Who knows names."""

    async def find_chat_id(self, name: str) -> int | None: ...


class Memory(Protocol):
    """What was found by an earlier process. May raise StoreUnavailable."""

    async def find_channel(self, name: str) -> int | None: ...
    async def save_channel(self, name: str, chat_id: int) -> None: ...


class FindChannel:
    """Looks for one channel. `trouble` says that it was not found; `found` is told the number."""

    def __init__(
        self,
        name: str,
        directory: Directory,
        memory: Memory,
        found: Callable[[int], None],
        tell: Callable[[Told], Awaitable[None]],
        first_wait: float = FIRST_WAIT,
    ) -> None:
        self.trouble = ""
        self._name = name
        self._directory = directory
        self._memory = memory
        self._found = found
        self._tell = tell
        self._first_wait = first_wait
        self._known: int | None = None

    async def recall(self, within: float) -> None:
        """Go by what an earlier process found; else look once, for so many seconds at most."""
        try:
            self._known = await self._memory.find_channel(self._name)
        except StoreUnavailable as problem:
            log.warning("store away, the channel must be looked up: %s", problem)
        if self._known is not None:
            self._found(self._known)
            return
        try:
            await asyncio.wait_for(self._look(), within)
        except TimeoutError:
            log.warning("BOT_CHANNEL: no answer about %s yet; notices begin without it", self._name)

    async def run(self, stop: asyncio.Event) -> None:
        """Look until it is found or `stop`."""
        wait = self._first_wait
        while not stop.is_set():
            if await self._look():
                return
            try:
                await asyncio.wait_for(stop.wait(), wait)
            except TimeoutError:
                wait = min(LONGEST_WAIT, 2 * wait)

    async def _look(self) -> bool:
        chat_id = await self._directory.find_chat_id(self._name)
        if chat_id is None:
            await self._miss()
        else:
            await self._use(chat_id)
        return chat_id is not None

    async def _use(self, chat_id: int) -> None:
        if chat_id != self._known:
            self._known = chat_id
            self._found(chat_id)
            try:
                await self._memory.save_channel(self._name, chat_id)
            except StoreUnavailable as problem:
                log.warning("store away, the channel is looked up again at the next start: %s", problem)
        if self.trouble:
            self.trouble = ""
            log.warning("BOT_CHANNEL: %s was found", self._name)
            await self._tell(Told(News.CHANNEL_FOUND, detail=self._name))

    async def _miss(self) -> None:
        if self._known is not None:
            log.warning(
                "BOT_CHANNEL: %s cannot be found now; its number of the last time is used", self._name
            )
        elif not self.trouble:
            self.trouble = f"BOT_CHANNEL: {self._name} cannot be found; is the bot an administrator there?"
            log.error("%s", self.trouble)
            await self._tell(Told(News.CHANNEL_LOST, detail=self._name))
