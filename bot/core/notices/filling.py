"""Filling a template from Telegram: the next question, how an answer is read, and what comes out."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.core.guidance import Language, Localized
from bot.core.notices.audience import AreaTree
from bot.core.notices.cap import MessageType, Status
from bot.core.notices.hazard import Hazard
from bot.core.notices.local_time import resolve, written
from bot.core.notices.notice import EVERYONE, Announcement, Drill, HazardId, Notice
from bot.core.notices.template import BLANK, EVENT, Blank, BlankKind, Template, TemplateKind
from bot.core.problem import Problem

LONGEST_HOURS = 72
SHORTEST_MINUTES = 5
HOURS = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.ASCII)
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")

MESSAGE_TYPES = {
    TemplateKind.NOTICE: MessageType.ALERT,
    TemplateKind.UPDATE: MessageType.UPDATE,
    TemplateKind.CORRECTION: MessageType.UPDATE,
    TemplateKind.WITHDRAWAL: MessageType.CANCEL,
    TemplateKind.ALL_CLEAR: MessageType.CANCEL,
    TemplateKind.DRILL: MessageType.ALERT,
}

TAKEN_OVER = (
    "event",
    "severity",
    "urgency",
    "certainty",
    "sender_name",
    "contact",
    "areas",
)
"""What a change takes from the notice that it changes. Its words are always new."""

SOURCES = ("web", "citation")
"""Taken over too where the template names no source of its own: a withdrawal does not rest on the signal that
it takes back.
"""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The notice that a template changes, and what its hazard is called."""

    announcement: Announcement
    event: Localized

    @classmethod
    def of(cls, announcement: Announcement, hazards: Mapping[HazardId, Hazard]) -> "Earlier":
        """Return it with the name of its hazard, or with its headline where the list has lost that."""
        hazard = hazards.get(announcement.event)
        return cls(announcement, hazard.name if hazard is not None else announcement.headline)


@dataclass(frozen=True, slots=True)
class Question:
    """The next thing to ask. `language` is set where words are wanted in that language."""

    blank: Blank
    language: Language | None

    @property
    def key(self) -> str:
        """The name under which the answer is kept."""
        return f"{self.blank.name}.{self.language}" if self.language else self.blank.name


def questions(template: Template, languages: Sequence[Language]) -> tuple[Question, ...]:
    """Return everything that is asked, in order."""
    return tuple(
        Question(blank, language)
        for blank in template.blanks
        for language in (languages if blank.kind is BlankKind.WORDS else (None,))
    )


def next_question(
    template: Template, languages: Sequence[Language], answers: Mapping[str, str]
) -> Question | None:
    """Return the first question without an answer, or None when all is filled in."""
    return next((one for one in questions(template, languages) if one.key not in answers), None)


def read_answer(
    question: Question, typed: str, areas: AreaTree, language: Language, now: dt.datetime, zone: dt.tzinfo
) -> str | Problem:
    """Return what an operator typed in the form in which it is kept, or what is wrong with it.

    `language` is the operator's own, in which they write the names of places.
    """
    text = " ".join(typed.split())
    if not text:
        return _wrong(question, "the answer is empty", "expected words")
    match question.blank.kind:
        case BlankKind.WORDS:
            return text if not BLANK.search(text) else _wrong(question, "braces are left", "expected words")
        case BlankKind.AREAS:
            return _read_areas(question, text, areas, language)
        case BlankKind.HOURS:
            return _read_hours(question, text)
        case BlankKind.TIME:
            return _read_time(question, text, now, zone)


def _read_areas(question: Question, text: str, areas: AreaTree, language: Language) -> str | Problem:
    if text.casefold() == EVERYONE:
        return EVERYONE
    ids: list[str] = []
    for name in text.split(","):
        if not name.strip():
            continue
        found = (areas.by_id[name.strip()],) if name.strip() in areas.by_id else areas.find(name, language)
        if len(found) != 1:
            names = ", ".join(area.name[language] for area in found[:5])
            return _wrong(
                question,
                f"'{name.strip()}' may be several places" if found else f"there is no place '{name.strip()}'",
                f"expected one of: {names}" if found else "expected names with commas between them",
            )
        ids.append(found[0].id)
    return ",".join(dict.fromkeys(ids)) if ids else _wrong(question, "no place is named", "expected a name")


