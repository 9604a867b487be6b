"""Templates: prepared notices with blanks, for when there is no time to write a file."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.core.guidance import Localized, Words, Written
from bot.core.notices.cap import Certainty, ResponseType, Severity, Urgency
from bot.core.notices.notice import Distance, HazardId, Instruction, NoticeId
from bot.core.problem import Problem

EVENT = "event"
"""The blank that stands for the hazard of the notice which is changed, by its name; nobody is asked for it.

Not for its headline: what that asks people to do is over, or was wrong.
"""

BLANK = re.compile(r"\{([a-z_]+)\}")


ALWAYS_SAID = ("event", "severity", "urgency", "certainty", "sender_name")
"""Fields that a template gives where there is no earlier notice to take them from."""


class TemplateKind(StrEnum):
    """What comes out of a template."""

    NOTICE = "notice"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    ALL_CLEAR = "all-clear"
    DRILL = "drill"

    @property
    def changes_another(self) -> bool:
        """Whether it is about an earlier notice, from which it takes what it does not say itself."""
        return self not in (TemplateKind.NOTICE, TemplateKind.DRILL)


class BlankKind(StrEnum):
    """How an answer is read."""

    WORDS = "words"
    AREAS = "areas"
    TIME = "time"
    HOURS = "hours"


class Blank(Written):
    """One thing to ask for. Words are asked in each language; the others fill the field of their name."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")] = Field(
        description="Words: the {name} in the texts. Else the field: areas, onset, expires, next_update"
    )
    kind: BlankKind = Field(description="words, areas, time or hours")
    ask: Localized = Field(description="The question to the operator")


class Pattern(Written):
    """The fields of a notice that a template gives, texts with {blanks}; each may be absent in a change."""

    event: HazardId | None = None
    severity: Severity | None = None
    urgency: Urgency | None = None
    certainty: Certainty | None = None
    response_type: tuple[ResponseType, ...] = ()
    sender_name: Localized | None = None
    contact: Words | None = None
    web: Words | None = None
    citation: Localized | None = None
    headline: Localized
    description: Localized
    impact: Localized | None = None
    instruction: tuple[Instruction, ...] = ()
    was_wrong: Localized | None = None
    expires: Distance | None = None
    next_update: Distance | None = None

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], Localized]]:
        """Yield every text with the path that leads to it."""
        for name in ("headline", "description", "impact", "was_wrong", "citation"):
            text = getattr(self, name)
            if text is not None:
                yield (name,), text
        for position, step in enumerate(self.instruction):
            yield ("instruction", position, "text"), step.text


class Template(Written):
    """A notice with blanks. A template of a drill makes drills and nothing else."""

    id: NoticeId = Field(description="The same as the file's name: drone-danger")
    kind: TemplateKind = Field(description="notice, update, correction, withdrawal, all-clear or drill")
    name: Localized = Field(description="On the operator's button, at most 40 characters")
    blanks: tuple[Blank, ...] = Field((), description="What is asked, in this order")
    notice: Pattern = Field(description="The fields of the notice; {blanks} in braces in the texts")


def template_problems(template: Template, file: str) -> Iterator[Problem]:
    """Yield the blanks that nobody asks for, the ones asked for in vain, and fields that must be there."""
    asked = {blank.name for blank in template.blanks if blank.kind is BlankKind.WORDS}
    known = asked | ({EVENT} if template.kind.changes_another else set())
    used: set[str] = set()
    for path, text in template.notice.texts():
        for language, words in text.items():
            names = set(BLANK.findall(words))
            used |= names
            for name in sorted(names - known):
                yield Problem(
                    file,
                    ("notice", *path, language),
                    f"nobody is asked for {{{name}}}",
                    "expected it in `blanks`",
                )
    fields = set(Pattern.model_fields) | {"areas", "onset"}
    for position, blank in enumerate(template.blanks):
        if blank.kind is BlankKind.WORDS and blank.name not in used:
            yield Problem(
                file, ("blanks", position), f"{{{blank.name}}} is asked for in vain", "expected it in a text"
            )
        if blank.kind is not BlankKind.WORDS and blank.name not in fields:
            yield Problem(
                file,
                ("blanks", position, "name"),
                f"'{blank.name}' is no field",
                "expected areas, onset, expires",
            )
    given = template.notice.model_dump(exclude_none=True)
    others = {blank.name for blank in template.blanks if blank.kind is not BlankKind.WORDS}
    needed = {"expires"} if template.kind.changes_another else {"expires", "areas", *ALWAYS_SAID}
    for name in sorted(needed - given.keys() - others):
        yield Problem(file, ("notice", name), f"'{name}' is missing", "expected it here or among the blanks")
