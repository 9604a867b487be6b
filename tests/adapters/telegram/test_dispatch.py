"""Once, in order, side by side, and nobody is left without a word."""

import asyncio
import logging
from typing import Any

import pytest

from bot.core.chat import StoreUnavailable
from bot.core.message import Asked, Commanded, IncomingMessage, Reply, Shared
from tests.adapters.telegram.scene import ANNA, JOHN, PETER, Echo, Memory, Scene, until, watching
from tests.adapters.telegram.test_outgoing import press_update


class Choosy(Echo):
    """Answers the first five messages of a person, as the real one does in a flood."""

    async def respond(self, incoming: IncomingMessage) -> Reply:
        reply = await super().respond(incoming)
        count = sum(one.sender_id == incoming.sender_id for one in self.heard)
        return reply if count <= 5 else Reply()


async def test_the_messages_of_one_chat_are_answered_in_order(scene: Scene) -> None:
    scene.echo.slow[ANNA] = 0.05
    async with scene.running():
        for number in range(5):
            await scene.say(ANNA, str(number))

        assert await scene.until_bot_says(ANNA, 5) == [f"echo {number}" for number in range(5)]


async def test_a_slow_chat_does_not_hold_up_another(scene: Scene) -> None:
    scene.echo.slow[ANNA] = 3.0
    async with scene.running():
        await scene.say(ANNA, "долго")
        await asyncio.sleep(0.2)
        await scene.say(PETER, "быстро")

        assert await scene.until_bot_says(PETER, seconds=1.5) == ["echo быстро"]


async def test_an_update_that_comes_twice_is_answered_once(scene: Scene) -> None:
    message = {
        "message_id": 900,
        "date": 1_795_000_000,
        "text": "дважды",
        "chat": {"id": ANNA, "type": "private", "first_name": "A"},
        "from": {"id": ANNA, "is_bot": False, "first_name": "A"},
    }
    async with scene.running():
        await scene.act("start", chat_id=ANNA, person_id=ANNA)
        await scene.until_bot_says(ANNA)
        first = await scene.inject({"message": message})
        await scene.inject({"update_id": first["update_id"], "message": message})
        await scene.say(ANNA, "потом")

        assert await scene.until_bot_says(ANNA, 3) == ["command start", "echo дважды", "echo потом"]


async def test_an_update_that_an_earlier_process_answered_is_not_answered_again(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "раз")
        await scene.until_bot_says(ANNA)
        await until(watching(lambda: sorted(scene.journal.handled)), lambda known: len(known) == 1)
    (update_id,) = scene.journal.handled

    async with scene.running():
        again = (await scene.messages(ANNA))[0]
        await scene.inject(
            {
                "update_id": update_id,
                "message": {
                    "message_id": again["id"],
                    "date": again["date"],
                    "text": "раз",
                    "chat": {"id": ANNA, "type": "private", "first_name": "A"},
                    "from": {"id": ANNA, "is_bot": False, "first_name": "A"},
                },
            }
        )
        await scene.say(ANNA, "два")

        assert await scene.until_bot_says(ANNA, 2) == ["echo раз", "echo два"]


