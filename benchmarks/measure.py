"""What a stretch of a program's life cost this process: time, CPU of all its threads, and peak memory."""

import asyncio
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Cost:
    """Filled in when the stretch ends."""

    seconds = 0.0
    cpu = 0.0

    def as_json(self, sent: int) -> dict[str, float]:
        """Return it with how many messages it was spent on."""
        return {"sent": sent, "seconds": self.seconds, "cpu": self.cpu, "peak_mb": peak_mb()}


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what happens inside."""
    cost = Cost()
    started, spent = time.perf_counter(), _cpu()
    try:
        yield cost
    finally:
        cost.seconds, cost.cpu = time.perf_counter() - started, _cpu() - spent


async def told_to_begin(wait: bool) -> None:
    """Return at once, or when whoever started this process sends a line."""
    if wait:
        await asyncio.to_thread(sys.stdin.readline)
    print("began", flush=True)


def peak_mb() -> float:
    """Return the most memory that this process ever had, in MB; unlike ru_maxrss not its parent's."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
