"""The broadcaster alone, without outbox or pace: what its share of a delivery costs."""

import argparse
import asyncio
import json
from collections.abc import Iterator

from benchmarks.measure import measured
from benchmarks.notice import BOLD, BUTTONS, TEXT
from bot.adapters.telegram.broadcast import TelegramBroadcast
from bot.core.message import Button, Entity, OutgoingMessage, Press, Style, Text
from bot.core.notices.delivery import Sent

NOTICE = OutgoingMessage(
    Text(TEXT, tuple(Entity(Style.BOLD, offset, length) for offset, length in BOLD)),
    tuple((Button(label, Press(data)),) for label, data in BUTTONS),
)


async def main(options: argparse.Namespace) -> None:
    """Send to so many with so many workers."""
    chats = iter(range(1, options.count + 1))
    sent = 0

    async def work(broadcast: TelegramBroadcast, chats: Iterator[int]) -> None:
        nonlocal sent
        for chat in chats:
            outcome = await broadcast.send(prepared, chat, silent=False)
            sent += isinstance(outcome, Sent)

    async with TelegramBroadcast("1:benchmark", options.url) as broadcast:
        prepared = broadcast.prepare(NOTICE)
        with measured() as cost:
            await asyncio.gather(*(work(broadcast, chats) for _ in range(options.window)))
    print(json.dumps(cost.as_json(sent)), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--window", type=int, default=256)
    asyncio.run(main(parser.parse_args()))
