"""What follows in the outbox when a notice has ended: the rest is dropped, copies are edited, holders told.

All of it can be done again at any time and then adds only what is missing. That is how a copy that arrives a
moment after the end is found: after each batch of outcomes it is simply done again.
"""

import datetime as dt
import json
from collections.abc import Iterable

from sqlalchemy import bindparam, exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.encoding import read_words
from bot.adapters.store.recipients import add_edits, add_holders
from bot.adapters.store.schema import Instant, deliveries, mailings, notices
from bot.core.notices.delivery import DeliveryState, Task
from bot.core.notices.priority import Lane
from bot.core.notices.record import Mailing
from bot.core.notices.states import ENDED

_ENDED = select(notices.c.id).where(
    notices.c.id.in_(bindparam("ids", expanding=True)),
    notices.c.state.in_(sorted(state.value for state in ENDED)),
)
"""Asked after every batch of outcomes, hence made once."""


async def follow_endings(connection: AsyncConnection, notice_ids: Iterable[str], now: dt.datetime) -> None:
    """Bring the outbox in line with the endings of those among these notices that have ended."""
    ended = list((await connection.execute(_ENDED, {"ids": sorted(set(notice_ids))})).scalars())
    if not ended:
        return
    await _drop_the_rest(connection, ended)
    moment = literal(now, Instant)
    edits = mailings.c.notice_id.in_(ended) & (mailings.c.task == Task.EDIT.value)
    for mailing, _ in await _mailings(connection, edits):
        await add_edits(connection, mailing, moment)
    for mailing, of in await _mailings(connection, mailings.c.holders_of != "[]"):
        if not set(of).isdisjoint(ended):
            await add_holders(connection, mailing, of, moment)
    await _reopen(connection)


async def _drop_the_rest(connection: AsyncConnection, ended: list[str]) -> None:
    waiting = update(deliveries).where(
        deliveries.c.notice_id.in_(ended),
        deliveries.c.task != Task.EDIT.value,
        deliveries.c.state == DeliveryState.QUEUED.value,
    )
    never_left = {"state": DeliveryState.DROPPED.value, "reason": "the notice ended"}
    may_have_left = {"state": DeliveryState.UNCERTAIN.value, "reason": "the notice ended"}
    await connection.execute(waiting.where(deliveries.c.doubts == 0).values(never_left))
    await connection.execute(waiting.where(deliveries.c.doubts > 0).values(may_have_left))


async def _mailings(connection: AsyncConnection, which: object) -> list[tuple[Mailing, list[str]]]:
    rows = await connection.execute(select(mailings).where(which))  # type: ignore[arg-type] # an SQL condition
    return [
        (
            Mailing(
                row.notice_id,
                row.revision,
                Task(row.task),
                Lane(row.lane),
                row.rings,
                read_words(row.words),
                row.default_language,
            ),
            json.loads(row.holders_of),
        )
        for row in rows
    ]


async def _reopen(connection: AsyncConnection) -> None:
    """Open the mailings that were done and have got new rows."""
    waiting = exists().where(
        deliveries.c.notice_id == mailings.c.notice_id,
        deliveries.c.revision == mailings.c.revision,
        deliveries.c.task == mailings.c.task,
        deliveries.c.state == DeliveryState.QUEUED.value,
    )
    await connection.execute(
        update(mailings).where(mailings.c.closed_at.is_not(None), waiting).values(closed_at=None)
    )
