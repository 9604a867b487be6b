"""Chats as JSON lines, for moving from another bot or to another database: one chat a line."""

import json
import re

from bot.adapters.store.chats import read_quiet, written_quiet
from bot.core.chat import Chat
from bot.core.message import Room
from bot.core.notices.quiet import NIGHT

FIELDS = ("chat_id", "language", "areas", "quiet", "room")
QUIET = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
AREA = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class LineRefused(ValueError):
    """A line that is no chat; the message says what is wrong with it."""


def write_line(chat: Chat) -> str:
    """Return one chat as a line, without the end of line."""
    values = {
        "chat_id": chat.id,
        "language": chat.language,
        "areas": sorted(chat.areas),
        "quiet": written_quiet(chat.quiet),
        "room": chat.room.value,
    }
    return json.dumps(values, ensure_ascii=False)


def read_line(line: str) -> Chat:
    """Return the chat that a line holds. Only `chat_id` must be there; a negative id is a group's.

    Whether its areas exist is not known here.

    Raises:
        LineRefused: it holds no chat.
    """
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):  # the second for a thousand brackets
        raise LineRefused("this is not JSON") from None
    if not isinstance(values, dict):
        raise LineRefused('expected an object like {"chat_id": 7, "language": "ru", "areas": ["roslavl"]}')
    unknown = sorted(values.keys() - set(FIELDS))
    if unknown:
        raise LineRefused(f"{unknown[0]}: unknown field; expected {', '.join(FIELDS)}")
    chat_id = values.get("chat_id")
    # Telegram's ids have at most 52 significant bits (Bot API, Chat.id).
    if isinstance(chat_id, bool) or not isinstance(chat_id, int) or not 0 < abs(chat_id) < 2**52:
        raise LineRefused("chat_id: expected Telegram's number of the chat")
    language = values.get("language")
    if language is not None and not (isinstance(language, str) and 2 <= len(language) <= 16):
        raise LineRefused("language: expected a tag like ru, or null")
    areas = values.get("areas", [])
    if not isinstance(areas, list) or not all(isinstance(a, str) and AREA.fullmatch(a) for a in areas):
        raise LineRefused("areas: expected a list of ids like roslavl")
    quiet = values.get("quiet", written_quiet(NIGHT))
    if not isinstance(quiet, str) or (quiet and not QUIET.fullmatch(quiet)):
        raise LineRefused("quiet: expected hours like 22:00-07:00, or nothing in the quotes")
    room = values.get("room", Room.PRIVATE if chat_id > 0 else Room.GROUP)
    if room not in list(Room):
        raise LineRefused(f"room: expected one of {', '.join(Room)}")
    return Chat(chat_id, language, frozenset(areas), read_quiet(quiet), Room(room))
