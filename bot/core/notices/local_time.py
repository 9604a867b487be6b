"""Local times as people type them, and the instants that they mean where clocks jump twice a year."""

import datetime as dt
from dataclasses import dataclass

from bot.core.notices.notice import Announcement

MINUTE = dt.timedelta(minutes=1)
LONGEST_GAP = 2 * 24 * 60
"""Minutes. Samoa left out a whole day in December 2011; no zone has left out more."""

DISTANCES = {"m": dt.timedelta(minutes=1), "h": dt.timedelta(hours=1), "d": dt.timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Not a time at all, or a day that no calendar has."""

    text: str

    def __str__(self) -> str:
        return f"'{self.text}' is not a time; expected year-month-day hour:minute, like 2026-12-02 09:00"


@dataclass(frozen=True, slots=True)
class Gap:
    """Clocks go forward over this time: it does not exist. The last minute before it and the first one
    after.
    """

    text: str
    before: str
    after: str

    def __str__(self) -> str:
        return (
            f"{self.text} does not exist, the clocks go forward then; expected {self.before} or {self.after}"
        )


@dataclass(frozen=True, slots=True)
class Fold:
    """Clocks go back: this time comes twice, and nobody has said which one is meant."""

    text: str
    first: dt.datetime
    second: dt.datetime

    def __str__(self) -> str:
        return (
            f"{self.text} comes twice, the clocks go back then; "
            f"expected '{self.text} first' (summer) or '{self.text} second' (winter)"
        )


@dataclass(frozen=True, slots=True)
class Once:
    """It says which of two times is meant, and clocks show it once that day."""

    text: str
    plain: str

    def __str__(self) -> str:
        return f"{self.plain} comes once that day; expected it without 'first' or 'second'"


Trouble = Unreadable | Gap | Fold | Once
"""Why a text names no single instant; its str() says what to write instead."""


def naive(text: str) -> tuple[dt.datetime, int | None] | None:
    """Return a local time without its zone and which of two it is (0, 1 or unsaid), or None."""
    words = text.split(" ")
    which = {2: None, 3: {"first": 0, "second": 1}.get(words[-1], -1)}.get(len(words), -1)
    if which == -1:
        return None
    try:
        parsed = dt.datetime.strptime(" ".join(words[:2]), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - local on purpose
    except ValueError:
        return None
    return parsed, which


def resolve(text: str, zone: dt.tzinfo) -> dt.datetime | Trouble:
    """Return the instant (in UTC) that a typed local time means, or why there is none or more than one."""
    parsed = naive(text)
    if parsed is None:
        return Unreadable(text)
    local, which = parsed
    try:
        first, second = _instants(local, zone)
        if not _exists(local, zone):
            return Gap(text, written(_edge(local, zone, -MINUTE)), written(_edge(local, zone, MINUTE)))
    except OverflowError:  # the first and last hours of the calendar have no instant in UTC
        return Unreadable(text)
    if first != second and which is None:
        return Fold(text, first, second)
    if first == second and which is not None:
        return Once(text, written(local))
    return second if which == 1 else first


def settle(local: dt.datetime, zone: dt.tzinfo) -> tuple[dt.datetime, bool]:
    """Return the instant of a recurring local time, and whether it had to move.

    Nobody can be asked about every occurrence: out of a gap it moves to the first minute after it, and of
    two equal times it is the first, once.
    """
    if _exists(local, zone):
        return _instants(local, zone)[0], False
    return _instants(_edge(local, zone, MINUTE), zone)[0], True


def written(local: dt.datetime) -> str:
    """Return a local time as people type it."""
    return local.strftime("%Y-%m-%d %H:%M")


def _instants(local: dt.datetime, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    return first, second


def _exists(local: dt.datetime, zone: dt.tzinfo) -> bool:
    """Return whether clocks ever show this time: an instant of it leads back to it (PEP 495)."""
    return _instants(local, zone)[0].astimezone(zone).replace(tzinfo=None, fold=0) == local


def _edge(local: dt.datetime, zone: dt.tzinfo, step: dt.timedelta) -> dt.datetime:
    """Return the nearest time that exists, in the direction of `step`."""
    moved = local
    for _ in range(LONGEST_GAP):
        moved += step
        if _exists(moved, zone):
            return moved
    raise OverflowError("no zone has a gap of two days")


@dataclass(frozen=True, slots=True)
class Times:
    """The instants of one notice, or of one occurrence of it."""

    publish: dt.datetime
    effective: dt.datetime
    onset: dt.datetime
    expires: dt.datetime
    next_update: dt.datetime | None = None


TIME_FIELDS = ("effective", "onset", "expires", "next_update")


def distance(text: str) -> dt.timedelta | None:
    """Return what `+2h` means, or None where it is no distance."""
    number, unit = text[1:-1], text[-1:]
    if not (text.startswith("+") and number.isascii() and number.isdigit() and unit in DISTANCES):
        return None
    return int(number) * DISTANCES[unit]


def read_times(
    announcement: Announcement, zone: dt.tzinfo, publish: dt.datetime
) -> tuple[Times | None, tuple[tuple[str, Trouble], ...]]:
    """Return the instants of a notice that goes at `publish`, and the fields whose text names none."""
    instants: dict[str, dt.datetime] = {}
    troubles: list[tuple[str, Trouble]] = []
    for name in TIME_FIELDS:
        text = getattr(announcement, name)
        if text is None:
            continue
        away = distance(text)
        found = publish + away if away is not None else resolve(text, zone)
        if isinstance(found, dt.datetime):
            instants[name] = found
        else:
            troubles.append((name, found))
    if troubles:
        return None, tuple(troubles)
    effective = instants.get("effective", publish)
    onset = instants.get("onset", effective)
    return Times(publish, effective, onset, instants["expires"], instants.get("next_update")), ()
