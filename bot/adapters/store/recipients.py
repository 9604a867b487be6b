"""Rows of the outbox made from an audience, by the database itself: a city's chats never pass this way."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, false, func, literal, null, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import insert
from bot.adapters.store.schema import chat_areas, chats, deliveries
from bot.core.message import Room
from bot.core.notices.delivery import DeliveryState, Task
from bot.core.notices.quiet import NIGHT
from bot.core.notices.record import Holders, Launch, Mailing, Subscribers, TheseChats

COLUMNS = (
    "notice_id",
    "revision",
    "task",
    "chat_id",
    "language",
    "room",
    "quiet",
    "place",
    "state",
    "attempts",
    "doubts",
    "not_before",
    "reply_to",
    "reason",
)
CHANNEL_FIRST = -1
"""One call reaches everybody in the channel: its row stands before all others."""

ROOMS = {Room.CHANNEL.value: 0, Room.GROUP.value: 2, Room.PRIVATE.value: 4}
"""Places in the order of recipients; the odd ones are of those farther away (core's `nearness`)."""

NOBODY = -(2**60)
"""Numbers below this are no chat's (Telegram's have 52 bits): rows that no longer say for whom they were."""

Key = tuple[str, int, Task]
"""What tells one mailing from every other."""

copies = deliveries.alias("copies")


async def add_recipients(connection: AsyncConnection, launch: Launch, now: ColumnElement[Any]) -> int:
    """Write a row for every chat of the audience, and return how many were written."""
    mailing, audience = launch.mailing, launch.audience
    added = 0
    if launch.channel is not None and not isinstance(audience, Holders):
        channel = _these(mailing, (launch.channel,), launch.replies_to, now, Room.CHANNEL, CHANNEL_FIRST)
        added += await _add(connection, channel)
    match audience:
        case Subscribers():
            found = _subscribers(mailing, audience, launch.replies_to, now)
        case TheseChats(chat_ids):
            found = _these(mailing, chat_ids, launch.replies_to, now, Room.PRIVATE, ROOMS[Room.PRIVATE])
        case Holders(of):
            found = _holders(mailing.key, of, now)
    return added + await _add(connection, found)


async def add_holders(
    connection: AsyncConnection,
    key: Key,
    of: str,
    now: ColumnElement[Any],
    rows: Collection[int] | None = None,
) -> int:
    """Write a row for every chat that has turned out to have the notice `of`, and has none yet.

    Where `rows` are given, these copies alone are looked at.
    """
    return await _add(connection, _holders(key, (of,), now).where(_among(rows)))


async def add_edits(
    connection: AsyncConnection, key: Key, now: ColumnElement[Any], rows: Collection[int] | None = None
) -> int:
    """Write a row for every delivered copy of the mailing's notice that has none yet, or that of `rows`."""
    notice_id, revision, _ = key
    found = select(
        *_fixed(key),
        *(copies.c[name] for name in ("chat_id", "language", "room", "quiet", "place")),
        # The copy's message is what is edited; it stands where others keep what they answer.
        *_fresh(now, copies.c.message_id),
    ).where(
        copies.c.notice_id == notice_id,
        copies.c.revision == revision,
        copies.c.task == Task.SEND.value,
        copies.c.chat_id > NOBODY,
        copies.c.state == DeliveryState.SENT.value,
        copies.c.message_id.is_not(None),
        _among(rows),
    )
    return await _add(connection, found)


async def _add(connection: AsyncConnection, found: Select[Any]) -> int:
    rows = insert(connection, deliveries).from_select(COLUMNS, found).on_conflict_do_nothing()
    return (await connection.execute(rows)).rowcount


def _subscribers(
    mailing: Mailing, audience: Subscribers, replies_to: tuple[str, ...], now: ColumnElement[Any]
) -> Select[Any]:
    reached = select(chat_areas.c.chat_id)
    if not audience.is_everyone:  # else also those who chose a place that the map has lost since
        reached = reached.where(chat_areas.c.area.in_(sorted(audience.reached)))
    near = select(chat_areas.c.chat_id).where(chat_areas.c.area.in_(sorted(audience.near)))
    room = case(ROOMS, value=chats.c.room, else_=ROOMS[Room.PRIVATE])
    place = room + case((chats.c.id.in_(near), 0), else_=1)
    return (
        select(
            *_fixed(mailing.key),
            chats.c.id,
            func.coalesce(chats.c.language, mailing.default),
            chats.c.room,
            chats.c.quiet,
            place,
            *_fresh(now, _copy_of(replies_to, chats.c.id)),
        )
        .where(chats.c.id.in_(reached))
        .order_by(chats.c.id)
    )


def _these(
    mailing: Mailing,
    chat_ids: Iterable[int],
    replies_to: tuple[str, ...],
    now: ColumnElement[Any],
    room: Room,
    place: int,
) -> Select[Any]:
    nobody = select(literal(0, BigInteger).label("id")).where(false())
    listed = [nobody, *(select(literal(chat_id, BigInteger).label("id")) for chat_id in chat_ids)]
    these = listed[0].union_all(*listed[1:]).subquery()
    return (
        select(
            *_fixed(mailing.key),
            these.c.id,
            func.coalesce(chats.c.language, mailing.default),
            func.coalesce(chats.c.room, room.value),
            func.coalesce(chats.c.quiet, f"{NIGHT.start:%H:%M}-{NIGHT.end:%H:%M}"),
            literal(place),
            *_fresh(now, _copy_of(replies_to, these.c.id)),
        )
        .select_from(these.outerjoin(chats, chats.c.id == these.c.id))
        .where(true())
    )


def _holders(key: Key, of: Iterable[str], now: ColumnElement[Any]) -> Select[Any]:
    return select(
        *_fixed(key),
        *(copies.c[name] for name in ("chat_id", "language", "room", "quiet", "place")),
        *_fresh(now, copies.c.message_id),
    ).where(
        copies.c.notice_id.in_(sorted(of)),
        copies.c.task == Task.SEND.value,
        copies.c.chat_id > NOBODY,
        # Those in doubt may have it: a correction too many puzzles one, one too few leaves a wrong text.
        or_(copies.c.state == DeliveryState.SENT.value, copies.c.doubts > 0),
    )


def _among(rows: Collection[int] | None) -> ColumnElement[bool]:
    return true() if rows is None else copies.c.id.in_(rows)


def _fixed(key: Key) -> tuple[ColumnElement[Any], ...]:
    notice_id, revision, task = key
    return literal(notice_id), literal(revision), literal(task.value)


def _fresh(now: ColumnElement[Any], reply_to: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return (
        literal(DeliveryState.QUEUED.value),
        literal(0),
        literal(0),
        now,
        reply_to,
        literal(""),
    )


def _copy_of(notice_ids: tuple[str, ...], chat_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the message with which a chat got one of these notices, the newest where there are several."""
    if not notice_ids:
        return null()
    return (
        select(func.max(copies.c.message_id))
        .where(
            copies.c.chat_id == chat_id,
            copies.c.notice_id.in_(notice_ids),
            copies.c.task == Task.SEND.value,
            copies.c.state == DeliveryState.SENT.value,
        )
        .scalar_subquery()
    )
