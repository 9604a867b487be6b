"""The cards in operators' chats that follow a notice: by person and message, until the notice is over."""

from collections.abc import Iterable

from sqlalchemy import and_, delete, or_, select

from bot.adapters.store.database import Database, insert
from bot.adapters.store.schema import operator_cards
from bot.core.notices.console.followed import FollowedCard, Purpose


class CardTable:
    """The cards of one database. Every method raises StoreUnavailable when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_cards(self) -> tuple[FollowedCard, ...]:
        """Return every card, the oldest message first."""
        query = select(operator_cards).order_by(operator_cards.c.message_id, operator_cards.c.person)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            FollowedCard(
                row.person, row.message_id, row.notice_id, row.revision, Purpose(row.purpose), row.asked
            )
            for row in rows
        )

    async def keep_cards(self, cards: Iterable[FollowedCard]) -> None:
        """Keep these, each in the place of what its message showed before."""
        rows = [
            {
                "person": card.person,
                "message_id": card.message_id,
                "notice_id": card.notice_id,
                "revision": card.revision,
                "purpose": card.purpose.value,
                "asked": card.asked,
            }
            for card in cards
        ]
        if not rows:
            return
        where = [operator_cards.c.person, operator_cards.c.message_id]
        async with self._database.writing() as connection:
            row = insert(connection, operator_cards)
            shown = {name: row.excluded[name] for name in ("notice_id", "revision", "purpose", "asked")}
            await connection.execute(row.on_conflict_do_update(index_elements=where, set_=shown), rows)

    async def forget_cards(self, cards: Iterable[FollowedCard]) -> None:
        """Forget these."""
        of = [
            and_(operator_cards.c.person == card.person, operator_cards.c.message_id == card.message_id)
            for card in cards
        ]
        if not of:
            return
        async with self._database.writing() as connection:
            await connection.execute(delete(operator_cards).where(or_(*of)))
