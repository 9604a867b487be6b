"""What guides are asked by: enough examples, each of one guide, and golden questions that teach nothing."""

import re
from collections.abc import Iterator

from bot.core.answering import golden
from bot.core.consistency import Draft, guide_file
from bot.core.problem import Path, Problem

NEGATIVES = "answering/negatives.yaml"
RULES = "answering/rules.yaml"
MIN_QUESTIONS = 8


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
    """A question leads to one guide, and stands there once."""
    first: dict[tuple[str, ...], tuple[str, Path]] = {}
    for name, guide in draft.guides.items():
        for language, asked in guide.questions.items():
            for position, question in enumerate(asked):
                path: Path = ("questions", language, position)
                earlier = first.setdefault(_said(question), (name, path))
                if earlier != (name, path) and question:
                    where = f"guides/{earlier[0]}.yaml" if earlier[0] != name else "this guide"
                    place = Problem("", earlier[1], "").where
                    wrong = f"the question '{question}' is also {place} of {where}"
                    yield Problem(guide_file(name), path, wrong, "keep it where it fits best")


def golden_examples(draft: Draft) -> Iterator[Problem]:
    """A golden question is only ever a test: one that the engine learns from proves nothing."""
    taught = {
        _said(question): guide_file(name)
        for name, guide in draft.guides.items()
        for asked in guide.questions.values()
        for question in asked
    }
    taught |= {_said(negative.text): NEGATIVES for negative in draft.knowledge.negatives}
    for texts in draft.knowledge.rules.examples.values():
        taught |= {_said(text): RULES for text in texts}
    for position, case in enumerate(draft.knowledge.golden):
        if (said := _said(case.ask)) in taught:
            wrong = f"the golden question '{case.ask}' is also an example in {taught[said]}"
            yield Problem(
                golden.FILE, (position, "ask"), wrong, "ask it in other words, or take the example out"
            )


def _said(question: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", question.casefold().replace("ё", "е"))) or (question,)
