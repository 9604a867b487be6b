"""Notices and the time of day -> state changes and rows of the outbox, each decision in one transaction.

It asks every second what is due; there are no timers. A notice that it cannot bring forward, for whatever
reason, is told of once and left; the others go on.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.core.notices import changes, review
from bot.core.notices.cap import Severity
from bot.core.notices.due import (
    LATE,
    Action,
    ClockGuard,
    Decision,
    Why,
    decide,
    is_word_ahead_due,
    may_go_at_any_time,
)
from bot.core.notices.freezing import (
    Rules,
    Unfit,
    ends_at,
    has_zone_moved,
    missing_people,
    planned_at,
    times_at,
)
from bot.core.notices.news import News, Told
from bot.core.notices.notice import Drill, Kind
from bot.core.notices.record import Change, EmptyAudience, GraveInForce, Overtaken, Record
from bot.core.notices.states import IN_FORCE, Event, State, may
from bot.workflows.series import Series

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks at what is due."""

LIVING = frozenset(
    {
        State.IN_REVIEW,
        State.APPROVED,
        State.SCHEDULED,
        State.HELD,
        State.PUBLISHING,
        State.STOPPED,
        State.ACTIVE,
    }
)
"""States that time can change."""

REOPENABLE = frozenset(state for state in State if may(state, Event.REOPEN))
"""States out of which a notice can come into force again."""

MOST_STEPS = 4
"""Approved, scheduled, sent, finished: as many steps one notice can take in one look."""

REMIND = dt.timedelta(hours=1)
"""How long before its time the operators hear that a notice still lacks people."""


class Notices(Protocol):
    """Where notices are kept. Every method may raise StoreUnavailable."""

    async def find_notice(self, notice_id: str) -> Record | None: ...
    async def list_notices(self, states: Iterable[State] | None = None) -> tuple[Record, ...]: ...
    async def list_series(self, series: str) -> tuple[Record, ...]: ...
    async def find_restored_at(self) -> dt.datetime | None: ...
    def unreadable(self) -> Mapping[str, str]:
        """Return the notices that the last look left out because their rows make no sense, and why."""

    async def apply(self, change: Change, now: dt.datetime) -> int:
        """Commit it whole, or raise Overtaken or EmptyAudience and change nothing."""


class Deliveries(Protocol):
    """What has become of the rows."""

    async def is_finished(self, notice_id: str, revision: int) -> bool: ...


Tell = Callable[[Told], Awaitable[None]]


