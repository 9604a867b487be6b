"""The commands that carry a bot's chats and its whole database elsewhere, and back."""

from pathlib import Path
from typing import TextIO

import click
from sqlalchemy import make_url

from bot import app
from bot.adapters.store.backup import BackupRefused
from bot.adapters.store.backup import restore as put_back
from bot.adapters.store.chat_lines import LineRefused, read_line, write_line
from bot.adapters.store.database import files_of
from bot.adapters.store.lock import AlreadyDelivering, delivery_lock
from bot.commands.opening import Place, opened_place, opened_store, settings_of_store, waiting_for
from bot.core.answering.misses import SHOWN_FROM
from bot.core.chat import Chat
from bot.core.problem import counted, nearest

BATCH = 1_000
"""Chats saved in one transaction."""


@click.command()
@waiting_for
async def misses() -> None:
    """Print what people asked and got no certain answer to.

    This month's, as stems of words, never the question; shown once five different
    people asked.
    """
    async with opened_store() as store:
        found = await store.misses.list_shown()
    for missed in found:
        click.echo(f"{missed.askers:6}  {' '.join(missed.stems)}")
    if not found:
        click.echo(f"Nothing that {SHOWN_FROM} different people asked this month.", err=True)


@click.group()
def chats() -> None:
    """Carry subscriptions from one bot to another."""


@chats.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
@waiting_for
async def export_chats(file: TextIO) -> None:
    """Write subscribed chats as JSON lines. Each has chat id, language, areas, quiet hours."""
    count = 0
    async with opened_store() as store:
        async for chat in store.list_subscriptions():
            file.write(write_line(chat) + "\n")
            count += 1
    click.echo(counted(count, "chat"), err=True)


@chats.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option(
    "--again", is_flag=True, help="Also chats that are known here; the file then has the last word."
)
@waiting_for
async def import_chats(file: TextIO, again: bool) -> None:
    """Take in chats from JSON lines.

    A file with any mistake changes nothing. Chats that are known here keep what they
    chose here, and who said "stop" stays unsubscribed.
    """
    async with opened_place() as place:
        found, refused = _read_chats(file, place)
        if refused:
            for sentence in refused:
                click.echo(sentence, err=True)
            raise click.ClickException(f"{counted(len(refused), 'line')} refused, nothing was taken in")
        known = set() if again else await place.store.find_known(found)
        new = [chat for chat in found.values() if chat.id not in known]
        for start in range(0, len(new), BATCH):
            await place.store.save_chats(new[start : start + BATCH])
        stay = counted(len(found) - len(new), "chat")
        click.echo(f"{counted(len(new), 'chat')} taken in, {stay} known here already", err=True)


def _read_chats(file: TextIO, place: Place) -> tuple[dict[int, Chat], list[str]]:
    found: dict[int, Chat] = {}
    refused: list[str] = []
    areas, languages = place.book.areas.by_id, place.content.deployment.languages
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            chat = read_line(line)
        except LineRefused as reason:
            refused.append(f"line {number}: {reason}")
            continue
        for area in sorted(chat.areas - areas.keys()):
            meant = nearest(area, areas)
            refused.append(f"line {number}: areas: there is no area '{area}'; did you mean {meant or '...'}?")
        if chat.language is not None and chat.language not in languages:
            refused.append(f"line {number}: language: '{chat.language}' is not one of {', '.join(languages)}")
        if chat.id in found:
            refused.append(f"line {number}: chat_id: {chat.id} is there twice")
        found[chat.id] = chat
    return found, refused


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Also in the place of a file that is there.")
@waiting_for
async def backup(file: Path, yes: bool) -> None:
    """Copy the whole database into FILE, also while the bot runs."""
    _refuse_to_overwrite(file, yes)
    async with opened_store() as store:
        counts = await store.back_up(file, app.now())
    click.echo(f"{file}: " + ", ".join(f"{count} {table}" for table, count in counts.items()))


def _refuse_to_overwrite(file: Path, yes: bool) -> None:
    database = make_url(settings_of_store().database_url.get_secret_value()).database
    if file.resolve() in files_of(Path(database or "").resolve()):
        raise click.ClickException(f"{file}: this is the database itself")
    if file.exists() and not yes:
        raise click.ClickException(f"{file}: there is such a file; with --yes it is replaced")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask; all that is in the database now is lost.")
@waiting_for
async def restore(file: Path, yes: bool) -> None:
    """Put a backup in the place of the database. Stop the bot first.

    What waits to be sent is held until a person releases it: the backup does not
    know what was sent after it was made.
    """
    if not yes:
        click.confirm("Everything that is in the database now is lost. Go on?", abort=True)
    url = settings_of_store().database_url.get_secret_value()
    try:
        async with delivery_lock(url, app.now()):
            counts = await put_back(file, url, app.now())
    except (AlreadyDelivering, BackupRefused) as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(f"{file}: " + ", ".join(f"{count} {table}" for table, count in counts.items()))
    click.echo("What waits to be sent is held until an operator releases it.")
