"""Two small learners, exact and without chance: ridge regression on likenesses, and logistic regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Numbers = NDArray[np.int32]

_STEPS = 60
_ROWS = 256
"""Rows of a block: small enough to sit in the processor's cache, large enough for fast products."""


class Triangle:
    """The lower half of a symmetric matrix, in blocks of rows: half the memory of the whole.

    Each block ends with the square on the diagonal, of which only the lower half counts.
    """

    def __init__(self, size: int) -> None:
        """Make an empty one for `size` texts."""
        self.size = size
        self.bounds = [(start, min(size, start + _ROWS)) for start in range(0, size, _ROWS)]
        self._starts = np.cumsum([0, *((end - start) * end for start, end in self.bounds)])
        self._flat = np.zeros(int(self._starts[-1]), dtype=np.float32)
        self.blocks = [
            self._flat[begin : begin + (end - start) * end].reshape(end - start, end)
            for (start, end), begin in zip(self.bounds, self._starts[:-1], strict=True)
        ]

    def add(self, rows: Numbers, columns: Numbers, values: Floats) -> None:
        """Add to single places; no column is greater than its row."""
        block = rows // _ROWS
        starts, ends = np.array(self.bounds, dtype=np.int64).T
        places = self._starts[block] + (rows - starts[block]) * ends[block] + columns
        np.add.at(self._flat, places, values)

    def add_diagonal(self, values: Doubles) -> None:
        """Add to the diagonal, one value a row."""
        for (start, end), block in zip(self.bounds, self.blocks, strict=True):
            square = block[:, start:]
            square[np.diag_indices_from(square)] += values[start:end].astype(np.float32)

    def add_products(self, vectors: Floats) -> None:
        """Add the product of every row with every earlier one."""
        for (start, end), block in zip(self.bounds, self.blocks, strict=True):
            block += vectors[start:end] @ vectors[:end].T


class Ridge:
    """Ridge regression on likenesses, which are used up.

    Its left-out scores are those that an example would get from a fit without it. For ridge regression they
    follow from the one fit (Rifkin and Lippert, "Notes on regularized least squares", 2007): cross-validation
    for nothing.

    By Cholesky's factor and its inverse, in place: whatever the likenesses, rounding stays rounding. Shorter
    ways (halves and their Schur complements) lost every digit at five thousand examples.
    """

    def __init__(self, likeness: Triangle, penalty: float) -> None:
        self._inverse = likeness
        _invert(likeness, _factorise(likeness, penalty))

    def fit(self, wanted: Floats) -> tuple[Floats, Floats]:
        """Return the weight of every example for every column of `wanted`, and their left-out scores.

        Of the examples only as many as `wanted` has rows take part: the factor of the first ones is the first
        part of the factor of all.
        """
        weights = np.zeros_like(wanted)
        diagonal = np.zeros(len(wanted), dtype=np.float32)
        for (start, end), whole in zip(self._inverse.bounds, self._inverse.blocks, strict=True):
            last = min(end, len(wanted))
            block = whole[: max(0, last - start), :last]
            weights[:last] += block.T @ (block @ wanted[:last])
            diagonal[:last] += np.einsum("ij,ij->j", block, block)
        return weights, wanted - weights / diagonal[:, None]


def _factorise(matrix: Triangle, penalty: float) -> list[Floats]:
    """Put Cholesky's factor in the matrix's place; return the inverses of the squares on its diagonal."""
    inverses: list[Floats] = []
    for row, (start, end) in enumerate(matrix.bounds):
        block = matrix.blocks[row]
        for column, (left, right) in enumerate(matrix.bounds[:row]):
            block[:, left:right] -= block[:, :left] @ matrix.blocks[column][:, :left].T
            block[:, left:right] = block[:, left:right] @ inverses[column].T
        square = block[:, start:end].astype(np.float64)
        square -= block[:, :start] @ block[:, :start].T
        square[np.diag_indices_from(square)] += penalty
        inverses.append(np.tril(np.linalg.inv(np.linalg.cholesky(square))).astype(np.float32))
    return inverses


def _invert(factor: Triangle, inverses: list[Floats]) -> None:
    """Put the inverse in the factor's place."""
    for row, (start, _) in enumerate(factor.bounds):
        block = factor.blocks[row]
        carried = np.zeros((len(block), start), dtype=np.float32)
        for column, (left, right) in enumerate(factor.bounds[:row]):
            carried[:, :right] += block[:, left:right] @ factor.blocks[column]
        block[:, :start] = -(inverses[row] @ carried)
        block[:, start:] = inverses[row]


@dataclass(frozen=True, slots=True)
class Logistic:
    """Evidence -> the chance of yes."""

    mean: Doubles
    spread: Doubles
    weights: Doubles

    def chance(self, evidence: Doubles) -> Doubles:
        """Return the chance for every row of evidence."""
        scaled = np.clip((evidence - self.mean) / self.spread, -6.0, 6.0)
        drive = np.clip(scaled @ self.weights[:-1] + self.weights[-1], -30.0, 30.0)
        return np.asarray(1.0 / (1.0 + np.exp(-drive)), dtype=np.float64)

    @classmethod
    def fit(cls, evidence: Doubles, yes: NDArray[np.bool_], penalty: float = 1.0) -> Logistic:
        """Return the fit by Newton's steps; always the same for the same evidence."""
        mean, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
        scaled = np.hstack([np.clip((evidence - mean) / spread, -6.0, 6.0), np.ones((len(evidence), 1))])
        ridge = np.eye(scaled.shape[1]) * penalty
        ridge[-1, -1] = 1e-3
        weights = np.zeros(scaled.shape[1])
        for _ in range(_STEPS):
            chance = 1.0 / (1.0 + np.exp(-np.clip(scaled @ weights, -30.0, 30.0)))
            slope = scaled.T @ (chance - yes) + ridge @ weights
            bend = (scaled * (chance * (1.0 - chance))[:, None]).T @ scaled + ridge
            step = np.linalg.solve(bend, slope)
            weights -= step
            if np.abs(step).max() < 1e-9:
                break
        return cls(mean, spread, weights)
