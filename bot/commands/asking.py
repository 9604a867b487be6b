"""The commands that answer in the terminal what the bot would answer in a chat, and learn that beforehand."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bot import app
from bot.adapters.learnt import INSTALLED
from bot.commands.checking import show
from bot.commands.opening import data_folder
from bot.commands.options import content_option
from bot.conversation import make_dialogue
from bot.core.content import Content
from bot.workflows.ask import as_object, as_text
from bot.workflows.ask import ask as ask_once


@click.command()
@click.argument("question")
@click.option("--lang", "language", help="Answer in this language instead of the question's own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a question.")
@content_option
def ask(question: str, language: str | None, as_json: bool, folder: Path) -> None:
    """Answer QUESTION in the terminal. As QUESTION, - reads one a line from standard input."""
    content = _content_of(folder)
    languages = content.deployment.languages
    if language is not None and language not in languages:
        raise click.BadParameter(f"'{language}' is not one of {', '.join(languages)}", param_hint="--lang")
    dialogue = make_dialogue(content, data_folder())
    for line in _lines_of_standard_input() if question == "-" else [question]:
        found = ask_once(content, dialogue, line, language)
        answer = as_object(content, line, found)
        click.echo(json.dumps(answer, ensure_ascii=False) if as_json else as_text(found.message))
        sys.stdout.flush()


def _lines_of_standard_input() -> Iterable[str]:
    """Yield one question a line; bytes that are no UTF-8 still make a question that gets its answer."""
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\r\n").decode("utf-8", errors="replace")


@click.command()
@content_option
@click.option(
    "--into",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    default=INSTALLED,
    help="Folder to keep it in, instead of one beside the program, where every command looks.",
)
def learn(folder: Path, target: Path) -> None:
    """Learn from the content now, so that no answer waits for it."""
    make_dialogue(_content_of(folder), target)


def _content_of(folder: Path) -> Content:
    try:
        return app.load_content(folder)
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
