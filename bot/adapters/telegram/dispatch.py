"""One update -> done: each is answered once, in order within a chat, chats side by side."""

import asyncio
import datetime as dt
import logging
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from bot.adapters.telegram.incoming import Arrival, Identity, read_update
from bot.adapters.telegram.outgoing import Outgoing
from bot.adapters.telegram.sending import GaveUp
from bot.core.chat import StoreUnavailable
from bot.core.message import Asked, IncomingMessage, IncomingQuery, Left, Migrated, Pressed, Reply, Suggestion

log = logging.getLogger(__name__)

CAPACITY = 1_000
"""Updates in work at most: beyond it they wait at Telegram, where they survive us."""

REMEMBERED_UPDATES = 20_000
"""Ids kept in memory, so that the journal is asked about next to none."""

NOTHING = Reply()

SAME_PRESS_WITHIN = 2.0
"""Seconds in which the same press again is a nervous finger and no new wish."""

REMEMBERED_PRESSES = 10_000
REMEMBERED_ALBUMS = 1_000

TYPING_AFTER = 1.0
"""Seconds after which somebody who waits sees the bot typing."""


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
        self._last_in_lane: dict[Hashable, _Turn] = {}
        self._presses: OrderedDict[Hashable, tuple[str, float]] = OrderedDict()
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._recording: set[asyncio.Task[None]] = set()
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
        await asyncio.gather(*unfinished, *self._recording, return_exceptions=True)

    def _start(self, arrival: Arrival) -> asyncio.Task[None] | None:
        if self._is_of_known_album(arrival):
            return None
        if self._is_repeated(arrival):
            task = asyncio.create_task(self._acknowledge_only(arrival))
        else:
            lane = _lane_of(arrival)
            turn = _Turn(self._last_in_lane.get(lane))
            turn.task = task = asyncio.create_task(self._see_through(arrival, turn))
            self._last_in_lane[lane] = turn
            task.add_done_callback(lambda _: self._leave_lane(lane, turn))
        self._working.add(task)
        task.add_done_callback(self._finish)
        return task

    async def _see_through(self, arrival: Arrival, turn: "_Turn") -> None:
        try:
            await self._in_turn(arrival, turn)
        except GaveUp as reason:
            self.failed += 1
            log.error("gave up on a reply: %s", reason)
            return
        except Exception as error:  # noqa: BLE001 - the one boundary: a fault met by one must not stop all
            self.failed += 1
            _log_fault(error)
            await self._apologise(arrival)
        finally:
            turn.end()
        self._record(arrival.update_id)
        self.answered += 1

    async def _in_turn(self, arrival: Arrival, turn: "_Turn") -> None:
        """Think and show in the order in which people wrote; what gets no reply waits for none."""
        await turn.until_thought_about()
        if await self._was_handled(arrival.update_id):
            return
        match arrival.incoming:
            case IncomingMessage() as message:
                with self._shown_as_typing(arrival, message):
                    reply = await self._responder.respond(message)
                turn.thought.set()
                if arrival.query_id or reply != NOTHING:
                    await turn.until_shown()
                    await self._outgoing.deliver(arrival, reply)
            case IncomingQuery() as query:
                await self._outgoing.suggest(arrival, await self._responder.suggest(query))
            case None:
                await self._outgoing.acknowledge(arrival)

    async def _acknowledge_only(self, arrival: Arrival) -> None:
        await self._outgoing.acknowledge(arrival)
        self._record(arrival.update_id)

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

    @contextmanager
    def _shown_as_typing(self, arrival: Arrival, message: IncomingMessage) -> Iterator[None]:
        """Let the person see that an answer is on its way when it takes its time."""
        typing: list[asyncio.Task[None]] = []

        def begin() -> None:
            typing.append(asyncio.create_task(self._outgoing.keep_typing(message.chat_id, arrival.thread_id)))

        timer = asyncio.get_running_loop().call_later(TYPING_AFTER, begin)
        try:
            yield
        finally:
            timer.cancel()
            for task in typing:
                task.cancel()

    def _record(self, update_id: int) -> None:
        """Write it down beside: nobody's next answer waits for the disk, and Telegram is told as well."""
        task = asyncio.create_task(self._write_down(update_id))
        self._recording.add(task)
        task.add_done_callback(self._recording.discard)

    async def _write_down(self, update_id: int) -> None:
        try:
            await self._journal.record_handled(update_id)
        except StoreUnavailable as reason:
            log.error("the journal is away, an answer may be repeated after a restart: %s", reason)

    def _is_of_known_album(self, arrival: Arrival) -> bool:
        """Return whether it is one more photo of an album that was answered; a caption is a question."""
        message = arrival.incoming
        if not arrival.album or not isinstance(message, IncomingMessage) or isinstance(message.act, Asked):
            return False
        is_known = arrival.album in self._albums
        self._albums[arrival.album] = None
        while len(self._albums) > REMEMBERED_ALBUMS:
            self._albums.popitem(last=False)
        return is_known

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

    def _leave_lane(self, lane: Hashable, turn: "_Turn") -> None:
        if self._last_in_lane.get(lane) is turn:
            del self._last_in_lane[lane]

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.failed += 1
            _log_fault(error)


class _Turn:
    """One update's turn among those of its chat."""

    __slots__ = ("_before", "task", "thought")

    def __init__(self, before: "_Turn | None") -> None:
        self._before = before
        self.thought = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def until_thought_about(self) -> None:
        """Return once it is known what the one before gets."""
        if self._before is not None:
            await self._before.thought.wait()

    async def until_shown(self) -> None:
        """Return once the one before is done."""
        if self._before is not None and self._before.task is not None and not self._before.task.done():
            await asyncio.wait({self._before.task})

    def end(self) -> None:
        """Let go of the one before, and let the next go on."""
        self._before = None
        self.thought.set()


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
