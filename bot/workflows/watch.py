"""What operators see without asking: notices that wait for them, every live send, news, broken files."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.core.message import OutgoingMessage, Text
from bot.core.notices.console import talk
from bot.core.notices.console.card import Cards
from bot.core.notices.console.facts import Speed, shown_fingerprint
from bot.core.notices.console.followed import FollowedCard, Purpose
from bot.core.notices.console.presses import version_of
from bot.core.notices.delivery import Progress
from bot.core.notices.freezing import Unfit
from bot.core.notices.news import News, Told
from bot.core.notices.record import Record
from bot.core.notices.reminding import reminders
from bot.core.notices.states import ENDED, State
from bot.core.problem import Level, Problem
from bot.workflows.compose import Compose
from bot.workflows.following import Following
from bot.workflows.operators import Operators

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks; Telegram takes one message a second to one chat, so an edit more would wait."""

ASKS_SOMEBODY = frozenset({State.IN_REVIEW, State.HELD})
LIVE = frozenset({State.PUBLISHING, State.STOPPED})
UNDER_WAY = ASKS_SOMEBODY | LIVE | {State.APPROVED, State.SCHEDULED, State.ACTIVE}
OVER = ENDED | {State.MISSED, State.REJECTED, State.DRAFT}
"""States that a card shows last: what comes back from a draft is asked about anew."""

SPEED_OVER = 1.0
"""Seconds at least over which a rate is measured: in less, chance decides."""

SHOWN_BY_CARDS = frozenset({News.WAITS, News.BEGUN, News.FINISHED})
"""News that the operators have before their eyes already."""


class Notices(Protocol):
    """Where notices are kept. Every method may raise StoreUnavailable."""

    async def find_notice(self, notice_id: str) -> Record | None: ...
    async def list_notices(self, states: Iterable[State] | None = None) -> tuple[Record, ...]: ...


class Deliveries(Protocol):
    """How far the deliveries of a notice are. May raise StoreUnavailable."""

    async def progress(self, notice_id: str, revision: int) -> Progress: ...


@dataclass(frozen=True, slots=True)
class _Sight:
    """How a notice was last seen; and how fast its deliveries go, measured from `base` on."""

    record: Record
    progress: Progress
    base: Progress
    since: dt.datetime
    speed: Speed | None = None


