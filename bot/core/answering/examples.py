"""What the engine learns from: the words of the guides, each an example of its guide, and what to refuse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.answering.knowledge import LEARNT_REFUSALS, Knowledge, Verdict
from bot.core.answering.text import clean, fold, words_of
from bot.core.guidance import Guide, GuideId


class Kind(StrEnum):
    """Where an example comes from."""

    QUESTION = "question"
    KEYWORD = "keyword"
    HEADING = "heading"
    STEP = "step"
    NEGATIVE = "negative"
    REFUSED = "refused"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the number of the guide it belongs to, in the order of the guides; negatives have none."""

    text: str
    kind: Kind
    guide: int | None
    refusal: int | None = None
    """Number of the verdict in LEARNT_REFUSALS."""


def examples_of(guides: Mapping[GuideId, Guide], knowledge: Knowledge) -> tuple[Example, ...]:
    """Return every example, in the order of the content; the urgent ones, of no certain guide, come last."""
    found = [example for number, guide in enumerate(guides.values()) for example in _of_guide(number, guide)]
    found += [Example(negative.text, Kind.NEGATIVE, None) for negative in knowledge.negatives]
    for number, verdict in enumerate(LEARNT_REFUSALS):
        texts = knowledge.rules.examples.get(verdict, ())
        found += [Example(text, Kind.REFUSED, None, number) for text in texts]
    found += [Example(text, Kind.URGENT, None) for text in knowledge.rules.examples.get(Verdict.URGENT, ())]
    return tuple(found)


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
