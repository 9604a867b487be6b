"""The methods by which the bot changes what it said: edits, deletions and pins."""

from datetime import timedelta

from bot.sandbox import shapes
from bot.sandbox.keyboards import read_keyboard
from bot.sandbox.limits import Limits
from bot.sandbox.reach import find_message, led_chat, writable_chat
from bot.sandbox.refusals import NOT_MODIFIED, bad_request
from bot.sandbox.sending import read_preview, read_text
from bot.sandbox.wire import Json
from bot.sandbox.world import Bot, Chat, ChatType, Message, Standing, World

_DELETABLE_FOR = timedelta(hours=48)
"""core.telegram.org/bots/api#deletemessage"""

_DELETED_AT_ONCE = 100
_NO_PIN_RIGHT = "not enough rights to manage pinned messages in the chat"


def edit_message_text(world: World, limits: Limits, params: Json) -> Json | bool:
    """editMessageText; without a keyboard the old one goes, as with Telegram."""
    said = read_text(params)
    message = _edited_message(world, params)
    if message.stub or message.service:
        raise bad_request("there is no text in the message to edit")
    buttons = read_keyboard(params.get("reply_markup"), only_inline=True).buttons
    preview = read_preview(params)
    entities = list(said.entities)
    if (said.text, entities, buttons, preview) == (
        message.text,
        message.entities,
        message.buttons,
        message.preview,
    ):
        raise bad_request(NOT_MODIFIED)
    limits.spend(message.chat, world.now())
    message.text, message.entities, message.buttons, message.preview = said.text, entities, buttons, preview
    return _edited(world, message)


def edit_message_reply_markup(world: World, limits: Limits, params: Json) -> Json | bool:
    """editMessageReplyMarkup; without a keyboard the old one goes."""
    message = _edited_message(world, params)
    buttons = read_keyboard(params.get("reply_markup"), only_inline=True).buttons
    if buttons == message.buttons:
        raise bad_request(NOT_MODIFIED)
    limits.spend(message.chat, world.now())
    message.buttons = buttons
    return _edited(world, message)


def delete_message(world: World, params: Json) -> bool:
    """deleteMessage: within 48 hours; what others wrote only in private chats or as administrator."""
    chat = writable_chat(world, params["chat_id"])
    message = find_message(chat, params["message_id"], "message to delete not found")
    if not _is_deletable(world, chat, message):
        raise bad_request("message can't be deleted for everyone")
    _delete(world, chat, [message])
    return True


def delete_messages(world: World, params: Json) -> bool:
    """deleteMessages: 1 to 100 at once; those that are gone or not to be deleted are passed over."""
    wanted = params["message_ids"]
    if not 1 <= len(wanted) <= _DELETED_AT_ONCE:
        raise bad_request(
            "there are too many messages to delete" if wanted else "message identifiers are not specified"
        )
    chat = writable_chat(world, params["chat_id"])
    found = [message for one in wanted if isinstance(one, int) and (message := chat.messages.get(one))]
    _delete(world, chat, [message for message in found if _is_deletable(world, chat, message)])
    return True


def pin_chat_message(world: World, params: Json) -> bool:
    """pinChatMessage; in groups and channels for administrators."""
    chat = led_chat(world, params["chat_id"], _NO_PIN_RIGHT)
    message = find_message(chat, params["message_id"], "message to pin not found")
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    world.journal.add("pinned", {"chat_id": chat.id, "message_id": message.id, "pinned": True})
    return True


def unpin_chat_message(world: World, params: Json) -> bool:
    """unpinChatMessage; without an id the newest pin goes."""
    chat = led_chat(world, params["chat_id"], _NO_PIN_RIGHT)
    message_id = params.get("message_id", chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    _unpin(world, chat, message_id)
    return True


def unpin_all_chat_messages(world: World, params: Json) -> bool:
    """unpinAllChatMessages."""
    chat = led_chat(world, params["chat_id"], _NO_PIN_RIGHT)
    for message_id in list(chat.pinned):
        _unpin(world, chat, message_id)
    return True


def _unpin(world: World, chat: Chat, message_id: int) -> None:
    chat.pinned.remove(message_id)
    world.journal.add("pinned", {"chat_id": chat.id, "message_id": message_id, "pinned": False})


def _edited_message(world: World, params: Json) -> Message:
    if "inline_message_id" in params:
        sent_through = world.inline_messages.get(params["inline_message_id"])
        if sent_through is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return sent_through
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    chat = writable_chat(world, params["chat_id"])
    message = find_message(chat, params["message_id"], "message to edit not found")
    if not _is_own(message):
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, message: Message) -> Json | bool:
    message.edit_date = world.unix_now()
    world.journal.add("edited", message)
    return True if message.inline_message_id else shapes.message(message)


def _is_own(message: Message) -> bool:
    return isinstance(message.sender, Bot | Chat)


def _is_deletable(world: World, chat: Chat, message: Message) -> bool:
    if world.unix_now() - message.date > _DELETABLE_FOR.total_seconds():
        return False
    return _is_own(message) or chat.type is ChatType.PRIVATE or chat.bot_standing is Standing.ADMINISTRATOR


def _delete(world: World, chat: Chat, messages: list[Message]) -> None:
    for message in messages:
        chat.messages.pop(message.id, None)
        if message.id in chat.pinned:
            _unpin(world, chat, message.id)
    if messages:
        gone = [message.id for message in messages]
        world.journal.add("deleted", {"chat_id": chat.id, "message_ids": gone})
