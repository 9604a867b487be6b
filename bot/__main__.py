"""The command line: python -m bot run | demo | sandbox | ask | check | schema."""

import datetime as dt
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot import app
from bot.core.problem import Level, Problem
from bot.settings import Settings, SettingsError, load

CONTENT = Path(os.environ.get("BOT_CONTENT_DIR", "content"))

content_option = click.option(
    "--content",
    "folder",
    type=click.Path(path_type=Path),
    envvar="BOT_CONTENT_DIR",
    default=Path("content"),
    show_default=True,
    help="Folder with the YAML content.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(app.version(), prog_name="safety-bot")
def main() -> None:
    """Safety Bot: cited civil-protection guidance over Telegram.

    Try it without Telegram: `demo`. Ask in the terminal: `ask "found debris"`.
    After editing content: `check`. The real bot: `run`, told by BOT_... variables
    in the environment (BOT_TOKEN is the only one it needs).
    """


@main.command()
def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C, SIGTERM).

    Everything is set by environment variables; the README lists them. Exits with
    2 when a setting is wrong, with 1 when the content is.
    """
    try:
        settings = load(os.environ)
    except SettingsError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)
    sys.exit(_running(settings))


def _running(settings: Settings) -> int:
    try:
        app.run(settings)
    except app.ContentRefused as refused:
        show(refused.problems)
        return 1
    except app.CannotStart as reason:
        click.echo(str(reason), err=True)
        return 1
    return 0


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port of the chat page; if it is in use, the next free one.")
@content_option
def demo(host: str, port: int, folder: Path) -> None:
    """Start the sandbox and the real bot against it; chat in the browser.

    No token and no account. Nothing outlives it but a cache in data/demo.
    """
    try:
        app.demo(host, port, folder, click.echo)
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
    except app.CannotStart as reason:
        raise click.ClickException(str(reason)) from None


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8081, show_default=True, help="Port; if it is in use, the next free one.")
def sandbox(host: str, port: int) -> None:
    """Start only the stand-in for Telegram, for any bot to be pointed at."""
    try:
        app.sandbox(host, port, click.echo)
    except app.CannotStart as reason:
        raise click.ClickException(str(reason)) from None


@main.command()
@click.argument("question")
@click.option("--lang", "language", help="Answer in this language instead of the question's own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a question.")
@content_option
def ask(question: str, language: str | None, as_json: bool, folder: Path) -> None:
    """Answer QUESTION in the terminal; - reads one question a line from standard input."""
    try:
        terminal = app.Terminal(folder)
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
    if language is not None and language not in terminal.languages:
        raise click.BadParameter(f"'{language}' is none of {', '.join(terminal.languages)}", param_hint="--lang")
    # Bytes that are no UTF-8 still get an answer: they are read as replacement characters.
    lines = (line.rstrip("\r\n") for line in _standard_input()) if question == "-" else [question]
    for line in lines:
        found = terminal.ask(line, language)
        click.echo(json.dumps(found.as_object, ensure_ascii=False) if as_json else found.as_text)
        sys.stdout.flush()


def _standard_input() -> "Sequence[str] | click.utils.LazyFile":
    return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="\n", closefd=False)  # noqa: SIM115


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=CONTENT)
@click.option("--json", "as_json", is_flag=True, help="Problems as a JSON list, for machines.")
def check(folder: Path, as_json: bool) -> None:
    """Load the content in FOLDER and show every problem at once.

    Exits with 1 when there is an error, with 0 otherwise; warnings are shown and
    do not count.
    """
    content, problems = app.check(folder, dt.datetime.now(dt.UTC).date())
    show(problems, as_json)
    errors = sum(problem.level is Level.ERROR for problem in problems)
    if not as_json:
        summary = f"{errors} errors" if errors else f"{len(content.guides) if content else 0} guides, no error"
        click.echo(summary, err=bool(errors))
    sys.exit(1 if errors else 0)


@main.command()
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write one file a schema into this folder instead of printing.",
)
def schema(folder: Path | None) -> None:
    """Print the JSON Schemas of the content files, for editors that complete and check."""
    schemas = app.schemas()
    if folder is None:
        click.echo(json.dumps(schemas, ensure_ascii=False, indent=2))
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in app.schema_files().items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(str(folder / name))


def show(problems: Sequence[Problem], as_json: bool = False) -> None:
    """Print problems: to people on standard error, to machines as JSON on standard output."""
    if as_json:
        click.echo(json.dumps([problem.as_object() for problem in problems], ensure_ascii=False, indent=2))
        return
    for problem in problems:
        click.echo(str(problem), err=problem.level is Level.ERROR)


if __name__ == "__main__":
    main(prog_name="python -m bot")
