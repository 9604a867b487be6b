"""What Telegram's servers would remember: the bot, people, chats and messages. Plain objects, no I/O."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count

from bot.sandbox.journal import Journal
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.wire import Json

MESSAGES_KEPT = 1000
"""Messages a chat remembers; the sandbox forgets older ones, where Telegram never would."""

OPEN_QUERIES_KEPT = 10_000


class ChatType(StrEnum):
    """Telegram's kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Standing(StrEnum):
    """How somebody stands in a chat, in Telegram's words; in a private chat "kicked" is a blocked bot."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    language_code: str
    is_deactivated: bool = False


CommandScope = tuple[str, int, int]
"""Scope type, chat id or 0, user id or 0."""


@dataclass(slots=True)
class Bot:
    """The one bot of this world and its profile; texts are kept by language code, "" for everybody else."""

    id: int
    username: str
    names: dict[str, str]
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[CommandScope, str], list[Json]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    can_read_all_group_messages: bool = False
    """Privacy mode is on until its owner switches it off (core.telegram.org/bots/features#privacy-mode)."""

    @property
    def first_name(self) -> str:
        """The name shown where no language is known."""
        return self.names[""]


@dataclass(slots=True, eq=False)
class Chat:
    """One conversation; `members` holds people only, how the bot stands is kept beside it."""

    id: int
    type: ChatType
    title: str
    bot_standing: Standing
    username: str = ""
    members: dict[int, Standing] = field(default_factory=dict)
    has_started: bool = False
    """Private chats only: the person wrote at least once, so the bot may write too."""
    migrated_to: int = 0
    messages: "dict[int, Message]" = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Several people can write here."""
        return self.type in (ChatType.GROUP, ChatType.SUPERGROUP)


@dataclass(slots=True, eq=False)
class Message:
    """One message as it now stands; `date` and `edit_date` are Unix seconds, as on the wire."""

    id: int
    chat: Chat
    sender: Person | Bot | Chat
    date: int
    text: str = ""
    """The text, or the caption when there is a `stub`."""
    entities: list[Json] = field(default_factory=list)
    stub: str = ""
    """The kind of medium it carries ("photo", "location"...), empty for plain text."""
    service: str = ""
    """The kind of service message, empty for what somebody wrote."""
    fields: Json = field(default_factory=dict)
    """Telegram's own fields of the medium or service message."""
    file_name: str = ""
    file_size: int = 0
    reply_to: "Message | None" = None
    quote: str = ""
    buttons: list[list[Json]] = field(default_factory=list)
    """The inline keyboard, in Telegram's shape."""
    reply_keyboard: list[list[str]] | None = None
    is_silent: bool = False
    is_protected: bool = False
    is_via_bot: bool = False
    inline_message_id: str = ""
    edit_date: int = 0
    preview: Json | None = None


@dataclass(slots=True)
class Press:
    """A press on a callback button that waits for its answer."""

    person: Person
    pressed_at: datetime


@dataclass(slots=True)
class InlineQuery:
    """A question typed after the bot's name, and the results the bot gave."""

    id: str
    person: Person
    chat: Chat
    query: str
    asked_at: datetime
    is_answered: bool = False
    results: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class StoredFile:
    """A file the bot sent once and may send again by its id; the bytes are not kept."""

    file_id: str
    kind: str
    name: str
    size: int


class World:
    """Everything there is, reached by id; `now` gives aware datetimes."""

    def __init__(self, *, bot_id: int, username: str, name: str, now: Callable[[], datetime]) -> None:
        self.now = now
        self.bot = Bot(bot_id, username, {"": name})
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.inline_messages: dict[str, Message] = {}
        self.files: dict[str, StoredFile] = {}
        self.updates = UpdateQueue(now)
        self.journal: Journal[Json | Message] = Journal()
        self._person_ids = count(1000)
        self._group_ids = count(1001)
        self._message_ids = count(1)
        # Supergroups and channels number their messages each for itself, all other chats share one sequence.
        self._message_ids_by_chat: dict[int, count[int]] = {}
        self._query_ids = count(7_000_000_001)

    def unix_now(self) -> int:
        """The time as messages carry it."""
        return int(self.now().timestamp())

    def new_query_id(self) -> str:
        """An id for a callback or inline query."""
        return str(next(self._query_ids))

    def add_person(self, first_name: str, language_code: str) -> Person:
        """A new person, who has not written to the bot yet."""
        person = Person(next(self._person_ids), first_name, language_code)
        self.people[person.id] = person
        self.chats[person.id] = Chat(
            person.id,
            ChatType.PRIVATE,
            first_name,
            Standing.MEMBER,
            members={person.id: Standing.MEMBER},
        )
        return person

    def add_chat(
        self,
        kind: ChatType,
        title: str,
        members: dict[int, Standing],
        bot_standing: Standing,
        username: str = "",
    ) -> Chat:
        """A new group, supergroup or channel."""
        chat_id = -next(self._group_ids)
        if kind is ChatType.SUPERGROUP:
            # Telegram's supergroup ids begin with -100.
            chat_id = -1_000_000_000_000 + chat_id
        chat = Chat(chat_id, kind, title, bot_standing, username, dict(members))
        self.chats[chat.id] = chat
        return chat

    def chat_by_username(self, username: str) -> Chat | None:
        """The public chat with this @name, written without the @, in any case."""
        wanted = username.lower()
        public = (chat for chat in self.chats.values() if chat.username)
        return next((chat for chat in public if chat.username.lower() == wanted), None)

    def new_message(self, chat: Chat, sender: Person | Bot | Chat) -> Message:
        """An empty message with the chat's next id; nobody sees it before `post`."""
        ids = self._message_ids
        if chat.type in (ChatType.SUPERGROUP, ChatType.CHANNEL):
            ids = self._message_ids_by_chat.setdefault(chat.id, count(1))
        return Message(next(ids), chat, sender, self.unix_now())

    def post(self, message: Message) -> None:
        """Put a message into its chat, where everybody can see it."""
        messages = message.chat.messages
        messages[message.id] = message
        if len(messages) > MESSAGES_KEPT:
            del messages[next(iter(messages))]
        self.journal.add("message", message)

    def remember_press(self, person: Person) -> str:
        """Note a press that waits for its answer and give it an id."""
        query_id = self.new_query_id()
        self.presses[query_id] = Press(person, self.now())
        if len(self.presses) > OPEN_QUERIES_KEPT:
            del self.presses[next(iter(self.presses))]
        return query_id

    def remember_inline_query(self, person: Person, chat: Chat, query: str) -> InlineQuery:
        """Note an inline query that waits for its answer."""
        asked = InlineQuery(self.new_query_id(), person, chat, query, self.now())
        self.inline_queries[asked.id] = asked
        if len(self.inline_queries) > OPEN_QUERIES_KEPT:
            del self.inline_queries[next(iter(self.inline_queries))]
        return asked


def settle(world: World) -> None:
    """Fill an empty world with what a visitor finds: an operator, three residents, a house, a channel."""
    operator = world.add_person("Оператор", "ru")
    anna = world.add_person("Анна", "ru")
    pyotr = world.add_person("Пётр", "ru")
    john = world.add_person("John", "en")
    house = {anna.id: Standing.CREATOR, pyotr.id: Standing.MEMBER, john.id: Standing.MEMBER}
    world.add_chat(ChatType.GROUP, "Дом 12", house, Standing.MEMBER)
    readers = {
        operator.id: Standing.CREATOR,
        anna.id: Standing.MEMBER,
        pyotr.id: Standing.MEMBER,
        john.id: Standing.MEMBER,
    }
    world.add_chat(
        ChatType.CHANNEL, "Оповещения города", readers, Standing.ADMINISTRATOR, "sandbox_city_alerts"
    )
