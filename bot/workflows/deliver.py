"""Rows of the outbox -> channel -> recorded outcomes, at the pace of one lane.

An attempt is written down before its message leaves, and nothing leaves while that cannot be done. A crash
can repeat a message to those alone who were being sent to at that instant, once.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from bot.core.chat import StoreUnavailable
from bot.core.guidance import Language
from bot.core.message import OutgoingMessage, Room
from bot.core.notices.delivery import (
    Ambiguous,
    Delivery,
    Outcome,
    Rejected,
    Task,
    Throttled,
    Unavailable,
    Unreachable,
    conclude,
    hand_back,
)
from bot.core.notices.news import News, Told
from bot.core.notices.outage import Outage
from bot.core.notices.pace import ChatClock, LaneClock
from bot.core.notices.quiet import is_silent
from bot.core.notices.record import Claim, Mailing
from bot.workflows.marking import Doing, Marker, Marks

log = logging.getLogger(__name__)

Key = tuple[str, int, Task]

LOOK_EVERY = 0.25
"""Seconds between two looks for work when there is none; whoever makes work wakes it at once."""

LOOK_AGAIN = 0.05
"""The same while the last messages are in flight: their outcomes may make work, or be the end of it."""

MAILINGS_KNOWN_FOR = 0.1
"""Seconds for which it is not asked anew what there is to send; who makes urgent work wakes it."""

BATCHES_FROM = 200.0
"""Messages a second. Below, each attempt has its own commits, and a crash leaves next to nothing in doubt;
above, that would take more than the disk and a core have to give.
"""

CLAIMED_AHEAD = 0.1
"""Seconds of sending that one claim covers then: a higher class waits no longer than this."""

GROUPED = 0.01
"""Seconds of sending that leave together then: to wake up for each message costs as much as to send it."""

LEAST_SLEEP = 0.002

SLOWED_FOR = dt.timedelta(minutes=5)
"""How long after a pause a new process goes on as slowly as it ended: limits are of the moment."""

STOPS_WITHIN = 3.0
"""Seconds that messages in flight have when the program ends; what has no answer then is a doubt."""

REMEMBERED_CHATS = 10_000

Prepared = TypeVar("Prepared")


class Broadcaster(Protocol[Prepared]):
    """The channel. It never raises for what Telegram says: every attempt ends as an Outcome."""

    def prepare(self, message: OutgoingMessage) -> Prepared:
        """Return a message in the form in which it is sent many times."""

    async def send(
        self, prepared: Prepared, chat_id: int, silent: bool, reply_to: int | None = None
    ) -> Outcome: ...

    async def edit(self, prepared: Prepared, chat_id: int, message_id: int) -> Outcome: ...


class Outbox(Marks, Protocol):
    """Where deliveries are kept. Every method may raise StoreUnavailable."""

    async def open_mailings(self) -> tuple[Mailing, ...]: ...
    async def claim(self, mailing: Mailing, most: int, now: dt.datetime) -> tuple[Claim, ...]: ...
    async def recover(self, now: dt.datetime) -> tuple[Claim, ...]: ...
    async def close_finished(self, now: dt.datetime) -> None: ...
    async def find_lane(self) -> tuple[float, dt.datetime | None] | None: ...
    async def save_lane(self, rate: float, paused_until: dt.datetime | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast it goes just now, for operators: messages a second, in flight, seconds of pause left."""

    rate: float
    in_flight: int
    paused_for: float
    is_out: bool


