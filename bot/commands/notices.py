"""The commands about notices: what is due, how it reads, whom it reaches, what happened."""

import asyncio

import click

from bot import app
from bot.commands.opening import opened_place, opened_store, waiting_for
from bot.core.notices.checking import book_problems
from bot.core.notices.console.facts import Speed
from bot.core.notices.freezing import Unfit
from bot.core.notices.review import draft
from bot.core.notices.states import PENDING, State
from bot.workflows.ask import as_text

DUE_FIRST = (
    State.PUBLISHING,
    State.STOPPED,
    State.HELD,
    State.IN_REVIEW,
    State.SCHEDULED,
    State.APPROVED,
    State.ACTIVE,
    State.DRAFT,
    State.REJECTED,
)

MEASURED_OVER = 2.0
"""Seconds over which the rate of a live send is measured."""

language_option = click.option("--lang", "language", help="Language of the output.")


@click.group()
def notices() -> None:
    """Look at notices: what is due, how it reads, what happened."""


@notices.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what is over.")
@language_option
@waiting_for
async def list_all(everything: bool, language: str | None) -> None:
    """List what is in hand and the drafts in files.

    The most pressing comes first.
    """
    async with opened_place() as place:
        cards = place.cards(language)
        records = [*await place.store.notices.list_notices()]
        known = {record.id for record in records}
        records += [draft(one, app.now()) for one in place.book.announcements() if one.id not in known]
        listed = [record for record in records if everything or record.state in DUE_FIRST]
        order = [*DUE_FIRST, *State]
        for record in sorted(listed, key=lambda one: (order.index(one.state), one.id)):
            when = place.local(record.times.publish) if record.times else record.announcement.publish or "-"
            headline = record.announcement.headline.get(cards.language, "")
            click.echo(f"{record.state.value:<11} {when:<16} {record.id:<32} {headline}")
        if not listed:
            click.echo("nothing")


@notices.command()
@click.argument("notice_id")
@language_option
@waiting_for
async def show(notice_id: str, language: str | None) -> None:
    """Show a notice: its facts, how far it is, and how fast."""
    async with opened_place() as place:
        record = await place.find(notice_id)
        progress = await place.store.outbox.progress(record.id, record.revision)
        count = await place.count(record) if not progress.total else None
        speed = None
        if record.state is State.PUBLISHING and progress.left:
            before = progress
            await asyncio.sleep(MEASURED_OVER)
            progress = await place.store.outbox.progress(record.id, record.revision)
            speed = Speed.between(before, progress, MEASURED_OVER)
        click.echo(place.cards(language).card(record, count, progress, speed).text.words)
        for approval in record.approvals:
            click.echo(f"approved by {approval.person}: {approval.fingerprint[:8]}")
        uncertain = await place.store.outbox.list_uncertain(record.id)
        for delivery in uncertain:
            click.echo(f"uncertain: chat {delivery.chat_id}: {delivery.reason}")


@notices.command()
@click.argument("notice_id")
@click.option("--lang", "language", help="Only this language.")
@waiting_for
async def preview(notice_id: str, language: str | None) -> None:
    """Show what residents will see, and how many they are."""
    async with opened_place() as place:
        record = await place.find(notice_id)
        cards = place.cards(language)
        try:
            messages = cards.messages(record)
        except Unfit as why:
            raise click.ClickException(str(why)) from None
        for spoken, message in zip(place.rules.languages, messages, strict=True):
            if language in (None, spoken):
                click.echo(f"--- {spoken} ---\n{as_text(message)}\n")
        click.echo(f"recipients now: {await place.count(record)}")
        file = place.book.file_of(record.announcement)
        if record.state in (State.DRAFT, *PENDING):
            for problem in book_problems(place.content, app.now()):
                if problem.file == file:
                    click.echo(str(problem))


@notices.command()
@click.argument("notice_id")
@waiting_for
async def history(notice_id: str) -> None:
    """Show everything that happened to a notice, the first thing first."""
    async with opened_place() as place:
        entries = await place.store.audit.history(notice_id)
        if not entries:
            await place.find(notice_id)
            click.echo("nothing yet")
        for entry in entries:
            who = f"by {entry.who}" if entry.who else "by the bot"
            detail = f": {entry.detail}" if entry.detail else ""
            click.echo(f"{place.local(entry.at)} {entry.what} {who}, version {entry.revision}{detail}")


@notices.command("log")
@waiting_for
async def whole_log() -> None:
    """Print all that operators and the bot did, as JSON lines."""
    async with opened_store() as store:
        async for line in store.audit.export():
            click.echo(line)
