"""Notices from end to end: residents choose, operators decide, phones get it; the bot is a process."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.walks.conftest import content_at_any_hour, running_bot, with_learnt
from tests.walks.town import PYOTR, BotProcess, Json, Town, eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPERATOR, CHANNEL = 1000, -1002


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the content that the walks may write to."""
    return await asyncio.to_thread(content_at_any_hour, tmp_path_factory.mktemp("content"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(
    shared_town: Town, content: Path, learnt: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """Return a bot with two operators and a channel, slow enough for people to press a button meanwhile."""
    settings = {
        "BOT_OPERATORS": f"{OPERATOR},{PYOTR}",
        "BOT_CHANNEL": str(CHANNEL),
        "BOT_CONTENT_DIR": str(content),
        "BOT_BROADCAST_RATE": "1",
    }
    folder = with_learnt(tmp_path_factory.mktemp("bot") / "data", learnt)
    async with running_bot(shared_town, folder, **settings) as process:
        for person in (OPERATOR, PYOTR):
            await shared_town.say(person, "/start")
            await shared_town.reply(person)
        yield process


@pytest_asyncio.fixture(loop_scope="module")
async def town(shared_town: Town, bot: BotProcess) -> Town:
    """Return the town with the bot in it."""
    return shared_town


async def shown(
    town: Town, chat: int, *having: str, label: str = "", after: int = 0, begins: str = ""
) -> Json:
    """Wait for the bot's newest message that holds these words and a button with this label."""

    async def look() -> list[Json]:
        return [
            message
            for message in await town.replies(chat)
            if message["id"] > after
            and message["text"].startswith(begins)
            and all(words in message["text"] for words in having)
            and (not label or any(label in button["text"] for row in message["buttons"] for button in row))
        ]

    return (await eventually(look, bool))[-1]


async def press(town: Town, person: int, label: str, *having: str, after: int = 0) -> None:
    """Press the button under the newest message that holds these words."""
    message = await shown(town, person, *having, label=label, after=after)
    [button] = [one for row in message["buttons"] for one in row if label in one["text"]]
    await town.press(person, message, button["text"])


async def last_id(town: Town, chat: int) -> int:
    """Return the number of a chat's newest message."""
    return max((int(message["id"]) for message in await town.messages(chat)), default=0)


async def say(town: Town, person: int, text: str) -> Json:
    """Write, and return the first reply to it."""
    sent = await town.say(person, text)
    return await shown(town, person, after=sent)


async def subscriber(town: Town, place: str, language_code: str = "ru") -> int:
    """Let somebody in who chooses a place by typing its name."""
    person = await town.newcomer(language_code)
    await town.say(person, place)
    offered = await shown(town, person, label="📍")
    await town.press(person, offered, offered["buttons"][0][0]["text"])
    await shown(town, person, "🔔", label="Отключить" if language_code == "ru" else "Turn off")
    return person


async def fill(town: Town, person: int, *answers: str) -> None:
    """Answer the questions of a template one by one."""
    for answer in answers:
        await say(town, person, answer)


def number_in(card: Json) -> str:
    """Return the id of the notice that a card is about."""
    found = re.search(r"№ (\S+)", card["text"])
    assert found, card["text"]
    return found[1]


async def submit_drone_danger(town: Town, place: str) -> str:
    """Let the operator write an urgent notice; return its id once another person is asked."""
    before = await last_id(town, PYOTR)
    await say(town, OPERATOR, "/desk")
    await press(town, OPERATOR, "НАСТОЯЩЕЕ", "Пульт")
    await press(town, OPERATOR, "Беспилотная опасность", "Выберите шаблон")
    await shown(town, OPERATOR, "Для каких округов?")
    await fill(
        town,
        OPERATOR,
        place,
        "Беспилотники видят над округом.",
        "Drones are seen over the district.",
        "Правительство Смоленской области",
        "Government of Smolensk Region",
        "2",
    )
    await press(town, OPERATOR, "На согласование", "Так это увидят люди")
    card = await shown(town, PYOTR, "Ждёт решения", "№ drone-danger", after=before)
    return number_in(card)


async def test_a_resident_chooses_places_by_button_and_by_name_and_quiet_hours(town: Town) -> None:
    anna = await town.newcomer("ru")
    await say(town, anna, "/notices")
    await press(town, anna, "Выбрать место", "выключены")
    await press(town, anna, "Велижский округ", "Для каких мест")
    await press(town, anna, "Готово", "Для каких мест")
    await shown(town, anna, "включены: Велижский округ")

    await say(town, anna, "Вязьма")
    await press(town, anna, "Вяземский округ", "Присылать уведомления")
    await shown(town, anna, "Велижский округ", "Вяземский округ")
    await press(town, anna, "Тихие часы", "Вяземский округ")
    await press(town, anna, "23:00", "Когда присылать без звука?")
    await shown(town, anna, "Без звука с 23:00 до 06:00")


async def test_a_resident_changes_the_language_and_leaves_by_one_word(town: Town) -> None:
    anna = await subscriber(town, "Ярцево")
    await press(town, anna, "Язык", "включены")
    await press(town, anna, "English", "Выберите язык")
    await press(town, anna, "Notices", "I will answer in English")
    await shown(town, anna, "Notices are on: Yartsevo District")

    assert "No notice is in force" in (await say(town, anna, "/now"))["text"]
    assert "no more notices" in (await say(town, anna, "стоп"))["text"]


async def test_the_desk_is_for_operators_only_and_everybody_learns_their_number(town: Town) -> None:
    anna = await town.newcomer("ru")

    assert "Пульт" not in (await say(town, anna, "/desk"))["text"]
    assert str(anna) in (await say(town, anna, "/id"))["text"]
    assert "автор, согласующий" in (await say(town, OPERATOR, "/desk"))["text"]


async def test_a_drill_stays_with_the_operators_and_says_so(town: Town) -> None:
    anna = await subscriber(town, "Гагарин")
    await say(town, OPERATOR, "/desk")
    await press(town, OPERATOR, "Учения", "Пульт")
    await press(town, OPERATOR, "Новые учения", "УЧЕНИЯ. Настоящими они не станут.")
    await press(town, OPERATOR, "Учебное сообщение", "УЧЕНИЯ. Выберите")
    await shown(town, OPERATOR, "Для каких округов?")
    await fill(
        town, OPERATOR, "Гагарин", "Проверяем, доходит ли сообщение.", "We check that messages arrive."
    )
    await press(town, OPERATOR, "На согласование", "Так это увидят люди")
    await press(town, PYOTR, "Одобрить", "Ждёт решения", "№ drill")

    # The previews begin with a line that says what they are; the practice itself says it in both places.
    practice = await shown(town, PYOTR, begins="УЧЕНИЯ. Укрываться не нужно.")
    assert practice["text"].endswith("УЧЕНИЯ. Укрываться не нужно.")
    assert "Проверяем, доходит ли сообщение." in practice["text"]
    assert not [m for m in await town.replies(anna) if "Проверяем" in m["text"]]


async def test_an_urgent_notice_is_approved_by_another_person_stopped_and_corrected(town: Town) -> None:
    anna = await subscriber(town, "Рославль")
    john = await subscriber(town, "Roslavl", "en")
    late = [await subscriber(town, "Рославль") for _ in range(10)]

    notice = await submit_drone_danger(town, "Рославль")
    card = await shown(town, PYOTR, "Ждёт решения", f"№ {notice}")
    for fact in ("НАСТОЯЩЕЕ", "Рославльский округ", "И в канал", "Получателей: 12", "2 ч", "со звуком"):
        assert fact in card["text"]
    for language in ("Беспилотники видят над округом.", "Drones are seen over the district."):
        await shown(town, PYOTR, "🟠", language, begins="👁 ПРЕДПРОСМОТР")
    marked = [
        one["params"] for one in await town.calls("sendMessage") if "ПРЕДПРОСМОТР" in one["params"]["text"]
    ]
    assert all(one["protect_content"] and one["disable_notification"] for one in marked)

    # The author has no button, and cannot approve with the one of another.
    own = await shown(town, OPERATOR, "Ждёт решения", f"№ {notice}", "Вы автор")
    [approve] = [one["data"] for row in card["buttons"] for one in row if "Одобрить" in one["text"]]
    assert not [one for row in own["buttons"] for one in row if "Одобрить" in one["text"]]
    await town.act("press", chat_id=OPERATOR, person_id=OPERATOR, message_id=own["id"], data=approve)
    await asyncio.sleep(1.5)
    assert not [m for m in await town.replies(anna) if "Высокая опасность" in m["text"]]

    await press(town, PYOTR, "Одобрить", "Ждёт решения", f"№ {notice}")
    copy = await shown(town, anna, "🟠 Высокая опасность", "Отправлено: ", label="вы в здании")
    await shown(town, john, "🟠 Severe danger")
    [first, *_] = [copy for copy in await town.messages(CHANNEL) if "🟠 Высокая опасность" in copy["text"]]
    assert first["date"] <= copy["date"], "the channel comes first"
    await press(town, anna, "вы в здании", "🟠 Высокая опасность")
    await shown(town, anna, "Взрывы или атака", "Источники")

    await press(town, OPERATOR, "Остановить", "Отправляется", f"№ {notice}", "Дошло")
    await press(town, OPERATOR, "Да, остановить", "Остановить «Беспилотная опасность", notice)
    stopped = await shown(town, PYOTR, "⛔ Остановлено\n", f"№ {notice}", "Дошло")
    assert "осталось: 0" not in stopped["text"]

    await press(town, PYOTR, "Исправить", "⛔ Остановлено\n", f"№ {notice}", "Дошло")
    await press(town, PYOTR, "Исправление ошибки", "Что сделать с", notice)
    await shown(town, PYOTR, "Где это верно?", "Прежнее место: Рославльский округ")
    await fill(
        town,
        PYOTR,
        "Десногорск",
        "Неверно назвали округ.",
        "The district was named wrong.",
        "Беспилотников над округом нет.",
        "There are no drones over the district.",
        "Оставайтесь в помещении.",
        "Stay indoors.",
    )
    await press(town, PYOTR, "На согласование", "Так это увидят люди")
    await press(town, OPERATOR, "Одобрить", "Ждёт решения", "№ correction")

    edited = await shown(town, anna, "Исправлено:", "Было неверно: Неверно назвали округ.", "Прежний текст")
    assert edited["id"] == copy["id"]
    reply = await shown(town, anna, "✏ Исправление", "Верно сейчас: Беспилотников над округом нет.")
    assert reply["reply_to"]["id"] == copy["id"]
    assert "Где: город Десногорск" in reply["text"]
    assert "Когда:" not in reply["text"]
    await shown(town, john, "What is true now: There are no drones over the district.")
    unsent = [
        person
        for person in late
        if not [m for m in await town.replies(person) if "опасность" in m["text"].split("\n")[0]]
    ]
    assert unsent, "the stop came too late to stop anything"


async def test_a_wrong_notice_is_withdrawn_in_two_taps_without_approval(town: Town) -> None:
    anna = await subscriber(town, "Ельня")
    notice = await submit_drone_danger(town, "Ельня")
    await press(town, PYOTR, "Одобрить", "Ждёт решения", f"№ {notice}")
    copy = await shown(town, anna, "🟠 Высокая опасность")

    await press(town, PYOTR, "Отозвать", "Отправлено, действует", f"№ {notice}", "Дошло")
    question = await shown(town, PYOTR, "Отозвать «Беспилотная опасность", notice, label="Да, отозвать")
    above = await shown(town, PYOTR, "ПРЕДПРОСМОТР", "⚪ Notice withdrawn")
    assert above["id"] < question["id"]
    await press(town, PYOTR, "Да, отозвать", "Отозвать «Беспилотная опасность", notice)
    done = await shown(town, PYOTR, "⚪ Отзыв отправляется: «Беспилотная опасность", label="Карточка")
    assert done["id"] == question["id"]

    assert (await shown(town, anna, "⚪ Отозвано:", "не действуйте"))["id"] == copy["id"]
    reply = await shown(town, anna, "⚪ Сообщение отозвано")
    assert reply["reply_to"]["id"] == copy["id"]
    assert "Беспилотная опасность: в сообщении ошибка" in reply["text"]
    assert "укрыться" not in reply["text"].split("\n")[1]
    assert "Withdrawn" not in (await say(town, anna, "/now"))["text"]
    # What asked for the approval says how it ended as well.
    await shown(town, OPERATOR, "⚪ Отозвано\n", f"№ {notice}", "Дошло")


async def test_an_example_from_the_files_arrives_once_it_is_approved(town: Town) -> None:
    anna = await subscriber(town, "Рославль")
    await say(town, OPERATOR, "/desk")
    await press(town, OPERATOR, "Черновики", "Пульт")
    drafts = await shown(town, OPERATOR, "Черновики настоящих сообщений: 2")
    assert not [one for row in drafts["buttons"] for one in row if "чебный" in one["text"]]
    await press(town, OPERATOR, "В Рославле отключена вода", "Черновики настоящих сообщений")
    await press(town, OPERATOR, "На согласование", "📝 Черновик\n", "№ water-cut-example")
    await shown(town, OPERATOR, "Подано на согласование: «В Рославле отключена вода». Кто: вы.")
    await press(town, PYOTR, "Одобрить", "Ждёт решения", "№ water-cut-example")

    await shown(town, anna, "В Рославле отключена вода", label="Нет света, воды")


async def test_strangers_and_old_presses_change_nothing(town: Town) -> None:
    mallory = await subscriber(town, "Велиж")
    notice = await submit_drone_danger(town, "Велиж")
    card = await shown(town, PYOTR, "Ждёт решения", f"№ {notice}")
    [approve] = [b["data"] for row in card["buttons"] for b in row if "Одобрить" in b["text"]]
    theirs = (await town.replies(mallory))[-1]["id"]

    for data in (
        approve,
        approve[:-1] + "0",
        "op:yes:nonsense:",
        "op:stop-now:" + notice + ":00000000",
        "op:",
    ):
        await town.act("press", chat_id=mallory, person_id=mallory, message_id=theirs, data=data)
    await press(town, PYOTR, "Отклонить", "Ждёт решения", f"№ {notice}")
    await shown(town, PYOTR, "Почему отклоняете «Беспилотная опасность")
    await town.say(PYOTR, "Сигнала не было, это ошибка.")
    await press(town, PYOTR, "Да, отклонить", "Причина: Сигнала не было", notice)
    await shown(town, OPERATOR, "🚫 Отклонено:", f"Кто: {PYOTR}. Причина: Сигнала не было")
    # The same press once more, after the decision.
    await town.act("press", chat_id=PYOTR, person_id=PYOTR, message_id=card["id"], data=approve)
    await asyncio.sleep(2)

    assert not [m for m in await town.replies(mallory) if "опасность" in m["text"].split("\n")[0]]


async def test_files_are_taken_in_while_the_bot_runs_and_broken_ones_are_reported(
    town: Town, content: Path
) -> None:
    anna = await subscriber(town, "Вязьма")
    example = (content / "notices" / "water-cut-example.yaml").read_text(encoding="utf-8")
    broken = content / "notices" / "broken.yaml"
    broken.write_text("id: broken\nheadline: [\n", encoding="utf-8")
    for operator in (OPERATOR, PYOTR):
        assert "notices/broken.yaml" in (await shown(town, operator, "В файлах ошибки"))["text"]
    broken.unlink()

    fresh = example.replace("id: water-cut-example\ndraft: true", "id: vyazma-water")
    fresh = fresh.replace("[roslavl]", "[vyazma]").replace("В Рославле", "В Вязьме")
    fresh = fresh.replace("in Roslavl", "in Vyazma").replace("Рославльского", "Вяземского")
    fresh = fresh.replace("Roslavl District", "Vyazma District").replace("Пролетарской", "Ленина")
    fresh = fresh.replace("Proletarskaya", "Lenina")
    (content / "notices" / "vyazma-water.yaml").write_text(fresh, encoding="utf-8")
    await press(town, PYOTR, "Одобрить", "Ждёт решения", "№ vyazma-water")

    await shown(town, anna, "В Вязьме отключена вода")


async def test_an_unfinished_answer_waits_and_a_question_of_an_operator_is_one_of_anybody(town: Town) -> None:
    await say(town, OPERATOR, "/desk")
    await press(town, OPERATOR, "НАСТОЯЩЕЕ", "Пульт")
    await press(town, OPERATOR, "Отключили воду", "Выберите шаблон")
    await fill(town, OPERATOR, "Рудня")
    await shown(town, OPERATOR, "2/4. На каких улицах?", label="Исправить ответ")

    assert "Пульт" in (await say(town, OPERATOR, "/desk"))["text"]
    assert "Источники" in (await say(town, OPERATOR, "воет сирена что делать"))["text"]

    await press(town, OPERATOR, "Продолжить заполнение", "Пульт")
    asked = await shown(town, OPERATOR, "2/4. На каких улицах?")
    await press(town, OPERATOR, "Исправить ответ", "2/4. На каких улицах?")
    await press(town, OPERATOR, "1. Руднянский округ", "Какой ответ исправить?")
    await shown(town, OPERATOR, "1/4. Для каких округов?", after=asked["id"])
    assert "2/4." in (await say(town, OPERATOR, "Велиж"))["text"]
    await press(town, OPERATOR, "Отмена", "2/4.")
    await shown(town, OPERATOR, "Отменено, ничего не отправлено.", after=asked["id"])


async def test_after_a_restart_nothing_is_shown_twice_and_old_cards_go_on(
    town: Town, bot: BotProcess
) -> None:
    await subscriber(town, "Духовщина")
    notice = await submit_drone_danger(town, "Духовщина")
    card = await shown(town, PYOTR, "Ждёт решения", f"№ {notice}")
    await shown(town, OPERATOR, "Ждёт решения", f"№ {notice}")
    await asyncio.sleep(1)
    before = {person: await last_id(town, person) for person in (OPERATOR, PYOTR)}
    assert await bot.stop() == 0

    await bot.start()
    await asyncio.sleep(8)

    assert {person: await last_id(town, person) for person in before} == before
    await press(town, PYOTR, "Отозвать", "Ждёт решения", f"№ {notice}")
    await press(town, PYOTR, "Да, отозвать", "Его ещё никто не получил", notice)
    assert (await shown(town, PYOTR, "⚪ Отозвано\n", f"№ {notice}"))["id"] == card["id"]
    await shown(town, OPERATOR, "⚪ Отозвано\n", f"№ {notice}")
