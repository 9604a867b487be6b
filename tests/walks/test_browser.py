"""A newcomer at the demo's chat page, in a real browser, with the real bot behind it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.walks.browser import DESK, PHONE, ChatPage, running_browser
from tests.walks.town import Town

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("shared_bot")]

SLOW = 20_000
"""Milliseconds that a reply may take on a busy machine."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Return a browser for the walks of this file."""
    async with running_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def chat(browser: Browser) -> AsyncIterator[ChatPage]:
    """Return a fresh page on a desk; at the end nothing may have gone wrong in it."""
    page = ChatPage(await browser.new_page(viewport=DESK))
    yield page
    assert page.errors == []
    await page.page.close()


async def test_a_question_gets_its_guide_with_sources_folded_away(shared_town: Town, chat: ChatPage) -> None:
    anna = await shared_town.newcomer("ru")
    await chat.open(shared_town.url, anna)

    await chat.write("нашел обломки в огороде чё делать")

    answer = chat.from_bot("Нашли обломки")
    await expect(answer).to_be_visible(timeout=SLOW)
    await expect(answer).to_contain_text("звоните 112")
    sources = answer.get_by_test_id("quote-toggle")
    await expect(sources).to_have_attribute("aria-expanded", "false")
    await sources.click()
    await expect(sources).to_have_attribute("aria-expanded", "true")
    assert await answer.locator("a[href^='http']").count() >= 3


async def test_topics_open_a_guide_and_lead_back_in_place(shared_town: Town, chat: ChatPage) -> None:
    anna = await shared_town.newcomer("ru")
    await chat.open(shared_town.url, anna)
    await chat.write("/topics")
    await expect(chat.from_bot("Выберите тему")).to_be_visible(timeout=SLOW)

    await chat.button("Тревога и атака").first.click()
    await chat.button("Воет сирена").first.click(timeout=SLOW)
    sources = chat.from_bot("Воет сирена").get_by_test_id("quote-toggle")
    await expect(sources).to_be_visible(timeout=SLOW)
    await chat.button("Назад").last.click()

    await expect(sources).to_have_count(0, timeout=SLOW)
    await expect(chat.button("Воет сирена").first).to_be_visible(timeout=SLOW)


async def test_the_language_is_switched_with_a_button(shared_town: Town, chat: ChatPage) -> None:
    anna = await shared_town.newcomer("ru")
    await chat.open(shared_town.url, anna)
    await chat.write("/language")

    await chat.button("English").click(timeout=SLOW)

    await expect(chat.from_bot("I will answer in English")).to_be_visible(timeout=SLOW)
    await chat.write("запах газа")
    await expect(chat.from_bot("Life in danger?")).to_be_visible(timeout=SLOW)


async def test_a_house_chat_hears_the_bot_only_when_it_is_called(shared_town: Town, chat: ChatPage) -> None:
    anna = await shared_town.newcomer("ru")
    house = await shared_town.house(anna)
    await chat.open(shared_town.url, anna)
    await chat.enter(house)

    await chat.write("кто-нибудь видел обломки?")
    await chat.write("@safety_sandbox_bot нашли обломки")

    await expect(chat.from_bot("Нашли обломки")).to_have_count(1, timeout=SLOW)


async def test_typed_markup_stays_text(shared_town: Town, chat: ChatPage) -> None:
    anna = await shared_town.newcomer("ru")
    await chat.open(shared_town.url, anna)

    await chat.write(
        "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    )

    await expect(chat.page.locator('[data-from="me"]').filter(has_text="<script>")).to_be_visible(
        timeout=SLOW
    )
    assert await chat.page.title() != "broken"


async def test_the_command_menu_offers_the_topics(shared_town: Town, chat: ChatPage) -> None:
    anna = await shared_town.newcomer("ru")
    await chat.open(shared_town.url, anna)
    await chat.write("/help")
    await expect(chat.from_bot("/topics").first).to_be_visible(timeout=SLOW)

    await chat.page.get_by_test_id("menu-commands").click()
    await chat.page.locator('[data-testid="command"]').filter(has_text="/topics").first.click()

    await expect(chat.from_bot("Выберите тему")).to_be_visible(timeout=SLOW)


async def test_on_a_small_dark_phone_nothing_sticks_out(
    shared_town: Town, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    anna = await shared_town.newcomer("ru")
    context = await browser.new_context(viewport=PHONE, color_scheme="dark", is_mobile=True, has_touch=True)
    phone = ChatPage(await context.new_page())
    await phone.open(shared_town.url, anna)
    await phone.write("дрон над домом")
    answer = phone.from_bot("звоните 112")
    await expect(answer).to_be_visible(timeout=SLOW)
    await expect(answer.get_by_text("звоните 112").first).to_be_in_viewport()

    picture = await phone.page.screenshot(path=tmp_path_factory.mktemp("phone") / "dark.png")

    assert picture
    assert not await phone.is_overflowing()
    background = await phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [int(part) for part in background.strip("rgba()").split(",")[:3]]
    assert max(channels) < 80, f"not dark: {background}"
    assert phone.errors == []
    await context.close()
