"""What exactly is approved: a notice's instants, its words in every language, and the hash over both."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.guidance import Language
from bot.core.message import OutgoingMessage
from bot.core.notices.approval import NoticePolicy, fingerprint, people_missing, people_needed
from bot.core.notices.audience import is_for_residents, places_of, reached_areas
from bot.core.notices.delivery import Task
from bot.core.notices.local_time import Times, Trouble, distance, naive, read_times, resolve, settle
from bot.core.notices.notice import Announcement, Kind
from bot.core.notices.priority import lane_of, rings
from bot.core.notices.record import (
    Audience,
    Holders,
    Mailing,
    Origin,
    Record,
    Subscribers,
    TheseChats,
)
from bot.core.notices.rendering import Setting, notice_message

REFERENCE = dt.datetime(2000, 1, 1, 9, 0, tzinfo=dt.UTC)
"""Stands in for the moment of publishing where that is not known yet, so that its words have one hash."""


class Unfit(Exception):
    """A notice that cannot be sent as it is; the message names the field and says what to write."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one installation sends notices by; replaced as a whole when the content changes.

    `trusted` are the ids of BOT_OPERATORS, `channel` the number of the channel that everything goes to first
    and `channel_name` its @name, where it has one.
    """

    setting: Setting
    policy: NoticePolicy
    languages: tuple[Language, ...]
    default: Language
    zone_name: str
    tzdata: str = ""
    trusted: tuple[int, ...] = ()
    channel: int | None = None
    channel_name: str = ""

    @property
    def test_chats(self) -> tuple[int, ...]:
        """Where drills of the operators go."""
        return self.policy.test_chats or self.trusted


@dataclass(frozen=True, slots=True)
class Frozen:
    """What an approval binds to. `times` is None for a series, and for what goes as soon as approved."""

    times: Times | None
    words: Mapping[Language, OutgoingMessage]
    fingerprint: str


def freeze(announcement: Announcement, rules: Rules) -> Frozen:
    """Return what people approve of a notice under these rules.

    Raises:
        Unfit: a time in it names no instant.
    """
    times = None
    if announcement.publish is not None and announcement.repeat is None:
        times = times_at(announcement, rules, planned_for(announcement, rules))
    shown = times or times_at(announcement, rules, REFERENCE)
    words = words_of(announcement, shown, rules)
    reached = reached_areas(announcement, rules.setting.areas)
    return Frozen(
        times, words, fingerprint(announcement, times, reached, _beside(announcement, rules), words)
    )


def _beside(announcement: Announcement, rules: Rules) -> tuple[str, ...]:
    """Return the chats that the content or the settings add, the channel as it is set: that it is not found
    for an hour changes nothing that people agreed to.
    """
    if not is_for_residents(announcement):
        return tuple(str(chat) for chat in rules.test_chats)
    channel = rules.channel_name or str(rules.channel or "")
    return (channel,) if channel and not announcement.kind.takes_back_words else ()


def planned_for(announcement: Announcement, rules: Rules) -> dt.datetime:
    """Return the instant for which a notice with a time of its own is planned.

    Raises:
        Unfit: it has none, or clocks never show it.
    """
    found: dt.datetime | Trouble = resolve(announcement.publish or "", rules.setting.zone)
    if not isinstance(found, dt.datetime):
        raise Unfit(f"publish: {found}")
    return found


def planned_at(record: Record, rules: Rules) -> dt.datetime | None:
    """Return the instant for which a notice is planned, that of an occurrence its own; None where it goes as
    soon as it is approved.

    Raises:
        Unfit: clocks never show it.
    """
    local = naive(record.occurrence) if record.occurrence else None
    if local is not None:
        return settle(local[0], rules.setting.zone)[0]
    return planned_for(record.announcement, rules) if record.announcement.publish else None


def ends_at(record: Record, rules: Rules) -> dt.datetime | None:
    """Return when a notice that has not been scheduled is over; None where that is counted from its sending.

    Raises:
        Unfit: a time in it names no instant.
    """
    planned = planned_at(record, rules)
    if planned is not None:
        return times_at(record.announcement, rules, planned).expires
    if distance(record.announcement.expires) is not None:
        return None
    return times_at(record.announcement, rules, REFERENCE).expires


def goes_to_channel(announcement: Announcement, rules: Rules) -> bool:
    """Return whether the channel gets it too: all that residents get. Words are taken back where they are."""
    is_for_all = is_for_residents(announcement) and not announcement.kind.takes_back_words
    return rules.channel is not None and is_for_all


def times_at(announcement: Announcement, rules: Rules, publish: dt.datetime) -> Times:
    """Return the instants of a notice that goes at `publish`.

    Raises:
        Unfit: a time in it names none, or its end comes before it begins.
    """
    times, troubles = read_times(announcement, rules.setting.zone, publish)
    if times is None:
        raise Unfit("; ".join(f"{name}: {trouble}" for name, trouble in troubles))
    if publish is not REFERENCE and times.expires <= times.publish:
        raise Unfit("expires: it ends before it goes; expected a later time, or +2h")
    return times


def words_of(
    announcement: Announcement,
    times: Times,
    rules: Rules,
    issued_at: dt.datetime | None = None,
    planned: dt.datetime | None = None,
) -> Mapping[Language, OutgoingMessage]:
    """Return the message in every language."""
    return {
        language: notice_message(announcement, times, language, rules.setting, issued_at, planned)
        for language in rules.languages
    }


def missing_people(record: Record, rules: Rules) -> int:
    """Return how many more people must approve a notice as it reads under today's content.

    A prepared withdrawal needs nobody: the wrong text is on the phones, and every minute of asking leaves it
    there.

    Raises:
        Unfit: a time in it names no instant.
    """
    if record.origin is Origin.PREPARED and record.announcement.kind is Kind.WITHDRAWAL:
        return 0
    needed = people_needed(record.announcement, rules.policy, rules.setting.areas)
    if needed == 0:
        return 0
    current = freeze(record.announcement, rules).fingerprint
    return people_missing(needed, record.author, record.approvals, current)


def mailing_of(
    record: Record, task: Task, rules: Rules, words: Mapping[Language, OutgoingMessage]
) -> Mailing:
    """Return the mailing of these words for a notice."""
    announcement = record.announcement
    return Mailing(
        record.id,
        record.revision,
        task,
        lane_of(announcement),
        task is Task.SEND and rings(announcement),
        words,
        rules.default,
    )


def audience_of(announcement: Announcement, referenced: tuple[str, ...], rules: Rules) -> Audience:
    """Return whom a notice goes to. What takes words back goes to those who have the words."""
    if announcement.kind.takes_back_words:
        return Holders(referenced)
    if not is_for_residents(announcement):
        return TheseChats(rules.test_chats)
    tree = rules.setting.areas
    return Subscribers(
        reached_areas(announcement, tree), places_of(announcement, tree), announcement.is_to_everyone
    )


def has_zone_moved(record: Record, rules: Rules) -> dt.datetime | None:
    """Return the instant that a scheduled local time means now, where newer zone data moved it."""
    local = naive(record.local_text) if record.local_text and record.times else None
    if local is None or record.times is None:
        return None
    found: dt.datetime | Trouble = resolve(record.local_text, rules.setting.zone)
    instant = found if isinstance(found, dt.datetime) else settle(local[0], rules.setting.zone)[0]
    return instant if instant != record.times.publish else None
