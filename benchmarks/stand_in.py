"""A stand-in for Telegram's servers that is fast enough not to be what is measured.

`python -m benchmarks.stand_in` prints its port. It knows sendMessage, getUpdates and getMe, and says yes to
everything else. Bulk messages go to ids under RESIDENTS; those above belong to people who wrote.

- `POST /control/set` with a JSON object sets any field of `Conditions`, and forgets what was sent.
- `POST /control/write` `{"rate": n, "count": n, "port": n}` lets people write, so many a second; with a port
  their words come by webhook, else they are fetched.
- `POST /control/push` with the arguments of `load.push` lets them come by webhook instead.
- `GET /control/log` tells what was sent, when, and how it was answered.
"""

import asyncio
import dataclasses
import json
import random
import re
import socket
import struct
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from benchmarks.load import push
from benchmarks.notice import BOLD, BUTTONS, TEXT

RESIDENTS = 2_000_000_000

# JSON, a form, and a form in parts: each library has its own way.
CHAT = re.compile(rb'chat_id(?:"\s*:\s*|=|"\r\n(?:[^\r\n]+\r\n)*\r\n)"?(-?\d+)')
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
URGENT = "EXTREME"


@dataclasses.dataclass
class Conditions:
    """How the server behaves."""

    latency: float = 0.0
    """Seconds until it answers; the message is there at once."""
    per_second: int = 0
    """Messages it takes, from a bucket; 0: any number. Once it is empty none is taken for `block` seconds."""
    block: float = 3.0
    counts_replies: bool = False
    pause_once: int = 0
    """The next bulk message is refused and all for so many seconds after it."""
    blocked_share: float = 0.0
    """Of the chats, by id."""
    bad_gateway: float = 0.0
    """Share of calls answered with a 502, without effect."""
    reset_after: float = 0.0
    """Share of calls whose connection is cut after they took effect."""
    slow: float = 0.0
    """Share of calls answered after `slow_by` seconds."""
    slow_by: float = 8.0


class Server:
    """What all connections share."""

    def __init__(self) -> None:
        self.conditions = Conditions()
        self.chance = random.Random(22)  # noqa: S311 - the same troubles in every run
        self.log: list[tuple[float, int, int, bool]] = []
        self.written: dict[int, float] = {}
        self.answered: dict[int, float] = {}
        self.updates: list[dict[str, Any]] = []
        self.came = asyncio.Event()
        self.tokens, self.filled_at = 0.0, 0.0
        self.shut_until = 0.0
        self.into_block = 0
        self.last_message = 0
        self.last_update = 0
        self.writing: set[asyncio.Task[None]] = set()

    def forget(self) -> None:
        """Begin anew."""
        self.log, self.written, self.answered, self.updates = [], {}, {}, []
        self.tokens, self.filled_at = 1e9, 0.0
        self.shut_until, self.into_block = 0.0, 0
        self.chance.seed(22)

    def control(self, path: str, body: bytes) -> object:
        """Obey, and return what there is to tell."""
        if path == "/control/set":
            self.forget()
            self.conditions = Conditions(**json.loads(body))
        elif path == "/control/write":
            self._keep(self._write(**json.loads(body)))
        elif path == "/control/push":
            self._keep(self._push(**json.loads(body)))
        elif path == "/control/log":
            waits = [self.answered[chat] - at for chat, at in self.written.items() if chat in self.answered]
            unanswered = len(self.written) - len(waits)
            return {"log": self.log, "into_block": self.into_block, "waits": waits, "unanswered": unanswered}
        return True

    def status_of(self, chat: int, now: float) -> int:
        """Return how a message is answered; 0 is a reset after it took effect."""
        rules = self.conditions
        is_bulk = chat < RESIDENTS
        if is_bulk and rules.pause_once:
            self.shut_until, rules.pause_once = now + rules.pause_once, 0
            return 429
        if is_bulk or rules.counts_replies:
            if now < self.shut_until:
                self.into_block += 1
                return 429
            if rules.per_second and not self._has_token(now):
                self.shut_until = now + rules.block
                return 429
        if is_bulk and (chat * 2_654_435_761 % 2**32) / 2**32 < rules.blocked_share:
            return 403
        if rules.bad_gateway and self.chance.random() < rules.bad_gateway:
            return 502
        if rules.reset_after and self.chance.random() < rules.reset_after:
            return 0
        return 200

    def _has_token(self, now: float) -> bool:
        """Take one from a bucket that holds a second's worth and is full at first."""
        rate = self.conditions.per_second
        self.tokens = min(rate, self.tokens + (now - self.filled_at) * rate)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.writing.add(task)
        task.add_done_callback(self.writing.discard)

    async def _push(self, count: int, **where: Any) -> None:
        first = self.last_update + 1
        self.last_update += count
        updates = [update(number) for number in range(first, first + count)]
        self.written = {RESIDENTS + one["update_id"]: time.monotonic() for one in updates}
        with suppress(ConnectionError, asyncio.IncompleteReadError):  # the bot has been stopped meanwhile
            await push([json.dumps(one).encode() for one in updates], **where)

    async def _write(self, rate: float, count: int, port: int) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number in range(count):
            await asyncio.sleep(begun + number / rate - loop.time())
            self.last_update += 1
            self.written[RESIDENTS + self.last_update] = time.monotonic()
            fresh = update(self.last_update)
            if port:
                self._keep(push([json.dumps(fresh).encode()], port))
            else:
                self.updates.append(fresh)
                self.came.set()


