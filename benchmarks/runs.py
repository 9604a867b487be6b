"""Runs of one sender each, in a process of its own: ours with its outbox, and the peers."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.server import StandIn

LONGEST_RUN = 1800.0


@dataclass(frozen=True)
class Told:
    """What a sender said of itself at the end."""

    sent: int
    seconds: float
    cpu: float
    peak_mb: float
    extreme_at: float = 0.0
    refused: int = 0
    uncertain: int = 0

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.sent / self.seconds

    @property
    def cpu_per_1000(self) -> float:
        """CPU seconds for 1000 messages."""
        return 1000 * self.cpu / self.sent


class Run:
    """A sender under way."""

    def __init__(self, process: subprocess.Popen[str], port: int = 0) -> None:
        self._process = process
        self.port = port
        """Where it listens for residents, 0 where it asks for them."""

    def begin(self) -> None:
        """Let it begin, and return when it has."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.until_begun()

    def until_begun(self) -> None:
        """Return when it has begun."""
        assert self._process.stdout is not None
        while self._process.stdout.readline().strip() != "began":
            if self._process.poll() is not None:
                raise RuntimeError("a sender ended before it began")

    def end(self) -> Told:
        """Wait for the end, and return what it said."""
        out, _ = self._process.communicate(timeout=LONGEST_RUN)
        if self._process.returncode:
            raise RuntimeError(f"a sender ended with {self._process.returncode}")
        told: dict[str, float] = {}
        for line in out.splitlines():
            if line.startswith("{"):
                told |= json.loads(line)
        return Told(**{name: told[name] for name in Told.__dataclass_fields__ if name in told})  # type: ignore[arg-type] # its own numbers

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.communicate()

    def stop(self) -> float:
        """Ask it to end, and return how many seconds it took."""
        asked = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=60)
        return time.monotonic() - asked


@dataclass
class Senders:
    """All senders, on one stand-in. `peers` is an interpreter that has aiogram, or None."""

    server: StandIn
    folder: Path
    peers: str | None
    settled: set[int] = field(default_factory=set)

    def ours(
        self, count: int, *options: str, rate: float | None = None, fresh: bool = True, port: int = 0
    ) -> Run:
        """Start ours on a database in which so many subscribed; not `fresh`: on the one that was left."""
        database = self.folder / "run.db"
        if fresh:
            for old in self.folder.glob("run.db*"):
                old.unlink()
            shutil.copy(self._settled(count), database)
        launch = ("--launch",) if fresh else ()
        pace = ("--rate", str(rate)) if rate else ()
        hook = ("--port", str(port)) if port else ()
        place = ("--url", self.server.url, "--database", f"sqlite:///{database}")
        return Run(self._popen(sys.executable, "ours", *place, *launch, *pace, *hook, *options), port)

    def alone(self, count: int) -> Told:
        """Run the broadcaster without outbox."""
        return self._start(
            sys.executable, "ours_alone", "--url", self.server.url, "--count", str(count)
        ).end()

    def ptb(self, count: int, window: int, *options: str) -> Run:
        """Start python-telegram-bot."""
        sizes = ("--count", str(count), "--window", str(window))
        return self._start(
            self.peers or sys.executable, "ptb_sender", "--url", self.server.url, *sizes, *options
        )

    def aiogram(self, count: int, window: int = 256, *options: str) -> Run | None:
        """Start aiogram, if it is there."""
        if self.peers is None:
            return None
        sizes = ("--count", str(count), "--window", str(window))
        return self._start(self.peers, "aiogram_sender", "--url", self.server.url, *sizes, *options)

    def in_doubt(self) -> set[int]:
        """Return the chats whose attempt was under way, or is doubted, by the database of our last run."""
        with closing(sqlite3.connect(self.folder / "run.db")) as connection:
            rows = connection.execute("SELECT chat_id FROM deliveries WHERE state = 'sending' OR doubts > 0")
            return {row[0] for row in rows}

    @contextmanager
    def listening(self, who: str) -> Iterator[tuple[int, int]]:
        """Run a bot with a webhook; gives its port and the number of its process."""
        port = free_port()
        python = sys.executable if who == "ours_inbound" else self.peers or sys.executable
        options = ["--url", self.server.url, "--port", str(port)]
        if who == "ours_inbound":
            for old in self.folder.glob("inbound.db*"):
                old.unlink()
            options += ["--database", f"sqlite:///{self.folder / 'inbound.db'}"]
        process = self._popen(python, who, *options)
        try:
            until_open(port)
            yield port, process.pid
        finally:
            process.kill()
            process.communicate()

    def _settled(self, count: int) -> Path:
        database = self.folder / f"settled-{count}.db"
        if not database.exists():
            options = ("--database", f"sqlite:///{database}", "--settle", str(count))
            self._popen(sys.executable, "ours", *options).communicate(timeout=LONGEST_RUN)
        return database

    def _start(self, python: str, module: str, *options: str) -> Run:
        return Run(self._popen(python, module, *options))

    def _popen(self, python: str, module: str, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [python, "-m", f"benchmarks.{module}", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if not os.environ.get("BENCHMARK_ERRORS") else None,
            text=True,
        )


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until_open(port: int) -> None:
    """Return when somebody listens there."""
    latest = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.1)
        else:
            return
