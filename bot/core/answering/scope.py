"""Is it ours to answer, and is the best guide the right one: two chances, and their bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.answering.examples import Example, Kind
from bot.core.answering.learning import Doubles, Logistic
from bot.core.answering.retrieval import Match

_SURE = 0.65
"""Chance of the best guide being right from which on it is the answer, not the first of the choices."""

_REFUSED_AT_MOST = 0.06
"""Share of in-scope examples that the refusal threshold may cost in cross-validation.

Examples are written not to resemble one another, so a left-out one is harder than what people ask: of the
golden questions the same threshold costs under one in a hundred.
"""

_TAKEN_FOR_REFUSED_AT_MOST = 0.02
"""Share of in-scope examples that may be taken for weapons, positions or orders: of those none may get a
guide.
"""

_CLEARLY = 0.2
"""How far a refusal must be ahead of a guide where a rule makes an exception for the message."""

_BEYOND_DOUBT = 0.45
"""The same where a rule finds somebody in danger: «как взорвать дом» also speaks of a blast in a house."""

_ALARMED_AT_MOST = 0.06
"""Share of calm questions that may get the 112 line for nothing: the price of missing hardly anybody."""

_FITS = ("ours", "right", "forbidden")
_PARTS = ("mean", "spread", "weights")

_FAINT = 0.25
"""A single word that no guide holds stronger than this (`what`, `ok`) says nothing about what happened."""

_SHORT = 2
_KNOWN = 0.5
"""Share of a short message's weight that the guides' words must hold."""


class Band(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"
    CHOOSE = "choose"
    REFUSE = "refuse"


def evidence(match: Match) -> list[float]:
    """Return the numbers that speak for or against a match."""
    best = match.order()
    scores = match.scores
    top = best[0]
    second = float(scores[best[1]]) if len(best) > 1 else 0.0
    words = match.coverage.scores
    ranked = np.sort(words)[::-1]
    return [
        float(scores[top]),
        float(scores[top]) - second,
        match.foreign,
        float(scores[best[:3]].sum()),
        float(ranked[0]),
        float(ranked[0]) / max(1, match.words),
        float(match.coverage.shares[top]),
        match.coverage.known,
        float(int(words.argmax()) == top),
        match.near,
        match.near - match.far,
        float(np.log1p(match.words)),
        float(min(2, match.slang)),
    ]


@dataclass(frozen=True, slots=True)
class Scope:
    """The fitted detector and its thresholds."""

    ours: Logistic
    right: Logistic
    forbidden: Logistic
    refuse_below: float
    refusal_from: float
    alarm_from: float

    def learnt(self) -> dict[str, Doubles]:
        """Return what was fitted, for `restored`."""
        return {f"{name}-{part}": getattr(getattr(self, name), part) for name in _FITS for part in _PARTS}

    @classmethod
    def restored(cls, arrays: Mapping[str, NDArray[Any]], figures: Figures) -> Scope:
        """Return the detector that `learnt` came from."""
        fits = {name: Logistic(**{part: arrays[f"{name}-{part}"] for part in _PARTS}) for name in _FITS}
        return cls(
            **fits,
            refuse_below=figures.refuse_below,
            refusal_from=figures.refusal_from,
            alarm_from=figures.alarm_from,
        )

    def is_forbidden(self, match: Match, *, excused: bool, urgent: bool) -> bool:
        """Say whether a match is like the examples of what is refused: weapons, positions, orders.

        What a rule excuses, or finds urgent, must be far ahead of every guide.
        """
        ahead = _BEYOND_DOUBT if urgent else _CLEARLY if excused else None
        if ahead is not None and float(match.refused.max()) < float(match.scores.max()) + ahead:
            return False
        return float(self.forbidden.chance(np.array([_suspicions(match)]))[0]) >= self.refusal_from

    def is_alarming(self, match: Match) -> bool:
        """Say whether a match is like the messages of people in danger."""
        return match.alarm >= self.alarm_from

    def judge(self, match: Match) -> tuple[Band, float]:
        """Return the band of a match and the chance that the question is ours."""
        numbers = np.array([evidence(match)])
        chance = float(self.ours.chance(numbers)[0])
        if match.words <= 1 and match.scores.max() < _FAINT:
            # A cry that many guides share between them (`blast`) is unsure, not unknown.
            shared = self.is_alarming(match) and match.coverage.known >= _KNOWN
            return (Band.CHOOSE if shared else Band.REFUSE), min(chance, self.refuse_below / 2)
        if chance < self.refuse_below:
            return (Band.CHOOSE if _is_short_and_ours(match) else Band.REFUSE), chance
        sure = float(self.right.chance(numbers)[0]) >= _SURE
        return (Band.ANSWER if sure else Band.CHOOSE), chance


def _is_short_and_ours(match: Match) -> bool:
    """Say whether a message is too short to judge and in the guides' own words: buttons, not a refusal."""
    return match.words <= _SHORT and match.coverage.known >= _KNOWN and match.foreign < match.scores.max()


