"""Our delivery beside a plain python-telegram-bot sender and aiogram, on one stand-in server, as a table.

`python -m benchmarks.delivery --help`. What it measures and what came of it is in benchmarks/README.md.
"""

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path

from benchmarks import goals, reply_goals
from benchmarks.goals import Sizes
from benchmarks.runs import Senders
from benchmarks.server import stand_in

PARTS = {
    "costs": goals.costs,
    "replies": reply_goals.replies,
    "limits": goals.limits,
    "crashes": goals.crashes,
    "troubles": goals.troubles,
    "inbound": reply_goals.inbound,
    "days": reply_goals.days,
}
VERDICT = {True: "met", False: "missed", None: ""}


def main() -> None:
    """Measure what is asked for and print a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all, if none is named")
    parser.add_argument("--count", type=int, default=10_000, help="recipients of the fast runs")
    parser.add_argument("--peers-count", type=int, default=2_000, help="recipients of PTB's runs")
    parser.add_argument("--peers", help="interpreter with benchmarks/requirements.txt installed")
    parser.add_argument(
        "--full", action="store_true", help="the long runs at full length, about half an hour"
    )
    options = parser.parse_args()
    sizes = Sizes(options.count, options.peers_count, options.full)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", end=", ")
    print(f"load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d %H:%M')}\n")
    print("| goal | what | figure | wanted | |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder, stand_in() as server:
        senders = Senders(server, Path(folder), options.peers)
        for part in options.parts or PARTS:
            for row in PARTS[part](senders, sizes):
                print(
                    f"| {row.goal} | {row.what} | {row.figure} | {row.wanted} | {VERDICT[row.is_met]} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
