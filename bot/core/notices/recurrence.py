"""Notices that come again: a small, bounded part of RFC 5545's RRULE, and the occurrences that it gives.

Occurrences are counted in local time without a zone and given their instants afterwards: dateutil, asked
with a zone, names times that do not exist.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule, weekday

from bot.core.notices.local_time import naive, settle, written
from bot.core.problem import nearest

MOST_OCCURRENCES = 400
FREQUENCIES: Mapping[str, Literal[1, 2, 3]] = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
DAYS = {"MO": MO, "TU": TU, "WE": WE, "TH": TH, "FR": FR, "SA": SA, "SU": SU}
KEYS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL")
DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule that was read: everything in it is within our part of RRULE."""

    text: str
    frequency: str
    interval: int = 1
    by_day: tuple[str, ...] = ()
    by_month_day: tuple[int, ...] = ()
    count: int | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a rule cannot be used, and what to write instead."""

    reason: str
    expected: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of a series. The local text is its identity: whatever becomes of the zone's rules, it comes
    once.
    """

    series: str
    text: str
    instant: dt.datetime
    moved: bool = False

    @property
    def id(self) -> str:
        """The id of the notice that this occurrence is."""
        return f"{self.series}@{self.text.replace(' ', 'T')}"


def read_rule(text: str) -> Recurrence | Unusable:
    """Return the rule that a text writes down, or the first thing in it that we do not take."""
    parts: dict[str, str] = {}
    for part in text.strip().removeprefix("RRULE:").split(";"):
        key, equals, value = part.strip().partition("=")
        if not equals or not value:
            return Unusable(
                f"'{part}' is not a part of a rule", "expected parts like FREQ=MONTHLY;BYDAY=1WE;COUNT=12"
            )
        if key not in KEYS:
            return Unusable(f"{key} is not used here", f"expected {', '.join(KEYS)}", nearest(key, KEYS))
        if key in parts:
            return Unusable(f"{key} stands there twice", "expected it once")
        parts[key] = value
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        return Unusable(
            f"FREQ={frequency} is not used here",
            f"expected {', '.join(FREQUENCIES)}",
            nearest(frequency, FREQUENCIES),
        )
    if ("COUNT" in parts) == ("UNTIL" in parts):
        return Unusable("a rule must end", "expected either COUNT=12 or UNTIL=20271231")
    return _read_numbers(text.strip(), frequency, parts)


def _read_numbers(text: str, frequency: str, parts: dict[str, str]) -> Recurrence | Unusable:
    interval = _whole(parts.get("INTERVAL", "1"), 1, 366)
    if interval is None:
        return Unusable(f"INTERVAL={parts['INTERVAL']} is not used here", "expected a number from 1 to 366")
    count = _whole(parts["COUNT"], 1, MOST_OCCURRENCES) if "COUNT" in parts else None
    if "COUNT" in parts and count is None:
        return Unusable(
            f"COUNT={parts['COUNT']} is not used here", f"expected a number from 1 to {MOST_OCCURRENCES}"
        )
    until = _day(parts["UNTIL"]) if "UNTIL" in parts else None
    if "UNTIL" in parts and until is None:
        return Unusable(
            f"UNTIL={parts['UNTIL']} is not a day", "expected year, month and day: UNTIL=20271231"
        )
    days = tuple(parts["BYDAY"].split(",")) if "BYDAY" in parts else ()
    for day in days:
        match = DAY.fullmatch(day)
        if match is None or (match[1] and frequency != "MONTHLY"):
            return Unusable(
                f"BYDAY={day} is not used here", "expected MO, TU, ...; with FREQ=MONTHLY also 1WE, -1FR"
            )
    numbers = (
        [_whole(day, -31, 31) for day in parts["BYMONTHDAY"].split(",")] if "BYMONTHDAY" in parts else []
    )
    month_days = tuple(number for number in numbers if number)
    if len(month_days) != len(numbers) or (numbers and frequency != "MONTHLY"):
        return Unusable(
            f"BYMONTHDAY={parts['BYMONTHDAY']} is not used here",
            "expected days from 1 to 31 or -1, with FREQ=MONTHLY",
        )
    return Recurrence(text, frequency, interval, days, month_days, count, until)


def _whole(text: str, least: int, most: int) -> int | None:
    number = int(text) if re.fullmatch(r"[+-]?\d{1,4}", text, re.ASCII) else None
    return number if number is not None and least <= number <= most else None


def _day(text: str) -> dt.date | None:
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def expand(rule: Recurrence, start: dt.datetime) -> tuple[dt.datetime, ...] | Unusable:
    """Return all local times of a series whose first is `start`, without zones."""
    days: list[weekday] = []
    for day in rule.by_day:
        number, name = day[:-2], day[-2:]
        days.append(DAYS[name](int(number)) if number else DAYS[name])
    rules = rrule(
        FREQUENCIES[rule.frequency],
        dtstart=start,
        interval=rule.interval,
        count=rule.count,
        until=dt.datetime.combine(rule.until, dt.time.max) if rule.until else None,
        byweekday=days or None,
        bymonthday=rule.by_month_day or None,
    )
    found = tuple(islice(rules, MOST_OCCURRENCES + 1))
    if len(found) > MOST_OCCURRENCES:
        return Unusable(f"it comes more than {MOST_OCCURRENCES} times", "expected an earlier UNTIL")
    if not found:
        return Unusable(
            "it never comes", "expected days that these months have, and an end after the first time"
        )
    if found[0] != start:
        return Unusable(
            f"the first time, {written(start)}, does not follow its own rule", f"expected {written(found[0])}"
        )
    return found


def occurrences(
    series: str, first: str, rule: Recurrence, zone: dt.tzinfo
) -> tuple[Occurrence, ...] | Unusable:
    """Return every occurrence of a series, in order; one out of a gap says that it moved."""
    parsed = naive(first)
    if parsed is None:
        return Unusable(f"'{first}' is not a time", "expected year-month-day hour:minute")
    local_times = expand(rule, parsed[0])
    if isinstance(local_times, Unusable):
        return local_times
    return tuple(Occurrence(series, written(local), *settle(local, zone)) for local in local_times)


def next_occurrence(series: Sequence[Occurrence], after: str, now: dt.datetime) -> Occurrence | None:
    """Return the occurrence to make when the one named `after` (its local text) ends, or the series begins
    ('').

    Only one exists at a time, so that an edit of the file changes the future alone. Of several that have
    passed meanwhile it is the newest.
    """
    later = [occurrence for occurrence in series if occurrence.text > after]
    passed = [occurrence for occurrence in later if occurrence.instant <= now]
    # At the very beginning what has passed was never promised to anybody.
    if passed and after:
        return passed[-1]
    return next((occurrence for occurrence in later if occurrence.instant > now), None)


def skips_months(rule: Recurrence, first: str) -> bool:
    """Return whether some months have no such day and are left out: worth a word, BYMONTHDAY=-1 is the last
    day. Without days in the rule it is the day of the first time, a local text.
    """
    parsed = naive(first)
    days: Sequence[int] = rule.by_month_day
    if rule.frequency == "MONTHLY" and not (rule.by_day or rule.by_month_day) and parsed is not None:
        days = (parsed[0].day,)
    return any(abs(day) > SHORTEST_MONTH for day in days)


def moved_ones(series: Sequence[Occurrence]) -> Iterator[Occurrence]:
    """Yield the occurrences that a gap has moved, to be said when the series is made."""
    return (occurrence for occurrence in series if occurrence.moved)
