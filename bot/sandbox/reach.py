"""Which chat a call means, and whether the bot may act there: what Telegram looks at before the content."""

from bot.sandbox.refusals import bad_request, forbidden, upgraded
from bot.sandbox.world import Chat, ChatType, Message, Standing, World

_ABSENT = (Standing.LEFT, Standing.KICKED)


def find_chat(world: World, reference: int | str) -> Chat:
    """The chat with this id or @username, wherever the bot stands in it. Raises `ApiError`."""
    if isinstance(reference, str):
        chat = world.chat_by_username(reference.removeprefix("@"))
    else:
        chat = world.chats.get(reference)
    if chat is None:
        raise bad_request("chat not found")
    return chat


def readable_chat(world: World, reference: int | str) -> Chat:
    """A chat the bot may ask about: it was written to, or it is in there. Raises `ApiError`."""
    chat = find_chat(world, reference)
    if chat.migrated_to:
        raise upgraded(chat.migrated_to)
    if chat.type is ChatType.PRIVATE:
        if not chat.has_started:
            raise bad_request("chat not found")
    elif chat.bot_standing is Standing.KICKED:
        raise forbidden(f"bot was kicked from the {chat.type.value} chat")
    elif chat.bot_standing is Standing.LEFT:
        raise forbidden(f"bot is not a member of the {chat.type.value} chat")
    return chat


def writable_chat(world: World, reference: int | str) -> Chat:
    """A chat the bot may write in. Raises `ApiError`, also for people who blocked it or never wrote to it."""
    chat = find_chat(world, reference)
    if chat.type is not ChatType.PRIVATE:
        chat = readable_chat(world, reference)
        if chat.type is ChatType.CHANNEL and chat.bot_standing is not Standing.ADMINISTRATOR:
            raise bad_request("need administrator rights in the channel chat")
        return chat
    if world.people[chat.id].is_deactivated:
        raise forbidden("user is deactivated")
    if chat.bot_standing is Standing.KICKED:
        raise forbidden("bot was blocked by the user")
    if not chat.has_started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def led_chat(world: World, reference: int | str, refusal: str) -> Chat:
    """A chat the bot may write in and, unless private, leads as administrator; else `refusal` is raised."""
    chat = writable_chat(world, reference)
    if chat.type is not ChatType.PRIVATE and chat.bot_standing is not Standing.ADMINISTRATOR:
        raise bad_request(refusal)
    return chat


def find_message(chat: Chat, message_id: int, refusal: str) -> Message:
    """A message of the chat; `refusal` names what it was wanted for. Raises `ApiError`."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(refusal)
    return message
