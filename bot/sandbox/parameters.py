"""The parameters each method takes, as one table, and the reading of what came over HTTP against it.

A parameter that is not in the table is refused, where Telegram would pass over it: a misspelt name must not
go unnoticed. Types and requirements follow core.telegram.org/bots/api#available-methods; parameters of
features the sandbox does not have (business accounts, paid posts, effects) are left out on purpose.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bot.sandbox.objects import check_encoding
from bot.sandbox.refusals import ApiError, bad_request, refuse_unknown
from bot.sandbox.wire import Json


class Kind(Enum):
    """What a parameter holds. Over a form every kind comes as text, lists and objects as JSON."""

    INTEGER = auto()
    TEXT = auto()
    BOOLEAN = auto()
    CHAT = auto()
    LIST = auto()
    OBJECT = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call: its name and size in bytes; its content is not kept."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Takes:
    """The parameters of one method."""

    needed: Mapping[str, Kind]
    optional: Mapping[str, Kind]


_CHAT = {"chat_id": Kind.CHAT}
_MESSAGE = {"chat_id": Kind.CHAT, "message_id": Kind.INTEGER}
_EDITED = {
    "chat_id": Kind.CHAT,
    "message_id": Kind.INTEGER,
    "inline_message_id": Kind.TEXT,
    "reply_markup": Kind.OBJECT,
}
_TEXT_FORMAT = {"parse_mode": Kind.TEXT, "entities": Kind.LIST, "link_preview_options": Kind.OBJECT}
_CAPTION = {"caption": Kind.TEXT, "parse_mode": Kind.TEXT, "caption_entities": Kind.LIST}
_CAPTION_ABOVE = _CAPTION | {"show_caption_above_media": Kind.BOOLEAN}
_SENT = {
    "message_thread_id": Kind.INTEGER,
    "disable_notification": Kind.BOOLEAN,
    "protect_content": Kind.BOOLEAN,
    "allow_paid_broadcast": Kind.BOOLEAN,
    "reply_parameters": Kind.OBJECT,
    "reply_markup": Kind.OBJECT,
}
_LANGUAGE = {"language_code": Kind.TEXT}
_SCOPE = {"scope": Kind.OBJECT, "language_code": Kind.TEXT}

METHODS: Mapping[str, Takes] = {
    "getMe": Takes({}, {}),
    "getUpdates": Takes(
        {},
        {
            "offset": Kind.INTEGER,
            "limit": Kind.INTEGER,
            "timeout": Kind.INTEGER,
            "allowed_updates": Kind.LIST,
        },
    ),
    "setWebhook": Takes(
        {"url": Kind.TEXT},
        {
            "certificate": Kind.FILE,
            "ip_address": Kind.TEXT,
            "max_connections": Kind.INTEGER,
            "allowed_updates": Kind.LIST,
            "drop_pending_updates": Kind.BOOLEAN,
            "secret_token": Kind.TEXT,
        },
    ),
    "deleteWebhook": Takes({}, {"drop_pending_updates": Kind.BOOLEAN}),
    "getWebhookInfo": Takes({}, {}),
    "sendMessage": Takes(_CHAT | {"text": Kind.TEXT}, _TEXT_FORMAT | _SENT),
    "sendPhoto": Takes(_CHAT | {"photo": Kind.FILE}, _CAPTION_ABOVE | _SENT | {"has_spoiler": Kind.BOOLEAN}),
    "sendDocument": Takes(
        _CHAT | {"document": Kind.FILE},
        _CAPTION | _SENT | {"thumbnail": Kind.FILE, "disable_content_type_detection": Kind.BOOLEAN},
    ),
    "copyMessage": Takes(_MESSAGE | {"from_chat_id": Kind.CHAT}, _CAPTION_ABOVE | _SENT),
    "editMessageText": Takes({"text": Kind.TEXT}, _EDITED | _TEXT_FORMAT),
    "editMessageReplyMarkup": Takes({}, _EDITED),
    "deleteMessage": Takes(_MESSAGE, {}),
    "deleteMessages": Takes(_CHAT | {"message_ids": Kind.LIST}, {}),
    "pinChatMessage": Takes(_MESSAGE, {"disable_notification": Kind.BOOLEAN}),
    "unpinChatMessage": Takes(_CHAT, {"message_id": Kind.INTEGER}),
    "unpinAllChatMessages": Takes(_CHAT, {}),
    "sendChatAction": Takes(_CHAT | {"action": Kind.TEXT}, {"message_thread_id": Kind.INTEGER}),
    "answerCallbackQuery": Takes(
        {"callback_query_id": Kind.TEXT},
        {"text": Kind.TEXT, "show_alert": Kind.BOOLEAN, "url": Kind.TEXT, "cache_time": Kind.INTEGER},
    ),
    "answerInlineQuery": Takes(
        {"inline_query_id": Kind.TEXT, "results": Kind.LIST},
        {
            "cache_time": Kind.INTEGER,
            "is_personal": Kind.BOOLEAN,
            "next_offset": Kind.TEXT,
            "button": Kind.OBJECT,
        },
    ),
    "setMyCommands": Takes({"commands": Kind.LIST}, _SCOPE),
    "getMyCommands": Takes({}, _SCOPE),
    "deleteMyCommands": Takes({}, _SCOPE),
    "setMyName": Takes({}, _LANGUAGE | {"name": Kind.TEXT}),
    "getMyName": Takes({}, _LANGUAGE),
    "setMyDescription": Takes({}, _LANGUAGE | {"description": Kind.TEXT}),
    "getMyDescription": Takes({}, _LANGUAGE),
    "setMyShortDescription": Takes({}, _LANGUAGE | {"short_description": Kind.TEXT}),
    "getMyShortDescription": Takes({}, _LANGUAGE),
    "setChatMenuButton": Takes({}, {"chat_id": Kind.INTEGER, "menu_button": Kind.OBJECT}),
    "getChatMenuButton": Takes({}, {"chat_id": Kind.INTEGER}),
    "getChat": Takes(_CHAT, {}),
    "getChatMember": Takes(_CHAT | {"user_id": Kind.INTEGER}, {}),
    "getChatAdministrators": Takes(_CHAT, {"return_bots": Kind.BOOLEAN}),
    "getChatMemberCount": Takes(_CHAT, {}),
    "leaveChat": Takes(_CHAT, {}),
}

# Telegram's words for what is left out, where it has words of its own.
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "action": "wrong parameter action in request",
    "user_id": "invalid user_id specified",
}


def read_parameters(method: str, given: Mapping[str, object]) -> Json:
    """The parameters of a call in their own types. Raises `ApiError` for unknown, missing or wrong ones."""
    takes = METHODS[method]
    refuse_unknown(method, given, takes.needed.keys() | takes.optional.keys())
    read: Json = {}
    for name, value in given.items():
        kind = takes.needed.get(name) or takes.optional[name]
        if value is not None:
            read[name] = _READERS[kind](name, value)
    for name in takes.needed:
        if name not in read:
            raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
    return read


def _read_integer(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    raise _wrong(name, "Integer")


def _read_text(name: str, value: object) -> str:
    if isinstance(value, str):
        check_encoding(value)
        return value
    # Telegram takes a number where a text belongs, as every form value is a text.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _wrong(name, "String")


def _read_boolean(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in ("true", "1", "yes"):
        return True
    if text in ("false", "0", "no", ""):
        return False
    raise _wrong(name, "Boolean")


def _read_chat(name: str, value: object) -> int | str:
    if isinstance(value, str):
        text = value.strip()
        if not text:
            raise bad_request(f"{name} is empty")
        return text if text.startswith("@") else _read_integer(name, text)
    return _read_integer(name, value)


def _read_list(name: str, value: object) -> list[object]:
    parsed = _parsed(name, value)
    if isinstance(parsed, list):
        return parsed
    raise _wrong(name, "Array")


def _read_object(name: str, value: object) -> Json:
    parsed = _parsed(name, value)
    if isinstance(parsed, dict):
        return parsed
    raise _wrong(name, "Object")


def _read_file(name: str, value: object) -> Upload | str:
    if isinstance(value, Upload | str):
        return value
    raise _wrong(name, "InputFile")


def _parsed(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        parsed: object = json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {name}: it is not JSON") from None
    return parsed


def _wrong(name: str, expected: str) -> ApiError:
    return bad_request(f'parameter "{name}" must be of type {expected}')


_READERS = {
    Kind.INTEGER: _read_integer,
    Kind.TEXT: _read_text,
    Kind.BOOLEAN: _read_boolean,
    Kind.CHAT: _read_chat,
    Kind.LIST: _read_list,
    Kind.OBJECT: _read_object,
    Kind.FILE: _read_file,
}
