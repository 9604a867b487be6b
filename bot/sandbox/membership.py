"""Who comes, who goes, and how the bot stands: arrivals, blocks, invitations, and groups that grow."""

from bot.sandbox import shapes
from bot.sandbox.page_view import bot as bot_view
from bot.sandbox.page_view import chat as chat_view
from bot.sandbox.page_view import person_view
from bot.sandbox.people import NotPossible, find_chat, find_person, say, send
from bot.sandbox.world import Bot, Chat, ChatType, Message, Person, Standing, World

_LEADING = (Standing.CREATOR, Standing.ADMINISTRATOR)
_PRESENT = (Standing.MEMBER, Standing.ADMINISTRATOR)


def arrive(world: World, first_name: str, language_code: str) -> Person:
    """A new person appears: a private chat nobody has written in, and a reader more for every channel."""
    if not first_name.strip():
        raise NotPossible("A person needs a name.")
    person = world.add_person(first_name.strip(), language_code)
    for chat in world.chats.values():
        if chat.type is ChatType.CHANNEL:
            chat.members[person.id] = Standing.MEMBER
            world.journal.add("chat", {"chat": chat_view(chat)})
    world.journal.add("person", {"person": person_view(person)})
    world.journal.add("chat", {"chat": chat_view(world.chats[person.id])})
    return person


def start(world: World, chat_id: int, person_id: int, payload: str = "") -> Message:
    """A person presses Start, or follows a deep link; this also lifts a block."""
    chat = find_chat(world, chat_id)
    if chat.type is ChatType.PRIVATE and chat.bot_standing is Standing.KICKED:
        unblock(world, person_id)
    command = "/start" if chat.type is ChatType.PRIVATE else f"/start@{world.bot.username}"
    return say(world, chat_id, person_id, f"{command} {payload}".strip())


def block(world: World, person_id: int) -> None:
    """A person blocks the bot."""
    chat = _private(world, person_id)
    if chat.bot_standing is Standing.MEMBER:
        change_standing(world, chat, find_person(world, person_id), Standing.KICKED)


def unblock(world: World, person_id: int) -> None:
    """A person lifts the block."""
    chat = _private(world, person_id)
    if chat.bot_standing is Standing.KICKED:
        change_standing(world, chat, find_person(world, person_id), Standing.MEMBER)


def found_group(world: World, title: str, member_ids: list[int], creator_id: int) -> Chat:
    """A person makes a group with the bot in it."""
    creator = find_person(world, creator_id)
    members = {find_person(world, member_id).id: Standing.MEMBER for member_id in member_ids}
    members[creator.id] = Standing.CREATOR
    chat = world.add_chat(ChatType.GROUP, title.strip() or "Группа", members, Standing.LEFT)
    change_standing(world, chat, creator, Standing.MEMBER)
    created = world.new_message(chat, creator)
    created.service, created.fields = "group_created", {"group_chat_created": True}
    send(world, created)
    return chat


def found_channel(world: World, title: str, username: str = "") -> Chat:
    """A channel with everybody as its reader, and the bot as its administrator."""
    readers = dict.fromkeys(world.people, Standing.MEMBER)
    chat = world.add_chat(
        ChatType.CHANNEL, title.strip() or "Канал", readers, Standing.LEFT, username.removeprefix("@")
    )
    change_standing(world, chat, next(iter(world.people.values())), Standing.ADMINISTRATOR)
    return chat


def invite_bot(world: World, chat_id: int) -> None:
    """The bot is taken into a group, or becomes administrator of a channel."""
    chat = _shared(world, chat_id)
    if chat.bot_standing in _PRESENT:
        return
    host = _host(world, chat)
    as_what = Standing.ADMINISTRATOR if chat.type is ChatType.CHANNEL else Standing.MEMBER
    change_standing(world, chat, host, as_what)
    if chat.is_group:
        added = world.new_message(chat, host)
        added.service = "bot_added"
        added.fields = {"new_chat_members": [shapes.user(world.bot)]}
        send(world, added)


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
    change_standing(world, chat, host, Standing.KICKED)


def promote_bot(world: World, chat_id: int, is_administrator: bool) -> None:
    """The bot becomes administrator of a group, or an ordinary member again."""
    chat = _shared(world, chat_id)
    if chat.bot_standing not in _PRESENT:
        raise NotPossible("The bot is not in this chat.")
    standing = Standing.ADMINISTRATOR if is_administrator else Standing.MEMBER
    if standing is not chat.bot_standing:
        change_standing(world, chat, _host(world, chat), standing)


def set_privacy(world: World, *, can_read_all: bool) -> None:
    """The bot's owner asks BotFather to let it hear everything in groups, or only what is meant for it."""
    world.bot.can_read_all_group_messages = can_read_all
    world.journal.add("bot", {"bot": bot_view(world.bot)})


def migrate(world: World, chat_id: int) -> Chat:
    """A group becomes a supergroup: another chat with another id, empty of messages."""
    old = _shared(world, chat_id)
    if old.type is not ChatType.GROUP or old.migrated_to:
        raise NotPossible("Only a group can become a supergroup, and only once.")
    host = _host(world, old)
    new = world.add_chat(ChatType.SUPERGROUP, old.title, old.members, old.bot_standing)
    left = world.new_message(old, host)
    left.service, left.fields = "migrated", {"migrate_to_chat_id": new.id}
    send(world, left)
    old.migrated_to = new.id
    arrived = world.new_message(new, host)
    arrived.service, arrived.fields = "migrated", {"migrate_from_chat_id": old.id}
    send(world, arrived)
    world.journal.add("chat", {"chat": chat_view(new)})
    return new


def change_standing(world: World, chat: Chat, actor: Person | Bot, standing: Standing) -> None:
    """`actor` makes the bot stand otherwise in a chat, and the bot is told."""
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


def _private(world: World, person_id: int) -> Chat:
    return find_chat(world, find_person(world, person_id).id)


def _shared(world: World, chat_id: int) -> Chat:
    chat = find_chat(world, chat_id)
    if chat.type is ChatType.PRIVATE:
        raise NotPossible("This is a private chat; block or unblock the bot instead.")
    return chat


def _host(world: World, chat: Chat) -> Person:
    """Who acts for the chat: its first administrator, or failing that its first member."""
    ranked = sorted(chat.members, key=lambda member_id: chat.members[member_id] not in _LEADING)
    return world.people[ranked[0]]
