"""Quiet hours: when a message arrives without a sound, and the morning to which what can wait is moved."""

import datetime as dt
from dataclasses import dataclass

from bot.core.notices.local_time import settle

MORNING = dt.time(7, 30)
"""When what could wait goes out: half an hour after the night's end, not upon it."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A stretch of every day by the local clock, over midnight where `start` is after `end`; equal means
    none.
    """

    start: dt.time = dt.time(22, 0)
    end: dt.time = dt.time(7, 0)
    morning: dt.time = MORNING

    def holds_at(self, instant: dt.datetime, zone: dt.tzinfo) -> bool:
        """Return whether it is quiet then."""
        local = instant.astimezone(zone).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def morning_after(self, instant: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
        """Return the morning that ends this night, or `instant` itself by day."""
        if not self.holds_at(instant, zone):
            return instant
        local = instant.astimezone(zone)
        day = local.date() if local.time() < self.end else local.date() + dt.timedelta(days=1)
        return settle(dt.datetime.combine(day, max(self.morning, self.end)), zone)[0]


def is_silent(always_rings: bool, instant: dt.datetime, zone: dt.tzinfo, quiet: QuietHours | None) -> bool:
    """Return whether a delivery arrives without a sound. What always rings rings in every chat, at every
    hour.
    """
    return not always_rings and quiet is not None and quiet.holds_at(instant, zone)


NIGHT = QuietHours()
"""The night of whoever has not chosen another."""
