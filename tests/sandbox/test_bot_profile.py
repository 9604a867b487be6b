"""The bot presents itself in each reader's language and place."""

import pytest

from tests.sandbox.clients import ANNA, HOUSE, JOHN, PYOTR, BotClient, Json, Visitor


async def menu(visitor: Visitor, chat_id: int, person_id: int) -> list[str]:
    shown = await visitor.look("/page/commands", chat_id=chat_id, person_id=person_id)
    return [one["description"] for one in shown["commands"]]


async def test_the_narrowest_scope_and_the_readers_language_win(bot: BotClient, visitor: Visitor) -> None:
    async def say(description: str, scope: Json | None = None, language: str = "") -> None:
        command = {"command": "help", "description": description}
        place = {"scope": scope} if scope else {}
        await bot.get("setMyCommands", commands=[command], language_code=language, **place)

    await say("всем")
    await say("everybody", language="en")
    await say("в группах", {"type": "all_group_chats"})
    await say("администраторам", {"type": "all_chat_administrators"})
    await say("Петру", {"type": "chat", "chat_id": PYOTR})

    assert await menu(visitor, ANNA, ANNA) == ["всем"]
    assert await menu(visitor, JOHN, JOHN) == ["everybody"]
    assert await menu(visitor, PYOTR, PYOTR) == ["Петру"]
    assert await menu(visitor, HOUSE, JOHN) == ["в группах"]
    assert await menu(visitor, HOUSE, ANNA) == ["администраторам"]

    await bot.get("deleteMyCommands", scope={"type": "chat", "chat_id": PYOTR})
    assert await menu(visitor, PYOTR, PYOTR) == ["всем"]
    assert await bot.get("getMyCommands", language_code="de") == []


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        ({"command": "Help", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "помощь", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "help", "description": ""}, "command description must be non-empty"),
        ({"command": "help", "description": "x" * 257}, "command description length must not exceed 256"),
    ],
)
async def test_a_wrong_command_is_refused(bot: BotClient, command: Json, refusal: str) -> None:
    assert await bot.refused("setMyCommands", commands=[command]) == f"Bad Request: {refusal}"


async def test_texts_fall_back_to_those_for_everybody(bot: BotClient, visitor: Visitor) -> None:
    await bot.get("setMyName", name="Safety", language_code="en")
    await bot.get("setMyDescription", description="Ответы о безопасности")
    await bot.get("setMyShortDescription", short_description="Short", language_code="en")

    johns = (await visitor.look("/page/state", person_id=JOHN))["bot"]
    annas = (await visitor.look("/page/state", person_id=ANNA))["bot"]

    assert (johns["first_name"], johns["description"], johns["short_description"]) == (
        "Safety",
        "Ответы о безопасности",
        "Short",
    )
    assert (annas["first_name"], annas["short_description"]) == ("Безопасность", "")
    assert await bot.get("getMyName", language_code="en") == {"name": "Safety"}
    assert await bot.get("getMyDescription", language_code="en") == {"description": "Ответы о безопасности"}
    assert not (await bot.call("setMyDescription", description="x" * 513))["ok"]


async def test_the_menu_button_may_differ_in_one_chat(bot: BotClient) -> None:
    await bot.get("setChatMenuButton", chat_id=ANNA, menu_button={"type": "default"})

    assert await bot.get("getChatMenuButton", chat_id=ANNA) == {"type": "default"}
    assert await bot.get("getChatMenuButton") == {"type": "commands"}
    assert not (await bot.call("setChatMenuButton", menu_button={"type": "web_app"}))["ok"]
