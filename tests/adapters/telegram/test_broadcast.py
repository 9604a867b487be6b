"""One attempt of a broadcast over real HTTP: whatever meets it (T4) ends in the right outcome."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot.adapters.telegram.broadcast import TelegramBroadcast
from bot.core.message import Button, OutgoingMessage, Press, Style, Text, styled
from bot.core.notices.delivery import (
    Ambiguous,
    Migrated,
    Outcome,
    Rejected,
    Sent,
    Throttled,
    Unavailable,
    Unreachable,
)
from tests.adapters.telegram.scene import ANNA, GROUP, PETER, Scene

NOTICE = OutgoingMessage(
    styled(Style.BOLD, "Опасность 🛑") + "\nУйдите в укрытие.",
    ((Button("Что делать", Press("guide:air-raid")),),),
)
ENDED = OutgoingMessage(Text("Отбой."))


@asynccontextmanager
async def broadcasting(scene: Scene, **options: Any) -> AsyncIterator[TelegramBroadcast]:
    base_url = f"{scene.sandbox.url}/bot"
    async with TelegramBroadcast(scene.sandbox.token, base_url, username="a_bot", **options) as broadcast:
        yield broadcast


async def send(scene: Scene, chat_id: int = ANNA, **options: Any) -> Outcome:
    async with broadcasting(scene, **options) as broadcast:
        return await broadcast.send(broadcast.prepare(NOTICE), chat_id, silent=False)


@pytest.fixture
async def anna(scene: Scene) -> Scene:
    """A scene in which the bot may write to Anna."""
    await scene.act("start", chat_id=ANNA, person_id=ANNA)
    return scene


async def test_a_copy_arrives_with_its_styles_and_buttons(anna: Scene) -> None:
    outcome = await send(anna)

    (copy,) = [one for one in await anna.messages(ANNA) if one["from"]["is_bot"]]
    assert outcome == Sent(copy["id"])
    assert copy["text"] == NOTICE.text.words
    (call,) = await anna.calls("sendMessage")
    assert call["params"]["entities"] == [{"type": "bold", "offset": 0, "length": 12}]
    assert call["params"]["link_preview_options"] == {"is_disabled": True}
    button = {"text": "Что делать", "callback_data": "guide:air-raid"}
    assert call["params"]["reply_markup"] == {"inline_keyboard": [[button]]}
    assert "parse_mode" not in call["params"]


async def test_sound_and_what_is_answered_are_each_recipients_own(anna: Scene) -> None:
    async with broadcasting(anna) as broadcast:
        prepared = broadcast.prepare(NOTICE)
        first = await broadcast.send(prepared, ANNA, silent=True)
        assert isinstance(first, Sent)
        await broadcast.send(prepared, ANNA, silent=False, reply_to=first.message_id)
        gone = await broadcast.send(prepared, ANNA, silent=False, reply_to=987_654)

    silent, ringing, _ = [call["params"] for call in await anna.calls("sendMessage")]
    assert silent["disable_notification"] is True
    assert "disable_notification" not in ringing
    assert ringing["reply_parameters"]["message_id"] == first.message_id
    assert isinstance(gone, Sent)


async def test_in_a_group_a_guide_opens_in_private(scene: Scene) -> None:
    outcome = await send(scene, GROUP)

    assert isinstance(outcome, Sent)
    (call,) = await scene.calls("sendMessage")
    button = {"text": "Что делать", "url": "https://t.me/a_bot?start=air-raid"}
    assert call["params"]["reply_markup"] == {"inline_keyboard": [[button]]}


async def test_a_copy_is_edited_in_place_and_once_more_harmlessly(anna: Scene) -> None:
    async with broadcasting(anna) as broadcast:
        sent = await broadcast.send(broadcast.prepare(NOTICE), ANNA, silent=False)
        assert isinstance(sent, Sent)
        ended = broadcast.prepare(ENDED)
        outcomes = [await broadcast.edit(ended, ANNA, sent.message_id) for _ in range(2)]
        lost = await broadcast.edit(ended, ANNA, 987_654)

    assert outcomes == [sent, sent]
    assert await anna.bot_texts(ANNA) == ["Отбой."]
    assert lost == Rejected("Bad Request: message to edit not found")


async def test_the_channels_copy_is_pinned(scene: Scene) -> None:
    async with broadcasting(scene) as broadcast:
        sent = await broadcast.send(broadcast.prepare(ENDED), GROUP, silent=False)
        assert isinstance(sent, Sent)
        await scene.act("promote_bot", chat_id=GROUP, admin=True)
        outcome = await broadcast.pin(GROUP, sent.message_id)

    assert outcome == sent
    assert scene.sandbox.world.chats[GROUP].pinned == [sent.message_id]


@pytest.mark.parametrize(
    ("fault", "outcome", "copies"),
    [
        ({"kind": "reset_before"}, Ambiguous("connection broke: ClientOSError"), 0),
        ({"kind": "reset_after"}, Ambiguous("connection broke: ClientOSError"), 1),
        ({"kind": "hang"}, Ambiguous("connection broke: SocketTimeoutError"), 0),
        ({"kind": "http_500"}, Ambiguous("HTTP 500"), 0),
        ({"kind": "http_502"}, Ambiguous("HTTP 502"), 0),
        ({"kind": "malformed"}, Ambiguous("the answer is not the Bot API's"), 0),
        ({"kind": "429", "retry_after": 1}, Throttled(dt.timedelta(seconds=1)), 0),
        ({"kind": "429", "retry_after": 600}, Throttled(dt.timedelta(minutes=10)), 0),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
async def test_trouble_is_told_for_what_it_is(
    anna: Scene, fault: dict[str, Any], outcome: Outcome, copies: int
) -> None:
    await anna.fault(**fault, times=1)

    assert await send(anna, read_timeout=0.2) == outcome

    assert len(await anna.bot_texts(ANNA)) == copies


async def test_who_is_gone_is_unreachable(anna: Scene) -> None:
    await anna.act("start", chat_id=PETER, person_id=PETER)
    await anna.act("block", person_id=ANNA)
    anna.sandbox.world.people[PETER].is_deactivated = True
    await anna.act("remove_bot", chat_id=GROUP)

    assert [await send(anna, chat_id) for chat_id in (ANNA, PETER, GROUP, 987_654)] == [
        Unreachable("Forbidden: bot was blocked by the user"),
        Unreachable("Forbidden: user is deactivated"),
        Unreachable("Forbidden: bot was kicked from the group chat"),
        Rejected("Bad Request: chat not found"),
    ]


async def test_a_group_that_moved_is_named_by_its_new_id(scene: Scene) -> None:
    await scene.act("migrate", chat_id=GROUP)

    outcome = await send(scene, GROUP)

    assert outcome == Migrated(scene.sandbox.world.chats[GROUP].migrated_to)


async def test_what_is_refused_for_its_looks_goes_as_bare_words(anna: Scene) -> None:
    async with broadcasting(anna) as broadcast:
        prepared = broadcast.prepare(ENDED)
        odd = replace(prepared, private=prepared.private[:-1] + b',"reply_markup":7}')
        sent = await broadcast.send(odd, ANNA, silent=False)
        assert isinstance(sent, Sent)
        said = await anna.bot_texts(ANNA)
        edited = await broadcast.edit(replace(odd, bare=b',"text":"x"}'), ANNA, sent.message_id)

    assert edited == sent
    assert [*said, *await anna.bot_texts(ANNA)] == ["Отбой.", "x"]


async def test_nobody_listening_has_sent_nothing() -> None:
    async with TelegramBroadcast("1:canary", "http://127.0.0.1:1/bot") as broadcast:
        outcome = await broadcast.send(broadcast.prepare(ENDED), ANNA, silent=False)

    assert isinstance(outcome, Unavailable)
    assert "canary" not in outcome.reason


async def test_a_closed_session_has_sent_nothing(scene: Scene) -> None:
    broadcast = TelegramBroadcast(scene.sandbox.token, f"{scene.sandbox.url}/bot")

    outcome = await broadcast.send(broadcast.prepare(ENDED), ANNA, silent=False)

    assert isinstance(outcome, Unavailable)


async def test_a_token_that_is_no_more_refuses_nobody(scene: Scene) -> None:
    async with TelegramBroadcast("1:canary", f"{scene.sandbox.url}/bot") as broadcast:
        outcome = await broadcast.send(broadcast.prepare(ENDED), ANNA, silent=False)

    assert outcome == Unavailable("HTTP 401")


def test_a_message_without_words_is_not_prepared() -> None:
    broadcast = TelegramBroadcast("1:canary", "http://127.0.0.1:1/bot")

    with pytest.raises(ValueError, match="without words"):
        broadcast.prepare(OutgoingMessage(Text(" ")))


@asynccontextmanager
async def telegram_that_refuses(code: int, reason: str) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """A server that refuses all that has buttons, and what it was sent."""
    bodies: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        if "reply_markup" in bodies[-1]:
            refusal = {"ok": False, "error_code": code, "description": reason}
            return web.json_response(refusal, status=code)
        return web.json_response({"ok": True, "result": {"message_id": len(bodies)}})

    app = web.Application()
    app.router.add_post("/{anything:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot", bodies
    await runner.cleanup()


@pytest.mark.parametrize(
    ("code", "reason", "calls"),
    [
        (400, "Bad Request: chat not found", 1),
        (400, "Bad Request: PEER_ID_INVALID", 1),
        (400, "Bad Request: message to edit not found", 1),
        (400, "Bad Request: message is too long", 1),  # bare, it is as long
        (400, "Bad Request: not enough rights to send text messages to the chat", 1),
        (403, "Forbidden: bot can't initiate conversation with a user", 1),
        (403, "Forbidden: bots can't send reply markup here", 1),
        (400, "Bad Request: can't parse entities: byte offset 12", 2),
        (400, "Bad Request: ENTITY_BOUNDS_INVALID", 2),
        (400, "Bad Request: BUTTON_DATA_INVALID", 2),
        (400, "Bad Request: inline keyboard button URL is invalid", 2),
        (400, "Bad Request: object expected as reply markup", 2),
    ],
)
async def test_only_what_its_looks_met_is_called_again(code: int, reason: str, calls: int) -> None:
    async with (
        telegram_that_refuses(code, reason) as (base_url, bodies),
        TelegramBroadcast("1:canary", base_url) as broadcast,
    ):
        prepared = broadcast.prepare(NOTICE)
        sent = await broadcast.send(prepared, ANNA, silent=False)
        edited = await broadcast.edit(prepared, ANNA, 5)

    assert len(bodies) == 2 * calls
    assert [isinstance(one, Sent) for one in (sent, edited)] == [calls == 2] * 2
    assert bodies[-1]["text"] == NOTICE.text.words
