"""The composition root: settings and content -> parts wired together -> a running program."""

import asyncio
import datetime as dt
import gc
import logging
import random
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.adapters import logs
from bot.adapters.content import folder
from bot.adapters.encoder import open_encoder
from bot.adapters.http import HealthServer
from bot.adapters.store.store import SqlStore
from bot.adapters.telegram.channel import TelegramChannel
from bot.core import wording
from bot.core.answering.engine import Engine
from bot.core.content import Content
from bot.core.dialogue import Dialogue
from bot.core.problem import Problem
from bot.settings import Settings
from bot.workflows.refresh import keep_fresh
from bot.workflows.respond import Respond

log = logging.getLogger(__name__)


class CannotStart(Exception):
    """The program cannot start for a reason outside of it; the message says which, for a person."""


class ContentRefused(Exception):
    """The content has errors; `problems` are all that was found, warnings too."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems in the content")
        self.problems = problems


def now() -> dt.datetime:
    """Return the present moment: the one clock that is handed to every part."""
    return dt.datetime.now(dt.UTC)


def load_content(path: Path) -> Content:
    """Return the content of a folder.

    Raises:
        ContentRefused: it has errors.
    """
    loaded = folder.load(path, now().date())
    if loaded.content is None:
        raise ContentRefused(loaded.problems)
    return loaded.content


def make_dialogue(content: Content, cache: Path | None) -> Dialogue:
    """Return the conversation over this content; takes seconds. `cache` is where the encoder may keep its work."""
    encoder = open_encoder(cache)
    engine = Engine.build(content.guides, content.answering, content.deployment.languages, encoder)
    return Dialogue(content, engine.find)


def run(settings: Settings) -> None:
    """Run the bot until SIGTERM or Ctrl-C.

    Raises:
        ContentRefused: the content has errors, and there is no earlier one to go on with.
        CannotStart: the data folder or the database cannot be used.
    """
    logs.configure(settings)
    asyncio.run(_until_signal(settings))


async def _until_signal(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(settings, stop)


async def serve(settings: Settings, stop: asyncio.Event, ready: Callable[[], None] = lambda: None) -> None:
    """Run the bot until `stop`; calls `ready` once people are answered.

    Raises:
        ContentRefused, CannotStart: as `run` says.
    """
    content_folder = ContentFolder(settings.content_dir, today)
    fingerprint = content_folder.fingerprint()
    content, problems = content_folder.read()
    if content is None:
        raise ContentRefused(problems)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    dialogue = await asyncio.to_thread(make_dialogue, content, settings.data_dir)
    try:
        store = await SqlStore.open(settings.database_url.get_secret_value(), now)
    except StoreUnavailable as reason:
        raise CannotStart(f"the database cannot be used: {reason}") from None
