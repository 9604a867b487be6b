"""How well the right guide is found: this engine, rung by rung, beside simpler matchers.

    python -m benchmarks.answering [--content content] [--peer] [--clinc data_full.json]

Example questions are asked of engines that were built without them (five folds, dealt out by turns), golden
questions of one built with all examples. The engine's threshold of refusal comes from each fold's own
cross-validation; a simpler matcher gets the best threshold in hindsight, which flatters it.
"""

import argparse
import datetime as dt
import resource
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.answering_kinds import KINDS, is_russian
from bot.adapters.content.folder import load
from bot.adapters.encoder import open_encoder
from bot.core.answering.engine import Engine
from bot.core.answering.examples import examples_of, written_words
from bot.core.answering.finding import NoAnswer
from bot.core.answering.golden import offers
from bot.core.answering.knowledge import Knowledge
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.query import Query, Reader
from bot.core.answering.ranking import WordIndex
from bot.core.answering.retrieval import Encoder
from bot.core.answering.scope import auroc
from bot.core.guidance import Guide, GuideId

FOLDS = 5
LANGUAGES = ("ru", "en")

Guides = Mapping[GuideId, Guide]
Matcher = Callable[[str], tuple[Sequence[GuideId], float, bool | None]]
"""A question -> guides best first, a score of being ours, and if it is refused (None: the score says)."""


@dataclass(slots=True)
class Asked:
    """Every question asked of one matcher, and what came."""

    first: list[bool] = field(default_factory=list)
    three: list[bool] = field(default_factory=list)
    ours: list[bool] = field(default_factory=list)
    score: list[float] = field(default_factory=list)
    refused: list[bool | None] = field(default_factory=list)

    def ask(self, matcher: Matcher, question: str, guide: GuideId | None) -> None:
        found, score, refused = matcher(question)
        self.ours.append(guide is not None)
        self.score.append(score)
        self.refused.append(refused)
        if guide is not None:
            self.first.append(bool(found) and found[0] == guide)
            self.three.append(guide in found[:3])

    def row(self) -> str:
        ours, score = np.array(self.ours), np.array(self.score)
        cells = [f"{np.mean(self.first):.3f}", f"{np.mean(self.three):.3f}"]
        if ours.all():
            return " | ".join(cells)
        said = [np.array([bool(one) for one in self.refused])]
        if self.refused[0] is None:
            said = [score < step for step in np.quantile(score, np.linspace(0.0, 1.0, 101))]
        best = max(said, key=lambda refused: _f1(refused, ~ours))
        cells += [f"{auroc(score, ours):.3f}", f"{_f1(best, ~ours):.3f}", f"{best[ours].mean():.3f}"]
        return " | ".join(cells)


def _f1(said: np.ndarray, true: np.ndarray) -> float:
    return float(2 * (said & true).sum() / max(1, said.sum() + true.sum()))


def engine_matcher(guides: Guides, knowledge: Knowledge, encoder: Encoder | None) -> Matcher:
    engine = Engine.build(guides, knowledge, LANGUAGES, encoder)

    def match(question: str) -> tuple[Sequence[GuideId], float, bool | None]:
        finding = engine.find(question)
        return offers(finding), finding.score, isinstance(finding, NoAnswer)

    return match


def bm25_matcher(guides: Guides, knowledge: Knowledge, read: str) -> Matcher:
    """Return BM25 over the guides: on 'raw words', on their 'stems', or on what is left after 'repair'."""
    examples = [example for example in examples_of(guides, Knowledge()) if example.guide is not None]
    reader = Reader(
        Lexicon(word for example in examples for word in written_words(example.text)), knowledge.vocabulary
    )

    def stems(text: str, own: bool) -> tuple[tuple[str, ...], ...]:
        if read == "raw words":
            return tuple((word,) for word in text.casefold().split())
        if read == "stems":
            return tuple(reader.lexicon.stems(word) for word in written_words(text))
        query: Query = reader.read_written(text) if own else reader.read(text)
        return query.stems

    documents = [Counter[str]() for _ in guides]
    for example in examples:
        if example.guide is not None:
            documents[example.guide].update(stem for word in stems(example.text, own=True) for stem in word)
    index, ids = WordIndex.learn(documents), tuple(guides)

    def match(question: str) -> tuple[Sequence[GuideId], float, bool | None]:
        asked = stems(question, own=False)
        scores = index.cover(asked).scores
        order = np.argsort(-scores, kind="stable")
        return [ids[number] for number in order[:3]], float(scores.max()) / max(1, len(asked)), None

    return match