async def test_a_button_pressed_twice_is_acted_on_once_and_answered_twice(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(ANNA)
        shown = (await scene.messages(ANNA))[-1]

        for _ in range(2):
            await scene.act("press", chat_id=ANNA, person_id=ANNA, message_id=shown["id"], data="more")
        await until(lambda: scene.calls("answerCallbackQuery"), lambda calls: len(calls) == 2)
        await until(lambda: scene.bot_texts(ANNA), lambda texts: texts == ["pressed more"])

    assert len(await scene.calls("editMessageText")) == 1


async def test_an_album_is_answered_once_and_what_is_written_in_it_is_answered_too(scene: Scene) -> None:
    def photo(number: int, **fields: Any) -> dict[str, Any]:
        return {
            "message": {
                "message_id": 900 + number,
                "date": 1_795_000_000,
                "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
                "media_group_id": "77",
                "chat": {"id": ANNA, "type": "private", "first_name": "A"},
                "from": {"id": ANNA, "is_bot": False, "first_name": "A"},
                **fields,
            }
        }

    async with scene.running():
        await scene.act("start", chat_id=ANNA, person_id=ANNA)
        for number in range(5):
            await scene.inject(photo(number))
        await scene.inject(photo(5, caption="что это?"))
        await scene.until_bot_says(ANNA, 2)

    acts = [one.act for one in scene.echo.heard]
    assert acts == [Commanded("start"), Shared("photo"), Asked("что это?", is_caption=True)]


async def test_whoever_waits_longer_than_a_moment_sees_the_bot_typing(scene: Scene) -> None:
    scene.echo.slow[ANNA] = 1.5
    async with scene.running():
        await scene.say(PETER, "быстро")
        await scene.say(ANNA, "долго")
        await scene.until_bot_says(ANNA)

    typing = await scene.calls("sendChatAction")
    assert [one["params"]["chat_id"] for one in typing] == [ANNA]


async def test_nobodys_next_answer_waits_for_the_journal(scene: Scene) -> None:
    class Slow(Memory):
        async def record_handled(self, update_id: int) -> None:
            await asyncio.sleep(2)
            await super().record_handled(update_id)

    scene.journal = Slow()
    async with scene.running():
        for number in range(3):
            await scene.say(ANNA, str(number))

        assert len(await scene.until_bot_says(ANNA, 3, seconds=1.5)) == 3
    assert len(scene.journal.handled) == 3


async def test_going_to_and_fro_is_no_repetition(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(ANNA)
        shown = (await scene.messages(ANNA))[-1]

        for data in ("topics", "guide", "topics"):
            await scene.inject(press_update(ANNA, shown["id"], data))

        await until(lambda: scene.calls("editMessageText"), lambda calls: len(calls) == 3)
    assert await scene.bot_texts(ANNA) == ["pressed topics"]


async def test_a_fault_is_apologised_for_and_the_words_are_not_logged(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot.adapters")
    async with scene.running() as channel:
        await scene.say(ANNA, "fail на Ленина 7")
        assert await scene.until_bot_says(ANNA) == ["sorry"]
        await scene.say(ANNA, "и дальше")
        assert await scene.until_bot_says(ANNA, 2) == ["sorry", "echo и дальше"]

        await until(
            watching(channel.counts),
            lambda counts: counts["updates_answered_total"] == 2 and counts["updates_failed_total"] == 1,
        )

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot.adapters")]
    assert any("ValueError" in line and "scene.py" in line for line in ours)
    assert not any("Ленина" in line for line in ours)


async def test_a_journal_that_is_away_costs_nobody_an_answer(scene: Scene) -> None:
    class Away:
        async def has_handled(self, update_id: int) -> bool:
            raise StoreUnavailable("away")

        async def record_handled(self, update_id: int) -> None:
            raise StoreUnavailable("away")

    async with scene.running(scene.channel(journal=Away())):
        await scene.say(ANNA, "вопрос")

        assert await scene.until_bot_says(ANNA) == ["echo вопрос"]


async def test_garbage_among_updates_is_passed_over(scene: Scene) -> None:
    async with scene.running():
        await scene.inject({"message": {"nonsense": True}})
        await scene.inject({"callback_query": {"id": "1"}})
        await scene.say(JOHN, "hello")

        assert await scene.until_bot_says(JOHN) == ["echo hello"]


async def test_two_hundred_at_once_from_one_do_not_hold_up_fifty_others(scene: Scene) -> None:
    async with scene.http.post(
        f"{scene.sandbox.url}/sandbox/people", json={"count": 50, "language_code": "ru", "started": True}
    ) as response:
        made = await response.json()
    people = range(made["first_id"], made["last_id"] + 1)
    scene.echo = Choosy()
    await asyncio.gather(*(scene.say(ANNA, f"{number}") for number in range(200)))
    async with scene.running():
        await asyncio.gather(*(scene.say(person, "и я") for person in people))

        for person in people:
            assert await scene.until_bot_says(person, seconds=10) == ["echo и я"]
        assert len(await scene.bot_texts(ANNA)) == 5
