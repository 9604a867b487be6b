"""What operators look at: the desks, the drafts, and a notice's card with its count and its progress."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.core.message import OutgoingMessage
from bot.core.notices.console.card import Cards
from bot.core.notices.console.desk import (
    IN_HAND,
    OVER,
    desk_screen,
    drafts_screen,
    drills_screen,
    over_screen,
)
from bot.core.notices.console.presses import key_of
from bot.core.notices.console.talk import Filling
from bot.core.notices.delivery import Progress
from bot.core.notices.freezing import Unfit
from bot.core.notices.record import Record
from bot.core.notices.review import draft
from bot.core.notices.states import State
from bot.workflows.compose import Compose
from bot.workflows.operators import Operators

UNSUBMITTED = (State.DRAFT, State.REJECTED)


class Notices(Protocol):
    """Where notices are kept. Every method may raise StoreUnavailable."""

    async def find_notice(self, notice_id: str) -> Record | None: ...
    async def list_notices(self, states: Iterable[State] | None = None) -> tuple[Record, ...]: ...
    async def list_series(self, series: str) -> tuple[Record, ...]: ...


class Deliveries(Protocol):
    """How far the deliveries of a notice are. May raise StoreUnavailable."""

    async def progress(self, notice_id: str, revision: int) -> Progress: ...


@dataclass(slots=True)
class AtWork:
    """One operator at work: who, how they are spoken to, and the notice whose card they are shown."""

    person: int
    cards: Cards
    opened: Record | None = None


class Showing:
    """Looks up what the screens need. Every method may raise StoreUnavailable."""

    def __init__(
        self, operators: Operators, notices: Notices, deliveries: Deliveries, composing: Compose
    ) -> None:
        self._operators = operators
        self._notices = notices
        self._deliveries = deliveries
        self._compose = composing

    async def desk(self, at_work: AtWork, page: int = 1) -> OutgoingMessage:
        """Return the desk of real notices."""
        begun = self._compose.talks.begun_by(at_work.person)
        records = await self._notices.list_notices(IN_HAND)
        filling = begun if isinstance(begun, Filling) else None
        return desk_screen(records, at_work.cards, page, filling)

    async def drills(self, at_work: AtWork, page: int) -> OutgoingMessage:
        """Return the desk of drills."""
        return drills_screen(await self._notices.list_notices(IN_HAND), at_work.cards, page)

    async def drafts(self, at_work: AtWork, page: int, *, drills: bool) -> OutgoingMessage:
        """Return what an operator may submit: drafts from files, and what went back to a draft."""
        records = await self._notices.list_notices()
        known, now = {record.id for record in records}, at_work.cards.now
        written = [
            draft(one, now)
            for one in self._operators.book.announcements()
            if one.draft and one.id not in known
        ]
        back = [one for one in records if one.state in UNSUBMITTED and one.occurrence is None]
        return drafts_screen((*written, *back), at_work.cards, page, drills=drills)

    async def over(self, at_work: AtWork, page: int, *, drills: bool) -> OutgoingMessage:
        """Return what was over lately, and can still be corrected or withdrawn."""
        return over_screen(await self._notices.list_notices(OVER), at_work.cards, page, drills=drills)

    async def card(self, at_work: AtWork, record: Record) -> OutgoingMessage:
        """Return a notice's card, and keep in mind that the person is shown it."""
        at_work.opened = record
        progress = await self._deliveries.progress(record.id, record.revision)
        count = None if progress.total else await self._compose.count(record.announcement)
        return at_work.cards.card(record, count, progress)

    def preview(self, at_work: AtWork, record: Record) -> tuple[OutgoingMessage, ...]:
        """Return the exact words in every language; none where they cannot be shown, as the card says."""
        try:
            return at_work.cards.preview(record)
        except Unfit:
            return ()

    async def sent_times(self, record: Record) -> tuple[Record, ...]:
        """Return the times of a series that went out; none where it is no series."""
        return tuple(one for one in await self._notices.list_series(record.id) if one.issued_at is not None)

    async def find(self, key: str) -> Record | None:
        """Return the notice that a button names: from the store, or a draft that is only a file so far."""
        if key.startswith("~"):
            records = await self._notices.list_notices()
            return next((record for record in records if key_of(record.id) == key), None)
        found = await self._notices.find_notice(key)
        book = self._operators.book
        written = book.notices.get(key) or book.drills.get(key)
        if found is None and written is not None and written.draft:
            return draft(written, self._operators.clock())
        return found
