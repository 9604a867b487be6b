"""The real bot process on a bad night: floods, outages, faults and restarts."""

import asyncio
import contextlib
import signal
import socket
import time
from pathlib import Path

import aiohttp

from tests.walks.conftest import CANARY
from tests.walks.town import ANNA, PYOTR, BotProcess, Town, environment, eventually


def free_port() -> int:
    """Return a port on which nobody listens."""
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def status(port: int, path: str) -> int:
    """Return what the bot tells machines about itself, 0 while it does not listen."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}{path}") as response,
        ):
            return response.status
    except aiohttp.ClientConnectionError:
        return 0


async def known(town: Town, count: int) -> range:
    """Return people whom the bot has greeted before: from now on every message has one answer."""
    people = await town.people(count)
    for person in people:
        await town.say(person, "/help")
    for person in people:
        await town.reply(person, seconds=30)
    return people


async def test_one_persons_flood_keeps_nobody_waiting(town: Town, bot: BotProcess) -> None:
    people = await known(town, 50)
    for number in range(200):
        await town.say(ANNA, f"обломки {number}")
    asked = time.monotonic()
    for person in people:
        await town.say(person, "пахнет газом")

    for person in people:
        await town.reply(person, 2, seconds=10)
    assert time.monotonic() - asked < 10
    await asyncio.sleep(1)
    assert all([len(await town.replies(person)) == 2 for person in people])
    flood = await eventually(
        lambda: town.replies(ANNA),
        lambda replies: any("Слишком много" in reply["text"] for reply in replies),
        seconds=30,
    )
    assert 3 <= len(flood) <= 15
    assert sum("Слишком много" in reply["text"] for reply in flood) == 1


async def test_fifty_strangers_at_once_are_answered_in_time_under_telegrams_own_limits(
    town: Town, bot: BotProcess
) -> None:
    strangers = [await town.newcomer("ru") for _ in range(50)]
    await town.limits(on=True)
    for number in range(200):
        await town.say(ANNA, f"обломки {number}")
    asked = time.monotonic()
    for person in strangers:
        await town.say(person, "пахнет газом")

    for person in strangers:
        assert "газ" in (await town.reply(person, seconds=10))["text"].lower()
    assert time.monotonic() - asked < 10
    await asyncio.sleep(1)
    assert all([len(await town.replies(person)) == 1 for person in strangers])


async def test_ten_neighbours_in_one_house_chat_are_all_answered_at_once(town: Town, bot: BotProcess) -> None:
    neighbours = [await town.newcomer("ru") for _ in range(10)]
    house = await town.house(*neighbours)
    await town.reply(house)
    asked = time.monotonic()
    for person in neighbours:
        await town.say(person, "@safety_sandbox_bot пахнет газом", house)

    await town.reply(house, 11, seconds=10)
    assert time.monotonic() - asked < 10


async def test_every_button_pressed_twice_is_answered_and_changes_things_once(
    town: Town, bot: BotProcess
) -> None:
    await town.say(ANNA, "нашли обломки")
    await town.reply(ANNA)
    guide = (await town.replies(ANNA))[0]
    presses = [button for row in guide["buttons"] for button in row if button["kind"] == "callback"]
    for button in presses:
        await asyncio.gather(*(town.press(ANNA, guide, button["data"]) for _ in range(2)))

    await eventually(
        lambda: town.calls("answerCallbackQuery"), lambda calls: len(calls) == 2 * len(presses), 30
    )
    await asyncio.sleep(1)
    assert len(await town.replies(ANNA)) == 1 + len(presses)
    assert not [call for call in await town.calls() if call["code"] == 400]


async def test_stale_and_garbage_buttons_are_answered_with_the_topics(town: Town, bot: BotProcess) -> None:
    await town.say(ANNA, "/topics")
    topics = await town.reply(ANNA)
    garbage = ["guide:gone", "", "\x00", "language:xx", "🧨" * 16, "topic:../../etc", "sources:-1", "a" * 64]
    for data in garbage:
        await town.act("press", chat_id=ANNA, person_id=ANNA, message_id=topics["id"], data=data or "topic:")

    await eventually(lambda: town.calls("answerCallbackQuery"), lambda calls: len(calls) >= len(garbage))
    assert all(call["code"] == 200 for call in await town.calls("answerCallbackQuery"))


async def test_telegram_away_at_start_is_waited_for(town: Town, data: Path, tmp_path: Path) -> None:
    port = free_port()
    await town.fault("reset_before", seconds=60)
    bot = BotProcess(environment(town.url, data, CANARY, BOT_HTTP_LISTEN=str(port)), tmp_path / "log")
    await bot.start()
    await town.say(ANNA, "пахнет газом")

    await eventually(lambda: status(port, "/health"), lambda code: code == 200)
    assert await status(port, "/ready") == 503
    await town.no_faults()
    reply = await town.reply(ANNA, seconds=40)

    assert "газ" in reply["text"].lower()
    assert await status(port, "/ready") == 200
    assert await bot.stop() == 0


async def test_ten_seconds_of_errors_cost_nobody_the_answer(town: Town, bot: BotProcess) -> None:
    people = await known(town, 5)
    await town.fault("http_500", seconds=10)
    for person in people:
        await town.say(person, "пахнет газом")

    for person in people:
        await town.reply(person, 2, seconds=60)
    await asyncio.sleep(2)
    assert all([len(await town.replies(person)) == 2 for person in people])


async def test_a_storm_of_429_is_obeyed_and_outlived(town: Town, bot: BotProcess) -> None:
    people = await known(town, 5)
    await town.fault("429", "sendMessage", seconds=4, retry_after=2)
    for person in people:
        await town.say(person, "пахнет газом")

    for person in people:
        await town.reply(person, 2, seconds=40)
    refused = [call for call in await town.calls("sendMessage") if call["code"] == 429]
    assert len(refused) <= 20


async def test_repeated_and_reordered_updates_are_answered_once(town: Town, bot: BotProcess) -> None:
    [person] = await known(town, 1)

    def update(number: int, text: str) -> dict[str, object]:
        who = {"id": person, "is_bot": False, "first_name": "Житель", "language_code": "ru"}
        return {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": int(time.time()),
                "chat": {"id": person, "type": "private", "first_name": "Житель"},
                "from": who,
                "text": text,
            },
        }

    for number in (900_002, 900_001, 900_002, 900_001, 900_003, 900_003):
        await town.inject(update(number, "пахнет газом"))

    await town.reply(person, 4)
    await asyncio.sleep(2)
    assert len(await town.replies(person)) == 4


async def test_a_restart_in_the_middle_loses_nothing_and_repeats_nothing(town: Town, bot: BotProcess) -> None:
    people = await known(town, 30)
    await town._post("/sandbox/latency", {"milliseconds": 300})
    for person in people:
        await town.say(person, "пахнет газом")
    await asyncio.sleep(0.4)

    started = time.monotonic()
    assert await bot.stop(signal.SIGTERM, 20) == 0
    assert time.monotonic() - started < 20
    await bot.start()

    for person in people:
        await town.reply(person, 2, seconds=30)
    await asyncio.sleep(2)
    assert all([len(await town.replies(person)) == 2 for person in people])


async def test_a_killed_bot_answers_what_it_had_not(town: Town, bot: BotProcess) -> None:
    people = await known(town, 30)
    await town._post("/sandbox/latency", {"milliseconds": 300})
    for person in people:
        await town.say(person, "пахнет газом")
    await asyncio.sleep(0.6)

    await bot.stop(signal.SIGKILL)
    await bot.start()

    for person in people:
        await town.reply(person, 2, seconds=30)
    await asyncio.sleep(2)
    assert all([len(await town.replies(person)) <= 3 for person in people])


async def test_somebody_who_blocked_the_bot_stops_nobody(town: Town, bot: BotProcess) -> None:
    await town.say(ANNA, "пахнет газом")
    await town.reply(ANNA)
    await town.act("block", person_id=ANNA)
    await town.say(PYOTR, "пахнет газом")

    assert "газ" in (await town.reply(PYOTR))["text"].lower()


async def test_wrong_settings_are_told_all_at_once_without_the_token(tmp_path: Path) -> None:
    wrong = {"BOT_MODE": "pulling", "BOT_BROADCAST_RATE": "fast", "BOT_OPERATORS": "@anna"}
    bot = BotProcess(environment("nonsense", tmp_path / "data", "not-" + CANARY, **wrong), tmp_path / "log")
    await bot.start()

    assert await bot.stop(signal.SIGCONT) == 2
    for name in ("BOT_TOKEN", "BOT_API_BASE_URL", *wrong):
        assert name in bot.log
    assert "Traceback" not in bot.log
    assert "CANARY" not in bot.log


async def test_over_a_webhook_the_same_conversation_works(town: Town, data: Path, tmp_path: Path) -> None:
    port = free_port()
    bot = BotProcess(
        environment(
            town.url,
            data,
            CANARY,
            BOT_MODE="webhook",
            BOT_WEBHOOK_PORT=str(port),
            BOT_WEBHOOK_URL=f"http://127.0.0.1:{port}/hook",
            BOT_WEBHOOK_SECRET="sesame",
        ),
        tmp_path / "log",
    )
    await bot.start()
    await town.say(ANNA, "пахнет газом")

    assert "газ" in (await town.reply(ANNA, seconds=30))["text"].lower()
    assert await bot.stop() == 0
