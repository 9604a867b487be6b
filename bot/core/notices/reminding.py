"""What operators are reminded of before it is too late: promised news, an end without an all-clear."""

import datetime as dt
from collections.abc import Iterator

from bot.core.notices.changes import NEVER_OVER, outlook
from bot.core.notices.freezing import Rules
from bot.core.notices.news import News, Told
from bot.core.notices.notice import Drill
from bot.core.notices.record import Record
from bot.core.notices.states import State

BEFORE_PROMISED = dt.timedelta(minutes=10)
"""As long as it takes to fill in an update and to find the second person."""

BEFORE_END = dt.timedelta(minutes=15)
BEFORE_GOING = dt.timedelta(minutes=2)

ON_THE_PHONES = frozenset({State.PUBLISHING, State.STOPPED, State.ACTIVE})


def reminders(record: Record, rules: Rules, now: dt.datetime) -> Iterator[Told]:
    """Yield what the operators are to be reminded of at `now`; each stays due until its moment has come."""
    times = record.times
    if times is None or isinstance(record.announcement, Drill):
        return
    if record.state is State.HELD:
        seen = outlook(record, rules, now)
        if seen is not None and seen.until is not None and _is_close(seen.until, now, BEFORE_GOING):
            yield Told(News.GOES_SOON, record, at=seen.until)
    if record.state not in ON_THE_PHONES or record.announcement.kind in NEVER_OVER:
        return
    ends_soon = record.announcement.severity.is_grave and _is_close(times.expires, now, BEFORE_END)
    if ends_soon:
        yield Told(News.ENDS_SOON, record, at=times.expires)
    elif times.next_update is not None and _is_close(times.next_update, now, BEFORE_PROMISED):
        yield Told(News.PROMISED, record, at=times.next_update)


def _is_close(moment: dt.datetime, now: dt.datetime, ahead: dt.timedelta) -> bool:
    return moment - ahead <= now < moment