class Connection(asyncio.Protocol):
    """One connection that is kept open, one call on it at a time."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.unread = b""
        self.waiting: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        for task in self.waiting:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self.unread += data
        while (end := self.unread.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self.unread, 0, end)
            total = end + 4 + (int(length[1]) if length else 0)
            if len(self.unread) < total:
                return
            head, body, self.unread = self.unread[:end], self.unread[end + 4 : total], self.unread[total:]
            path = head.split(b" ", 2)[1].decode("ascii")
            self._handle(path.partition("?")[0], body)

    def _handle(self, path: str, body: bytes) -> None:
        method = path.rpartition("/")[2]
        if path.startswith("/control/"):
            self._answer(200, json.dumps(self.server.control(path, body)).encode())
        elif method == "sendMessage":
            self._take(body)
        elif method == "getMe":
            self._answer(200, ME)
        elif method == "getUpdates":
            task = asyncio.create_task(self._give_updates())
            self.waiting.add(task)
            task.add_done_callback(self.waiting.discard)
        else:
            self._answer(200, b'{"ok":true,"result":true}')

    def _take(self, body: bytes) -> None:
        server, now = self.server, time.monotonic()
        named = CHAT.search(body)
        assert named, body
        chat = int(named[1])
        status = server.status_of(chat, now)
        if chat >= RESIDENTS:
            if status == 200:
                server.answered[chat] = now
        else:
            server.log.append((now, chat, status, URGENT.encode() in body))
        delay = server.conditions.latency
        if server.conditions.slow and server.chance.random() < server.conditions.slow:
            delay += server.conditions.slow_by
        if delay:
            asyncio.get_running_loop().call_later(delay, self._reply, status, chat)
        else:
            self._reply(status, chat)

    def _reply(self, status: int, chat: int) -> None:
        if self.transport.is_closing():
            return
        if status == 0:
            connection: socket.socket = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        elif status == 200:
            self.server.last_message += 1
            self._answer(200, MESSAGE % (self.server.last_message, chat))
        elif status == 429:
            left = max(1, -int(-(self.server.shut_until - time.monotonic()) // 1))
            self._answer(429, TOO_MANY % (left, left))
        else:
            self._answer(status, BLOCKED if status == 403 else b"<html>502 Bad Gateway</html>")

    async def _give_updates(self) -> None:
        server = self.server
        if not server.updates:
            server.came.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(server.came.wait(), 10)
        given, server.updates = server.updates, []
        self._answer(200, json.dumps({"ok": True, "result": given}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        kind = b"text/html" if status == 502 else b"application/json"
        self.transport.write(HEAD % (status, kind, len(body)) + body)


def update(number: int) -> dict[str, Any]:
    """Return somebody's question; everybody asks one only."""
    person = {"id": RESIDENTS + number, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    chat = {"id": RESIDENTS + number, "type": "private", "first_name": "Анна"}
    message = {"message_id": 1, "from": person, "chat": chat, "date": int(time.time()), "text": "что делать?"}
    return {"update_id": number, "message": message}


HEAD = b"HTTP/1.1 %d X\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
BOT = {"id": 1, "is_bot": True, "first_name": "Safety", "username": "safety_bot"}
ME = json.dumps({"ok": True, "result": BOT}).encode()
TOO_MANY = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",'
    b'"parameters":{"retry_after":%d}}'
)
BLOCKED = b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'
_REST = {
    "from": BOT,
    "date": 1_795_000_000,
    "text": TEXT,
    "entities": [{"type": "bold", "offset": offset, "length": length} for offset, length in BOLD],
    "reply_markup": {
        "inline_keyboard": [[{"text": label, "callback_data": data}] for label, data in BUTTONS]
    },
}
# Telegram, too, sends back the whole message, its letters escaped.
MESSAGE = (
    b'{"ok":true,"result":{"message_id":%d,"chat":{"id":%d,"first_name":"A","type":"private"},'
    + json.dumps(_REST).encode().removeprefix(b"{").replace(b"%", b"%%")
    + b"}"
)


async def main() -> None:
    """Listen on a free port until killed."""
    server = Server()
    listening = await asyncio.get_running_loop().create_server(
        lambda: Connection(server), "127.0.0.1", 0, backlog=1024
    )
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
