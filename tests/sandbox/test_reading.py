"""What somebody who reads the chat page on a phone sees of messages that come, in a real browser."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, expect

from tests.sandbox.clients import ANNA, BotClient, Visitor
from tests.walks.browser import PHONE, ChatPage, running_browser

TALL = "Звоните 112\n" + "\n".join(f"{number}. Отойдите и не трогайте" for number in range(1, 60))
SHORT = "Это Памятка"


@pytest.fixture
async def phone(visitor: Visitor) -> AsyncIterator[ChatPage]:
    async with running_browser() as browser:
        page = ChatPage(await browser.new_page(viewport=PHONE))
        await visitor.start(ANNA)
        await page.open(visitor.url, ANNA)
        yield page
        assert page.errors == []


async def top_in_view(phone: ChatPage, message: Locator) -> float:
    """Return how many pixels below the top of the view a message begins."""
    await expect(message).to_be_visible()
    own = await message.bounding_box()
    view = await phone.page.locator("#scroller").bounding_box()
    assert own is not None
    assert view is not None
    return own["y"] - view["y"]


async def end_below_view(phone: ChatPage) -> float:
    """Return how many pixels of the talk are below the view."""
    return float(
        await phone.page.evaluate(
            "(({scrollHeight, scrollTop, clientHeight}) => scrollHeight - scrollTop - clientHeight)"
            "(document.getElementById('scroller'))"
        )
    )


async def test_an_answer_taller_than_the_view_is_read_from_its_top(phone: ChatPage, bot: BotClient) -> None:
    await phone.write("нашли обломки")

    await bot.get("sendMessage", chat_id=ANNA, text=TALL)

    assert 0 <= await top_in_view(phone, phone.from_bot("Звоните 112")) < 20
    await expect(phone.page.get_by_test_id("to-bottom")).to_be_visible()


async def test_what_the_bot_adds_leaves_the_top_of_its_answer_in_view(
    phone: ChatPage, bot: BotClient
) -> None:
    await phone.write("нашли обломки")
    await bot.get("sendMessage", chat_id=ANNA, text=TALL)
    await bot.get("sendMessage", chat_id=ANNA, text=SHORT)

    await expect(phone.from_bot(SHORT)).to_have_count(1)

    assert 0 <= await top_in_view(phone, phone.from_bot("Звоните 112")) < 20


async def test_two_short_messages_that_are_tall_together_are_read_from_the_first(
    phone: ChatPage, bot: BotClient
) -> None:
    half = "\n".join(f"{number}. Отойдите" for number in range(1, 18))
    await phone.write("нашли обломки")
    await bot.get("sendMessage", chat_id=ANNA, text=f"Сначала\n{half}")
    await expect(phone.from_bot("Сначала")).to_be_visible()
    await bot.get("sendMessage", chat_id=ANNA, text=f"Потом\n{half}")

    await expect(phone.from_bot("Потом")).to_have_count(1)

    assert 0 <= await top_in_view(phone, phone.from_bot("Сначала")) < 20


async def test_a_screen_that_becomes_a_long_guide_is_read_from_its_top(
    phone: ChatPage, bot: BotClient
) -> None:
    screen = await bot.get("sendMessage", chat_id=ANNA, text="Выберите тему")
    await expect(phone.from_bot("Выберите тему")).to_be_visible()

    await bot.get("editMessageText", chat_id=ANNA, message_id=screen["message_id"], text=TALL)

    assert 0 <= await top_in_view(phone, phone.from_bot("Звоните 112")) < 400
    assert await end_below_view(phone) > 100


async def test_short_talk_and_ones_own_words_stay_at_the_end(phone: ChatPage, bot: BotClient) -> None:
    await bot.get("sendMessage", chat_id=ANNA, text=TALL)
    await expect(phone.from_bot("Звоните 112")).to_be_visible()

    await phone.write("спасибо")
    await expect(phone.page.locator('[data-from="me"]').filter(has_text="спасибо")).to_be_in_viewport()
    await bot.get("sendMessage", chat_id=ANNA, text=SHORT)

    await expect(phone.from_bot(SHORT)).to_be_in_viewport()
    assert await end_below_view(phone) < 2


async def test_a_reader_further_up_is_left_there(phone: ChatPage, bot: BotClient) -> None:
    await bot.get("sendMessage", chat_id=ANNA, text=TALL)
    await expect(phone.from_bot("Звоните 112")).to_be_visible()
    await phone.page.get_by_test_id("to-bottom").click()
    await expect(phone.page.get_by_test_id("to-bottom")).to_be_hidden()
    await phone.page.locator("#scroller").evaluate("it => it.scrollTo({top: 300, behavior: 'instant'})")
    await expect(phone.page.get_by_test_id("to-bottom")).to_be_visible()

    await bot.get("sendMessage", chat_id=ANNA, text=SHORT)

    await expect(phone.page.locator("#below-count")).to_have_text("1")
    assert await phone.page.locator("#scroller").evaluate("it => it.scrollTop") == 300


async def test_a_voice_message_lasts_as_long_as_the_bot_is_told(
    phone: ChatPage, bot: BotClient, visitor: Visitor
) -> None:
    await visitor.act("send_stub", chat_id=ANNA, person_id=ANNA, what="voice")

    told = (await bot.updates())[-1]["message"]["voice"]["duration"]
    await expect(phone.page.get_by_test_id("stub")).to_have_text(f"0:0{told}")
