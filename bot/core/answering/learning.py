"""Two small learners, exact and without chance: ridge regression on likenesses, and logistic regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_STEPS = 60
_SMALL = 200


def fit_ridge(likeness: Floats, wanted: Floats, penalty: float) -> tuple[Floats, Floats]:
    """Return the weight of every example for every column of `wanted`, and every example's left-out scores.

    The left-out scores are those that an example would get from a fit without it. For ridge regression they
    follow from the one fit (Rifkin and Lippert, "Notes on regularized least squares", 2007): cross-validation
    for nothing. `likeness` is used up.
    """
    likeness[np.diag_indices_from(likeness)] += penalty
    _invert(likeness)
    weights = likeness @ wanted
    return weights, wanted - weights / np.diag(likeness)[:, None]


def _invert(matrix: Floats) -> None:
    """Invert a symmetric positive definite matrix in its own place.

    By halves (Schur complement): half the work of a general inverse, and no second copy of some forty
    megabytes.
    """
    half = len(matrix) // 2
    if half < _SMALL:
        matrix[:] = np.linalg.inv(matrix)
        return
    first, cross, second = matrix[:half, :half], matrix[:half, half:], matrix[half:, half:]
    _invert(first)
    carried = first @ cross
    second -= cross.T @ carried
    _invert(second)
    cross[:] = carried @ second
    first += cross @ carried.T
    cross *= -1
    matrix[half:, :half] = cross.T


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
