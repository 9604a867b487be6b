"""What came of looking for the right guide: the only thing the rest of the program knows of answering."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.guidance import GuideId, Language, Part


class Reason(StrEnum):
    """Why there is no answer; each has its own words in phrases.yaml."""

    UNKNOWN = "unknown"
    WEAPONS = "weapons"
    MILITARY = "military"
    ORDER = "order"
    GREETING = "greeting"
    THANKS = "thanks"
    ABUSE = "abuse"
    WORDLESS = "wordless"


@dataclass(frozen=True, slots=True)
class Lead:
    """The one step that a question is about: it is shown first. `position` counts from 0."""

    part: Part
    position: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One guide is right. `choices` are the up to three best guides in order, this one first."""

    guide: GuideId
    choices: tuple[GuideId, ...]
    language: Language
    score: float
    urgent: bool = False
    lead: Lead | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """Two or three guides could be right, best first. `stems` are what operators may learn of it."""

    choices: tuple[GuideId, ...]
    language: Language
    score: float
    urgent: bool = False
    stems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The question is not one for these guides. `stems` are what operators may learn of it."""

    reason: Reason
    language: Language
    score: float
    urgent: bool = False
    stems: tuple[str, ...] = ()


Finding = Answer | Choices | NoAnswer
"""`score` is the confidence from 0 to 1 that the question is ours; `urgent` puts the 112 line first;
`language` is the one that the question seems to be written in."""
