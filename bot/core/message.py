"""What a channel can carry: messages that come in and replies that go out, in no channel's own types."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Room(StrEnum):
    """Where a conversation happens; it decides what the bot listens to."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Asked:
    """Free text meant for the bot (in a group: a mention of it or a reply to it, the mention cut out).

    `is_caption` says that it stood under a photo or a file, of which nothing else is known here.
    """

    text: str
    is_caption: bool = False


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command without its slash and its @name, and what stood behind it: `start`, `debris-found`.

    `addressed` says that it was for this bot; in a group a bare command may be meant for another one.
    """

    name: str
    argument: str = ""
    addressed: bool = True


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under one of the bot's messages."""

    data: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that is not text: `photo`, `location`, `voice`, ... Only its kind is known here."""

    kind: str


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked the bot, or the group removed it."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot was added to a group, or unblocked."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group became a supergroup and has another id from now on."""

    new_chat_id: int


Act = Asked | Commanded | Pressed | Shared | Left | Joined | Migrated


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One thing that a person did in a chat with the bot.

    `language_code` is what the person's app is set to, and is absent at times. `sent_at` is aware.
    `edited` says that the person changed a message which was answered before.
    """

    chat_id: int
    room: Room
    sender_id: int
    act: Act
    sent_at: dt.datetime
    language_code: str | None = None
    message_id: int | None = None
    edited: bool = False


class Style(StrEnum):
    """How a stretch of text looks; the values are Telegram's MessageEntity types."""

    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"
    LINK = "text_link"
    QUOTE = "blockquote"
    EXPANDABLE_QUOTE = "expandable_blockquote"


@dataclass(frozen=True, slots=True)
class Entity:
    """A style and the stretch that has it, offset and length in UTF-16 code units as in the Bot API."""

    style: Style
    offset: int
    length: int
    url: str | None = None


def utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units, the unit of every limit of Telegram's."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Text:
    """Words and how they look. Styles are spans beside the words, so nothing typed can become markup."""

    words: str = ""
    entities: tuple[Entity, ...] = ()

    def __add__(self, other: "Text | str") -> "Text":
        if isinstance(other, str):
            return Text(self.words + other, self.entities)
        shift = utf16_length(self.words)
        moved = tuple(Entity(e.style, e.offset + shift, e.length, e.url) for e in other.entities)
        return Text(self.words + other.words, self.entities + moved)

    def __radd__(self, other: str) -> "Text":
        return Text(other) + self

    def __bool__(self) -> bool:
        return bool(self.words)

    def __len__(self) -> int:
        """Return the length in UTF-16 code units."""
        return utf16_length(self.words)


def styled(style: Style, text: Text | str, url: str | None = None) -> Text:
    """Return `text` with one style over all of it."""
    inner = Text(text) if isinstance(text, str) else text
    if not inner:
        return inner
    return Text(inner.words, (Entity(style, 0, len(inner), url), *inner.entities))


def joined(parts: Iterable[Text | str], separator: str = "\n") -> Text:
    """Return the parts that are not empty, one after the other with `separator` between them."""
    result = Text()
    for part in parts:
        if part:
            result = (result + separator + part) if result else result + part
    return result


@dataclass(frozen=True, slots=True)
class Press:
    """Pressing the button sends `data` back to the bot; 1 to 64 bytes (Bot API, InlineKeyboardButton)."""

    data: str


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Pressing the button opens an address."""

    url: str


@dataclass(frozen=True, slots=True)
class CopyText:
    """Pressing the button copies a text of 1 to 256 characters."""

    text: str


@dataclass(frozen=True, slots=True)
class ShareInline:
    """Pressing the button lets the person pick a chat and starts an inline query there."""

    query: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    label: str
    action: Press | OpenLink | CopyText | ShareInline


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to send. Link previews are always off; `silent` arrives without a sound, and what is
    `protected` cannot be forwarded or saved.
    """

    text: Text
    buttons: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says to one incoming message.

    `replaces` takes the place of the message whose button was pressed; `toast` is a short note shown over the
    chat for a press, at most 200 characters (Bot API, answerCallbackQuery).
    """

    messages: tuple[OutgoingMessage, ...] = ()
    replaces: OutgoingMessage | None = None
    toast: str = ""


@dataclass(frozen=True, slots=True)
class IncomingQuery:
    """An inline query: a person types the bot's name and a question in any chat."""

    sender_id: int
    text: str
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One result of an inline query: chosen, it is posted in the person's name."""

    id: str
    title: str
    description: str
    message: OutgoingMessage


@dataclass(frozen=True, slots=True)
class Profile:
    """What the messenger shows about the bot in one language; `language` None is for all others.

    `operators` are private chats that see `operator_commands` in place of everybody's.
    """

    language: str | None
    name: str
    description: str
    short_description: str
    commands: tuple[tuple[str, str], ...]
    operators: tuple[int, ...] = ()
    operator_commands: tuple[tuple[str, str], ...] = ()
