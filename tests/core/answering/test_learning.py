"""The small learners: left-out scores are exact, likeness is the product it says, chances are calibrated."""

import numpy as np
from numpy.typing import NDArray

from bot.core.answering.features import FeatureSpace, add_likeness
from bot.core.answering.learning import Logistic, Ridge, Triangle
from bot.core.answering.scope import auroc

NUMBERS = np.random.default_rng(7)


def triangle(likeness: NDArray[np.float32]) -> Triangle:
    """Return the lower half of a whole matrix."""
    result = Triangle(len(likeness))
    rows, columns = np.tril_indices(len(likeness))
    result.add(rows.astype(np.int32), columns.astype(np.int32), likeness[rows, columns])
    return result


def test_left_out_scores_are_those_of_a_fit_without_the_example() -> None:
    points = NUMBERS.normal(size=(450, 30)).astype(np.float32)
    wanted = NUMBERS.normal(size=(450, 2)).astype(np.float32)
    alike = points @ points.T

    _, left_out = Ridge(triangle(alike), 1.0).fit(wanted)
    others = np.arange(450) != 17
    weights = np.linalg.solve(alike[np.ix_(others, others)] + np.eye(449), wanted[others])

    np.testing.assert_allclose(left_out[17], alike[17, others] @ weights, rtol=0, atol=2e-3)


def test_thousands_of_near_copies_do_not_lose_the_digits() -> None:
    points = np.repeat(NUMBERS.normal(size=(60, 20)), 40, axis=0).astype(np.float32)
    points += NUMBERS.normal(size=points.shape).astype(np.float32) * 1e-3
    wanted = (points[:, :1] > 0).astype(np.float32)
    alike = points @ points.T

    weights, _ = Ridge(triangle(alike), 1.0).fit(wanted)

    exact = np.linalg.solve(alike.astype(np.float64) + np.eye(len(alike)), wanted.astype(np.float64))
    np.testing.assert_allclose(alike @ weights, alike @ exact, atol=0.02)


def test_likeness_is_the_product_of_weights_for_rare_and_frequent_features() -> None:
    texts = [
        {f"f{number}": 1 for number in range(40) if NUMBERS.random() < (0.8 if number < 8 else 0.1)}
        for _ in range(90)
    ]
    space, placed = FeatureSpace.learn(texts)
    dense = np.zeros((90, space.size), dtype=np.float32)
    for row, (numbers, weights) in enumerate(placed):
        dense[row, numbers] = weights
    result = Triangle(90)

    add_likeness(result, placed, space.size)

    np.testing.assert_allclose(np.tril(result.blocks[0]), np.tril(dense @ dense.T), atol=1e-5)


def test_logistic_regression_finds_the_odds() -> None:
    evidence = NUMBERS.normal(size=(4000, 1))
    yes = NUMBERS.random(4000) < 1 / (1 + np.exp(-2 * evidence[:, 0]))

    chance = Logistic.fit(evidence, yes).chance(np.array([[0.0], [1.0]]))

    np.testing.assert_allclose(chance, [0.5, 0.88], atol=0.04)


def test_auroc_counts_pairs_in_the_right_order() -> None:
    assert auroc(np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, False, True, True])) == 0.875
