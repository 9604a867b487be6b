"""The demo's story of a notice in a browser: chosen, sent at its time, approved, stopped and corrected."""

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo import CHANNEL, OPERATORS
from tests.walks.browser import DESK, ChatPage, running_browser
from tests.walks.conftest import content_at_any_hour, running_bot
from tests.walks.town import ANNA, BotProcess, Town, eventually

OPERATOR, PYOTR = OPERATORS

SLOW = 30_000
"""Milliseconds that an answer may take on a busy machine."""

AHEAD = dt.timedelta(seconds=150)
"""A minute and a half at least, as seconds are left out: until then the example must have been approved."""

NEIGHBOURS = 8
"""Others who get the same notice, so that there is something left to stop."""


def plan_soon(example: Path) -> None:
    """Give the example of a notice that comes again one time of its own, two minutes from now."""
    text = example.read_text(encoding="utf-8")
    due = dt.datetime.now(ZoneInfo("Europe/Moscow")) + AHEAD
    text, replaced = re.subn(r'publish: ".*"\nrepeat: .*\n', f'publish: "{due:%Y-%m-%d %H:%M}"\n', text)
    assert replaced == 1
    example.write_text(text, encoding="utf-8")


@pytest.fixture
async def bot(town: Town, data: Path, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Return the demo's bot with one example due soon, sending slowly enough for a hand to stop it."""
    content = await asyncio.to_thread(content_at_any_hour, tmp_path)
    plan_soon(content / "notices/siren-check-monthly.yaml")
    settings = {
        "BOT_OPERATORS": ",".join(map(str, OPERATORS)),
        "BOT_CHANNEL": str(CHANNEL),
        "BOT_CONTENT_DIR": str(content),
        "BOT_BROADCAST_RATE": "0.5",
    }
    async with running_bot(town, data, **settings) as process:
        yield process


@pytest.fixture
async def chat() -> AsyncIterator[ChatPage]:
    """Return a page on a desk; at the end nothing may have gone wrong in it."""
    async with running_browser() as browser:
        page = ChatPage(await browser.new_page(viewport=DESK))
        yield page
        assert page.errors == []


async def subscribe_neighbours(town: Town) -> None:
    """Let more people choose the same place."""
    for person in await town.people(NEIGHBOURS):
        await town.say(person, "Рославль")
        offered = await town.reply(person)
        await town.press(person, offered, "Рославльский округ")
        await eventually(
            lambda person=person: town.replies(person),  # type: ignore[misc]
            lambda replies: any("включены" in one["text"] for one in replies),
        )


def card(chat: ChatPage, *having: str) -> Locator:
    """Return the newest message of the bot that holds all of these words."""
    found = chat.from_bot(having[0])
    for words in having[1:]:
        found = found.filter(has_text=words)
    return found.last


async def press(chat: ChatPage, label: str, *having: str) -> None:
    """Press the button under the newest message that holds these words."""
    await card(chat, *having).get_by_test_id("button").filter(has_text=label).first.click(timeout=SLOW)


async def answer(chat: ChatPage, question: str, words: str) -> None:
    """Wait for a question and answer it."""
    await expect(card(chat, question)).to_be_visible(timeout=SLOW)
    await chat.write(words)


async def in_private(chat: ChatPage, person: int) -> Page:
    """Go on as another person, in their chat with the bot."""
    await chat.choose(person)
    await expect(chat.page.get_by_test_id("composer")).to_be_visible()
    return chat.page


async def test_a_notice_from_the_first_tap_of_a_resident_to_its_correction(
    town: Town, bot: BotProcess, chat: ChatPage
) -> None:
    await subscribe_neighbours(town)

    # A resident subscribes in the page.
    await chat.open(town.url, ANNA)
    await chat.write("/notices")
    await press(chat, "Выбрать место", "Уведомления сейчас выключены")
    await chat.write("Рославль")
    await press(chat, "Рославльский округ", "Присылать уведомления для этого места?")
    await expect(card(chat, "включены: Рославльский округ")).to_be_visible(timeout=SLOW)

    # The example notice arrives at its time.
    await in_private(chat, OPERATOR)
    await chat.write("/desk")
    await press(chat, "Черновики", "Пульт оператора")
    await press(chat, "Сегодня проверят сирены", "Черновики настоящих сообщений")
    await press(chat, "На согласование", "Черновик", "№ siren-check-monthly")
    await press(chat, "Одобрить", "Ждёт решения", "№ siren-check-monthly")
    await expect(card(chat, "Ждёт своего времени", "№ siren-check-monthly")).to_be_visible(timeout=SLOW)
    await in_private(chat, ANNA)
    assert await chat.from_bot("Сегодня проверят сирены").count() == 0
    await expect(card(chat, "Сегодня проверят сирены", "Отправлено:")).to_be_visible(timeout=180_000)
    await in_private(chat, OPERATOR)
    await expect(card(chat, "Отправлено, действует", "№ siren-check-monthly")).to_be_visible(timeout=SLOW)

    # An operator writes an urgent one, and another person approves it.
    await in_private(chat, OPERATOR)
    await chat.write("/desk")
    await press(chat, "НАСТОЯЩЕЕ", "Пульт оператора")
    await press(chat, "Беспилотная опасность", "Выберите шаблон")
    await answer(chat, "1/6.", "Рославль")
    await answer(chat, "2/6.", "Беспилотники видят над округом.")
    await answer(chat, "3/6.", "Drones are seen over the district.")
    await answer(chat, "4/6.", "Правительство Смоленской области")
    await answer(chat, "5/6.", "Government of Smolensk Region")
    await answer(chat, "6/6.", "2")
    await press(chat, "На согласование", "Так это увидят люди")
    await expect(card(chat, "Ждёт решения", "№ drone-danger", "Вы автор")).to_be_visible(timeout=SLOW)
    await in_private(chat, PYOTR)
    await chat.write("/desk")
    await press(chat, "Беспилотная опасность", "Пульт оператора")
    await expect(card(chat, "ПРЕДПРОСМОТР", "🟠 Severe danger", "Drones are seen")).to_be_visible(
        timeout=SLOW
    )
    await press(chat, "Одобрить", "Ждёт решения", "№ drone-danger")
    await expect(card(chat, "Отправляется", "№ drone-danger", "Дошло")).to_be_visible(timeout=SLOW)
    await eventually(
        lambda: town.replies(ANNA), lambda all_: any("🟠" in one["text"] for one in all_), seconds=40
    )

    # ... stops it ...
    await press(chat, "Остановить", "Отправляется", "№ drone-danger", "Дошло")
    await press(chat, "Да, остановить", "Кому ещё не ушло, тот не получит")
    await expect(card(chat, "⛔ Остановлено", "№ drone-danger", "Дошло")).to_be_visible(timeout=SLOW)

    # ... and corrects it.
    await press(chat, "Исправить", "⛔ Остановлено", "№ drone-danger", "Дошло")
    await press(chat, "Исправление ошибки", "Что сделать с", "№ drone-danger")
    await press(chat, "Прежнее место", "1/7.")
    for number, words in enumerate(
        (
            "Неверно назвали округ.",
            "The district was named wrong.",
            "Беспилотников над округом нет.",
            "There are no drones over the district.",
            "Оставайтесь в помещении.",
            "Stay indoors.",
        ),
        2,
    ):
        await answer(chat, f"{number}/7.", words)
    await press(chat, "На согласование", "Так это увидят люди")
    await in_private(chat, OPERATOR)
    await press(chat, "Одобрить", "Ждёт решения", "№ correction")

    # The resident sees the edited message and the correction.
    await in_private(chat, ANNA)
    await expect(card(chat, "Исправлено:", "Прежний текст", "Беспилотная опасность")).to_be_visible(
        timeout=SLOW
    )
    corrected = card(chat, "✏ Исправление", "Верно сейчас: Беспилотников над округом нет.")
    await expect(corrected).to_be_visible(timeout=SLOW)
    copies = [one for one in await town.replies(ANNA) if "Беспилотная опасность" in one["text"]]
    assert [one["text"].startswith("Исправлено:") for one in copies] == [True, False]
    assert copies[1]["reply_to"]["id"] == copies[0]["id"]
