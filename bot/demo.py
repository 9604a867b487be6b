"""The sandbox, alone or with the real bot beside it: a conversation without Telegram, on this machine."""

import asyncio
import errno
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot import app, machine, settings
from bot.sandbox.server import Sandbox, is_loopback

PORTS_TO_TRY = 50
"""How far beyond the wished port a free one is looked for."""

LAST_PORT = 65535

OPERATORS = (1000, 1002)
"""Two of the sandbox's first people, so that one can write a notice and the other approve it."""

CHANNEL = -1002
"""The sandbox's own channel."""

Say = Callable[[str], None]


async def start_sandbox(host: str, port: int, say: Say) -> Sandbox:
    """Start the sandbox on the first free port from `port` on, and say which one it is.

    Raises:
        app.CannotStart: none of the ports is free, or the address is not one of this machine.
    """
    last = min(port + PORTS_TO_TRY - 1, LAST_PORT)
    for candidate in range(port, last + 1):
        sandbox = Sandbox()
        try:
            await sandbox.start(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise app.CannotStart(f"cannot listen on {host}:{candidate}: {error.strerror}") from None
            continue
        if candidate != port:
            say(f"Port {port} is in use, taking {candidate}.")
        if not is_loopback(host):
            say(f"Warning: listening on {host}. Everybody who reaches this address can read and write here.")
        return sandbox
    raise app.CannotStart(f"no free port from {port} to {last} on {host}")


async def run_sandbox(host: str, port: int, say: Say) -> None:
    """Run the sandbox until Ctrl-C or SIGTERM."""
    stop = stop_on_signals()
    sandbox = await start_sandbox(host, port, say)
    say(f"Chat page:     {sandbox.url}/")
    say(f"Bot API:       {sandbox.url}/bot<token>/<method>")
    say(f"Token:         {sandbox.token}")
    say("Ctrl-C stops it.")
    try:
        await stop.wait()
    finally:
        await sandbox.stop()


async def run_demo(host: str, port: int, content_dir: Path, data_dir: Path, say: Say) -> None:
    """Run the sandbox and the bot against it until Ctrl-C or SIGTERM; `data_dir` keeps what it learns."""
    stop = stop_on_signals()
    sandbox = await start_sandbox(host, port, say)
    try:
        with tempfile.TemporaryDirectory(prefix="safety-bot-") as scratch:
            chosen = settings.load(
                {
                    "BOT_TOKEN": sandbox.token,
                    "BOT_API_BASE_URL": f"{sandbox.url}/bot",
                    "BOT_API_BASE_FILE_URL": f"{sandbox.url}/file/bot",
                    "BOT_CONTENT_DIR": str(content_dir),
                    # Chats live as long as the sandbox that knows them; what was learnt serves everybody.
                    "BOT_DATA_DIR": str(data_dir),
                    "BOT_DATABASE_URL": f"sqlite:///{scratch}/bot.db",
                    "BOT_OPERATORS": ",".join(map(str, OPERATORS)),
                    "BOT_CHANNEL": str(CHANNEL),
                    "BOT_BACKUPS": "0",
                    "BOT_LOG_LEVEL": "WARNING",
                },
                machine.unusable,
            )
            await app.serve(
                chosen, stop, lambda: say(f"Ready: open {sandbox.url}/ in a browser. Ctrl-C stops it.")
            )
    finally:
        await sandbox.stop()


def stop_on_signals() -> asyncio.Event:
    """Return an event that Ctrl-C and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
