"""The methods by which the bot says something new: texts, photos, documents, copies, or that it is typing."""

from copy import copy

from bot.sandbox import shapes
from bot.sandbox.entities import utf16_length
from bot.sandbox.keyboards import read_keyboard
from bot.sandbox.limits import Limits
from bot.sandbox.markup import Formatted, formatted
from bot.sandbox.objects import read_object
from bot.sandbox.parameters import Upload
from bot.sandbox.reach import find_message, readable_chat, writable_chat
from bot.sandbox.refusals import ApiError, bad_request
from bot.sandbox.wire import Json
from bot.sandbox.world import Chat, ChatType, Message, StoredFile, World

TEXT_LIMIT = 4096
"""UTF-16 units of a text after its markup is read (core.telegram.org/bots/api#sendmessage)."""

CAPTION_LIMIT = 1024
"""The same for captions."""

_SIZE_LIMITS = {"photo": 10 * 1024 * 1024, "document": 50 * 1024 * 1024}
"""Bytes (core.telegram.org/bots/api#sending-files)."""

_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_message(world: World, limits: Limits, params: Json) -> Json:
    """sendMessage."""
    said = read_text(params)
    message = _draft(world, limits, params)
    message.text, message.entities = said.text, list(said.entities)
    message.preview = read_preview(params)
    return _sent(world, message)


def send_photo(world: World, limits: Limits, params: Json) -> Json:
    """sendPhoto: an upload, the id of a photo sent before, or a link, which is not fetched."""
    said = _read_caption(params)
    stored = _stored(world, "photo", params["photo"])
    message = _draft(world, limits, params)
    message.text, message.entities = said.text, list(said.entities)
    _attach(message, stored)
    return _sent(world, message)


def send_document(world: World, limits: Limits, params: Json) -> Json:
    """sendDocument: an upload, the id of a document sent before, or a link, which is not fetched."""
    said = _read_caption(params)
    stored = _stored(world, "document", params["document"])
    message = _draft(world, limits, params)
    message.text, message.entities = said.text, list(said.entities)
    _attach(message, stored)
    return _sent(world, message)


def copy_message(world: World, limits: Limits, params: Json) -> Json:
    """copyMessage: the same content without a word of where it came from; gives the new id only."""
    source = readable_chat(world, params["from_chat_id"])
    original = find_message(source, params["message_id"], "message to copy not found")
    if original.service:
        raise bad_request("message can't be copied")
    message = _draft(world, limits, params)
    message.text, message.entities = original.text, original.entities
    message.stub, message.fields = original.stub, copy(original.fields)
    message.file_name, message.file_size = original.file_name, original.file_size
    if original.stub and "caption" in params:
        said = _read_caption(params)
        message.text, message.entities = said.text, list(said.entities)
    _sent(world, message)
    return {"message_id": message.id}


def send_chat_action(world: World, params: Json) -> bool:
    """sendChatAction: shown on the page for a moment."""
    if params["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = _addressed(world, params)
    world.journal.add("action", {"chat_id": chat.id, "action": params["action"]})
    return True


def read_text(params: Json) -> Formatted:
    """The text of a message, 1 to 4096 UTF-16 units after its markup is read. Raises `ApiError`."""
    said = formatted(params["text"], params.get("parse_mode", ""), params.get("entities"))
    if not said.text:
        raise bad_request("message text is empty")
    if utf16_length(said.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return said


def read_preview(params: Json) -> Json | None:
    """The options of the link preview, or None without any. Raises `ApiError`."""
    given = params.get("link_preview_options")
    return read_object("LinkPreviewOptions", given) if given else None


def _read_caption(params: Json) -> Formatted:
    said = formatted(params.get("caption", ""), params.get("parse_mode", ""), params.get("caption_entities"))
    if utf16_length(said.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return said


def _addressed(world: World, params: Json) -> Chat:
    """The chat that is written in. None here is a forum, so a topic is never found. Raises `ApiError`."""
    chat = writable_chat(world, params["chat_id"])
    if params.get("message_thread_id"):
        raise bad_request("message thread not found")
    return chat


def _draft(world: World, limits: Limits, params: Json) -> Message:
    """A message by the bot with all that sending methods share; last of the checks it spends the limits."""
    chat = _addressed(world, params)
    keyboard = read_keyboard(params.get("reply_markup"))
    reply_to, quote = _read_reply(world, chat, params.get("reply_parameters"))
    limits.spend(chat, world.now(), is_paid=params.get("allow_paid_broadcast", False))
    message = world.new_message(chat, chat if chat.type is ChatType.CHANNEL else world.bot)
    message.buttons, message.reply_keyboard = keyboard.buttons, keyboard.reply_keyboard
    message.reply_to, message.quote = reply_to, quote
    message.is_silent = params.get("disable_notification", False)
    message.is_protected = params.get("protect_content", False)
    return message


def _sent(world: World, message: Message) -> Json:
    world.post(message)
    return shapes.message(message)


def _read_reply(world: World, chat: Chat, given: Json | None) -> tuple[Message | None, str]:
    if not given:
        return None, ""
    reply = read_object("ReplyParameters", given)
    where = readable_chat(world, reply["chat_id"]) if "chat_id" in reply else chat
    answered = where.messages.get(reply["message_id"])
    if answered is None:
        if reply.get("allow_sending_without_reply"):
            return None, ""
        raise bad_request("message to be replied not found")
    quote = formatted(
        reply.get("quote", ""), reply.get("quote_parse_mode", ""), reply.get("quote_entities")
    ).text
    if quote not in answered.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return answered, quote


def _stored(world: World, kind: str, given: Upload | str) -> StoredFile:
    if isinstance(given, Upload):
        if not given.size:
            raise bad_request("file must be non-empty")
        if given.size > _SIZE_LIMITS[kind]:
            raise ApiError(413, "Request Entity Too Large")
        stored = StoredFile(f"sandbox-{kind}-{len(world.files) + 1}", kind, given.name, given.size)
        world.files[stored.file_id] = stored
        return stored
    if given.startswith(("http://", "https://")):
        return StoredFile(f"sandbox-{kind}-by-link", kind, given.rsplit("/", 1)[-1], 0)
    known = world.files.get(given)
    if known is None or known.kind != kind:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return known


def _attach(message: Message, stored: StoredFile) -> None:
    file: Json = {"file_id": stored.file_id, "file_unique_id": stored.file_id, "file_size": stored.size}
    message.stub = stored.kind
    if stored.kind == "photo":
        message.fields = {"photo": [{**file, "width": 1280, "height": 960}]}
    else:
        message.fields = {"document": {**file, "file_name": stored.name}}
        message.file_name = stored.name
    message.file_size = stored.size
