"""Everything that operators write, as one immutable value that the rest of the program reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.core.answering.knowledge import Knowledge
from bot.core.guidance import (
    Category,
    Guide,
    GuideId,
    Language,
    Localized,
    Passage,
    Risk,
    Source,
    Words,
    Written,
)
from bot.core.notices.book import NoticeBook
from bot.core.phrases import Phrases


class EmergencyNumber(Written):
    """A number to call, and who answers it."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9 ()+-]{2,20}$")] = Field(
        description='In quotes, as people dial it: "112"'
    )
    name: Localized = Field(description="Who answers: rescue, fire brigade, ...")


class Emergency(Written):
    """Whom to call."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,6}$")] = Field(
        description='The one number that every message names: "112"'
    )
    others: tuple[EmergencyNumber, ...] = Field((), description="Numbers of single services")


class Contacts(Written):
    """Where people reach those who run the bot."""

    operators: Words = Field(description="Who answers questions about the bot: an address or a phone")
    privacy: Words = Field(description="Who answers questions about stored data")


class Deployment(Written):
    """What one region's installation is called and whom it names."""

    service: Localized = Field(description="Name of the bot, at most 64 characters")
    region: Localized
    time_zone: Words = Field(description="Name in the IANA time zone database: Europe/Moscow")
    languages: tuple[Language, ...] = Field(
        min_length=1, description="Every text is complete in each of these"
    )
    default_language: Language
    emergency: Emergency
    contacts: Contacts
    review_months: Mapping[Risk, Annotated[int, Field(ge=1, le=60)]] = Field(
        description="Months from a guide's review to the next, by its risk"
    )


@dataclass(frozen=True, slots=True)
class Content:
    """One consistent set of content: every reference in it resolves. Without `notices` the bot has none."""

    deployment: Deployment
    categories: tuple[Category, ...]
    sources: Mapping[str, Source]
    guides: Mapping[GuideId, Guide]
    phrases: Phrases
    answering: Knowledge = field(default_factory=Knowledge)
    notices: NoticeBook | None = None

    def guides_of(self, category: str) -> tuple[Guide, ...]:
        """Return the guides of one category, in the order of their files."""
        return tuple(guide for guide in self.guides.values() if guide.category == category)

    def citations(self, passages: Iterator[Passage]) -> tuple[Source, ...]:
        """Return the sources behind these passages, each once, in the order of first use."""
        ids = dict.fromkeys(source for passage in passages for source in passage.step.sources)
        return tuple(self.sources[source] for source in ids)
