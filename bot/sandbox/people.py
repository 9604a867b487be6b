"""What people do in the world: write, press, block, invite, and ask inline. The bot hears of it as updates.

A person who tries what Telegram's apps would not let them do gets a `NotPossible` with a sentence for the page.
"""

from bot.sandbox import shapes
from bot.sandbox.entities import detect, utf16_slice
from bot.sandbox.page_view import chat as chat_view
from bot.sandbox.page_view import person_view
from bot.sandbox.wire import Json
from bot.sandbox.world import Bot, Chat, ChatType, InlineQuery, Message, Person, Standing, World

_ADMINISTRATORS = (Standing.CREATOR, Standing.ADMINISTRATOR)
_PRESENT = (Standing.MEMBER, Standing.ADMINISTRATOR)
_TEXT_LIMIT = 4096


class NotPossible(Exception):
    """Telegram's app would not offer this; the sentence says why."""


def say(world: World, chat_id: int, person_id: int, text: str, reply_to: int = 0) -> Message:
    """A person writes. In a private chat this is what allows the bot to answer."""
    chat, person = _writer(world, chat_id, person_id)
    text = text.strip()
    if not text:
        raise NotPossible("The message is empty.")
    if len(text) > _TEXT_LIMIT:
        raise NotPossible(f"A message holds at most {_TEXT_LIMIT} characters.")
    message = world.new_message(chat, person)
    message.text = text
    message.entities = detect(text)
    message.reply_to = chat.messages.get(reply_to)
    _send(world, message)
    return message


def start(world: World, chat_id: int, person_id: int, payload: str = "") -> Message:
    """A person presses Start, or follows a deep link; this also lifts a block."""
    chat = _chat(world, chat_id)
    if chat.type is ChatType.PRIVATE and chat.bot_standing is Standing.KICKED:
        unblock(world, person_id)
    command = "/start" if chat.type is ChatType.PRIVATE else f"/start@{world.bot.username}"
    return say(world, chat_id, person_id, f"{command} {payload}".strip())


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
    _send(world, message)
    return message


def edit(world: World, chat_id: int, person_id: int, message_id: int, text: str) -> Message:
    """A person changes what they wrote."""
    _writer(world, chat_id, person_id)
    message = _own_message(world, chat_id, person_id, message_id)
    if not message.text:
        raise NotPossible("There is no text to change.")
    message.text = text.strip()
    message.entities = detect(message.text)
    message.edit_date = world.unix_now()
    world.journal.add("edited", message)
    if _bot_reads(world, message):
        world.updates.add("edited_message", shapes.seen_message(world, message))
    return message


def delete(world: World, chat_id: int, person_id: int, message_id: int) -> None:
    """A person deletes a message for everybody; as with Telegram, the bot is not told."""
    chat = _chat(world, chat_id)
    if chat.type is not ChatType.PRIVATE:
        _own_message(world, chat_id, person_id, message_id)
    if chat.messages.pop(message_id, None) is None:
        raise NotPossible("There is no such message any more.")
    world.journal.add("deleted", {"chat_id": chat_id, "message_ids": [message_id]})


def press(world: World, chat_id: int, person_id: int, message_id: int, data: str) -> str:
    """A person presses a callback button; gives the id of the query, whose answer comes as an event.

    The data is passed on as it is, also when the message no longer has such a button: a screen may be old.
    """
    chat, person = _chat(world, chat_id), _person(world, person_id)
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


def block(world: World, person_id: int) -> None:
    """A person blocks the bot."""
    chat = _private(world, person_id)
    if chat.bot_standing is Standing.MEMBER:
        _change_standing(world, chat, _person(world, person_id), Standing.KICKED)


def unblock(world: World, person_id: int) -> None:
    """A person lifts the block."""
    chat = _private(world, person_id)
    if chat.bot_standing is Standing.KICKED:
        _change_standing(world, chat, _person(world, person_id), Standing.MEMBER)


def set_language(world: World, person_id: int, language_code: str) -> Person:
    """A person switches the language of their app."""
    person = _person(world, person_id)
    person.language_code = language_code
    world.journal.add("person", {"person": person_view(person)})
    world.journal.add("commands", {})
    return person


def arrive(world: World, first_name: str, language_code: str) -> Person:
    """A new person appears, with a private chat nobody has written in."""
    if not first_name.strip():
        raise NotPossible("A person needs a name.")
    person = world.add_person(first_name.strip(), language_code)
    world.journal.add("person", {"person": person_view(person)})
    world.journal.add("chat", {"chat": chat_view(world.chats[person.id])})
    return person


def found_group(world: World, title: str, member_ids: list[int], creator_id: int) -> Chat:
    """A person makes a group with the bot in it."""
    creator = _person(world, creator_id)
    members = {_person(world, member_id).id: Standing.MEMBER for member_id in member_ids}
    members[creator.id] = Standing.CREATOR
    chat = world.add_chat(ChatType.GROUP, title.strip() or "Группа", members, Standing.LEFT)
    _change_standing(world, chat, creator, Standing.MEMBER)
    created = world.new_message(chat, creator)
    created.service, created.fields = "group_created", {"group_chat_created": True}
    _send(world, created)
    return chat


