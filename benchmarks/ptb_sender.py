"""The plain way with python-telegram-bot: its default HTTP layer, some workers, and an echo beside them."""

import argparse
import asyncio
import json
from collections.abc import Iterator
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity, Update
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from benchmarks.measure import Cost, measured, told_to_begin
from benchmarks.notice import BOLD, BUTTONS, TEXT

ENTITIES = [MessageEntity(MessageEntity.BOLD, offset, length) for offset, length in BOLD]
KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton(label, callback_data=data)] for label, data in BUTTONS]
)


async def reply(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a resident."""
    assert isinstance(update.message, Message)
    await update.message.reply_text(TEXT, entities=ENTITIES, reply_markup=KEYBOARD)


def make_application(url: str) -> Any:
    """Return the application as its documentation builds it."""
    application = Application.builder().token("1:benchmark").base_url(url).build()
    application.add_handler(MessageHandler(filters.TEXT, reply))
    return application


async def send_all(bot: Any, count: int, window: int) -> Cost:
    """Send to so many with so many workers; a worker told to wait sleeps."""
    chats = iter(range(1, count + 1))

    async def work(chats: Iterator[int]) -> None:
        for chat in chats:
            while True:
                try:
                    await bot.send_message(chat, TEXT, entities=ENTITIES, reply_markup=KEYBOARD)
                except RetryAfter as wait:
                    seconds = wait.retry_after
                    await asyncio.sleep(seconds if isinstance(seconds, int) else seconds.total_seconds())
                    continue
                except (NetworkError, TelegramError):
                    pass
                break

    with measured() as cost:
        await asyncio.gather(*(work(chats) for _ in range(window)))
    return cost


async def main(options: argparse.Namespace) -> None:
    """Send, and answer meanwhile if asked to."""
    application = make_application(options.url)
    await application.initialize()
    if options.replies:
        await application.start()
        await application.updater.start_polling()
    await told_to_begin(options.wait)
    cost = await send_all(application.bot, options.count, options.window)
    print(json.dumps(cost.as_json(options.count)), flush=True)
    if options.replies:
        await application.updater.stop()
        await application.stop()
    await application.shutdown()


def listen(options: argparse.Namespace) -> None:
    """Answer residents who come by webhook, until killed."""
    make_application(options.url).run_webhook(
        listen="127.0.0.1", port=options.port, url_path="hook", webhook_url="https://example.invalid/hook"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--window", type=int, default=36)
    parser.add_argument("--replies", action="store_true")
    parser.add_argument("--wait", action="store_true", help="begin when a line comes in")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.port:
        listen(chosen)
    else:
        asyncio.run(main(chosen))
