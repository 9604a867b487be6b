"""A scene for tests of the Telegram adapter: the sandbox's servers, the channel, and an echo that answers."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.adapters.telegram.channel import TelegramChannel
from bot.adapters.telegram.incoming import Identity
from bot.adapters.telegram.webhook import WebhookPlace
from bot.core.message import (
    Asked,
    Button,
    Commanded,
    IncomingMessage,
    IncomingQuery,
    OutgoingMessage,
    Press,
    Pressed,
    Profile,
    Reply,
    Suggestion,
    Text,
)
from bot.sandbox.server import Sandbox

ANNA, PETER, JOHN, OPERATOR, GROUP = 1001, 1002, 1003, 1000, -1001


def now() -> dt.datetime:
    """Return the present moment."""
    return dt.datetime.now(dt.UTC)


class Echo:
    """Answers with the words it got, and keeps what came."""

    def __init__(self) -> None:
        self.heard: list[IncomingMessage] = []
        self.slow: dict[int, float] = {}

    async def respond(self, incoming: IncomingMessage) -> Reply:
        self.heard.append(incoming)
        await asyncio.sleep(self.slow.get(incoming.chat_id, 0.0))
        match incoming.act:
            case Asked(text) if text.startswith("fail"):
                raise ValueError(text)
            case Asked(text):
                return Reply((OutgoingMessage(Text(f"echo {text}"), ((Button("more", Press("more")),),)),))
            case Commanded(name, argument):
                return Reply((OutgoingMessage(Text(f"command {name} {argument}".strip())),))
            case Pressed(data):
                return Reply(replaces=OutgoingMessage(Text(f"pressed {data}")), toast=f"toast {data}")
            case _:
                return Reply()

    async def suggest(self, query: IncomingQuery) -> tuple[Suggestion, ...]:
        return (Suggestion("one", "Title", "About", OutgoingMessage(Text(f"shared {query.text}"))),)

    def apology(self, incoming: IncomingMessage) -> Reply:
        return Reply((OutgoingMessage(Text("sorry")),))


class Memory:
    """A journal that lasts as long as the test."""

    def __init__(self) -> None:
        self.handled: set[int] = set()

    async def has_handled(self, update_id: int) -> bool:
        return update_id in self.handled

    async def record_handled(self, update_id: int) -> None:
        self.handled.add(update_id)


@dataclass
class Scene:
    """A running sandbox, and what a test does in it."""

    sandbox: Sandbox
    http: aiohttp.ClientSession
    echo: Echo = field(default_factory=Echo)
    journal: Memory = field(default_factory=Memory)

    def channel(self, webhook: WebhookPlace | None = None, journal: Any = None) -> TelegramChannel:
        """Return a channel that talks to the sandbox."""
        base = f"{self.sandbox.url}/bot"
        return TelegramChannel(
            self.sandbox.token,
            base,
            f"{self.sandbox.url}/file/bot",
            journal or self.journal,
            webhook,
            now,
            lambda: 0.5,
        )

    @asynccontextmanager
    async def running(
        self, channel: TelegramChannel | None = None, profiles: tuple[Profile, ...] = ()
    ) -> AsyncIterator[TelegramChannel]:
        """Let a channel run, ready when the block begins and stopped when it ends."""
        channel = channel or self.channel()
        stop, ready = asyncio.Event(), asyncio.Event()

        async def greeted(_: Identity) -> None:
            ready.set()

        task = asyncio.create_task(channel.run(self.echo, profiles, stop, greeted))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        try:
            yield channel
        finally:
            stop.set()
            await task

    async def act(self, do: str, **fields: Any) -> dict[str, Any]:
        """Do something as a person in the page would."""
        async with self.http.post(f"{self.sandbox.url}/page/act", json={"do": do, **fields}) as response:
            answer: dict[str, Any] = await response.json()
        assert answer["ok"], answer
        return answer

    async def say(
        self, person_id: int, text: str, chat_id: int | None = None, **fields: Any
    ) -> dict[str, Any]:
        """Send a text as a person, in private or in a group; return the message."""
        done = await self.act(
            "send_text", chat_id=chat_id or person_id, person_id=person_id, text=text, **fields
        )
        message: dict[str, Any] = done["message"]
        return message

    async def fault(self, **fields: Any) -> None:
        """Put a trouble into force."""
        async with self.http.post(f"{self.sandbox.url}/sandbox/faults", json=fields) as response:
            assert response.status == 200, await response.text()

    async def inject(self, update: dict[str, Any]) -> dict[str, Any]:
        """Put a raw update into Telegram's queue."""
        async with self.http.post(f"{self.sandbox.url}/sandbox/updates", json=update) as response:
            assert response.status == 200, await response.text()
            answer: dict[str, Any] = await response.json()
        injected: dict[str, Any] = answer["update"]
        return injected

    async def calls(self, method: str = "") -> list[dict[str, Any]]:
        """Return the recorded calls of the Bot API."""
        address = f"{self.sandbox.url}/sandbox/calls?method={method}&limit=10000"
        async with self.http.get(address) as response:
            found: list[dict[str, Any]] = (await response.json())["calls"]
        return found

    async def messages(self, chat_id: int) -> list[dict[str, Any]]:
        """Return a chat's messages."""
        async with self.http.get(f"{self.sandbox.url}/sandbox/messages?chat_id={chat_id}") as response:
            found: list[dict[str, Any]] = (await response.json())["messages"]
        return found

    async def bot_texts(self, chat_id: int) -> list[str]:
        """Return what the bot has said in a chat."""
        return [one.get("text", "") for one in await self.messages(chat_id) if one["from"]["is_bot"]]

    async def until_bot_says(self, chat_id: int, count: int = 1, seconds: float = 10.0) -> list[str]:
        """Return what the bot has said once there are so many messages."""
        texts: list[str] = await until(
            lambda: self.bot_texts(chat_id), lambda found: len(found) >= count, seconds
        )
        return texts


def watching(look: Callable[[], Any]) -> Callable[[], Awaitable[Any]]:
    """Return `look` in the form that `until` takes."""

    async def see() -> Any:
        return look()

    return see


async def until(
    look: Callable[[], Awaitable[Any]], is_enough: Callable[[Any], bool], seconds: float = 10.0
) -> Any:
    """Look again and again until it is enough, and return what was seen then."""
    seen = None
    try:
        async with asyncio.timeout(seconds):
            while True:
                seen = await look()
                if is_enough(seen):
                    return seen
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(
            f"not within {seconds} s; last seen: {json.dumps(seen, ensure_ascii=False)}"
        ) from None
