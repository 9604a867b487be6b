"""Query -> how well every guide fits it, by words, letters and, with an encoder, by meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.answering.examples import Example, Kind
from bot.core.answering.features import FeatureSpace, Sparse, add_likeness, letter_features, word_features
from bot.core.answering.knowledge import LEARNT_REFUSALS
from bot.core.answering.learning import Ridge, Triangle
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

TESTED = (Kind.QUESTION, Kind.NEGATIVE, Kind.REFUSED, Kind.URGENT)
"""The examples that are like what people type: the others only teach."""

_FEATURES: dict[str, Callable[[Query], Counter[str]]] = {"words": word_features, "letters": letter_features}

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

    `refused` are the scores of the refusals that were learnt from examples, `alarm` that of a threat to life.
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
    refused: Floats
    alarm: float
    meant: Floats | None = None

    def order(self) -> list[int]:
        """Return the numbers of the guides, best first."""
        return [int(number) for number in np.argsort(-self.scores, kind="stable")]


class Retrieval:
    """The fitted examples. Immutable, safe to share between threads as far as the encoder is."""

    def __init__(self, arrays: Mapping[str, Floats], names: Names, encoder: Encoder | None) -> None:
        """Take what `learn` made; `encoder` is the one that it had."""
        self._encoder = encoder
        self._index = WordIndex(names.stems, arrays["times"])
        self._guides = arrays["times"].shape[1]
        self._spaces = [
            (features, FeatureSpace(names_of_kind, arrays[f"rarity-{kind}"]), arrays[f"totals-{kind}"])
            for (kind, features), names_of_kind in zip(_FEATURES.items(), names.features, strict=True)
        ]
        self._weights = arrays["weights"]
        self._ours, self._strange = arrays["sides"] > 0, arrays["sides"] < 0
        self._vectors = arrays["vectors"] if encoder is not None else None

    def look_up(self, query: Query) -> Match:
        """Return how a query fits every guide."""
        scores = np.zeros(self._weights.shape[1], dtype=np.float32)
        for features, space, totals in self._spaces:
            numbers, values = space.place(features(query))
            scores += values @ totals[numbers]
        near = far = 0.0
        meant = None
        if self._encoder is not None and self._vectors is not None and query.words:
            meant = self._vectors @ self._encoder.encode([sentence_of(query)])[0]
            near = float(meant[self._ours].max())
            far = float(meant[self._strange].max(initial=-1.0))
            scores += _narrowed(meant.copy()) @ self._weights
        coverage = self._index.cover(query.stems)
        return _match(scores, coverage, near, far, query, meant, encoded=self._encoder is not None)


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers of the fit stand for: the stems of the index, the features of each kind."""

    stems: tuple[str, ...]
    features: tuple[tuple[str, ...], ...]


def learn(
    examples: Sequence[Example],
    queries: Sequence[Query],
    guides: int,
    alarming: Sequence[float],
    vectors: Floats | None,
) -> tuple[dict[str, Floats], Names, list[Match]]:
    """Return what a Retrieval consists of, and how each tested example would fit if it were none.

    `alarming` says of each example from 0 to 1 how far it is about danger to life now, `vectors` what it
    means, where there is an encoder.
    """
    index = WordIndex.learn(_documents(examples, queries, guides))
    sides = np.array([_side(example) for example in examples], dtype=np.float32)
    arrays: dict[str, Floats] = {"times": index.times, "sides": sides}
    alike = Triangle(len(examples))
    spaces: list[tuple[FeatureSpace, list[Sparse]]] = []
    for features in _FEATURES.values():
        space, placed = FeatureSpace.learn(features(query) for query in queries)
        add_likeness(alike, placed, space.size)
        spaces.append((space, placed))
    near = far = np.zeros(len(examples), dtype=np.float32)
    if vectors is not None:
        arrays["vectors"] = vectors
        near, far = _add_meanings(alike, vectors, sides)
    weights, left_out = _fit(Ridge(alike, _PENALTY), examples, guides, alarming)
    arrays["weights"] = weights
    for kind, (space, placed) in zip(_FEATURES, spaces, strict=True):
        totals = np.zeros((space.size, weights.shape[1]), dtype=np.float32)
        for (numbers, values), weight in zip(placed, weights, strict=True):
            totals[numbers] += values[:, None] * weight
        arrays |= {f"rarity-{kind}": space.rarity, f"totals-{kind}": totals}
    matches = []
    for row, (example, query) in enumerate(zip(examples, queries, strict=True)):
        if example.kind in TESTED:
            coverage = index.cover(query.stems, without=example.guide)
            matches.append(
                _match(
                    left_out[row],
                    coverage,
                    float(near[row]),
                    float(far[row]),
                    query,
                    encoded=vectors is not None,
                )
            )
    return arrays, Names(index.stems, tuple(space.names for space, _ in spaces)), matches


def _side(example: Example) -> float:
    """Return whether an example speaks for a guide, against all of them, or neither."""
    return 1.0 if example.guide is not None else 0.0 if example.kind is Kind.URGENT else -1.0


def _fit(
    ridge: Ridge, examples: Sequence[Example], guides: int, alarming: Sequence[float]
) -> tuple[Floats, Floats]:
    """Return weights and left-out scores: a column a guide, one for none of ours, the refusals, the alarm.

    Urgent examples teach the alarm only: nobody said which guide is theirs.
    """
    columns = guides + 1 + len(LEARNT_REFUSALS)
    certain = [example for example in examples if example.kind is not Kind.URGENT]
    wanted = np.zeros((len(certain), columns), dtype=np.float32)
    for row, example in enumerate(certain):
        column = example.guide if example.guide is not None else guides
        wanted[row, column if example.refusal is None else guides + 1 + example.refusal] = 1.0
    both = np.zeros((2, len(examples), columns + 1), dtype=np.float32)
    both[0, : len(certain), :-1], both[1, : len(certain), :-1] = ridge.fit(wanted)
    both[0, :, -1:], both[1, :, -1:] = ridge.fit(np.array(alarming, dtype=np.float32)[:, None])
    return both[0], both[1]


def _add_meanings(alike: Triangle, vectors: Floats, sides: Floats) -> tuple[Floats, Floats]:
    """Add the likeness of meanings; return that of each to the nearest other of a guide and negative."""
    near, far = np.empty(len(vectors), dtype=np.float32), np.empty(len(vectors), dtype=np.float32)
    for (start, end), block in zip(alike.bounds, alike.blocks, strict=True):
        meant = vectors[start:end] @ vectors.T
        itself = np.arange(end - start), np.arange(start, end)
        meant[itself] = -1.0
        near[start:end] = meant[:, sides > 0].max(axis=1)
        far[start:end] = meant[:, sides < 0].max(axis=1, initial=-1.0)
        meant[itself] = 1.0
        block += _narrowed(meant[:, :end])
    return near, far


def _match(
    scores: Floats,
    coverage: Coverage,
    near: float,
    far: float,
    query: Query,
    meant: Floats | None = None,
    *,
    encoded: bool,
) -> Match:
    guides = len(coverage.scores)
    fits = scores[:guides]
    if not encoded:
        fits = fits + np.float32(_COVERED / max(1, len(query.stems))) * coverage.scores
    return Match(
        fits,
        float(scores[guides]),
        coverage,
        near,
        far,
        len(query.words),
        query.slang,
        scores[guides + 1 : -1],
        float(scores[-1]),
        meant,
    )


def sentence_of(query: Query) -> str:
    """Return what the encoder reads of a query."""
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
