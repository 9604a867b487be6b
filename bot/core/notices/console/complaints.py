"""Problems and reasons as an operator reads them: in their language, with the words that were found."""

import re
from collections.abc import Mapping, Sequence

from bot.core.guidance import Language, Localized
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.problem import Problem

MOST_PROBLEMS = 10

QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
NUMBER = re.compile(r"\d+")
COUNTING = frozenset({"L13", "L14", "L15", "L31"})
"""Rules whose finding is a number rather than words."""

REASONS: Mapping[str, str] = {
    "more than 10 minutes late": "reason_late",
    "Extreme and more than 30 minutes late": "reason_far_too_late",
    "the database was restored: it may have been sent already": "reason_restored",
    "stopped; a person releases it": "reason_stopped",
    "a real notice is in force": "reason_grave",
    "it would reach nobody": "reason_nobody",
    "the word ahead": "reason_ahead",
}
"""What `due` and `publish` give as reasons -> the phrase for it; what is not here is shown as it is."""


def reason_words(reason: str, phrases: OperatorPhrases, language: Language) -> str:
    """Return why something happened to a notice."""
    name = REASONS.get(reason)
    return reason if name is None else _phrase(phrases, name)[language]


def problem_words(problem: Problem, phrases: OperatorPhrases, language: Language) -> str:
    """Return one problem as a sentence; one that no rule gave keeps the words of the check."""
    rule = getattr(phrases, f"rule_{problem.rule.lower()}", None) if problem.rule else None
    if rule is None:
        return str(problem).lstrip(": ")
    file = f"{problem.file}:{problem.line}" if problem.line else problem.file
    place = [part for part in (file, _place(problem, phrases, language)) if part]
    found = ", ".join((problem.rule, *_found(problem, phrases.title[language])))
    return ": ".join((*place, f"{rule[language]} ({found})"))


def problem_lines(problems: Sequence[Problem], phrases: OperatorPhrases, language: Language) -> str:
    """Return problems as lines, each once and as many as fit."""
    sentences = list(dict.fromkeys(problem_words(problem, phrases, language) for problem in problems))
    lines = [f"• {sentence}" for sentence in sentences[:MOST_PROBLEMS]]
    if (rest := len(sentences) - MOST_PROBLEMS) > 0:
        lines.append(phrases.content_more[language].format(count=rest))
    return "\n".join(lines)


def _place(problem: Problem, phrases: OperatorPhrases, language: Language) -> str:
    """Return the field, the number of the step and the language of the text: `What to do 2, ru`."""
    if not problem.path:
        return ""
    name, *rest = problem.path
    field: Localized | None = getattr(phrases, f"field_{name}", None)
    if field is None:
        return problem.where
    numbers = [f" {part + 1}" for part in rest if isinstance(part, int)]
    spoken = [f", {part}" for part in rest if isinstance(part, str) and part in field]
    return "".join((field[language], *numbers, *spoken))


def _found(problem: Problem, quotes: str) -> Sequence[str]:
    quoted = [quotes.format(headline=words) for words in QUOTED.findall(problem.wrong)]
    return quoted or (NUMBER.findall(problem.wrong)[:1] if problem.rule in COUNTING else [])


def _phrase(phrases: OperatorPhrases, name: str) -> Localized:
    found: Localized = getattr(phrases, name)
    return found
