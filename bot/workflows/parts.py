"""The parts that must run as long as the program: one that dies of a fault is told of and begins again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.core.notices.news import News, Told

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds until a part begins again; doubled each time that it dies soon."""

WELL_AFTER = 60.0
"""Seconds that a part must live to count as well again."""


class Part:
    """One part of the program. `trouble` says why it does not run, or has not run well for long."""

    def __init__(
        self,
        name: str,
        live: Callable[[asyncio.Event], Awaitable[None]],
        tell: Callable[[Told], Awaitable[None]],
        first_wait: float = FIRST_WAIT,
        well_after: float = WELL_AFTER,
    ) -> None:
        """Take its name for people, what it does until it is told to stop, and whom to tell of a fault."""
        self.name = name
        self.trouble = ""
        self._live = live
        self._tell = tell
        self._first_wait = first_wait
        self._well_after = well_after
        self._wait = first_wait

    async def run(self, stop: asyncio.Event) -> None:
        """Live until `stop`, or until there is nothing left to do."""
        while not stop.is_set():
            well = asyncio.get_running_loop().call_later(self._well_after, self._recover)
            try:
                await self._live(stop)
                self._recover()
                return
            except Exception as fault:
                log.critical("%s: a fault; it begins again in %g s", self.name, self._wait, exc_info=True)
                await self._note(f"{self.name}: {type(fault).__name__}")
            finally:
                well.cancel()
            await _pause(stop, self._wait)
            self._wait = min(LONGEST_WAIT, 2 * self._wait)

    async def _note(self, trouble: str) -> None:
        was_well, self.trouble = not self.trouble, trouble
        if was_well:
            await self._tell(Told(News.PART_FAILED, detail=trouble))

    def _recover(self) -> None:
        self.trouble, self._wait = "", self._first_wait


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
