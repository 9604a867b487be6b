"""What Telegram shows about the bot is what the content says."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.adapters.telegram.profile import show_profiles
from bot.adapters.telegram.request import AiohttpRequest
from bot.core.message import Profile
from tests.adapters.telegram.scene import ANNA, OPERATOR, Scene

PROFILES = (
    Profile(None, "Безопасность", "Что делать", "Коротко", (("topics", "Темы"), ("help", "Помощь"))),
    Profile("en", "Safety", "What to do", "Short", (("topics", "Topics"), ("help", "Help"))),
)


@pytest.fixture
async def bot(scene: Scene) -> AsyncIterator[Bot]:
    """A bot that talks to the sandbox."""
    async with AiohttpRequest() as request:
        yield Bot(scene.sandbox.token, base_url=f"{scene.sandbox.url}/bot", request=request)


async def changes(scene: Scene) -> list[str]:
    return [call["method"] for call in await scene.calls() if call["method"].startswith("set")]


async def test_every_language_and_scope_is_set(bot: Bot) -> None:
    await show_profiles(bot, PROFILES)

    for profile in PROFILES:
        assert (await bot.get_my_name(profile.language)).name == profile.name
        assert (await bot.get_my_description(profile.language)).description == profile.description
        short = await bot.get_my_short_description(profile.language)
        assert short.short_description == profile.short_description
        for scope in (None, BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            commands = await bot.get_my_commands(scope, profile.language)
            assert tuple((one.command, one.description) for one in commands) == profile.commands


async def test_operators_see_a_command_of_their_own_and_nobody_else_does(scene: Scene, bot: Bot) -> None:
    for person in (ANNA, OPERATOR):
        await scene.say(person, "/start")
    never_started = 9_999_999
    commands = (("help", "Помощь"),)
    profile = Profile(
        None, "n", "d", "s", commands, (never_started, OPERATOR), (("desk", "Пульт"), *commands)
    )

    await show_profiles(bot, [profile])

    assert [one.command for one in await bot.get_my_commands(BotCommandScopeChat(OPERATOR))] == [
        "desk",
        "help",
    ]
    assert await bot.get_my_commands(BotCommandScopeChat(ANNA)) == ()
    assert [one.command for one in await bot.get_my_commands()] == ["help"]


async def test_what_is_set_already_is_not_set_again(scene: Scene, bot: Bot) -> None:
    await show_profiles(bot, PROFILES)
    before = len(await changes(scene))

    await show_profiles(bot, PROFILES)

    assert len(await changes(scene)) == before


async def test_one_refusal_does_not_keep_the_rest_from_being_set(
    scene: Scene, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.fault(kind="429", method="setMyName", retry_after=3600)

    await show_profiles(bot, PROFILES)

    assert (await bot.get_my_description("en")).description == "What to do"
    # The default name is the sandbox's own already, so only the other one is set, and refused.
    assert caplog.messages == ["name for en was not set: Too Many Requests: retry after 3600"]


async def test_over_long_texts_are_cut(bot: Bot) -> None:
    await show_profiles(bot, [Profile(None, "n" * 99, "d" * 999, "s" * 999, (("help", "h" * 999),))])

    assert len((await bot.get_my_name()).name) == 64
    assert len((await bot.get_my_description()).description) == 512
    assert len((await bot.get_my_short_description()).short_description) == 120
    assert len((await bot.get_my_commands())[0].description) == 256
