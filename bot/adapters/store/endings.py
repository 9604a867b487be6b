"""What follows in the outbox when a notice has ended: the rest is dropped, copies are edited, holders told.

All of it can be done again at any time and then adds only what is missing. So a copy that arrives a moment
after the end is found: for the rows of each batch of outcomes it is done again, and for these alone.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import bindparam, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.recipients import Key, add_edits, add_holders
from bot.adapters.store.schema import Instant, deliveries, mailing_holders, mailings, notices
from bot.core.notices.delivery import DeliveryState, Task
from bot.core.notices.states import ENDED, State

_STATES = (
    select(notices.c.id, notices.c.state)
    .where(notices.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(notices.c.id)
)
"""Asked for every batch of outcomes, hence made once."""


async def find_ended(
    connection: AsyncConnection, notice_ids: Iterable[str], for_outcomes: bool = False
) -> list[str]:
    """Return those of these notices that have ended, and keep all as they are for this transaction.

    On PostgreSQL an outcome and an ending could else pass each other unseen: the one finds no ending yet, the
    other no copy. Outcomes may be recorded side by side, endings not.
    """
    states = _STATES.with_for_update(read=for_outcomes)
    found = (await connection.execute(states, {"ids": sorted(set(notice_ids))})).all()
    return [row.id for row in found if State(row.state) in ENDED]


async def follow_endings(
    connection: AsyncConnection, ended: Collection[str], now: dt.datetime, rows: Collection[int] | None = None
) -> None:
    """Bring the outbox in line with the end of these notices; given `rows`, for these deliveries alone."""
    await _drop_the_rest(connection, ended, rows)
    moment = literal(now, Instant)
    edits = select(mailings.c.notice_id, mailings.c.revision).where(
        mailings.c.notice_id.in_(ended), mailings.c.task == Task.EDIT.value
    )
    for notice_id, revision in (await connection.execute(edits)).all():
        key = (notice_id, revision, Task.EDIT)
        if await add_edits(connection, key, moment, rows):
            await _reopen(connection, key)
    holders = (
        select(mailing_holders)
        .join(notices, notices.c.id == mailing_holders.c.notice_id)
        # What was wrong itself meanwhile is told to nobody more.
        .where(mailing_holders.c.holders_of.in_(ended), notices.c.state.not_in(sorted(ENDED)))
    )
    for of, notice_id, revision in (await connection.execute(holders)).all():
        key = (notice_id, revision, Task.SEND)
        if await add_holders(connection, key, of, moment, rows):
            await _reopen(connection, key)


async def _drop_the_rest(
    connection: AsyncConnection, ended: Collection[str], rows: Collection[int] | None
) -> None:
    waiting = update(deliveries).where(
        deliveries.c.notice_id.in_(ended) if rows is None else deliveries.c.id.in_(rows),
        deliveries.c.task != Task.EDIT.value,
        deliveries.c.state == DeliveryState.QUEUED.value,
    )
    never_left = {"state": DeliveryState.DROPPED.value, "reason": "the notice ended"}
    may_have_left = {"state": DeliveryState.UNCERTAIN.value, "reason": "the notice ended"}
    await connection.execute(waiting.where(deliveries.c.doubts == 0).values(never_left))
    await connection.execute(waiting.where(deliveries.c.doubts > 0).values(may_have_left))


async def _reopen(connection: AsyncConnection, key: Key) -> None:
    """Open a mailing that may have been done and has got new rows."""
    notice_id, revision, task = key
    this = (
        mailings.c.notice_id == notice_id,
        mailings.c.revision == revision,
        mailings.c.task == task.value,
        mailings.c.closed_at.is_not(None),
    )
    await connection.execute(update(mailings).where(*this).values(closed_at=None))
