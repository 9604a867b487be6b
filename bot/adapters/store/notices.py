"""Notices as they are kept, and the one way to change them: a whole decision in one transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, delete, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import facts
from bot.adapters.store.audit import write_entries
from bot.adapters.store.database import Database, insert
from bot.adapters.store.encoding import notice_row, read_notice, write_words
from bot.adapters.store.endings import find_ended, follow_endings
from bot.adapters.store.recipients import NOBODY, add_recipients
from bot.adapters.store.schema import (
    Instant,
    approvals,
    deliveries,
    mailing_holders,
    mailings,
    notices,
)
from bot.core.notices.approval import Approval
from bot.core.notices.delivery import DeliveryState, Task
from bot.core.notices.record import (
    Change,
    EmptyAudience,
    Holders,
    Launch,
    Mailing,
    Move,
    Overtaken,
    Record,
)
from bot.core.notices.states import ENDED, State


class NoticeTable:
    """The notices of one database. Every method raises StoreUnavailable when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unreadable: dict[str, str] = {}

    def unreadable(self) -> Mapping[str, str]:
        """Return the notices left out of lists because their rows make no sense, and why."""
        return self._unreadable

    async def find_notice(self, notice_id: str) -> Record | None:
        """Return one notice."""
        found = await self._select(notices.c.id == notice_id)
        return found[0] if found else None

    async def list_notices(self, states: Iterable[State] | None = None) -> tuple[Record, ...]:
        """Return the notices in these states, or all, the oldest first."""
        if states is None:
            return await self._select(literal(value=True))
        return await self._select(notices.c.state.in_(sorted(states)))

    async def list_series(self, series: str) -> tuple[Record, ...]:
        """Return the occurrences of a series that were made, in the order of their times."""
        found = await self._select(notices.c.series == series)
        return tuple(sorted(found, key=lambda record: record.occurrence or ""))

    async def is_fresh_from_backup(self) -> bool:
        """Return whether the database was restored and no files have been read into it since."""
        async with self._database.reading() as connection:
            return await facts.find(connection, facts.UNREAD_SINCE_RESTORE) is not None

    async def note_files_read(self) -> None:
        """Remember that the files have been read since the last restore."""
        if not await self.is_fresh_from_backup():
            return
        async with self._database.writing() as connection:
            await facts.forget(connection, facts.UNREAD_SINCE_RESTORE)

    async def find_restored_at(self) -> dt.datetime | None:
        """Return when the database was last put back from a backup."""
        async with self._database.reading() as connection:
            found = await facts.find(connection, facts.RESTORED_AT)
        return dt.datetime.fromisoformat(found) if found else None

    async def apply(self, change: Change, now: dt.datetime) -> int:
        """Commit a decision as a whole, and return how many recipients its mailing has.

        Raises:
            Overtaken: a notice is no longer as the decision saw it.
            EmptyAudience: the mailing would go to nobody.
        """
        async with self._database.writing() as connection:
            # In the order in which outcomes are recorded: else the two could block one another.
            await find_ended(connection, [move.before.id for move in change.moves])
            for move in change.moves:
                await self._move(connection, move, now)
            for record in change.added:
                await self._add(connection, record)
            reached = 0
            if change.launch is not None:
                reached = await self._launch(connection, change.launch, now)
            ended = [move.after.id for move in change.moves if move.after.state in ENDED]
            if ended:
                await follow_endings(connection, ended, now)
            await write_entries(connection, change.entries)
        return reached

    async def _select(self, condition: Any) -> tuple[Record, ...]:
        query = select(notices).where(condition).order_by(notices.c.created_at, notices.c.id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
            given = await self._approvals(connection, rows)
        return tuple(found for row in rows if (found := self._read(row, given.get(row.id, ()))) is not None)

    def _read(self, row: Row[Any], given: tuple[Approval, ...]) -> Record | None:
        """Return a notice; None for one that another edition of the program wrote, which stops no other."""
        try:
            found = read_notice(row, given)
        except (ValueError, KeyError, TypeError) as why:
            self._unreadable[row.id] = type(why).__name__
            return None
        self._unreadable.pop(row.id, None)
        return found

    async def _approvals(
        self, connection: AsyncConnection, rows: Sequence[Row[Any]]
    ) -> dict[str, tuple[Approval, ...]]:
        found: dict[str, tuple[Approval, ...]] = {}
        if rows:
            of_these = approvals.c.notice_id.in_([row.id for row in rows])
            query = select(approvals).where(of_these).order_by(approvals.c.person)
            for row in await connection.execute(query):
                found[row.notice_id] = (*found.get(row.notice_id, ()), Approval(row.person, row.fingerprint))
        return found

    async def _add(self, connection: AsyncConnection, record: Record) -> None:
        try:
            await connection.execute(notices.insert().values(notice_row(record)))
        except IntegrityError:
            raise Overtaken(record.id) from None
        await self._put_approvals(connection, record)

    async def _move(self, connection: AsyncConnection, move: Move, now: dt.datetime) -> None:
        before, after = move.before, move.after
        changed = await connection.execute(
            update(notices)
            .where(
                notices.c.id == before.id,
                notices.c.revision == before.revision,
                notices.c.state == before.state.value,
                # To keep holding what is held, and to schedule anew what is scheduled, changes no state.
                notices.c.by_person == before.by_person,
                notices.c.held_since.is_not_distinct_from(before.held_since),
            )
            .values(notice_row(after))
        )
        if changed.rowcount != 1:
            raise Overtaken(before.id)
        if after.revision != before.revision:
            await connection.execute(delete(approvals).where(approvals.c.notice_id == after.id))
        await self._put_approvals(connection, after)
        if after.state is not before.state and State.STOPPED in (before.state, after.state):
            await connection.execute(
                update(mailings)
                .where(mailings.c.notice_id == after.id, mailings.c.task == Task.SEND.value)
                .values(paused=after.state is State.STOPPED)
            )
        if move.edit is not None:
            await self._open_edit(connection, move.edit, now)

    async def _put_approvals(self, connection: AsyncConnection, record: Record) -> None:
        for approval in record.approvals:
            row = insert(connection, approvals).values(
                notice_id=record.id, person=approval.person, fingerprint=approval.fingerprint
            )
            await connection.execute(
                row.on_conflict_do_update(
                    index_elements=[approvals.c.notice_id, approvals.c.person],
                    set_={"fingerprint": row.excluded.fingerprint},
                )
            )

    async def _launch(self, connection: AsyncConnection, launch: Launch, now: dt.datetime) -> int:
        mailing = launch.mailing
        await connection.execute(mailings.insert().values(_mailing_row(mailing, now)))
        if isinstance(launch.audience, Holders) and launch.audience.of:
            whose = [
                {"holders_of": of, "notice_id": mailing.notice_id, "revision": mailing.revision}
                for of in sorted(set(launch.audience.of))
            ]
            await connection.execute(mailing_holders.insert(), whose)
        reached = await add_recipients(connection, launch, literal(now, Instant))
        if launch.is_empty(reached):
            raise EmptyAudience(mailing.notice_id)
        return reached

    async def _open_edit(self, connection: AsyncConnection, edit: Mailing, now: dt.datetime) -> None:
        row = insert(connection, mailings).values(_mailing_row(edit, now))
        new = {name: row.excluded[name] for name in ("lane", "words", "opened_at", "closed_at", "paused")}
        key = [mailings.c.notice_id, mailings.c.revision, mailings.c.task]
        await connection.execute(row.on_conflict_do_update(index_elements=key, set_=new))
        # Copies already edited, for an earlier ending, are edited once more. A new number of attempts makes
        # the outcome of an edit that is under way now count for nothing.
        await connection.execute(
            update(deliveries)
            .where(
                and_(
                    deliveries.c.notice_id == edit.notice_id,
                    deliveries.c.revision == edit.revision,
                    deliveries.c.task == Task.EDIT.value,
                    deliveries.c.chat_id > NOBODY,
                    deliveries.c.state.not_in((DeliveryState.REFUSED.value, DeliveryState.DROPPED.value)),
                )
            )
            .values(
                state=DeliveryState.QUEUED.value,
                attempts=deliveries.c.attempts + 1,
                not_before=now,
                started_at=None,
            )
        )


def _mailing_row(mailing: Mailing, now: dt.datetime) -> dict[str, Any]:
    return {
        "notice_id": mailing.notice_id,
        "revision": mailing.revision,
        "task": mailing.task.value,
        "lane": int(mailing.lane),
        "rings": mailing.rings,
        "words": write_words(mailing.words),
        "default_language": mailing.default,
        "paused": False,
        "opened_at": now,
        "closed_at": None,
    }
