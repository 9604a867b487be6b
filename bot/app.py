"""The composition root: settings and content -> parts wired together -> a running program."""

import asyncio
import datetime as dt
import gc
import logging
import random
import resource
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.adapters import logs
from bot.adapters.content.watched import ContentFolder
from bot.adapters.http import HealthServer
from bot.adapters.store.copies import Copies
from bot.adapters.store.integrity import find_damage
from bot.adapters.store.lock import AlreadyDelivering, DeliveryLock, delivery_lock
from bot.adapters.store.store import SqlStore
from bot.adapters.telegram.channel import TelegramChannel, TokenRefused
from bot.adapters.telegram.incoming import Identity
from bot.adapters.telegram.webhook import WebhookPlace
from bot.conversation import begin_dialogue
from bot.core import wording
from bot.core.chat import StoreUnavailable
from bot.core.content import Content
from bot.core.message import Profile
from bot.core.notices.news import Told
from bot.core.problem import Level, Problem, counted
from bot.notices import Notices
from bot.settings import TELEGRAM, Address, Settings
from bot.workflows.forget import forget_in_time
from bot.workflows.nightly import back_up_nightly
from bot.workflows.reception import Reception
from bot.workflows.refresh import keep_fresh
from bot.workflows.respond import Respond

log = logging.getLogger(__name__)


TURNS = 0.001
"""Seconds for which one thread computes while another waits: at Python's own 5 ms a broadcast would lose half
its pace, and replies their ease, whenever the engine learns changed content.
"""


STOPS_WITHIN = 6.0
"""Seconds that the parts beside the channel have to end; the notices' take up to five of them."""


class CannotStart(Exception):
    """The program cannot start for a reason outside of it; the message says which, for a person."""


class WrongSetting(CannotStart):
    """A setting names something that is not there or cannot be used; the message begins with its name."""


