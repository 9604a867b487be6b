"""The two that meet in the sandbox: a bot's client of the Bot API, and a visitor of the chat page."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.sandbox.server import Sandbox

ANNA, PYOTR, JOHN = 1001, 1002, 1003
HOUSE, CHANNEL = -1001, -1002

Json = dict[str, Any]


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **time: float) -> None:
        self.time += timedelta(**time)


class BotClient:
    """Calls methods with JSON, and keeps Telegram's whole answer."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.http = http
        self.sandbox = sandbox
        self.address = f"{sandbox.url}/bot{sandbox.token}"

    async def call(self, method: str, **params: object) -> Json:
        async with self.http.post(f"{self.address}/{method}", json=params) as answer:
            body: Json = await answer.json()
        assert answer.status == (200 if body["ok"] else body["error_code"])
        return body

    async def get(self, method: str, **params: object) -> Any:
        body = await self.call(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **params: object) -> str:
        body = await self.call(method, **params)
        assert not body["ok"], body
        return str(body["description"])

    async def updates(self, **params: object) -> list[Json]:
        found: list[Json] = await self.get("getUpdates", **params)
        return found


class Visitor:
    """Does what a visitor's browser does."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.http = http
        self.url = sandbox.url

    async def act(self, what: str, /, **fields: object) -> Json:
        answer = await self.try_to(what, **fields)
        assert answer["ok"], answer
        return answer

    async def try_to(self, what: str, /, **fields: object) -> Json:
        async with self.http.post(f"{self.url}/page/act", json={"do": what, **fields}) as answer:
            body: Json = await answer.json()
        return body

    async def start(self, person_id: int) -> Json:
        return await self.act("start", chat_id=person_id, person_id=person_id)

    async def look(self, path: str, **query: str | int) -> Json:
        async with self.http.get(f"{self.url}{path}", params=query) as answer:
            assert answer.status == 200, await answer.text()
            body: Json = await answer.json()
        return body

    async def control(self, path: str, **body: object) -> Json:
        async with self.http.post(f"{self.url}/sandbox/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            done: Json = await answer.json()
        return done

    async def messages(self, chat_id: int) -> list[Json]:
        found: list[Json] = (await self.look("/page/messages", chat_id=chat_id))["messages"]
        return found

    @asynccontextmanager
    async def watching(self, after: int = 0) -> AsyncIterator[Callable[[], Awaitable[Json]]]:
        """The events of the page, one for each call of what this gives."""
        async with self.http.get(f"{self.url}/page/events", params={"after": after}) as stream:

            async def next_event() -> Json:
                async with asyncio.timeout(5):
                    while not (line := await stream.content.readline()).startswith(b"data: "):
                        assert line
                event: Json = json.loads(line.removeprefix(b"data: "))
                return event

            yield next_event
