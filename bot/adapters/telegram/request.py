"""python-telegram-bot's calls on aiohttp, with errors that say whether Telegram may have acted on the call.

telegram.error.NetworkError
    NeverSent        no connection came about: certainly nothing happened
    MaybeDelivered   it broke after the call had left: nobody knows
    Unavailable      a server answered, but it was not the Bot API at work (5xx, a proxy's page, broken JSON)
telegram.error.TelegramError
    Throttled        429: Telegram did nothing and says when to come back
TokenRefused         Telegram itself says that the token is none of its own
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData

JSON = {"Content-Type": "application/json"}

LISTENS_EVERY = 1.0
"""Seconds between two looks at the time that Telegram's servers put on their answers."""

REFUSALS: Mapping[int, type[TelegramError]] = {
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,
    409: Conflict,
}

# Instead of PTB's RetryAfter, which warns of a coming change of its type whenever one is made.


class NeverSent(NetworkError):
    """The call did not reach Telegram; doing it again repeats nothing."""


class MaybeDelivered(NetworkError):
    """The call left and no answer came; doing it again may repeat it."""


class Unavailable(NetworkError):
    """Something answered in Telegram's place, or Telegram is in trouble; worth trying again."""


class Throttled(TelegramError):
    """Telegram wants a pause of `seconds`, for this chat or for the whole bot; it does not say which."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too Many Requests: retry after {seconds:g}")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """A session of its own: whatever else is sent at the same time cannot take its connections away."""

    def __init__(
        self,
        connections: int = 128,
        read_timeout: float = 20.0,
        connect_timeout: float = 10.0,
        heard: Callable[[dt.datetime], None] = lambda _: None,
    ) -> None:
        """Take how many calls may be open at once, how long to wait (seconds), and who is told the time.

        More than about 1000 open calls bring a 429 of a minute, hence the small number.
        """
        self._heard = heard
        self._listens_from = float("-inf")
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._timeout = aiohttp.ClientTimeout(total=None, connect=connect_timeout, sock_read=read_timeout)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take, in seconds."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session; no connection is made yet."""
        if self._session is None:
            # One that idles longer than servers allow would be closed just as a call is on its way.
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=15.0)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call; the two timeouts that matter are read and connect.

        Raises:
            NeverSent, MaybeDelivered, Unavailable, Throttled: see the head of this file.
        """
        reading = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        connecting = self._connect_timeout if connect_timeout is BaseRequest.DEFAULT_NONE else connect_timeout
        timeout = aiohttp.ClientTimeout(total=None, connect=connecting, sock_read=reading)
        return await self._exchange(method, url, _body(request_data), timeout)

    async def call(self, url: str, body: bytes) -> Any:
        """Make one call whose parameters are JSON already, and return its result as it came.

        For what every reply needs: PTB would build a whole message of an answer of which one number is used.

        Raises:
            TelegramError: as PTB's own methods do, with the kinds at the head of this file.
        """
        status, payload = await self._exchange("POST", url, body, self._timeout, JSON)
        answer = self.parse_json_payload(payload)
        if status >= 300:
            raise _refusal(status, answer)
        return answer["result"]

    async def _exchange(
        self,
        method: str,
        url: str,
        body: Any,
        patience: aiohttp.ClientTimeout,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NeverSent("the session is not open")
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=patience, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
                if status == 200:
                    self._listen(response.headers.get("Date"))
        # Only the kind of the error is told on: aiohttp's texts hold addresses, and ours hold the token.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NeverSent(f"no connection: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MaybeDelivered(f"connection broke: {type(error).__name__}") from None
        _refuse_what_is_no_answer(status, payload)
        return status, payload

    def _listen(self, date: str | None) -> None:
        """Pass on what time it is at Telegram's, now and then."""
        now = asyncio.get_running_loop().time()
        if date is None or now < self._listens_from:
            return
        self._listens_from = now + LISTENS_EVERY
        try:
            instant = parsedate_to_datetime(date)
        except ValueError:
            return
        self._heard(instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC))

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer; unlike PTB's own it does not log what it cannot parse, people's words in it."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unavailable("the answer is not the Bot API's")
        return answer


def _body(request_data: RequestData | None) -> Any:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters or None
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form


def _refusal(status: int, answer: Mapping[str, Any]) -> TelegramError:
    """Return what Telegram's refusal is called in PTB."""
    reason = str(answer.get("description") or f"HTTP {status}")
    parameters = answer.get("parameters")
    moved_to = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    if isinstance(moved_to, int):
        return ChatMigrated(moved_to)
    return REFUSALS.get(status, BadRequest)(reason)


def _refuse_what_is_no_answer(status: int, payload: bytes) -> None:
    """Raise for what PTB would take for Telegram's answer, or for Telegram's refusal of the token."""
    if status < 300 and b'"result"' not in payload:
        raise Unavailable("the answer is not the Bot API's")
    if 300 <= status < 400 or status >= 500:
        raise Unavailable(f"HTTP {status}")
    if status >= 400:
        answer = AiohttpRequest.parse_json_payload(payload)
        if status == 429:
            parameters = answer.get("parameters")
            seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
            raise Throttled(float(seconds) if isinstance(seconds, int | float) and seconds > 0 else 1.0)