@dataclass(slots=True)
class Flight(Generic[Prepared]):
    """What is under way: a mailing as it was prepared, and its messages without an answer."""

    prepared: dict[tuple[Key, Language], tuple[OutgoingMessage, Prepared]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class Deliver(Generic[Prepared]):
    """Sends what is in the outbox. One process has it at a time."""

    def __init__(
        self,
        outbox: Outbox,
        broadcaster: Broadcaster[Prepared],
        zone: dt.tzinfo,
        rate: float,
        clock: Callable[[], dt.datetime],
        steady: Callable[[], float],
        tell: Callable[[Told], Awaitable[None]],
        is_allowed: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Take the outbox, the channel, the zone of the quiet hours, the rate, the clocks, and whom to tell.

        `is_allowed` says whether the right to deliver is ours; asked at every turn.
        """
        self._outbox = outbox
        self._broadcaster = broadcaster
        self.zone = zone
        self._clock = clock
        self._steady = steady
        self._tell = tell
        self._is_allowed = is_allowed
        self._lane = LaneClock.at_rate(rate)
        self._outage = Outage()
        self._chats: dict[int, ChatClock] = {}
        self._flight: Flight[Prepared] = Flight()
        self._marker = self._new_marker()
        self._has_room = asyncio.Event()
        self._work = asyncio.Event()
        self._last: Key | None = None
        self._mailings: tuple[Mailing, ...] = ()
        self._look_again_at = 0.0
        self._lane_changed = False
        self._is_idle = True
        self._has_begun = False

    @property
    def speed(self) -> Speed:
        """How fast it goes just now."""
        now = self._steady()
        paused = max(self._lane.paused_until - now, self._outage.wait(now), 0.0)
        return Speed(self._lane.rate, len(self._flight.tasks), paused, self._outage.is_on)

    def wake(self) -> None:
        """Look for work at once."""
        self._look_again_at = 0.0
        self._work.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`, then wait for what is in flight and write it down."""
        self._marker = self._new_marker()
        writing = asyncio.create_task(self._marker.run(), name="marks")
        try:
            while not stop.is_set():
                if writing.done():
                    return  # of a fault, raised below: what cannot be recorded must not be sent
                if not await self._take_turn(stop):
                    is_under_way = bool(self._flight.tasks) or not self._marker.is_empty
                    await self._rest(stop, LOOK_AGAIN if is_under_way else LOOK_EVERY)
        finally:
            self._has_begun = False
            await self._land()
            await self._marker.close()
            await writing
            await self._keep_lane()

    async def recover(self) -> None:
        """Learn from the store what an earlier process left, before anything is sent.

        Raises:
            StoreUnavailable: it is away; it is asked again before the first message.
        """
        found = await self._outbox.recover(self._clock())
        kept = await self._outbox.find_lane()
        self._has_begun = True
        if found:
            log.warning("%d deliveries were under way when the program ended", len(found))
        if kept is not None:
            self._lane = self._as_left(*kept)

    def _as_left(self, rate: float, paused_until: dt.datetime | None) -> LaneClock:
        """Return the lane as an earlier process left it, unless that is too long ago to mean anything."""
        left = paused_until - self._clock() if paused_until else -SLOWED_FOR
        if left <= -SLOWED_FOR:
            return self._lane
        now, ceiling = self._steady(), self._lane.ceiling
        still = now + max(0.0, left.total_seconds())
        return LaneClock(ceiling, min(rate, ceiling), next_at=now, paused_until=still)

    def _new_marker(self) -> Marker:
        return Marker(self._outbox, self._clock, self._tell, lambda: self._sends_in_batches)

    @property
    def _sends_in_batches(self) -> bool:
        return self._lane.rate >= BATCHES_FROM

    async def _take_turn(self, stop: asyncio.Event) -> bool:
        """Send one claim's worth; False where there is nothing to send now."""
        wait = max(self._lane.wait(self._steady()), self._outage.wait(self._steady()))
        # One at a time, nothing is claimed before it may leave: a crash between the two would be a doubt.
        if wait > (CLAIMED_AHEAD if self._sends_in_batches else LEAST_SLEEP):
            await self._keep_lane()
            await self._rest(stop, min(wait, 1.0))
            return True
        room = self._room()
        if room <= 0 or self._marker.is_stuck:
            await self._wait_for_room(stop)
            return True
        try:
            if not await self._may_deliver():
                return False
            claims = await self._claim(room)
        except StoreUnavailable as problem:
            await self._marker.trouble(problem, Doing.CLAIM)
            await self._rest(stop, 1.0)
            return True
        if claims is not None or not self._mailings:
            await self._marker.well(Doing.CLAIM)
        if claims is None:
            self._is_idle = True
            return False
        if self._is_idle:
            self._lane, self._is_idle = self._lane.rested(self._steady()), False
        mailing, claimed = claims
        for position, claim in enumerate(claimed):
            if not await self._send_in_time(mailing, claim, stop):
                for left in claimed[position:]:
                    self._marker.add(left, hand_back(left.delivery))
                break
        return True

    async def _may_deliver(self) -> bool:
        """Return whether the right is ours, and what was under way when it was not is known."""
        if self._is_allowed is not None and not await self._is_allowed():
            self._has_begun = False
            return False
        if not self._has_begun:
            if self._flight.tasks or not self._marker.is_empty:
                return False  # our own are no doubts
            await self.recover()
        return True

    def _room(self) -> int:
        """Return how many messages may be claimed: what leaves in a moment, within the window."""
        if self._outage.is_on:
            return 1 - len(self._flight.tasks)
        free = self._lane.window - len(self._flight.tasks)
        if not self._sends_in_batches:
            return min(1, free)
        # A full window empties one by one: a claim for each would cost as much as to send it.
        return min(int(self._lane.rate * CLAIMED_AHEAD), free) if free >= self._lane.window // 4 else 0

    async def _claim(self, room: int) -> tuple[Mailing, tuple[Claim, ...]] | None:
        """Claim from the highest class that has somebody due; mailings of one class take turns."""
        now = self._steady()
        if self._look_again_at <= now:
            self._mailings = await self._outbox.open_mailings()
            self._forget_prepared(self._mailings)
            # Edits are looked up every time: their words may change under the same name.
            is_all_sends = all(one.task is Task.SEND for one in self._mailings)
            self._look_again_at = now + MAILINGS_KNOWN_FOR if self._mailings and is_all_sends else now
        mailings = self._mailings
        in_turn = sorted(mailings, key=lambda one: (one.lane, one.key == self._last))
        for mailing in in_turn:
            claims = await self._outbox.claim(mailing, room, self._clock())
            if claims:
                self._last = mailing.key
                return mailing, claims
        self._look_again_at = 0.0
        if mailings and not self._flight.tasks and self._marker.is_empty:
            await self._outbox.close_finished(self._clock())
        return None

    async def _send_in_time(self, mailing: Mailing, claim: Claim, stop: asyncio.Event) -> bool:
        """Send one message when the lane allows it; False where the rest of the claim must not leave now."""
        delivery = claim.delivery
        clock = self._chats.get(delivery.chat_id)
        if clock is not None and mailing.task is not Task.EDIT:
            wait = clock.wait(self._steady())
            if wait > 0:
                # The others do not wait for this chat.
                later = self._clock() + dt.timedelta(seconds=wait)
                self._marker.add(claim, _postponed(delivery, later))
                return True
        while (wait := self._lane.wait(self._steady())) > LEAST_SLEEP:
            if wait > 1.0 or stop.is_set():
                return False
            await asyncio.sleep(max(wait, GROUPED) if self._sends_in_batches else wait)
        if stop.is_set() or self._marker.is_stuck:
            return False
        now = self._steady()
        self._lane = self._lane.sent(now)
        if mailing.task is not Task.EDIT:
            self._note_sent(claim, now)
        task = asyncio.create_task(self._attempt(mailing, claim))
        self._flight.tasks.add(task)
        task.add_done_callback(self._note_landed)
        return True

    def _note_landed(self, task: asyncio.Task[None]) -> None:
        self._flight.tasks.discard(task)
        if self._room() > 0:
            self._has_room.set()

    async def _attempt(self, mailing: Mailing, claim: Claim) -> None:
        outcome = await self._outcome(mailing, claim)
        now, steady = self._clock(), self._steady()
        delivery = claim.delivery
        match outcome:
            case Throttled(retry_after):
                seconds = retry_after.total_seconds()
                self._lane = self._lane.throttled(steady, delivery.chat_id, seconds)
                chat = self._chats.get(delivery.chat_id, ChatClock())
                self._chats[delivery.chat_id] = chat.throttled(steady, seconds)
                self._lane_changed = True
                log.warning("asked to wait %.0f s; the lane goes at %.1f a second", seconds, self._lane.rate)
            case Unavailable() | Ambiguous():
                was_on = self._outage.is_on
                self._outage = self._outage.failed(steady)
                if self._outage.is_on and not was_on:
                    log.error("nothing gets through: %s", outcome.reason)
                    await self._tell(Told(News.NOTHING_THROUGH, detail=outcome.reason))
            case _:
                was_slow, self._lane = self._lane.is_slow, self._lane.succeeded()
                self._lane_changed |= was_slow and not self._lane.is_slow
        if not isinstance(outcome, Unavailable | Ambiguous):
            if self._outage.is_on:
                await self._tell(Told(News.THROUGH_AGAIN))
            self._outage = self._outage.got_through()
        self._marker.add(claim, conclude(delivery, outcome, now), isinstance(outcome, Unreachable))

    async def _outcome(self, mailing: Mailing, claim: Claim) -> Outcome:
        delivery = claim.delivery
        try:
            prepared = self._prepared(mailing, mailing.words_for(claim.language))
        except (KeyError, ValueError) as error:
            return Rejected(f"cannot be written: {type(error).__name__}")
        try:
            if mailing.task is Task.EDIT:
                return await self._broadcaster.edit(prepared, delivery.chat_id, claim.reply_to or 0)
            silent = is_silent(mailing.rings, self._clock(), self.zone, claim.quiet)
            return await self._broadcaster.send(prepared, delivery.chat_id, silent, claim.reply_to)
        except Exception as error:
            # The one boundary of an attempt: a fault of ours must cost this message's certainty, not the
            # broadcast.
            log.exception("an attempt failed in a way that the channel does not know")
            return Ambiguous(type(error).__name__)

    def _prepared(self, mailing: Mailing, language: Language) -> Prepared:
        """Return the message as it is sent, made once for all its recipients."""
        words = mailing.words[language]
        known = self._flight.prepared.get((mailing.key, language))
        if known is None or known[0] is not words:
            known = (words, self._broadcaster.prepare(words))
            self._flight.prepared[mailing.key, language] = known
        return known[1]

    def _note_sent(self, claim: Claim, now: float) -> None:
        if len(self._chats) >= REMEMBERED_CHATS:
            self._chats = {chat: clock for chat, clock in self._chats.items() if clock.wait(now) > 0}
        known = self._chats.get(claim.delivery.chat_id)
        clock = known or (ChatClock() if claim.room is Room.PRIVATE else ChatClock.for_group())
        self._chats[claim.delivery.chat_id] = clock.sent(now)

    def _forget_prepared(self, mailings: tuple[Mailing, ...]) -> None:
        kept = {one.key for one in mailings}
        for which in [which for which in self._flight.prepared if which[0] not in kept]:
            del self._flight.prepared[which]

    async def _keep_lane(self) -> None:
        """Write down a pause or its end, so that a restart runs into no wall and does not crawl either.

        It may fail: it is a courtesy.
        """
        if not self._lane_changed:
            return
        self._lane_changed = False
        left = self._lane.paused_until - self._steady()
        until = self._clock() + dt.timedelta(seconds=left) if self._lane.is_slow or left > 0 else None
        try:
            await self._outbox.save_lane(self._lane.rate, until)
        except StoreUnavailable as problem:
            log.warning("the lane's pause could not be kept: %s", problem)

    async def _wait_for_room(self, stop: asyncio.Event) -> None:
        self._has_room.clear()
        if self._flight.tasks and not self._marker.is_stuck:
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._has_room.wait()
        else:
            await self._rest(stop, 0.05)

    async def _rest(self, stop: asyncio.Event, seconds: float) -> None:
        """Wait for work, for the end, or for so many seconds."""
        waiting = [asyncio.create_task(self._work.wait()), asyncio.create_task(stop.wait())]
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            self._work.clear()

    async def _land(self) -> None:
        """Wait for what is in flight; what has no answer in time stays written down as under way: a doubt."""
        if self._flight.tasks:
            _, late = await asyncio.wait(self._flight.tasks, timeout=STOPS_WITHIN)
            for task in late:
                task.cancel()
            if late:
                log.warning("%d messages had no answer when the program ended", len(late))


def _postponed(delivery: Delivery, until: dt.datetime) -> Delivery:
    return replace(hand_back(delivery), not_before=until)
