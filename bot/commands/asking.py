"""The command that answers in the terminal what the bot would answer in a chat."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bot import app
from bot.commands.checking import show
from bot.commands.options import content_option
from bot.conversation import make_dialogue
from bot.workflows.ask import as_object, as_text
from bot.workflows.ask import ask as ask_once


@click.command()
@click.argument("question")
@click.option("--lang", "language", help="Answer in this language instead of the question's own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a question.")
@content_option
def ask(question: str, language: str | None, as_json: bool, folder: Path) -> None:
    """Answer QUESTION in the terminal; - reads one question a line from standard input."""
    try:
        content = app.load_content(folder)
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
    languages = content.deployment.languages
    if language is not None and language not in languages:
        raise click.BadParameter(f"'{language}' is not one of {', '.join(languages)}", param_hint="--lang")
    dialogue = make_dialogue(content, Path(os.environ.get("BOT_DATA_DIR") or "data"))
    for line in _lines_of_standard_input() if question == "-" else [question]:
        found = ask_once(content, dialogue, line, language)
        answer = as_object(content, line, found)
        click.echo(json.dumps(answer, ensure_ascii=False) if as_json else as_text(found.message))
        sys.stdout.flush()


def _lines_of_standard_input() -> Iterable[str]:
    """Yield one question a line; bytes that are no UTF-8 still make a question that gets its answer."""
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\r\n").decode("utf-8", errors="replace")
