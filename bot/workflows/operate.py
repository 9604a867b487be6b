"""What operators do from their chats: look, submit, approve, reject, stop, withdraw, release, write.

Every press is judged anew by the number of whoever pressed, by their role, by the words that were on the
screen and by the notice's state. What is refused is refused by name, written down, and changes nothing.
"""

import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.core.guidance import Localized
from bot.core.message import Asked, Commanded, IncomingMessage, OutgoingMessage, Pressed, Reply, Room, Text
from bot.core.notices.approval import Deed, may
from bot.core.notices.console import talk
from bot.core.notices.console.card import Cards, shown_fingerprint
from bot.core.notices.console.desk import IN_HAND, desk_screen, files_screen
from bot.core.notices.console.presses import OperatorPress, Verb, is_operators, key_of, read_press, version_of
from bot.core.notices.console.talk import Choosing, Filling, Rejecting
from bot.core.notices.delivery import Progress
from bot.core.notices.freezing import Unfit
from bot.core.notices.record import EmptyAudience, Entry, Overtaken, Record
from bot.core.notices.review import draft
from bot.core.notices.states import Refused, State
from bot.workflows.compose import Compose, Notices
from bot.workflows.decide import Decide, Refusal
from bot.workflows.operators import Operators

log = logging.getLogger(__name__)

NEEDS: dict[Verb, Deed] = {
    Verb.NEW: Deed.WRITE,
    Verb.DRILL: Deed.WRITE,
    Verb.FILL: Deed.WRITE,
    Verb.CHANGE: Deed.WRITE,
    Verb.SEND: Deed.SUBMIT,
    Verb.SUBMIT: Deed.SUBMIT,
    Verb.RENEW: Deed.SUBMIT,
    Verb.APPROVE: Deed.APPROVE,
    Verb.REJECT: Deed.REJECT,
    Verb.ASK_STOP: Deed.STOP,
    Verb.STOP: Deed.STOP,
    Verb.ASK_WITHDRAW: Deed.WITHDRAW,
    Verb.WITHDRAW: Deed.WITHDRAW,
    Verb.ASK_RELEASE: Deed.RELEASE,
    Verb.RELEASE: Deed.RELEASE,
    Verb.RESUME: Deed.RELEASE,
}
"""What somebody must be entitled to for a button; the others only show something."""

REFUSALS_NOTED_EVERY = dt.timedelta(seconds=10)
"""The log is for ever: nobody fills it by pressing a forged button a thousand times."""

REMEMBERED_STRANGERS = 1_000


class Deliveries(Protocol):
    """How far the deliveries of a notice are. May raise StoreUnavailable."""

    async def progress(self, notice_id: str, revision: int) -> Progress: ...


