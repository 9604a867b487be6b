"""A copy of the whole database in one SQLite file, made while it is in use, and the way back.

The file is the same whichever database it came from, so it also carries a bot from one kind to the other. A
restored database has forgotten what was sent after the copy was made: everything that waits in it is held
until a person decides.
"""

import asyncio
import datetime as dt
import logging
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Table, insert, make_url, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import facts
from bot.adapters.store.database import Database, TooNew, connect, files_of, is_postgresql, store_errors
from bot.adapters.store.integrity import find_damage
from bot.adapters.store.schema import CARRIED, audit, deliveries, lanes, mailings, notices
from bot.adapters.store.schema import facts as facts_table
from bot.core.notices.delivery import Task
from bot.core.notices.states import PENDING, State

log = logging.getLogger(__name__)

PAGE = 500


class BackupRefused(Exception):
    """A backup that cannot be restored; the message says why, and nothing was changed."""


async def back_up(database: Database, target: Path, now: dt.datetime) -> dict[str, int]:
    """Write a copy as it is at one moment, and return how many rows each table has.

    `target` appears whole or not at all.

    Raises:
        StoreUnavailable: the database is away, or the file cannot be written.
    """
    unfinished = target.with_name(f"{target.name}.unfinished")
    with store_errors():
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(unfinished)
        try:
            counts = await _write_copy(database, unfinished)
            await asyncio.to_thread(_make_plain, unfinished)
            os.replace(unfinished, target)
        except BaseException:
            _remove(unfinished)
            raise
    return counts


async def _write_copy(database: Database, target: Path) -> dict[str, int]:
    copy = await connect(f"sqlite:///{target}")
    try:
        async with database.reading() as source:
            if is_postgresql(source):
                await source.execution_options(isolation_level="REPEATABLE READ")
            async with copy.writing() as connection:
                return {table.name: await _copy(source, connection, table) for table in CARRIED}
    finally:
        await copy.close()


def _remove(path: Path) -> None:
    for file in files_of(path):
        file.unlink(missing_ok=True)


async def restore(source: Path, url: str, now: dt.datetime) -> dict[str, int]:
    """Put a copy in the place of all that the database holds, and hold everything that waits in it.

    A damaged file of SQLite's is moved aside, and its new name told in the log: nothing can be put into it.

    Raises:
        BackupRefused: the file is no whole backup.
        StoreUnavailable: the database is away.
    """
    with TemporaryDirectory() as folder:
        scratch = Path(folder) / "copy.db"
        await asyncio.to_thread(_take, source, scratch)
        try:
            # An older copy is brought up to date on the way; the file itself stays as it is.
            copy = await connect(f"sqlite:///{scratch}")
        except TooNew as reason:
            raise BackupRefused(f"{source}: {reason}") from None
        try:
            if await find_damage(url) is None:
                return await _put_into(url, copy, now)
            return await _put_in_the_place_of(Path(make_url(url).database or ""), copy, now)
        finally:
            await copy.close()


def _take(source: Path, scratch: Path) -> None:
    if not source.is_file():
        raise BackupRefused(f"{source}: there is no such file")
    if (wrong := check_file(source)) is not None:
        raise BackupRefused(f"{source}: {wrong}")
    # Not its bytes: the newest rows may stand in a second file beside it.
    with store_errors(), closing(_reading(source)) as given, closing(sqlite3.connect(scratch)) as copy:
        given.backup(copy)


def check_file(path: Path) -> str | None:
    """Return what is wrong with a backup's file, or None where SQLite finds it whole."""
    try:
        with closing(_reading(path)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT count(*) FROM chats")
    except sqlite3.Error as error:
        return f"this is no backup of ours ({error})"
    return None if found == "ok" else f"the file is damaged: {found}"


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


async def _put_into(url: str, copy: Database, now: dt.datetime) -> dict[str, int]:
    database = await connect(url)
    try:
        async with copy.reading() as source, database.writing() as target:
            await _empty(target)
            counts = {table.name: await _copy(source, target, table) for table in CARRIED}
            await _count_on(target)
            await _hold_everything(target, now)
    finally:
        await database.close()
    return counts


async def _put_in_the_place_of(damaged: Path, copy: Database, now: dt.datetime) -> dict[str, int]:
    """Make a new file, and only once that is whole move the damaged one aside."""
    fresh = damaged.with_name(f"{damaged.name}.restoring")
    aside = damaged.with_name(f"{damaged.name}.damaged-{now:%Y-%m-%dT%H%M%S}")
    with store_errors():
        _remove(fresh)
        counts = await _put_into(f"sqlite:///{fresh}", copy, now)
        await asyncio.to_thread(_make_plain, fresh)
        for old, new in zip(files_of(damaged), files_of(aside), strict=True):
            with suppress(FileNotFoundError):
                os.rename(old, new)
        os.replace(fresh, damaged)
    log.warning("the damaged database was moved to %s", aside)
    return counts


async def _copy(source: AsyncConnection, target: AsyncConnection, table: Table) -> int:
    """Copy one table in the order of its key, page by page: a city's rows never stand in memory at once."""
    copied = 0
    async with source.stream(select(table).order_by(*table.primary_key.columns)) as found:
        async for rows in found.mappings().partitions(PAGE):
            await target.execute(insert(table), [dict(row) for row in rows])
            copied += len(rows)
    return copied


async def _empty(target: AsyncConnection) -> None:
    if is_postgresql(target):
        names = ", ".join(table.name for table in CARRIED)
        await target.execute(text(f"TRUNCATE {names}"))
        return
    # Only a restore may take the log away, and only to put the copy's in its place.
    triggers = (
        await target.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    ).all()
    for name, _ in triggers:
        await target.execute(text(f"DROP TRIGGER {name}"))
    for table in reversed(CARRIED):
        await target.execute(table.delete())
    for _, statement in triggers:
        await target.exec_driver_sql(statement)


async def _count_on(target: AsyncConnection) -> None:
    """PostgreSQL's counters do not see ids that were given to them: they would give the same once more."""
    if not is_postgresql(target):
        return
    for table in (deliveries, audit):
        await target.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"  # noqa: S608 - our own names
                f" (SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"
            )
        )


async def _hold_everything(target: AsyncConnection, now: dt.datetime) -> None:
    """What waits may have been sent after the copy was made; only a person lets it go on."""
    await target.execute(update(notices).where(notices.c.state.in_(sorted(PENDING))).values(restored=True))
    await target.execute(
        update(notices)
        .where(notices.c.state == State.PUBLISHING.value)
        .values(state=State.STOPPED.value, restored=True)
    )
    # Edits go on: one more of the same rings nowhere and changes nothing.
    is_message = mailings.c.task != Task.EDIT.value
    await target.execute(
        update(mailings).where(mailings.c.closed_at.is_(None), is_message).values(paused=True)
    )
    await target.execute(lanes.delete())
    values = {facts.RESTORED_AT: now.isoformat(), facts.UNREAD_SINCE_RESTORE: "yes"}
    await target.execute(facts_table.delete().where(facts_table.c.name.in_(values)))
    await target.execute(
        insert(facts_table), [{"name": name, "value": value} for name, value in values.items()]
    )
    await target.execute(
        insert(audit),
        {"at": now, "who": None, "what": "restored", "notice_id": "", "revision": 0, "detail": ""},
    )


def _make_plain(path: Path) -> None:
    """Bring everything into the one file: without it the newest rows stand in a second one beside."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
