"""The command line: python -m bot run | demo | sandbox | ask | learn | check | schema | notices | ..."""

import asyncio
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

import bot
from bot import app, machine
from bot import demo as beside
from bot.adapters.content.schema import schemas
from bot.adapters.learnt import INSTALLED
from bot.commands.checking import check, show
from bot.commands.keeping import backup, chats, misses, restore
from bot.commands.notices import notices
from bot.commands.opening import data_folder
from bot.conversation import make_dialogue
from bot.core.content import Content
from bot.settings import SettingsError, load
from bot.workflows.ask import as_object, as_text
from bot.workflows.ask import ask as ask_once

PORT = click.IntRange(1, 65535)

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
@click.version_option(bot.__version__, prog_name="safety-bot")
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
        settings = load(os.environ, machine.unusable)
    except SettingsError as error:
        _tell(error)
        sys.exit(2)
    try:
        app.run(settings)
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
    except app.CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(2 if isinstance(reason, app.WrongSetting) else 1)


def _tell(error: SettingsError) -> None:
    for problem in error.problems:
        click.echo(str(problem), err=True)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=PORT,
    default=8080,
    show_default=True,
    help="Port of the page, or the next free one.",
)
@content_option
def demo(host: str, port: int, folder: Path) -> None:
    """Start the sandbox and the real bot; chat in the browser.

    No token and no account. Nothing outlives it but what it learnt, in data.
    """
    try:
        asyncio.run(beside.run_demo(host, port, folder, click.echo))
    except SettingsError as error:
        _tell(error)
        sys.exit(1)
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
    except app.CannotStart as reason:
        raise click.ClickException(str(reason)) from None


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8081, show_default=True, help="Port, or the next free one.")
def sandbox(host: str, port: int) -> None:
    """Start only the stand-in for Telegram, for any bot.

    It reads parse_mode HTML, or entities, and no Markdown; what it does not know it
    refuses. In groups the bot hears commands, mentions of it and replies to it, until
    the switch on the page or POST /sandbox/privacy lets it hear everything.
    """
    try:
        asyncio.run(beside.run_sandbox(host, port, click.echo))
    except app.CannotStart as reason:
        raise click.ClickException(str(reason)) from None


@main.command()
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


@main.command()
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


@main.command()
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write one file a schema into this folder instead of printing.",
)
def schema(folder: Path | None) -> None:
    """Print the JSON Schemas of the content files. Editors complete and check with them."""
    if folder is None:
        click.echo(json.dumps(schemas(), ensure_ascii=False, indent=2))
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        path = folder / name
        path.write_text(json.dumps(text, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        click.echo(str(path))


for command in (check, misses, notices, chats, backup, restore):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="python -m bot")