class Log(Protocol):
    """What was done and refused, for ever. May raise StoreUnavailable."""

    async def record(self, *entries: Entry) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One operator at work: who, and how they are spoken to."""

    person: int
    cards: Cards


class Operate:
    """Answers operators; everybody else's messages are not its business, except the buttons of operators."""

    def __init__(
        self,
        operators: Operators,
        notices: Notices,
        deliveries: Deliveries,
        log_book: Log,
        composing: Compose,
        decide: Decide,
    ) -> None:
        self._operators = operators
        self._notices = notices
        self._deliveries = deliveries
        self._log = log_book
        self._compose = composing
        self._decide = decide
        self._noted: dict[int, dt.datetime] = {}

    async def take(self, incoming: IncomingMessage) -> Reply | None:
        """Return the reply, or None where the message is one for the residents' side.

        Raises:
            StoreUnavailable: nothing could be looked up or changed.
        """
        act, person = incoming.act, incoming.sender_id
        if isinstance(act, Pressed):
            return await self._pressed(incoming, act.data) if is_operators(act.data) else None
        if incoming.room is not Room.PRIVATE or not self._operators.roles(person):
            return None
        at_work = Desk(person, await self._operators.cards(person, incoming.language_code))
        if isinstance(act, Commanded) and act.name == "desk":
            return Reply((await self._desk(at_work),))
        if isinstance(act, Commanded) and act.name == "cancel" and self._compose.talk_of(person):
            return self._discard(at_work)
        if isinstance(act, Asked):
            return await self._answered(at_work, act.text)
        return None

    async def _answered(self, at_work: Desk, text: str) -> Reply | None:
        match self._compose.talk_of(at_work.person):
            case Filling(made=None) as filling:
                return await self._compose.answer(at_work.person, filling, text, at_work.cards)
            case Rejecting(notice_id, version):
                self._compose.forget(at_work.person)
                record = await self._notices.find_notice(notice_id)
                return await self._done(
                    at_work, record, lambda one: self._decide.reject(one, at_work.person, version, text)
                )
            case _:
                return None  # an operator asks about debris like everybody else

    async def _pressed(self, incoming: IncomingMessage, data: str) -> Reply:
        person = incoming.sender_id
        at_work = Desk(person, await self._operators.cards(person, incoming.language_code))
        phrases = at_work.cards.phrases
        press = read_press(data)
        if not self._operators.roles(person):
            return await self._refuse(at_work, press, phrases.note_stranger)
        if incoming.room is not Room.PRIVATE:
            return await self._refuse(at_work, press, phrases.note_private)
        if press is None:
            return await self._refuse(at_work, press, phrases.note_broken)
        needed = NEEDS.get(press.verb)
        if needed is not None and not may(self._operators.roles(person), needed):
            return await self._refuse(at_work, press, phrases.note_role)
        return await (self._about_a_notice if press.subject else self._elsewhere)(at_work, press)

    async def _elsewhere(self, at_work: Desk, press: OperatorPress) -> Reply:
        templates = self._operators.book.templates.values()
        match press.verb:
            case Verb.FILES:
                return Reply(replaces=files_screen(await self._unsubmitted(), at_work.cards))
            case Verb.NEW | Verb.DRILL:
                self._compose.forget(at_work.person)
                is_drill = press.verb is Verb.DRILL
                return Reply(replaces=talk.templates_screen(templates, at_work.cards, drills=is_drill))
            case Verb.CANCEL:
                return self._discard(at_work)
            case Verb.SEND:
                return await self._send(at_work)
            case _:
                return Reply(replaces=await self._desk(at_work))

    async def _about_a_notice(self, at_work: Desk, press: OperatorPress) -> Reply:
        phrases, cards, person = at_work.cards.phrases, at_work.cards, at_work.person
        if press.verb is Verb.FILL:
            template = self._operators.book.templates.get(press.subject)
            if template is None:
                return await self._refuse(at_work, press, phrases.note_broken)
            return await self._compose.begin(person, template, cards)
        record = await self._find(press.subject)
        if record is None:
            return await self._refuse(at_work, press, phrases.note_gone)
        if press.verb is Verb.SHOW:
            return Reply(replaces=await self._card(at_work, record), messages=self._preview(at_work, record))
        # The version on the screen: an old button never acts on words that its presser has not seen.
        if press.version != version_of(shown_fingerprint(record, self._operators.rules)):
            return await self._refuse(at_work, press, phrases.note_changed, record)
        # Questions are messages of their own: a card that follows a live send is written anew all the time.
        match press.verb:
            case Verb.ASK_STOP:
                return Reply((cards.asked(record, phrases.ask_stop, phrases.button_stop_now, Verb.STOP),))
            case Verb.ASK_WITHDRAW:
                question = cards.asked(
                    record, phrases.ask_withdraw, phrases.button_withdraw_now, Verb.WITHDRAW
                )
                return Reply((question,))
            case Verb.ASK_RELEASE:
                question = cards.asked(record, phrases.ask_release, phrases.button_release_now, Verb.RELEASE)
                return Reply((question,))
            case Verb.REJECT:
                self._compose.ask(person, Rejecting(record.id, press.version))
                asked = OutgoingMessage(
                    Text(cards.say(phrases.ask_reason, id=record.id)), (talk.cancel_row(cards),)
                )
                return Reply((asked,))
            case Verb.CHANGE:
                earlier = record.as_earlier
                self._compose.ask(person, Choosing(earlier))
                templates = self._operators.book.templates.values()
                return Reply((talk.templates_screen(templates, cards, drills=False, earlier=earlier),))
        return await self._done(at_work, record, lambda one: self._deed(at_work, press, one))

    async def _deed(self, at_work: Desk, press: OperatorPress, record: Record) -> None:
        person = at_work.person
        match press.verb:
            case Verb.SUBMIT:
                await self._decide.submit(record, person)
            case Verb.RENEW:
                await self._decide.renew(record, person)
            case Verb.APPROVE:
                await self._decide.approve(record, person, press.version)
            case Verb.STOP:
                await self._decide.stop(record, person)
            case Verb.RESUME:
                await self._decide.resume(record, person)
            case Verb.RELEASE:
                await self._decide.release(record, person)
            case Verb.WITHDRAW:
                await self._decide.withdraw(record, person, at_work.cards)

    async def _send(self, at_work: Desk) -> Reply:
        """Submit what was filled in. A second press finds nothing left to submit."""
        filling = self._compose.talk_of(at_work.person)
        if not isinstance(filling, Filling) or filling.made is None:
            return await self._refuse(at_work, None, at_work.cards.phrases.note_broken)
        made, now = filling.made, self._operators.clock()
        self._compose.forget(at_work.person)
        return await self._done(
            at_work,
            self._decide.new(made, at_work.person, now),
            lambda one: self._decide.submit(one, at_work.person),
        )

    async def _done(
        self, at_work: Desk, record: Record | None, deed: Callable[[Record], Awaitable[None]]
    ) -> Reply:
        """Do it, and show how the notice stands now; or say by name why not."""
        phrases = at_work.cards.phrases
        if record is None:
            return await self._refuse(at_work, None, phrases.note_gone)
        try:
            await deed(record)
        except Refusal as why:
            return await self._refuse(at_work, None, why.phrase, record, why.lines)
        except Refused:
            current = await self._notices.find_notice(record.id) or record
            words = at_work.cards.say(phrases.note_impossible, state=at_work.cards.state(current.state))
            return await self._refuse(at_work, None, {at_work.cards.language: words}, current)
        except Overtaken:
            return await self._refuse(
                at_work, None, phrases.note_overtaken, await self._find(key_of(record.id))
            )
        except EmptyAudience:
            return await self._refuse(at_work, None, phrases.note_nobody, record)
        except Unfit as why:
            words = at_work.cards.say(phrases.cannot_be_shown, reason=why)
            return await self._refuse(at_work, None, {at_work.cards.language: words}, record)
        current = await self._notices.find_notice(record.id) or record
        return Reply(replaces=await self._card(at_work, current), toast=at_work.cards.say(phrases.note_done))

    def _discard(self, at_work: Desk) -> Reply:
        self._compose.forget(at_work.person)
        words = at_work.cards.say(at_work.cards.phrases.discarded)
        return Reply((OutgoingMessage(Text(words)),))

    async def _find(self, key: str) -> Record | None:
        """Return the notice that a button names: from the store, or a draft that is only a file so far."""
        if not key.startswith("~"):
            found = await self._notices.find_notice(key)
            book = self._operators.book
            written = book.notices.get(key) or book.drills.get(key)
            if found is None and written is not None and written.draft:
                return draft(written, self._operators.clock())
            return found
        records = await self._notices.list_notices()
        return next((record for record in records if key_of(record.id) == key), None)

    async def _unsubmitted(self) -> list[str]:
        """Return the ids of what an operator may submit: drafts from files, and what went back to a draft."""
        records = await self._notices.list_notices()
        known = {record.id for record in records}
        written = [
            one.id for one in self._operators.book.announcements() if one.draft and one.id not in known
        ]
        # An occurrence that was taken back waits for its series, not for somebody to submit it.
        back = [one.id for one in records if one.state in (State.DRAFT, State.REJECTED) and not one.series]
        return [*written, *back]

    async def _desk(self, at_work: Desk) -> OutgoingMessage:
        records = await self._notices.list_notices(IN_HAND)
        return desk_screen(records, self._operators.roles(at_work.person), at_work.cards)

    async def _card(self, at_work: Desk, record: Record) -> OutgoingMessage:
        progress = await self._deliveries.progress(record.id, record.revision)
        count = None if progress.total else await self._compose.count(record.announcement)
        return at_work.cards.card(record, self._operators.roles(at_work.person), count, progress)

    def _preview(self, at_work: Desk, record: Record) -> tuple[OutgoingMessage, ...]:
        try:
            return at_work.cards.preview(record)
        except Unfit:
            return ()  # the card says why

    async def _refuse(
        self,
        at_work: Desk,
        press: OperatorPress | None,
        why: Localized,
        record: Record | None = None,
        lines: str = "",
    ) -> Reply:
        """Say why not, write it down, and show how the notice stands."""
        note = why[at_work.cards.language]
        await self._note_refusal(at_work.person, press, note, record)
        shown = await self._card(at_work, record) if record is not None else None
        messages = (OutgoingMessage(Text(lines)),) if lines else ()
        return Reply(messages, replaces=shown, toast=note)

    async def _note_refusal(
        self, person: int, press: OperatorPress | None, note: str, record: Record | None
    ) -> None:
        now = self._operators.clock()
        before = self._noted.get(person)
        if before is not None and now - before < REFUSALS_NOTED_EVERY and not self._operators.roles(person):
            return
        if len(self._noted) > REMEMBERED_STRANGERS:
            self._noted.clear()
        self._noted[person] = now
        verb = f"{press.verb} {press.subject}: " if press else ""
        log.warning("refused to %s: %s%s", person, verb, note)
        notice_id, revision = (record.id, record.revision) if record else ("", 0)
        await self._log.record(Entry(now, "refused", notice_id, revision, person, f"{verb}{note}"[:300]))
