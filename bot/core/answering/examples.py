"""What the engine learns from: the words of the guides, each an example of its guide, and the negatives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.answering.knowledge import Negative
from bot.core.answering.text import clean, fold, words_of
from bot.core.guidance import Guide, GuideId


class Kind(StrEnum):
    """Where an example comes from."""

    QUESTION = "question"
    KEYWORD = "keyword"
    HEADING = "heading"
    STEP = "step"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the number of the guide it belongs to, in the order of the guides; negatives have none."""

    text: str
    kind: Kind
    guide: int | None


def examples_of(guides: Mapping[GuideId, Guide], negatives: Sequence[Negative]) -> tuple[Example, ...]:
    """Return every example, in the order of the content."""
    found = [example for number, guide in enumerate(guides.values()) for example in _of_guide(number, guide)]
    return (*found, *(Example(negative.text, Kind.NEGATIVE, None) for negative in negatives))


def _of_guide(number: int, guide: Guide) -> Iterator[Example]:
    for localized in (guide.title, guide.summary):
        for text in localized.values():
            yield Example(text, Kind.HEADING, number)
    for texts in guide.keywords.values():
        for text in texts:
            yield Example(text, Kind.KEYWORD, number)
    for texts in guide.questions.values():
        for text in texts:
            yield Example(text, Kind.QUESTION, number)
    for passage in guide.passages():
        for text in passage.step.text.values():
            yield Example(text, Kind.STEP, number)


def written_words(text: str) -> list[str]:
    """Return the folded words of a text that an operator wrote: nothing in it needs repair."""
    return words_of(fold(clean(text)))
