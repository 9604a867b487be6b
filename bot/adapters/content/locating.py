"""Problems that were found after the folder was loaded -> the same with the lines of what they are about."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot.adapters.content import document
from bot.core.problem import Problem


def located(folder: Path, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems with their lines; one whose file has gone meanwhile stays as it is."""
    read: dict[str, document.Document | None] = {}
    found = []
    for problem in problems:
        if problem.file not in read:
            try:
                read[problem.file] = document.read(problem.file, (folder / problem.file).read_bytes())
            except OSError:
                read[problem.file] = None
        source = read[problem.file]
        found.append(replace(problem, line=source.line_of(problem.path)) if source else problem)
    return tuple(found)