class ContentRefused(Exception):
    """The content has errors; `problems` are all that was found, warnings too."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{counted(len(problems), 'problem')} in the content")
        self.problems = problems


def today() -> dt.date:
    """Return the day by which reviews are overdue."""
    return now().date()


def now() -> dt.datetime:
    """Return the present moment: the one clock that is handed to every part."""
    return dt.datetime.now(dt.UTC)


def load_content(path: Path) -> Content:
    """Return the content of a folder.

    Raises:
        ContentRefused: it has errors.
    """
    content, problems = ContentFolder(path, today).read()
    if content is None:
        raise ContentRefused(problems)
    return content


def profiles(content: Content, operators: tuple[int, ...]) -> tuple[Profile, ...]:
    """Return what Telegram shows about the bot: once for everybody, once in each language."""
    languages = (None, *content.deployment.languages)
    return tuple(wording.profile(content, language, operators) for language in languages)


async def run(settings: Settings, lock: DeliveryLock | None = None) -> None:
    """Run the bot until SIGTERM or Ctrl-C; from here on every line of the log is redacted.

    `lock` is the right to deliver where whoever starts it has taken that already.

    Raises:
        ContentRefused: the content has errors, and there is no earlier one to go on with.
        CannotStart: the token is unknown, or the database or a port cannot be used.
    """
    secrets = [settings.token.get_secret_value(), settings.database_url.get_secret_value()]
    if settings.webhook is not None:
        secrets.append(settings.webhook.secret.get_secret_value())
    logs.configure(settings.log_level, settings.log_format, secrets)
    # What the memory holds, the token among it, must not be left on a disk by a crash.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setswitchinterval(TURNS)
    for warning in settings.warnings:
        log.warning("%s", warning)
    logs.watch_loop(asyncio.get_running_loop())
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(settings, stop, lock=lock)


async def serve(
    settings: Settings,
    stop: asyncio.Event,
    ready: Callable[[], None] = lambda: None,
    lock: DeliveryLock | None = None,
) -> None:
    """Run the bot until `stop`; calls `ready` once Telegram has said who the bot is.

    Raises:
        ContentRefused, CannotStart: as `run` says.
    """
    async with AsyncExitStack() as open_parts:
        # Before all that takes long: whoever comes second learns it at once.
        store, lock = await _open_store(settings, open_parts, lock)
        folder = ContentFolder(settings.content_dir, today)
        fingerprint = folder.fingerprint()
        content, problems = await asyncio.to_thread(folder.read)
        if content is None:
            raise ContentRefused(problems)
        parts = _Parts(settings, content, store, lock)
        if settings.http_listen is not None:
            health = _health(settings.http_listen, parts.channel, store, parts.notices)
            await open_parts.enter_async_context(health)
        beside = [
            keep_fresh(folder, fingerprint, parts.accept, parts.refuse, stop),
            forget_in_time(store.outbox, store.misses, now, stop),
        ]
        if settings.backups:
            zone = ZoneInfo(content.deployment.time_zone)
            beside.append(back_up_nightly(store, now, zone, parts.tell, stop))
        await parts.run(problems, beside, stop, ready)


class _Parts:
    """The parts that answer and announce, wired together over one content until newer content is accepted."""

    def __init__(self, settings: Settings, content: Content, store: SqlStore, lock: DeliveryLock) -> None:
        self._settings = settings
        self._profiles = profiles(content, settings.operators)
        dialogue, self._engine = begin_dialogue(content, settings.data_dir)
        self.channel = TelegramChannel(
            settings.token.get_secret_value(),
            settings.api_base_url,
            settings.api_base_file_url,
            store,
            _webhook_place(settings),
            now,
            random.random,
        )
        self.notices: Notices | None = None
        if content.notices is not None:
            self.notices = Notices(settings, content, content.notices, store, self.channel, lock, now)
            self.channel.hear = self.notices.hear
        self._respond = Respond(
            dialogue,
            store,
            self.channel.members,
            now,
            store.notices if self.notices else None,
            store.misses,
            self._engine,
        )

    async def run(
        self,
        problems: Sequence[Problem],
        beside: Sequence[Coroutine[Any, Any, None]],
        stop: asyncio.Event,
        ready: Callable[[], None],
    ) -> None:
        """Answer until `stop`, with what runs `beside`; `problems` are those of the content.

        Nothing is left running, whatever ends it.
        """
        running = [asyncio.create_task(part) for part in (self._settle(stop), *beside)]

        async def greeted(me: Identity) -> None:
            self._respond.username = me.username
            if self.notices is not None:
                await self.notices.begin(me)
                running.append(asyncio.create_task(self.notices.run(problems, stop)))
            ready()

        reception = Reception(self._respond, self.notices.desk if self.notices else None)
        try:
            await self.channel.run(reception, self._profiles, stop, greeted)
        except TokenRefused as reason:
            asked = "" if self._settings.api_base_url == TELEGRAM else "; asked at BOT_API_BASE_URL"
            raise WrongSetting(f"BOT_TOKEN: {reason}{asked}") from None
        except OSError as error:
            webhook = self._settings.webhook
            if webhook is None:
                raise
            raise WrongSetting(f"BOT_WEBHOOK_PORT: {webhook.listen}: {error.strerror}") from None
        finally:
            stop.set()
            self._engine.cancel()
            await _end(running)

    async def accept(self, content: Content, problems: Sequence[Problem]) -> None:
        """Go on with new content."""
        _log_problems(problems)
        try:
            # First of all: a notice must not wait until the engine has learnt.
            if self.notices is not None:
                await self.notices.accept(content, problems)
        except Exception:
            # People are answered from it whatever became of the notices.
            await self._answer_from(content)
            raise
        await self._answer_from(content)

    async def _answer_from(self, content: Content) -> None:
        # In a thread without which the program can end.
        dialogue, learning = begin_dialogue(content, self._settings.data_dir)
        await asyncio.wrap_future(learning)
        self._respond.dialogue = dialogue
        await self.channel.show_profiles(profiles(content, self._settings.operators))

    async def refuse(self, problems: Sequence[Problem]) -> None:
        """Go on with the content that there was, and say why."""
        _log_problems(problems)
        if self.notices is not None:
            await self.notices.refuse(problems)

    async def tell(self, told: Told) -> None:
        """Leave all operators a piece of news, where there are notices and so operators."""
        if self.notices is not None:
            await self.notices.tell(told)

    async def _settle(self, stop: asyncio.Event) -> None:
        """Wait until the engine has learnt; without one there is nothing to run for."""
        try:
            await asyncio.wrap_future(self._engine)
        except asyncio.CancelledError:  # told to stop before it was ready
            return
        except BaseException:
            stop.set()
            raise
        # Content and indexes live as long as the program: the collector need not look at them again.
        gc.collect()
        gc.freeze()


async def _end(running: Sequence[asyncio.Task[None]]) -> None:
    """Wait for what was told to stop, and cut short what does not in time; a fault of any is raised."""
    _, late = await asyncio.wait(running, timeout=STOPS_WITHIN)
    if late:
        log.warning("%d parts did not end in time", len(late))
    for task in late:
        task.cancel()
    for ended in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


async def _open_store(
    settings: Settings, open_parts: AsyncExitStack, lock: DeliveryLock | None
) -> tuple[SqlStore, DeliveryLock]:
    """Take the right to deliver, look whether the database is whole, and only then bring it up to date."""
    url = settings.database_url.get_secret_value()
    copies = Copies(settings.data_dir / "backups", settings.backups)
    try:
        if lock is None:
            lock = await open_parts.enter_async_context(delivery_lock(url, now()))
        damage = await find_damage(url)
        if damage is not None:
            raise CannotStart(f"BOT_DATABASE_URL: the database is damaged, restore a backup: {damage}")
        store = await SqlStore.open(url, now, copies)
        open_parts.push_async_callback(store.close)
    except AlreadyDelivering as reason:
        raise CannotStart(str(reason)) from None
    except StoreUnavailable as reason:
        raise WrongSetting(f"BOT_DATABASE_URL: {reason}") from None
    return store, lock


def _log_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        if problem.level is Level.ERROR:
            log.error("%s", problem)


def _webhook_place(settings: Settings) -> WebhookPlace | None:
    if settings.webhook is None:
        return None
    listen = settings.webhook.listen
    return WebhookPlace(
        listen.host, listen.port, settings.webhook.url, settings.webhook.secret.get_secret_value()
    )


@asynccontextmanager
async def _health(
    address: Address, channel: TelegramChannel, store: SqlStore, notices: Notices | None
) -> AsyncIterator[None]:
    async def telegram() -> str:
        return channel.trouble()

    async def database() -> str:
        try:
            await store.check()
        except StoreUnavailable as reason:
            return str(reason)
        return ""

    async def announcing() -> str:
        return notices.trouble if notices is not None else ""

    vital, further = {"database": database}, {"telegram": telegram, "notices": announcing}
    server = HealthServer(address.host, address.port, vital, further, channel.counts)
    try:
        await server.start()
    except OSError as error:
        raise WrongSetting(f"BOT_HTTP_LISTEN: {address}: {error.strerror}") from None
    try:
        yield
    finally:
        await server.close()