class Watch:
    """Keeps the operators informed."""

    def __init__(
        self,
        operators: Operators,
        notices: Notices,
        deliveries: Deliveries,
        composing: Compose,
        following: Following,
    ) -> None:
        self._operators = operators
        self._notices = notices
        self._deliveries = deliveries
        self._compose = composing
        self._following = following
        self._begun: list[str] = []
        self._finished: list[Record] = []
        self._seen: dict[str, _Sight] = {}
        self._shown: dict[tuple[int, int], OutgoingMessage] = {}
        self._sent: set[Hashable] = set()
        self._reminded: set[Hashable] = set()
        self._broken: frozenset[str] = frozenset()

    async def run(self, stop: asyncio.Event) -> None:
        """Look every two seconds until `stop`, and at once when there is something to tell."""
        stopping = asyncio.create_task(stop.wait())
        while not stop.is_set():
            try:
                await self.tick()
            except StoreUnavailable as problem:
                log.error("store away, operators see nothing new meanwhile: %s", problem)
            posted = asyncio.create_task(self._operators.has_posts.wait())
            await asyncio.wait((stopping, posted), timeout=EVERY, return_when=asyncio.FIRST_COMPLETED)
            posted.cancel()
        await self._operators.send_posts()

    async def tick(self) -> None:
        """Show what is being sent, tell what was left to be told, show what waits and what has changed.

        Raises:
            StoreUnavailable: nothing can be read; what was left is told all the same.
        """
        try:
            await self._following.recall()
            records = {one.id: one for one in await self._notices.list_notices(UNDER_WAY)}
            # First of all: who sees a wrong notice go out needs the button that stops it.
            await self._show_live(records)
        finally:
            await self._operators.send_posts()
        for record in records.values():
            if record.state in ASKS_SOMEBODY:
                await self._ask(record)
            self._remind(record)
        await self._refresh(records)
        await self._tell_doubts()

    async def tell(self, told: Told) -> None:
        """Leave all operators a piece of news, unless a card of theirs shows it anyway."""
        if told.news is News.BEGUN and told.notice is not None:
            self._begun.append(told.notice.id)
            self._operators.has_posts.set()
        if told.news is News.FINISHED and told.notice is not None:
            self._finished.append(told.notice)
        if told.news not in SHOWN_BY_CARDS:
            self._operators.post(lambda cards: cards.news(told))

    async def report(self, problems: Sequence[Problem]) -> None:
        """Tell all operators what is wrong in the files: once, until it changes."""
        errors = [problem for problem in problems if problem.level is Level.ERROR]
        sentences = frozenset(map(str, errors))
        if sentences and sentences != self._broken:
            self._operators.post(
                lambda cards: OutgoingMessage(
                    Text(cards.say(cards.phrases.content_broken, problems=talk.problem_lines(errors, cards)))
                )
            )
        self._broken = sentences

    async def _show_live(self, records: dict[str, Record]) -> None:
        """Show what began since the last look; a short send may be over before anybody looks."""
        while self._begun:
            begun = await self._notices.find_notice(self._begun[0])
            if begun is not None:
                records[begun.id] = begun
                await self._announce(begun)
            self._begun.pop(0)
        for record in records.values():
            if record.state in LIVE:
                await self._announce(record)

    async def _announce(self, record: Record) -> None:
        """Send the card that follows a send."""

        async def send(person: int) -> int | None:
            sight, cards = await self._look(record), await self._operators.cards(person)
            return await self._operators.messenger.send(person, cards.card(record, None, sight.progress))

        await self._send(record, Purpose.LIVE, "", send)

    async def _ask(self, record: Record) -> None:
        """Show a notice that waits to everybody, once in each version: exact words, facts, buttons."""
        fingerprint = shown_fingerprint(record, self._operators.rules)
        asked = f"{record.state.value} {version_of(fingerprint)}"

        async def send(person: int) -> int | None:
            cards = await self._operators.cards(person)
            has_seen = self._operators.has_seen(person, fingerprint)
            for message in () if has_seen else _preview(cards, record):
                await self._operators.messenger.send(person, message)
            count = await self._compose.count(record.announcement)
            return await self._operators.messenger.send(person, cards.card(record, count))

        await self._send(record, Purpose.ASKED, asked, send)

    async def _send(
        self,
        record: Record,
        purpose: Purpose,
        asked: str,
        send: Callable[[int], Awaitable[int | None]],
    ) -> None:
        """Send everybody their card, and follow each from the moment on in which it has arrived.

        One operator who can decide is enough: who was not reached then is tried again by the next process.
        """
        card = (record.id, record.revision, purpose, asked)
        having = self._following.holders(*card)
        if having and card in self._sent:
            return

        async def send_and_follow(person: int) -> None:
            message_id = await send(person)
            if message_id is not None:
                await self._following.follow(FollowedCard(person, message_id, *card))

        missing = [person for person in self._operators.people if person not in having]
        await asyncio.gather(*map(send_and_follow, missing))
        self._sent.add(card)

    async def _refresh(self, records: Mapping[str, Record]) -> None:
        """Write every card anew whose notice has changed, a last time once all is over."""
        followed: dict[str, list[FollowedCard]] = {}
        for card in self._following.all():
            followed.setdefault(card.notice_id, []).append(card)
        for notice_id, cards in followed.items():
            record = records.get(notice_id) or await self._notices.find_notice(notice_id)
            if record is None:
                await self._following.let_go(*cards)
                continue
            before = self._seen.get(notice_id)
            sight = await self._look(record)
            is_unknown = any((card.person, card.message_id) not in self._shown for card in cards)
            if is_unknown or before is None or (before.record, before.progress) != (record, sight.progress):
                await self._write(cards, sight)
            if record.state in OVER and sight.progress.is_finished:
                await self._let_go(cards, notice_id)

    async def _look(self, record: Record) -> _Sight:
        """Return how a notice stands; its deliveries are not counted again once all are final."""
        before, now = self._seen.get(record.id), self._operators.clock()
        if before is not None and before.record == record and _is_settled(before):
            return before
        progress = await self._deliveries.progress(record.id, record.revision)
        sight = self._seen[record.id] = _sight(record, progress, before, now)
        return sight

    async def _write(self, cards: Iterable[FollowedCard], sight: _Sight) -> None:
        record, progress = sight.record, sight.progress
        waits = not progress.total and record.state not in OVER
        count = await self._compose.count(record.announcement) if waits else None

        async def write(card: FollowedCard) -> None:
            where = (card.person, card.message_id)
            reader = await self._operators.cards(card.person)
            message = reader.card(record, count, progress, sight.speed)
            if self._shown.get(where) != message:
                self._shown[where] = message
                await self._operators.messenger.edit(*where, message)

        await asyncio.gather(*map(write, cards))

    async def _let_go(self, cards: Iterable[FollowedCard], notice_id: str) -> None:
        self._seen.pop(notice_id, None)
        for card in cards:
            self._shown.pop((card.person, card.message_id), None)
        await self._following.let_go(*cards)

    async def _tell_doubts(self) -> None:
        """Tell of the deliveries of which nobody knows whether they arrived, when a send is done."""
        while self._finished:
            record = self._finished[0]
            progress = await self._deliveries.progress(record.id, record.revision)
            if progress.uncertain:
                await self.tell(Told(News.UNCERTAIN, record, str(progress.uncertain)))
            self._finished.pop(0)

    def _remind(self, record: Record) -> None:
        for told in reminders(record, self._operators.rules, self._operators.clock()):
            key = (record.id, record.revision, told.news, told.at)
            if key not in self._reminded:
                self._reminded.add(key)
                self._operators.post(lambda cards, told=told: cards.news(told))  # type: ignore[misc]


def _is_settled(sight: _Sight) -> bool:
    return sight.record.state not in LIVE and sight.progress.is_finished


def _sight(record: Record, progress: Progress, before: _Sight | None, now: dt.datetime) -> _Sight:
    if before is None:
        return _Sight(record, progress, progress, now)
    seconds = (now - before.since).total_seconds()
    if seconds < SPEED_OVER:
        return replace(before, record=record, progress=progress)
    return _Sight(record, progress, progress, now, Speed.between(before.base, progress, seconds))


def _preview(cards: Cards, record: Record) -> tuple[OutgoingMessage, ...]:
    try:
        return cards.preview(record)
    except Unfit:
        return ()  # the card says why
