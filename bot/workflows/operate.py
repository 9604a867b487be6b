"""What operators do from their chats: every press and answer judged, done or refused, and written down.

A press is judged anew by the number of whoever pressed, by their role, by the words that were on the screen
and by the notice's state. What is refused is refused by name and changes nothing.
"""

import datetime as dt
import logging
from collections.abc import Awaitable
from dataclasses import replace
from typing import Protocol

from bot.core.guidance import Localized
from bot.core.message import Asked, Commanded, IncomingMessage, OutgoingMessage, Pressed, Reply, Room, Text
from bot.core.notices.approval import Deed, may
from bot.core.notices.console import talk
from bot.core.notices.console.deeds import CHANGEABLE
from bot.core.notices.console.departure import Cause, departure_of
from bot.core.notices.console.facts import REVIEWED, shown_fingerprint
from bot.core.notices.console.followed import FollowedCard, Purpose
from bot.core.notices.console.presses import (
    ABOUT_A_NOTICE,
    OperatorPress,
    Verb,
    is_operators,
    key_of,
    mark_of,
    read_press,
    version_of,
)
from bot.core.notices.console.talk import Filling, Rejecting, Talk
from bot.core.notices.filling import questions
from bot.core.notices.freezing import Unfit
from bot.core.notices.record import EmptyAudience, Entry, Overtaken, Record
from bot.core.notices.states import Refused, State
from bot.workflows.asking import Asking
from bot.workflows.compose import Compose
from bot.workflows.decide import Decide, Notices, Refusal, Words
from bot.workflows.following import Following
from bot.workflows.operators import Operators
from bot.workflows.showing import AtWork, Deliveries, Showing

log = logging.getLogger(__name__)

NEEDS: dict[Verb, Deed] = {
    Verb.NEW: Deed.WRITE,
    Verb.NEW_DRILL: Deed.WRITE,
    Verb.FILL: Deed.WRITE,
    Verb.CHANGE: Deed.WRITE,
    Verb.CHANGE_BY: Deed.WRITE,
    Verb.EDIT: Deed.WRITE,
    Verb.SEND: Deed.SUBMIT,
    Verb.SUBMIT: Deed.SUBMIT,
    Verb.RENEW: Deed.SUBMIT,
    Verb.APPROVE: Deed.APPROVE,
    Verb.ASK_REASON: Deed.REJECT,
    Verb.REJECT: Deed.REJECT,
    Verb.ASK_STOP: Deed.STOP,
    Verb.STOP: Deed.STOP,
    Verb.HOLD: Deed.STOP,
    Verb.ASK_WITHDRAW: Deed.WITHDRAW,
    Verb.WITHDRAW: Deed.WITHDRAW,
    Verb.ASK_RELEASE: Deed.RELEASE,
    Verb.RELEASE: Deed.RELEASE,
    Verb.RESUME: Deed.RELEASE,
}
"""What somebody must be entitled to for a button; the others only show something."""

ANSWERS = frozenset({Verb.FIX, Verb.SAME, Verb.CONTINUE, Verb.CANCEL, Verb.SEND, Verb.REJECT})
"""Buttons that belong to what is being asked; any other one closes the question."""

SHOWN_ON_THE_CARD = frozenset({Verb.APPROVE, Verb.HOLD, Verb.RESUME})
"""Deeds that the card above their button shows; the others are told in words."""

REFUSALS_NOTED_EVERY = dt.timedelta(seconds=10)
"""The log is for ever: nobody fills it by pressing a forged button a thousand times."""

REMEMBERED_STRANGERS = 1_000


