"""What a chat that leaves still has in the outbox: nothing more goes to it, and the counts stay right."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.recipients import NOBODY
from bot.adapters.store.schema import deliveries
from bot.core.notices.delivery import DeliveryState, Task

NAMELESS = {"chat_id": NOBODY - deliveries.c.id, "message_id": None, "reply_to": None}
"""What a row says of its chat once nobody may know any more."""

UNSUBSCRIBED, LEFT = "the person unsubscribed", "the person left"
NOT_AGAIN = (UNSUBSCRIBED, LEFT)
"""Reasons why a row that is under way, should it not arrive, is not tried again."""


async def drop_what_waits(connection: AsyncConnection, chat_ids: Iterable[int]) -> None:
    """Send these chats no more of what waits for them; copies that they have may still be corrected."""
    theirs = deliveries.c.chat_id.in_(sorted(chat_ids))
    await _drop(connection, UNSUBSCRIBED, theirs, deliveries.c.task != Task.EDIT.value)


async def take_name_off(connection: AsyncConnection, chat_id: int) -> None:
    """Send the chat nothing more, and forget which rows were for it."""
    mine = deliveries.c.chat_id == chat_id
    await _drop(connection, LEFT, mine)
    await connection.execute(update(deliveries).where(mine).values(NAMELESS))


async def _drop(connection: AsyncConnection, reason: str, *which: ColumnElement[Any]) -> None:
    theirs = update(deliveries).where(*which)
    # First what is under way: what is put back into the queue at this moment is then dropped with the rest.
    under_way = theirs.where(deliveries.c.state == DeliveryState.SENDING.value)
    await connection.execute(under_way.values(reason=reason))
    waiting = theirs.where(deliveries.c.state == DeliveryState.QUEUED.value)
    never_left = {"state": DeliveryState.DROPPED.value, "reason": reason}
    may_have_left = {"state": DeliveryState.UNCERTAIN.value, "reason": reason}
    await connection.execute(waiting.where(deliveries.c.doubts == 0).values(never_left))
    await connection.execute(waiting.where(deliveries.c.doubts > 0).values(may_have_left))
