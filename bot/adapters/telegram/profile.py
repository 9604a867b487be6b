"""What people see of the bot before they write to it: set at Telegram where it differs from the content."""

import logging
from collections.abc import Sequence
from typing import Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, TelegramError

from bot.core.message import Profile

log = logging.getLogger(__name__)

# Bot API: setMyName, setMyDescription, setMyShortDescription, setMyCommands, BotCommand.
MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256

SCOPES: Final = (
    BotCommandScopeDefault(),
    BotCommandScopeAllPrivateChats(),
    BotCommandScopeAllGroupChats(),
)


async def show_profiles(bot: Bot, profiles: Sequence[Profile]) -> None:
    """Make Telegram show the profiles; only what differs is set, as Telegram allows few changes a day.

    Failures are logged and nothing more: people are answered all the same.
    """
    for profile in profiles:
        for step in STEPS:
            try:
                await step(bot, profile)
            except TelegramError as error:
                language = profile.language or "all other languages"
                log.warning("%s for %s was not set: %s", step.__name__[6:], language, error.message)


async def _show_name(bot: Bot, profile: Profile) -> None:
    wanted = profile.name[:MAX_NAME]
    if wanted and (await bot.get_my_name(profile.language)).name != wanted:
        await bot.set_my_name(wanted, profile.language)


async def _show_description(bot: Bot, profile: Profile) -> None:
    wanted = profile.description[:MAX_DESCRIPTION]
    if wanted and (await bot.get_my_description(profile.language)).description != wanted:
        await bot.set_my_description(wanted, profile.language)


async def _show_short_description(bot: Bot, profile: Profile) -> None:
    wanted = profile.short_description[:MAX_SHORT_DESCRIPTION]
    if wanted and (await bot.get_my_short_description(profile.language)).short_description != wanted:
        await bot.set_my_short_description(wanted, profile.language)


async def _show_commands(bot: Bot, profile: Profile) -> None:
    wanted = _commands(profile.commands)
    for scope in SCOPES:
        if wanted and await bot.get_my_commands(scope, profile.language) != wanted:
            await bot.set_my_commands(wanted, scope, profile.language)


async def _show_operator_commands(bot: Bot, profile: Profile) -> None:
    wanted = _commands(profile.operator_commands)
    for chat_id in profile.operators:
        scope = BotCommandScopeChat(chat_id)
        try:
            if await bot.get_my_commands(scope, profile.language) != wanted:
                await bot.set_my_commands(wanted, scope, profile.language)
        except BadRequest as error:  # they have not pressed Start yet; the next start finds them
            log.info("an operator sees no commands of their own: %s", error.message)


def _commands(commands: tuple[tuple[str, str], ...]) -> tuple[BotCommand, ...]:
    return tuple(
        BotCommand(name, description[:MAX_COMMAND_DESCRIPTION])
        for name, description in commands[:MAX_COMMANDS]
    )


STEPS: Final = (
    _show_name,
    _show_description,
    _show_short_description,
    _show_commands,
    _show_operator_commands,
)
