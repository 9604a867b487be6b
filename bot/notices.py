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
from bot.core.notices.news import Told
from bot.core.problem import Problem
from bot.settings import Settings
from bot.workflows.compose import Compose
from bot.workflows.decide import Decide
from bot.workflows.deliver import Deliver
from bot.workflows.find_channel import FindChannel
from bot.workflows.following import Following
from bot.workflows.operate import Operate
from bot.workflows.operators import Operators
from bot.workflows.parts import Part
from bot.workflows.publish import Publish
from bot.workflows.right import Right
from bot.workflows.store_news import StoreNews
from bot.workflows.take_in import TakeIn
from bot.workflows.trusted_clock import TrustedClock
from bot.workflows.watch import Watch

log = logging.getLogger(__name__)

STOPS_WITHIN = 4.0
"""Seconds that the parts have to end by themselves; delivering waits for what is in flight."""

TELLING_STOPS_WITHIN = 0.5
"""The same for telling operators: they may be written to once a second, and would be waited for."""

LOOKED_FOR_FIRST = 3.0
"""Seconds for which a channel never seen before is waited for before the first notice goes without it."""

TELLING = "telling operators"

TRY_AGAIN = 5.0
"""Seconds until the store is asked again for what stands in the files."""


class Notices:
    """Everything about notices in one process. `desk` answers operators from the first update on."""

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
        self._content = content
        self._book = book
        self._channel_id = settings.channel if isinstance(settings.channel, int) else None
        self._broadcast = TelegramBroadcast(settings.token.get_secret_value(), settings.api_base_url)
        self._clock = TrustedClock(now, time.monotonic)
        rules = self._rules()
        self._operators = Operators(content, book, rules, store, channel.unasked, self._clock)
        compose = Compose(self._operators, store.notices, store.audiences)
        following = Following(store.cards)
        self._watch = watch = Watch(self._operators, store.notices, store.outbox, compose, following)
        self._right = Right(lock, time.monotonic, watch.tell)
        store_news = StoreNews(watch.tell)
        self._deliver = Deliver(
            store.outbox,
            self._broadcast,
            ZoneInfo(content.deployment.time_zone),
            settings.broadcast_rate,
            self._clock,
            time.monotonic,
            store_news.of("delivering"),
            self._right.is_ours,
        )
        self._publish = Publish(
            store.notices,
            store.outbox,
            rules,
            now,
            time.monotonic,
            store_news.of("publishing"),
            self._deliver.wake,
            self._right.is_ours,
        )
        decide = Decide(self._operators, store.notices, compose, self._publish)
        self.desk = Operate(
            self._operators, store.notices, store.outbox, store.audit, compose, decide, following
        )
        self._take_in = TakeIn(
            self._operators, store.notices, compose.problems_in_file, watch.tell, self._publish.wake
        )
        self._search: FindChannel | None = None
        self._problems: Sequence[Problem] = ()
        lives = {
            "publishing": self._publish.run,
            "delivering": self._deliver.run,
            TELLING: watch.run,
            "taking in files": self._take_in_files,
        }
        if isinstance(settings.channel, str):
            self._search = FindChannel(settings.channel, channel, store, self._use_channel, watch.tell)
            lives["finding the channel"] = self._search.run
        self._parts = [Part(name, live, watch.tell) for name, live in lives.items()]

    @property
    def trouble(self) -> str:
        """What keeps notices from going as they should, empty if nothing does."""
        troubles = (self._right.trouble, *(part.trouble for part in self._parts))
        search = self._search.trouble if self._search is not None else ""
        return next(filter(None, (*troubles, search)), "")

    def hear(self, instant: dt.datetime) -> None:
        """Take note of Telegram's time: everything about notices goes by it where ours is plainly wrong."""
        self._clock.hear(instant)
        self._publish.hear(instant)

    async def tell(self, told: Told) -> None:
        """Leave all operators a piece of news."""
        await self._watch.tell(told)

    async def begin(self, me: Identity) -> None:
        """Do what comes before the first update: what was under way is known, what is over is marked."""
        self._broadcast.username, self._broadcast.supports_inline = me.username, me.supports_inline
        if self._search is not None:
            await self._search.recall(LOOKED_FOR_FIRST)
        try:
            if await self._right.is_ours():
                await self._deliver.recover()
                await self._publish.tick()
        except StoreUnavailable as problem:
            log.error("store away, notices begin later: %s", problem)
        except Exception:
            log.exception("the notices' first look failed; it is repeated")

    async def run(self, problems: Sequence[Problem], stop: asyncio.Event) -> None:
        """Take in the files, publish and deliver until `stop`; `problems` are those of the files.

        What is being sent at the end is waited for and written down.
        """
        self._problems = problems
        async with self._broadcast:
            working = [asyncio.create_task(part.run(stop), name=part.name) for part in self._parts]
            await stop.wait()
            # The store knows what was sent, whoever is still waiting for Telegram then.
            await _end(STOPS_WITHIN, *(task for task in working if task.get_name() != TELLING))
            await _end(TELLING_STOPS_WITHIN, *working)

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
        channel = self._settings.channel
        name = channel if isinstance(channel, str) else ""
        return rules_of(self._content, self._book, tzdata, self._settings.operators, self._channel_id, name)

    def _use_rules(self) -> None:
        rules = self._rules()
        self._operators.replace(self._content, self._book, rules)
        self._publish.rules = rules

    def _use_channel(self, chat_id: int) -> None:
        self._channel_id = chat_id
        self._use_rules()

    async def _take_in_files(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._watch.report((*self._problems, *await self._take_in.take()))
            except StoreUnavailable as reason:
                log.error("store away, notices are taken in later: %s", reason)
                await _rest(stop)
            else:
                return


async def _end(within: float, *tasks: asyncio.Task[None]) -> None:
    """Wait for parts that were told to stop; who does not in time is cut short."""
    _, late = await asyncio.wait(tasks, timeout=within)
    for task in late:
        if task.get_name() != TELLING:
            log.warning("%s did not end in time", task.get_name())
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _rest(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), TRY_AGAIN)
    except TimeoutError:
        return
