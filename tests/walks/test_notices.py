"""Notices from end to end: residents choose, operators decide, phones get it; the bot is a process."""

import asyncio
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


async def shown(town: Town, chat: int, *having: str, label: str = "", after: int = 0) -> Json:
    """Wait for the bot's newest message that holds these words and a button with this label."""

    async def look() -> list[Json]:
        return [
            message
            for message in await town.replies(chat)
            if message["id"] > after
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
    card = await shown(town, PYOTR, "Ждёт решения: drone-danger", after=before)
    return str(card["text"].split("\n")[0].split(": ")[1])


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
    await press(town, OPERATOR, "Учебное сообщение", "УЧЕНИЯ. Выберите")
    await shown(town, OPERATOR, "Для каких округов?")
    await fill(
        town, OPERATOR, "Гагарин", "Проверяем, доходит ли сообщение.", "We check that messages arrive."
    )
    await press(town, OPERATOR, "На согласование", "Так это увидят люди")
    await press(town, PYOTR, "Одобрить", "Ждёт решения: drill")

    practice = await shown(town, PYOTR, "Проверяем, доходит ли сообщение.", "Отправлено: ")
    lines = practice["text"].split("\n")
    assert "УЧЕНИЯ" in lines[0]
    assert "УЧЕНИЯ" in lines[-1]
    assert not [m for m in await town.replies(anna) if "Проверяем" in m["text"]]


async def test_an_urgent_notice_is_approved_by_another_person_stopped_and_corrected(town: Town) -> None:
    anna = await subscriber(town, "Рославль")
    john = await subscriber(town, "Roslavl", "en")
    late = [await subscriber(town, "Рославль") for _ in range(10)]

    notice = await submit_drone_danger(town, "Рославль")
    card = await shown(town, PYOTR, f"Ждёт решения: {notice}")
    for fact in ("НАСТОЯЩЕЕ", "Рославльский округ", "Получат: 12", "2 ч", "со звуком"):
        assert fact in card["text"]
    await shown(town, PYOTR, "🟠 Высокая опасность", "Беспилотники видят над округом.")
    await shown(town, PYOTR, "🟠 Severe danger", "Drones are seen over the district.")

    # The author cannot approve, whatever they press.
    await press(town, OPERATOR, "Одобрить", f"Ждёт решения: {notice}")
    await asyncio.sleep(1.5)
    assert not [m for m in await town.replies(anna) if "Высокая опасность" in m["text"]]

    await press(town, PYOTR, "Одобрить", f"Ждёт решения: {notice}")
    copy = await shown(town, anna, "🟠 Высокая опасность", "Отправлено: ", label="вы в здании")
    await shown(town, john, "🟠 Severe danger")
    [first, *_] = [copy for copy in await town.messages(CHANNEL) if "🟠 Высокая опасность" in copy["text"]]
    assert first["date"] <= copy["date"], "the channel comes first"
    await press(town, anna, "вы в здании", "🟠 Высокая опасность")
    await shown(town, anna, "Взрывы или атака", "Источники")

    await press(town, OPERATOR, "Остановить", f"Отправляется: {notice}", "Дошло")
    await press(town, OPERATOR, "Да, остановить", f"Остановить {notice}?")
    stopped = await shown(town, PYOTR, f"Остановлено: {notice}", "Дошло")
    assert "осталось: 0" not in stopped["text"]

    await press(town, PYOTR, "Исправить", f"Остановлено: {notice}", "Дошло")
    await press(town, PYOTR, "Исправление ошибки", "Что сделать с")
    await shown(town, PYOTR, "Что было неверно?")
    await fill(
        town,
        PYOTR,
        "Неверно назвали округ.",
        "The district was named wrong.",
        "Беспилотников над округом нет.",
        "There are no drones over the district.",
        "Оставайтесь в помещении.",
        "Stay indoors.",
    )
    await press(town, PYOTR, "На согласование", "Так это увидят люди")
    await press(town, OPERATOR, "Одобрить", "Ждёт решения: correction")

    edited = await shown(town, anna, "Исправлено:", "Было неверно: Неверно назвали округ.", "Прежний текст")
    assert edited["id"] == copy["id"]
    reply = await shown(town, anna, "исправление", "Верно сейчас: Беспилотников над округом нет.")
    assert reply["reply_to"]["id"] == copy["id"]
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
    await press(town, PYOTR, "Одобрить", f"Ждёт решения: {notice}")
    copy = await shown(town, anna, "🟠 Высокая опасность")

    await press(town, PYOTR, "Отозвать", f"Отправлено, действует: {notice}", "Дошло")
    await press(town, PYOTR, "Да, отозвать", f"Отозвать {notice}?")

    assert (await shown(town, anna, "⚪ Отозвано:", "не действуйте"))["id"] == copy["id"]
    reply = await shown(town, anna, "⚪ Сообщение отозвано")
    assert reply["reply_to"]["id"] == copy["id"]
    assert "Withdrawn" not in (await say(town, anna, "/now"))["text"]


async def test_an_example_from_the_files_arrives_once_it_is_approved(town: Town) -> None:
    anna = await subscriber(town, "Рославль")
    await say(town, OPERATOR, "/desk")
    await press(town, OPERATOR, "Черновики из файлов", "Пульт")
    await press(town, OPERATOR, "water-cut-example", "Черновики из файлов")
    await press(town, OPERATOR, "На согласование", "Черновик: water-cut-example")
    await press(town, PYOTR, "Одобрить", "Ждёт решения: water-cut-example")

    await shown(town, anna, "В Рославле отключена вода", label="Нет света, воды")


async def test_strangers_and_old_presses_change_nothing(town: Town) -> None:
    mallory = await subscriber(town, "Велиж")
    notice = await submit_drone_danger(town, "Велиж")
    card = await shown(town, PYOTR, f"Ждёт решения: {notice}")
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
    await press(town, PYOTR, "Отклонить", f"Ждёт решения: {notice}")
    await shown(town, PYOTR, f"Почему отклоняете {notice}?")
    await town.say(PYOTR, "Сигнала не было, это ошибка.")
    await shown(town, OPERATOR, f"{notice}: отклонено ({PYOTR}). Причина: Сигнала не было")
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
    await press(town, PYOTR, "Одобрить", "Ждёт решения: vyazma-water")

    await shown(town, anna, "В Вязьме отключена вода")
