"""A channel over plain HTTP to whatever speaks the Bot API: what the delivering is killed with."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, Self

import aiohttp

from bot.core.message import OutgoingMessage
from bot.core.notices.delivery import (
    Ambiguous,
    Migrated,
    Outcome,
    Rejected,
    Sent,
    Throttled,
    Unavailable,
    Unreachable,
)

GONE = ("bot was blocked by the user", "user is deactivated", "chat not found", "bot was kicked")


class PlainSender:
    """Sends and edits; every attempt ends as an Outcome."""

    def __init__(
        self, url: str, timeout: float = 2.0, boundary: Callable[[str], None] = lambda _: None
    ) -> None:
        """Take the address up to and with the token; `boundary` is told what is about to happen."""
        self._url = url
        self._timeout = timeout
        self._boundary = boundary
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=self._timeout)
        self._session = aiohttp.ClientSession(
            timeout=timeout, connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    def prepare(self, message: OutgoingMessage) -> dict[str, Any]:
        """Return the fields that are the same for everybody."""
        return {"text": message.text.words}

    async def send(
        self, prepared: dict[str, Any], chat_id: int, silent: bool, reply_to: int | None = None
    ) -> Outcome:
        """Send one copy."""
        body = prepared | {"chat_id": chat_id, "disable_notification": silent}
        if reply_to is not None:
            body["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
        return await self._call("sendMessage", body)

    async def edit(self, prepared: dict[str, Any], chat_id: int, message_id: int) -> Outcome:
        """Change one copy."""
        return await self._call("editMessageText", prepared | {"chat_id": chat_id, "message_id": message_id})

    async def _call(self, method: str, body: dict[str, Any]) -> Outcome:
        assert self._session is not None
        self._boundary("before the request")
        try:
            async with self._session.post(f"{self._url}/{method}", json=body) as response:
                raw = await response.read()
        except aiohttp.ClientConnectorError as error:
            return Unavailable(type(error).__name__)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Ambiguous(type(error).__name__)
        finally:
            self._boundary("after the request")
        return _outcome(response.status, raw)


def _outcome(status: int, raw: bytes) -> Outcome:
    if status >= 500:
        return Ambiguous(f"HTTP {status}")
    try:
        answer = json.loads(raw)
        if answer["ok"]:
            return Sent(answer["result"]["message_id"])
        words, more = answer["description"], answer.get("parameters", {})
    except (ValueError, KeyError, TypeError):
        return Ambiguous("no answer of the Bot API")
    if "retry_after" in more:
        return Throttled(dt.timedelta(seconds=more["retry_after"]))
    if "migrate_to_chat_id" in more:
        return Migrated(more["migrate_to_chat_id"])
    if "message is not modified" in words:
        return Sent(0)
    return Unreachable(words) if any(one in words for one in GONE) else Rejected(words)
