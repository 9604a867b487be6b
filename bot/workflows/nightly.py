"""The whole database copied once a night, and told of where that fails."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.core.notices.news import News, Told
from bot.workflows.stopping import unless_stopped

log = logging.getLogger(__name__)

FROM = dt.timedelta(hours=3)
"""The hour of the night, local, from which a copy is due: few people write then."""

FIRST_LOOK = 60.0
"""Seconds after the start: a night slept through is made up for, but a start has more urgent work."""

LOOK_EVERY = 600.0


class Copies(Protocol):
    """Where the copies are. Every method may raise StoreUnavailable."""

    def newest_copy(self) -> dt.date | None: ...
    async def copy_for(self, night: dt.date, now: dt.datetime) -> None: ...


async def back_up_nightly(
    copies: Copies,
    clock: Callable[[], dt.datetime],
    zone: dt.tzinfo,
    tell: Callable[[Told], Awaitable[None]],
    stop: asyncio.Event,
    first_look: float = FIRST_LOOK,
    look_every: float = LOOK_EVERY,
) -> None:
    """Make the copy of each night until `stop`; one that fails is tried again, and told of once."""
    wait, told_of = first_look, None
    while not await _is_set_within(stop, wait):
        wait, now = look_every, clock()
        night = (now.astimezone(zone) - FROM).date()
        try:
            newest = copies.newest_copy()
            is_due = newest is None or newest < night
            # Of a large database it takes minutes; the next start makes up for one that was cut short.
            if is_due and await unless_stopped(copies.copy_for(night, now), stop):
                log.info("the database was backed up for %s", night)
        except StoreUnavailable as problem:
            log.error("no backup for %s: %s", night, problem)
            if told_of != night:
                told_of = night
                await tell(Told(News.NO_BACKUP, detail=str(problem)))


async def _is_set_within(stop: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
