"""Updates wait for the bot, come in order, and come to one poller only."""

import asyncio

from tests.sandbox.clients import ANNA, PYOTR, BotClient, Clock, Visitor


async def write(visitor: Visitor, *texts: str) -> None:
    for text in texts:
        await visitor.act("send_text", chat_id=ANNA, person_id=ANNA, text=text)


async def test_an_offset_confirms_what_came_before_it(bot: BotClient, visitor: Visitor) -> None:
    await write(visitor, "a", "b", "c")

    first = await bot.updates(limit=2)
    again = await bot.updates()
    rest = await bot.updates(offset=first[-1]["update_id"] + 1)

    assert [one["message"]["text"] for one in first] == ["a", "b"]
    assert [one["message"]["text"] for one in again] == ["a", "b", "c"]
    assert [one["message"]["text"] for one in rest] == ["c"]
    assert [one["update_id"] for one in again] == list(
        range(again[0]["update_id"], again[0]["update_id"] + 3)
    )


async def test_a_negative_offset_keeps_only_the_last(bot: BotClient, visitor: Visitor) -> None:
    await write(visitor, "a", "b", "c")

    assert [one["message"]["text"] for one in await bot.updates(offset=-1)] == ["c"]
    assert [one["message"]["text"] for one in await bot.updates()] == ["c"]


async def test_a_long_poll_wakes_when_somebody_writes(bot: BotClient, visitor: Visitor) -> None:
    poll = asyncio.create_task(bot.updates(timeout=30))
    await asyncio.sleep(0.05)

    await write(visitor, "/start@safety_sandbox_bot 🏠 @anna mchs.gov.ru")

    (update,) = await asyncio.wait_for(poll, 5)
    assert update["message"]["from"] == {
        "id": ANNA,
        "is_bot": False,
        "first_name": "Анна",
        "language_code": "ru",
    }
    assert update["message"]["entities"] == [
        {"type": "bot_command", "offset": 0, "length": 25},
        {"type": "mention", "offset": 29, "length": 5},
        {"type": "url", "offset": 35, "length": 11},
    ]


async def test_a_newer_poll_ends_the_older(bot: BotClient, visitor: Visitor) -> None:
    older = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(bot.call("getUpdates", timeout=30))

    ended = await asyncio.wait_for(older, 5)
    await write(visitor, "a")

    assert (ended["error_code"], ended["description"]) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    assert len((await asyncio.wait_for(newer, 5))["result"]) == 1


async def test_only_kinds_asked_for_come_from_then_on(bot: BotClient, visitor: Visitor) -> None:
    await bot.updates(allowed_updates=["my_chat_member"])

    await write(visitor, "a")
    await visitor.act("block", person_id=ANNA)

    (update,) = await bot.updates()
    assert update["my_chat_member"]["old_chat_member"]["status"] == "member"
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_injected_updates_come_as_they_are_and_once(bot: BotClient, visitor: Visitor) -> None:
    await write(visitor, "a")
    (update,) = await bot.updates()
    known = update["update_id"]
    await bot.updates(offset=known + 1)

    for _ in range(2):
        await visitor.control("updates", **update)
    await visitor.control("updates", update_id=known - 5, callback_query={"data": "\x00?"})

    assert [one["update_id"] for one in await bot.updates(offset=known + 1)] == [known, known, known - 5]
    assert await bot.updates(offset=known + 1) == []


async def test_updates_are_kept_for_a_day(bot: BotClient, visitor: Visitor, clock: Clock) -> None:
    await write(visitor, "old")
    clock.pass_by(hours=23)
    await write(visitor, "new")
    clock.pass_by(hours=2)

    assert [one["message"]["text"] for one in await bot.updates()] == ["new"]


async def test_stopping_lets_a_poll_go(bot: BotClient, visitor: Visitor) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=50))
    await asyncio.sleep(0.05)

    await bot.sandbox.stop()

    assert (await asyncio.wait_for(poll, 5))["result"] == []


async def test_a_person_edits_and_the_bot_hears_of_it(bot: BotClient, visitor: Visitor) -> None:
    said = (await visitor.act("send_text", chat_id=PYOTR, person_id=PYOTR, text="гдe"))["message"]

    await visitor.act("edit_text", chat_id=PYOTR, person_id=PYOTR, message_id=said["id"], text="где")

    assert (await bot.updates())[-1]["edited_message"]["text"] == "где"
