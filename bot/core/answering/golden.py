"""Do the golden questions come out right? Each that does not, with what came instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.answering.finding import Answer, Choices, Finding
from bot.core.answering.knowledge import Golden
from bot.core.guidance import GuideId
from bot.core.problem import Level, Problem

FILE = "answering/golden.yaml"


class Finder(Protocol):
    """What can be asked: the engine."""

    def find(self, query: str) -> Finding:
        """Return what there is to say to a question."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A golden question that came out wrong. `number` counts from 0; the sentences are for its author."""

    number: int
    question: str
    expected: str
    came: str

    def __str__(self) -> str:
        return f"«{self.question}»: expected {self.expected}; came {self.came}"


def judge(finder: Finder, golden: Sequence[Golden]) -> tuple[Failing, ...]:
    """Return the failing questions in the order of the file; an empty tuple is a pass."""
    failing: list[Failing] = []
    for number, case in enumerate(golden):
        finding = finder.find(case.ask)
        if wrong := [text for right, text in _expectations(case, finding) if not right]:
            failing.append(Failing(number, case.ask, " and ".join(wrong), came(finding)))
    return tuple(failing)


def problems_of(failing: Sequence[Failing], *, encoder: bool) -> tuple[Problem, ...]:
    """Return the failing questions as problems of their file.

    They are errors only with the encoder that the bot runs with: a weaker engine proves nothing.
    """
    level = Level.ERROR if encoder else Level.WARNING
    return tuple(
        Problem(
            FILE,
            (one.number,),
            f"«{one.question}» brings {one.came}",
            f"expected {one.expected}",
            level=level,
        )
        for one in failing
    )


def came(finding: Finding) -> str:
    """Return in words what a question brought."""
    offered = ", ".join(offers(finding))
    urgent = ", 112 first" if finding.urgent else ""
    if isinstance(finding, Answer):
        return f"answer {finding.guide}{urgent}"
    if isinstance(finding, Choices):
        return f"choices {offered}{urgent}"
    return f"no answer ({finding.reason}){urgent}"


def offers(finding: Finding) -> tuple[GuideId, ...]:
    """Return the guides that a finding shows or offers, best first."""
    return finding.choices if isinstance(finding, Answer | Choices) else ()


def _expectations(case: Golden, finding: Finding) -> list[tuple[bool, str]]:
    offered = offers(finding)
    expected: list[tuple[bool, str]] = []
    if case.answer is not None:
        expected.append((offered[:1] == (case.answer,), f"answer {case.answer}"))
    if case.offer is not None:
        expected.append((case.offer in offered, f"{case.offer} among the choices"))
    if case.refuse:
        expected.append((not offered, "no guide"))
    if case.urgent:
        expected.append((finding.urgent, "112 first"))
    return expected