def found_channel(world: World, title: str, username: str = "") -> Chat:
    """A channel with everybody as its reader, and the bot as its administrator."""
    readers = dict.fromkeys(world.people, Standing.MEMBER)
    chat = world.add_chat(
        ChatType.CHANNEL, title.strip() or "Канал", readers, Standing.LEFT, username.removeprefix("@")
    )
    _change_standing(world, chat, next(iter(world.people.values())), Standing.ADMINISTRATOR)
    return chat


def invite_bot(world: World, chat_id: int) -> None:
    """The bot is taken into a group, or becomes administrator of a channel."""
    chat = _shared(world, chat_id)
    if chat.bot_standing in _PRESENT:
        return
    host = _host(world, chat)
    as_what = Standing.ADMINISTRATOR if chat.type is ChatType.CHANNEL else Standing.MEMBER
    _change_standing(world, chat, host, as_what)
    if chat.is_group:
        added = world.new_message(chat, host)
        added.service = "bot_added"
        added.fields = {"new_chat_members": [shapes.user(world.bot)]}
        _send(world, added)


def remove_bot(world: World, chat_id: int) -> None:
    """The bot is thrown out of a group or channel."""
    chat = _shared(world, chat_id)
    if chat.bot_standing not in _PRESENT:
        return
    host = _host(world, chat)
    if chat.is_group:
        removed = world.new_message(chat, host)
        removed.service = "bot_removed"
        removed.fields = {"left_chat_member": shapes.user(world.bot)}
        world.post(removed)
    _change_standing(world, chat, host, Standing.KICKED)


def promote_bot(world: World, chat_id: int, is_administrator: bool) -> None:
    """The bot becomes administrator of a group, or an ordinary member again."""
    chat = _shared(world, chat_id)
    if chat.bot_standing not in _PRESENT:
        raise NotPossible("The bot is not in this chat.")
    standing = Standing.ADMINISTRATOR if is_administrator else Standing.MEMBER
    if standing is not chat.bot_standing:
        _change_standing(world, chat, _host(world, chat), standing)


def migrate(world: World, chat_id: int) -> Chat:
    """A group becomes a supergroup: another chat with another id, empty of messages."""
    old = _shared(world, chat_id)
    if old.type is not ChatType.GROUP or old.migrated_to:
        raise NotPossible("Only a group can become a supergroup, and only once.")
    host = _host(world, old)
    new = world.add_chat(ChatType.SUPERGROUP, old.title, old.members, old.bot_standing)
    left = world.new_message(old, host)
    left.service, left.fields = "migrated", {"migrate_to_chat_id": new.id}
    _send(world, left)
    old.migrated_to = new.id
    arrived = world.new_message(new, host)
    arrived.service, arrived.fields = "migrated", {"migrate_from_chat_id": old.id}
    _send(world, arrived)
    world.journal.add("chat", {"chat": chat_view(new)})
    return new


def ask_inline(world: World, chat_id: int, person_id: int, query: str, offset: str = "") -> InlineQuery:
    """A person types the bot's name and a query in any chat; the results come as an event."""
    chat, person = _chat(world, chat_id), _person(world, person_id)
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
    _send(world, message)
    return message


def _send(world: World, message: Message) -> None:
    if message.chat.type is ChatType.PRIVATE:
        message.chat.has_started = True
    world.post(message)
    if _bot_reads(world, message):
        world.updates.add("message", shapes.seen_message(world, message))


def _bot_reads(world: World, message: Message) -> bool:
    """Whether the bot is in the chat, and in a group may read this (core.telegram.org/bots/features#privacy-mode)."""
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


def _change_standing(world: World, chat: Chat, actor: Person, standing: Standing) -> None:
    was, chat.bot_standing = chat.bot_standing, standing
    world.updates.add(
        "my_chat_member",
        {
            "chat": shapes.chat(chat),
            "from": shapes.user(actor),
            "date": world.unix_now(),
            "old_chat_member": shapes.member(world.bot, was),
            "new_chat_member": shapes.member(world.bot, standing),
        },
    )
    world.journal.add("chat", {"chat": chat_view(chat)})


def _writer(world: World, chat_id: int, person_id: int) -> tuple[Chat, Person]:
    chat, person = _chat(world, chat_id), _person(world, person_id)
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
    message = _chat(world, chat_id).messages.get(message_id)
    if message is None:
        raise NotPossible("There is no such message any more.")
    if not isinstance(message.sender, Person) or message.sender.id != person_id:
        raise NotPossible("Somebody else wrote this.")
    return message


def _chat(world: World, chat_id: int) -> Chat:
    chat = world.chats.get(chat_id)
    if chat is None:
        raise NotPossible(f"There is no chat {chat_id}.")
    return chat


def _private(world: World, person_id: int) -> Chat:
    return _chat(world, _person(world, person_id).id)


def _shared(world: World, chat_id: int) -> Chat:
    chat = _chat(world, chat_id)
    if chat.type is ChatType.PRIVATE:
        raise NotPossible("This is a private chat; block or unblock the bot instead.")
    return chat


def _person(world: World, person_id: int) -> Person:
    person = world.people.get(person_id)
    if person is None:
        raise NotPossible(f"There is no person {person_id}.")
    return person


def _host(world: World, chat: Chat) -> Person:
    """Who acts for the chat: its first administrator, or failing that its first member."""
    ranked = sorted(chat.members, key=lambda member_id: chat.members[member_id] not in _ADMINISTRATORS)
    return world.people[ranked[0]]


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
