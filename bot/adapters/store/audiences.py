"""How many chats an audience is just now, and how many a notice went to, counted by the database."""

from sqlalchemy import distinct, func, or_, select

from bot.adapters.store.database import Database
from bot.adapters.store.recipients import CHANNEL_FIRST
from bot.adapters.store.schema import chat_areas, deliveries
from bot.adapters.store.tallies import count_tallies
from bot.core.notices.delivery import DeliveryState, Task
from bot.core.notices.record import Audience, Holders, Subscribers, TheseChats


class Audiences:
    """The audiences in one database. Every method raises StoreUnavailable when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, audience: Audience) -> int:
        """Return how many chats would get what goes to this audience; the channel is none of them."""
        match audience:
            case TheseChats(chat_ids):
                return len(set(chat_ids))
            case Subscribers(reached, is_everyone=is_everyone):
                query = select(func.count(distinct(chat_areas.c.chat_id)))
                if not is_everyone:  # else also those who chose a place that the map has lost since
                    query = query.where(chat_areas.c.area.in_(sorted(reached)))
            case Holders(of):
                query = select(func.count(distinct(deliveries.c.chat_id))).where(
                    deliveries.c.notice_id.in_(of),
                    deliveries.c.task == Task.SEND.value,
                    or_(deliveries.c.state == DeliveryState.SENT.value, deliveries.c.doubts > 0),
                )
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()

    async def reached(self, notice_id: str, revision: int) -> int:
        """Return how many chats a notice was sent to; the channel is none of them."""
        query = select(func.count()).where(
            deliveries.c.notice_id == notice_id,
            deliveries.c.revision == revision,
            deliveries.c.task == Task.SEND.value,
            deliveries.c.place != CHANNEL_FIRST,
        )
        key = (notice_id, revision, Task.SEND)
        async with self._database.reading() as connection:
            long_ago = (await count_tallies(connection, key, besides_channel=True)).total()
            return long_ago + (await connection.execute(query)).scalar_one()
