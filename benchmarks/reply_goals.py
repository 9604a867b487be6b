"""The goals that residents feel: replies during a broadcast (D5, D6), updates coming in (D11), two days."""

import time
from collections.abc import Iterator, Sequence

from benchmarks.goals import LATENCY, Row, Sizes
from benchmarks.runs import Run, Senders, cpu_of, free_port, until_open
from benchmarks.server import Account, until_quiet

ASKED_PER_SECOND = 50.0
DEFAULT_RATE = 24.0


def replies(senders: Senders, sizes: Sizes) -> Iterator[Row]:
    """D5 and D6: fifty residents a second, alone, beside broadcasts, and during a pause."""
    asked = 1000 if sizes.full else 300
    count = int(1.3 * 1000 * asked / ASKED_PER_SECOND)
    for way, port in (("webhook", free_port()), ("polling", 0)):
        run = senders.ours(count, "--replies", "--wait", rate=1000.0, port=port)
        idle = _asked(senders, run, asked, is_first=True)
        senders.server.set()
        run.begin()
        busy = _asked(senders, run, asked)
        run.end()
        share = _point(busy.waits, 99) / _point(idle.waits, 99)
        figure = f"{_ms(busy.waits)} ms, idle {_ms(idle.waits)} ms: {share:.1f}; {busy.unanswered} unanswered"
        met = share <= 3 and not busy.unanswered
        yield Row("D5", f"reply p99 beside 1000/s, {way}", figure, "<= 3 times idle", met)
    for name in ("ours", "PTB", "aiogram"):
        senders.server.set()
        beside = _unpaced(senders, name, count)
        if beside is None:
            continue
        _asked(senders, beside, 10, is_first=True)
        senders.server.set()
        beside.begin()
        account = _asked(senders, beside, asked)
        beside.kill()
        figure = f"p99 {_ms(account.waits)} ms, {account.unanswered} unanswered"
        is_met = account.unanswered == 0 if name == "ours" else None
        yield Row(
            "D5" if name == "ours" else "", f"replies beside unpaced, {name}", figure, "all arrive", is_met
        )
    pause = 60 if sizes.full else 15
    run = senders.ours(500, "--replies", "--wait", rate=28.0)
    idle = _asked(senders, run, asked, is_first=True)
    senders.server.set(pause_once=pause)
    run.begin()
    time.sleep(1.0)
    paused = _asked(senders, run, asked)
    run.kill()
    share = _point(paused.waits, 99) / _point(idle.waits, 99)
    figure = f"{_ms(paused.waits)} ms, idle {_ms(idle.waits)} ms: {share:.1f}; {paused.unanswered} unanswered"
    yield Row("D6", f"reply p99 in a pause of {pause} s", figure, "<= 1.5 times idle", share <= 1.5)


def inbound(senders: Senders, sizes: Sizes) -> Iterator[Row]:
    """D11: updates by webhook, as fast as they are taken; each is answered with a message."""
    rates: dict[str, float] = {}
    for who, name, latency in (
        ("ptb_sender", "PTB", 0.0),
        ("aiogram_sender", "aiogram", 0.0),
        ("ours_inbound", "ours", 0.0),
        ("ours_inbound", "ours, 80 ms", LATENCY),
    ):
        if name == "aiogram" and senders.peers is None:
            continue
        count = sizes.peers if name == "PTB" else sizes.count // 2
        senders.server.set(latency=latency)
        with senders.listening(who) as (port, pid):
            senders.server.push(port, 100)
            until_quiet(senders.server, 100)
            senders.server.set(latency=latency)
            spent, begun = cpu_of(pid), time.monotonic()
            senders.server.push(port, count)
            account = until_quiet(senders.server, count)
            spent = cpu_of(pid) - spent
        seconds = max(account.waits) if account.waits else time.monotonic() - begun
        rates[name] = len(account.waits) / seconds
        figure = f"{rates[name]:.0f}/s, {1000 * spent / count:.2f} CPU s per 1000"
        if account.unanswered:
            figure += f", {account.unanswered} unanswered"
        is_ours = name == "ours, 80 ms"
        wanted = ">= 1000/s" if is_ours else ""
        yield Row(
            "D11" if is_ours else "",
            f"webhook, {name}",
            figure,
            wanted,
            rates[name] >= 1000 if is_ours else None,
        )
    for peer, least in (("PTB", 2.5), ("aiogram", 1.5)):
        if peer in rates:
            times = rates["ours"] / rates[peer]
            yield Row("D11", f"updates in, times {peer}", f"{times:.1f}", f">= {least}", times >= least)


def days(senders: Senders, sizes: Sizes) -> Iterator[Row]:
    """A routine notice at the default rate with residents asking, and an Extreme one in the middle of it."""
    count = 10_000 if sizes.full else 480
    senders.server.set(latency=LATENCY, per_second=30, counts_replies=True)
    run = senders.ours(count, "--replies", rate=DEFAULT_RATE)
    run.until_begun()
    time.sleep(2.0)
    senders.server.write(2.0, int(2 * (count / DEFAULT_RATE - 4)))
    run.end()
    account = senders.server.account()
    minutes, tenth = account.seconds / 60, _point(account.waits, 95)
    figure = f"{minutes:.1f} min, {account.refused()} of 429, reply p95 {1000 * tenth:.0f} ms"
    limit = 8 * count / 10_000
    is_met = minutes <= limit and account.refused() <= 3 and tenth < 2 and not account.unanswered
    yield Row("T5", f"{count} at 24/s, server takes 30", figure, f"<= {limit:.2g} min, 3, 2 s", is_met)
    senders.server.set(latency=LATENCY, per_second=30)
    told = senders.ours(count, "--extreme-after", "3", rate=DEFAULT_RATE).end()
    urgent = [one.at for one in senders.server.account().attempts if one.is_urgent and one.arrived]
    first, last = urgent[0] - told.extreme_at, urgent[-1] - urgent[0]
    figure = f"first after {first:.2f} s, {len(urgent)} in {last:.0f} s: {len(urgent) / last:.1f}/s"
    is_met = first <= 2 and len(urgent) == count and len(urgent) / last >= 0.97 * DEFAULT_RATE
    yield Row("T5", "Extreme amid a routine run", figure, "<= 2 s, full rate", is_met)


def _unpaced(senders: Senders, name: str, count: int) -> Run | None:
    """Start one that is still at it when the residents have been answered."""
    if name == "PTB":
        return senders.ptb(count // 3, 36, "--replies", "--wait")
    if name == "aiogram":
        return senders.aiogram(4 * count, 256, "--replies", "--wait")
    return senders.ours(4 * count, "--replies", "--wait")


def _asked(senders: Senders, run: Run, count: int, is_first: bool = False) -> Account:
    """Let so many residents write and return the account; the first time, once the bot answers at all."""
    if is_first:
        if run.port:
            until_open(run.port)
        senders.server.set()
        senders.server.write(10.0, 3, run.port)
        until_quiet(senders.server, 3, 30.0)
        senders.server.set()
    senders.server.write(ASKED_PER_SECOND, count, run.port)
    time.sleep(count / ASKED_PER_SECOND)
    return until_quiet(senders.server, count, 15.0)


def _point(waits: Sequence[float], percent: int) -> float:
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else float("inf")


def _ms(waits: Sequence[float]) -> str:
    return f"{1000 * _point(waits, 99):.0f}"
