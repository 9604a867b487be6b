"""Updates are delivered with the secret, and again after failures; a method in the answer is obeyed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.sandbox.clients import ANNA, BotClient, Json, Visitor


class Receiver:
    """A bot's webhook that answers as it is told: statuses in turn, then 200 with `reply`."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
        self.statuses: list[int] = []
        self.reply: Json | None = None
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        await self.got.put((secret, await request.json()))
        if self.statuses:
            return web.Response(status=self.statuses.pop(0))
        return web.json_response(self.reply) if self.reply else web.Response()

    async def next(self) -> tuple[str, Json]:
        return await asyncio.wait_for(self.got.get(), 5)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    it = Receiver()
    app = web.Application()
    app.router.add_post("/hook", it.handle)
    async with TestServer(app) as server:
        it.url = str(server.make_url("/hook"))
        yield it


async def test_an_update_arrives_with_the_secret(
    bot: BotClient, visitor: Visitor, receiver: Receiver
) -> None:
    await bot.get("setWebhook", url=receiver.url, secret_token="s3cret", allowed_updates=["message"])

    await visitor.start(ANNA)

    secret, update = await receiver.next()
    assert secret == "s3cret"
    assert update["message"]["text"] == "/start"
    info = await bot.get("getWebhookInfo")
    assert (info["url"], info["allowed_updates"], info["pending_update_count"]) == (
        receiver.url,
        ["message"],
        0,
    )


async def test_a_failed_delivery_is_repeated(bot: BotClient, visitor: Visitor, receiver: Receiver) -> None:
    bot.sandbox.api.webhook.first_wait_seconds = 0.01
    receiver.statuses = [500, 404]
    await bot.get("setWebhook", url=receiver.url)

    await visitor.start(ANNA)

    ids = [(await receiver.next())[1]["update_id"] for _ in range(3)]
    assert len(set(ids)) == 1
    info = await bot.get("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"


async def test_the_answer_may_be_a_method(bot: BotClient, visitor: Visitor, receiver: Receiver) -> None:
    receiver.reply = {"method": "sendMessage", "chat_id": ANNA, "text": "сразу"}
    await bot.get("setWebhook", url=receiver.url)

    async with visitor.watching() as next_event:
        await visitor.start(ANNA)
        await next_event()

        assert (await next_event())["message"]["text"] == "сразу"


async def test_nobody_polls_while_a_webhook_is_set(bot: BotClient, visitor: Visitor) -> None:
    await bot.get("setWebhook", url="http://127.0.0.1:9/nobody")
    await visitor.start(ANNA)

    words = await bot.refused("getUpdates")
    await bot.get("deleteWebhook")

    assert words == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert [one["message"]["text"] for one in await bot.updates()] == ["/start"]


async def test_a_new_webhook_ends_a_waiting_poll(bot: BotClient) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)

    await bot.get("setWebhook", url="http://127.0.0.1:9/nobody")

    ended = await asyncio.wait_for(poll, 5)
    assert ended["description"] == "Conflict: terminated by setWebhook request"


async def test_pending_updates_are_dropped_on_request(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)

    await bot.get("deleteWebhook", drop_pending_updates=True)

    assert await bot.updates() == []


async def test_a_wrong_address_or_secret_is_refused(bot: BotClient) -> None:
    assert await bot.refused("setWebhook", url="ftp://x") == (
        "Bad Request: bad webhook: An HTTP or HTTPS URL must be provided for webhook"
    )
    assert await bot.refused("setWebhook", url="http://x", secret_token="ы") == (
        "Bad Request: secret token contains unallowed characters"
    )
