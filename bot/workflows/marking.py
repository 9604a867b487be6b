"""The one writer of outcomes: many to a commit, kept in memory until they are safe, and never dropped."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.core.notices.delivery import Delivery
from bot.core.notices.news import News, Told
from bot.core.notices.record import Claim, Marked

log = logging.getLogger(__name__)

GATHER = 0.02
"""Seconds for which outcomes are gathered: this much of sending is in doubt after a crash, beside what is in
flight.
"""

AT_ONCE = 50
"""Outcomes that are written without waiting for more."""

FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0
"""Seconds between two tries while the store is away."""

CLOSES_WITHIN = 1.5


class Doing(Enum):
    """What is done in the store. On a full disk one may fail and the other not."""

    CLAIM = "claim"
    RECORD = "record"


class Marks(Protocol):
    """Where outcomes are written."""

    async def record(self, marks: Sequence[Marked], now: dt.datetime) -> None:
        """Commit them all, or raise StoreUnavailable."""


class Marker:
    """Gathers outcomes and writes them. Also the one place that knows whether the store is well."""

    def __init__(
        self,
        marks: Marks,
        clock: Callable[[], dt.datetime],
        tell: Callable[[Told], Awaitable[None]],
        gathers: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take where outcomes are written, and whether it is worth a moment to gather more of them."""
        self._gathers = gathers
        self._marks = marks
        self._clock = clock
        self._tell = tell
        self._waiting: list[Marked] = []
        self._news = asyncio.Event()
        self._many = asyncio.Event()
        self._closing = False
        self._failing: set[Doing] = set()

    @property
    def is_empty(self) -> bool:
        """Whether every outcome is written."""
        return not self._waiting

    @property
    def is_stuck(self) -> bool:
        """Whether outcomes cannot be written: then nothing more may leave."""
        return Doing.RECORD in self._failing

    def add(self, claim: Claim, after: Delivery, is_gone: bool = False) -> None:
        """Take an outcome; it is written within a moment."""
        self._waiting.append(Marked(claim, after, is_gone))
        self._news.set()
        if len(self._waiting) >= AT_ONCE:
            self._many.set()

    async def run(self) -> None:
        """Write until `close`. While the store is away it tries again, and `is_stuck` stops the sending."""
        wait = FIRST_WAIT
        while not (self._closing and not self._waiting):
            await self._news.wait()
            await self._gather()
            batch = self._waiting[:]
            if not batch:
                self._news.clear()
                continue
            try:
                await self._marks.record(batch, self._clock())
            except StoreUnavailable as problem:
                await self.trouble(problem, Doing.RECORD)
                await asyncio.sleep(wait)
                wait = min(LONGEST_WAIT, wait * 2)
                continue
            wait = FIRST_WAIT
            del self._waiting[: len(batch)]
            await self.well(Doing.RECORD)
            if not self._waiting and not self._closing:
                self._news.clear()

    async def close(self) -> None:
        """Have everything written; what cannot be, in a few seconds, stays a doubt for the next start."""
        self._closing = True
        self._news.set()
        self._many.set()
        for _ in range(int(CLOSES_WITHIN / GATHER)):
            if not self._waiting:
                return
            await asyncio.sleep(GATHER)
        log.error("%d outcomes could not be written before the end", len(self._waiting))
        self._waiting.clear()

    async def trouble(self, problem: StoreUnavailable, doing: Doing) -> None:
        """Take note that the store is away; the operators are told once, from memory."""
        was_well = not self._failing
        self._failing.add(doing)
        if was_well:
            log.error("store away, nothing is sent meanwhile: %s", problem)
            await self._tell(Told(News.STORE_AWAY, detail=str(problem)))

    async def well(self, doing: Doing) -> None:
        """Take note that this works (again). What else has failed must work too before it is told."""
        if doing not in self._failing:
            return
        self._failing.discard(doing)
        if not self._failing:
            log.info("the store works again, sending goes on")
            await self._tell(Told(News.STORE_BACK))

    async def _gather(self) -> None:
        if len(self._waiting) < AT_ONCE and not self._closing and self._gathers():
            self._many.clear()
            try:
                await asyncio.wait_for(self._many.wait(), GATHER)
            except TimeoutError:
                return
