"""What the commands open: the bot's database, also while the bot runs, and the content beside it."""

import asyncio
import datetime as dt
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot import app
from bot.adapters.store import SqlStore
from bot.core.chat import StoreUnavailable
from bot.core.content import Content
from bot.core.notices.book import NoticeBook
from bot.core.notices.console.card import Cards
from bot.core.notices.freezing import Rules, audience_of
from bot.core.notices.installation import rules_of
from bot.core.notices.record import Record
from bot.core.notices.review import draft
from bot.core.problem import nearest
from bot.settings import Settings, SettingsError, load

Run = Callable[..., Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command looks: the store, and the content with its notices."""

    store: SqlStore
    content: Content
    book: NoticeBook
    rules: Rules

    @property
    def zone(self) -> ZoneInfo:
        """The installation's time zone."""
        return ZoneInfo(self.rules.zone_name)

    def cards(self, language: str | None) -> Cards:
        """Return what describes notices, in English where the installation speaks it."""
        languages = self.content.deployment.languages
        if language is not None and language not in languages:
            raise click.BadParameter(
                f"'{language}' is not one of {', '.join(languages)}", param_hint="--lang"
            )
        spoken = language or ("en" if "en" in languages else self.content.deployment.default_language)
        return Cards(self.book.operator_phrases, self.rules, spoken, app.now())

    async def find(self, notice_id: str) -> Record:
        """Return a notice of the store, or one that is only a file so far.

        Raises:
            ClickException: there is none.
        """
        found = await self.store.notices.find_notice(notice_id)
        written = {one.id: one for one in self.book.announcements()}
        if found is None and notice_id in written:
            return draft(written[notice_id], app.now())
        if found is None:
            known = {*written, *(record.id for record in await self.store.notices.list_notices())}
            meant = nearest(notice_id, known)
            hint = f"; did you mean {meant}?" if meant else ""
            raise click.ClickException(f"there is no notice '{notice_id}'{hint}")
        return found

    async def count(self, record: Record) -> int:
        """Return how many chats would get it now."""
        audience = audience_of(record.announcement, record.announcement.references, self.rules)
        return await self.store.audiences.count(audience)

    def local(self, instant: dt.datetime) -> str:
        """Return a time by the installation's clock."""
        return f"{instant.astimezone(self.zone):%Y-%m-%d %H:%M}"


def data_folder() -> Path:
    """Return the folder where the bot keeps what it learnt, for commands that need no other setting."""
    return Path(os.environ.get("BOT_DATA_DIR") or "data")


def settings_of_store() -> Settings:
    """Return the settings. The token is none of these commands' business and may be missing."""
    try:
        return load({"BOT_TOKEN": "0:none"} | dict(os.environ))
    except SettingsError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)


@asynccontextmanager
async def opened_store() -> AsyncIterator[SqlStore]:
    """Open the database that the bot uses; the bot may be using it."""
    store = await SqlStore.open(settings_of_store().database_url.get_secret_value(), app.now)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def opened_place() -> AsyncIterator[Place]:
    """Open the database, and the content beside it."""
    settings = settings_of_store()
    try:
        content = app.load_content(settings.content_dir)
    except app.ContentRefused as refused:
        raise click.ClickException(f"{refused}; run: python -m bot check") from None
    if content.notices is None:
        raise click.ClickException("this content has no notices")
    rules = rules_of(content, content.notices, trusted=settings.operators)
    async with opened_store() as store:
        yield Place(store, content, content.notices, rules)


def waiting_for(run: Run) -> Callable[..., None]:
    """Make a command of a coroutine; a database that is away ends it with one sentence."""

    @wraps(run)
    def command(*given: Any, **named: Any) -> None:
        try:
            asyncio.run(run(*given, **named))
        except StoreUnavailable as reason:
            raise click.ClickException(str(reason)) from None

    return command
