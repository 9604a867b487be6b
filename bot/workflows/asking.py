"""What is asked before something is done: the second taps, the reason for a no, how to change a notice."""

from collections.abc import Awaitable, Callable, Mapping

from bot.core.message import OutgoingMessage, Reply, Text
from bot.core.notices.console import talk
from bot.core.notices.console.departure import would_go_at
from bot.core.notices.console.desk import is_drill
from bot.core.notices.console.presses import OperatorPress, Verb
from bot.core.notices.console.talk import Rejecting
from bot.core.notices.record import Record
from bot.core.notices.review import draft
from bot.core.notices.states import State
from bot.workflows.compose import Compose
from bot.workflows.decide import ON_THE_PHONES, Refusal
from bot.workflows.operators import Operators
from bot.workflows.showing import AtWork, Showing


class Asking:
    """Asks in messages of their own: a card that follows a live send is written anew all the time."""

    def __init__(self, operators: Operators, composing: Compose, showing: Showing) -> None:
        self._operators = operators
        self._compose = composing
        self._showing = showing
        self._questions: Mapping[Verb, Callable[[AtWork, OperatorPress, Record], Awaitable[Reply]]] = {
            Verb.ASK_STOP: self._stop,
            Verb.ASK_WITHDRAW: self._withdraw,
            Verb.ASK_RELEASE: self._release,
            Verb.ASK_REASON: self._reason,
            Verb.CHANGE: self._change,
            Verb.EDIT: self._edit,
        }

    async def ask(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply | None:
        """Return the question that comes before a deed, None where the press is the deed itself.

        Raises:
            Refusal: there is nothing to ask.
            StoreUnavailable: nothing could be looked up.
        """
        question = self._questions.get(press.verb)
        return await question(at_work, press, record) if question is not None else None

    def reject(self, at_work: AtWork, rejecting: Rejecting, record: Record, typed: str) -> Reply:
        """Return the reason once more: an ordinary question must not become one by accident."""
        cards, phrases = at_work.cards, at_work.cards.phrases
        reason = " ".join(typed.split())
        self._compose.talks.ask(at_work.person, Rejecting(record.id, rejecting.version, reason))
        words = cards.say(phrases.ask_reject, title=cards.title(record.announcement), reason=reason)
        return Reply((cards.asked(record, words, phrases.button_reject_now, Verb.REJECT),))

    async def _stop(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply:
        cards, phrases = at_work.cards, at_work.cards.phrases
        phrase = phrases.ask_stop if record.state is State.PUBLISHING else phrases.ask_hold_back
        words = cards.say(phrase, title=cards.title(record.announcement))
        return Reply((cards.asked(record, words, phrases.button_stop_now, Verb.STOP),))

    async def _withdraw(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply:
        """Show the very words that will go out above the question."""
        cards, phrases = at_work.cards, at_work.cards.phrases
        shown: tuple[OutgoingMessage, ...] = ()
        sent = await self._showing.sent_times(record)
        phrase = phrases.ask_withdraw_series if sent else phrases.ask_withdraw_unsent
        if record.state in ON_THE_PHONES:
            prepared = await self._compose.withdrawal_of(record, cards)
            if prepared is None:
                raise Refusal(phrases.note_no_withdrawal)
            shown, phrase = self._showing.preview(at_work, draft(prepared, cards.now)), phrases.ask_withdraw
        words = cards.say(phrase, title=cards.title(record.announcement))
        yes = phrases.button_withdraw_now
        return Reply((*shown, cards.asked(record, words, yes, Verb.WITHDRAW, sent)))

    async def _release(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply:
        cards, phrases = at_work.cards, at_work.cards.phrases
        title, goes_at = cards.title(record.announcement), would_go_at(record, cards.rules, cards.now)
        if goes_at > cards.now:
            words = cards.say(phrases.ask_release_later, title=title, time=cards.at(goes_at))
            return Reply((cards.asked(record, words, phrases.button_release_later, Verb.RELEASE),))
        words = cards.say(phrases.ask_release, title=title)
        return Reply((cards.asked(record, words, phrases.button_release_now, Verb.RELEASE),))

    async def _reason(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply:
        cards = at_work.cards
        self._compose.talks.ask(at_work.person, Rejecting(record.id, press.version))
        words = cards.say(cards.phrases.ask_reason, title=cards.title(record.announcement))
        return Reply((OutgoingMessage(Text(words), (talk.cancel_row(cards),)),))

    async def _change(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply:
        templates = self._operators.book.templates.values()
        return Reply((talk.changes_screen(templates, record, at_work.cards),))

    async def _edit(self, at_work: AtWork, press: OperatorPress, record: Record) -> Reply:
        """Show the answers behind a rejected notice to its author; after a restart they are gone."""
        cards, talks = at_work.cards, self._compose.talks
        filling = talks.submitted_as(record.id)
        if record.author != at_work.person:
            raise Refusal(cards.phrases.note_role)
        if filling is None:
            templates = self._operators.book.templates.values()
            choice = talk.templates_screen(templates, cards, drills=is_drill(record))
            return Reply((OutgoingMessage(Text(cards.say(cards.phrases.fill_lost))), choice))
        talks.ask(at_work.person, filling)
        return Reply((talk.answers_screen(filling, cards),))
