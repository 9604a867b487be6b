"""A notice that was missed -> the same notice anew, its times counted from when it will go."""

import datetime as dt

from bot.core.notices.console.presses import mark_of
from bot.core.notices.local_time import Times
from bot.core.notices.notice import Drill, Notice
from bot.core.notices.record import Record

MOST_OF_A_UNIT = 9_999
"""Four digits are what a distance may have."""

ID_PART = 19


def renewed(record: Record, now: dt.datetime, zone: dt.tzinfo) -> Notice | Drill | None:
    """Return the notice under a new id and without a day of its own; None where it never had times.

    It keeps how long it holds and how far ahead it speaks, and what its author accepted.
    """
    announcement, times = record.announcement, record.times
    if times is None or not isinstance(announcement, Notice | Drill):
        return None
    part = announcement.id[:ID_PART].strip("-")
    return announcement.model_copy(
        update={
            "id": f"{part}-{now.astimezone(zone):%y%m%d-%H%M}-{mark_of(record.id)}",
            "publish": None,
            "repeat": None,
            "draft": False,
            "effective": _ahead(times, times.effective),
            "onset": _ahead(times, times.onset),
            "expires": _distance(times.expires - times.publish),
            "next_update": _ahead(times, times.next_update),
        }
    )


def _ahead(times: Times, instant: dt.datetime | None) -> str | None:
    return _distance(instant - times.publish) if instant is not None and instant > times.publish else None


def _distance(length: dt.timedelta) -> str:
    minutes = max(1, round(length.total_seconds() / 60))
    return f"+{minutes}m" if minutes <= MOST_OF_A_UNIT else f"+{round(minutes / 60)}h"
