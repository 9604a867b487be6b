"""How a lane behaves while nothing gets through: it goes on trying, one message now and then.

Without this an outage of minutes would leave a doubt on every recipient, and a second one on most:
`uncertain` for a whole city. Times are seconds of a steady clock, passed in.
"""

from dataclasses import dataclass, replace

MANY_IN_A_ROW = 5
"""Failures in a row that make an outage: single ones belong to single connections."""

FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Outage:
    """Failures in a row, and when the next message may try its luck."""

    failures: int = 0
    retry_at: float = 0.0

    @property
    def is_on(self) -> bool:
        """Whether messages go one at a time."""
        return self.failures >= MANY_IN_A_ROW

    def failed(self, now: float) -> "Outage":
        """Return it after a message did not get through, or nobody knows whether it did."""
        failures = self.failures + 1
        if failures < MANY_IN_A_ROW or now < self.retry_at:
            # What was in flight together fails together, and counts as one.
            return self if now < self.retry_at else replace(self, failures=failures)
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - MANY_IN_A_ROW, 10))
        return Outage(failures, now + wait)

    def got_through(self) -> "Outage":
        """Return it after Telegram answered sense."""
        return self if self.failures == 0 else Outage()

    def wait(self, now: float) -> float:
        """Return the seconds until the next message may leave."""
        return max(0.0, self.retry_at - now) if self.is_on else 0.0
