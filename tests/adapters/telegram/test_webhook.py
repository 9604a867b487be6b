"""Only Telegram gets in, and what it brings is taken before it is thanked."""

import asyncio
import socket
from typing import Any

import pytest

from bot.adapters.telegram.webhook import MAX_BODY, SECRET_HEADER, WebhookPlace
from tests.adapters.telegram.scene import ANNA, PETER, Scene, until
from tests.adapters.telegram.updates import make_update, sent_by

SECRET = "s3cret_canary"


def make_place() -> WebhookPlace:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return WebhookPlace("127.0.0.1", port, f"http://127.0.0.1:{port}/telegram/hook", SECRET)


async def post(scene: Scene, place: WebhookPlace, **fields: Any) -> int:
    headers = {SECRET_HEADER: SECRET, "Content-Type": "application/json", **fields.pop("headers", {})}
    method = fields.pop("method", "POST")
    url = fields.pop("url", place.url)
    async with scene.http.request(method, url, headers=headers, **fields) as response:
        return response.status


async def test_what_telegram_brings_is_answered(scene: Scene) -> None:
    async with scene.running(scene.channel(make_place())):
        await scene.say(ANNA, "вопрос")
        await scene.say(PETER, "и я")

        assert await scene.until_bot_says(ANNA) == ["echo вопрос"]
        assert await scene.until_bot_says(PETER) == ["echo и я"]


async def test_telegram_is_told_everything_it_needs(scene: Scene) -> None:
    place = make_place()
    async with scene.running(scene.channel(place)):
        (call,) = await until(lambda: scene.calls("setWebhook"), lambda calls: len(calls) == 1)

    assert call["params"]["url"] == place.url
    assert call["params"]["max_connections"] == 100
    assert call["params"].get("drop_pending_updates") in (None, False)
    assert sorted(call["params"]["allowed_updates"])[0] == "callback_query"


async def test_setting_the_webhook_is_tried_until_it_works(scene: Scene) -> None:
    await scene.fault(kind="http_500", method="setWebhook", times=2)
    channel = scene.channel(make_place())
    async with scene.running(channel):
        await until(lambda: scene.calls("setWebhook"), lambda calls: len(calls) >= 1)
        await scene.say(ANNA, "вопрос")

        assert await scene.until_bot_says(ANNA) == ["echo вопрос"]
        assert channel.trouble() == ""


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"headers": {SECRET_HEADER: "wrong"}}, 403),
        ({"headers": {SECRET_HEADER: ""}}, 403),
        ({"headers": {SECRET_HEADER: "s3cret_canaryy"}}, 403),
        ({"headers": {"Content-Type": "text/plain"}}, 415),
        ({"data": "{"}, 400),
        ({"data": "[]"}, 400),
        ({"data": "{}"}, 400),
        ({"data": '{"update_id": "1"}'}, 400),
        ({"data": "[" * 100_000}, 400),
        ({"data": b"\xff\xfe"}, 400),
        ({"data": b'"' + b"x" * MAX_BODY + b'"'}, 413),
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
    ],
)
async def test_nothing_else_gets_in(scene: Scene, fields: dict[str, Any], status: int) -> None:
    place = make_place()
    body = {"data": '{"update_id": 1}'} if "data" not in fields and fields.get("method") != "GET" else {}
    async with scene.running(scene.channel(place)):
        await until(lambda: scene.calls("setWebhook"), lambda calls: len(calls) == 1)

        assert await post(scene, place, **body, **fields) == status
    assert scene.echo.heard == []


async def test_another_path_is_nowhere(scene: Scene) -> None:
    place = make_place()
    async with scene.running(scene.channel(place)):
        await until(lambda: scene.calls("setWebhook"), lambda calls: len(calls) == 1)

        assert await post(scene, place, url=f"http://127.0.0.1:{place.port}/", data="{}") == 404


async def test_a_repeated_update_is_thanked_for_and_answered_once(scene: Scene) -> None:
    place = make_place()
    await scene.act("start", chat_id=ANNA, person_id=ANNA)
    person = {"id": ANNA, "is_bot": False, "first_name": "A"}
    chat = {"id": ANNA, "type": "private", "first_name": "A"}
    update = {**make_update(text="дважды", chat=chat, **sent_by(person)), "update_id": 77}
    async with scene.running(scene.channel(place)):
        await until(lambda: scene.calls("setWebhook"), lambda calls: len(calls) == 1)

        statuses = await asyncio.gather(*(post(scene, place, json=update) for _ in range(3)))

        assert statuses == [200, 200, 200]
        assert (await scene.bot_texts(ANNA)).count("echo дважды") == 1


async def test_the_thanks_come_after_the_answer(scene: Scene) -> None:
    place = make_place()
    await scene.act("start", chat_id=ANNA, person_id=ANNA)
    scene.echo.slow[ANNA] = 0.3
    async with scene.running(scene.channel(place)):
        await until(lambda: scene.calls("setWebhook"), lambda calls: len(calls) == 1)
        update = make_update(text="x", chat={"id": ANNA, "type": "private", "first_name": "A"})

        assert await post(scene, place, json=update) == 200
        assert "echo x" in await scene.bot_texts(ANNA)


async def test_the_webhook_stays_set_when_the_bot_stops(scene: Scene) -> None:
    async with scene.running(scene.channel(make_place())):
        await until(lambda: scene.calls("setWebhook"), lambda calls: len(calls) == 1)

    assert await scene.calls("deleteWebhook") == []


def test_the_secret_is_in_no_representation() -> None:
    assert SECRET not in repr(make_place())


async def test_without_a_secret_there_is_no_webhook(scene: Scene) -> None:
    place = WebhookPlace("127.0.0.1", 1, "http://127.0.0.1:1/", "")

    with pytest.raises(ValueError, match="secret"):
        async with scene.running(scene.channel(place)):
            pass


async def test_a_port_in_use_is_an_error_of_the_system(scene: Scene) -> None:
    place = WebhookPlace("127.0.0.1", scene.sandbox.port, "http://127.0.0.1:1/", SECRET)

    with pytest.raises(OSError, match="address already in use"):
        async with scene.running(scene.channel(place)):
            await asyncio.sleep(0.5)
