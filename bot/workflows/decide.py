"""One decision of one operator -> one committed change, and the word of it to all the operators."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.core.guidance import Localized
from bot.core.notices import changes, review
from bot.core.notices.approval import Deed, may
from bot.core.notices.cap import MessageType
from bot.core.notices.console import talk
from bot.core.notices.console.card import Cards
from bot.core.notices.console.departure import Cause, departure_of, would_go_at
from bot.core.notices.console.facts import shown_fingerprint
from bot.core.notices.console.presses import version_of
from bot.core.notices.console.renewal import renewed
from bot.core.notices.notice import Announcement
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.record import Change, GraveInForce, Origin, Overtaken, Record
from bot.core.notices.states import IN_FORCE, Event, State
from bot.core.problem import Level, Problem
from bot.workflows import compose
from bot.workflows.compose import Compose
from bot.workflows.operators import Operators

LONGEST_REASON = 300

ON_THE_PHONES = IN_FORCE | {State.STOPPED, State.EXPIRED}
"""States in which people have the message: taking it back needs a message of its own."""

Words = Callable[[Cards], str]
"""What was done, in the language of whoever reads it."""


ON_ITS_WAY = IN_FORCE | {State.APPROVED, State.SCHEDULED}
"""States of a withdrawal that somebody has just sent."""


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
    """Carries decisions out. Its methods return the words of what was done, which all the others are told.

    They raise Refusal, Refused, Overtaken, EmptyAudience or Unfit, and then nothing was changed.
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

    async def submit(self, record: Record, person: int) -> Words:
        """Put a draft before those who must agree; where nobody must, it goes."""
        self._judge(person, Deed.SUBMIT)
        if record.state is State.REJECTED:
            raise Refusal(self._phrases.note_same)
        await self._refuse_what_rules_stop(record.announcement, person)
        change = review.submitted(record, self._now, self._operators.rules, person)
        if await self._notices.find_notice(record.id) is None:
            change = Change(added=tuple(move.after for move in change.moves), entries=change.entries)
        return await self._submitted(change, record, person)

    async def submit_anew(self, record: Record, announcement: Announcement, person: int) -> Words:
        """Put a rejected notice before people again, with other words; only its author changes it."""
        self._judge(person, Deed.SUBMIT)
        if record.author != person:
            raise Refusal(self._phrases.note_role)
        if announcement == record.announcement:
            raise Refusal(self._phrases.note_same)
        await self._refuse_what_rules_stop(announcement, person)
        rules, now = self._operators.rules, self._now
        again = review.revised(record, announcement, now, person)
        change = again.then(review.submitted(again.moves[0].after, now, rules, person))
        return await self._submitted(change, record, person)

    async def renew(self, record: Record, person: int) -> Words:
        """Submit what was missed as a new notice; whoever must agree is asked again."""
        made = renewed(record, self._now, self._operators.rules.setting.zone)
        if record.state is not State.MISSED or made is None:
            raise Refusal(self._phrases.note_broken)
        return await self.submit(self.new(made, person, self._now), person)

    async def approve(self, record: Record, person: int, version: str) -> Words:
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
        after = change.moves[0].after
        departure = departure_of(after, rules, self._now) if after.state is State.APPROVED else None
        goes_now = departure is not None and departure.cause is Cause.APPROVAL
        # What goes now is shown by the card of its sending, which no other message shall hold up.
        words = _words(self._phrases.approved, record, person)
        return await self._apply(change, words, person, told=not goes_now)

    async def reject(self, record: Record, person: int, version: str, reason: str) -> Words:
        """Give one person's no, with the reason that all operators read."""
        self._judge(person, Deed.REJECT)
        if version != version_of(shown_fingerprint(record, self._operators.rules)):
            raise Refusal(self._phrases.note_changed)
        why = " ".join(reason.split())[:LONGEST_REASON]
        change = review.rejected(record, person, why, self._now)
        return await self._apply(change, _words(self._phrases.rejected, record, person, reason=why), person)

    async def stop(self, record: Record, person: int) -> Words:
        """Stop a notice while it is sent, or hold it back before; what is held stays so."""
        self._judge(person, Deed.STOP)
        change = changes.simple(record, Event.STOP, self._now, person)
        phrases = self._phrases
        phrase = phrases.stopped if record.state is State.PUBLISHING else phrases.held_back
        return await self._apply(change, _words(phrase, record, person), person)

    async def resume(self, record: Record, person: int) -> Words:
        """Let a stopped send go on."""
        self._judge(person, Deed.RELEASE)
        change = changes.simple(record, Event.RESUME, self._now, person)
        return await self._apply(change, _words(self._phrases.resumed, record, person), person)

    async def release(self, record: Record, person: int) -> Words:
        """Let a held notice go: now, or at its time where that is still to come."""
        self._judge(person, Deed.RELEASE)
        goes_at = would_go_at(record, self._operators.rules, self._now)
        phrases = self._phrases
        phrase = phrases.released_later if goes_at > self._now else phrases.released
        try:
            await self._publishing.release(record.id, person)
        except GraveInForce:
            raise Refusal(phrases.note_grave) from None
        return self._tell(record, _words(phrase, record, person, goes_at), person)

    async def withdraw(self, record: Record, person: int, cards: Cards) -> Words:
        """Take a notice back: silently while nobody has it, else by the prepared withdrawal, at once."""
        self._judge(person, Deed.WITHDRAW)
        if record.state in ON_THE_PHONES:
            change = await self._withdrawal(record, person, cards)
            return await self._apply(change, _words(self._phrases.withdrawn, record, person), person)
        made = await self._notices.list_series(record.id)
        change = changes.withdrawn(record, made, self._now, self._operators.rules, person)
        sent = tuple(one for one in made if one.issued_at is not None)
        phrase = self._phrases.withdrawn_series if sent else self._phrases.withdrawn_unsent
        return await self._apply(change, _words(phrase, record, person), person, sent=sent)

    async def _withdrawal(self, record: Record, person: int, cards: Cards) -> Change:
        """Return what sends the prepared withdrawal; two people at once send one. One in a file, which may
        wait for people, holds nobody up.
        """
        for other in await self._notices.list_notices(ON_ITS_WAY):
            if other.origin is Origin.PREPARED and record.id in other.announcement.references:
                raise Overtaken(record.id)
        announcement = await self._compose.withdrawal_of(record, cards)
        if announcement is None or announcement.message_type is not MessageType.CANCEL:
            raise Refusal(self._phrases.note_no_withdrawal)
        made = review.draft(announcement, self._now, Origin.PREPARED, person)
        change = review.submitted(made, self._now, self._operators.rules, person)
        return Change(added=tuple(move.after for move in change.moves), entries=change.entries)

    async def _refuse_what_rules_stop(self, announcement: Announcement, person: int) -> None:
        problems = await self._compose.problems(announcement)
        await self._refuse_what([one for one in problems if one.level is not Level.INFO], person)

    async def _refuse_what(self, problems: Sequence[Problem], person: int) -> None:
        """Refuse a decision that these problems stop."""
        if problems:
            cards = await self._operators.cards(person)
            lines = talk.problem_lines(problems, cards)
            raise Refusal(self._phrases.note_rules, cards.say(self._phrases.fill_refused, problems=lines))

    async def _submitted(self, change: Change, record: Record, person: int) -> Words:
        after = change.moves[0].after if change.moves else change.added[0]
        # Whoever submits has just read every word; the card comes to them without all of it again.
        self._operators.note_seen(person, after.fingerprint)
        is_waiting = after.state is State.IN_REVIEW
        phrase = self._phrases.submitted if is_waiting else self._phrases.approved
        return await self._apply(change, _words(phrase, record, person), person, told=not is_waiting)

    def _judge(self, person: int, deed: Deed) -> None:
        if not may(self._operators.roles(person), deed):
            raise Refusal(self._phrases.note_role)

    async def _apply(
        self, change: Change, words: Words, person: int, *, told: bool = True, sent: Sequence[Record] = ()
    ) -> Words:
        """Commit it, and tell the others unless a card of theirs shows it anyway."""
        await self._notices.apply(change, self._now)
        self._publishing.wake()
        if told:
            self._tell(change.moves[0].after if change.moves else change.added[0], words, person, sent)
        return words

    def _tell(self, record: Record, words: Words, person: int, sent: Sequence[Record] = ()) -> Words:
        self._operators.post(lambda cards: cards.done(record, words(cards), sent), but=(person,))
        return words

    @property
    def _phrases(self) -> OperatorPhrases:
        return self._operators.book.operator_phrases

    @property
    def _now(self) -> dt.datetime:
        return self._operators.clock()


def _words(
    phrase: Localized, record: Record, person: int, at: dt.datetime | None = None, **blanks: str
) -> Words:
    """Return the words of a deed: what was done to which notice by whom, and for when."""

    def say(cards: Cards) -> str:
        title, who = cards.title(record.announcement), cards.who(person)
        return cards.say(phrase, title=title, person=who, time=cards.at(at) if at else "", **blanks)

    return say
