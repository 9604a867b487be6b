"""Keyboards that come with a message: inline buttons within Telegram's limits, reply keyboards in shape."""

from dataclasses import dataclass, field

from bot.sandbox.links import checked_url
from bot.sandbox.objects import read_object
from bot.sandbox.refusals import bad_request
from bot.sandbox.wire import Json

CALLBACK_DATA_BYTES = 64
"""core.telegram.org/bots/api#inlinekeyboardbutton"""

_BUTTONS_LIMIT = 100
_ROW_LIMIT = 8
_COPY_TEXT_LIMIT = 256


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Inline buttons in Telegram's shape, or the rows of a reply keyboard: [] removes it, None leaves it."""

    buttons: list[list[Json]] = field(default_factory=list)
    reply_keyboard: list[list[str]] | None = None


def read_keyboard(markup: Json | None, only_inline: bool = False) -> Keyboard:
    """The keyboard in a `reply_markup`. Raises `ApiError` for a wrong or unknown one."""
    if not markup:
        return Keyboard()
    if "inline_keyboard" in markup:
        rows = _rows(read_object("InlineKeyboardMarkup", markup)["inline_keyboard"])
        return Keyboard(buttons=[[_inline_button(one) for one in row] for row in rows if row])
    if only_inline:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        rows = _rows(read_object("ReplyKeyboardMarkup", markup)["keyboard"])
        return Keyboard(reply_keyboard=[[_reply_button(one) for one in row] for row in rows])
    if "remove_keyboard" in markup:
        read_object("ReplyKeyboardRemove", markup)
        return Keyboard(reply_keyboard=[])
    if "force_reply" in markup:
        read_object("ForceReply", markup)
        return Keyboard()
    raise bad_request("object expected as reply markup")


def _rows(rows: list[object]) -> list[list[object]]:
    lists = [row for row in rows if isinstance(row, list)]
    if len(lists) < len(rows):
        raise bad_request("object expected as reply markup")
    if sum(map(len, lists)) > _BUTTONS_LIMIT or any(len(row) > _ROW_LIMIT for row in lists):
        raise bad_request("reply markup is too long")
    return lists


def _inline_button(given: object) -> Json:
    button = read_object("InlineKeyboardButton", given)
    if not button["text"].strip():
        raise bad_request('can\'t parse InlineKeyboardButton: Field "text" must be non-empty')
    actions = button.keys() - {"text"}
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request(f"can't parse InlineKeyboardButton: choose one of {', '.join(sorted(actions))}")
    if not 1 <= len(button.get("callback_data", "x").encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button:
        copied = read_object("CopyTextButton", button["copy_text"])["text"]
        if not 1 <= len(copied) <= _COPY_TEXT_LIMIT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "switch_inline_query_chosen_chat" in button:
        read_object("SwitchInlineQueryChosenChat", button["switch_inline_query_chosen_chat"])
    if "url" in button:
        url = checked_url(button["url"])
        if not url:
            raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        return button | {"url": url}
    return button


def _reply_button(given: object) -> str:
    text: str = given if isinstance(given, str) else read_object("KeyboardButton", given)["text"]
    if not text:
        raise bad_request('can\'t parse KeyboardButton: Field "text" must be non-empty')
    return text
