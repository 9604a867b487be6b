"""Our own channel answering residents by webhook, with its journal in a real database, until killed."""

import argparse
import asyncio
import datetime as dt
import gc
import signal

from benchmarks.load import HOOK, SECRET
from benchmarks.ours_alone import NOTICE
from bot.adapters.store.store import SqlStore
from bot.adapters.telegram.channel import TelegramChannel
from bot.adapters.telegram.webhook import WebhookPlace
from bot.core.message import IncomingMessage, IncomingQuery, Reply, Suggestion


class Echo:
    """Answers everything with the same message: what thinking costs is measured elsewhere."""

    async def respond(self, incoming: IncomingMessage) -> Reply:
        """Return the answer."""
        return Reply((NOTICE,))

    async def suggest(self, query: IncomingQuery) -> tuple[Suggestion, ...]:
        """Return nothing."""
        return ()

    def apology(self, incoming: IncomingMessage) -> Reply:
        """Return the answer."""
        return Reply((NOTICE,))


def now() -> dt.datetime:
    """Return the present moment."""
    return dt.datetime.now(dt.UTC)


async def main(options: argparse.Namespace) -> None:
    """Answer until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    store = await SqlStore.open(options.database)
    place = WebhookPlace("127.0.0.1", options.port, HOOK, SECRET)
    channel = TelegramChannel("1:benchmark", options.url, options.url, store, place, now, lambda: 0.5)
    gc.collect()
    gc.freeze()
    await channel.run(Echo(), (), stop)
    await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True)
    asyncio.run(main(parser.parse_args()))
