"""What stands on a notice's card: whom it reaches, when it goes, who stands behind it, how far it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.notices.approval import Deed, may, people_needed
from bot.core.notices.audience import is_for_residents
from bot.core.notices.console.complaints import why_words
from bot.core.notices.console.departure import Cause, Departure, departure_of
from bot.core.notices.console.presses import version_of
from bot.core.notices.console.speech import Speech
from bot.core.notices.delivery import Progress
from bot.core.notices.due import Why
from bot.core.notices.freezing import Rules, Unfit, freeze, goes_to_channel, missing_people
from bot.core.notices.notice import Announcement, Drill
from bot.core.notices.priority import rings
from bot.core.notices.record import Origin, Record
from bot.core.notices.recurrence import Unusable, occurrences, read_rule
from bot.core.notices.rendering import place
from bot.core.notices.states import State

REVIEWED = frozenset({State.DRAFT, State.REJECTED, State.IN_REVIEW})
"""States in which it reads as the content of today makes it read; later it reads as it was approved."""

SLOW = 10
"""Messages a second below which a tenth counts."""

OCCURRENCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a live send goes."""

    per_second: float

    @classmethod
    def between(cls, before: Progress, after: Progress, seconds: float) -> "Speed | None":
        """Return how fast it went from the one to the other, None where nothing moved."""
        done = (after.total - after.left) - (before.total - before.left)
        return cls(done / seconds) if seconds > 0 and done > 0 else None

    @property
    def rate(self) -> str:
        """The rate in words; a slow one is not nothing."""
        return f"{self.per_second:.0f}" if self.per_second >= SLOW else f"{self.per_second:.1f}"

    def minutes_left(self, left: int) -> int:
        """Return whole minutes until it is done; none where it takes less than one."""
        minutes = left / max(self.per_second, 0.1) / 60
        return round(minutes) if minutes >= 1 else 0


def shown_fingerprint(record: Record, rules: Rules) -> str:
    """Return the fingerprint of what an operator sees: the buttons carry its beginning."""
    if record.state in REVIEWED:
        try:
            return freeze(record.announcement, rules).fingerprint
        except Unfit:
            return ""
    return record.fingerprint


def facts(to: Speech, record: Record, count: int | None) -> Iterator[str]:
    """Yield the facts of a notice for one reader, line by line.

    Raises:
        Unfit: a time in it names no instant.
    """
    phrases, announcement = to.phrases, record.announcement
    yield to.say(phrases.mode_drill if isinstance(announcement, Drill) else phrases.mode_actual)
    yield audience(to, announcement)
    yield from _channel(to, announcement)
    if count is not None:
        has_channel = goes_to_channel(announcement, to.rules)
        yield to.say(phrases.count_and_channel if has_channel else phrases.count, count=count)
    yield from _when(to, record)
    yield to.say(phrases.rings if rings(announcement) else phrases.rings_by_day)
    author = record.author
    yield to.say(phrases.by_person, person=to.who(author)) if author else to.say(phrases.by_file)
    yield from _people(to, record)


def identity(to: Speech, record: Record) -> str:
    """Return the line by which a notice is told from every other, and its version from every other."""
    shown = shown_fingerprint(record, to.rules)
    version = to.say(to.phrases.version, version=version_of(shown)) if shown else ""
    return " · ".join(filter(None, (to.say(to.phrases.number, id=record.id), version)))


def audience(to: Speech, announcement: Announcement) -> str:
    """Return whom a notice goes to."""
    phrases = to.phrases
    if announcement.kind.takes_back_words:
        return to.say(phrases.to_holders, ids=", ".join(announcement.references))
    if not is_for_residents(announcement):
        return to.say(phrases.to_operators, chats=", ".join(map(str, to.rules.test_chats)))
    if announcement.is_to_everyone:
        return to.say(phrases.to_everyone)
    return to.say(phrases.to_areas, areas=place(announcement, to.language, to.rules.setting.areas))


def progress_lines(to: Speech, progress: Progress, speed: Speed | None) -> Iterator[str]:
    """Yield how far a sending is, and when it will be done."""
    phrases = to.phrases
    yield to.say(
        phrases.progress,
        sent=progress.sent,
        total=progress.total,
        refused=progress.refused,
        uncertain=progress.uncertain,
        left=progress.left,
    )
    if progress.is_finished:
        yield to.say(phrases.progress_done)
    elif speed is not None and (minutes := speed.minutes_left(progress.left)):
        yield to.say(phrases.progress_speed, rate=speed.rate, minutes=minutes)
    elif speed is not None:
        yield to.say(phrases.progress_almost, rate=speed.rate)


