"""The command that runs the bot: settings, then the right to deliver, and only then all the rest."""

import asyncio
import datetime as dt
import os
import sys
from contextlib import suppress

import click

from bot.adapters.store.lock import AlreadyDelivering, delivery_lock
from bot.core.chat import StoreUnavailable
from bot.settings import SettingsError, load


@click.command()
def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C, SIGTERM).

    Everything is set by environment variables; the README lists them. Exits with
    2 when a setting is wrong, with 1 when the content is or another one runs.
    """
    try:
        settings = load(os.environ)
    except SettingsError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)
    try:
        asyncio.run(_ask_for_the_right(settings.database_url.get_secret_value()))
    except AlreadyDelivering as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
    # A second and more to load: whoever is started by mistake has been told by now.
    from bot import app
    from bot.commands.checking import show

    try:
        app.run(settings)
    except app.ContentRefused as refused:
        show(refused.problems)
        sys.exit(1)
    except app.CannotStart as reason:
        click.echo(str(reason), err=True)
        sys.exit(2 if isinstance(reason, app.WrongSetting) else 1)


async def _ask_for_the_right(url: str) -> None:
    """Take the right for a moment; the program takes it anew, for as long as it runs."""
    with suppress(StoreUnavailable):  # the program says what is wrong with it
        async with delivery_lock(url, dt.datetime.now(dt.UTC)):
            return
