"""What people do in chats: write, edit, press buttons and ask inline; the bot hears of it as updates.

A person who tries what Telegram's apps would not let them do meets a `NotPossible` with a sentence for the
page.
"""

from bot.sandbox import shapes
from bot.sandbox.entities import detect, utf16_length, utf16_slice
from bot.sandbox.page_view import person_view
from bot.sandbox.wire import Json
from bot.sandbox.world import Bot, Chat, ChatType, InlineQuery, Message, Person, Standing, World

_PRESENT = (Standing.MEMBER, Standing.ADMINISTRATOR)
_TEXT_LIMIT = 4096


class NotPossible(Exception):
    """Telegram's app would not offer this; the sentence says why."""


def say(world: World, chat_id: int, person_id: int, text: str, reply_to: int = 0) -> Message:
    """A person writes. In a private chat this is what allows the bot to answer."""
    chat, person = _writer(world, chat_id, person_id)
    text = _writable_text(text)
    message = world.new_message(chat, person)
    message.text = text
    message.entities = detect(text)
    message.reply_to = chat.messages.get(reply_to)
    send(world, message)
    return message


def send_stub(world: World, chat_id: int, person_id: int, what: str) -> Message:
    """A person sends a photo, a place or the like; only its outline exists."""
    fields = _STUBS.get(what)
    if fields is None:
        raise NotPossible(f"Nothing called {what!r} can be sent; there are {', '.join(_STUBS)}.")
    chat, person = _writer(world, chat_id, person_id)
    message = world.new_message(chat, person)
    message.stub = what
    message.fields = dict(fields)
    if what == "contact":
        message.fields["contact"] = {
            "phone_number": "+10000000000",
            "first_name": person.first_name,
            "user_id": person.id,
        }
    elif what == "document":
        message.file_name = fields["document"]["file_name"]
        message.file_size = fields["document"]["file_size"]
    send(world, message)
    return message


def edit(world: World, chat_id: int, person_id: int, message_id: int, text: str) -> Message:
    """A person changes what they wrote."""
    _writer(world, chat_id, person_id)
    message = _own_message(world, chat_id, person_id, message_id)
    if not message.text:
        raise NotPossible("There is no text to change.")
    message.text = _writable_text(text)
    message.entities = detect(message.text)
    message.edit_date = world.unix_now()
    world.journal.add("edited", message)
    if _bot_reads(world, message):
        world.updates.add("edited_message", shapes.seen_message(world, message))
    return message


def delete(world: World, chat_id: int, person_id: int, message_id: int) -> None:
    """A person deletes a message for everybody; as with Telegram, the bot is not told."""
    chat = find_chat(world, chat_id)
    if chat.type is not ChatType.PRIVATE:
        _own_message(world, chat_id, person_id, message_id)
    if chat.messages.pop(message_id, None) is None:
        raise NotPossible("There is no such message any more.")
    world.journal.add("deleted", {"chat_id": chat_id, "message_ids": [message_id]})


def press(world: World, chat_id: int, person_id: int, message_id: int, data: str) -> str:
    """A person presses a callback button; gives the id of the query, whose answer comes as an event.

    The data is passed on as it is, also when the message no longer has such a button: a screen may be old.
    """
    chat, person = find_chat(world, chat_id), find_person(world, person_id)
    message = chat.messages.get(message_id)
    if message is None:
        raise NotPossible("There is no such message any more.")
    query_id = world.remember_press(person)
    query: Json = {
        "id": query_id,
        "from": shapes.user(person),
        "chat_instance": str(5_000_000_000 + abs(chat.id)),
        "data": data,
    }
    if message.inline_message_id:
        query["inline_message_id"] = message.inline_message_id
    else:
        query["message"] = shapes.message(message)
    world.updates.add("callback_query", query)
    return query_id


def set_language(world: World, person_id: int, language_code: str) -> Person:
    """A person switches the language of their app."""
    person = find_person(world, person_id)
    person.language_code = language_code
    world.journal.add("person", {"person": person_view(person)})
    world.journal.add("commands", {})
    return person


def ask_inline(world: World, chat_id: int, person_id: int, query: str, offset: str = "") -> InlineQuery:
    """A person types the bot's name and a query in any chat; the results come as an event."""
    chat, person = find_chat(world, chat_id), find_person(world, person_id)
    asked = world.remember_inline_query(person, chat, query)
    kind = "sender" if chat.id == person.id else chat.type.value
    world.updates.add(
        "inline_query",
        {
            "id": asked.id,
            "from": shapes.user(person),
            "query": query,
            "offset": offset,
            "chat_type": kind,
        },
    )
    return asked