class Log(Protocol):
    """What was done and refused, for ever. May raise StoreUnavailable."""

    async def record(self, *entries: Entry) -> None: ...


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
        following: Following,
    ) -> None:
        self._operators = operators
        self._notices = notices
        self._log = log_book
        self._compose = composing
        self._decide = decide
        self._following = following
        self._showing = Showing(operators, notices, deliveries, composing)
        self._asking = Asking(operators, composing, self._showing)
        self._noted: dict[int, dt.datetime] = {}

    async def take(self, incoming: IncomingMessage) -> Reply | None:
        """Return the reply, or None where the message is one for the residents' side.

        Raises:
            StoreUnavailable: nothing could be looked up or changed.
        """
        act, person = incoming.act, incoming.sender_id
        if isinstance(act, Pressed):
            return await self._pressed(incoming, act) if is_operators(act.data) else None
        if incoming.room is not Room.PRIVATE or not self._operators.roles(person):
            return None
        at_work = AtWork(person, await self._operators.cards(person, incoming.language_code))
        talks = self._compose.talks
        if isinstance(act, Commanded) and act.name == "cancel" and talks.begun_by(person):
            return self._discard(at_work)
        if isinstance(act, Commanded):
            talks.close(person)
            return Reply((await self._showing.desk(at_work),)) if act.name == "desk" else None
        asked = talks.open_to(person)
        if isinstance(act, Asked) and asked is not None:
            return await self._answered(at_work, asked, act.text, is_edit=incoming.edited)
        return None  # an operator asks about debris like everybody else

    async def _answered(self, at_work: AtWork, asked: Talk, text: str, *, is_edit: bool) -> Reply | None:
        phrases = at_work.cards.phrases
        match asked:
            case Filling(made=None) | Rejecting(reason="") if is_edit:
                # Perhaps of an answer to an earlier question: it must not become one to this.
                return Reply((OutgoingMessage(Text(at_work.cards.say(phrases.fill_edited))),))
            case Filling(made=None) as filling:
                return await self._compose.answer(at_work.person, filling, text, at_work.cards)
            case Rejecting(reason="") as rejecting:
                record = await self._notices.find_notice(rejecting.notice_id)
                if record is None:
                    return await self._refuse(at_work, None, phrases.note_gone)
                return self._asking.reject(at_work, rejecting, record, text)
            case _:
                return None

    async def _pressed(self, incoming: IncomingMessage, pressed: Pressed) -> Reply:
        person = incoming.sender_id
        at_work = AtWork(person, await self._operators.cards(person, incoming.language_code))
        phrases = at_work.cards.phrases
        press = read_press(pressed.data)
        if not self._operators.roles(person):
            return await self._refuse(at_work, press, phrases.note_stranger)
        if incoming.room is not Room.PRIVATE:
            return await self._refuse(at_work, press, phrases.note_private)
        if press is None:
            return await self._refuse(at_work, press, phrases.note_broken)
        needed = NEEDS.get(press.verb)
        if needed is not None and not may(self._operators.roles(person), needed):
            return await self._refuse(at_work, press, phrases.note_role)
        if press.verb not in ANSWERS:
            self._compose.talks.close(person)
        is_about_one = press.verb in ABOUT_A_NOTICE or press.verb is Verb.FILL
        try:
            reply = await (self._about_a_notice if is_about_one else self._elsewhere)(at_work, press)
        except Refusal as why:
            reply = await self._refuse(at_work, press, why.phrase, at_work.opened, why.lines)
        return await self._placed(at_work, pressed.message_id, reply)

    async def _placed(self, at_work: AtWork, message_id: int, reply: Reply) -> Reply:
        """Follow the card that a message shows from now on; one that was sent gives its place to nothing."""
        followed, opened = self._following.at(at_work.person, message_id), at_work.opened
        if reply.replaces is None:
            return reply
        if opened is not None and followed is None:
            card = FollowedCard(at_work.person, message_id, opened.id, opened.revision, Purpose.OPENED)
            await self._following.follow(card)
        elif followed is not None and (opened is None or opened.id != followed.notice_id):
            if followed.purpose is not Purpose.OPENED:
                return replace(reply, replaces=None, messages=(reply.replaces, *reply.messages))
            await self._following.let_go(followed)
        return reply

    async def _elsewhere(self, at_work: AtWork, press: OperatorPress) -> Reply:
        templates, cards = self._operators.book.templates.values(), at_work.cards
        match press.verb:
            case Verb.FILES | Verb.DRILL_FILES:
                drills = press.verb is Verb.DRILL_FILES
                return Reply(replaces=await self._showing.drafts(at_work, press.number, drills=drills))
            case Verb.OVER | Verb.DRILL_OVER:
                drills = press.verb is Verb.DRILL_OVER
                return Reply(replaces=await self._showing.over(at_work, press.number, drills=drills))
            case Verb.DRILLS:
                return Reply(replaces=await self._showing.drills(at_work, press.number))
            case Verb.NEW | Verb.NEW_DRILL:
                drills = press.verb is Verb.NEW_DRILL
                return Reply(replaces=talk.templates_screen(templates, cards, drills=drills))
            case Verb.FIX | Verb.SAME | Verb.CONTINUE:
                return await self._fill(at_work, press)
            case Verb.CANCEL:
                return self._discard(at_work)
            case Verb.SEND:
                return await self._send(at_work, press)
            case _:
                return Reply(replaces=await self._showing.desk(at_work, press.number))

    async def _fill(self, at_work: AtWork, press: OperatorPress) -> Reply:
        """Go on with what was being filled in: as it is, with an answer less, or with the earlier places."""
        cards, languages = at_work.cards, at_work.cards.rules.languages
        filling = self._compose.talks.begun_by(at_work.person)
        if not isinstance(filling, Filling) or filling.mark != press.version:
            raise Refusal(cards.phrases.note_broken)
        if press.verb is Verb.FIX and not press.subject:
            return Reply((talk.answers_screen(filling, cards),))
        asked = questions(filling.template, languages)
        if press.verb is Verb.FIX and press.number <= len(asked):
            return await self._compose.go_on(at_work.person, filling.without(asked[press.number - 1]), cards)
        after = talk.same_places(filling, languages) if press.verb is Verb.SAME else filling
        if after is None or press.verb is Verb.FIX:
            raise Refusal(cards.phrases.note_broken)
        return await self._compose.go_on(at_work.person, after, cards)

    async def _about_a_notice(self, at_work: AtWork, press: OperatorPress) -> Reply:
        phrases, cards = at_work.cards.phrases, at_work.cards
        if press.verb is Verb.FILL:
            template = self._operators.book.templates.get(press.subject)
            if template is None:
                raise Refusal(phrases.note_broken)
            return await self._compose.begin(at_work.person, template, cards)
        record = await self._showing.find(press.subject)
        if record is None:
            raise Refusal(phrases.note_gone)
        if press.verb is Verb.WORDS:
            return Reply(self._showing.preview(at_work, record))
        if press.verb in (Verb.SHOW, Verb.CARD):
            card = await self._showing.card(at_work, record)
            if press.verb is Verb.CARD or record.state not in REVIEWED:
                return Reply(replaces=card)
            # Whoever decides reads the very words first, and has the buttons below them.
            return Reply((*self._showing.preview(at_work, record), card))
        if press.verb is Verb.CHANGE_BY:
            return await self._change_by(at_work, press, record)
        # The version on the screen: an old button never acts on words that its presser has not seen.
        if press.version != version_of(shown_fingerprint(record, self._operators.rules)):
            return await self._refuse(at_work, press, phrases.note_changed, record)
        question = await self._asking.ask(at_work, press, record)
        return question or await self._do(at_work, press, record)

    async def _change_by(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply:
        """Begin to change just the notice that the button names, by the template that it names."""
        templates = self._operators.book.templates.values()
        template = next((one for one in templates if mark_of(one.id) == press.version), None)
        if template is None or not template.kind.changes_another:
            raise Refusal(at_work.cards.phrases.note_broken)
        if record.state not in CHANGEABLE:
            return await self._refuse_state(at_work, record)
        return await self._compose.begin(at_work.person, template, at_work.cards, record.as_earlier)

    async def _do(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply:
        decide, person = self._decide, at_work.person
        match press.verb:
            case Verb.SUBMIT:
                deed = decide.submit(record, person)
            case Verb.RENEW:
                deed = decide.renew(record, person)
            case Verb.APPROVE:
                deed = decide.approve(record, person, press.version)
            case Verb.REJECT:
                deed = decide.reject(record, person, press.version, self._reason_given(at_work, record))
            case Verb.STOP | Verb.HOLD:
                deed = decide.stop(record, person)
            case Verb.RELEASE:
                deed = decide.release(record, person)
            case Verb.WITHDRAW:
                deed = decide.withdraw(record, person, at_work.cards)
            case Verb.RESUME:
                deed = decide.resume(record, person)
            case _:
                raise Refusal(at_work.cards.phrases.note_broken)
        return await self._done(at_work, record, deed, on_card=press.verb in SHOWN_ON_THE_CARD)

    def _reason_given(self, at_work: AtWork, record: Record) -> str:
        """Return the reason that was typed for rejecting just this notice."""
        asked = self._compose.talks.begun_by(at_work.person)
        if not isinstance(asked, Rejecting) or asked.notice_id != record.id or not asked.reason:
            raise Refusal(at_work.cards.phrases.note_broken)
        self._compose.talks.forget(at_work.person)
        return asked.reason

    async def _send(self, at_work: AtWork, press: OperatorPress) -> Reply:
        """Submit what the preview above the button showed. A second press finds nothing left to submit."""
        talks, person, phrases = self._compose.talks, at_work.person, at_work.cards.phrases
        filling = talks.begun_by(person)
        if not isinstance(filling, Filling) or press.subject != key_of(filling.notice_id):
            raise Refusal(phrases.note_broken)
        if filling.made is None:
            raise Refusal(phrases.note_broken)
        written = self._decide.new(filling.made, person, self._operators.clock())
        if press.version != version_of(shown_fingerprint(written, self._operators.rules)):
            refused = await self._refuse(at_work, press, phrases.note_changed)
            anew = await self._compose.go_on(person, filling, at_work.cards)
            return replace(anew, toast=refused.toast)
        talks.forget(person)
        talks.keep_submitted(filling)
        before = await self._notices.find_notice(filling.made.id)
        if before is not None and before.state is State.REJECTED:
            return await self._done(at_work, before, self._decide.submit_anew(before, filling.made, person))
        return await self._done(at_work, written, self._decide.submit(written, person))

    async def _done(
        self, at_work: AtWork, record: Record, deed: Awaitable[Words], *, on_card: bool = False
    ) -> Reply:
        """Do it, and say so or show how the notice stands now; or say by name why not."""
        cards, phrases = at_work.cards, at_work.cards.phrases
        try:
            words = await deed
        except Refusal as why:
            return await self._refuse(at_work, None, why.phrase, record, why.lines)
        except Refused:
            return await self._refuse_state(at_work, record)
        except Overtaken:
            current = await self._showing.find(key_of(record.id))
            return await self._refuse(at_work, None, phrases.note_overtaken, current)
        except EmptyAudience:
            return await self._refuse(at_work, None, phrases.note_nobody, record)
        except Unfit as why:
            words_why = cards.say(phrases.cannot_be_shown, reason=why)
            return await self._refuse(at_work, None, {cards.language: words_why}, record)
        current = await self._notices.find_notice(record.id) or record
        if on_card:
            shown = await self._showing.card(at_work, current)
        else:
            shown = cards.done(current, words(cards), await self._showing.sent_times(current))
        return Reply(replaces=shown, toast=self._toast(at_work, current))

    def _toast(self, at_work: AtWork, record: Record) -> str:
        """Return that it is done, and when it goes where somebody may expect it at once."""
        cards, phrases = at_work.cards, at_work.cards.phrases
        if record.state in (State.APPROVED, State.SCHEDULED):
            departure = departure_of(record, cards.rules, cards.now)
            if departure is not None and departure.cause in (Cause.NIGHT, Cause.MORNING) and departure.at:
                return cards.say(phrases.note_goes_at, time=cards.at(departure.at))
        return cards.say(phrases.note_done)

    def _discard(self, at_work: AtWork) -> Reply:
        self._compose.talks.forget(at_work.person)
        words = at_work.cards.say(at_work.cards.phrases.discarded)
        return Reply((OutgoingMessage(Text(words)),))

    async def _refuse_state(self, at_work: AtWork, record: Record) -> Reply:
        cards = at_work.cards
        current = await self._notices.find_notice(record.id) or record
        words = cards.say(cards.phrases.note_impossible, state=cards.state(current.state))
        return await self._refuse(at_work, None, {cards.language: words}, current)

    async def _refuse(
        self,
        at_work: AtWork,
        press: OperatorPress | None,
        why: Localized,
        record: Record | None = None,
        lines: str = "",
    ) -> Reply:
        """Say why not, write it down, and show how the notice stands."""
        note = why[at_work.cards.language]
        await self._note_refusal(at_work.person, press, note, record)
        shown = await self._showing.card(at_work, record) if record is not None else None
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
