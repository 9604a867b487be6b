"""Texts as weighted features - stems, pairs of them, runs of letters - and how alike texts are by those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.core.answering.learning import Triangle
from bot.core.answering.query import Query

Floats = NDArray[np.float32]
Sparse = tuple[NDArray[np.int32], Floats]
"""Numbers of features and their weights; the squares of the weights sum to one."""

_SHORTEST_RUN = 3
_LONGEST_RUN = 5
_FREQUENT = 128
"""Texts that share a feature, from which on a matrix product is cheaper than going through their pairs."""

_BLOCK = 256


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

    def __init__(self, names: Sequence[str], rarity: Floats) -> None:
        """Take the features in the order of their numbers, and the weight of each."""
        self.names = tuple(names)
        self.rarity = rarity
        self.size = len(self.names)
        self._numbers = {name: number for number, name in enumerate(self.names)}

    @classmethod
    def learn(cls, texts: Iterable[Mapping[str, int]]) -> tuple[FeatureSpace, list[Sparse]]:
        """Return the space of these texts, and where each of them lies in it."""
        numbers: dict[str, int] = {}
        # Numbers instead of the names at once: the names of all texts together would be fifty megabytes.
        counted = [
            (
                np.array([numbers.setdefault(name, len(numbers)) for name in text], dtype=np.int32),
                np.array(list(text.values()), dtype=np.float32),
            )
            for text in texts
        ]
        held = np.bincount(np.concatenate([one for one, _ in counted]), minlength=len(numbers))
        rarity = np.log((len(counted) + 1.0) / (held + 0.5)).astype(np.float32)
        return cls(tuple(numbers), rarity), [(one, _weighed(times, rarity[one])) for one, times in counted]

    def place(self, text: Mapping[str, int]) -> Sparse:
        """Return a text's weights. Features that no example has are left out."""
        known = [
            (self._numbers[feature], count) for feature, count in text.items() if feature in self._numbers
        ]
        numbers = np.array([number for number, _ in known], dtype=np.int32)
        counts = np.array([count for _, count in known], dtype=np.float32)
        return numbers, _weighed(counts, self.rarity[numbers])


def _weighed(counts: Floats, rarity: Floats) -> Floats:
    weights = (1.0 + np.log(np.maximum(counts, 1.0))) * rarity
    length = float(np.sqrt((weights**2).sum()))
    return (weights / length if length else weights).astype(np.float32)


def add_likeness(result: Triangle, placed: Sequence[Sparse], size: int) -> None:
    """Add the products of every text's weights with every earlier one's."""
    rows = np.concatenate([np.full(len(numbers), row, np.int32) for row, (numbers, _) in enumerate(placed)])
    columns = np.concatenate([numbers for numbers, _ in placed])
    weights = np.concatenate([values for _, values in placed])
    held = np.bincount(columns, minlength=size)
    frequent = np.flatnonzero(held > _FREQUENT)
    for start in range(0, len(frequent), _BLOCK):
        block = frequent[start : start + _BLOCK]
        place = np.full(size, -1, dtype=np.int32)
        place[block] = np.arange(len(block))
        inside = place[columns] >= 0
        dense = np.zeros((len(placed), len(block)), dtype=np.float32)
        dense[rows[inside], place[columns[inside]]] = weights[inside]
        result.add_products(dense)
        del dense
    alone = np.bincount(rows, np.where(held[columns] <= _FREQUENT, weights**2, 0.0), len(placed))
    result.add_diagonal(alone.astype(np.float64))
    shared = (held[columns] > 1) & (held[columns] <= _FREQUENT)
    rows, columns, weights = rows[shared], columns[shared], weights[shared]
    order = np.argsort(columns, kind="stable")
    rows, columns, weights = rows[order], columns[order], weights[order]
    # Every entry with the one `shift` places on, if they are of one feature: the later text is the row.
    for shift in range(1, _FREQUENT):
        enough = held[columns] > shift
        rows, columns, weights = rows[enough], columns[enough], weights[enough]
        rest = len(rows) - shift
        if rest <= 0:
            break
        same = columns[shift:] == columns[:rest]
        result.add(rows[shift:][same], rows[:rest][same], weights[:rest][same] * weights[shift:][same])