def _read_hours(question: Question, text: str) -> str | Problem:
    """Return a distance: `2` is +2h, `0,5` is +30m."""
    found = HOURS.fullmatch(text)
    minutes = round(float(f"{found[1]}.{found[2] or 0}") * 60) if found else 0
    if not SHORTEST_MINUTES <= minutes <= LONGEST_HOURS * 60:
        expected = f"expected a number like 2 or 0.5, at most {LONGEST_HOURS}"
        return _wrong(question, f"'{text}' is no number of hours", expected)
    return f"+{minutes // 60}h" if minutes % 60 == 0 else f"+{minutes}m"


def _read_time(question: Question, text: str, now: dt.datetime, zone: dt.tzinfo) -> str | Problem:
    whole = whole_time(text, now, zone)
    found = resolve(whole, zone)
    if isinstance(found, dt.datetime):
        return whole
    wrong, _, expected = str(found).partition("; ")
    return _wrong(question, wrong, expected)


def whole_time(text: str, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Return a local time with its day: a clock time alone is the next one to come, all else as it is."""
    clock = CLOCK.fullmatch(text)
    if clock is None:
        return text
    local = now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    asked = local.replace(hour=int(clock[1]), minute=int(clock[2]))
    return written(asked if asked >= local else asked + dt.timedelta(days=1))


def _wrong(question: Question, wrong: str, expected: str) -> Problem:
    return Problem("", (question.blank.name,), wrong, expected)


def fill(
    template: Template,
    answers: Mapping[str, str],
    notice_id: str,
    languages: Sequence[Language],
    earlier: Earlier | None = None,
) -> Notice | Drill | tuple[Problem, ...]:
    """Return the notice that a template and its answers make, or what is missing.

    What changes a drill is a drill, what changes a real notice is real: nothing here crosses over.
    """
    missing = tuple(
        _wrong(question, "no answer yet", "expected one")
        for question in questions(template, languages)
        if question.key not in answers
    )
    if template.kind.changes_another and earlier is None:
        missing = (
            *missing,
            Problem("", ("references",), "no notice is chosen", "expected the one to change"),
        )
    if missing:
        return missing
    values = _values(template, answers, languages, earlier)
    values |= {"id": notice_id, "message_type": MESSAGE_TYPES[template.kind]}
    changed = earlier.announcement if earlier is not None else None
    is_drill = template.kind is TemplateKind.DRILL or isinstance(changed, Drill)
    try:
        if is_drill:
            audience = {"audience": changed.audience} if isinstance(changed, Drill) else {}
            return Drill.model_validate(values | {"status": Status.EXERCISE} | audience)
        return Notice.model_validate(values)
    except ValidationError as failure:
        return tuple(Problem("", error["loc"], error["msg"]) for error in failure.errors())


def _values(
    template: Template,
    answers: Mapping[str, str],
    languages: Sequence[Language],
    earlier: Earlier | None,
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    given = template.notice.model_dump(exclude_none=True, exclude_unset=True)
    if earlier is not None and template.kind.changes_another:
        has_source = not given.keys().isdisjoint(SOURCES)
        names = TAKEN_OVER if has_source else (*TAKEN_OVER, *SOURCES)
        values = {name: getattr(earlier.announcement, name) for name in names}
        values["references"] = (earlier.announcement.id,)
    values |= {name: _filled(value, template, answers, languages, earlier) for name, value in given.items()}
    for blank in template.blanks:
        if blank.kind is BlankKind.AREAS:
            areas = answers[blank.name]
            values[blank.name] = areas if areas == EVERYONE else tuple(areas.split(","))
        elif blank.kind is not BlankKind.WORDS:
            values[blank.name] = answers[blank.name]
    return values


def _filled(
    value: Any,
    template: Template,
    answers: Mapping[str, str],
    languages: Sequence[Language],
    earlier: Earlier | None,
) -> Any:
    """Return a value of the pattern with its blanks filled; a mapping by language is a text."""
    if isinstance(value, dict) and value and set(value) <= set(languages):
        return {
            language: _text(text, template, answers, language, earlier) for language, text in value.items()
        }
    if isinstance(value, dict):
        return {name: _filled(one, template, answers, languages, earlier) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_filled(one, template, answers, languages, earlier) for one in value)
    return value


def _text(
    text: str,
    template: Template,
    answers: Mapping[str, str],
    language: Language,
    earlier: Earlier | None,
) -> str:
    words = {blank.name: answers.get(f"{blank.name}.{language}", "") for blank in template.blanks}
    if earlier is not None:
        words[EVENT] = earlier.event.get(language, "")
    return BLANK.sub(lambda match: words.get(match[1], match[0]), text)
