"""How many chats an audience is just now, counted by the database."""

from sqlalchemy import distinct, func, or_, select

from bot.adapters.store.database import Database
from bot.adapters.store.schema import chat_areas, deliveries
from bot.core.notices.delivery import DeliveryState, Task
from bot.core.notices.record import Audience, Holders, Subscribers, TheseChats


class Audiences:
    """The audiences in one database. Every method raises StoreUnavailable when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, audience: Audience) -> int:
        """Return how many chats would get what goes to this audience."""
        match audience:
            case TheseChats(chat_ids):
                return len(set(chat_ids))
            case Subscribers(reached):
                query = select(func.count(distinct(chat_areas.c.chat_id))).where(
                    chat_areas.c.area.in_(sorted(reached))
                )
            case Holders(of):
                query = select(func.count(distinct(deliveries.c.chat_id))).where(
                    deliveries.c.notice_id.in_(of),
                    deliveries.c.task == Task.SEND.value,
                    or_(deliveries.c.state == DeliveryState.SENT.value, deliveries.c.doubts > 0),
                )
        async with self._database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())
