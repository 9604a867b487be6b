"""A notice in one language as the message on the phone: on arrival, and after it has ended."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.guidance import Guide, GuideId, Language
from bot.core.message import Button, OutgoingMessage, Press, Style, Text, joined, styled
from bot.core.notices.audience import AreaTree
from bot.core.notices.cap import Severity, Status
from bot.core.notices.local_time import Times
from bot.core.notices.notice import Announcement, Drill, Kind
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.states import State


@dataclass(frozen=True, slots=True)
class Setting:
    """The content that every notice is rendered with; `default` is read where a notice lacks a language."""

    phrases: NoticePhrases
    areas: AreaTree
    guides: Mapping[GuideId, Guide]
    zone: dt.tzinfo
    default: Language = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a notice ended: when, by which notice of ours, and in an installation's words why."""

    state: State
    at: dt.datetime
    by: Announcement | None = None


def notice_message(
    announcement: Announcement,
    times: Times,
    language: Language,
    setting: Setting,
    issued_at: dt.datetime | None = None,
    planned: dt.datetime | None = None,
) -> OutgoingMessage:
    """Return a notice as it arrives.

    `issued_at` is absent in a preview and in what is approved; `planned` is given where it goes late.
    Whether it is silent is each chat's own question (`quiet.is_silent`).
    """
    phrases = setting.phrases
    announcement = announcement.readable_in(language, setting.default)
    late = (
        phrases.late[language].format(time=moment(planned, language, setting, issued_at)) if planned else ""
    )
    text = joined(
        (
            styled(
                Style.BOLD,
                joined((_first_line(announcement, language, phrases), announcement.headline[language])),
            ),
            _what_where_when(announcement, times, language, setting, issued_at),
            _what_to_do(announcement, language, phrases),
            joined((late, _who_and_when(announcement, times, language, setting, issued_at))),
            drill_line(announcement, language, phrases),
        ),
        "\n\n",
    )
    return OutgoingMessage(text, guide_buttons(announcement, language, setting))


def ended_message(
    announcement: Announcement,
    times: Times,
    language: Language,
    setting: Setting,
    ending: Ending,
    issued_at: dt.datetime | None = None,
) -> OutgoingMessage:
    """Return what a delivered copy is edited into: first that it is over and how, the old words folded below.

    The guides' buttons go, for nobody shall act on it any more.
    """
    phrases = setting.phrases
    arrived = notice_message(announcement, times, language, setting, issued_at).text
    text = joined(
        (
            drill_line(announcement, language, phrases),
            styled(Style.BOLD, _ending_line(ending, language, setting)),
            _why(ending, language, setting),
            joined((phrases.earlier_text[language], styled(Style.EXPANDABLE_QUOTE, Text(arrived.words)))),
            drill_line(announcement, language, phrases),
        ),
        "\n\n",
    )
    return OutgoingMessage(text)


def drill_ahead_message(drill: Drill, times: Times, language: Language, setting: Setting) -> OutgoingMessage:
    """Return the announcement of a drill, a day before it."""
    line = drill_line(drill, language, setting.phrases)
    words = setting.phrases.drill_ahead[language].format(
        time=moment(times.publish, language, setting), areas=place(drill, language, setting.areas)
    )
    end = setting.phrases.drill_ahead_end[language]
    return OutgoingMessage(joined((styled(Style.BOLD, line), f"{words} {end}", line), "\n\n"))


def drill_line(announcement: Announcement, language: Language, phrases: NoticePhrases) -> str:
    """Return the line that a drill begins and ends with, and nothing for a real notice."""
    if not isinstance(announcement, Drill):
        return ""
    return (phrases.exercise if announcement.status is Status.EXERCISE else phrases.test)[language]


def place(announcement: Announcement, language: Language, areas: AreaTree) -> str:
    """Return the places by name; everyone is everywhere on the map."""
    named = announcement.area_ids or tuple(area.id for area in areas.children(None))
    return areas.names(named, language)


def moment(
    instant: dt.datetime, language: Language, setting: Setting, beside: dt.datetime | None = None
) -> str:
    """Return a local time with its day; with its year where that is not the year of `beside`."""
    local = instant.astimezone(setting.zone)
    same_year = beside is not None and beside.astimezone(setting.zone).year == local.year
    form = setting.phrases.moment if same_year else setting.phrases.moment_in_year
    words = form[language].format(
        clock=f"{local:%H:%M}",
        day=local.day,
        month=setting.phrases.months[language][local.month - 1],
        year=local.year,
    )
    return f"{words} {_offset(local)}" if _spans_zones(setting) else words


def guide_buttons(
    announcement: Announcement, language: Language, setting: Setting
) -> tuple[tuple[Button, ...], ...]:
    """Return one row for each guide behind a step, each guide once."""
    ids = dict.fromkeys(step.guide for step in announcement.instruction if step.guide in setting.guides)
    return tuple((Button(setting.guides[i].title[language], Press(f"guide:{i}")),) for i in ids if i)


