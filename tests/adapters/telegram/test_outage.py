"""What the log says while something is away."""

import logging

import pytest

from bot.adapters.telegram.outage import Outage

log = logging.getLogger("test")


def test_a_long_outage_is_said_seldom_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(log, "Telegram does not answer", lambda: 1.0)
    now, waits = 0.0, []
    while now < 3600:
        waits.append(outage.failed("no connection", now))
        now += waits[-1]
    outage.over(now)
    outage.over(now)

    assert waits[:7] == [0.5, 1, 2, 4, 8, 16, 20]
    assert 5 < len(caplog.messages) < 12
    assert caplog.messages[0] == "Telegram does not answer (for 0 s): no connection; trying on"
    assert caplog.messages[-1].startswith("Telegram does not answer: over after 36")
    assert not outage.is_on


def test_another_reason_is_said_at_once(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(log, "no updates", lambda: 0.0)
    for now, reason in enumerate(["no connection", "no connection", "HTTP 502", "no connection"]):
        outage.failed(reason, float(now))

    assert len(caplog.messages) == 2


def test_waits_are_spread() -> None:
    assert Outage(log, "x", lambda: 0.0).failed("y", 0.0) == 0.25
