"""Telegram's updates -> what a person did, as core knows it; pure, and no update can make it raise."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User

from bot.core.message import (
    Act,
    Asked,
    Commanded,
    IncomingMessage,
    IncomingQuery,
    Joined,
    Left,
    Migrated,
    Pressed,
    Room,
    Shared,
)

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""What Telegram is asked for; posts in channels are none of the bot's business."""

# Under the rules of Telegram's own apps; what is not one, such as a path, is plain text.
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{3,32}))?(?:\s+(.*))?", re.DOTALL)

# The special one first: a venue also has a location, an animation is also a document.
SHARED_KINDS = (
    "photo",
    "video",
    "animation",
    "audio",
    "voice",
    "video_note",
    "document",
    "sticker",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "game",
    "story",
    "paid_media",
    "checklist",
)

ROOMS = {
    "private": Room.PRIVATE,
    "group": Room.GROUP,
    "supergroup": Room.GROUP,
    "channel": Room.CHANNEL,
}
ABSENT = ("left", "kicked")

# All that python-telegram-bot raises on JSON that is not what the Bot API documents.
MALFORMED = (
    TypeError,
    ValueError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    OSError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is: what Telegram says of it in getMe."""

    id: int
    username: str
    supports_inline: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update that asks for something.

    `incoming` is None where a press cannot be understood and yet must be answered. `query_id` is what
    answerCallbackQuery or answerInlineQuery wants back; `thread_id` the topic of a forum, `album` what photos
    that were sent together have in common.
    """

    update_id: int
    incoming: IncomingMessage | IncomingQuery | None
    query_id: str = ""
    thread_id: int | None = None
    album: str = ""


def read_update(raw: Mapping[str, Any], me: Identity, now: dt.datetime) -> Arrival | None:
    """Return what a raw update asks of the bot, None if nothing. `now` dates what Telegram does not date."""
    update_id = raw.get("update_id")
    if not isinstance(update_id, int):
        return None
    try:
        arrival = _read(Update.de_json(dict(raw), None), me, now)
    except MALFORMED:
        return None
    return arrival if arrival is not None and _is_sound(arrival) else None


def _is_sound(arrival: Arrival) -> bool:
    """Return whether numbers are numbers and words are words; python-telegram-bot does not look."""
    numbers: list[object] = [arrival.update_id]
    words: list[object] = [arrival.query_id, arrival.album]
    given: list[object] = [arrival.thread_id]
    match arrival.incoming:
        case IncomingMessage() as message:
            if not isinstance(message.sent_at, dt.datetime):
                return False
            numbers += [message.chat_id, message.sender_id]
            given.append(message.message_id)
            match message.act:
                case Asked(text):
                    words.append(text)
                case Pressed(data, message_id):
                    words.append(data)
                    given.append(message_id)
                case Migrated(new_id):
                    numbers.append(new_id)
        case IncomingQuery() as query:
            numbers.append(query.sender_id)
            words.append(query.text)
    numbers += [number for number in given if number is not None]
    return all(type(number) is int for number in numbers) and all(isinstance(word, str) for word in words)


def _language_of(user: User | None) -> str | None:
    code = user.language_code if user is not None else None
    return code if isinstance(code, str) else None


def _read(update: Update, me: Identity, now: dt.datetime) -> Arrival | None:
    if update.callback_query:
        return _read_press(update.update_id, update.callback_query, now)
    if update.inline_query:
        query = update.inline_query
        asked = IncomingQuery(query.from_user.id, query.query, _language_of(query.from_user))
        return Arrival(update.update_id, asked, query.id)
    if update.my_chat_member:
        return _arrival(update.update_id, _read_membership(update.my_chat_member))
    message = update.message or update.edited_message
    if not message:
        return None
    incoming = _read_message(message, me)
    if incoming and update.edited_message:
        # A live location is edited every few seconds; of edits only words matter.
        if isinstance(incoming.act, Shared | Migrated):
            return None
        incoming = replace(incoming, edited=True, sent_at=message.edit_date or message.date)
    thread_id = message.message_thread_id if message.is_topic_message else None
    return _arrival(update.update_id, incoming, thread_id, message.media_group_id or "")


def _arrival(
    update_id: int, incoming: IncomingMessage | None, thread_id: int | None = None, album: str = ""
) -> Arrival | None:
    if incoming is None:
        return None
    return Arrival(update_id, incoming, thread_id=thread_id, album=album)


def _read_press(update_id: int, query: CallbackQuery, now: dt.datetime) -> Arrival:
    # No message: the button is under a message shared inline, in a chat that the bot cannot write to.
    # No data: it is a game's button. Both are answered, so that the button stops waiting.
    if query.message is None or not isinstance(query.data, str):
        return Arrival(update_id, None, query.id)
    message = query.message  # perhaps inaccessible, which still has its chat and its number
    return Arrival(
        update_id,
        IncomingMessage(
            chat_id=message.chat.id,
            room=ROOMS.get(message.chat.type, Room.GROUP),
            sender_id=query.from_user.id,
            act=Pressed(query.data, message.message_id),
            sent_at=now,
            language_code=_language_of(query.from_user),
            message_id=message.message_id,
        ),
        query.id,
        message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None,
    )


def _read_membership(change: ChatMemberUpdated) -> IncomingMessage | None:
    was, becomes = (
        member.status not in ABSENT and getattr(member, "is_member", True)
        for member in (change.old_chat_member, change.new_chat_member)
    )
    if was == becomes:
        return None
    return IncomingMessage(
        chat_id=change.chat.id,
        room=ROOMS.get(change.chat.type, Room.GROUP),
        sender_id=change.from_user.id,
        act=Joined() if becomes else Left(),
        sent_at=change.date,
        language_code=_language_of(change.from_user),
    )


def _read_message(message: Message, me: Identity) -> IncomingMessage | None:
    room = ROOMS.get(message.chat.type, Room.GROUP)
    sender_id = _sender_of(message)
    if sender_id is None or room is Room.CHANNEL or message.is_automatic_forward:
        return None
    if message.via_bot and message.via_bot.id == me.id:
        return None  # the bot's own words, posted through inline mode
    act = _act_of(message, me, room)
    if act is None:
        return None
    return IncomingMessage(
        chat_id=message.chat.id,
        room=room,
        sender_id=sender_id,
        act=act,
        sent_at=message.date,
        language_code=_language_of(message.from_user),
        message_id=message.message_id,
    )


def _sender_of(message: Message) -> int | None:
    """Return who wrote: for an anonymous admin the group itself, which is how an admin is known there."""
    if message.sender_chat:
        return message.sender_chat.id
    if message.from_user is None:
        return message.chat.id if message.chat.type == "private" else None
    # Two bots that answer one another would never stop.
    return None if message.from_user.is_bot else message.from_user.id


def _act_of(message: Message, me: Identity, room: Room) -> Act | None:
    if message.migrate_to_chat_id:
        return Migrated(message.migrate_to_chat_id)
    if message.text is None:
        kind = next((kind for kind in SHARED_KINDS if getattr(message, kind)), None)
        if kind is None or (room is Room.GROUP and not _addresses(message, me)):
            return None
        caption = _without_mention(message.caption or "", _mentions(message, me)).strip()
        return Asked(caption, is_caption=True) if caption else Shared(kind)

    addressed = _addresses(message, me)
    text = _without_mention(message.text, _mentions(message, me))
    if command := COMMAND.fullmatch(text):
        name, addressee, argument = command.groups(default="")
        is_ours = not addressee or addressee.casefold() == me.username.casefold()
        if is_ours or room is Room.PRIVATE:
            for_us = room is Room.PRIVATE or addressed or bool(addressee)
            return Commanded(name.lower(), argument.strip(), for_us)
        return None  # another bot's
    return Asked(text) if room is Room.PRIVATE or addressed else None


def _addresses(message: Message, me: Identity) -> bool:
    answered = message.reply_to_message
    author: User | None = answered.from_user if answered else None
    # In a forum every message seems to answer the one that opened its topic.
    opens_topic = bool(answered and answered.forum_topic_created)
    return bool(_mentions(message, me)) or (author is not None and author.id == me.id and not opens_topic)


def _mentions(message: Message, me: Identity) -> list[tuple[int, int]]:
    """Return the stretches of the text or caption that name the bot, in UTF-16 units."""
    units = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    stretches = []
    for entity in message.entities or message.caption_entities:
        start, end = entity.offset, entity.offset + entity.length
        words = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        by_name = entity.type == "mention" and words.casefold() == f"@{me.username}".casefold()
        by_id = entity.type == "text_mention" and entity.user is not None and entity.user.id == me.id
        if by_name or by_id:
            stretches.append((start, end))
    return stretches


def _without_mention(text: str, stretches: list[tuple[int, int]]) -> str:
    if not stretches:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    for start, end in sorted(stretches, reverse=True):
        units = units[: 2 * start] + units[2 * end :]
    return re.sub(r"[ \t]{2,}", " ", units.decode("utf-16-le", "replace")).strip(" \t\n,:")
