"""What operators see without asking: notices that wait for them, every live send, news, broken files."""

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.core.message import OutgoingMessage, Text
from bot.core.notices.console import talk
from bot.core.notices.console.card import Cards, Speed, shown_fingerprint
from bot.core.notices.delivery import Progress
from bot.core.notices.freezing import Unfit
from bot.core.notices.news import News, Told
from bot.core.notices.record import Record
from bot.core.notices.states import State
from bot.core.problem import Level, Problem
from bot.workflows.compose import Compose
from bot.workflows.operators import Operators

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks; Telegram takes one message a second to one chat, so an edit more would wait."""

ASKS_SOMEBODY = frozenset({State.IN_REVIEW, State.HELD})
LIVE = frozenset({State.PUBLISHING, State.STOPPED})
UNSETTLED = ASKS_SOMEBODY | LIVE | {State.APPROVED, State.SCHEDULED}
SHOWN_BY_CARDS = frozenset({News.WAITS, News.BEGUN, News.FINISHED})
"""News that the operators have before their eyes already."""


class Notices(Protocol):
    """Where notices are kept. Every method may raise StoreUnavailable."""

    async def find_notice(self, notice_id: str) -> Record | None: ...
    async def list_notices(self, states: Iterable[State] | None = None) -> tuple[Record, ...]: ...


class Deliveries(Protocol):
    """How far the deliveries of a notice are. May raise StoreUnavailable."""

    async def progress(self, notice_id: str, revision: int) -> Progress: ...


@dataclass(slots=True)
class _Live:
    """The messages that follow one live send: operator -> message, and what was last measured."""

    messages: dict[int, int]
    shown: dict[int, OutgoingMessage] = field(default_factory=dict)
    measured_at: dt.datetime | None = None
    settled: int = 0


@dataclass(slots=True)
class _Asked:
    """The cards that asked for a decision: operator -> message, and the state that they show."""

    messages: dict[int, int]
    state: State


class Watch:
    """Keeps the operators informed."""

    def __init__(
        self, operators: Operators, notices: Notices, deliveries: Deliveries, composing: Compose
    ) -> None:
        self._operators = operators
        self._notices = notices
        self._deliveries = deliveries
        self._compose = composing
        self._asked: set[tuple[str, int, str, str]] = set()
        self._waiting: dict[str, _Asked] = {}
        self._begun: list[str] = []
        self._live: dict[tuple[str, int], _Live] = {}
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
        """Tell what was left to be told, show what waits for somebody, and how far each live send is.

        Raises:
            StoreUnavailable: nothing can be read; what was left is told all the same.
        """
        await self._operators.send_posts()
        records = {record.id: record for record in await self._notices.list_notices(ASKS_SOMEBODY | LIVE)}
        while self._begun:
            # A short send is over before anybody looks: its operators see it all the same.
            begun = await self._notices.find_notice(self._begun[0])
            if begun is not None:
                records.setdefault(begun.id, begun)
            self._begun.pop(0)
        for record in records.values():
            if record.state in ASKS_SOMEBODY:
                await self._ask(record)
            else:
                await self._follow(record)
        await self._show_decided(records)
        await self._finish_ended()

    async def tell(self, told: Told) -> None:
        """Leave all operators a piece of news, unless a card of theirs shows it anyway."""
        if told.news is News.BEGUN and told.notice is not None:
            self._begun.append(told.notice.id)
            self._operators.has_posts.set()
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

    async def _ask(self, record: Record) -> None:
        """Show a notice that waits to everybody, once in each version: exact words, facts, buttons."""
        version = shown_fingerprint(record, self._operators.rules)
        key = (record.id, record.revision, record.state.value, version)
        if key in self._asked:
            return
        count = await self._compose.count(record.announcement)

        async def show(person: int) -> int | None:
            cards = await self._operators.cards(person)
            card = cards.card(record, self._operators.roles(person), count)
            sent = [
                await self._operators.messenger.send(person, message)
                for message in (*_preview(cards, record), card)
            ]
            return sent[-1]

        people = self._operators.people
        shown = await asyncio.gather(*map(show, people))
        arrived = {person: number for person, number in zip(people, shown, strict=True) if number is not None}
        # One operator who can decide is enough; while nobody was reached it is tried again.
        if arrived:
            self._asked.add(key)
            self._waiting[record.id] = _Asked(arrived, record.state)

    async def _show_decided(self, records: Mapping[str, Record]) -> None:
        """Show on the cards that asked what has become of it: nobody presses a button that is of no use."""
        for notice_id, asked in list(self._waiting.items()):
            record = records.get(notice_id) or await self._notices.find_notice(notice_id)
            if record is not None and record.state is not asked.state:
                asked.state = record.state
                for person, message_id in asked.messages.items():
                    cards = await self._operators.cards(person)
                    card = cards.card(record, self._operators.roles(person), None)
                    await self._operators.messenger.edit(person, message_id, card)
            if record is None or record.state not in UNSETTLED:
                del self._waiting[notice_id]

    async def _follow(self, record: Record) -> None:
        progress = await self._deliveries.progress(record.id, record.revision)
        key = (record.id, record.revision)
        live = self._live.get(key)
        if live is None:
            arrived = await self._operators.tell_all(lambda cards: self._card(cards, record, progress, None))
            self._live[key] = _Live(arrived, measured_at=self._operators.clock(), settled=_settled(progress))
            return
        await self._show(live, record, progress, self._speed(live, progress))

    async def _finish_ended(self) -> None:
        """Show the last word on the sends that are over: once every row is final, the message stays so."""
        for notice_id, revision in list(self._live):
            record = await self._notices.find_notice(notice_id)
            if record is not None and record.revision == revision and record.state in LIVE:
                continue
            live = self._live[(notice_id, revision)]
            progress = await self._deliveries.progress(notice_id, revision)
            if record is not None:
                await self._show(live, record, progress, None)
            if record is None or progress.is_finished:
                del self._live[(notice_id, revision)]

    async def _show(self, live: _Live, record: Record, progress: Progress, speed: Speed | None) -> None:
        for person, message_id in live.messages.items():
            card = self._card(await self._operators.cards(person), record, progress, speed, person)
            if live.shown.get(person) != card:
                live.shown[person] = card
                await self._operators.messenger.edit(person, message_id, card)

    def _card(
        self,
        cards: Cards,
        record: Record,
        progress: Progress,
        speed: Speed | None,
        person: int | None = None,
    ) -> OutgoingMessage:
        # The first one goes to everybody alike: stopping and withdrawing is for all roles.
        roles = self._operators.roles(person) if person is not None else frozenset()
        return cards.card(record, roles, None, progress, speed)

    def _speed(self, live: _Live, progress: Progress) -> Speed | None:
        now, settled = self._operators.clock(), _settled(progress)
        before, earlier = live.measured_at, live.settled
        live.measured_at, live.settled = now, settled
        seconds = (now - before).total_seconds() if before else 0.0
        return Speed((settled - earlier) / seconds) if seconds > 0 and settled > earlier else None


def _settled(progress: Progress) -> int:
    return progress.total - progress.left


def _preview(cards: Cards, record: Record) -> tuple[OutgoingMessage, ...]:
    try:
        return cards.preview(record)
    except Unfit:
        return ()  # the card says why
