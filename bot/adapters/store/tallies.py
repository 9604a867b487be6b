"""What is left of deliveries of long ago: no row for each, but how many ended how."""

import datetime as dt
from collections import Counter

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import insert
from bot.adapters.store.recipients import CHANNEL_FIRST, Key
from bot.adapters.store.schema import deliveries, mailings, notices, tallies
from bot.core.notices.delivery import FINAL
from bot.core.notices.states import ENDED, State

AT_A_TIME = 1000
"""Rows of one transaction: whoever else writes waits no longer than that takes."""

OVER = sorted(ENDED | {State.MISSED})
"""States out of which nothing is sent any more; of a drill that was missed there is the word ahead."""


def over_before(moment: dt.datetime) -> Select[tuple[str]]:
    """Return the query for the notices that ended before."""
    return select(notices.c.id).where(notices.c.state.in_(OVER), notices.c.ended_at < moment)


async def sum_up(connection: AsyncConnection, ended_before: dt.datetime) -> int:
    """Count some final deliveries of notices that ended before, delete them, and return how many they were.

    With none left their mailings go too.
    """
    old = deliveries.c.notice_id.in_(over_before(ended_before)), deliveries.c.state.in_(sorted(FINAL))
    some = select(deliveries.c.id).where(*old).limit(AT_A_TIME)
    told = (deliveries.c[name] for name in ("notice_id", "revision", "task", "state", "place"))
    gone = (
        await connection.execute(
            delete(deliveries).where(deliveries.c.id.in_(some.scalar_subquery())).returning(*told)
        )
    ).all()
    if not gone:
        await connection.execute(delete(mailings).where(*_done_with(ended_before)))
        return 0
    counts = Counter((row[:4], row.place == CHANNEL_FIRST) for row in gone)
    row = insert(connection, tallies)
    more = row.on_conflict_do_update(
        index_elements=list(tallies.primary_key.columns),
        set_={"count": tallies.c.count + row.excluded.count},
    )
    names = ("notice_id", "revision", "task", "state", "in_channel", "count")
    rows = [dict(zip(names, (*key, in_channel, n), strict=True)) for (key, in_channel), n in counts.items()]
    await connection.execute(more, rows)
    return len(gone)


async def count_tallies(connection: AsyncConnection, key: Key, besides_channel: bool = False) -> Counter[str]:
    """Return how many deliveries of a mailing that are rows no more ended in each state."""
    notice_id, revision, task = key
    query = select(tallies.c.state, tallies.c.count).where(
        tallies.c.notice_id == notice_id, tallies.c.revision == revision, tallies.c.task == task.value
    )
    if besides_channel:
        query = query.where(tallies.c.in_channel.is_(False))
    found: Counter[str] = Counter()
    for state, count in await connection.execute(query):
        found[state] += count
    return found


def _done_with(ended_before: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    left = exists().where(
        deliveries.c.notice_id == mailings.c.notice_id,
        deliveries.c.revision == mailings.c.revision,
        deliveries.c.task == mailings.c.task,
    )
    return mailings.c.notice_id.in_(over_before(ended_before)), ~left
