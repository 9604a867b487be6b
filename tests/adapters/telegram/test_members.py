"""Who counts as an admin."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.adapters.telegram.members import ChatMembers
from bot.adapters.telegram.request import AiohttpRequest
from tests.adapters.telegram.scene import ANNA, GROUP, PETER, Scene


@pytest.fixture
async def members(scene: Scene) -> AsyncIterator[ChatMembers]:
    """The members of the sandbox's chats."""
    async with AiohttpRequest() as request:
        yield ChatMembers(Bot(scene.sandbox.token, base_url=f"{scene.sandbox.url}/bot", request=request))


async def test_an_admin_is_one_and_others_are_not(members: ChatMembers) -> None:
    assert await members.is_admin(GROUP, ANNA)
    assert not await members.is_admin(GROUP, PETER)


async def test_whoever_writes_as_the_group_is_an_admin(scene: Scene, members: ChatMembers) -> None:
    assert await members.is_admin(GROUP, GROUP)
    assert not await members.is_admin(GROUP, -200)
    assert await scene.calls("getChatMember") == []


async def test_a_person_rules_their_own_chat(members: ChatMembers) -> None:
    assert await members.is_admin(ANNA, ANNA)


async def test_telegram_is_asked_once_a_minute(scene: Scene, members: ChatMembers) -> None:
    for _ in range(5):
        await members.is_admin(GROUP, ANNA)
        await members.is_admin(GROUP, PETER)

    assert len(await scene.calls("getChatMember")) == 2


async def test_when_telegram_does_not_say_the_answer_is_no_and_not_kept(
    scene: Scene, members: ChatMembers
) -> None:
    await scene.fault(kind="http_500", method="getChatMember", times=1)

    assert not await members.is_admin(GROUP, ANNA)
    assert await members.is_admin(GROUP, ANNA)
