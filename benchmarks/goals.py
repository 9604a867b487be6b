"""The goals of a broadcast itself: what it costs, how it obeys limits, crashes and troubles (D1-4, D7-10)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.runs import Senders, Told
from benchmarks.server import Account

LATENCY = 0.08
"""Seconds that Telegram takes for an answer."""

FLUSH = 0.02
"""Seconds for which outcomes are gathered before they are written."""


@dataclass(frozen=True)
class Row:
    """One line of the table; `is_met` is None where there is nothing to hold it against."""

    goal: str
    what: str
    figure: str
    wanted: str
    is_met: bool | None


@dataclass(frozen=True)
class Sizes:
    """How much is sent; `full` takes as long as the goals say, the rest is scaled down."""

    count: int
    peers: int
    full: bool


def costs(senders: Senders, sizes: Sizes) -> Iterator[Row]:
    """D1 to D4: CPU, pace, throughput, memory."""
    senders.server.set(latency=LATENCY)
    tried = [senders.ptb(sizes.peers, window).end() for window in (32, 36, 40)]
    ptb = min(tried, key=lambda one: one.seconds)
    run = senders.aiogram(sizes.count)
    aiogram = run.end() if run else None
    unpaced = senders.ours(sizes.count).end()
    alone = senders.alone(sizes.count)
    for name, told in (("PTB", ptb), ("aiogram", aiogram), ("broadcaster alone", alone), ("ours", unpaced)):
        if told:
            figure = f"{told.rate:.0f}/s, {told.cpu_per_1000:.2f} CPU s per 1000, {told.peak_mb:.0f} MB"
            yield Row("", f"{name}, unpaced, 80 ms", figure, "", None)
    yield _share("D1", "CPU per message, outbox included, of PTB", unpaced, ptb, 0.15)
    if aiogram:
        yield _share("D1", "the same, of aiogram", unpaced, aiogram, 0.75)
    senders.server.set(latency=LATENCY)
    paced = senders.ours(sizes.count, rate=1000.0).end()
    account = senders.server.account()
    core = paced.cpu / paced.seconds
    limit = 1.06 * sizes.count / 1000
    figure = f"{account.seconds:.2f} s, {core:.2f} core"
    wanted = f"<= {limit:.1f} s, 0.45 core"
    yield Row(
        "D2", f"{sizes.count} at 1000/s, 80 ms", figure, wanted, account.seconds <= limit and core <= 0.45
    )
    times = unpaced.rate / ptb.rate
    yield Row("D3", "unpaced, times PTB's best", f"{times:.1f}", ">= 5", times >= 5)
    if aiogram:
        share = unpaced.peak_mb / aiogram.peak_mb
        yield Row("D4", "peak memory, of aiogram's", f"{share:.2f}", "<= 0.7", share <= 0.7)
    most = 100_000 if sizes.full else 3 * sizes.count
    added = senders.ours(most).end().peak_mb - unpaced.peak_mb
    yield Row(
        "D4", f"{most} recipients instead of {sizes.count} add", f"{added:.0f} MB", "<= 20 MB", added <= 20
    )


def limits(senders: Senders, sizes: Sizes) -> Iterator[Row]:
    """D7: 300 messages to a server that takes 30 or 20 a second and shuts for 3 s."""
    senders.server.set(latency=LATENCY, per_second=30)
    senders.ours(300, rate=28.0).end()
    account = senders.server.account()
    figure = f"{account.seconds:.1f} s, {account.into_block} into a block"
    is_met = account.seconds <= 11.5 and account.into_block <= 12
    yield Row("D7", "300 at 28/s, server takes 30", figure, "<= 11.5 s, 12 (the window)", is_met)
    senders.server.set(latency=LATENCY, per_second=20)
    senders.ours(300, rate=28.0).end()
    account = senders.server.account()
    share = account.seconds / (300 / 20)
    figure = f"{share:.2f} of ideal, {account.into_block} into a block"
    yield Row("D7", "300 at 28/s, server takes 20", figure, "<= 1.3", share <= 1.3)
    for name in ("PTB", "aiogram"):
        senders.server.set(latency=LATENCY, per_second=30)
        run = senders.ptb(300, 36) if name == "PTB" else senders.aiogram(300, 36)
        if run:
            run.end()
            account = senders.server.account()
            figure = f"{account.seconds:.1f} s, {account.into_block} into a block"
            yield Row("", f"{name}, workers that sleep, server takes 30", figure, "", None)


def crashes(senders: Senders, sizes: Sizes) -> Iterator[Row]:
    """D8 and D9: killed, and asked to stop, in the middle."""
    for count, rate, after, most in (
        (4000, 1000.0, 2.0, int(1000 * (LATENCY + FLUSH)) + 20),
        (150, 28.0, 2.5, 4),
    ):
        senders.server.set(latency=LATENCY)
        run = senders.ours(count, rate=rate)
        run.until_begun()
        time.sleep(after)
        run.kill()
        named = senders.in_doubt()
        told = senders.ours(count, rate=rate, fresh=False).end()
        lost, twice = _lost_and_twice(senders.server.account(), count)
        unnamed = len(twice - named)
        figure = f"{lost} lost, {len(twice)} twice, {unnamed} of them unnamed, {told.uncertain} uncertain"
        is_met = not lost and len(twice) <= most and not unnamed
        yield Row("D8", f"kill -9 at {rate:g}/s", figure, f"0 lost, <= {most} twice, all named", is_met)
    senders.server.set(latency=LATENCY)
    run = senders.ours(4000, rate=1000.0)
    run.until_begun()
    time.sleep(2.0)
    seconds = run.stop()
    senders.ours(4000, rate=1000.0, fresh=False).end()
    lost, twice = _lost_and_twice(senders.server.account(), 4000)
    figure = f"{lost} lost, {len(twice)} twice, out in {seconds:.1f} s"
    is_met = not lost and not twice and seconds <= 5
    yield Row("D9", "SIGTERM at 1000/s", figure, "0 lost, 0 twice, <= 5 s", is_met)


def troubles(senders: Senders, sizes: Sizes) -> Iterator[Row]:
    """D10: a server with every trouble at once."""
    rates = []
    for conditions in (
        {},
        {"blocked_share": 0.05, "bad_gateway": 0.02, "reset_after": 0.001, "slow": 0.01, "slow_by": 8.0},
    ):
        senders.server.set(latency=LATENCY, **conditions)
        told = senders.ours(sizes.count, rate=1000.0).end()
        account = senders.server.account()
        rates.append(_steady_rate(account))
    _, twice = _lost_and_twice(account, sizes.count)
    named = senders.in_doubt()
    blocked = {one.chat for one in account.attempts if one.status == 403}
    lost = set(range(1, sizes.count + 1)) - account.copies().keys() - blocked - named
    unnamed = len(twice - named)
    share = rates[1] / rates[0]
    figure = (
        f"{share:.2f} of the clean rate; {len(lost)} lost, {len(twice)} twice, {unnamed} of them unnamed;"
        f" {told.refused} of {len(blocked)} refused, {told.uncertain} uncertain"
    )
    is_met = share >= 0.8 and not lost and told.refused == len(blocked) and not unnamed
    wanted = ">= 0.8, 0 lost, all doubts named"
    yield Row("D10", "5 % blocked, 2 % 502, 0.1 % reset, 1 % slow", figure, wanted, is_met)


def _share(goal: str, what: str, ours: Told, peer: Told, most: float) -> Row:
    share = ours.cpu_per_1000 / peer.cpu_per_1000
    return Row(goal, what, f"{share:.2f}", f"<= {most}", share <= most)


def _lost_and_twice(account: Account, count: int) -> tuple[int, set[int]]:
    copies = account.copies()
    return count - len(copies), {chat for chat, number in copies.items() if number > 1}


def _steady_rate(account: Account) -> float:
    """Return the rate of first attempts, the first and last twentieth left out: slow answers are a tail."""
    first: dict[int, float] = {}
    for one in account.attempts:
        first.setdefault(one.chat, one.at)
    times = sorted(first.values())
    edge = len(times) // 20
    return (len(times) - 2 * edge) / (times[-edge - 1] - times[edge])
