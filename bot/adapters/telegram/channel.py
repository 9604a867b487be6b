"""Telegram as the program sees it: it runs until it is told to stop, then finishes what it has."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.adapters.telegram.calls import Calls
from bot.adapters.telegram.dispatch import Dispatcher, Journal, Responder
from bot.adapters.telegram.incoming import Identity
from bot.adapters.telegram.members import ChatMembers
from bot.adapters.telegram.outage import Outage
from bot.adapters.telegram.outgoing import Outgoing
from bot.adapters.telegram.pacing import Pace
from bot.adapters.telegram.polling import Poller
from bot.adapters.telegram.profile import show_profiles
from bot.adapters.telegram.request import AiohttpRequest
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.unasked import Unasked
from bot.adapters.telegram.webhook import WebhookPlace, WebhookServer
from bot.core.chat import StoreUnavailable
from bot.core.message import IncomingMessage, Left, Migrated, Profile, Room

log = logging.getLogger(__name__)

DRAINED_WITHIN = 11.0
"""Seconds for what is in work when the program stops; with the confirmation of the last updates under 15."""


class TokenRefused(Exception):
    """Telegram does not know the token: the program ends, since trying again cannot help."""


class TelegramChannel:
    """The bot's presence in Telegram. Nothing is connected before `run`."""

    def __init__(
        self,
        token: str,
        base_url: str,
        base_file_url: str,
        journal: Journal,
        webhook: WebhookPlace | None,
        now: Callable[[], dt.datetime],
        random: Callable[[], float],
    ) -> None:
        """Take the token and the addresses it is appended to; a webhook's place, or None for long polling.

        `random` gives numbers from 0 to 1, with which retries are spread.
        """
        self._request = AiohttpRequest(heard=self._heard)
        # Its own small session: a poll is always open, and must never wait for the replies' connections.
        self._polling_request = AiohttpRequest(connections=2, read_timeout=10.0, heard=self._heard)
        self._bot = Bot(
            token,
            base_url=base_url,
            base_file_url=base_file_url,
            request=self._request,
            get_updates_request=self._polling_request,
        )
        self._journal = journal
        self._webhook = webhook
        self._now = now
        self._random = random
        self._outage = Outage(log, "Telegram does not answer", random)
        self._dispatcher: Dispatcher | None = None
        self._source: Poller | WebhookServer | None = None
        self._responder: Responder | None = None
        self.hear: Callable[[dt.datetime], None] = lambda _: None
        """Who wants to know Telegram's time; told at each of its answers."""
        self.members = ChatMembers(self._bot)
        self.unasked = Unasked()

    async def run(
        self,
        responder: Responder,
        profiles: Sequence[Profile],
        stop: asyncio.Event,
        ready: Callable[[Identity], Awaitable[None]] | None = None,
    ) -> None:
        """Answer people until `stop`, then finish what is in work, within 15 s.

        `ready` is awaited once, when Telegram has said who the bot is and before the first update.

        Raises:
            TokenRefused: Telegram does not know the token.
            OSError: the webhook's port cannot be listened on.
        """
        self._responder = responder
        try:
            me = await self._identify(stop)
            if me is None:
                return
            if ready is not None:
                await ready(me)
            await self._work(me, responder, profiles, stop)
        finally:
            await self._bot.shutdown()

    async def show_profiles(self, profiles: Sequence[Profile]) -> None:
        """Show new words about the bot; for content that changed while it runs."""
        await show_profiles(self._bot, profiles)

    async def find_chat_id(self, name: str) -> int | None:
        """Return the number of a public chat (`@name`), None while Telegram does not know it."""
        try:
            return (await self._bot.get_chat(name)).id
        except TelegramError as error:
            log.warning("a chat was not found: %s", error.message)
            return None

    def trouble(self) -> str:
        """Return what keeps people from being answered now, empty if nothing does."""
        if self._dispatcher is None or self._source is None:
            return "Telegram has not answered yet"
        if self._source.is_away:
            return "no updates come from Telegram"
        return "" if self._dispatcher.has_room else "more updates in work than there is room for"

    def counts(self) -> Mapping[str, int]:
        """Return how many updates were answered, failed, and are in work."""
        dispatcher = self._dispatcher
        return {
            "updates_answered_total": dispatcher.answered if dispatcher else 0,
            "updates_failed_total": dispatcher.failed if dispatcher else 0,
            "updates_in_work": dispatcher.in_work if dispatcher else 0,
        }

    def _heard(self, instant: dt.datetime) -> None:
        self.hear(instant)

    async def _identify(self, stop: asyncio.Event) -> Identity | None:
        """Return who the bot is, however long Telegram is away; None if it is time to stop instead."""
        while not stop.is_set():
            try:
                await self._bot.initialize()
            except InvalidToken:
                # PTB's text holds the token, so nothing of it is passed on.
                raise TokenRefused("Telegram does not know this token") from None
            except TelegramError as error:
                now = asyncio.get_running_loop().time()
                await _until(stop, self._outage.failed(error.message, now))
            else:
                self._outage.over(asyncio.get_running_loop().time())
                user = self._bot.bot
                log.info("answering as @%s", user.username)
                return Identity(user.id, user.username or "", bool(user.supports_inline_queries))
        return None

    async def _work(
        self, me: Identity, responder: Responder, profiles: Sequence[Profile], stop: asyncio.Event
    ) -> None:
        sender = Sender(Pace(), self._random, self._tell_moved)
        calls = Calls(self._request, self._bot.base_url)
        outgoing = Outgoing(self._bot, calls, sender, me, self._tell_left)
        self.unasked.connect(outgoing)
        self._dispatcher = dispatcher = Dispatcher(responder, self._journal, outgoing, me, self._now)
        showing = asyncio.create_task(self.show_profiles(profiles))
        try:
            if self._webhook:
                self._source = server = WebhookServer(self._bot, self._webhook, dispatcher, self._random)
                try:
                    await server.run(stop)
                    await dispatcher.drain(DRAINED_WITHIN)
                finally:
                    await server.close()
            else:
                self._source = poller = Poller(
                    self._polling_request,
                    f"{self._bot.base_url}/getUpdates",
                    dispatcher,
                    self._delete_webhook,
                    self._random,
                )
                await poller.run(stop)
                await dispatcher.drain(DRAINED_WITHIN)
                await poller.confirm()
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _delete_webhook(self) -> Any:
        return await self._bot.delete_webhook(drop_pending_updates=False)

    async def _tell_left(self, incoming: IncomingMessage) -> None:
        await self._tell(incoming.chat_id, incoming.room, Left())

    async def _tell_moved(self, old_id: int, new_id: int) -> None:
        await self._tell(old_id, Room.GROUP, Migrated(new_id))

    async def _tell(self, chat_id: int, room: Room, act: Left | Migrated) -> None:
        """Pass on what Telegram let us know by refusing a message, as if it had come as an update."""
        if self._responder is None:
            return
        try:
            await self._responder.respond(IncomingMessage(chat_id, room, chat_id, act, self._now()))
        except StoreUnavailable as reason:
            log.error("the store is away, a chat's leaving or moving is not remembered: %s", reason)


async def _until(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
