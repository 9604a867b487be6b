"""What operators are told without asking, over real HTTP."""

import asyncio

from bot.core.message import OutgoingMessage, Text
from tests.adapters.telegram.scene import ANNA, OPERATOR, Scene


def words(text: str) -> OutgoingMessage:
    return OutgoingMessage(Text(text))


async def test_a_message_of_its_own_accord_arrives_and_is_changed_in_place(scene: Scene) -> None:
    await scene.say(ANNA, "/start")
    async with scene.running() as channel:
        message_id = await channel.unasked.send(ANNA, words("3 of 10"))
        assert message_id is not None
        await channel.unasked.edit(ANNA, message_id, words("10 of 10"))

        said = await scene.until_bot_says(ANNA, 2)
        assert "10 of 10" in said
        assert "3 of 10" not in said


async def test_what_is_told_before_the_bot_is_connected_waits_for_it(scene: Scene) -> None:
    await scene.say(ANNA, "/start")
    channel = scene.channel()
    early = asyncio.create_task(channel.unasked.send(ANNA, words("early")))
    await asyncio.sleep(0.05)

    async with scene.running(channel):
        assert await early is not None


async def test_somebody_who_cannot_be_reached_raises_nothing(scene: Scene) -> None:
    async with scene.running() as channel:
        assert await channel.unasked.send(9_999_999, words("hello")) is None
        await channel.unasked.edit(OPERATOR, 9_999, words("hello"))


async def test_what_is_protected_cannot_be_passed_on_and_what_is_silent_does_not_ring(scene: Scene) -> None:
    await scene.say(ANNA, "/start")
    async with scene.running() as channel:
        draft = OutgoingMessage(Text("only a draft"), silent=True, protected=True)
        await channel.unasked.send(ANNA, draft)
        await channel.unasked.send(ANNA, words("the real thing"))

    sent = {call["params"]["text"]: call["params"] for call in await scene.calls("sendMessage")}
    marks = ("protect_content", "disable_notification")
    assert [sent["only a draft"].get(mark) for mark in marks] == [True, True]
    assert [sent["the real thing"].get(mark) for mark in marks] == [None, None]
