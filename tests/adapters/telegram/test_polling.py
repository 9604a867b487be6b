"""Updates are fetched whatever happens, and confirmed only when answered."""

import asyncio
import logging
import time

import pytest
from telegram import Bot

from bot.adapters.telegram.request import AiohttpRequest
from tests.adapters.telegram.scene import ANNA, PETER, Scene, until, watching


async def test_a_process_killed_in_mid_batch_gets_the_unanswered_ones_again(scene: Scene) -> None:
    scene.echo.slow[ANNA] = 60.0
    killed = asyncio.create_task(
        scene.channel().run(scene.echo, (), asyncio.Event())  # never told to stop
    )
    await scene.say(ANNA, "первая")
    await scene.say(PETER, "вторая")
    await scene.until_bot_says(PETER)
    await asyncio.sleep(0.3)
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        if "_see_through" in repr(task):
            task.cancel()

    scene.echo.slow.clear()
    async with scene.running():
        assert await scene.until_bot_says(ANNA) == ["echo первая"]
        await scene.say(PETER, "третья")
        assert await scene.until_bot_says(PETER, 2) == ["echo вторая", "echo третья"]


async def test_what_is_answered_is_confirmed_before_the_end(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(ANNA)

    scene.journal.handled.clear()
    async with scene.running():
        await scene.say(PETER, "вопрос")
        await scene.until_bot_says(PETER)

    assert await scene.bot_texts(ANNA) == ["echo вопрос"]


async def test_stopping_waits_for_what_is_in_work(scene: Scene) -> None:
    scene.echo.slow[ANNA] = 0.5
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await until(watching(lambda: len(scene.echo.heard)), lambda count: count == 1)

    assert await scene.bot_texts(ANNA) == ["echo вопрос"]


async def test_stopping_while_nothing_happens_is_quick(scene: Scene) -> None:
    async with scene.running():
        await asyncio.sleep(0.2)
        started = time.monotonic()

    assert time.monotonic() - started < 1


async def test_telegram_away_at_the_start_is_waited_for(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    port = scene.sandbox.port
    await scene.sandbox.stop()
    stop = asyncio.Event()
    channel = scene.channel()
    task = asyncio.create_task(channel.run(scene.echo, (), stop))
    await asyncio.sleep(1)
    assert channel.trouble() == "Telegram has not answered yet"

    await scene.sandbox.start(port=port)
    await scene.say(ANNA, "есть кто?")
    assert await scene.until_bot_says(ANNA) == ["echo есть кто?"]
    assert channel.trouble() == ""

    stop.set()
    await task
    ours = [record.getMessage() for record in caplog.records if record.name.endswith("channel")]
    assert ours[0] == "Telegram does not answer (for 0 s): no connection: ClientConnectorError; trying on"
    assert ours[1].startswith("Telegram does not answer: over after")


async def test_it_can_be_stopped_while_telegram_is_away(scene: Scene) -> None:
    await scene.sandbox.stop()
    stop = asyncio.Event()
    task = asyncio.create_task(scene.channel().run(scene.echo, (), stop))
    await asyncio.sleep(0.3)

    stop.set()

    await asyncio.wait_for(task, 2)


@pytest.mark.parametrize("kind", ["http_500", "http_502", "malformed", "reset_before", "reset_after", "429"])
async def test_trouble_with_fetching_passes(scene: Scene, kind: str) -> None:
    async with scene.running():
        await scene.fault(kind=kind, method="getUpdates", times=3)
        await scene.say(ANNA, "вопрос")

        assert await scene.until_bot_says(ANNA, seconds=15) == ["echo вопрос"]


async def test_a_second_poller_is_named_and_waited_out(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.running(), AiohttpRequest() as request:
        other = Bot(scene.sandbox.token, base_url=f"{scene.sandbox.url}/bot", request=request)
        await asyncio.sleep(0.2)
        other_poll = asyncio.create_task(request.retrieve(f"{other.base_url}/getUpdates?timeout=1"))
        await until(
            watching(lambda: caplog.messages),
            lambda said: any("another process is polling" in line for line in said),
        )
        await asyncio.gather(other_poll, return_exceptions=True)

        await scene.say(ANNA, "вопрос")
        assert await scene.until_bot_says(ANNA, seconds=15) == ["echo вопрос"]


async def test_a_webhook_in_the_way_is_removed_and_nothing_waiting_is_lost(scene: Scene) -> None:
    async with AiohttpRequest() as request:
        bot = Bot(scene.sandbox.token, base_url=f"{scene.sandbox.url}/bot", request=request)
        await bot.set_webhook("http://127.0.0.1:1/nowhere", secret_token="s")
        await scene.say(ANNA, "вопрос")

        async with scene.running():
            assert await scene.until_bot_says(ANNA) == ["echo вопрос"]

        assert (await bot.get_webhook_info()).url == ""


async def test_only_the_updates_that_are_read_are_asked_for(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(ANNA)

    (call, *_) = await scene.calls("getUpdates")
    assert sorted(call["params"]["allowed_updates"]) == [
        "callback_query",
        "edited_message",
        "inline_query",
        "message",
        "my_chat_member",
    ]


async def test_waiting_for_one_answer_does_not_become_a_storm_of_questions(scene: Scene) -> None:
    scene.echo.slow[ANNA] = 3.0
    async with scene.running():
        await scene.say(ANNA, "долго")
        await scene.until_bot_says(ANNA)

    assert len(await scene.calls("getUpdates")) < 15
