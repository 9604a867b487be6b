"""CLINC150 as a yardstick: the engine's own features and learners on 150 intents in English."""

import json
from pathlib import Path

import numpy as np

from bot.core.answering.features import FeatureSpace, add_likeness, letter_features, word_features
from bot.core.answering.learning import Ridge, Triangle
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.query import Reader
from bot.core.answering.retrieval import Encoder
from bot.core.answering.text import fold, words_of

PER_INTENT = 25
"""Of the hundred training sentences an intent has: the add_likeness of all with all must fit into memory."""


def measure(file: Path, encoder: Encoder | None) -> None:
    """Print accuracy in scope and recall out of scope; the threshold is the validation part's best."""
    data = json.loads(file.read_text(encoding="utf-8"))
    intents = sorted({intent for _, intent in data["train"]})
    seen: dict[str, int] = {}
    train = []
    for text, intent in data["train"]:
        seen[intent] = seen.get(intent, 0) + 1
        if seen[intent] <= PER_INTENT:
            train.append((text, intents.index(intent)))
    train += [(text, len(intents)) for text, _ in data["oos_train"]]
    reader = Reader(Lexicon(word for text, _ in train for word in words_of(fold(text))), ())
    queries = [reader.read_written(text) for text, _ in train]
    parts = {name: [(text, intents.index(label)) for text, label in data[name]] for name in ("val", "test")}
    outside = {name: [text for text, _ in data[f"oos_{name}"]] for name in ("val", "test")}
    asked = {name: [text for text, _ in parts[name]] + outside[name] for name in parts}
    alike = Triangle(len(train))
    against = {name: np.zeros((len(texts), len(train)), dtype=np.float32) for name, texts in asked.items()}
    for features in (word_features, letter_features):
        counted = [features(query) for query in queries]
        space, placed = FeatureSpace.learn(counted)
        add_likeness(alike, placed, space.size)
        totals = np.zeros((space.size, len(train)), dtype=np.float32)
        for row, (numbers, values) in enumerate(placed):
            totals[numbers, row] = values
        for name, texts in asked.items():
            for row, text in enumerate(texts):
                numbers, values = space.place(features(reader.read_written(text)))
                against[name][row] += values @ totals[numbers]
    if encoder is not None:
        vectors = encoder.encode([text for text, _ in train])
        rows, columns = (part.astype(np.int32) for part in np.tril_indices(len(train)))
        near = 6.0 * np.exp(2.5 * ((vectors @ vectors.T)[rows, columns] - 1.0))
        alike.add(rows, columns, near.astype(np.float32))
        for name, texts in asked.items():
            against[name] += 6.0 * np.exp(2.5 * (encoder.encode(texts) @ vectors.T - 1.0))
    wanted = np.eye(len(intents) + 1, dtype=np.float32)[[number for _, number in train]]
    weights, _ = Ridge(alike, 1.0).fit(wanted)
    best = (-1.0, 0.0)
    for threshold in np.linspace(-0.5, 0.9, 71):
        inside, out = _score(against["val"] @ weights, [number for _, number in parts["val"]], threshold)
        best = max(best, ((inside * len(parts["val"]) + out * len(outside["val"])), float(threshold)))
    inside, out = _score(against["test"] @ weights, [number for _, number in parts["test"]], best[1])
    print(
        f"\nCLINC150, {PER_INTENT} sentences an intent: "
        f"in-scope accuracy {inside:.3f}, out-of-scope recall {out:.3f}"
    )


def _score(scores: np.ndarray, true: list[int], threshold: float) -> tuple[float, float]:
    refused = scores[:, :-1].max(axis=1) - scores[:, -1] < threshold
    said = scores[:, :-1].argmax(axis=1)
    right = (said[: len(true)] == np.array(true)) & ~refused[: len(true)]
    return float(right.mean()), float(refused[len(true) :].mean())