def choose_inline(world: World, chat_id: int, person_id: int, query_id: str, result_id: str) -> Message:
    """A person picks one of the results, which becomes their message."""
    asked = world.inline_queries.get(query_id)
    result = asked.results.get(result_id) if asked else None
    if result is None:
        raise NotPossible("This result is no longer offered.")
    chat, person = _writer(world, chat_id, person_id)
    message = world.new_message(chat, person)
    message.is_via_bot = True
    message.text, message.entities = result["text"], result["entities"]
    message.buttons = result["buttons"]
    if message.buttons:
        # Without buttons Telegram gives the bot no handle on a message sent through it.
        message.inline_message_id = f"inline-{query_id}-{message.id}"
        world.inline_messages[message.inline_message_id] = message
    send(world, message)
    return message


def send(world: World, message: Message) -> None:
    if message.chat.type is ChatType.PRIVATE:
        message.chat.has_started = True
    world.post(message)
    if _bot_reads(world, message):
        world.updates.add("message", shapes.seen_message(world, message))


def _bot_reads(world: World, message: Message) -> bool:
    """Whether the bot is in the chat and may read this (core.telegram.org/bots/features#privacy-mode)."""
    chat = message.chat
    if chat.bot_standing not in _PRESENT:
        return False
    if not chat.is_group or world.bot.can_read_all_group_messages or message.service or message.is_via_bot:
        return True
    if chat.bot_standing is Standing.ADMINISTRATOR:
        return True
    if message.reply_to and isinstance(message.reply_to.sender, Bot):
        return True
    own_name = f"@{world.bot.username}".lower()
    for entity in message.entities:
        part = utf16_slice(message.text, entity["offset"], entity["length"]).lower()
        if entity["type"] == "mention" and part == own_name:
            return True
        if entity["type"] == "bot_command" and ("@" not in part or part.endswith(own_name)):
            return True
    return False


def _writable_text(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise NotPossible("The message is empty.")
    if utf16_length(stripped) > _TEXT_LIMIT:
        raise NotPossible(f"A message holds at most {_TEXT_LIMIT} characters.")
    return stripped


def _writer(world: World, chat_id: int, person_id: int) -> tuple[Chat, Person]:
    chat, person = find_chat(world, chat_id), find_person(world, person_id)
    if chat.type is ChatType.PRIVATE and chat.bot_standing is Standing.KICKED:
        raise NotPossible("The bot is blocked; unblock it to write.")
    if chat.type is ChatType.CHANNEL:
        raise NotPossible("People read a channel, they cannot write in it.")
    if person.id not in chat.members:
        raise NotPossible(f"{person.first_name} is not in this chat.")
    if chat.migrated_to:
        raise NotPossible("This group became a supergroup and lives on there.")
    return chat, person


def _own_message(world: World, chat_id: int, person_id: int, message_id: int) -> Message:
    message = find_chat(world, chat_id).messages.get(message_id)
    if message is None:
        raise NotPossible("There is no such message any more.")
    if not isinstance(message.sender, Person) or message.sender.id != person_id:
        raise NotPossible("Somebody else wrote this.")
    return message


def find_chat(world: World, chat_id: int) -> Chat:
    chat = world.chats.get(chat_id)
    if chat is None:
        raise NotPossible(f"There is no chat {chat_id}.")
    return chat


def find_person(world: World, person_id: int) -> Person:
    person = world.people.get(person_id)
    if person is None:
        raise NotPossible(f"There is no person {person_id}.")
    return person


def _file(kind: str, **more: int | str) -> Json:
    return {"file_id": f"sandbox-{kind}", "file_unique_id": f"sandbox-{kind}", **more}


_STUBS: dict[str, Json] = {
    "photo": {"photo": [_file("photo", width=1280, height=960, file_size=120_000)]},
    "location": {"location": {"latitude": 54.7826, "longitude": 32.0453}},
    "contact": {},
    "voice": {"voice": _file("voice", duration=4, mime_type="audio/ogg", file_size=16_000)},
    "sticker": {
        "sticker": _file("sticker", type="regular", width=512, height=512, emoji="🙂")
        | {"is_animated": False, "is_video": False}
    },
    "document": {
        "document": _file("document", file_name="document.pdf", mime_type="application/pdf", file_size=48_000)
    },
    "video": {"video": _file("video", width=640, height=360, duration=7, file_size=900_000)},
}
