"""The commands that need no Telegram: the stand-in alone, or with the bot beside it."""

import asyncio
import sys
from pathlib import Path

import click

from bot import app
from bot import demo as beside
from bot.commands.checking import show
from bot.commands.options import PORT, content_option


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
    """Start the sandbox and the real bot against it; chat in the browser.

    No token and no account. Nothing outlives it but a cache in data/demo.
    """
    try:
        asyncio.run(beside.run_demo(host, port, folder, click.echo))
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
    except app.CannotStart as reason:
        raise click.ClickException(str(reason)) from None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8081, show_default=True, help="Port, or the next free one.")
def sandbox(host: str, port: int) -> None:
    """Start only the stand-in for Telegram, for any bot to be pointed at."""
    try:
        asyncio.run(beside.run_sandbox(host, port, click.echo))
    except app.CannotStart as reason:
        raise click.ClickException(str(reason)) from None
