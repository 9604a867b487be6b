"""The small learners: left-out scores are exact, likeness is the product it says, chances are calibrated."""

import numpy as np

from bot.core.answering.features import FeatureSpace, likeness
from bot.core.answering.learning import Logistic, fit_ridge
from bot.core.answering.scope import auroc

NUMBERS = np.random.default_rng(7)


def test_left_out_scores_are_those_of_a_fit_without_the_example() -> None:
    points = NUMBERS.normal(size=(450, 30)).astype(np.float32)
    wanted = NUMBERS.normal(size=(450, 2)).astype(np.float32)
    alike = points @ points.T

    _, left_out = fit_ridge(alike.copy(), wanted, 1.0)
    others = np.arange(450) != 17
    weights = np.linalg.solve(alike[np.ix_(others, others)] + np.eye(449), wanted[others])

    np.testing.assert_allclose(left_out[17], alike[17, others] @ weights, rtol=0, atol=2e-3)


def test_likeness_is_the_product_of_weights_for_rare_and_frequent_features() -> None:
    texts = [
        {f"f{number}": 1 for number in range(40) if NUMBERS.random() < (0.8 if number < 8 else 0.1)}
        for _ in range(90)
    ]
    space = FeatureSpace(texts)
    placed = [space.place(text) for text in texts]
    dense = np.zeros((90, space.size), dtype=np.float32)
    for row, (numbers, weights) in enumerate(placed):
        dense[row, numbers] = weights

    np.testing.assert_allclose(likeness(placed, space.size), dense @ dense.T, atol=1e-5)


def test_logistic_regression_finds_the_odds() -> None:
    evidence = NUMBERS.normal(size=(4000, 1))
    yes = NUMBERS.random(4000) < 1 / (1 + np.exp(-2 * evidence[:, 0]))

    chance = Logistic.fit(evidence, yes).chance(np.array([[0.0], [1.0]]))

    np.testing.assert_allclose(chance, [0.5, 0.88], atol=0.04)


def test_auroc_counts_pairs_in_the_right_order() -> None:
    assert auroc(np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, False, True, True])) == 0.875