@dataclass(frozen=True, slots=True)
class Figures:
    """What cross-validation over the content's own examples and negatives says."""

    questions: int
    negatives: int
    first: float
    among_three: float
    scope_auroc: float
    refusal_f1: float
    questions_refused: float
    answered_outright: float
    learnt_refusals: float
    learnt_alarms: float
    refuse_below: float
    answer_from: float
    refusal_from: float
    alarm_from: float


def fit_scope(
    matches: Sequence[Match], examples: Sequence[Example], threats: Sequence[bool]
) -> tuple[Scope, Figures]:
    """Return the detector fitted to the left-out matches of these examples, and its figures on them."""
    kinds = np.array([example.kind for example in examples])
    alarm = np.array([match.alarm for match in matches])
    calm = np.array([example.guide is None or not threats[example.guide] for example in examples])
    urgent = kinds == Kind.URGENT
    alarm_from = _lowest(alarm[calm & (kinds == Kind.QUESTION)], _ALARMED_AT_MOST)
    suspicions = np.array([_suspicions(match) for match in matches])
    is_refused, is_question = kinds == Kind.REFUSED, kinds == Kind.QUESTION
    either = is_refused | is_question
    forbidden = Logistic.fit(suspicions[either], is_refused[either])
    refusing = forbidden.chance(suspicions)
    refuse_from = _lowest(refusing[is_question], _TAKEN_FOR_REFUSED_AT_MOST)
    refused_rightly = refusing[is_refused] >= refuse_from

    ordinary = [row for row, kind in enumerate(kinds) if kind in (Kind.QUESTION, Kind.NEGATIVE)]
    matches, guides = [matches[row] for row in ordinary], [examples[row].guide for row in ordinary]
    numbers = np.array([evidence(match) for match in matches])
    ours = np.array([guide is not None for guide in guides])
    first = np.array([match.order()[0] == guide for match, guide in zip(matches, guides, strict=True)])
    three = np.array([guide in match.order()[:3] for match, guide in zip(matches, guides, strict=True)])
    right = Logistic.fit(numbers[ours], first[ours])
    detector = Logistic.fit(numbers, ours)
    chance = detector.chance(numbers)
    threshold = _threshold(chance, ours)
    refused = chance < threshold
    sure = right.chance(numbers) >= _SURE
    figures = Figures(
        questions=int(ours.sum()),
        negatives=int((~ours).sum()),
        first=float(first[ours].mean()),
        among_three=float(three[ours].mean()),
        scope_auroc=auroc(chance, ours),
        refusal_f1=_f1(refused, ~ours),
        questions_refused=float(refused[ours].mean()),
        answered_outright=float((sure & ~refused)[ours].mean()),
        learnt_refusals=float(refused_rightly.mean()) if len(refused_rightly) else 1.0,
        learnt_alarms=float((alarm[urgent] >= alarm_from).mean()) if urgent.any() else 1.0,
        refuse_below=threshold,
        answer_from=_SURE,
        refusal_from=refuse_from,
        alarm_from=alarm_from,
    )
    return Scope(detector, right, forbidden, threshold, refuse_from, alarm_from), figures


def _suspicions(match: Match) -> list[float]:
    """Return the numbers that speak for or against a match being one of the learnt refusals."""
    refused, best = match.refused, float(match.scores.max())
    return [float(refused.max()), float(refused.sum()), best, match.foreign, match.alarm]


def _lowest(scores: Doubles, share: float) -> float:
    """Return the lowest threshold that at most this share of the scores reaches."""
    for step in range(10, 100):
        if (scores >= step / 100).sum() <= share * len(scores):
            return step / 100
    return 1.0


def _threshold(chance: Doubles, ours: NDArray[np.bool_]) -> float:
    """Return the threshold with the best F1 of refusing that refuses few enough questions."""
    candidates = [step / 100 for step in range(2, 99)]
    most = max(1, int(_REFUSED_AT_MOST * ours.sum()))
    allowed = [step for step in candidates if (chance < step)[ours].sum() <= most]
    return max(allowed or candidates[:1], key=lambda step: (_f1(chance < step, ~ours), -step))


def _f1(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    return float(2 * (said & true).sum() / max(1, said.sum() + true.sum()))


def auroc(chance: Doubles, yes: NDArray[np.bool_]) -> float:
    """Return the chance that a random yes scores higher than a random no; ties count half."""
    ordered = np.sort(chance[~yes])
    if not len(ordered) or not yes.any():
        return 1.0
    below = np.searchsorted(ordered, chance[yes], side="left")
    up_to = np.searchsorted(ordered, chance[yes], side="right")
    return float(((below + up_to) / 2 / len(ordered)).mean())
