"""Query -> how well every guide fits it, by words, letters and, with an encoder, by meaning."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.answering.examples import Example
from bot.core.answering.features import FeatureSpace, Sparse, letter_features, likeness, word_features
from bot.core.answering.learning import fit_ridge
from bot.core.answering.query import Query
from bot.core.answering.ranking import Coverage, WordIndex

Floats = NDArray[np.float32]

_PENALTY = 1.0
_MEANING = 6.0
"""Weight of the likeness of meanings beside that of words and that of letters."""

_NARROWNESS = 2.5
"""How fast the likeness of meanings falls with distance."""

_COVERED = 0.2
"""Weight of BM25 a word where there is no encoder; with one it adds nothing."""

_ENCODED = 600
"""Characters of a message that the encoder reads."""


class Encoder(Protocol):
    """Sentences -> vectors of length one, whose products say how near the meanings are."""

    @property
    def version(self) -> str:
        """What the vectors depend on; another version means other vectors."""

    def encode(self, texts: list[str]) -> Floats:
        """Return one row a text."""


@dataclass(frozen=True, slots=True)
class Match:
    """How a query fits: each guide's score, the score of being none of ours, and what else is known.

    `near` and `far` are the likeness of meaning to the nearest example of a guide and to the nearest
    negative, `meant` that to every example, where there is an encoder.
    """

    scores: Floats
    foreign: float
    coverage: Coverage
    near: float
    far: float
    words: int
    slang: int
    meant: Floats | None = None

    def order(self) -> list[int]:
        """Return the numbers of the guides, best first."""
        return [int(number) for number in np.argsort(-self.scores, kind="stable")]


class Retrieval:
    """The fitted examples. Immutable, safe to share between threads as far as the encoder is."""

    def __init__(
        self, examples: Sequence[Example], queries: Sequence[Query], guides: int, encoder: Encoder | None
    ):
        self._encoder = encoder
        self._examples = examples
        self._guides = guides
        self._index = WordIndex(_documents(examples, queries, guides))
        self._ours = np.array([example.guide is not None for example in examples])
        wanted = np.zeros((len(examples), guides + 1), dtype=np.float32)
        for row, example in enumerate(examples):
            wanted[row, guides if example.guide is None else example.guide] = 1.0
        alike = np.zeros((len(examples), len(examples)), dtype=np.float32)
        self._spaces: list[tuple[Callable[[Query], Counter[str]], FeatureSpace, Floats]] = []
        placed_by_kind: list[list[Sparse]] = []
        for features in (word_features, letter_features):
            counted = [features(query) for query in queries]
            space = FeatureSpace(counted)
            placed = [space.place(text) for text in counted]
            alike += likeness(placed, space.size)
            placed_by_kind.append(placed)
            del counted
            self._spaces.append((features, space, np.zeros((space.size, guides + 1), dtype=np.float32)))
        self._vectors: Floats | None = None
        near = far = np.zeros(len(examples), dtype=np.float32)
        if encoder is not None:
            self._vectors = encoder.encode([_sentence(query) for query in queries])
            meant = self._vectors @ self._vectors.T
            np.fill_diagonal(meant, -1.0)
            near, far = meant[:, self._ours].max(axis=1), meant[:, ~self._ours].max(axis=1, initial=-1.0)
            np.fill_diagonal(meant, 1.0)
            alike += _narrowed(meant)
            del meant
        self._weights, left_out = fit_ridge(alike, wanted, _PENALTY)
        for (_, _, totals), placed in zip(self._spaces, placed_by_kind, strict=True):
            for (numbers, values), weights in zip(placed, self._weights, strict=True):
                totals[numbers] += values[:, None] * weights
        self._left_out = left_out, near, far

    def look_up(self, query: Query) -> Match:
        """Return how a query fits every guide."""
        scores = np.zeros(self._guides + 1, dtype=np.float32)
        for features, space, totals in self._spaces:
            numbers, values = space.place(features(query))
            scores += values @ totals[numbers]
        near = far = 0.0
        meant = None
        if self._encoder is not None and self._vectors is not None and query.words:
            meant = self._vectors @ self._encoder.encode([_sentence(query)])[0]
            near = float(meant[self._ours].max())
            far = float(meant[~self._ours].max(initial=-1.0))
            scores += _narrowed(meant.copy()) @ self._weights
        coverage = self._index.cover(query.stems)
        return self._match(scores, coverage, near, far, query, meant)

    def left_out(self, row: int, query: Query) -> Match:
        """Return how the example in this row would fit if it were not an example."""
        scores, near, far = (part[row] for part in self._left_out)
        coverage = self._index.cover(query.stems, without=self._examples[row].guide)
        return self._match(scores, coverage, float(near), float(far), query)

    def _match(
        self,
        scores: Floats,
        coverage: Coverage,
        near: float,
        far: float,
        query: Query,
        meant: Floats | None = None,
    ) -> Match:
        fits = scores[:-1]
        if self._encoder is None:
            fits = fits + np.float32(_COVERED / max(1, len(query.stems))) * coverage.scores
        return Match(fits, float(scores[-1]), coverage, near, far, len(query.words), query.slang, meant)


def _sentence(query: Query) -> str:
    # Without the meanings of slang: they help to match words, but blur what the sentence says.
    return " ".join(query.words)[:_ENCODED]


def _narrowed(meant: Floats) -> Floats:
    """Return the weighted likeness of meanings; the products given are used up."""
    meant -= 1.0
    meant *= _NARROWNESS
    np.exp(meant, out=meant)
    meant *= _MEANING
    return meant


def _documents(examples: Sequence[Example], queries: Sequence[Query], guides: int) -> list[Counter[str]]:
    documents = [Counter[str]() for _ in range(guides)]
    for example, query in zip(examples, queries, strict=True):
        if example.guide is not None:
            documents[example.guide].update(stem for word in query.stems for stem in word)
    return documents
