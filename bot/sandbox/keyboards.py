"""Keyboards that come with a message: inline buttons within Telegram's limits, reply keyboards in shape."""

from dataclasses import dataclass, field

from bot.sandbox.links import checked_url
from bot.sandbox.refusals import ApiError, bad_request, refuse_unknown
from bot.sandbox.wire import Json

CALLBACK_DATA_BYTES = 64
"""core.telegram.org/bots/api#inlinekeyboardbutton"""

_BUTTONS_LIMIT = 100
_ROW_LIMIT = 8
_COPY_TEXT_LIMIT = 256
_ACTIONS = frozenset(
    [
        "url",
        "callback_data",
        "copy_text",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
    ]
)
_CHOSEN_CHAT = frozenset(
    ["query", "allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats"]
)


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Inline buttons in Telegram's shape, or the rows of a reply keyboard: [] takes it away, None leaves it."""

    buttons: list[list[Json]] = field(default_factory=list)
    reply_keyboard: list[list[str]] | None = None


def read_keyboard(markup: Json | None, only_inline: bool = False) -> Keyboard:
    """The keyboard in a `reply_markup`. Raises `ApiError` for what is wrong or not modelled."""
    if not markup:
        return Keyboard()
    if "inline_keyboard" in markup:
        refuse_unknown("reply_markup", markup, {"inline_keyboard"})
        rows = [[_inline_button(one) for one in row] for row in _rows(markup["inline_keyboard"])]
        return Keyboard(buttons=[row for row in rows if row])
    if only_inline:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        refuse_unknown(
            "reply_markup",
            markup,
            {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder"}
            | {"selective"},
        )
        return Keyboard(
            reply_keyboard=[[_reply_button(one) for one in row] for row in _rows(markup["keyboard"])]
        )
    if "remove_keyboard" in markup:
        refuse_unknown("reply_markup", markup, {"remove_keyboard", "selective"})
        return Keyboard(reply_keyboard=[])
    if "force_reply" in markup:
        refuse_unknown("reply_markup", markup, {"force_reply", "input_field_placeholder", "selective"})
        return Keyboard()
    raise bad_request("object expected as reply markup")


def _rows(rows: object) -> list[list[object]]:
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup")
    if sum(len(row) for row in rows) > _BUTTONS_LIMIT or any(len(row) > _ROW_LIMIT for row in rows):
        raise bad_request("reply markup is too long")
    return rows


def _inline_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise _unreadable("Inline keyboard button must be an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _unreadable('Field "text" must be a non-empty String')
    refuse_unknown("reply_markup", button, {"text", *_ACTIONS})
    actions = _ACTIONS & button.keys()
    if not actions:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unreadable(f"exactly one action is allowed, not {' and '.join(sorted(actions))}")
    (action,) = actions
    _check_action(action, button[action])
    return {"text": text, action: checked_url(button["url"])} if action == "url" else button


def _check_action(action: str, value: object) -> None:
    if action in ("copy_text", "switch_inline_query_chosen_chat"):
        if not isinstance(value, dict):
            raise _unreadable(f'Field "{action}" must be of type Object')
        if action == "switch_inline_query_chosen_chat":
            refuse_unknown("reply_markup", value, _CHOSEN_CHAT)
        elif not isinstance(value.get("text"), str) or not 1 <= len(value["text"]) <= _COPY_TEXT_LIMIT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return
    if not isinstance(value, str):
        raise _unreadable(f'Field "{action}" must be of type String')
    if action == "callback_data" and not 1 <= len(value.encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not checked_url(value):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")


def _reply_button(button: object) -> str:
    if isinstance(button, str):
        return button
    if isinstance(button, dict) and isinstance(button.get("text"), str) and button["text"]:
        refuse_unknown("reply_markup", button, {"text", "request_contact", "request_location"})
        return str(button["text"])
    raise bad_request('can\'t parse keyboard button: Field "text" must be a non-empty String')


def _unreadable(why: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {why}")
