"""What guides are asked by: enough examples, each of one guide, and golden questions that teach nothing."""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from bot.core.answering import golden
from bot.core.consistency import Draft, guide_file
from bot.core.problem import Path, Problem

NEGATIVES = "answering/negatives.yaml"
RULES = "answering/rules.yaml"
MIN_QUESTIONS = 8
NEARLY = 85
"""Percent of letters that two messages share: from here on the one is the other with a word exchanged."""


def question_problems(draft: Draft) -> Iterator[Problem]:
    """Yield everything that is wrong with the questions of the content."""
    yield from enough_questions(draft)
    yield from repeated_questions(draft)
    yield from golden_examples(draft)


def enough_questions(draft: Draft) -> Iterator[Problem]:
    """A guide has enough example questions to be found by, and keywords, in every language."""
    for name, guide in draft.guides.items():
        for language, asked in guide.questions.items():
            if len(asked) < MIN_QUESTIONS:
                wrong, expected = f"{len(asked)} questions are too few", f"expected at least {MIN_QUESTIONS}"
                yield Problem(guide_file(name), ("questions", language), wrong, expected)
        for language, words in guide.keywords.items():
            if not words:
                expected = "expected the words that people use for this topic"
                yield Problem(guide_file(name), ("keywords", language), "there is no keyword", expected)


def repeated_questions(draft: Draft) -> Iterator[Problem]:
    """A question leads to one guide, and stands there once; what a guide answers is no everyday message."""
    first: dict[str, tuple[str, Path]] = {}
    for name, guide in draft.guides.items():
        for language, asked in guide.questions.items():
            for position, question in enumerate(asked):
                path: Path = ("questions", language, position)
                earlier = first.setdefault(_said(question), (name, path))
                if earlier != (name, path) and question:
                    where = guide_file(earlier[0]) if earlier[0] != name else "this guide"
                    place = Problem("", earlier[1], "").where
                    wrong = f"the question '{question}' is also {place} of {where}"
                    yield Problem(guide_file(name), path, wrong, "keep it where it fits best")
    for position, negative in enumerate(draft.knowledge.negatives):
        if (said := _said(negative.text)) in first and negative.text:
            name, path = first[said]
            wrong = (
                f"the message '{negative.text}' is also a question in {draft.spot(guide_file(name), path)}"
            )
            yield Problem(NEGATIVES, (position, "text"), wrong, "keep it where it fits best")


def golden_examples(draft: Draft) -> Iterator[Problem]:
    """A golden question is only ever a test: one that the engine learns from, or nearly, proves nothing."""
    golden_questions = draft.knowledge.golden
    taught = tuple(_taught(draft))
    if not taught or not golden_questions:
        return
    alike = process.cdist(
        [_said(case.ask) for case in golden_questions],
        [_said(text) for text, _, _ in taught],
        scorer=fuzz.ratio,
        score_cutoff=NEARLY,
    )
    for position, (case, likeness) in enumerate(zip(golden_questions, alike, strict=True)):
        nearest = int(likeness.argmax())
        if likeness[nearest] and case.ask:
            text, file, path = taught[nearest]
            nearly = "" if _said(text) == _said(case.ask) else f", nearly: '{text}'"
            wrong = f"the golden question '{case.ask}' is also an example in {draft.spot(file, path)}{nearly}"
            yield Problem(
                golden.FILE, (position, "ask"), wrong, "ask it in other words, or take the example out"
            )


def _taught(draft: Draft) -> Iterator[tuple[str, str, Path]]:
    """Yield every message that the engine learns from, and its place."""
    for name, guide in draft.guides.items():
        for language, asked in guide.questions.items():
            for position, question in enumerate(asked):
                yield question, guide_file(name), ("questions", language, position)
    for position, negative in enumerate(draft.knowledge.negatives):
        yield negative.text, NEGATIVES, (position, "text")
    for verdict, texts in draft.knowledge.rules.examples.items():
        for position, text in enumerate(texts):
            yield text, RULES, ("examples", verdict.value, position)


def _said(question: str) -> str:
    """Return a message without its capitals and signs: what they change makes no other question."""
    return " ".join(re.findall(r"\w+", question.casefold().replace("ё", "е"))) or question
