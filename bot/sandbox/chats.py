"""The methods by which the bot asks who and where: itself, chats, their members, and leaving them."""

from bot.sandbox import shapes
from bot.sandbox.membership import change_standing
from bot.sandbox.reach import readable_chat
from bot.sandbox.refusals import bad_request
from bot.sandbox.wire import Json
from bot.sandbox.world import ChatType, Standing, World

_LEADING = (Standing.CREATOR, Standing.ADMINISTRATOR)


def get_me(world: World, params: Json) -> Json:
    """getMe."""
    return shapes.me(world.bot)


def get_chat(world: World, params: Json) -> Json:
    """getChat."""
    return shapes.full_chat(readable_chat(world, params["chat_id"]))


def get_chat_member(world: World, params: Json) -> Json:
    """getChatMember: of anybody the world knows; who is not in the chat has left it."""
    chat = readable_chat(world, params["chat_id"])
    if params["user_id"] == world.bot.id:
        return shapes.member(world.bot, chat.bot_standing)
    person = world.people.get(params["user_id"])
    if person is None:
        raise bad_request("user not found")
    return shapes.member(person, chat.members.get(person.id, Standing.LEFT))


def get_chat_administrators(world: World, params: Json) -> list[Json]:
    """getChatAdministrators: people only, unless bots are asked for too."""
    chat = readable_chat(world, params["chat_id"])
    if chat.type is ChatType.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    leading = [
        shapes.member(world.people[one], standing)
        for one, standing in chat.members.items()
        if standing in _LEADING
    ]
    if params.get("return_bots") and chat.bot_standing in _LEADING:
        leading.append(shapes.member(world.bot, chat.bot_standing))
    return leading


def get_chat_member_count(world: World, params: Json) -> int:
    """getChatMemberCount: people and the bot."""
    return len(readable_chat(world, params["chat_id"]).members) + 1


def leave_chat(world: World, params: Json) -> bool:
    """leaveChat; the bot is told of its own going like everybody else."""
    chat = readable_chat(world, params["chat_id"])
    if chat.type is ChatType.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    change_standing(world, chat, world.bot, Standing.LEFT)
    return True
