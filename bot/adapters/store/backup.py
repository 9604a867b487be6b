"""A copy of the whole database in one SQLite file, made while it is in use, and the way back.

The file is the same whichever database it came from, so it also carries a bot from one kind to the other. A
restored database has forgotten what was sent after the copy was made: everything that waits in it is held
until a person decides.
"""

import asyncio
import datetime as dt
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Table, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import facts
from bot.adapters.store.database import Database, connect, is_postgresql, store_errors
from bot.adapters.store.schema import CARRIED, audit, deliveries, lanes, mailings, notices
from bot.adapters.store.schema import facts as facts_table
from bot.core.notices.delivery import Task
from bot.core.notices.states import PENDING, State

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
        unfinished.unlink(missing_ok=True)
        copy = await connect(f"sqlite:///{unfinished}")
        try:
            async with database.reading() as source:
                if is_postgresql(source):
                    await source.execution_options(isolation_level="REPEATABLE READ")
                async with copy.writing() as connection:
                    counts = {table.name: await _copy(source, connection, table) for table in CARRIED}
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        finally:
            await copy.close()
        await asyncio.to_thread(_make_plain, unfinished)
        os.replace(unfinished, target)
    return counts


async def restore(source: Path, url: str, now: dt.datetime) -> dict[str, int]:
    """Put a copy in the place of all that the database holds, and hold everything that waits in it.

    Raises:
        BackupRefused: the file is no whole backup.
        StoreUnavailable: the database is away.
    """
    with TemporaryDirectory() as folder:
        scratch = Path(folder) / "copy.db"
        # An older copy is brought up to date on the way; the file itself stays as it is.
        await asyncio.to_thread(_take, source, scratch)
        copy = await connect(f"sqlite:///{scratch}")
        try:
            database = await connect(url)
            try:
                counts = await _replace_all(copy, database, now)
            finally:
                await database.close()
        finally:
            await copy.close()
    return counts


def _take(source: Path, scratch: Path) -> None:
    if not source.is_file():
        raise BackupRefused(f"{source}: there is no such file")
    if (wrong := check_file(source)) is not None:
        raise BackupRefused(f"{source}: {wrong}")
    shutil.copyfile(source, scratch)


def check_file(path: Path) -> str | None:
    """Return what is wrong with a backup's file, or None where SQLite finds it whole."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT count(*) FROM chats")
    except sqlite3.Error as error:
        return f"this is no backup of ours ({error})"
    return None if found == "ok" else f"the file is damaged: {found}"


async def _replace_all(copy: Database, database: Database, now: dt.datetime) -> dict[str, int]:
    async with copy.reading() as source, database.writing() as target:
        await _empty(target)
        counts = {table.name: await _copy(source, target, table) for table in CARRIED}
        await _count_on(target)
        await _hold_everything(target, now)
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
