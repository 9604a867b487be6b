"""The command that runs the bot: settings, then the right to deliver, and only then all the rest."""

import asyncio
import datetime as dt
import os
import sys
from contextlib import AsyncExitStack, suppress

import click

from bot import machine
from bot.adapters.store.lock import AlreadyDelivering, delivery_lock
from bot.commands.options import tell
from bot.core.chat import StoreUnavailable
from bot.settings import SettingsError, load


@click.command()
def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C, SIGTERM).

    Everything is set by environment variables; the README lists them. Exits with
    2 when a setting is wrong, with 1 when the content is or another one runs.
    """
    sys.exit(asyncio.run(_run()))


async def _run() -> int:
    async with AsyncExitStack() as held:
        try:
            # First of all: the ports of a bot that runs already are taken, and that is not what is wrong. The
            # program says what keeps the right from being asked for.
            lock = None
            with suppress(SettingsError, StoreUnavailable):
                url = load(os.environ).database_url.get_secret_value()
                lock = await held.enter_async_context(delivery_lock(url, dt.datetime.now(dt.UTC)))
            settings = load(os.environ, machine.unusable)
        except AlreadyDelivering as reason:
            click.echo(str(reason), err=True)
            return 1
        except SettingsError as error:
            tell(error)
            return 2
        # A second and more to load: whoever is started by mistake has been told by now.
        from bot import app
        from bot.commands.checking import show

        try:
            await app.run(settings, lock)
        except app.ContentRefused as refused:
            show(refused.problems)
            return 1
        except app.CannotStart as reason:
            click.echo(str(reason), err=True)
            return 2 if isinstance(reason, app.WrongSetting) else 1
    return 0
