"""Limits, faults and slowness can be switched on, and every call is on record."""

import asyncio

import aiohttp
import pytest

from tests.sandbox.clients import ANNA, HOUSE, PYOTR, BotClient, Clock, Visitor


async def test_a_chat_takes_a_burst_and_then_asks_for_patience(
    bot: BotClient, visitor: Visitor, clock: Clock
) -> None:
    await visitor.start(ANNA)
    await visitor.start(PYOTR)
    await visitor.control("limits", on=True, chat_burst=2, block_seconds=5)

    answers = [await bot.call("sendMessage", chat_id=ANNA, text="x") for _ in range(3)]
    neighbour = await bot.call("sendMessage", chat_id=PYOTR, text="x")
    clock.pass_by(seconds=2)
    early = await bot.call("sendMessage", chat_id=ANNA, text="x")
    clock.pass_by(seconds=3)
    patient = await bot.call("sendMessage", chat_id=ANNA, text="x")

    assert [one["ok"] for one in answers] == [True, True, False]
    assert answers[2]["description"] == "Too Many Requests: retry after 5"
    assert answers[2]["parameters"] == {"retry_after": 5}
    assert neighbour["ok"]
    assert early["parameters"] == {"retry_after": 3}
    assert patient["ok"]


async def test_all_chats_together_have_a_limit_too(bot: BotClient, visitor: Visitor, clock: Clock) -> None:
    people = await visitor.control("people", count=40)
    await visitor.control("limits", on=True, block_seconds=1)
    ids = range(people["first_id"], people["last_id"] + 1)

    first = [(await bot.call("sendMessage", chat_id=one, text="x"))["ok"] for one in ids]
    clock.pass_by(seconds=1)
    paid = [
        (await bot.call("sendMessage", chat_id=one, text="x", allow_paid_broadcast=True))["ok"] for one in ids
    ]

    assert first == [True] * 30 + [False] * 10
    assert all(paid)


async def test_a_group_takes_twenty_a_minute(bot: BotClient, visitor: Visitor, clock: Clock) -> None:
    await visitor.control("limits", on=True)

    answers = []
    for _ in range(21):
        answers.append((await bot.call("sendMessage", chat_id=HOUSE, text="x"))["ok"])
        clock.pass_by(seconds=1)

    assert answers == [True] * 20 + [False]


async def test_without_limits_nothing_is_refused(bot: BotClient, visitor: Visitor) -> None:
    assert all([(await bot.call("sendMessage", chat_id=HOUSE, text="x"))["ok"] for _ in range(50)])


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("http_500", 500, '{"ok": false, "error_code": 500, "description": "Internal Server Error"}'),
        ("malformed", 200, '{"ok":true,"result":'),
    ],
)
async def test_a_fault_answers_wrongly_as_often_as_told(
    bot: BotClient, visitor: Visitor, kind: str, status: int, body: str
) -> None:
    await visitor.control("faults", method="getMe", kind=kind, times=1)

    async with bot.http.get(f"{bot.address}/getMe") as answer:
        assert (answer.status, await answer.text()) == (status, body)
    assert (await bot.call("getMe"))["ok"]


async def test_a_bad_gateway_is_not_json(bot: BotClient, visitor: Visitor) -> None:
    await visitor.control("faults", kind="http_502", seconds=60)

    async with bot.http.get(f"{bot.address}/getMe") as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")


async def test_a_429_can_be_had_for_one_chat(bot: BotClient, visitor: Visitor) -> None:
    for person in (ANNA, PYOTR):
        await visitor.start(person)
    await visitor.control("faults", method="sendMessage", kind="429", chat_id=ANNA, retry_after=7)

    assert (await bot.call("sendMessage", chat_id=str(ANNA), text="x"))["parameters"] == {"retry_after": 7}
    assert (await bot.call("sendMessage", chat_id=PYOTR, text="x"))["ok"]


@pytest.mark.parametrize(("kind", "arrives"), [("reset_before", False), ("reset_after", True)])
async def test_a_cut_connection_leaves_open_whether_it_was_sent(
    bot: BotClient, visitor: Visitor, kind: str, arrives: bool
) -> None:
    await visitor.start(ANNA)
    await visitor.control("faults", method="sendMessage", kind=kind, times=1)

    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.call("sendMessage", chat_id=ANNA, text="дошло?")

    assert ("дошло?" in [one.get("text") for one in await visitor.messages(ANNA)]) is arrives


async def test_a_hanging_call_never_answers(bot: BotClient, visitor: Visitor) -> None:
    await visitor.control("faults", method="getMe", kind="hang", times=1)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bot.call("getMe"), 0.2)

    assert (await bot.call("getMe"))["ok"]


async def test_faults_end_when_told_or_in_time(bot: BotClient, visitor: Visitor, clock: Clock) -> None:
    await visitor.control("faults", kind="http_500", seconds=10)
    assert not (await bot.call("getMe"))["ok"]

    clock.pass_by(seconds=11)
    assert (await bot.call("getMe"))["ok"]

    await visitor.control("faults", kind="http_500")
    async with bot.http.delete(f"{bot.sandbox.url}/sandbox/faults") as answer:
        assert answer.status == 200
    assert (await bot.call("getMe"))["ok"]


async def test_a_misspelt_fault_is_refused(bot: BotClient) -> None:
    async with bot.http.post(f"{bot.sandbox.url}/sandbox/faults", json={"kind": "reset_middle"}) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"].startswith("kind: one of http_500")


async def test_slow_answers_come_after_the_deed(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    await visitor.control("latency", milliseconds=2000)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bot.call("sendMessage", chat_id=ANNA, text="x"), 0.2)

    assert (await visitor.messages(ANNA))[-1]["text"] == "x"


async def test_every_call_is_on_record_with_its_answer(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    await bot.call("sendMessage", chat_id=ANNA, text="x")
    await bot.call("sendMessage", chat_id=5, text="y")

    record = await visitor.look("/sandbox/calls", method="sendMessage")
    later = await visitor.look("/sandbox/calls", after=record["last"])

    assert [(one["n"], one["params"]["text"], one["ok"], one["code"]) for one in record["calls"]] == [
        (1, "x", True, 200),
        (2, "y", False, 400),
    ]
    assert later["calls"] == []
    assert bot.sandbox.token not in str(record)
