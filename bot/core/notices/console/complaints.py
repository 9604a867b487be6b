"""Problems and reasons as an operator reads them: in their language, with the words that were found."""

import re
from collections.abc import Sequence

from bot.core.guidance import Language, Localized
from bot.core.notices.due import Why
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.problem import Level, Problem

MOST_PROBLEMS = 10

QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
NUMBER = re.compile(r"\d+")
COUNTING = frozenset({"L13", "L14", "L15"})
"""Rules whose finding is a number rather than words."""


FILE_KINDS = (
    ("file_unread", r"nobody reads this"),
    ("file_unknown_key", r"unknown key"),
    ("file_word", r"none of the possible words"),
    ("file_reference", r"unknown \w+|there is no |nobody is asked for|is no field|has no guide|the name of"),
    ("file_reference", r"no text is written in"),
    ("file_twice", r"twice|there already|is taken by|is also |cited \d+ times|there is a notice|to itself"),
    ("file_missing", r"is missing|is empty|too few|never used|asked for in vain|read as nothing"),
    ("file_long", r"too many|longer than|too large"),
    ("file_form", r"quote|bracket|brace|indent|tab |colon|':'|nested|space|begin|saved as|UTF|BOM|YAML"),
    ("file_form", r"invisible|Cyrillic|alias|beside the name|is markup"),
    (
        "file_sort",
        r" is text|is a list|group of keys|is read as|is not |neither |too small|a type|names a place",
    ),
)
"""The phrase for what a check says of a file, the first that fits; the rest keeps the check's own words."""


def why_words(why: Why, phrases: OperatorPhrases, language: Language) -> str:
    """Return why something became of a notice."""
    phrase: Localized | None = getattr(phrases, f"why_{why.value}", None)
    return phrase[language] if phrase is not None else why.phrase


def problem_words(problem: Problem, phrases: OperatorPhrases, language: Language) -> str:
    """Return one problem as a sentence; one that no rule gave keeps the words of the check."""
    sentence = _sentence(problem, phrases, language)
    if sentence is None:
        return str(problem).lstrip(": ")
    file = f"{problem.file}:{problem.line}" if problem.line else problem.file
    place = [part for part in (file, _place(problem, phrases, language)) if part]
    found = ", ".join(filter(None, (problem.rule, *_found(problem, phrases.title[language]))))
    meant = phrases.file_meant[language].format(suggestion=problem.suggestion) if problem.suggestion else ""
    behind = [f"({found})"] if found else []
    return ": ".join((*place, "; ".join(filter(None, (" ".join((sentence, *behind)), meant)))))


def problem_lines(problems: Sequence[Problem], phrases: OperatorPhrases, language: Language) -> str:
    """Return problems as lines, each once and as many as fit."""
    sentences = list(dict.fromkeys(problem_words(problem, phrases, language) for problem in problems))
    lines = [f"• {sentence}" for sentence in sentences[:MOST_PROBLEMS]]
    if (rest := len(sentences) - MOST_PROBLEMS) > 0:
        lines.append(phrases.content_more[language].format(count=rest))
    return "\n".join(lines)


def _sentence(problem: Problem, phrases: OperatorPhrases, language: Language) -> str | None:
    """Return what to do about it, None where no phrase is known for its rule."""
    numbers = NUMBER.findall(problem.wrong)
    if problem.rule == "L31" and len(numbers) == 2:
        return phrases.rule_l31_unusual[language].format(count=numbers[0], usual=numbers[1])
    if problem.rule == "L31" and problem.level is Level.WARNING:
        return phrases.rule_l31_channel[language]
    name = f"rule_{problem.rule.lower()}" if problem.rule else _file_kind(problem)
    phrase: Localized | None = getattr(phrases, name, None)
    return phrase[language] if phrase is not None else None


def _file_kind(problem: Problem) -> str:
    """Return the phrase for what is wrong in a file; nothing of the kind where the problem is of no file."""
    if not problem.file:
        return ""
    return next((name for name, form in FILE_KINDS if re.search(form, problem.wrong)), "")


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
