"""Each way in which a call can fail, made by a real server, becomes the error that says what to do."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.adapters.telegram.request import (
    AiohttpRequest,
    MaybeDelivered,
    NeverSent,
    Throttled,
    Unavailable,
)
from bot.sandbox.server import Sandbox
from tests.adapters.telegram.scene import ANNA, Scene

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def bot_against(handler: Handler) -> AsyncIterator[Bot]:
    """A bot whose Telegram answers with `handler`, whatever is called."""
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with AiohttpRequest(read_timeout=0.3) as request:
        base = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
        yield Bot("123:canary", base_url=base, request=request)
    await runner.cleanup()


def answering(status: int, body: str, content_type: str = "application/json") -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=content_type)

    return handler


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, "<html>sign in to the hotel's network</html>", Unavailable),
        (200, '{"ok": true, "resu', Unavailable),
        (200, '{"ok": true, "result": tru', Unavailable),
        (200, '["result"]', Unavailable),
        (200, "", Unavailable),
        (302, "", Unavailable),
        (403, "<html>blocked by the provider</html>", Unavailable),
        (404, "<html>not here</html>", Unavailable),
        (500, '{"ok": false, "error_code": 500, "description": "Internal Server Error"}', Unavailable),
        (502, "<html>Bad Gateway</html>", Unavailable),
        (401, '{"ok": false, "error_code": 401, "description": "Unauthorized"}', InvalidToken),
        (400, '{"ok": false, "error_code": 400, "description": "Bad Request: no"}', BadRequest),
        (403, '{"ok": false, "error_code": 403, "description": "Forbidden: no"}', Forbidden),
    ],
)
async def test_an_answer_that_is_none_is_told_from_a_refusal(
    status: int, body: str, error: type[Exception]
) -> None:
    async with bot_against(answering(status, body)) as bot:
        with pytest.raises(error) as caught:
            await bot.send_chat_action(1, "typing")

    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [('{"retry_after": 17}', 17), ("{}", 1), ('{"retry_after": "x"}', 1), ("null", 1)],
)
async def test_a_pause_that_telegram_wants_is_in_the_error(parameters: str, seconds: float) -> None:
    body = f'{{"ok": false, "error_code": 429, "description": "Too Many", "parameters": {parameters}}}'
    async with bot_against(answering(429, body)) as bot:
        with pytest.raises(Throttled) as caught:
            await bot.send_chat_action(1, "typing")

    assert caught.value.seconds == seconds


async def test_a_connection_that_never_was_has_sent_nothing() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NeverSent) as caught:
            await Bot("123:canary", base_url="http://127.0.0.1:1/bot", request=request).get_me()

    assert "canary" not in str(caught.value)


async def test_a_name_that_nobody_knows_has_sent_nothing() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NeverSent):
            await Bot("123:canary", base_url="http://host.invalid/bot", request=request).get_me()


async def test_a_connection_that_breaks_may_have_delivered() -> None:
    async def reset(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with bot_against(reset) as bot:
        with pytest.raises(MaybeDelivered) as caught:
            await bot.send_message(1, "x")

    assert "canary" not in str(caught.value)


async def test_an_answer_that_does_not_come_may_have_delivered() -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(2)
        return web.Response()

    async with bot_against(hang) as bot:
        with pytest.raises(MaybeDelivered):
            await bot.send_message(1, "x")


async def test_waiting_for_a_free_connection_has_sent_nothing() -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.5)
        return web.json_response({"ok": True, "result": True})

    app = web.Application()
    app.router.add_post("/{anything:.*}", hang)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    async with AiohttpRequest(connections=1, connect_timeout=0.1) as request:
        bot = Bot("123:canary", base_url=base, request=request)
        done, refused = await asyncio.gather(
            bot.send_chat_action(1, "typing"), bot.send_chat_action(2, "typing"), return_exceptions=True
        )
    await runner.cleanup()

    assert done is True
    assert isinstance(refused, NeverSent)


async def test_what_cannot_be_parsed_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with bot_against(answering(200, "somebody's words")) as bot:
        with pytest.raises(Unavailable):
            await bot.get_me()

    assert "somebody's words" not in caplog.text


async def test_files_are_sent_as_they_are(scene: Scene) -> None:
    async with AiohttpRequest() as request:
        bot = Bot(scene.sandbox.token, base_url=f"{scene.sandbox.url}/bot", request=request)
        await scene.act("start", chat_id=ANNA, person_id=ANNA)

        sent = await bot.send_document(ANNA, InputFile(b"a,b\n1,2\n", "table.csv"), caption="Таблица")

    assert sent.document is not None
    assert sent.document.file_size == 8
    assert sent.caption == "Таблица"


async def test_a_closed_session_has_sent_nothing(scene: Scene) -> None:
    request = AiohttpRequest()
    bot = Bot(Sandbox().token, base_url=f"{scene.sandbox.url}/bot", request=request)

    with pytest.raises(NeverSent):
        await bot.get_me()
