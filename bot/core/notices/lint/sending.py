"""Rules about when, how often, to how many and in which mode a notice goes, and who agreed."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from bot.core.notices.approval import people_needed
from bot.core.notices.cap import Urgency
from bot.core.notices.due import announce_drill_at, may_go_at_any_time
from bot.core.notices.lint.case import Case, Known
from bot.core.notices.lint.lexicon import found
from bot.core.notices.local_time import TIME_FIELDS, distance
from bot.core.notices.notice import Announcement, Drill, DrillAudience, Kind
from bot.core.notices.recurrence import (
    Occurrence,
    Unusable,
    moved_ones,
    occurrences,
    read_rule,
    skips_months,
)
from bot.core.notices.rendering import drill_line, moment
from bot.core.notices.states import State
from bot.core.problem import Problem

LONGEST_GRAVE = dt.timedelta(hours=72)
LONGEST = dt.timedelta(days=14)
LATE = dt.timedelta(minutes=5)
FEW_HOURS = dt.timedelta(hours=6)
MOST_IN_FEW_HOURS = 2
MOST_IN_A_DAY = 6
MONTH = len("2026-12")
UNUSUAL = 10
"""Times more or fewer recipients than usual: the target area was lost on the way, or a wrong one was
chosen.
"""

NOT_YET_APPROVED = (State.DRAFT, State.IN_REVIEW, State.REJECTED)
NEVER_SENT = frozenset({State.DRAFT, State.REJECTED, State.MISSED, State.CANCELLED})


def l05_says_all_when_it_means_all(case: Case) -> Iterator[Problem]:
    """An empty area never means everyone, and everyone needs a second person."""
    own = case.announcement
    if not own.areas:
        yield case.error("L05", ("areas",), "no area is given", "expected ids of areas.yaml, or the word all")
    if own.is_to_everyone and case.desk.people is not None:
        author, approvers = case.desk.people
        if len(approvers | ({author} if author is not None else set())) < 2:
            yield case.error(
                "L05", ("areas",), "it goes to everyone and one person stands behind it", "expected two"
            )


def l06_says_when_it_begins(case: Case) -> Iterator[Problem]:
    """The message says since when or from when, with the day, and with the zone where readers' clocks
    differ.
    """
    times = case.times
    own = case.announcement
    if times is None or own.kind is Kind.WITHDRAWAL or (own.kind is Kind.CORRECTION and own.onset is None):
        return  # what takes words back says no time of its own accord
    phrases = case.desk.setting.phrases
    start = times.onset.astimezone(case.desk.setting.zone)
    for language, message in case.messages.items():
        words = message.text.words
        is_now = times.onset <= times.publish and phrases.begins_now[language].split("{")[0] in words
        has_clock = f"{start:%H:%M}" in words
        has_day = re.search(rf"\b{start.day}\s+{re.escape(phrases.months[language][start.month - 1])}", words)
        if not is_now and not (has_clock and has_day):
            yield case.error("L06", ("onset",), f"the message in '{language}' does not say when it begins")


def l07_ends_in_time(case: Case) -> Iterator[Problem]:
    """It ends, after it begins, and not too far ahead: 72 hours where it is grave, 14 days at the utmost."""
    times = case.times
    if times is None:
        return
    own = case.announcement
    if times.expires <= max(times.onset, times.publish):
        yield case.error("L07", ("expires",), "it ends before it begins", "expected a later end")
    ahead = times.expires - times.publish
    if own.severity.is_grave and ahead > LONGEST_GRAVE:
        yield case.error(
            "L07", ("expires",), f"{own.severity} for more than 72 hours", "expected an update meanwhile"
        )
    elif ahead > LONGEST:
        yield case.error("L07", ("expires",), "it holds for more than 14 days", "expected an earlier end")
    elif ahead > LONGEST_GRAVE:
        yield case.warning("L07", ("expires",), "it holds for more than 72 hours", "expected an earlier end")


def l08_says_when_it_was_issued(case: Case) -> Iterator[Problem]:
    """The message shows its own time: an old one is found on a phone days later."""
    times = case.times
    for language, message in case.messages.items():
        issued = moment(times.publish, language, case.desk.setting) if times else ""
        if issued not in message.text.words:
            yield case.error("L08", (), f"the message in '{language}' does not say when it was sent")


def l16_is_marked_as_what_it_is(case: Case) -> Iterator[Problem]:
    """A drill says so in its first and last line, a real notice nowhere."""
    phrases = case.desk.setting.phrases
    for language, message in case.messages.items():
        lines = message.text.words.split("\n")
        mark = drill_line(case.announcement, language, phrases)
        if case.is_drill:
            if lines[0] != mark or lines[-1] != mark:
                yield case.error(
                    "L16", (), f"the drill in '{language}' does not say so in its first and last line"
                )
            if not any(found(case.desk.lexicon.drill_only.get(language, ()), mark)):
                yield case.error("L16", ("status",), f"'{mark}' is not plainly the line of a drill")
        elif {lines[0], lines[-1]} & {phrases.exercise[language], phrases.test[language]}:
            yield case.error("L16", (), f"the real notice in '{language}' has the line of a drill")


def l17_uses_no_words_of_the_other_mode(case: Case) -> Iterator[Problem]:
    """A drill never says that it is none, and a real notice has no word of drills."""
    lexicon = case.desk.lexicon
    for path, language, text in case.all_written():
        words = lexicon.real_only if case.is_drill else lexicon.drill_only
        for word in found(words.get(language, ()), text):
            mode = "a drill" if case.is_drill else "a real notice"
            yield case.error("L17", path, f"'{word}' does not belong into {mode}", "expected other words")
        if not case.is_drill:
            for word in found(lexicon.real_only.get(language, ()), text):
                yield case.error(
                    "L17", path, f"'{word}' makes people wonder", "expected nothing: real needs no mark"
                )


def l24_does_not_tire_people(case: Case) -> Iterator[Problem]:
    """Below Severe at most two notices in any six hours, and six in any day, reach the same place. What says
    that a danger is over or that we were wrong is never one too many.
    """
    times = case.times
    if times is None or case.announcement.severity.is_grave or case.is_drill:
        return
    if may_go_at_any_time(case.announcement.kind):
        return
    away = [
        known.publish - times.publish
        for known in case.desk.known
        if known.publish is not None
        and known.state not in NEVER_SENT
        and not known.announcement.severity.is_grave
        and not isinstance(known.announcement, Drill)
        and case.meets(known)
    ]
    in_a_day, in_few_hours = _most_within(dt.timedelta(days=1), away), _most_within(FEW_HOURS, away)
    if in_a_day > MOST_IN_A_DAY:
        yield case.error("L24", ("areas",), f"there would be {in_a_day} there in a day", "expected 6 at most")
    elif in_few_hours > MOST_IN_FEW_HOURS:
        yield case.warning("L24", ("areas",), f"there would be {in_few_hours} there in 6 hours", "expected 2")


def _most_within(span: dt.timedelta, away: Iterable[dt.timedelta]) -> int:
    """Return the most notices in any such span in which this one is, the others so far away from it."""
    around = [one for one in away if -span < one < span]
    starts = [one for one in (dt.timedelta(0), *around) if one <= dt.timedelta(0)]
    return max(sum(start <= one < start + span for one in around) for start in starts) + 1


def l25_lets_people_sleep(case: Case) -> Iterator[Problem]:
    """Below Severe nothing is planned for the night; with a reason it arrives without a sound, else in the
    morning.
    """
    times = case.times
    if times is None or not case.announcement.severity.can_wait_for_morning:
        return
    if case.announcement.kind.takes_back_words or case.announcement.publish is None:
        return  # a correction never waits; what goes on approval is moved or silent by the clock then
    if case.desk.night.holds_at(times.publish, case.desk.setting.zone):
        yield case.warning(
            "L25",
            ("publish",),
            "it comes at night",
            f"expected a time by day, else it waits until {case.desk.night.morning:%H:%M}; "
            "with a reason it arrives silently at its time",
        )


def l31_reaches_whom_it_means(case: Case) -> Iterator[Problem]:
    """Somebody gets it, and about as many as usual for these places: ten times more or fewer need a word
    that they are meant, and so does a notice that the channel alone would have.
    """
    count, usual = case.desk.recipients, case.desk.usual
    if count is None:
        return
    if count > 0:
        if usual and not usual / UNUSUAL <= count <= usual * UNUSUAL:
            yield case.warning(
                "L31",
                ("areas",),
                f"{count} would get it, usually {usual}",
                "expected a word that this is meant",
            )
        return
    if case.announcement.kind.takes_back_words and _is_being_sent(case):
        return
    wrong = "nobody would get it"
    if case.desk.has_channel:
        expected = "expected another area, or a word that the channel is enough"
        yield case.warning("L31", ("areas",), f"{wrong} but the channel", expected)
    else:
        yield case.error("L31", ("areas",), wrong, "expected an area that somebody subscribed for")


def _is_being_sent(case: Case) -> bool:
    """Return whether what it changes is on its way: whoever has it soon is told as well."""
    referred = (known for known in case.desk.known if known.id in case.announcement.references)
    return any(known.state in (State.PUBLISHING, State.STOPPED) for known in referred)


def l32_has_times_that_exist(case: Case) -> Iterator[Problem]:
    """Every time is one instant, and the one of publishing is not over."""
    for name, trouble in case.read[1]:
        wrong, _, expected = str(trouble).partition("; ")
        yield case.error("L32", (name,), wrong, expected)
    own = case.announcement
    is_past = isinstance(case.publish, dt.datetime) and case.publish < case.desk.now - LATE
    is_to_come = case.desk.state in (None, *NOT_YET_APPROVED) and not own.draft
    if is_past and is_to_come and own.repeat is None:
        yield case.error("L32", ("publish",), f"{own.publish} has passed", "expected a time to come")


def l32_repeats_by_a_rule_of_ours(case: Case) -> Iterator[Problem]:
    """What comes again is a bounded reminder: never grave, its times counted from each publishing."""
    own = case.announcement
    if own.repeat is None:
        return
    if own.severity.is_grave and not case.is_drill:
        yield case.error(
            "L32", ("repeat",), f"a notice that is {own.severity} never repeats", "expected a notice each"
        )
    if own.publish is None:
        yield case.error(
            "L32", ("publish",), "the first time is missing", "expected a time like 2026-12-02 09:00"
        )
    for name in TIME_FIELDS:
        text = getattr(own, name)
        if text is not None and distance(text) is None:
            yield case.error(
                "L32", (name,), f"{text} is one day only", "expected a time from publishing on, like +2h"
            )
    rule = read_rule(own.repeat)
    if isinstance(rule, Unusable):
        yield case.error("L32", ("repeat",), rule.reason, rule.expected, rule.suggestion)
        return
    if isinstance(own, Drill) and rule.frequency != "MONTHLY":
        yield case.error("L32", ("repeat",), "a drill comes once a month at most", "expected FREQ=MONTHLY")
    if own.publish is not None and skips_months(rule, own.publish):
        yield case.warning(
            "L32",
            ("repeat",),
            "months without that day are left out",
            "expected an earlier day, or BYMONTHDAY=-1 for the last one",
        )
    series = occurrences(own.id, own.publish, rule, case.desk.setting.zone) if own.publish else ()
    if isinstance(series, Unusable):
        yield case.error("L32", ("repeat",), series.reason, series.expected)
        return
    months = [one.text[:MONTH] for one in series]
    if isinstance(own, Drill) and rule.frequency == "MONTHLY" and len(set(months)) < len(months):
        wrong = "a drill comes once a month at most"
        yield case.error("L32", ("repeat",), wrong, "expected one day a month, like BYDAY=1TH")
    for one in moved_ones(series):
        yield case.hint(
            "L32", ("repeat",), f"{one.text} does not exist; it goes at the first minute after it"
        )
    if series and series[-1].instant < case.desk.now and not own.draft:
        yield case.hint(
            "L32", ("repeat",), "the last time has passed", "expected a new start, or the file removed"
        )


def l33_says_when_more_comes(case: Case) -> Iterator[Problem]:
    """People in danger wait for the next word."""
    own = case.announcement
    times = case.times
    if times is not None and times.next_update is not None and times.next_update > times.expires:
        yield case.hint("L33", ("next_update",), "the next word comes after the end", "expected it before")
    if own.next_update is not None or own.kind in (Kind.ALL_CLEAR, Kind.WITHDRAWAL):
        return
    report = case.warning if own.urgency is Urgency.IMMEDIATE else case.hint
    yield report("L33", ("next_update",), "it does not say when we will say more", "expected a time like +1h")


def l38_was_approved_by_another(case: Case) -> Iterator[Problem]:
    """Where two are needed, the author is not the one who approves."""
    if case.desk.people is None:
        return
    author, approvers = case.desk.people
    if (
        people_needed(case.announcement, case.desk.policy, case.desk.setting.areas) == 2
        and author in approvers
    ):
        yield case.error("L38", (), "its author approved it", "expected another person")


def drill_is_announced(case: Case) -> Iterator[Problem]:
    """A drill of residents has a time, for it is announced a day before."""
    own, now = case.announcement, case.desk.now
    if isinstance(own, Drill) and own.audience is DrillAudience.SUBSCRIBERS:
        is_soon = isinstance(case.publish, dt.datetime) and announce_drill_at(case.publish) < now
        # A series that runs already is not too late: the time that it comes next is asked about then.
        has_begun = own.repeat is not None and isinstance(case.publish, dt.datetime) and case.publish < now
        if own.publish is None or (is_soon and not has_begun):
            yield case.error(
                "L32", ("publish",), "a drill of residents is announced 24 hours before", "expected later"
            )


def drill_is_rare(case: Case) -> Iterator[Problem]:
    """Residents of a place have one drill a month: whoever drills more is not believed any more."""
    own, known = case.announcement, case.desk.known
    if not _is_residents_drill(own):
        return
    dropped = frozenset(one.id for one in known if one.occurrence and _is_off(one))
    mine = _months(case, Known(own, publish=_publish_to_come(case)))
    for other in known:
        if not _is_residents_drill(other.announcement) or _is_off(other) or not case.meets(other):
            continue
        if shared := mine & _months(case, other, dropped):
            path = ("repeat",) if own.repeat else ("publish",)
            wrong = f"residents have the drill '{other.id}' in {min(shared)} already"
            yield case.error("L32", path, wrong, "expected another month")


def _is_residents_drill(announcement: Announcement) -> bool:
    is_for_residents = isinstance(announcement, Drill) and announcement.audience is DrillAudience.SUBSCRIBERS
    return is_for_residents and announcement.kind is Kind.NOTICE


def _is_off(known: Known) -> bool:
    """Return whether nobody got it or will get it, as far as anybody has decided."""
    is_file_alone = known.has_gone is None
    return not known.has_gone and (known.state in NEVER_SENT or (is_file_alone and known.announcement.draft))


def _publish_to_come(case: Case) -> dt.datetime | None:
    publish = case.publish if case.announcement.publish is not None else None
    return publish if isinstance(publish, dt.datetime) and publish >= case.desk.now else None


def _months(case: Case, known: Known, dropped: frozenset[str] = frozenset()) -> set[str]:
    """Return the local months of a notice: of a series those to come, for what was sent is known itself."""
    if known.announcement.repeat and not known.occurrence:
        series = _series(case, known.announcement)
        to_come = (one for one in series if one.instant >= case.desk.now and one.id not in dropped)
        return {one.text[:MONTH] for one in to_come}
    zone = case.desk.setting.zone
    return {f"{known.publish.astimezone(zone):%Y-%m}"} if known.publish is not None else set()


def _series(case: Case, announcement: Announcement) -> tuple[Occurrence, ...]:
    """Return the times of a series; none where its rule cannot be used, of which another rule speaks."""
    rule = read_rule(announcement.repeat or "")
    if isinstance(rule, Unusable) or announcement.publish is None:
        return ()
    found = occurrences(announcement.id, announcement.publish, rule, case.desk.setting.zone)
    return found if isinstance(found, tuple) else ()
