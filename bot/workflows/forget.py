"""What is kept of people goes when its time is over: who got which notice, what was asked in vain."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.workflows.stopping import unless_stopped

log = logging.getLogger(__name__)

RECIPIENTS_KEPT = dt.timedelta(days=14)
"""How long after a notice has ended it is known who got it: corrections and questions come within days."""

ROWS_KEPT = dt.timedelta(days=30)
"""How long after its end a notice has a row for each copy, in the end without saying whose: for questions
about a run. Then how many arrived is all that is kept of it, else the tables would grow for ever.
"""

EVERY = 6 * 3600.0
"""Seconds between two looks."""


class Recipients(Protocol):
    """Who got which notice. May raise StoreUnavailable."""

    async def forget_recipients(self, ended_before: dt.datetime) -> int:
        """Forget who got the notices that ended before, and return how many rows no longer tell."""

    async def sum_up(self, ended_before: dt.datetime) -> int:
        """Keep of these notices only how many copies ended how, and return how many rows went."""


class Misses(Protocol):
    """What was asked and not answered. May raise StoreUnavailable."""

    async def discard_old(self) -> None:
        """Throw earlier months away, keys and all."""


async def forget_in_time(
    recipients: Recipients, misses: Misses, clock: Callable[[], dt.datetime], stop: asyncio.Event
) -> None:
    """Look every few hours until `stop`; while the store is away it is left for the next look."""

    async def look() -> None:
        forgotten = await recipients.forget_recipients(clock() - RECIPIENTS_KEPT)
        if forgotten:
            log.info("%d rows no longer tell who got a notice", forgotten)
        await misses.discard_old()
        summed_up = await recipients.sum_up(clock() - ROWS_KEPT)
        if summed_up:
            log.info("%d rows of notices of long ago are only counted from now on", summed_up)

    while not stop.is_set():
        try:
            await unless_stopped(look(), stop)
        except StoreUnavailable as problem:
            log.warning("store away, nothing is forgotten now: %s", problem)
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
        except TimeoutError:
            continue
