"""The notices' parts wired together: files, the operators' desk, publishing and delivering."""

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from zoneinfo import ZoneInfo

from bot.adapters.store.lock import DeliveryLock
from bot.adapters.store.store import SqlStore
from bot.adapters.telegram.broadcast import TelegramBroadcast
from bot.adapters.telegram.channel import TelegramChannel
from bot.adapters.telegram.incoming import Identity
from bot.core.chat import StoreUnavailable
from bot.core.content import Content
from bot.core.notices.book import NoticeBook
from bot.core.notices.freezing import Rules
from bot.core.notices.installation import rules_of
from bot.core.problem import Problem
from bot.settings import Settings
from bot.workflows.compose import Compose
from bot.workflows.decide import Decide
from bot.workflows.deliver import Deliver
from bot.workflows.operate import Operate
from bot.workflows.operators import Operators
from bot.workflows.publish import Publish
from bot.workflows.take_in import TakeIn
from bot.workflows.watch import Watch

log = logging.getLogger(__name__)

STOPS_WITHIN = 6.0
"""Seconds that publishing, delivering and telling operators have to end by themselves."""

TRY_AGAIN = 5.0
"""Seconds until the store or Telegram is asked again for what the notices need before they can begin."""


class Notices:
    """Everything about notices in one process.

    `desk` answers operators from the first update on; `trouble` says why nothing is sent any more, if so.
    """

    def __init__(
        self,
        settings: Settings,
        content: Content,
        book: NoticeBook,
        store: SqlStore,
        channel: TelegramChannel,
        lock: DeliveryLock,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._settings = settings
        self._channel = channel
        self.trouble = ""
        self._content = content
        self._book = book
        self._channel_id = settings.channel if isinstance(settings.channel, int) else None
        self._broadcast = TelegramBroadcast(settings.token.get_secret_value(), settings.api_base_url)
        rules = self._rules()
        self._operators = Operators(content, book, rules, store, channel.unasked, now)
        compose = Compose(self._operators, store.notices, store.audiences)
        self._watch = Watch(self._operators, store.notices, store.outbox, compose)
        zone = ZoneInfo(content.deployment.time_zone)
        self._deliver = Deliver(
            store.outbox,
            self._broadcast,
            zone,
            settings.broadcast_rate,
            now,
            time.monotonic,
            self._watch.tell,
            lock.is_held,
        )
        self._publish = Publish(
            store.notices, store.outbox, rules, now, time.monotonic, self._watch.tell, self._deliver.wake
        )
        decide = Decide(self._operators, store.notices, compose, self._publish)
        self.desk = Operate(self._operators, store.notices, store.outbox, store.audit, compose, decide)
        self._take_in = TakeIn(
            self._operators, store.notices, compose.problems_in_file, self._watch.tell, self._publish.wake
        )

    async def run(self, me: Identity, problems: Sequence[Problem], stop: asyncio.Event) -> None:
        """Take in the files, publish and deliver until `stop`; `problems` are those of the files.

        What is being sent at the end is waited for and written down. A fault ends the notices, is logged
        and stands in `trouble`; residents are answered all the same.
        """
        try:
            await self._run(me, problems, stop)
        except Exception:
            self.trouble = "a fault ended the sending of notices; the log tells, a restart goes on"
            log.critical("notices are not sent any more", exc_info=True)

    async def _run(self, me: Identity, problems: Sequence[Problem], stop: asyncio.Event) -> None:
        self._broadcast.username, self._broadcast.supports_inline = me.username, me.supports_inline
        async with self._broadcast:
            await self._find_channel(stop)
            await self._take_in_files(problems, stop)
            parts = (self._publish.run, self._deliver.run, self._watch.run)
            working = [asyncio.create_task(part(stop)) for part in parts]
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({*working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            # Whoever still waits for Telegram after that is not waited for: the store knows what was sent.
            await asyncio.wait(working, timeout=STOPS_WITHIN if stop.is_set() else 0)
            for task in (*working, stopping):
                task.cancel()
            await asyncio.wait(working, timeout=STOPS_WITHIN)
            for task in working:
                if task.done() and not task.cancelled():
                    task.result()

    async def accept(self, content: Content, problems: Sequence[Problem]) -> None:
        """Go on with new content. One without notices leaves those that are under way as they are.

        Raises:
            StoreUnavailable: what is new in the files could not be taken in.
        """
        if content.notices is None:
            await self._watch.report(problems)
            return
        self._content, self._book = content, content.notices
        self._use_rules()
        await self._watch.report((*problems, *await self._take_in.take()))

    async def refuse(self, problems: Sequence[Problem]) -> None:
        """Tell the operators why new content was not taken."""
        await self._watch.report(problems)

    def _rules(self) -> Rules:
        tzdata = metadata.version("tzdata")
        return rules_of(self._content, self._book, tzdata, self._settings.operators, self._channel_id)

    def _use_rules(self) -> None:
        rules = self._rules()
        self._operators.replace(self._content, self._book, rules)
        self._publish.rules = rules

    async def _find_channel(self, stop: asyncio.Event) -> None:
        """Learn the number behind a channel's @name: rows of the outbox are kept by numbers."""
        name = self._settings.channel
        if not isinstance(name, str):
            return
        while not stop.is_set():
            self._channel_id = await self._channel.find_chat_id(name)
            if self._channel_id is not None:
                self._use_rules()
                return
            log.error("BOT_CHANNEL: %s cannot be found; is the bot an administrator there?", name)
            await _rest(stop)

    async def _take_in_files(self, problems: Sequence[Problem], stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._watch.report((*problems, *await self._take_in.take()))
            except StoreUnavailable as reason:
                log.error("store away, notices are taken in later: %s", reason)
                await _rest(stop)
            else:
                return


async def _rest(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), TRY_AGAIN)
    except TimeoutError:
        return
