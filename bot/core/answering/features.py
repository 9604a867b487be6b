"""Texts as weighted features - stems, pairs of them, runs of letters - and how alike texts are by those."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.core.answering.query import Query

Floats = NDArray[np.float32]
Sparse = tuple[NDArray[np.int32], Floats]
"""Numbers of features and their weights; the squares of the weights sum to one."""

_SHORTEST_RUN = 3
_LONGEST_RUN = 5
_FREQUENT = 24
"""Texts that share a feature, from which on a matrix product is cheaper than going through their pairs."""

_BLOCK = 1024


def word_features(query: Query) -> Counter[str]:
    """Return the stems of a query and the pairs of neighbouring ones."""
    counted = Counter(stem for word in query.stems for stem in word)
    heads = [word[0] for word in query.stems]
    counted.update(f"{one} {two}" for one, two in pairwise(heads))
    return counted


def letter_features(query: Query) -> Counter[str]:
    """Return the runs of letters inside words, edges marked: what a misspelling leaves standing."""
    counted: Counter[str] = Counter()
    for word in query.text.split():
        framed = f" {word} "
        for size in range(_SHORTEST_RUN, _LONGEST_RUN + 1):
            counted.update(framed[start : start + size] for start in range(len(framed) - size + 1))
    return counted


class FeatureSpace:
    """The features of the examples, each weighted by how rare it is among them."""

    def __init__(self, texts: Sequence[Mapping[str, int]]) -> None:
        shared = Counter(feature for text in texts for feature in text)
        self._numbers = {feature: number for number, feature in enumerate(sorted(shared))}
        counts = np.array([shared[feature] for feature in self._numbers], dtype=np.float32)
        self._rarity = np.log((len(texts) + 1.0) / (counts + 0.5)).astype(np.float32)
        self.size = len(self._numbers)

    def place(self, text: Mapping[str, int]) -> Sparse:
        """Return a text's weights. Features that no example has are left out, but count in its length."""
        known = sorted(
            (self._numbers[feature], count) for feature, count in text.items() if feature in self._numbers
        )
        numbers = np.array([number for number, _ in known], dtype=np.int32)
        counts = np.array([count for _, count in known], dtype=np.float32)
        weights = (1.0 + np.log(np.maximum(counts, 1.0))) * self._rarity[numbers]
        length = float(np.sqrt((weights**2).sum()))
        return numbers, (weights / length if length else weights).astype(np.float32)


def likeness(placed: Sequence[Sparse], size: int) -> Floats:
    """Return the products of every text's weights with every other's."""
    rows = np.concatenate([np.full(len(numbers), row, np.int32) for row, (numbers, _) in enumerate(placed)])
    columns = np.concatenate([numbers for numbers, _ in placed])
    weights = np.concatenate([values for _, values in placed])
    result = np.zeros((len(placed), len(placed)), dtype=np.float32)
    held = np.bincount(columns, minlength=size)
    frequent = np.flatnonzero(held > _FREQUENT)
    for start in range(0, len(frequent), _BLOCK):
        block = frequent[start : start + _BLOCK]
        place = np.full(size, -1, dtype=np.int32)
        place[block] = np.arange(len(block))
        inside = place[columns] >= 0
        dense = np.zeros((len(placed), len(block)), dtype=np.float32)
        dense[rows[inside], place[columns[inside]]] = weights[inside]
        result += dense @ dense.T
        del dense
    rare = held[columns] <= _FREQUENT
    rows, columns, weights = rows[rare], columns[rare], weights[rare]
    order = np.argsort(columns, kind="stable")
    rows, columns, weights = rows[order], columns[order], weights[order]
    for shift in range(
        _FREQUENT
    ):  # the pair of every entry with the one `shift` places on, if of one feature
        same = columns[shift:] == columns[: len(columns) - shift]
        one, two = rows[: len(rows) - shift][same], rows[shift:][same]
        products = weights[: len(rows) - shift][same] * weights[shift:][same]
        np.add.at(result, (one, two), products)
        if shift:
            np.add.at(result, (two, one), products)
    return result