def is_author(to: Speech, record: Record) -> bool:
    """Return whether the reader wrote what needs a second person."""
    needed = people_needed(record.announcement, to.rules.policy, to.rules.setting.areas)
    return needed == 2 and to.person is not None and record.author == to.person


def has_approved(to: Speech, record: Record) -> bool:
    """Return whether the reader has agreed to the words as they stand."""
    current = shown_fingerprint(record, to.rules)
    return any(one.person == to.person and one.fingerprint == current for one in record.approvals)


def _channel(to: Speech, announcement: Announcement) -> Iterator[str]:
    """Yield that it goes to the channel: what is public reaches more people than any count says."""
    name, phrases = to.rules.channel_name, to.phrases
    if goes_to_channel(announcement, to.rules):
        yield to.say(phrases.to_channel, channel=name) if name else to.say(phrases.to_our_channel)


def _when(to: Speech, record: Record) -> Iterator[str]:
    phrases, announcement = to.phrases, record.announcement
    departure = departure_of(record, to.rules, to.now)
    if record.is_series:
        yield from _repeats(to, announcement)
    elif departure is not None:
        yield from _departure(to, departure)
    elif record.issued_at is not None:
        yield to.say(phrases.when_sent, time=to.moment(record.issued_at))
    elif record.times is not None:
        yield to.say(phrases.when_planned, time=to.moment(record.times.publish))
    times = record.times or (None if record.is_series else freeze(announcement, to.rules).times)
    yield to.say(phrases.until, time=to.moment(times.expires)) if times else _end(to, announcement)


def _departure(to: Speech, departure: Departure) -> Iterator[str]:
    phrases = to.phrases
    phrase = {
        Cause.APPROVAL: phrases.when_approved,
        Cause.NIGHT: phrases.when_approved_morning,
        Cause.PLAN: phrases.when_planned,
        Cause.MORNING: phrases.when_morning,
        Cause.PATIENCE: phrases.when_by_itself,
        Cause.PERSON: phrases.when_person,
    }[departure.cause]
    yield to.say(phrase, time=to.moment(departure.at) if departure.at else "")
    # Whether a person stopped it or the program left it to one is not known any more.
    if departure.why is not None and departure.why is not Why.STOPPED:
        yield to.say(phrases.why, reason=why_words(departure.why, phrases, to.language))


def _repeats(to: Speech, announcement: Announcement) -> Iterator[str]:
    """Yield the next times of a series and how many it has in all."""
    rule = read_rule(announcement.repeat or "")
    if isinstance(rule, Unusable):
        return
    found = occurrences(announcement.id, announcement.publish or "", rule, to.rules.setting.zone)
    if isinstance(found, Unusable):
        return
    following = [one.instant for one in found if one.instant >= to.now][:OCCURRENCES_SHOWN]
    times = ", ".join(map(to.moment, following))
    yield to.say(to.phrases.when_repeated, times=times or "—", count=len(found))


def _end(to: Speech, announcement: Announcement) -> str:
    end, phrases = announcement.expires, to.phrases
    if not end.startswith("+"):
        return to.say(phrases.until, time=end)
    units = {"m": phrases.minutes, "h": phrases.hours, "d": phrases.days}
    return to.say(phrases.until_after, distance=to.say(units[end[-1]], count=int(end[1:-1])))


def _people(to: Speech, record: Record) -> Iterator[str]:
    """Yield who has agreed, who must, and why this reader has no button for it."""
    phrases = to.phrases
    if record.approvals:
        people = ", ".join(to.who(approval.person) for approval in record.approvals)
        yield to.say(phrases.approved_by, people=people)
    if record.state not in REVIEWED:
        return
    needed = people_needed(record.announcement, to.rules.policy, to.rules.setting.areas)
    if needed == 2:
        yield to.say(phrases.needs_others, missing=missing_people(record, to.rules))
    else:
        yield to.say(phrases.needs_one if needed else phrases.nobody_asked)
    if record.state is State.IN_REVIEW and may(to.roles, Deed.APPROVE):
        if is_author(to, record):
            yield to.say(phrases.yours)
        elif has_approved(to, record):
            yield to.say(phrases.already_yours)
    if record.state is State.REJECTED and record.origin is Origin.FILE:
        yield to.say(phrases.file_rejected)
