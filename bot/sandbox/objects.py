"""The objects inside parameters: which fields each has, of what type, and which it cannot be without.

Like parameters, fields that are not in the table are refused, where Telegram would pass over them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.refusals import ApiError, bad_request, refuse_unknown
from bot.sandbox.wire import Json

_Types = Mapping[str, type | tuple[type, ...]]
_CHAT = (int, str)


@dataclass(frozen=True, slots=True)
class _Shape:
    needed: _Types
    optional: _Types


_SHAPES: Mapping[str, _Shape] = {
    "MessageEntity": _Shape(
        {"type": str, "offset": int, "length": int},
        {"url": str, "user": dict, "language": str, "custom_emoji_id": str},
    ),
    "LinkPreviewOptions": _Shape(
        {},
        {
            "is_disabled": bool,
            "url": str,
            "prefer_small_media": bool,
            "prefer_large_media": bool,
            "show_above_text": bool,
        },
    ),
    "ReplyParameters": _Shape(
        {"message_id": int},
        {
            "chat_id": _CHAT,
            "allow_sending_without_reply": bool,
            "quote": str,
            "quote_parse_mode": str,
            "quote_entities": list,
            "quote_position": int,
        },
    ),
    "InlineKeyboardMarkup": _Shape({"inline_keyboard": list}, {}),
    "InlineKeyboardButton": _Shape(
        {"text": str},
        {
            "url": str,
            "callback_data": str,
            "copy_text": dict,
            "switch_inline_query": str,
            "switch_inline_query_current_chat": str,
            "switch_inline_query_chosen_chat": dict,
        },
    ),
    "CopyTextButton": _Shape({"text": str}, {}),
    "SwitchInlineQueryChosenChat": _Shape(
        {},
        {
            "query": str,
            "allow_user_chats": bool,
            "allow_bot_chats": bool,
            "allow_group_chats": bool,
            "allow_channel_chats": bool,
        },
    ),
    "ReplyKeyboardMarkup": _Shape(
        {"keyboard": list},
        {
            "is_persistent": bool,
            "resize_keyboard": bool,
            "one_time_keyboard": bool,
            "input_field_placeholder": str,
            "selective": bool,
        },
    ),
    "KeyboardButton": _Shape({"text": str}, {"request_contact": bool, "request_location": bool}),
    "ReplyKeyboardRemove": _Shape({"remove_keyboard": bool}, {"selective": bool}),
    "ForceReply": _Shape({"force_reply": bool}, {"input_field_placeholder": str, "selective": bool}),
    "InlineQueryResultArticle": _Shape(
        {"type": str, "id": str, "title": str, "input_message_content": dict},
        {
            "reply_markup": dict,
            "url": str,
            "description": str,
            "thumbnail_url": str,
            "thumbnail_width": int,
            "thumbnail_height": int,
        },
    ),
    "InputTextMessageContent": _Shape(
        {"message_text": str}, {"parse_mode": str, "entities": list, "link_preview_options": dict}
    ),
    "InlineQueryResultsButton": _Shape({"text": str, "start_parameter": str}, {}),
    "BotCommand": _Shape({"command": str, "description": str}, {}),
    "BotCommandScope": _Shape({"type": str}, {"chat_id": _CHAT, "user_id": int}),
    "MenuButton": _Shape({"type": str}, {}),
}
_WORDS = {
    int: "Number",
    str: "String",
    bool: "Boolean",
    list: "Array",
    dict: "Object",
    _CHAT: "Number or String",
}


def read_object(name: str, given: object) -> Json:
    """`given` if it is an object of this name in shape, fields that are null left out. Raises `ApiError`."""
    if not isinstance(given, dict):
        raise _unreadable(name, "expected an Object")
    shape = _SHAPES[name]
    refuse_unknown(name, given, shape.needed.keys() | shape.optional.keys())
    read = {field: value for field, value in given.items() if value is not None}
    for field in shape.needed:
        if field not in read:
            raise _unreadable(name, f'Can\'t find field "{field}"')
    for field, value in read.items():
        expected = shape.needed.get(field) or shape.optional[field]
        # To Python a Boolean is a number, too; to Telegram it is not.
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            raise _unreadable(name, f'Field "{field}" must be of type {_WORDS[expected]}')
        if isinstance(value, str):
            check_encoding(value)
    return read


def check_encoding(text: str) -> None:
    """Raise the `ApiError` for a text that holds half a character, as JSON escapes can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def _unreadable(name: str, why: str) -> ApiError:
    return bad_request(f"can't parse {name}: {why}")
