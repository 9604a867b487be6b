"""Whether this process may deliver and publish: asked of the lock now and then, told where it is lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.core.notices.news import News, Told

log = logging.getLogger(__name__)

ASKED_EVERY = 5.0
"""Seconds between two questions while all is well: for so long two processes may both believe that it is
theirs, should a database server lose sight of one of them.
"""

ASKED_AGAIN = 1.0
"""The same while it is lost."""


class Lock(Protocol):
    """What gives the right to one process at a time."""

    async def hold(self) -> str:
        """Return why it is not ours, nothing if it is; one that was lost is taken again if it is free."""


class Right:
    """The right to deliver. All who change what is sent ask here first, as often as they like."""

    def __init__(
        self, lock: Lock, steady: Callable[[], float], tell: Callable[[Told], Awaitable[None]]
    ) -> None:
        self._lock = lock
        self._steady = steady
        self._tell = tell
        self._asking = asyncio.Lock()
        self._ask_at = 0.0
        self.trouble = ""

    async def is_ours(self) -> bool:
        """Return whether it is; its loss and its return are logged and told once."""
        async with self._asking:
            if self._steady() >= self._ask_at:
                await self._ask()
        return not self.trouble

    async def _ask(self) -> None:
        before, self.trouble = self.trouble, await self._lock.hold()
        self._ask_at = self._steady() + (ASKED_AGAIN if self.trouble else ASKED_EVERY)
        if self.trouble and not before:
            log.error("the right to deliver was lost, nothing is sent meanwhile: %s", self.trouble)
            await self._tell(Told(News.RIGHT_LOST, detail=self.trouble))
        elif before and not self.trouble:
            log.warning("the right to deliver is back, sending goes on")
            await self._tell(Told(News.RIGHT_BACK))
