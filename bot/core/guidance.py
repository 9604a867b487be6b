"""The curated knowledge: guides of cited steps, and the registry of the sources that support them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Language = str
"""A language tag as the deployment lists it and Telegram's `language_code` begins with: `ru`, `en`."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Localized = Mapping[Language, Words]
"""The same words in every language of the deployment."""

GuideId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
SourceId = Annotated[str, StringConstraints(pattern=r"^[A-Z]+[0-9]*$")]


class Written(BaseModel):
    """The base of everything that operators write: unknown keys are refused, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Standing(StrEnum):
    """Whether a source speaks for itself or repeats an authority."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class Source(Written):
    """The authority behind a step, as its page was seen."""

    id: SourceId = Field(description="Short name that steps cite: R11")
    publisher: Localized = Field(description="Who publishes the page")
    title: Words = Field(description="Title of the page, in its own language")
    language: Words = Field(description="Language of the page: ru, en, ...")
    url: Words = Field(description="Address of the page, http or https")
    kind: Standing = Field(description="primary: the authority itself; secondary: repeats an authority")
    quotes: Localized | None = Field(None, description="Secondary only: the authority whose words it carries")
    date: str | None = Field(
        None,
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="Date of the page, as far as it is known: 2025, 2025-05 or 2025-05-07",
    )
    checked: dt.date = Field(description="Day on which somebody last read the page: 2026-11-22")

    @model_validator(mode="after")
    def names_the_authority(self) -> Self:
        """Refuse a secondary source that does not say whom it quotes, and a primary one that does."""
        if (self.kind is Standing.SECONDARY) != (self.quotes is not None):
            raise ValueError(
                "a secondary source says in 'quotes' whose words it carries, a primary one has no 'quotes'"
            )
        return self


class Risk(StrEnum):
    """How much harm an outdated guide could do; decides how often it is reviewed."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Step(Written):
    """One thing to do or never to do, with the sources that support it: the smallest citable passage."""

    text: Localized = Field(description="One short sentence that begins with a verb, in every language")
    sources: tuple[SourceId, ...] = Field(
        min_length=1, description="Ids of the sources that support this step"
    )


class Part(StrEnum):
    """The three parts of a guide, in the order in which they are read."""

    NOW = "now"
    NEVER = "never"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Passage:
    """A step and where it stands in its guide (position from 0)."""

    part: Part
    position: int
    step: Step


class Guide(Written):
    """One topic's guidance in every language."""

    id: GuideId = Field(description="Public name of the guide, the same as the file's name: debris-found")
    category: GuideId = Field(description="Id of a category in categories.yaml")
    life_threat: bool = Field(description="true: it is about danger to life now, the 112 line comes first")
    risk: Risk = Field(description="How much harm it could do when outdated; decides when it is reviewed")
    reviewed: dt.date = Field(description="Day of the last review by a person: 2026-11-22")
    title: Localized
    summary: Localized = Field(description="One line: what this is about")
    now: tuple[Step, ...] = Field(min_length=1, description="What to do now, in order")
    never: tuple[Step, ...] = Field((), description="What never to do")
    after: tuple[Step, ...] = Field((), description="What to do afterwards")
    related: tuple[GuideId, ...] = Field((), description="Guides that a person may need next")
    keywords: Mapping[Language, tuple[Words, ...]] = Field(description="Words that people use for this topic")
    questions: Mapping[Language, tuple[Words, ...]] = Field(description="Questions as people type them")

    def part(self, part: Part) -> tuple[Step, ...]:
        """Return the steps of one part."""
        return {Part.NOW: self.now, Part.NEVER: self.never, Part.AFTER: self.after}[part]

    def passages(self) -> Iterator[Passage]:
        """Yield every step with its address, in reading order."""
        for part in Part:
            for position, step in enumerate(self.part(part)):
                yield Passage(part, position, step)


class Category(Written):
    """A shelf of guides, as /topics shows it."""

    id: GuideId
    title: Localized
