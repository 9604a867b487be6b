"""The real thing: outbox in a database, the delivering workflow, the broadcaster, and replies beside them.

It delivers what the database holds and stops at SIGTERM, like the program; started again it goes on.
"""

import argparse
import asyncio
import datetime as dt
import gc
import json
import logging
import signal
import time
from dataclasses import replace

from benchmarks.load import HOOK, SECRET
from benchmarks.measure import measured, told_to_begin
from benchmarks.notice import HEADLINE, TEXT
from benchmarks.ours_alone import NOTICE
from benchmarks.ours_inbound import Echo, now
from benchmarks.stand_in import URGENT
from bot.adapters.store.store import SqlStore
from bot.adapters.telegram.broadcast import TelegramBroadcast
from bot.adapters.telegram.channel import TelegramChannel
from bot.adapters.telegram.webhook import WebhookPlace
from bot.core.chat import Chat
from bot.core.message import OutgoingMessage, Text
from bot.core.notices.cap import Certainty, Severity, Urgency
from bot.core.notices.delivery import Progress, Task
from bot.core.notices.news import Told
from bot.core.notices.notice import Notice
from bot.core.notices.priority import Lane
from bot.core.notices.record import Change, Launch, Mailing, Record, Subscribers
from bot.core.notices.states import State
from bot.workflows.deliver import Deliver

AREA = "city"
ROUTINE, EXTREME = "routine", "extreme"

WORDS = {
    ROUTINE: NOTICE,
    EXTREME: OutgoingMessage(Text(f"{URGENT}\n{TEXT}")),
}


async def settle(store: SqlStore, count: int) -> None:
    """Let so many chats subscribe."""
    await store.save_chats(Chat(number, "ru", frozenset({AREA})) for number in range(1, count + 1))


async def launch(store: SqlStore, name: str) -> None:
    """Put a notice for everybody into the outbox."""
    lane = Lane.URGENT if name == EXTREME else Lane.ROUTINE
    mailing = Mailing(name, 1, Task.SEND, lane, lane is Lane.URGENT, {"ru": WORDS[name]}, "ru")
    record = Record(name, _announcement(name), now(), state=State.PUBLISHING)
    everybody = Subscribers(frozenset({AREA}), frozenset({AREA}))
    await store.notices.apply(Change(added=(record,), launch=Launch(mailing, everybody)), now())


def _announcement(name: str) -> Notice:
    return Notice(
        id=name,
        event="drone-danger",
        severity=Severity.EXTREME if name == EXTREME else Severity.MODERATE,
        urgency=Urgency.IMMEDIATE,
        certainty=Certainty.LIKELY,
        sender_name={"ru": "Управление"},
        headline={"ru": HEADLINE},
        description={"ru": "Описание."},
        areas=(AREA,),
        expires="+2h",
    )


async def tell(told: Told) -> None:
    """Keep what operators would be told off the table."""
    logging.getLogger(__name__).info("%s %s", told.news, told.detail)


async def main(options: argparse.Namespace) -> None:
    """Deliver until all is final or SIGTERM comes."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    store = await SqlStore.open(options.database)
    if options.settle:
        await settle(store, options.settle)
        await store.close()
        return
    async with TelegramBroadcast("1:benchmark", options.url) as broadcast:
        deliver = Deliver(store.outbox, broadcast, dt.UTC, options.rate, now, time.monotonic, tell)
        beside = [asyncio.create_task(_answer(store, options, stop))] if options.replies else []
        gc.collect()
        gc.freeze()
        await told_to_begin(options.wait)
        with measured() as cost:
            if options.launch:
                await launch(store, ROUTINE)
            delivering = asyncio.create_task(deliver.run(stop))
            await _until_finished(store, options, stop, delivering)
            progress = await _progress(store)
            stop.set()
            await delivering
        await asyncio.gather(*beside)
    told = cost.as_json(progress.sent) | {
        "finished": progress.is_finished,
        "refused": progress.refused,
        "uncertain": progress.uncertain,
    }
    await store.close()
    print(json.dumps(told), flush=True)


async def _until_finished(
    store: SqlStore, options: argparse.Namespace, stop: asyncio.Event, delivering: asyncio.Task[None]
) -> None:
    begun = time.monotonic()
    extreme_after = options.extreme_after
    # What is asked with an Extreme notice is known once that is out; the routine one goes on for long.
    awaited = (EXTREME,) if extreme_after else (ROUTINE, EXTREME)
    while not stop.is_set() and not delivering.done():
        await asyncio.sleep(0.1)
        if extreme_after and time.monotonic() - begun > extreme_after:
            extreme_after = 0.0
            print(json.dumps({"extreme_at": time.monotonic()}), flush=True)
            await launch(store, EXTREME)
        if not extreme_after and all([await store.outbox.is_finished(name, 1) for name in awaited]):
            return


async def _progress(store: SqlStore) -> Progress:
    both = [await store.outbox.progress(name, 1) for name in WORDS]
    return replace(
        both[0],
        **{name: getattr(both[0], name) + getattr(both[1], name) for name in Progress.__dataclass_fields__},
    )


async def _answer(store: SqlStore, options: argparse.Namespace, stop: asyncio.Event) -> None:
    place = WebhookPlace("127.0.0.1", options.port, HOOK, SECRET) if options.port else None
    channel = TelegramChannel("1:benchmark", options.url, options.url, store, place, now, lambda: 0.5)
    await channel.run(Echo(), (), stop)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="")
    parser.add_argument("--database", required=True)
    parser.add_argument("--settle", type=int, default=0, help="only let so many chats subscribe")
    parser.add_argument("--launch", action="store_true", help="put a routine notice into the outbox")
    parser.add_argument("--rate", type=float, default=100_000.0)
    parser.add_argument("--replies", action="store_true")
    parser.add_argument("--port", type=int, default=0, help="residents come by webhook, not by polling")
    parser.add_argument("--wait", action="store_true", help="begin when a line comes in")
    parser.add_argument("--extreme-after", type=float, default=0.0)
    parser.add_argument("--verbose", action="store_true")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO if chosen.verbose else logging.ERROR)
    asyncio.run(main(chosen))
