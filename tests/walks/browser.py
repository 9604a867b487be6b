"""A real browser for walks: Debian's chromium, driven as a person would use it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright

PHONE = ViewportSize(width=360, height=640)
DESK = ViewportSize(width=1280, height=800)

# Root needs --no-sandbox; the rest keeps the browser from calling anybody but the page.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_or_skip() -> str:
    """Return where chromium is; skip where it is missing, and fail instead where everything must run."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    reason = "the browser tests need chromium; on Debian: apt install chromium fonts-noto-color-emoji"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Run a browser without a window."""
    path = chromium_or_skip()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


class ChatPage:
    """The chat page in the hands of one person."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def open(self, url: str, person: int) -> None:
        """Open the page as one person, in the chat with the bot."""
        await self.page.goto(f"{url}/?as={person}")
        await self.page.get_by_test_id("composer").wait_for()

    async def choose(self, person: int) -> None:
        """Go on as another person."""
        await self.page.locator(f'[data-testid="person"][data-person-id="{person}"]').click()

    async def enter(self, chat: int) -> None:
        """Open another chat."""
        await self.page.locator(f'[data-testid="chat"][data-chat-id="{chat}"]').click()

    async def write(self, text: str) -> None:
        """Type and send."""
        await self.page.get_by_test_id("composer").fill(text)
        await self.page.get_by_test_id("send").click()

    def from_bot(self, having: str) -> Locator:
        """Return the bot's messages that hold some words."""
        return self.page.locator('[data-testid="message"][data-from="bot"]').filter(has_text=having)

    def button(self, label: str) -> Locator:
        """Return the buttons under messages with this label."""
        return self.page.get_by_test_id("button").filter(has_text=label)

    async def is_overflowing(self) -> bool:
        """Say whether the page can be scrolled sideways."""
        return bool(
            await self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
            )
        )
