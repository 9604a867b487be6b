"""Which messages in operators' chats show which notice: in memory, and in the store for the next process."""

import logging
from collections.abc import Iterable
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.core.notices.console.followed import FollowedCard, Purpose

log = logging.getLogger(__name__)


class Store(Protocol):
    """Where cards are kept. Every method may raise StoreUnavailable."""

    async def list_cards(self) -> tuple[FollowedCard, ...]: ...
    async def keep_cards(self, cards: Iterable[FollowedCard]) -> None: ...
    async def forget_cards(self, cards: Iterable[FollowedCard]) -> None: ...


class Following:
    """The cards that are followed. What cannot be written down is followed until the process ends."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cards: dict[tuple[int, int], FollowedCard] = {}
        self._is_loaded = False

    async def recall(self) -> None:
        """Know the cards of earlier processes, from the first call on.

        Raises:
            StoreUnavailable: nobody can say which there are.
        """
        if not self._is_loaded:
            found = await self._store.list_cards()
            self._cards = {(card.person, card.message_id): card for card in found} | self._cards
            self._is_loaded = True

    def all(self) -> tuple[FollowedCard, ...]:
        """Return every card, in the order in which they were sent."""
        return tuple(self._cards.values())

    def at(self, person: int, message_id: int) -> FollowedCard | None:
        """Return the card that a message shows, None where it shows something else."""
        return self._cards.get((person, message_id))

    def holders(self, notice_id: str, revision: int, purpose: Purpose, asked: str = "") -> frozenset[int]:
        """Return who has such a card."""
        wanted = (notice_id, revision, purpose, asked)
        return frozenset(
            card.person
            for card in self._cards.values()
            if (card.notice_id, card.revision, card.purpose, card.asked) == wanted
        )

    async def follow(self, *cards: FollowedCard) -> None:
        """Follow these from now on."""
        self._cards |= {(card.person, card.message_id): card for card in cards}
        try:
            await self._store.keep_cards(cards)
        except StoreUnavailable as problem:
            log.warning("store away, the next process will not know of %d cards: %s", len(cards), problem)

    async def let_go(self, *cards: FollowedCard) -> None:
        """Follow these no more; they say what they said last."""
        for card in cards:
            self._cards.pop((card.person, card.message_id), None)
        try:
            await self._store.forget_cards(cards)
        except StoreUnavailable as problem:
            log.warning("store away, %d cards are looked at again later: %s", len(cards), problem)
