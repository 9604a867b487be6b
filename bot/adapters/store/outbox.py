"""The outbox: who is next, what became of each attempt, how far each mailing is."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Row,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.chats import ChatTable, read_quiet
from bot.adapters.store.database import Database, insert
from bot.adapters.store.encoding import read_words
from bot.adapters.store.endings import find_ended, follow_endings
from bot.adapters.store.leaving import NAMELESS, NOT_AGAIN
from bot.adapters.store.recipients import NOBODY, Key
from bot.adapters.store.schema import Instant, chat_areas, deliveries, lanes, mailings
from bot.adapters.store.tallies import count_tallies, over_before, sum_up
from bot.core.message import Room
from bot.core.notices.delivery import FINAL, Delivery, DeliveryState, Progress, Task, recover
from bot.core.notices.priority import Lane
from bot.core.notices.record import Claim, Mailing, Marked

BULK = "bulk"
"""The lane of broadcasts; replies have none here."""

NOT_FINAL = tuple(state.value for state in DeliveryState if state not in FINAL)


class Outbox:
    """The deliveries of one database. Every method raises StoreUnavailable when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._chats = ChatTable(database)
        self._words: dict[Key, tuple[str, Mailing]] = {}

    async def open_mailings(self) -> tuple[Mailing, ...]:
        """Return the mailings that are not done and not paused, the highest class first, then the oldest.

        Of those of one moment the edits of what was wrong come before the message that rings about it.
        """
        query = (
            select(mailings)
            .where(mailings.c.closed_at.is_(None), mailings.c.paused.is_(False))
            .order_by(mailings.c.lane, mailings.c.opened_at, mailings.c.task, mailings.c.notice_id)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        found = tuple(self._mailing(row) for row in rows)
        self._words = {one.key: self._words[one.key] for one in found}
        return found

    async def claim(self, mailing: Mailing, most: int, now: dt.datetime) -> tuple[Claim, ...]:
        """Write down the next attempts of a mailing, at most so many, and return them once that is safe."""
        which = {"notice": mailing.notice_id, "version": mailing.revision, "what": mailing.task.value}
        async with self._database.writing() as connection:
            rows = (await connection.execute(_CLAIM, {**which, "moment": now, "most": most})).all()
        return tuple(_claimed(mailing, row, now) for row in sorted(rows, key=_order))

    async def record(self, marks: Sequence[Marked], now: dt.datetime) -> None:
        """Write down how attempts ended, and what follows where their notice has ended meanwhile."""
        async with self._database.writing() as connection:
            await self._conclude(connection, marks, now)

    async def recover(self, now: dt.datetime) -> tuple[Claim, ...]:
        """Put back what an earlier process left in the middle of an attempt; return what was found so."""
        left = select(deliveries).where(deliveries.c.state == DeliveryState.SENDING.value)
        async with self._database.writing() as connection:
            claims = tuple(_claim(row) for row in await connection.execute(left))
            marks = [Marked(claim, recover(claim.delivery, now)) for claim in claims]
            await self._conclude(connection, marks, now)
        return claims

    async def close_finished(self, now: dt.datetime) -> None:
        """Mark the mailings as done in which every row is final."""
        unfinished = exists().where(
            deliveries.c.notice_id == mailings.c.notice_id,
            deliveries.c.revision == mailings.c.revision,
            deliveries.c.task == mailings.c.task,
            deliveries.c.state.in_(NOT_FINAL),
        )
        done = update(mailings).where(mailings.c.closed_at.is_(None), ~unfinished).values(closed_at=now)
        async with self._database.writing() as connection:
            await connection.execute(done)

    async def is_finished(self, notice_id: str, revision: int) -> bool:
        """Return whether every delivery of a notice is final."""
        left = exists().where(*_of((notice_id, revision, Task.SEND)), deliveries.c.state.in_(NOT_FINAL))
        async with self._database.reading() as connection:
            return not (await connection.execute(select(left))).scalar()

    async def progress(self, notice_id: str, revision: int, task: Task = Task.SEND) -> Progress:
        """Return how far a mailing is, counted from its rows."""
        query = (
            select(deliveries.c.state, func.count())
            .where(*_of((notice_id, revision, task)))
            .group_by(deliveries.c.state)
        )
        async with self._database.reading() as connection:
            counts = await count_tallies(connection, (notice_id, revision, task))
            for state, count in await connection.execute(query):
                counts[state] += count
        return Progress.of({DeliveryState(state): count for state, count in counts.items()})

    async def list_uncertain(self, notice_id: str) -> tuple[Delivery, ...]:
        """Return the deliveries that may have arrived and were given up, for an operator to look at."""
        query = (
            select(deliveries)
            .where(
                deliveries.c.notice_id == notice_id,
                deliveries.c.state == DeliveryState.UNCERTAIN.value,
            )
            .order_by(deliveries.c.id)
        )
        async with self._database.reading() as connection:
            return tuple(_claim(row).delivery for row in await connection.execute(query))

    async def forget_recipients(self, ended_before: dt.datetime) -> int:
        """Forget who got the notices that ended before, and return how many rows no longer tell."""
        old = (
            deliveries.c.notice_id.in_(over_before(ended_before)),
            deliveries.c.chat_id > NOBODY,
            deliveries.c.state.not_in(NOT_FINAL),
        )
        async with self._database.writing() as connection:
            return (await connection.execute(update(deliveries).where(*old).values(NAMELESS))).rowcount

    async def sum_up(self, ended_before: dt.datetime) -> int:
        """Keep of the notices that ended before only how many copies ended how; return how many rows went."""
        total = 0
        while True:
            async with self._database.writing() as connection:
                some = await sum_up(connection, ended_before)
            if not some:
                return total
            total += some

    async def find_lane(self) -> tuple[float, dt.datetime | None] | None:
        """Return the lane's rate and until when it stands still, as an earlier process left it."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(lanes).where(lanes.c.name == BULK))).first()
        return (row.rate, row.paused_until) if row else None

    async def save_lane(self, rate: float, paused_until: dt.datetime | None) -> None:
        """Keep the lane's rate and pause: a restart must not run into the wall again."""
        async with self._database.writing() as connection:
            row = insert(connection, lanes).values(name=BULK, rate=rate, paused_until=paused_until)
            new = {"rate": row.excluded.rate, "paused_until": row.excluded.paused_until}
            await connection.execute(row.on_conflict_do_update(index_elements=[lanes.c.name], set_=new))

    def _mailing(self, row: Row[Any]) -> Mailing:
        key = (row.notice_id, row.revision, Task(row.task))
        known = self._words.get(key)
        if known is None or known[0] != row.words:
            words = read_words(row.words)
            mailing = Mailing(*key, Lane(row.lane), row.rings, words, row.default_language)
            self._words[key] = (row.words, mailing)
        return self._words[key][1]

    async def _conclude(self, connection: AsyncConnection, marks: Sequence[Marked], now: dt.datetime) -> None:
        # Of edits there are as many as copies, all of notices that have ended, and nothing follows from them.
        telling = [
            mark
            for mark in marks
            if mark.after.task is not Task.EDIT and mark.after.state is not DeliveryState.REFUSED
        ]
        ended: list[str] = []
        if telling:
            ended = await find_ended(
                connection, {mark.after.notice_id for mark in telling}, for_outcomes=True
            )
        await self._mark(connection, marks)
        late = [mark.claim.id for mark in telling if mark.after.notice_id in ended]
        if late:
            await follow_endings(connection, ended, now, late)

    async def _mark(self, connection: AsyncConnection, marks: Sequence[Marked]) -> None:
        # Chats first, then deliveries in their order, as whoever leaves or says stop: none blocks the other.
        gone = [mark.after.chat_id for mark in marks if mark.is_gone]
        if gone:
            await connection.execute(chat_areas.delete().where(chat_areas.c.chat_id.in_(gone)))
        moved = [mark for mark in marks if mark.after.chat_id != mark.claim.delivery.chat_id]
        taken = [mark.claim.id for mark in moved if not await self._move(connection, mark)]
        rows = [_mark_row(mark, refused=mark.claim.id in taken) for mark in marks]
        if rows:
            await connection.execute(_MARK, sorted(rows, key=lambda row: row["row_id"]))

    async def _move(self, connection: AsyncConnection, mark: Marked) -> bool:
        """Carry a chat over to its new id; False where that has a row of its own: one copy is enough."""
        old_id, new_id = mark.claim.delivery.chat_id, mark.after.chat_id
        await self._chats.move_in(connection, old_id, new_id)
        key = (mark.after.notice_id, mark.after.revision, mark.after.task)
        query = select(deliveries.c.id).where(*_of(key), deliveries.c.chat_id == new_id)
        if (await connection.execute(query)).first() is not None:
            return False
        here = (deliveries.c.id == mark.claim.id, deliveries.c.chat_id == old_id)
        await connection.execute(update(deliveries).where(*here).values(chat_id=new_id))
        return True


_WANTED = (
    deliveries.c.notice_id == bindparam("notice"),
    deliveries.c.revision == bindparam("version"),
    deliveries.c.task == bindparam("what"),
)

_DUE = (
    select(deliveries.c.id)
    .where(*_WANTED, deliveries.c.state == DeliveryState.QUEUED.value)
    .where(deliveries.c.not_before <= bindparam("moment", type_=Instant))
    .order_by(deliveries.c.not_before, deliveries.c.place, deliveries.c.id)
    .limit(bindparam("most", type_=Integer))
)

_IS_OPEN = exists().where(
    mailings.c.notice_id == bindparam("notice"),
    mailings.c.revision == bindparam("version"),
    mailings.c.task == bindparam("what"),
    mailings.c.paused.is_(False),
)

_CLAIM = (
    update(deliveries)
    # A mailing stopped since it was looked up gives nothing more; nor does a row dropped since, which
    # PostgreSQL looks at anew after it has waited for whoever dropped it.
    .where(
        deliveries.c.id.in_(_DUE.scalar_subquery()),
        deliveries.c.state == DeliveryState.QUEUED.value,
        _IS_OPEN,
    )
    .values(
        state=DeliveryState.SENDING.value,
        attempts=deliveries.c.attempts + 1,
        started_at=bindparam("moment", type_=Instant),
    )
    .returning(
        *(
            deliveries.c[name]
            for name in ("id", "chat_id", "language", "room", "quiet", "place", "attempts", "doubts")
        ),
        *(deliveries.c[name] for name in ("not_before", "message_id", "reply_to", "reason")),
    )
)
"""The next attempts of one mailing, written down. Made once: at 1000 a second it is run all the time."""

_STATE, _REASON = bindparam("new_state", type_=String), bindparam("new_reason", type_=String)
_DOUBTS = bindparam("new_doubts", type_=Integer)

_IS_NOT_TRIED_AGAIN = and_(
    literal(DeliveryState.QUEUED.value) == _STATE, or_(*(deliveries.c.reason == why for why in NOT_AGAIN))
)
"""Who left while the attempt was under way gets no other."""

_MARK = (
    update(deliveries)
    # An outcome counts only for the attempt that it belongs to.
    .where(
        deliveries.c.id == bindparam("row_id"),
        deliveries.c.attempts == bindparam("attempt"),
        deliveries.c.state == DeliveryState.SENDING.value,
    )
    .values(
        state=case(
            (_IS_NOT_TRIED_AGAIN & (_DOUBTS > 0), DeliveryState.UNCERTAIN.value),
            (_IS_NOT_TRIED_AGAIN, DeliveryState.DROPPED.value),
            else_=_STATE,
        ),
        reason=case((_IS_NOT_TRIED_AGAIN, deliveries.c.reason), else_=_REASON),
        attempts=bindparam("new_attempts"),
        doubts=_DOUBTS,
        message_id=case(
            (deliveries.c.chat_id <= NOBODY, null()), else_=bindparam("new_message_id", type_=BigInteger)
        ),
        started_at=None,
        # A row whose message never left keeps its place in the queue.
        not_before=func.coalesce(bindparam("new_not_before", type_=Instant), deliveries.c.not_before),
    )
)


def _mark_row(mark: Marked, refused: bool) -> dict[str, Any]:
    after = mark.after
    return {
        "row_id": mark.claim.id,
        "attempt": mark.claim.delivery.attempts,
        "new_state": DeliveryState.REFUSED.value if refused else after.state.value,
        "new_attempts": after.attempts,
        "new_doubts": after.doubts,
        "new_not_before": after.not_before,
        "new_message_id": after.message_id,
        "new_reason": "its new id has a copy" if refused else after.reason[:200],
    }


def _of(key: Key) -> Iterable[Any]:
    notice_id, revision, task = key
    return (
        deliveries.c.notice_id == notice_id,
        deliveries.c.revision == revision,
        deliveries.c.task == task.value,
    )


def _order(row: Row[Any]) -> tuple[dt.datetime, int, int]:
    return row.not_before, row.place, row.id


def _claimed(mailing: Mailing, row: Row[Any], now: dt.datetime) -> Claim:
    delivery = Delivery(
        mailing.notice_id,
        mailing.revision,
        row.chat_id,
        mailing.task,
        DeliveryState.SENDING,
        row.attempts,
        row.doubts,
        row.not_before,
        now,
        row.message_id,
        row.reason,
    )
    return Claim(row.id, delivery, row.language, Room(row.room), read_quiet(row.quiet), row.reply_to)


def _claim(row: Row[Any]) -> Claim:
    delivery = Delivery(
        row.notice_id,
        row.revision,
        row.chat_id,
        Task(row.task),
        DeliveryState(row.state),
        row.attempts,
        row.doubts,
        row.not_before,
        row.started_at,
        row.message_id,
        row.reason,
    )
    return Claim(row.id, delivery, row.language, Room(row.room), read_quiet(row.quiet), row.reply_to)
