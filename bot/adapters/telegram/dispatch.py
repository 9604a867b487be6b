"""One update -> done: each is answered once, in order within a chat, chats side by side."""

import asyncio
import datetime as dt
import logging
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Protocol

from bot.adapters.telegram.incoming import Arrival, Identity, read_update
from bot.adapters.telegram.outgoing import Outgoing
from bot.adapters.telegram.sending import GaveUp
from bot.core.chat import StoreUnavailable
from bot.core.message import IncomingMessage, IncomingQuery, Left, Migrated, Pressed, Reply, Suggestion

log = logging.getLogger(__name__)

CAPACITY = 1_000
"""Updates in work at most: beyond it they wait at Telegram, where they survive us."""

REMEMBERED_UPDATES = 20_000
"""Ids kept in memory, so that the journal is asked about next to none."""

SAME_PRESS_WITHIN = 2.0
"""Seconds in which the same press again is a nervous finger and no new wish."""

REMEMBERED_PRESSES = 10_000


class Responder(Protocol):
    """Who knows what to say."""

    async def respond(self, incoming: IncomingMessage) -> Reply: ...
    async def suggest(self, query: IncomingQuery) -> tuple[Suggestion, ...]: ...
    def apology(self, incoming: IncomingMessage) -> Reply: ...


class Journal(Protocol):
    """Which updates were answered, beyond the life of this process. May raise StoreUnavailable."""

    async def has_handled(self, update_id: int) -> bool: ...
    async def record_handled(self, update_id: int) -> None: ...


class Dispatcher:
    """Takes updates and sees each through to its answer."""

    def __init__(
        self,
        responder: Responder,
        journal: Journal,
        outgoing: Outgoing,
        me: Identity,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._responder = responder
        self._journal = journal
        self._outgoing = outgoing
        self._me = me
        self._now = now
        self._known: OrderedDict[int, asyncio.Task[None] | None] = OrderedDict()
        self._working: set[asyncio.Task[None]] = set()
        self._last_in_lane: dict[Hashable, asyncio.Task[None]] = {}
        self._presses: OrderedDict[Hashable, tuple[str, float]] = OrderedDict()
        self.answered = 0
        self.failed = 0

    @property
    def in_work(self) -> int:
        """How many updates are not answered yet."""
        return len(self._working)

    @property
    def has_room(self) -> bool:
        """Whether another update may come in."""
        return len(self._working) < CAPACITY

    def accept(self, raw: Mapping[str, Any]) -> asyncio.Task[None] | None:
        """Start on an update and return the work, None if there is nothing to do.

        The same update again gives the same work again. Work that is done and not cancelled need never be
        done again.
        """
        update_id = raw.get("update_id")
        if not isinstance(update_id, int) or update_id in self._known:
            return self._known.get(update_id) if isinstance(update_id, int) else None
        arrival = read_update(raw, self._me, self._now())
        self._known[update_id] = task = self._start(arrival) if arrival else None
        while len(self._known) > REMEMBERED_UPDATES:
            self._known.popitem(last=False)
        return task

    async def drain(self, seconds: float) -> None:
        """Let the work in hand finish; what takes longer is cancelled, and its updates stay unanswered."""
        if self._working:
            await asyncio.wait(set(self._working), timeout=seconds)
        unfinished = set(self._working)
        if unfinished:
            log.warning("stopping with %d updates unanswered", len(unfinished))
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    def _start(self, arrival: Arrival) -> asyncio.Task[None]:
        if self._is_repeated(arrival):
            task = asyncio.create_task(self._acknowledge_only(arrival))
        else:
            lane = _lane_of(arrival)
            before = self._last_in_lane.get(lane)
            task = self._last_in_lane[lane] = asyncio.create_task(self._see_through(arrival, before))
            task.add_done_callback(lambda done: self._leave_lane(lane, done))
        self._working.add(task)
        task.add_done_callback(self._finish)
        return task

    async def _see_through(self, arrival: Arrival, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait({before})
        if await self._was_handled(arrival.update_id):
            return
        try:
            await self._answer(arrival)
        except GaveUp as reason:
            self.failed += 1
            log.error("gave up on a reply: %s", reason)
            return
        except Exception as error:  # noqa: BLE001 - the one boundary: a fault met by one must not stop all
            self.failed += 1
            _log_fault(error)
            await self._apologise(arrival)
        await self._record(arrival.update_id)
        self.answered += 1

    async def _acknowledge_only(self, arrival: Arrival) -> None:
        await self._outgoing.acknowledge(arrival)
        await self._record(arrival.update_id)

    async def _answer(self, arrival: Arrival) -> None:
        match arrival.incoming:
            case IncomingMessage() as message:
                await self._outgoing.deliver(arrival, await self._responder.respond(message))
            case IncomingQuery() as query:
                await self._outgoing.suggest(arrival, await self._responder.suggest(query))
            case None:
                await self._outgoing.acknowledge(arrival)

    async def _apologise(self, arrival: Arrival) -> None:
        message = arrival.incoming
        if not isinstance(message, IncomingMessage) or isinstance(message.act, Left | Migrated):
            return
        try:
            await self._outgoing.deliver(arrival, self._responder.apology(message))
        except GaveUp as reason:
            log.error("gave up on an apology: %s", reason)

    async def _was_handled(self, update_id: int) -> bool:
        try:
            return await self._journal.has_handled(update_id)
        except StoreUnavailable as reason:
            # Better answered twice than not at all.
            log.error("the journal is away, an answer may be repeated: %s", reason)
            return False

    async def _record(self, update_id: int) -> None:
        try:
            await self._journal.record_handled(update_id)
        except StoreUnavailable as reason:
            log.error("the journal is away, an answer may be repeated after a restart: %s", reason)

    def _is_repeated(self, arrival: Arrival) -> bool:
        message = arrival.incoming
        if not isinstance(message, IncomingMessage) or not isinstance(message.act, Pressed):
            return False
        where = (message.chat_id, message.act.message_id, message.sender_id)
        now = asyncio.get_running_loop().time()
        data, at = self._presses.pop(where, ("", 0.0))
        if data == message.act.data and now - at < SAME_PRESS_WITHIN:
            self._presses[where] = (data, at)
            return True
        self._presses[where] = (message.act.data, now)
        while len(self._presses) > REMEMBERED_PRESSES:
            self._presses.popitem(last=False)
        return False

    def _leave_lane(self, lane: Hashable, task: asyncio.Task[None]) -> None:
        if self._last_in_lane.get(lane) is task:
            del self._last_in_lane[lane]

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.failed += 1
            _log_fault(error)


def _lane_of(arrival: Arrival) -> Hashable:
    match arrival.incoming:
        case IncomingMessage(chat_id=chat_id):
            return chat_id
        case _:
            # Every letter typed is an inline query of its own; only the last one is still being waited for.
            return ("query", arrival.update_id)


def _log_fault(error: BaseException) -> None:
    """Log where it happened and what kind it was; its own text may quote what the person wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("an update could not be answered: %s\n%s", type(error).__name__, where)
