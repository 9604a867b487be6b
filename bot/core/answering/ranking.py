"""BM25 over guides as whole documents of stems: how well each guide's own words cover a query."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_K1 = 1.2
_B = 0.5


class WordIndex:
    """The guides' stems, weighted by how rare they are among the guides."""

    def __init__(self, documents: Sequence[Counter[str]]) -> None:
        self._documents = documents
        self._lengths = np.array([sum(document.values()) for document in documents], dtype=np.float32)
        self._mean = float(self._lengths.mean()) if len(documents) else 1.0
        self._postings: dict[str, list[int]] = {}
        for number, document in enumerate(documents):
            for stem in document:
                self._postings.setdefault(stem, []).append(number)

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency of a stem; an unknown one is as rare as can be."""
        count = len(self._documents)
        holding = len(self._postings.get(stem, ()))
        return float(np.log(1.0 + (count - holding + 0.5) / (holding + 0.5)))

    def scores(
        self, stems: Sequence[tuple[str, ...]], without: Mapping[int, Counter[str]] | None = None
    ) -> Floats:
        """Return every guide's score. A word counts by the best of its stems.

        `without` takes stems out of a guide before it is scored: its own example, in cross-validation.
        """
        total = np.zeros(len(self._documents), dtype=np.float32)
        for word in dict.fromkeys(stems):
            best = np.zeros_like(total)
            for stem in word:
                rarity = self.rarity(stem)
                for number in self._postings.get(stem, ()):
                    times = self._documents[number][stem]
                    length = self._lengths[number]
                    if without and number in without:
                        times -= without[number][stem]
                        length -= sum(without[number].values())
                        if times <= 0:
                            continue
                    norm = _K1 * (1.0 - _B + _B * length / self._mean)
                    best[number] = max(best[number], rarity * times * (_K1 + 1.0) / (times + norm))
            total += best
        return total
