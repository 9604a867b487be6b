"""Updates that Telegram brings by itself, taken only from whoever knows the secret."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.adapters.telegram.dispatch import Dispatcher
from bot.adapters.telegram.incoming import ALLOWED_UPDATES
from bot.adapters.telegram.outage import Outage

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name (Bot API, setWebhook)

MAX_BODY = 1_000_000
"""Bytes: an update with the longest texts in it, and the message that it answers, has some 100,000."""

CONNECTIONS = 100
"""The most that Telegram opens (Bot API, setWebhook, max_connections): an open one is an update in work."""

ACCEPTED_AFTER = 10.0
"""Seconds after which an update in work is acknowledged: one stuck chat must not use up the connections."""


@dataclass(frozen=True, slots=True)
class WebhookPlace:
    """Where this process listens, the address that Telegram knows it by, and the secret between the two."""

    host: str
    port: int
    url: str
    secret: str = field(repr=False)


class WebhookServer:
    """Listens for Telegram, and tells Telegram where."""

    def __init__(
        self, bot: Bot, place: WebhookPlace, dispatcher: Dispatcher, random: Callable[[], float]
    ) -> None:
        """Take the bot that asks Telegram to come, the place, and who gets what it brings.

        Raises:
            ValueError: the secret is empty; without one anybody could pretend to be Telegram.
        """
        if not place.secret:
            raise ValueError("a webhook needs a secret")
        self._bot = bot
        self._place = place
        self._dispatcher = dispatcher
        self._outage = Outage(log, "the webhook is not set at Telegram", random)
        self._runner: web.AppRunner | None = None
        self._is_stopping = False

    @property
    def is_away(self) -> bool:
        """Whether Telegram does not know yet where to bring updates."""
        return self._outage.is_on

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop`; then no update is taken any more, and those in work go on.

        Raises:
            OSError: the port cannot be listened on.
        """
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post(urlsplit(self._place.url).path or "/", self._receive)
        # Telegram's requests are no news, and an access log would only repeat our secret path.
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._place.host, self._place.port).start()
        log.info("listening for Telegram on %s:%d", self._place.host, self._place.port)
        announcing = asyncio.create_task(self._announce())
        await stop.wait()
        self._is_stopping = True
        announcing.cancel()
        await asyncio.gather(announcing, return_exceptions=True)

    async def close(self) -> None:
        """Close the connections. The webhook stays set: Telegram keeps what comes until the next start."""
        if self._runner:
            await self._runner.cleanup()

    async def _announce(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            try:
                await self._bot.set_webhook(
                    self._place.url,
                    max_connections=CONNECTIONS,
                    allowed_updates=ALLOWED_UPDATES,
                    secret_token=self._place.secret,
                )
            except TelegramError as error:
                await asyncio.sleep(self._outage.failed(error.message, now()))
            else:
                self._outage.over(now())
                log.info("Telegram brings updates by webhook")
                return

    async def _receive(self, request: web.Request) -> web.Response:
        offered = request.headers.get(SECRET_HEADER, "")
        # In constant time, so that the secret cannot be felt for letter by letter.
        if not hmac.compare_digest(offered.encode("utf-8", "surrogateescape"), self._place.secret.encode()):
            return web.Response(status=403)
        if request.content_type != "application/json":
            return web.Response(status=415)
        update = _parse(await request.read())
        if update is None:
            return web.Response(status=400)
        if self._is_stopping or not self._dispatcher.has_room:
            return web.Response(status=503)  # Telegram keeps it and comes again
        work = self._dispatcher.accept(update)
        if work is not None:
            await asyncio.wait({work}, timeout=ACCEPTED_AFTER)
            if work.cancelled():
                return web.Response(status=503)
        return web.Response()


def _parse(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return None
    return update
