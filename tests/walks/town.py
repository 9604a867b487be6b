"""A town for walks through the whole program: the sandbox over HTTP, and the bot as a process of its own."""

import asyncio
import datetime as dt
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from bot.sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
ANNA, PYOTR, JOHN, HOUSE = 1001, 1002, 1003, -1001

Json = dict[str, Any]
T = TypeVar("T")


class Town:
    """The people of the sandbox. Everything goes over HTTP, as a browser and Telegram would."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def _post(self, path: str, body: Json) -> Json:
        async with self._session.post(self.url + path, json=body) as response:
            answer: Json = await response.json()
            assert answer.get("ok"), answer
            return answer

    async def _get(self, path: str, **query: Any) -> Json:
        async with self._session.get(self.url + path, params=query) as response:
            answer: Json = await response.json()
            return answer

    async def act(self, do: str, **fields: Any) -> Json:
        """Do what a person can do on the page."""
        return await self._post("/page/act", {"do": do, **fields})

    async def say(self, person: int, text: str, chat: int | None = None, **fields: Any) -> int:
        """Write a message and return its id."""
        sent = await self.act("send_text", chat_id=chat or person, person_id=person, text=text, **fields)
        return int(sent["message"]["id"])

    async def press(self, person: int, message: Json, label_or_data: str) -> Json:
        """Press a button by its label or data."""
        [button] = [
            b for row in message["buttons"] for b in row if label_or_data in (b["text"], b.get("data"))
        ]
        return await self.act(
            "press",
            chat_id=message["chat_id"],
            person_id=person,
            message_id=message["id"],
            data=button["data"],
        )

    async def people(self, count: int) -> range:
        """Make people who have started the bot before."""
        made = await self._post("/sandbox/people", {"count": count, "language_code": "ru", "started": True})
        return range(made["first_id"], made["last_id"] + 1)

    async def newcomer(self, language_code: str = "ru") -> int:
        """Let somebody in whom the bot has never met, and return their id."""
        made = await self.act("add_person", first_name="Новый житель", language_code=language_code)
        return int(made["person"]["id"])

    async def house(self, admin: int, *others: int) -> int:
        """Found a house chat with the bot in it, and return its id."""
        made = await self.act("add_group", title="Дом", member_ids=[admin, *others], creator_id=admin)
        return int(made["chat"]["id"])

    async def waiting(self, token: str) -> int:
        """Return how many updates the bot of this token has not taken yet."""
        told = await self._post(f"/bot{token}/getWebhookInfo", {})
        return int(told["result"]["pending_update_count"])

    async def fault(self, kind: str, method: str = "*", **fields: Any) -> None:
        """Put a trouble into force."""
        await self._post("/sandbox/faults", {"kind": kind, "method": method, **fields})

    async def no_faults(self) -> None:
        """End all troubles."""
        async with self._session.delete(self.url + "/sandbox/faults") as response:
            assert response.status == 200

    async def limits(self, **fields: Any) -> None:
        """Switch Telegram's rate limits."""
        await self._post("/sandbox/limits", fields)

    async def privacy(self, *, can_read_all: bool) -> None:
        """Let the bot hear everything in groups, or only what is meant for it."""
        await self._post("/sandbox/privacy", {"can_read_all": can_read_all})

    async def inject(self, update: Json) -> None:
        """Put a raw update into the queue."""
        await self._post("/sandbox/updates", update)

    async def messages(self, chat: int) -> list[Json]:
        """Return every message of a chat, oldest first."""
        found: list[Json] = (await self._get("/sandbox/messages", chat_id=chat))["messages"]
        return found

    async def replies(self, chat: int) -> list[Json]:
        """Return the bot's messages in a chat, oldest first."""
        return [message for message in await self.messages(chat) if message["from"]["is_bot"]]

    async def calls(self, method: str = "", after: int = 0) -> list[Json]:
        """Return the recorded calls of the Bot API."""
        found: list[Json] = (await self._get("/sandbox/calls", method=method, after=after, limit=10_000))[
            "calls"
        ]
        return found

    async def reply(self, chat: int, count: int = 1, seconds: float = 20) -> Json:
        """Wait until the bot has written `count` messages in a chat, and return the last of them."""
        found = await eventually(lambda: self.replies(chat), lambda replies: len(replies) >= count, seconds)
        return found[count - 1]


async def eventually(look: Callable[[], Awaitable[T]], holds: Callable[[T], bool], seconds: float = 20) -> T:
    """Look until it holds, and return what was seen; fail with the last sight after so many seconds."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not holds(seen := await look()):
        assert asyncio.get_running_loop().time() < deadline, f"after {seconds} s still: {seen}"
        await asyncio.sleep(0.05)
    return seen


class BotProcess:
    """The real bot, started as an operator starts it."""

    def __init__(
        self, environment: dict[str, str], log: Path, program: tuple[str, ...] = ("bot", "run")
    ) -> None:
        self._environment = environment
        self._log = log
        self._program = program
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self._program,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    async def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 25) -> int:
        """Send a signal and return the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await asyncio.wait_for(self._process.wait(), seconds)

    async def ended(self, seconds: float = 25) -> int:
        """Wait until it ends by itself, and return the exit code."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), seconds)

    @property
    def log(self) -> str:
        """Everything it printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process is not None
        return self._process.pid

    def fill_disk(self, is_full: bool) -> None:
        """Let every write of the process to any file fail from now on, as on a full disk; or work again."""
        assert self._process is not None
        _, most = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (0 if is_full else most, most))

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None


def environment(town_url: str, folder: Path, token: str, **changes: str) -> dict[str, str]:
    """Return the environment of a bot that talks to this town and keeps its things in `folder`."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return outside | {
        "BOT_TOKEN": token,
        "BOT_API_BASE_URL": f"{town_url}/bot",
        "BOT_API_BASE_FILE_URL": f"{town_url}/file/bot",
        "BOT_DATA_DIR": str(folder),
        **changes,
    }


@asynccontextmanager
async def running_sandbox(
    token: str, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
) -> AsyncIterator[Town]:
    """Run the sandbox on a free port; its clock may be another than this machine's."""
    sandbox = Sandbox(token=token, now=now)
    await sandbox.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Town(sandbox.url, session)
    finally:
        await sandbox.stop()
