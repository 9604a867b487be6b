"""Processes made to be killed: forked from one that has loaded everything, so that a life costs 20 ms.

The nursery is a process of its own without threads or an event loop, because forking with those is unsafe.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent.parent


class Nursery:
    """Gives birth to one process at a time."""

    def __init__(self, orders: IO[str], reports: IO[str]) -> None:
        self._orders, self._reports = orders, reports

    def start(self, what: str, *arguments: Any) -> int:
        """Start `module:function` with plain arguments in a new process; return its id."""
        print(json.dumps([what, arguments]), file=self._orders, flush=True)
        return int(self._reports.readline())

    def wait(self) -> int:
        """Return how it ended: 0, an exit code, or minus the signal that killed it."""
        return int(self._reports.readline())

    def run(self, what: str, *arguments: Any) -> int:
        """Start a process and wait for its end."""
        self.start(what, *arguments)
        return self.wait()


@contextmanager
def open_nursery() -> Iterator[Nursery]:
    """Run a nursery meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.notices.nursery"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin as orders, process.stdout as reports:
        try:
            assert reports.readline() == "ready\n"
            yield Nursery(orders, reports)
        finally:
            process.kill()
            process.wait()


def serve() -> None:
    """Fork for every line that comes in, until none comes."""
    importlib.import_module("tests.notices.lives")
    print("ready", flush=True)  # noqa: T201 - the pipe is how it is spoken with
    for line in sys.stdin:
        what, arguments = json.loads(line)
        child = os.fork()
        if child == 0:
            live(what, arguments)
        print(child, flush=True)  # noqa: T201
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def live(what: str, arguments: list[Any]) -> None:
    """Do what was ordered and end the process."""
    module, _, name = what.partition(":")
    code = 1
    try:
        os.close(sys.stdin.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        getattr(importlib.import_module(module), name)(*arguments)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - whatever it was, it is shown, and the process ends here
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
