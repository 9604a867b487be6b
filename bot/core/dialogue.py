"""One turn of the conversation: what came in and what is known of the chat -> reply, and what to remember."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.core import wording
from bot.core.answering.finding import Answer, Finding, NoAnswer, Reason
from bot.core.chat import Chat, language_of
from bot.core.content import Content
from bot.core.guidance import Language
from bot.core.message import (
    Asked,
    Commanded,
    IncomingMessage,
    IncomingQuery,
    Joined,
    Left,
    Migrated,
    OutgoingMessage,
    Pressed,
    Reply,
    Room,
    Shared,
    Style,
    Suggestion,
    Text,
    joined,
    styled,
)
from bot.core.notices.live import Live
from bot.core.subscribing import COMMANDS, VERBS, Subscribing, may_change

Find = Callable[[str, Language | None], Finding]
"""Looks for the right guide: the question, and the language if it is known."""

KNOWN_COMMANDS = {"start", "help", "call", "id", *wording.COMMANDS, *COMMANDS}
"""What a group may ask for without naming the bot; any other bare command there is for another bot."""

VITAL_COMMANDS = {"stop", "forget", "112", "call"}

LATE = dt.timedelta(minutes=5)
"""An answer that comes later than this says so."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything that one turn depends on. `chat` is None while nothing is stored about it.

    `live` are the notices in force; only a turn that `asks_what_is_in_force` needs them.
    """

    incoming: IncomingMessage
    chat: Chat | None
    is_admin: bool
    username: str
    now: dt.datetime
    live: tuple[Live, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reply, and what is stored about the chat from now on: None erases it.

    `missed` are the stems of a question that got no certain answer; empty where there was none. `urgent` says
    that the emergency line comes first in the reply.
    """

    reply: Reply
    chat: Chat | None
    missed: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a question, and the message that says it in `language`."""

    language: Language
    finding: Finding
    message: OutgoingMessage


class Dialogue:
    """The conversation over one set of content. Pure: the same turn gives the same outcome."""

    def __init__(self, content: Content, find: Find) -> None:
        self._content = content
        self._find = find
        self._zone = ZoneInfo(content.deployment.time_zone)
        self._notices = Subscribing(content, content.notices) if content.notices else None

    def concerns(self, incoming: IncomingMessage) -> bool:
        """Return whether this is for the bot at all; a bare command in a group may be for another one."""
        act = incoming.act
        return not isinstance(act, Commanded) or act.addressed or act.name in KNOWN_COMMANDS

    def is_vital(self, incoming: IncomingMessage) -> bool:
        """Return whether this is heard however much was written before: an end, or the number to call."""
        match incoming.act:
            case Commanded(name):
                return name in VITAL_COMMANDS
            case Pressed(data):
                return data == "unsubscribe"
            case Asked(text):
                return self._notices is not None and self._notices.is_goodbye(text)
            case _:
                return False

    def changes_settings(self, incoming: IncomingMessage) -> bool:
        """Return whether this would change what is stored for the chat: in a group only admins may."""
        match incoming.act:
            case Commanded(name):
                return name in ("forget", "stop")
            case Pressed(data):
                verb, _, noun = data.partition(":")
                return (verb == "language" and bool(noun)) or may_change(verb, noun)
            case Asked(text):
                return self._notices is not None and self._notices.is_goodbye(text)
            case _:
                return False

    def asks_what_is_in_force(self, incoming: IncomingMessage) -> bool:
        """Return whether the turn needs the notices in force."""
        act = incoming.act
        return self._notices is not None and (
            (isinstance(act, Commanded) and act.name == "now")
            or (isinstance(act, Pressed) and act.data == "now")
        )

    def take(self, turn: Turn) -> Outcome:
        """Return the outcome of one turn."""
        incoming, act = turn.incoming, turn.incoming.act
        chat = turn.chat or Chat(incoming.chat_id, room=incoming.room)
        if isinstance(act, Left):
            # Whoever blocked the bot wants no notices; what else was chosen stays for a return.
            return Outcome(Reply(), turn.chat and replace(turn.chat, areas=frozenset()))
        if isinstance(act, Migrated):
            return Outcome(Reply(), replace(chat, id=act.new_chat_id))
        language = self._language(chat, incoming)
        if incoming.room is Room.GROUP and self.changes_settings(incoming) and not turn.is_admin:
            refusal = self._content.phrases.admins_only[language]
            if isinstance(act, Pressed):
                return Outcome(Reply(toast=refusal), turn.chat)
            return Outcome(Reply((OutgoingMessage(Text(refusal)),)), turn.chat)
        if isinstance(act, Commanded) and act.name == "forget":
            forgotten = self._content.phrases.forgotten[language]
            return Outcome(Reply((OutgoingMessage(Text(forgotten)),)), None)
        if isinstance(act, Joined):
            greets = incoming.room is Room.GROUP
            hello = self._content.phrases.group_greeting[language].format(
                username=turn.username, number=self._content.deployment.emergency.number
            )
            if self._notices:
                hello += "\n\n" + self._content.phrases.notices_offer_group[language]
            return Outcome(Reply((OutgoingMessage(Text(hello)),) if greets else ()), chat)
        if isinstance(act, Pressed):
            return self._pressed(act, chat, language, turn)
        if self._notices and isinstance(act, Commanded) and act.name in COMMANDS:
            subscribed = self._notices.commanded(act.name, act.argument, chat, language, turn.live, turn.now)
            return Outcome(*subscribed)
        if self._notices and isinstance(act, Asked) and self._notices.is_goodbye(act.text):
            return Outcome(*self._notices.goodbye(chat, language))
        missed: tuple[str, ...] = ()
        urgent = False
        if isinstance(act, Asked):
            found = self.answer(act.text, chat.language, language)
            place = self._place_meant(act.text, chat, found)
            language, message = found.language, place or found.message
            missed, urgent = () if place else _missed(found.finding), found.finding.urgent
        elif isinstance(act, Shared):
            message = self._plain(self._content.phrases.shared[language], language)
        else:
            message = self._commanded(act, language, incoming.sender_id)
        below = self._said_below(turn, message, language)
        message = replace(message, text=joined((message.text, *below), "\n\n"))
        return Outcome(Reply((message,)), chat, missed, urgent)

    def answer(self, question: str, chosen: Language | None, otherwise: Language) -> Found:
        """Find the guide. Nothing `chosen`: speak the question's own language, or `otherwise`."""
        if any(character.isalpha() for character in question):
            finding = self._find(question, chosen)
            # One word («SOS», a link) does not tell a language; what somebody's phone speaks does.
            is_telling = len(question.split()) > 1
            spoken = chosen or (finding.language if is_telling else otherwise)
            language = spoken if spoken in self._content.deployment.languages else otherwise
        elif any(character.isalnum() for character in question):
            language = chosen or otherwise
            finding = self._find(question, language)
        else:
            language = chosen or otherwise
            finding = NoAnswer(Reason.WORDLESS, language, 0.0)
        return Found(language, finding, wording.finding_message(self._content, finding, language))

    def suggest(self, query: IncomingQuery) -> tuple[Suggestion, ...]:
        """Return the guides that fit an inline query; for an empty one all, in the order of the topics."""
        deployment = self._content.deployment
        language = language_of(None, query.language_code, deployment.languages, deployment.default_language)
        if query.text.strip():
            finding = self._find(query.text, None)
            language = finding.language if finding.language in deployment.languages else language
            ids = () if isinstance(finding, NoAnswer) else finding.choices
        else:
            ids = tuple(
                guide.id
                for category in self._content.categories
                for guide in self._content.guides_of(category.id)
            )
        if not ids:
            return (wording.nothing_found_suggestion(self._content, language),)
        return tuple(
            wording.suggestion(self._content, self._content.guides[guide], language)
            for guide in ids[: wording.SUGGESTIONS]
        )

    def apologise(self, incoming: IncomingMessage) -> Reply:
        """Return what to say when something failed inside the bot."""
        language = self._language(Chat(incoming.chat_id), incoming)
        return Reply(
            (self._plain(wording.say(self._content, self._content.phrases.trouble, language), language),)
        )

    def slow_down(self, incoming: IncomingMessage, chat: Chat | None) -> Reply:
        """Return the one word that a flooding person gets before the silence."""
        language = self._language(chat or Chat(incoming.chat_id), incoming)
        words = wording.say(self._content, self._content.phrases.flood, language)
        if isinstance(incoming.act, Pressed):
            return Reply(toast=words)
        return Reply((OutgoingMessage(Text(words)),))

    def _language(self, chat: Chat, incoming: IncomingMessage) -> Language:
        deployment = self._content.deployment
        return language_of(
            chat.language, incoming.language_code, deployment.languages, deployment.default_language
        )

    def _plain(self, words: str, language: Language) -> OutgoingMessage:
        return OutgoingMessage(Text(words.format(number=self._content.deployment.emergency.number)))

    def _greeting(self, language: Language) -> OutgoingMessage:
        words = wording.say(self._content, self._content.phrases.greeting, language)
        buttons = wording.category_buttons(self._content, language)
        if self._notices:
            words += "\n\n" + self._content.phrases.notices_offer[language]
            buttons = (*buttons, self._notices.offer_row(language))
        return OutgoingMessage(Text(words), buttons)

    def _place_meant(self, text: str, chat: Chat, found: Found) -> OutgoingMessage | None:
        """Return the places that a message names: names can be typed at any time.

        Nothing but a whole name is about places whatever else it reminds of. A slip of the pen comes beside
        the guides that fit, and alone where none does.
        """
        if self._notices is None:
            return None
        spoken = chat.language or self._notices.language_of_name(text) or found.language
        named = self._notices.places_meant(text, spoken, exactly=True)
        if named is not None:
            return named
        like = self._notices.places_meant(text, found.language, exactly=False)
        finding, buttons = found.finding, found.message.buttons
        if like is None or isinstance(finding, NoAnswer):
            return like if isinstance(finding, NoAnswer) and finding.reason is Reason.UNKNOWN else None
        places = like.buttons[:-1]  # without the way to all places: the guides come first here
        return replace(found.message, buttons=(*buttons[:-1], *places, *buttons[-1:]))

    def _said_below(self, turn: Turn, message: OutgoingMessage, language: Language) -> Iterator[Text]:
        """Yield what stands below an answer, in the same message: a second one would ring again."""
        phrases, incoming = self._content.phrases, turn.incoming
        if isinstance(incoming.act, Asked) and incoming.act.is_caption:
            yield styled(Style.ITALIC, phrases.caption_only[language])
        if turn.now - incoming.sent_at >= LATE and not incoming.edited:
            sent = incoming.sent_at.astimezone(self._zone)
            yield Text(phrases.late[language].format(time=sent))
        is_stranger = turn.chat is None and incoming.room is Room.PRIVATE
        if is_stranger and message != self._greeting(language):
            offer = phrases.introduction_notices[language] if self._notices else ""
            introduction = wording.say(self._content, phrases.introduction, language)
            yield styled(Style.ITALIC, joined((introduction, offer)))

    def _commanded(self, command: Commanded, language: Language, person: int) -> OutgoingMessage:
        content = self._content
        match command.name:
            case "start" if command.argument in content.guides:
                return wording.guide_message(content, content.guides[command.argument], language)
            case "start":
                return self._greeting(language)
            case "topics":
                return wording.topics_screen(content, language)
            case "112" | "call":
                return wording.emergency_screen(content, language)
            case "language":
                return wording.language_screen(content, language)
            case "id":
                return OutgoingMessage(Text(content.phrases.your_id[language].format(id=person)))
            case "privacy":
                return OutgoingMessage(Text(wording.say(content, content.phrases.privacy, language)))
            case "sources":
                return wording.sources_screen(content, 1, language)
            case _:
                help_words = wording.say(content, content.phrases.help, language)
                return OutgoingMessage(Text(help_words), wording.category_buttons(content, language))

    def _pressed(self, press: Pressed, chat: Chat, language: Language, turn: Turn) -> Outcome:
        """A screen's buttons change it in place; a guide asked for beside another is a new message."""
        content = self._content
        verb, _, noun = press.data.partition(":")
        if self._notices and verb in VERBS:
            subscribed = self._notices.pressed(verb, noun, chat, language, turn.live, turn.now)
            if subscribed:
                return Outcome(*subscribed)
        message: OutgoingMessage | None = None
        match verb:
            case "guide" | "pick" if noun in content.guides:  # `pick` stands on messages of earlier versions
                fresh = wording.guide_message(content, content.guides[noun], language)
                return Outcome(Reply((fresh,)), chat)
            case "read" if noun in content.guides:
                guide = content.guides[noun]
                message = wording.guide_message(content, guide, language, back=f"topic:{guide.category}")
            case "topics" if press.data == wording.BESIDE:
                return Outcome(Reply((wording.topics_screen(content, language),)), chat)
            case "topics":
                message = wording.topics_screen(content, language)
            case "topic" if noun in {category.id for category in content.categories}:
                message = wording.category_screen(content, noun, language)
            case "sources" if noun.isascii() and noun.isdigit() and len(noun) < 6:
                message = wording.sources_screen(content, int(noun), language)
            case "language" if not noun:
                message = wording.language_screen(content, language)
            case "language" if noun in content.deployment.languages:
                chosen = replace(chat, language=noun)
                word = content.phrases.language_chosen[noun]
                buttons = wording.category_buttons(content, noun)
                if self._notices:
                    buttons = (*buttons, self._notices.offer_row(noun))
                screen = OutgoingMessage(Text(word), buttons)
                return Outcome(Reply(replaces=screen, toast=word), chosen)
            case _:
                stale = content.phrases.stale_button[language]
                return Outcome(Reply((wording.topics_screen(content, language),), toast=stale), chat)
        return Outcome(Reply(replaces=message), chat)


def _missed(finding: Finding) -> tuple[str, ...]:
    """Return the stems of a question to which no guide, or none for sure, is the answer."""
    if isinstance(finding, Answer) or (
        isinstance(finding, NoAnswer) and finding.reason is not Reason.UNKNOWN
    ):
        return ()
    return finding.stems
