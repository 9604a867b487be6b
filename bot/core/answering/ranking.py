"""BM25 over guides as whole documents of stems: how much of a query each guide's own words cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_K1 = 1.2
_B = 0.5


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every guide's BM25 score, the share of the query's weight that each holds, and that any holds."""

    scores: Floats
    shares: Floats
    known: float


class WordIndex:
    """The guides' stems, weighted by how rare they are among the guides."""

    def __init__(self, stems: Sequence[str], times: Floats) -> None:
        """Take the stems, and how many times each (row) occurs in each guide (column)."""
        self.stems = tuple(stems)
        self.times = times
        lengths = times.sum(axis=0)
        self._count = times.shape[1]
        self._norms = _K1 * (1.0 - _B + _B * lengths / max(1.0, float(lengths.mean())))
        self._rows = {stem: row for row, stem in enumerate(self.stems)}
        self._rarest = float(np.log(1.0 + (self._count + 0.5) / 0.5))

    @classmethod
    def learn(cls, documents: Sequence[Counter[str]]) -> WordIndex:
        """Return the index of these guides, each given as its stems."""
        stems = sorted(set().union(*documents))
        rows = {stem: row for row, stem in enumerate(stems)}
        counted = np.zeros((len(stems), len(documents)), dtype=np.float32)
        for number, document in enumerate(documents):
            for stem, times in document.items():
                counted[rows[stem], number] = times
        return cls(stems, counted)

    def cover(self, stems: Sequence[tuple[str, ...]], without: int | None = None) -> Coverage:
        """Return how the guides cover a query; a word counts by the best of its stems.

        `without` is the guide that holds the query itself as an example: its stems are taken out of it first.
        """
        words = list(dict.fromkeys(stems))
        own = Counter(stem for word in stems for stem in word) if without is not None else Counter[str]()
        scores = np.zeros(self._count, dtype=np.float32)
        shares = np.zeros(self._count, dtype=np.float32)
        known, whole = 0.0, 1e-6
        for word in words:
            best = np.zeros(self._count, dtype=np.float32)
            heaviest = self._rarest
            for stem in word:
                row = self._rows.get(stem)
                if row is None:
                    continue
                times = self.times[row]
                if without is not None:
                    times = times.copy()
                    times[without] = max(0.0, times[without] - own[stem])
                holding = int((times > 0).sum())
                if not holding:
                    continue
                rarity = float(np.log(1.0 + (self._count - holding + 0.5) / (holding + 0.5)))
                best = np.maximum(best, rarity * times * (_K1 + 1.0) / (times + self._norms))
                heaviest = min(heaviest, rarity)
            whole += heaviest
            if best.any():
                known += heaviest
                scores += best
                shares += heaviest * (best > 0)
        return Coverage(scores, shares / np.float32(whole), known / whole)
