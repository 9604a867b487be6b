"""The stand-in server in a process of its own, and what a benchmark asks of it."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Attempt:
    """One bulk message as the server saw it."""

    at: float
    chat: int
    status: int
    """0: it was taken and the connection cut."""
    is_urgent: bool

    @property
    def arrived(self) -> bool:
        """Whether the person has it."""
        return self.status in {0, 200}


@dataclass(frozen=True)
class Account:
    """What came during a run."""

    attempts: tuple[Attempt, ...]
    into_block: int
    waits: tuple[float, ...]
    """Seconds from each resident's question to the answer."""
    unanswered: int

    def copies(self) -> dict[int, int]:
        """Return how many copies each chat has."""
        found: dict[int, int] = {}
        for attempt in self.attempts:
            if attempt.arrived:
                found[attempt.chat] = found.get(attempt.chat, 0) + 1
        return found

    @property
    def seconds(self) -> float:
        """From the first attempt to the last."""
        return self.attempts[-1].at - self.attempts[0].at if self.attempts else 0.0

    def refused(self, status: int = 429) -> int:
        """Return how many attempts were answered so."""
        return sum(attempt.status == status for attempt in self.attempts)


class StandIn:
    """A running stand-in."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def url(self) -> str:
        """What a bot's token is appended to."""
        return f"http://127.0.0.1:{self.port}/bot"

    def set(self, **conditions: float) -> None:
        """Put these conditions into force, and forget what was sent."""
        self._ask("set", conditions)

    def write(self, rate: float, count: int, port: int = 0) -> None:
        """Let so many residents write, so many a second; with a port their words come by webhook."""
        self._ask("write", {"rate": rate, "count": count, "port": port})

    def push(self, port: int, count: int) -> None:
        """Let so many residents write by webhook, as fast as they are taken."""
        self._ask("push", {"port": port, "count": count})

    def account(self) -> Account:
        """Return what has come since the conditions were set."""
        told = self._ask("log", {})
        attempts = tuple(Attempt(*one) for one in told["log"])
        return Account(attempts, told["into_block"], tuple(told["waits"]), told["unanswered"])

    def _ask(self, what: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/control/{what}", data=json.dumps(body).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - our own process
            return json.load(response)


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Run a stand-in while the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stand_in"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield StandIn(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


def until_quiet(server: StandIn, count: int, seconds: float = 120.0) -> Account:
    """Return the account once so many residents were answered, or time is up."""
    latest = time.monotonic() + seconds
    while True:
        account = server.account()
        if len(account.waits) >= count or time.monotonic() > latest:
            return account
        time.sleep(0.2)