def fts5_matcher(guides: Guides, knowledge: Knowledge) -> Matcher:
    """Return SQLite's full-text search over runs of three letters."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table guide using fts5(id unindexed, words, tokenize='trigram')")
    texts: dict[int, list[str]] = {}
    for example in examples_of(guides, Knowledge()):
        if example.guide is not None:
            texts.setdefault(example.guide, []).append(" ".join(written_words(example.text)))
    ids = tuple(guides)
    database.executemany(
        "insert into guide values (?, ?)", [(ids[at], "\n".join(ones)) for at, ones in texts.items()]
    )

    def match(question: str) -> tuple[Sequence[GuideId], float, bool | None]:
        words = " ".join(written_words(question))
        runs = sorted({words[start : start + 3] for start in range(len(words) - 2)})[:200]
        if not runs:
            return (), 0.0, None
        asked = " OR ".join(f'"{run}"' for run in runs)
        hits = database.execute(
            "select id, bm25(guide) from guide where guide match ? order by bm25(guide) limit 3", (asked,)
        ).fetchall()
        return [hit[0] for hit in hits], -hits[0][1] / len(runs) if hits else 0.0, None

    return match


def peer_matcher(guides: Guides, knowledge: Knowledge) -> Matcher:
    """Return scikit-learn's usual classifier of questions: TF-IDF of letter runs, linear SVM."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped, import-not-found, unused-ignore]

    examples = examples_of(guides, Knowledge(negatives=knowledge.negatives))
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    model = LinearSVC()
    names = [*guides, "none of ours"]
    model.fit(
        vectors.fit_transform([example.text for example in examples]),
        [len(guides) if example.guide is None else example.guide for example in examples],
    )

    def match(question: str) -> tuple[Sequence[GuideId], float, bool | None]:
        scores = model.decision_function(vectors.transform([question]))[0]
        order = [int(number) for number in np.argsort(-scores, kind="stable") if number < len(guides)]
        return [names[number] for number in order[:3]], float(scores[order[0]] - scores[-1]), None

    return match


def fold_of(
    guides: Guides, knowledge: Knowledge, fold: int
) -> tuple[Guides, Knowledge, list[tuple[str, str | None]]]:
    """Return the content without every fifth question and negative, and those that were left out."""
    kept: dict[GuideId, Guide] = {}
    left: list[tuple[str, str | None]] = []
    for guide in guides.values():
        questions = {}
        for language, texts in guide.questions.items():
            questions[language] = tuple(text for at, text in enumerate(texts) if at % FOLDS != fold)
            left += [(text, guide.id) for at, text in enumerate(texts) if at % FOLDS == fold]
        kept[guide.id] = guide.model_copy(update={"questions": questions})
    negatives = knowledge.negatives
    left += [(negative.text, None) for at, negative in enumerate(negatives) if at % FOLDS == fold]
    rest = tuple(negative for at, negative in enumerate(negatives) if at % FOLDS != fold)
    return kept, knowledge.model_copy(update={"negatives": rest}), left


