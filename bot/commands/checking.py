"""The command that tells whether content can go to residents: what is wrong in it, and what it answers."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bot import app
from bot.adapters.content.folder import load
from bot.adapters.content.locating import located
from bot.adapters.encoder import open_encoder
from bot.commands.opening import data_folder
from bot.conversation import make_engine
from bot.core.answering.golden import judge, problems_of
from bot.core.answering.scope import Figures
from bot.core.content import Content
from bot.core.problem import Level, Problem, counted


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), envvar="BOT_CONTENT_DIR", default=Path("content"))
@click.option("--json", "as_json", is_flag=True, help="Problems as a JSON list, for machines.")
@click.option("--report", is_flag=True, help="Also what the engine learnt: thresholds, cross-validated.")
def check(folder: Path, as_json: bool, report: bool) -> None:
    """Show every problem of the content in FOLDER at once.

    When it loads, it is asked its golden questions. Exits with 1 when there is an
    error or a golden question comes out wrong, with 0 otherwise; warnings are shown
    and do not count. Without the sentence encoder (extra `semantic`) golden questions
    only warn. With --json --report it writes an object: problems, golden, figures.
    """
    loaded = load(folder, app.today(), app.now())
    problems = loaded.problems
    golden, figures = None, None
    if loaded.content is not None and not any(problem.level is Level.ERROR for problem in problems):
        wrong, golden, figures = _ask(folder, loaded.content)
        problems = (*problems, *wrong)
    errors = sum(problem.level is Level.ERROR for problem in problems)
    if as_json:
        shown: object = [problem.as_object() for problem in problems]
        if report:
            shown = {"problems": shown, "golden": golden, "figures": figures and asdict(figures)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        show(problems)
        if report and figures is not None:
            for line in _lines(figures):
                click.echo(line)
        _summarise(loaded.content, problems, golden)
    sys.exit(1 if errors else 0)


def _ask(folder: Path, content: Content) -> tuple[tuple[Problem, ...], dict[str, Any], Figures]:
    """Return the golden questions that come out wrong, how many there are, and what the engine learnt."""
    encoder = open_encoder()
    engine = make_engine(content, data_folder(), encoder)
    failing = judge(engine, content.answering.golden)
    asked: dict[str, Any] = {
        "questions": len(content.answering.golden),
        "failing": len(failing),
        "encoder": encoder.version if encoder is not None else None,
    }
    return located(folder, problems_of(failing, encoder=encoder is not None)), asked, engine.report()


def _lines(figures: Figures) -> list[str]:
    """Return the figures for a person, a line each."""
    width = max(map(len, asdict(figures)))
    return [
        f"  {name.replace('_', ' '):{width}}  {f'{value:.3f}' if isinstance(value, float) else value}"
        for name, value in asdict(figures).items()
    ]


def _summarise(content: Content | None, problems: Sequence[Problem], golden: dict[str, Any] | None) -> None:
    if golden is not None:
        engine = f"with {golden['encoder']}" if golden["encoder"] else "without the sentence encoder"
        asked = counted(golden["questions"], "golden question")
        click.echo(f"{asked}, {golden['failing']} wrong, {engine}")
    errors = sum(problem.level is Level.ERROR for problem in problems)
    warnings = sum(problem.level is Level.WARNING for problem in problems)
    guides = len(content.guides) if content is not None else 0
    first = counted(errors, "error") if errors else counted(guides, "guide")
    click.echo(f"{first}, {counted(warnings, 'warning')}")


def show(problems: Sequence[Problem]) -> None:
    """Print problems as sentences, errors on standard error."""
    for problem in problems:
        click.echo(str(problem), err=problem.level is Level.ERROR)
