"""One decision of one operator -> one committed change, and the word of it to all the other operators."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.core.guidance import Localized
from bot.core.message import OutgoingMessage, Text
from bot.core.notices import changes, review
from bot.core.notices.approval import Deed, may
from bot.core.notices.cap import MessageType
from bot.core.notices.console import talk
from bot.core.notices.console.card import Cards, shown_fingerprint
from bot.core.notices.console.presses import version_of
from bot.core.notices.console.renewal import renewed
from bot.core.notices.notice import Announcement, Kind
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.record import Change, Origin, Overtaken, Record
from bot.core.notices.states import ENDED, IN_FORCE, Event, State
from bot.core.problem import Level, Problem
from bot.workflows import compose
from bot.workflows.compose import Compose
from bot.workflows.operators import Operators

LONGEST_REASON = 300

ON_THE_PHONES = IN_FORCE | {State.EXPIRED}
"""States in which people have the message: taking it back needs a message of its own."""


class Refusal(Exception):
    """A decision that does not count; nothing was changed. `lines` say more than fits into a note."""

    def __init__(self, phrase: Localized, lines: str = "") -> None:
        super().__init__(next(iter(phrase.values())))
        self.phrase = phrase
        self.lines = lines


class Notices(compose.Notices, Protocol):
    """Where notices are kept. Every method may raise StoreUnavailable."""

    async def apply(self, change: Change, now: dt.datetime) -> int: ...


class Publishing(Protocol):
    """What brings notices forward."""

    def wake(self) -> None: ...
    async def release(self, notice_id: str, person: int) -> None: ...


class Decide:
    """Carries decisions out. Its methods raise Refusal, Refused, Overtaken, EmptyAudience or Unfit, and then
    nothing was changed.
    """

    def __init__(
        self, operators: Operators, notices: Notices, composing: Compose, publishing: Publishing
    ) -> None:
        self._operators = operators
        self._notices = notices
        self._compose = composing
        self._publishing = publishing

    def new(self, announcement: Announcement, person: int, now: dt.datetime) -> Record:
        """Return a notice that was written in Telegram and is nowhere yet."""
        return review.draft(announcement, now, Origin.TELEGRAM, person)

    async def submit(self, record: Record, person: int) -> None:
        """Put a draft before those who must agree; where nobody must, it goes."""
        self._judge(person, Deed.SUBMIT)
        problems = await self._compose.problems(record.announcement)
        await self._refuse_what([problem for problem in problems if problem.level is not Level.INFO], person)
        rules, now = self._operators.rules, self._now
        if record.state is State.REJECTED:
            again = review.revised(record, record.announcement, now, person)
            change = again.then(review.submitted(again.moves[0].after, now, rules, person))
        else:
            change = review.submitted(record, now, rules, person)
        if await self._notices.find_notice(record.id) is None:
            change = Change(added=tuple(move.after for move in change.moves), entries=change.entries)
        await self._apply(
            change, lambda cards: cards.say(cards.phrases.submitted, id=record.id, person=person), person
        )

    async def renew(self, record: Record, person: int) -> None:
        """Submit what was missed as a new notice; whoever must agree is asked again."""
        made = renewed(record, self._now, self._operators.rules.setting.zone)
        if record.state is not State.MISSED or made is None:
            raise Refusal(self._phrases.note_broken)
        await self.submit(self.new(made, person, self._now), person)

    async def approve(self, record: Record, person: int, version: str) -> None:
        """Give one person's yes to the words that they saw."""
        self._judge(person, Deed.APPROVE)
        rules = self._operators.rules
        shown = shown_fingerprint(record, rules)
        seen = shown if version and version == version_of(shown) else version
        problem = review.approval_problem(record, person, seen, rules)
        if problem is not None:
            phrases = self._phrases
            raise Refusal(phrases.note_author if problem.rule == "L38" else phrases.note_changed)
        await self._refuse_what(await self._compose.obstacles(record), person)
        change = review.approved(record, person, self._now, rules)
        await self._apply(
            change, lambda cards: cards.say(cards.phrases.approved, id=record.id, person=person), person
        )

    async def reject(self, record: Record, person: int, version: str, reason: str) -> None:
        """Give one person's no, with the reason that all operators read."""
        self._judge(person, Deed.REJECT)
        if version != version_of(shown_fingerprint(record, self._operators.rules)):
            raise Refusal(self._phrases.note_changed)
        why = " ".join(reason.split())[:LONGEST_REASON]
        change = review.rejected(record, person, why, self._now)
        await self._apply(
            change,
            lambda cards: cards.say(cards.phrases.rejected, id=record.id, person=person, reason=why),
            person,
        )

    async def stop(self, record: Record, person: int) -> None:
        """Stop a notice before or while it is sent."""
        self._judge(person, Deed.STOP)
        change = changes.simple(record, Event.STOP, self._now, person)
        await self._apply(
            change, lambda cards: cards.say(cards.phrases.stopped, id=record.id, person=person), person
        )

    async def resume(self, record: Record, person: int) -> None:
        """Let a stopped send go on."""
        self._judge(person, Deed.RELEASE)
        change = changes.simple(record, Event.RESUME, self._now, person)
        await self._apply(
            change, lambda cards: cards.say(cards.phrases.resumed, id=record.id, person=person), person
        )

    async def release(self, record: Record, person: int) -> None:
        """Let a held notice go."""
        self._judge(person, Deed.RELEASE)
        await self._publishing.release(record.id, person)
        self._tell(lambda cards: cards.say(cards.phrases.released, id=record.id, person=person), person)

    async def withdraw(self, record: Record, person: int, cards: Cards) -> None:
        """Take a notice back: silently while nobody has it, else by the prepared withdrawal, at once."""
        self._judge(person, Deed.WITHDRAW)
        if record.state not in ON_THE_PHONES:
            made = await self._notices.list_series(record.id)
            change = changes.withdrawn(record, made, self._now, self._operators.rules, person)
        else:
            change = await self._withdrawal(record, person, cards)
        await self._apply(
            change, lambda cards: cards.say(cards.phrases.withdrawn, id=record.id, person=person), person
        )

    async def _withdrawal(self, record: Record, person: int, cards: Cards) -> Change:
        """Return what sends the prepared withdrawal; two people at once send one."""
        for other in await self._notices.list_notices():
            takes_back = other.announcement.kind is Kind.WITHDRAWAL and other.state not in ENDED
            if takes_back and record.id in other.announcement.references:
                raise Overtaken(record.id)
        announcement = await self._compose.withdrawal_of(record, cards)
        if announcement is None or announcement.message_type is not MessageType.CANCEL:
            raise Refusal(self._phrases.note_no_withdrawal)
        made = review.draft(announcement, self._now, Origin.PREPARED, person)
        change = review.submitted(made, self._now, self._operators.rules, person)
        return Change(added=tuple(move.after for move in change.moves), entries=change.entries)

    async def _refuse_what(self, problems: Sequence[Problem], person: int) -> None:
        """Refuse a decision that these problems stop."""
        if problems:
            cards = await self._operators.cards(person)
            lines = talk.problem_lines(problems, cards)
            raise Refusal(self._phrases.note_rules, cards.say(self._phrases.fill_refused, problems=lines))

    def _judge(self, person: int, deed: Deed) -> None:
        if not may(self._operators.roles(person), deed):
            raise Refusal(self._phrases.note_role)

    async def _apply(self, change: Change, say: Callable[[Cards], str], person: int) -> None:
        await self._notices.apply(change, self._now)
        self._publishing.wake()
        self._tell(say, person)

    def _tell(self, say: Callable[[Cards], str], person: int) -> None:
        self._operators.post(lambda cards: OutgoingMessage(Text(say(cards))), but=(person,))

    @property
    def _phrases(self) -> OperatorPhrases:
        return self._operators.book.operator_phrases

    @property
    def _now(self) -> dt.datetime:
        return self._operators.clock()
