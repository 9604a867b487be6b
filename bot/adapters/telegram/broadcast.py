"""Sends one message to many over a session of its own, so that no reply ever waits behind a broadcast.

It does not pace, retry or count: it makes one attempt and tells how that ended. The lane's clock keeps the
window small, which bounds the open connections too.
"""

from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.adapters.telegram import prepared as bodies
from bot.adapters.telegram.answers import outcome_of, outcome_of_error
from bot.adapters.telegram.prepared import Prepared, prepare
from bot.core.message import OutgoingMessage
from bot.core.notices.delivery import Outcome, Rejected, Unavailable
from bot.core.notices.pace import LARGEST_WINDOW

HEADERS = {"Content-Type": "application/json"}

# Of no use to Telegram; and an answer that is not compressed need not be unpacked ten thousand times.
LEFT_OUT = ("Accept", "Accept-Encoding", "User-Agent")

READ_TIMEOUT = 25.0
CONNECT_TIMEOUT = 10.0

IDLE_CLOSED_AFTER = 15.0
"""Seconds: one that idles longer than servers allow would be closed just as a message is on its way."""

LOOKS = (
    "can't parse",
    "entit",
    "ENTIT",
    "reply markup",
    "reply_markup",
    "REPLY_MARKUP_",
    "BUTTON_",
    "keyboard",
)
"""Refusals of a message's styles or buttons, which its bare words do not meet. Any other they would meet
again: a chat that is not found costs one call, not two.
"""


class TelegramBroadcast:
    """One message for many, one attempt at a time. Use it with `async with`, or `open` and `close`."""

    def __init__(
        self,
        token: str,
        base_url: str,
        *,
        username: str = "",
        supports_inline: bool = False,
        read_timeout: float = READ_TIMEOUT,
        connect_timeout: float = CONNECT_TIMEOUT,
        connections: int = LARGEST_WINDOW,
    ) -> None:
        """Take the token and the address that it is appended to.

        `username` is the bot's, for links to it.
        """
        self.username = username
        self.supports_inline = supports_inline
        self._send_url, self._edit_url, self._pin_url = (
            URL(f"{base_url}{token}/{method}", encoded=True)
            for method in ("sendMessage", "editMessageText", "pinChatMessage")
        )
        self._timeout = aiohttp.ClientTimeout(total=None, connect=connect_timeout, sock_read=read_timeout)
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session; no connection is made yet."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=IDLE_CLOSED_AFTER),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                skip_auto_headers=LEFT_OUT,
                timeout=self._timeout,
            )

    async def close(self) -> None:
        """Close the session; what is on its way then may have arrived."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    def prepare(self, message: OutgoingMessage) -> Prepared:
        """Return the message in the form that is sent many times.

        Raises:
            ValueError: it has no words.
        """
        return prepare(message, self.username, self.supports_inline)

    async def send(
        self, prepared: Prepared, chat_id: int, silent: bool, reply_to: int | None = None
    ) -> Outcome:
        """Send it to one chat, as an answer to an earlier message there if that still exists.

        What Telegram refuses for its looks goes as bare words: rather these than nothing.
        """
        body = bodies.sending(prepared.tail(chat_id), chat_id, silent=silent, reply_to=reply_to)
        outcome = await self._call(self._send_url, body)
        if _may_go_bare(outcome):
            body = bodies.sending(prepared.bare, chat_id, silent=silent, reply_to=reply_to)
            outcome = await self._call(self._send_url, body)
        return outcome

    async def edit(self, prepared: Prepared, chat_id: int, message_id: int) -> Outcome:
        """Put it in the place of a message sent before. One that says so already counts as done."""
        body = bodies.editing(prepared.tail(chat_id), chat_id, message_id)
        outcome = await self._call(self._edit_url, body, message_id)
        if _may_go_bare(outcome):
            body = bodies.editing(prepared.bare, chat_id, message_id)
            outcome = await self._call(self._edit_url, body, message_id)
        return outcome

    async def pin(self, chat_id: int, message_id: int) -> Outcome:
        """Pin a message in a channel or group, without another sound."""
        return await self._call(self._pin_url, bodies.pinning(chat_id, message_id), message_id)

    async def _call(self, url: URL, body: bytes, message_id: int | None = None) -> Outcome:
        if self._session is None:
            return Unavailable("the session is not open")
        try:
            async with self._session.post(url, data=body, allow_redirects=False) as response:
                status, payload = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return outcome_of_error(error)
        return outcome_of(status, payload, message_id)


def _may_go_bare(outcome: Outcome) -> bool:
    if not isinstance(outcome, Rejected) or outcome.reason.startswith("Forbidden"):
        return False
    return any(words in outcome.reason for words in LOOKS)
