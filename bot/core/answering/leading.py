"""The one step of a guide that a question is about, where it is about one: "can I film it", "how far"."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.answering.examples import written_words
from bot.core.answering.finding import Lead
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.query import Query
from bot.core.answering.retrieval import Floats
from bot.core.guidance import Guide, GuideId, Language

_ENOUGH = 0.3
"""Share of a question's own weight that the step must hold, topic words left aside."""

_ENOUGH_WITH_MEANING = 0.57
"""The same together with the likeness of meanings, where there is an encoder."""

_AHEAD = 0.08
"""How far the step must be ahead of the next one."""

_LONGEST = 20
"""Words of the longest message that is about one thing only."""

_SHORTEST = 4
"""Letters of the shortest word that tells anything."""

_COMMON = 0.02
"""Share of all examples that hold a word from which on it tells nothing: «и», «не», «делать»."""


@dataclass(frozen=True, slots=True)
class _Step:
    lead: Lead
    stems: frozenset[str]
    example: int


class Leads:
    """Every guide's steps by their stems. Immutable, safe to share between threads."""

    def __init__(
        self,
        guides: Mapping[GuideId, Guide],
        first_step: Mapping[GuideId, int],
        holding: Mapping[str, int],
        examples: int,
        lexicon: Lexicon,
    ) -> None:
        """Take the guides, the number of the example that is each guide's first step, and how many of all
        examples hold each stem."""
        self._steps: dict[tuple[GuideId, Language], list[_Step]] = {}
        self._topics: dict[GuideId, frozenset[str]] = {}
        for guide in guides.values():
            example = first_step[guide.id]
            topic = [
                *guide.title.values(),
                *(word for words in guide.keywords.values() for word in words if " " not in word),
            ]
            self._topics[guide.id] = frozenset(_stems(topic, lexicon))
            for passage in guide.passages():
                for language, text in passage.step.text.items():
                    step = _Step(
                        Lead(passage.part, passage.position), frozenset(_stems([text], lexicon)), example
                    )
                    self._steps.setdefault((guide.id, language), []).append(step)
                    example += 1
        self._count = examples
        self._holding = holding

    def find(self, guide: GuideId, language: Language, query: Query, meant: Floats | None) -> Lead | None:
        """Return the step that a query is about, if one stands out; `meant`: its likeness to all examples."""
        steps = self._steps.get((guide, language), [])
        weights = self._weights(guide, query)
        whole = sum(weight for _, weight in weights)
        if len(steps) < 2 or len(query.words) > _LONGEST:
            return None
        shares = [
            sum(weight for stems, weight in weights if not step.stems.isdisjoint(stems)) / max(1.0, whole)
            for step in steps
        ]
        totals = [
            share + (float(meant[step.example]) if meant is not None else 0.0)
            for share, step in zip(shares, steps, strict=True)
        ]
        order = np.argsort(-np.array(totals), kind="stable")
        best, second = int(order[0]), int(order[1])
        enough = _ENOUGH if meant is None else _ENOUGH_WITH_MEANING
        if totals[best] < enough or totals[best] - totals[second] < _AHEAD:
            return None
        return steps[best].lead

    def _weights(self, guide: GuideId, query: Query) -> list[tuple[frozenset[str], float]]:
        """Return the stems of each word that can tell steps of this guide apart, with the word's weight."""
        weights = []
        for word, stems in zip(query.text.split(), query.stems, strict=True):
            if len(word) < _SHORTEST:
                continue
            holding = max(self._holding.get(stem, 0) for stem in stems)
            if holding < _COMMON * self._count and self._topics[guide].isdisjoint(stems):
                weights.append((frozenset(stems), float(np.log(self._count / (0.5 + holding)))))
        return weights


def holding_of(queries: Sequence[Query]) -> Counter[str]:
    """Return how many of these texts hold each stem."""
    counted: Counter[str] = Counter()
    for query in queries:
        counted.update({stem for word in query.stems for stem in word})
    return counted


def _stems(texts: Sequence[str], lexicon: Lexicon) -> list[str]:
    return [stem for text in texts for word in written_words(text) for stem in lexicon.stems(word)]