def _first_line(announcement: Announcement, language: Language, phrases: NoticePhrases) -> Text:
    level = {
        Severity.EXTREME: phrases.extreme,
        Severity.SEVERE: phrases.severe,
        Severity.MODERATE: phrases.moderate,
        Severity.MINOR: phrases.minor,
        Severity.UNKNOWN: phrases.unknown,
    }[announcement.severity][language]
    line = {
        Kind.NOTICE: level,
        Kind.UPDATE: f"{level} · {phrases.update[language]}",
        # No level from here on: what takes back a warning must not look like one.
        Kind.CORRECTION: phrases.correction[language],
        Kind.WITHDRAWAL: phrases.withdrawal[language],
        Kind.ALL_CLEAR: phrases.all_clear[language],
    }[announcement.kind]
    return joined((drill_line(announcement, language, phrases), line))


def _what_where_when(
    announcement: Announcement,
    times: Times,
    language: Language,
    setting: Setting,
    issued_at: dt.datetime | None,
) -> Text:
    phrases = setting.phrases
    wrong = (
        phrases.was_wrong[language].format(text=announcement.was_wrong[language])
        if announcement.was_wrong
        else ""
    )
    true_now = phrases.true_now[language] if announcement.kind is Kind.CORRECTION else ""
    impact = announcement.impact[language] if announcement.impact else ""
    is_withdrawn = announcement.kind is Kind.WITHDRAWAL  # perhaps the place was what was wrong
    where = phrases.where[language].format(areas=place(announcement, language, setting.areas))
    when = _when(announcement, times, language, setting, issued_at)
    what = " ".join(part for part in (true_now, announcement.description[language], impact) if part)
    return joined((wrong, what, "" if is_withdrawn else where, when))


def _when(
    announcement: Announcement,
    times: Times,
    language: Language,
    setting: Setting,
    issued_at: dt.datetime | None,
) -> str:
    phrases = setting.phrases
    beside = issued_at or times.publish
    start = moment(times.onset, language, setting, beside)
    end = moment(times.expires, language, setting, beside)
    if announcement.kind is Kind.WITHDRAWAL:
        return ""
    if announcement.kind is Kind.CORRECTION and announcement.onset is None:
        return ""  # that it holds "now" was what was wrong, perhaps
    if announcement.kind is Kind.ALL_CLEAR:
        return phrases.over_since[language].format(start=start)
    if times.onset <= times.publish:
        return phrases.begins_now[language].format(end=end)
    first, last = (instant.astimezone(setting.zone) for instant in (times.onset, times.expires))
    is_one_day = first.date() == last.date() and not _spans_zones(setting)
    return phrases.begins_at[language].format(start=f"{first:%H:%M}" if is_one_day else start, end=end)


def _what_to_do(announcement: Announcement, language: Language, phrases: NoticePhrases) -> Text:
    if not announcement.instruction:
        return Text()
    heading = phrases.again if announcement.kind is Kind.ALL_CLEAR else phrases.to_do
    steps = (f"{n}. {step.text[language]}" for n, step in enumerate(announcement.instruction, 1))
    return joined((styled(Style.BOLD, heading[language]), *steps))


def _who_and_when(
    announcement: Announcement,
    times: Times,
    language: Language,
    setting: Setting,
    issued_at: dt.datetime | None,
) -> Text:
    phrases = setting.phrases
    beside = issued_at or times.publish
    sender = Text(phrases.sender[language].format(sender=announcement.sender_name[language]))
    if announcement.web:
        sender = sender + " · " + styled(Style.LINK, phrases.source[language], announcement.web)
    citation = announcement.citation
    issued = (
        phrases.issued[language].format(time=moment(issued_at, language, setting))
        if issued_at
        else phrases.issued_when_sent[language]
    )
    until = phrases.valid_until[language].format(time=moment(times.expires, language, setting, beside))
    more = (
        phrases.next_update[language].format(time=moment(times.next_update, language, setting, beside))
        if times.next_update
        else ""
    )
    return joined(
        (
            sender,
            phrases.citation[language].format(document=citation[language]) if citation else "",
            phrases.contact[language].format(contact=announcement.contact) if announcement.contact else "",
            issued,
            # What is over has no end any more.
            until if announcement.kind not in (Kind.WITHDRAWAL, Kind.ALL_CLEAR) else "",
            more,
        )
    )


def _ending_line(ending: Ending, language: Language, setting: Setting) -> str:
    phrases = setting.phrases
    is_correction = ending.by is not None and ending.by.kind is Kind.CORRECTION
    line = {
        State.EXPIRED: phrases.expired,
        State.CLEARED: phrases.cleared,
        State.CANCELLED: phrases.cancelled,
        State.SUPERSEDED: phrases.corrected if is_correction else phrases.superseded,
    }[ending.state]
    return line[language].format(time=moment(ending.at, language, setting))


def _why(ending: Ending, language: Language, setting: Setting) -> str:
    if ending.by is None:
        return ""
    by = ending.by.readable_in(language, setting.default)
    if by.was_wrong:
        return setting.phrases.was_wrong[language].format(text=by.was_wrong[language])
    return by.headline[language]


def _spans_zones(setting: Setting) -> bool:
    """Return whether readers live by different clocks: then every time says by which (rule L06)."""
    return any(area.time_zone for area in setting.areas.by_id.values())


def _offset(local: dt.datetime) -> str:
    """Return the zone as `UTC+3`."""
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
