"""The plain way with aiogram: one session, so many workers, and an echo beside them."""

import argparse
import asyncio
import json
from collections.abc import Iterator
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from benchmarks.measure import Cost, measured, told_to_begin
from benchmarks.notice import BOLD, BUTTONS, TEXT

ENTITIES = [MessageEntity(type="bold", offset=offset, length=length) for offset, length in BOLD]
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=data)] for label, data in BUTTONS]
)


def make(url: str, window: int) -> tuple[Any, Any]:
    """Return a bot for the stand-in, and a dispatcher that answers residents."""
    server = TelegramAPIServer.from_base(url.removesuffix("/bot"))
    bot = Bot("1:benchmark", session=AiohttpSession(api=server, limit=window))
    dispatcher = Dispatcher()

    dispatcher.message.register(reply)
    return bot, dispatcher


async def reply(message: Message) -> None:
    """Answer a resident."""
    await message.answer(TEXT, entities=ENTITIES, reply_markup=KEYBOARD)


async def send_all(bot: Any, count: int, window: int) -> Cost:
    """Send to so many with so many workers; a worker told to wait sleeps."""
    chats = iter(range(1, count + 1))

    async def work(chats: Iterator[int]) -> None:
        for chat in chats:
            while True:
                try:
                    await bot.send_message(chat, TEXT, entities=ENTITIES, reply_markup=KEYBOARD)
                except TelegramRetryAfter as wait:
                    await asyncio.sleep(wait.retry_after)
                    continue
                except AiogramError:
                    pass
                break

    with measured() as cost:
        await asyncio.gather(*(work(chats) for _ in range(window)))
    return cost


async def main(options: argparse.Namespace) -> None:
    """Send, and answer meanwhile if asked to."""
    bot, dispatcher = make(options.url, options.window)
    polling = None
    if options.replies:
        polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    await told_to_begin(options.wait)
    cost = await send_all(bot, options.count, options.window)
    print(json.dumps(cost.as_json(options.count)), flush=True)
    if polling:
        await dispatcher.stop_polling()
        await polling
    await bot.session.close()


def listen(options: argparse.Namespace) -> None:
    """Answer residents who come by webhook, until killed."""
    bot, dispatcher = make(options.url, 100)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=options.port, print=None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--replies", action="store_true")
    parser.add_argument("--wait", action="store_true", help="begin when a line comes in")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.port:
        listen(chosen)
    else:
        asyncio.run(main(chosen))
