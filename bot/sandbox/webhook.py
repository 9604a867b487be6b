"""Delivery of updates to the bot's own address, with a secret, several at a time, and again when it fails.

Unlike Telegram, the sandbox takes http as well as https, any port and any certificate: it speaks to a bot on
the same machine.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from bot.sandbox.refusals import bad_request
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.wire import Json

_log = logging.getLogger(__name__)

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_URL = re.compile(r"https?://[^\s/]+(/\S*)?", re.IGNORECASE)
_ANSWER_SECONDS = 60.0
_ATTEMPTS = 30
_CONNECTIONS_LIMIT = 100
_CONNECTIONS = 40
"""Both numbers: core.telegram.org/bots/api#setwebhook"""


@dataclass(slots=True)
class _Address:
    url: str
    secret: str
    max_connections: int
    has_certificate: bool


@dataclass(slots=True)
class _LastError:
    at: datetime
    words: str


@dataclass(slots=True)
class Webhook:
    """Where updates go, if anywhere; `execute` performs a method that the bot gives as its answer."""

    updates: UpdateQueue
    now: Callable[[], datetime]
    execute: Callable[[str, Json], object]
    first_wait_seconds: float = 1.0
    """Before the second attempt; every further one waits twice as long, a minute at most."""
    _address: _Address | None = None
    _last_error: _LastError | None = None
    _on_the_way: list[Json] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    @property
    def is_set(self) -> bool:
        """Whether updates are delivered, so that nobody may poll for them."""
        return self._address is not None

    def set_webhook(self, params: Json) -> bool:
        """setWebhook; an empty url removes it."""
        url, secret = params["url"].strip(), params.get("secret_token", "")
        if not url:
            return self.delete_webhook(params)
        if not _URL.fullmatch(url):
            raise bad_request("bad webhook: An HTTP or HTTPS URL must be provided for webhook")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        connections = min(max(params.get("max_connections", _CONNECTIONS), 1), _CONNECTIONS_LIMIT)
        self._halt()
        if "allowed_updates" in params:
            self.updates.allow(params["allowed_updates"])
        if params.get("drop_pending_updates"):
            self.updates.clear()
        self._address = _Address(url, secret, connections, "certificate" in params)
        self._last_error = None
        self.resume()
        return True

    def delete_webhook(self, params: Json) -> bool:
        """deleteWebhook: what was on its way waits again, unless it is to be dropped."""
        self._halt()
        self._address = None
        if params.get("drop_pending_updates"):
            self.updates.clear()
        return True

    def get_webhook_info(self) -> Json:
        """getWebhookInfo."""
        info: Json = {
            "url": self._address.url if self._address else "",
            "has_custom_certificate": bool(self._address and self._address.has_certificate),
            "pending_update_count": len(self.updates) + len(self._on_the_way),
        }
        if self._address:
            info["max_connections"] = self._address.max_connections
        if self._last_error:
            info["last_error_date"] = int(self._last_error.at.timestamp())
            info["last_error_message"] = self._last_error.words
        if self.updates.allowed_asked:
            info["allowed_updates"] = self.updates.allowed_asked
        return info

    def resume(self) -> None:
        """Deliver, if there is an address to deliver to."""
        if self._address and not self._task:
            self._task = asyncio.get_running_loop().create_task(self._deliver_all(self._address))

    async def pause(self) -> None:
        """Stop delivering until `resume`; what was on its way waits again."""
        task = self._task
        self._halt()
        if task:
            await asyncio.wait([task])

    def _halt(self) -> None:
        if self._task:
            self._task.cancel()
            self._task = None
        for update in reversed(self._on_the_way):
            self.updates.put_back(update)
        self._on_the_way = []

    async def _deliver_all(self, address: _Address) -> None:
        news = asyncio.Event()
        room = asyncio.Semaphore(address.max_connections)
        self.updates.listeners.add(news.set)
        # Many a webhook on the same machine has a certificate of its own making.
        connector = aiohttp.TCPConnector(ssl=_trusting_anybody(), limit=address.max_connections)
        timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
                asyncio.TaskGroup() as deliveries,
            ):
                while True:
                    await room.acquire()
                    news.clear()
                    while (update := self.updates.pop()) is None:
                        await news.wait()
                        news.clear()
                    self._on_the_way.append(update)
                    delivery = deliveries.create_task(self._deliver(session, address, update))
                    delivery.add_done_callback(lambda _: room.release())
        finally:
            self.updates.listeners.discard(news.set)

    async def _deliver(self, session: aiohttp.ClientSession, address: _Address, update: Json) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": address.secret} if address.secret else {}
        wait = self.first_wait_seconds
        for _ in range(_ATTEMPTS):
            try:
                async with session.post(address.url, json=update, headers=headers) as answer:
                    if answer.ok:
                        self._on_the_way.remove(update)
                        await self._obey(answer)
                        return
                    self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
            except TimeoutError:
                self._note("Read timeout expired")
            except aiohttp.ClientConnectorError:
                self._note("Connection refused")
            except aiohttp.ClientError as error:
                self._note(f"Connection failed: {type(error).__name__}")
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)
        self._on_the_way.remove(update)
        _log.error("the webhook refused update %s for good", update.get("update_id"))

    def _note(self, words: str) -> None:
        self._last_error = _LastError(self.now(), words)

    async def _obey(self, answer: aiohttp.ClientResponse) -> None:
        """A method in the body of the answer is performed; nobody is told its outcome, as with Telegram."""
        if answer.content_type != "application/json":
            return
        try:
            body = await answer.json()
        except ValueError:
            return
        if isinstance(body, dict) and isinstance(body.get("method"), str):
            self.execute(body["method"], {name: value for name, value in body.items() if name != "method"})


def _trusting_anybody() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
