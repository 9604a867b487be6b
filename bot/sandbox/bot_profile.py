"""How the bot presents itself: commands by scope and language, name, descriptions and the menu button."""

import re

from bot.sandbox import page_view
from bot.sandbox.objects import read_object
from bot.sandbox.refusals import NotModelled, bad_request
from bot.sandbox.wire import Json
from bot.sandbox.world import Bot, Chat, ChatType, CommandScope, Person, Standing, World

_COMMANDS_LIMIT = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_DESCRIPTION_LIMIT = 256
_LANGUAGE = re.compile(r"[a-z]{2}")
_DEFAULT: CommandScope = ("default", 0, 0)
_SCOPES_OF_A_CHAT = ("chat", "chat_administrators", "chat_member")
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", *_SCOPES_OF_A_CHAT)


def set_my_commands(world: World, params: Json) -> bool:
    """setMyCommands: at most 100 commands of a-z, 0-9 and _, each described in 1 to 256 characters."""
    commands: list[Json] = []
    if len(params["commands"]) > _COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in params["commands"]:
        read = read_object("BotCommand", one)
        command, description = read["command"], read["description"]
        if not command:
            raise bad_request("command must be non-empty")
        if not _COMMAND.fullmatch(command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not description:
            raise bad_request("command description must be non-empty")
        if len(description) > _DESCRIPTION_LIMIT:
            raise bad_request(f"command description length must not exceed {_DESCRIPTION_LIMIT}")
        commands.append({"command": command, "description": description})
    world.bot.commands[_scope(world, params), _language(params)] = commands
    world.journal.add("commands", {})
    return True


def get_my_commands(world: World, params: Json) -> list[Json]:
    """getMyCommands: exactly what was set for this scope and language, with no falling back."""
    return world.bot.commands.get((_scope(world, params), _language(params)), [])


def delete_my_commands(world: World, params: Json) -> bool:
    """deleteMyCommands."""
    world.bot.commands.pop((_scope(world, params), _language(params)), None)
    world.journal.add("commands", {})
    return True


def commands_for(bot: Bot, chat: Chat, person: Person) -> list[Json]:
    """The menu this person sees in this chat: the narrowest scope wins, and in it the person's language.

    The order is Telegram's: core.telegram.org/bots/api#determining-list-of-commands.
    """
    for scope in _scopes_seen(chat, person):
        for language in (person.language_code, ""):
            commands = bot.commands.get((scope, language))
            if commands:
                return commands
    return []


def _scopes_seen(chat: Chat, person: Person) -> list[CommandScope]:
    if chat.type is ChatType.PRIVATE:
        return [("chat", chat.id, 0), ("all_private_chats", 0, 0), _DEFAULT]
    scopes: list[CommandScope] = [("chat_member", chat.id, person.id)]
    leads = chat.members.get(person.id) in (Standing.CREATOR, Standing.ADMINISTRATOR)
    if leads:
        scopes.append(("chat_administrators", chat.id, 0))
    scopes.append(("chat", chat.id, 0))
    if leads:
        scopes.append(("all_chat_administrators", 0, 0))
    return [*scopes, ("all_group_chats", 0, 0), _DEFAULT]


def set_my_name(world: World, params: Json) -> bool:
    """setMyName: at most 64 characters; an empty name for a language removes it."""
    language = _language(params)
    name = params.get("name", "")
    if len(name) > 64:
        raise bad_request("BOT_TITLE_INVALID")
    if name:
        world.bot.names[language] = name
    elif language:
        world.bot.names.pop(language, None)
    else:
        raise bad_request("BOT_TITLE_INVALID")
    return _profile_changed(world)


def get_my_name(world: World, params: Json) -> Json:
    """getMyName: the name for the language, or the one for everybody."""
    return {"name": _in_language(world.bot.names, params)}


def set_my_description(world: World, params: Json) -> bool:
    """setMyDescription: at most 512 characters, shown in an empty chat."""
    _set_text(world.bot.descriptions, params, "description", 512, "BOT_DESCRIPTION_TOO_LONG")
    return _profile_changed(world)


def get_my_description(world: World, params: Json) -> Json:
    """getMyDescription."""
    return {"description": _in_language(world.bot.descriptions, params)}


def set_my_short_description(world: World, params: Json) -> bool:
    """setMyShortDescription: at most 120 characters, shown on the profile and where the bot is shared."""
    texts = world.bot.short_descriptions
    _set_text(texts, params, "short_description", 120, "BOT_SHORT_DESCRIPTION_TOO_LONG")
    return _profile_changed(world)


def get_my_short_description(world: World, params: Json) -> Json:
    """getMyShortDescription."""
    return {"short_description": _in_language(world.bot.short_descriptions, params)}


def set_chat_menu_button(world: World, params: Json) -> bool:
    """setChatMenuButton: "commands" or "default"; the sandbox has no web apps."""
    button = read_object("MenuButton", params.get("menu_button", {"type": "default"}))
    if button["type"] not in ("commands", "default"):
        raise NotModelled(
            400, "Bad Request: the sandbox knows menu buttons of the types commands and default"
        )
    if "chat_id" in params:
        if params["chat_id"] not in world.people:
            raise bad_request("chat not found")
        world.bot.menu_buttons[params["chat_id"]] = button
    else:
        world.bot.menu_button = button
    return _profile_changed(world)


def get_chat_menu_button(world: World, params: Json) -> Json:
    """getChatMenuButton."""
    return menu_button_for(world.bot, params.get("chat_id", 0))


def menu_button_for(bot: Bot, chat_id: int) -> Json:
    """The button beside the input in this chat."""
    return bot.menu_buttons.get(chat_id, bot.menu_button)


def _profile_changed(world: World) -> bool:
    world.journal.add("bot", {"bot": page_view.bot(world.bot)})
    return True


def _set_text(texts: dict[str, str], params: Json, field: str, limit: int, too_long: str) -> None:
    text = params.get(field, "")
    if len(text) > limit:
        raise bad_request(too_long)
    texts[_language(params)] = text


def _in_language(texts: dict[str, str], params: Json) -> str:
    return texts.get(_language(params)) or texts.get("", "")


def _language(params: Json) -> str:
    language: str = params.get("language_code", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _scope(world: World, params: Json) -> CommandScope:
    scope = read_object("BotCommandScope", params.get("scope", {"type": "default"}))
    kind = scope["type"]
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind not in _SCOPES_OF_A_CHAT:
        return (kind, 0, 0)
    chat = scope.get("chat_id")
    if isinstance(chat, str) and chat.startswith("@"):
        known = world.chat_by_username(chat[1:])
        chat = known.id if known else None
    if chat not in world.chats:
        raise bad_request("chat not found")
    if kind != "chat_member":
        return (kind, chat, 0)
    if scope.get("user_id") not in world.people:
        raise bad_request("user not found")
    return (kind, chat, scope["user_id"])
