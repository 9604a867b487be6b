"""The commands that need no Telegram: the stand-in alone, or with the bot beside it."""

import asyncio
import sys
from pathlib import Path

import click

from bot import app
from bot import demo as beside
from bot.commands.checking import show
from bot.commands.opening import data_folder
from bot.commands.options import PORT, content_option, tell
from bot.settings import SettingsError


@click.command()
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

    No token and no account. Nothing outlives it but what it learnt, in
    BOT_DATA_DIR (data, where that is not set).
    """
    try:
        asyncio.run(beside.run_demo(host, port, folder, data_folder(), click.echo))
    except SettingsError as error:
        tell(error)
        sys.exit(1)
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
    except app.CannotStart as reason:
        raise click.ClickException(str(reason)) from None


@click.command()
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
