"""A question -> Answer, Choices or NoAnswer, from the guides and what operators wrote about questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.answering.finding import Answer, Choices, Finding, NoAnswer, Reason
from bot.core.answering.knowledge import Knowledge
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.query import Reader
from bot.core.answering.ranking import WordIndex
from bot.core.answering.text import clean, fold, words_of
from bot.core.guidance import Guide, GuideId, Language


class Encoder(Protocol):
    """Sentences -> vectors of length one, whose products say how near the meanings are."""

    @property
    def version(self) -> str:
        """What the vectors depend on; another version means other vectors."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return one row a text."""


def texts_of(guide: Guide) -> list[str]:
    """Return everything that is written in a guide, in every language."""
    localized = [guide.title, guide.summary, *(passage.step.text for passage in guide.passages())]
    plain = [
        text for texts in (guide.keywords, guide.questions) for written in texts.values() for text in written
    ]
    return [text for texts in localized for text in texts.values()] + plain


class Engine:
    """Finds the right guide. Immutable, safe to share between threads."""

    def __init__(
        self, guides: Mapping[GuideId, Guide], reader: Reader, index: WordIndex, languages: Sequence[Language]
    ):
        self._guides = guides
        self._ids = tuple(guides)
        self._reader = reader
        self._index = index
        self._languages = tuple(languages)

    @classmethod
    def build(
        cls,
        guides: Mapping[GuideId, Guide],
        knowledge: Knowledge,
        languages: Sequence[Language],
        encoder: Encoder | None = None,
    ) -> Engine:
        """Return an engine for this content."""
        own = [
            word
            for guide in guides.values()
            for text in texts_of(guide)
            for word in words_of(fold(clean(text)))
        ]
        own += [
            word
            for slang in knowledge.vocabulary
            for text in (*slang.say, slang.mean)
            for word in words_of(fold(text))
        ]
        reader = Reader(Lexicon(own), knowledge.vocabulary)
        documents = [
            Counter(stem for text in texts_of(guide) for word in reader.read(text).stems for stem in word)
            for guide in guides.values()
        ]
        return cls(guides, reader, WordIndex(documents), languages)

    def find(self, query: str, language: Language | None = None) -> Finding:
        """Return what these guides have to say; whatever the text, it never raises."""
        read = self._reader.read(query)
        spoken = read.language or language or self._languages[0]
        scores = self._index.scores(read.stems)
        best = [int(number) for number in np.argsort(-scores, kind="stable")[:3] if scores[number] > 0]
        if not best or scores[best[0]] < 2.0:
            return NoAnswer(Reason.UNKNOWN, spoken, 0.0)
        chosen = tuple(self._ids[number] for number in best)
        urgent = self._guides[chosen[0]].life_threat
        share = float(scores[best[0]] / scores[best].sum())
        if len(best) == 1 or share > 0.4:
            return Answer(chosen[0], chosen, spoken, share, urgent)
        return Choices(chosen, spoken, share, urgent)

    def report(self) -> Mapping[str, float]:
        """Return the figures behind the decisions."""
        return {}