def main() -> None:
    """Print the tables of benchmarks/README.md."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--content", type=Path, default=Path("content"))
    options.add_argument("--peer", action="store_true", help="with scikit-learn, which must be installed")
    options.add_argument("--clinc", type=Path, help="data_full.json of CLINC150")
    chosen = options.parse_args()
    started = time.perf_counter()
    content = load(chosen.content, dt.date(2026, 11, 22)).content
    assert content is not None, "the content has errors: safety-bot check"
    guides, knowledge = content.guides, content.answering
    encoder = open_encoder()
    whole = Engine.build(guides, knowledge, LANGUAGES, encoder)
    whole.find("обломки дрона в огороде")
    ready = time.perf_counter() - started
    print(f"start to first answer {ready:.1f} s, memory {_megabytes()} MB, encoder: {encoder is not None}\n")
    matchers: dict[str, Callable[[Guides, Knowledge], Matcher]] = {
        "BM25, raw words": lambda g, k: bm25_matcher(g, k, "raw words"),
        "SQLite FTS5 trigram": fts5_matcher,
        "BM25, lemmas and stems": lambda g, k: bm25_matcher(g, k, "stems"),
        "+ scripts, spelling, slang": lambda g, k: bm25_matcher(g, k, "repair"),
        "engine without encoder": lambda g, k: engine_matcher(g, k, None),
    }
    if encoder:
        matchers["engine"] = lambda g, k: engine_matcher(g, k, encoder)
    if chosen.peer:
        matchers["scikit-learn, letters + SVM"] = peer_matcher
    _quality(guides, knowledge, matchers)
    _by_kind(whole, knowledge)
    _speed(whole, knowledge)
    if chosen.clinc:
        from benchmarks.answering_clinc import measure

        measure(chosen.clinc, encoder)


def _quality(
    guides: Guides, knowledge: Knowledge, matchers: Mapping[str, Callable[[Guides, Knowledge], Matcher]]
) -> None:
    golden = [
        (case.ask, case.answer or case.offer)
        for case in knowledge.golden
        if case.answer or case.offer or case.refuse
    ]
    print("| matcher | questions | top-1 | top-3 | AUROC of scope | F1 of refusing | in-scope refused |")
    print("|---|---|---|---|---|---|---|")
    for name, make in matchers.items():
        asked, examples = Asked(), Asked()
        matcher = make(guides, knowledge)
        for question, guide in golden:
            asked.ask(matcher, question, guide)
        print(f"| {name} | golden | {asked.row()} |", flush=True)
        for fold in range(FOLDS):
            kept, rest, left = fold_of(guides, knowledge, fold)
            matcher = make(kept, rest)
            for question, guide in left:
                examples.ask(matcher, question, guide)
        print(f"| {name} | examples, left out | {examples.row()} |", flush=True)


def _by_kind(engine: Engine, knowledge: Knowledge) -> None:
    golden = [(case.ask, case.answer or case.offer) for case in knowledge.golden if case.answer or case.offer]
    urgent = [engine.find(case.ask).urgent for case in knowledge.golden if case.urgent]
    print(f"\nurgent golden questions with 112 first: {np.mean(urgent):.3f} of {len(urgent)}\n")
    print("| kind of golden question | how many | top-1 | top-3 |\n|---|---|---|---|")
    kinds: dict[str, list[tuple[str, GuideId | None]]] = {
        "Cyrillic": [one for one in golden if is_russian(one[0])],
        "Latin letters": [one for one in golden if not is_russian(one[0])],
        "one or two words": [one for one in golden if len(one[0].split()) < 3],
        "over fifteen words": [one for one in golden if len(one[0].split()) > 15],
    }
    for name, change in KINDS.items():
        kinds[f"{name} (made)"] = [(change(text), guide) for text, guide in kinds["Cyrillic"]]
    for name, questions in kinds.items():
        asked = Asked()
        for question, guide in questions:
            asked.ask(lambda text: (offers(engine.find(text)), 0.0, None), question, guide)
        print(f"| {name} | {len(questions)} | {asked.row() if questions else '-'} |")


def _speed(engine: Engine, knowledge: Knowledge) -> None:
    taken = []
    for case in knowledge.golden:
        before = time.perf_counter()
        engine.find(case.ask)
        taken.append((time.perf_counter() - before) * 1000)
    worst = []
    for text in (
        "а" * 1_000_000,
        "j,kjvrb lhjyf " * 60_000,
        "\x00\u202e🙂" * 100_000,
        "oblomki drona " * 60_000,
    ):
        before = time.perf_counter()
        engine.find(text)
        worst.append((time.perf_counter() - before) * 1000)
    print(f"\na question: median {np.median(taken):.1f} ms, p99 {np.quantile(taken, 0.99):.1f} ms;", end=" ")
    print(f"megabytes of nonsense: at most {max(worst):.0f} ms; memory {_megabytes()} MB at its highest")


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
