"""The channel as a whole, over real HTTP."""

from tests.adapters.telegram.scene import ANNA, GROUP, Scene


async def test_a_question_is_answered(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "нашли обломки")

        assert await scene.until_bot_says(ANNA) == ["echo нашли обломки"]


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "просто разговор", GROUP)
        await scene.say(ANNA, "@safety_sandbox_bot что делать?", GROUP)

        assert await scene.until_bot_says(GROUP) == ["echo что делать?"]