class Publish:
    """Brings notices forward. `rules` are replaced as a whole when the content changes."""

    def __init__(
        self,
        notices: Notices,
        deliveries: Deliveries,
        rules: Rules,
        clock: Callable[[], dt.datetime],
        steady: Callable[[], float],
        tell: Tell,
        wake_delivery: Callable[[], None] = lambda: None,
        is_allowed: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Take the two clocks, whom to tell the operators by, and what wakes the delivering.

        `is_allowed` says whether the right to publish is ours; asked before every look.
        """
        self.rules = rules
        self._notices = notices
        self._deliveries = deliveries
        self._clock = clock
        self._steady = steady
        self._tell = tell
        self._wake_delivery = wake_delivery
        self._is_allowed = is_allowed
        self._guard: ClockGuard | None = None
        self._told: set[Hashable] = set()
        self._agreed: set[tuple[str, int]] = set()
        self._agreed_under: Rules | None = None
        self._look = asyncio.Event()
        self._series = Series(notices)

    def hear(self, instant: dt.datetime) -> None:
        """Take note of another clock's time: that of Telegram's last answer."""
        self._guard = ClockGuard(instant, self._steady())

    def wake(self) -> None:
        """Look at once: somebody has just decided something."""
        self._look.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Look every second until `stop`."""
        is_away = False
        while not stop.is_set():
            self._look.clear()
            try:
                if self._is_allowed is None or await self._is_allowed():
                    await self.tick()
                if is_away:
                    await self._tell(Told(News.STORE_BACK))
                is_away = False
            except StoreUnavailable as problem:
                log.error("store away, nothing is published meanwhile: %s", problem)
                if not is_away:
                    await self._tell(Told(News.STORE_AWAY, detail=str(problem)))
                is_away = True
            await _first(self._look, stop, EVERY)

    async def tick(self) -> None:
        """Bring every notice forward as far as it goes now.

        Raises:
            StoreUnavailable: the store is away; what was done until then is done.
        """
        now = await self._now()
        living = await self._notices.list_notices(LIVING)
        for notice_id, why in self._notices.unreadable().items():
            await self._tell_once((notice_id, why), Told(News.UNREADABLE, detail=f"{notice_id}: {why}"))
        for record in living:
            # Asked anew for each: the one before may have been the grave notice that calls drills off.
            await self._bring_forward(record, now)

    async def release(self, notice_id: str, person: int) -> None:
        """Let a held notice go: at once where its time has come, else it waits for it again.

        A drill of residents that nobody was told of is announced with that.

        Raises:
            Refused, Overtaken, EmptyAudience, GraveInForce, Unfit, StoreUnavailable: nothing was changed.
        """
        record = await self._notices.find_notice(notice_id)
        if record is None:
            raise Overtaken(notice_id)
        if isinstance(record.announcement, Drill) and await self._is_grave_active():
            raise GraveInForce
        now = await self._now()
        if record.state is State.HELD and record.times and record.times.publish <= now:
            is_late = now - record.times.publish > LATE
            await self._begin(record, now, record.times.publish if is_late else None, person)
        else:
            await self._notices.apply(changes.released(record, now, self.rules, person), now)
            self._wake_delivery()
        self.wake()

    async def _now(self) -> dt.datetime:
        wall = self._clock()
        if self._guard is None:
            return wall
        steady = self._steady()
        now = self._guard.now(wall, steady)
        if now != wall:
            await self._tell_once("skew", Told(News.SKEWED, detail=str(self._guard.skew(wall, steady))))
        else:
            self._told.discard("skew")
        return now

    async def _bring_forward(self, record: Record, now: dt.datetime) -> None:
        current: Record | None = record
        try:
            for _ in range(MOST_STEPS):
                if current is None or not await self._step(current, now):
                    return
                current = await self._notices.find_notice(record.id)
        except Unfit as why:
            await self._tell_once((record.id, record.revision, str(why)), Told(News.UNFIT, record, str(why)))
        except Overtaken:
            log.info("notice %s was changed by somebody else meanwhile", record.id)
        except StoreUnavailable:
            raise
        except Exception as fault:
            what = (record.id, record.revision, record.state, repr(fault))
            if what not in self._told:
                log.exception("notice %s cannot be brought forward", record.id)
            await self._tell_once(what, Told(News.FAULT, record, type(fault).__name__))

    async def _step(self, record: Record, now: dt.datetime) -> bool:
        """Take one step, and return whether it changed anything that may allow the next."""
        match record.state:
            case State.IN_REVIEW:
                if missing_people(record, self.rules) > 0:
                    await self._while_it_lacks_people(record, now)
                    return False
                await self._notices.apply(review.settled(record, now), now)
                return True
            case State.APPROVED if record.is_series:
                if await self._is_agreed(record, now):
                    await self._continue(record, now)
                return False
            case State.APPROVED:
                await self._notices.apply(changes.scheduled(record, now, self.rules), now)
                return True
            case State.SCHEDULED | State.HELD:
                return await self._is_agreed(record, now) and await self._decide(record, now)
            case State.PUBLISHING | State.STOPPED | State.ACTIVE:
                return await self._see_to_end(record, now)
        return False

    async def _while_it_lacks_people(self, record: Record, now: dt.datetime) -> None:
        """Remind of what is to go soon, and mark as missed what can go no more."""
        rules = self.rules
        if record.is_series:
            lapsed = await self._series.lapsed(record, now, rules)
            planned = self._series.coming(record, now, rules)
        else:
            planned, end = planned_at(record, rules), ends_at(record, rules)
            is_over = end is not None and now >= end and not may_go_at_any_time(record.announcement.kind)
            times = times_at(record.announcement, rules, planned) if is_over and planned else None
            lapsed = changes.lapsed(record, times, now) if is_over else None
        if lapsed is not None:
            await self._notices.apply(lapsed, now)
            await self._tell(Told(News.MISSED, lapsed.moves[0].after))
        elif planned is not None and now >= planned - REMIND:
            what = (record.id, record.revision, planned, now >= planned)
            await self._tell_once(what, Told(News.LACKS_PEOPLE, record, at=planned))

    async def _continue(self, series: Record, now: dt.datetime) -> None:
        """Make the next occurrence of a series, or go on with one that was taken back."""
        following = await self._series.following(series, now, self.rules)
        if following is None:
            return
        await self._notices.apply(following, now)
        for made in (*following.added, *(move.after for move in following.moves)):
            if made.state is State.MISSED:
                await self._tell(Told(News.MISSED, made))
            else:
                await self._bring_forward(made, now)

    async def _is_agreed(self, record: Record, now: dt.datetime) -> bool:
        """Return whether it still reads as people approved it; what does not goes back to them, and is told.

        That is asked as soon as the rules are replaced, not when it is due: then nobody may be awake.
        """
        if self._agreed_under is not self.rules:
            self._agreed_under, self._agreed = self.rules, set()
        key = (record.id, record.revision)
        if key in self._agreed:
            return True
        moved = has_zone_moved(record, self.rules)
        if moved is not None:
            detail = f"{record.local_text} is now {moved:%Y-%m-%d %H:%M} UTC"
            await self._tell_once((key, moved), Told(News.CLOCKS_MOVED, record, detail, at=moved))
        if missing_people(record, self.rules) > 0:
            await self._void(record, now)
            return False
        self._agreed.add(key)
        return True

    async def _void(self, record: Record, now: dt.datetime) -> None:
        series = await self._notices.find_notice(record.series) if record.series else record
        if series is None or series.state is not State.APPROVED:
            series = record  # it waits for people by itself
        elif series is not record and missing_people(series, self.rules) == 0:
            await self._notices.apply(review.taken_back(record, now), now)
            return
        made = await self._notices.list_series(series.id) if series.is_series else ()
        await self._notices.apply(review.voided(series, now, self.rules, made), now)
        await self._tell(Told(News.VOIDED, series))

    async def _decide(self, record: Record, now: dt.datetime) -> bool:
        is_drill = isinstance(record.announcement, Drill)
        decision = decide(changes.plan(record, self.rules), now, is_drill and await self._is_grave_active())
        why = decision.why
        match decision.action:
            case Action.PUBLISH | Action.PUBLISH_LATE:
                return await self._publish(record, decision, now)
            case Action.CALL_OFF:
                await self._notices.apply(
                    changes.ended(record, Event.WITHDRAW, now, self.rules, why=why.phrase), now
                )
                await self._tell(Told(News.CALLED_OFF, record, why=why))
            case Action.MISS:
                await self._notices.apply(changes.simple(record, Event.MISS, now, why=why.phrase), now)
                await self._tell(Told(News.MISSED, record, why=why))
            case Action.HOLD:
                await self._notices.apply(changes.simple(record, Event.HOLD, now, why=why.phrase), now)
                news = News.HELD_A_WHILE if decision.until else News.HELD
                await self._tell(Told(news, record, why.phrase, why, decision.until))
            case Action.WAIT:
                await self._while_it_waits(record, decision, now)
        return False

    async def _publish(self, record: Record, decision: Decision, now: dt.datetime) -> bool:
        try:
            await self._begin(record, now, decision.planned)
        except EmptyAudience:
            await self._notices.apply(changes.left_to_a_person(record, now, "it would reach nobody"), now)
            await self._tell(Told(News.NOBODY, record))
            return False
        if decision.action is Action.PUBLISH_LATE:
            await self._tell(Told(News.LATE, record, decision.why.phrase, decision.why))
        return True

    async def _begin(
        self, record: Record, now: dt.datetime, planned: dt.datetime | None, who: int | None = None
    ) -> None:
        referenced = [
            earlier
            for notice_id in record.announcement.references
            if (earlier := await self._series.referred_to(notice_id)) is not None
        ]
        overturned = await self._overturned(record, referenced)
        change = changes.begun(record, referenced, now, self.rules, planned, who, overturned)
        reached = await self._notices.apply(change, now)
        log.info("notice %s is being sent to %d chats", record.id, reached)
        self._wake_delivery()
        await self._tell(Told(News.BEGUN, change.moves[0].after, f"to {reached} chats"))
        for one in overturned:
            await self._tell(Told(News.REOPENED, one))

    async def _overturned(self, record: Record, referenced: Iterable[Record]) -> tuple[Record, ...]:
        """Return what the notices had ended that a withdrawal takes back."""
        if record.announcement.kind is not Kind.WITHDRAWAL:
            return ()
        ending = {one.id for one in referenced if one.announcement.kind in changes.OVERTURNED}
        ended = await self._notices.list_notices(REOPENABLE) if ending else ()
        return tuple(one for one in ended if one.ended_by in ending and one.issued_at is not None)

    async def _while_it_waits(self, record: Record, decision: Decision, now: dt.datetime) -> None:
        if decision.why is Why.NIGHT:
            what = (record.id, record.revision, decision.until)
            await self._tell_once(what, Told(News.MOVED, record, why=decision.why, at=decision.until))
        # In the middle of a real danger nobody is told of a drill.
        if is_word_ahead_due(changes.plan(record, self.rules), now) and not await self._is_grave_active():
            try:
                await self._notices.apply(changes.announced(record, now, self.rules), now)
            except EmptyAudience:
                await self._tell_once((record.id, "ahead"), Told(News.NOBODY_AHEAD, record))
            self._wake_delivery()

    async def _see_to_end(self, record: Record, now: dt.datetime) -> bool:
        if record.times is None:
            return False
        is_sending = record.state is not State.ACTIVE
        if is_sending and isinstance(record.announcement, Drill) and await self._is_grave_active():
            await self._end(record, Event.WITHDRAW, now, "a real notice is in force")
            await self._tell(Told(News.CALLED_OFF, record, why=Why.GRAVE))
            return False
        if record.state is State.PUBLISHING and await self._deliveries.is_finished(
            record.id, record.revision
        ):
            await self._notices.apply(changes.simple(record, Event.FINISH, now), now)
            await self._tell(Told(News.FINISHED, record))
            return True
        # What takes words back is not cut short: those who have not got it yet still hold the wrong ones.
        is_owed = is_sending and (
            record.announcement.kind in changes.NEVER_OVER or record.announcement.kind.takes_back_words
        )
        if now >= record.times.expires and not is_owed:
            await self._end(record, Event.EXPIRE, now, "its time is over")
            await self._tell(Told(News.ENDED, record))
        return False

    async def _end(self, record: Record, event: Event, now: dt.datetime, why: str) -> None:
        await self._notices.apply(changes.ended(record, event, now, self.rules, why=why), now)
        self._wake_delivery()

    async def _is_grave_active(self) -> bool:
        return any(
            not isinstance(one.announcement, Drill)
            and one.announcement.severity in (Severity.EXTREME, Severity.SEVERE)
            and one.announcement.kind not in changes.NEVER_OVER
            for one in await self._notices.list_notices(IN_FORCE)
        )

    async def _tell_once(self, what: Hashable, told: Told) -> None:
        if what not in self._told:
            self._told.add(what)
            await self._tell(told)


async def _first(look: asyncio.Event, stop: asyncio.Event, seconds: float) -> None:
    """Return when either is set, or after so many seconds."""
    waiting = [asyncio.create_task(look.wait()), asyncio.create_task(stop.wait())]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
