"""The front door: operators' business goes to the operators' desk, everything else to the residents' side."""

from typing import Protocol

from bot.core.message import IncomingMessage, IncomingQuery, Reply, Suggestion


class Residents(Protocol):
    """Who answers residents."""

    async def respond(self, incoming: IncomingMessage) -> Reply: ...
    async def suggest(self, query: IncomingQuery) -> tuple[Suggestion, ...]: ...
    def apology(self, incoming: IncomingMessage) -> Reply: ...


class OperatorsDesk(Protocol):
    """Who answers operators; None means that it is not theirs to answer."""

    async def take(self, incoming: IncomingMessage) -> Reply | None: ...


class Reception:
    """One responder for the channel. Without notices there is no desk; `desk` may come with new content."""

    def __init__(self, residents: Residents, desk: OperatorsDesk | None = None) -> None:
        self.desk = desk
        self._residents = residents

    async def respond(self, incoming: IncomingMessage) -> Reply:
        """Return the reply of whoever is meant.

        Raises:
            StoreUnavailable: something was to be changed and could not be saved.
        """
        answered = await self.desk.take(incoming) if self.desk is not None else None
        return answered if answered is not None else await self._residents.respond(incoming)

    async def suggest(self, query: IncomingQuery) -> tuple[Suggestion, ...]:
        """Return the guides that fit an inline query."""
        return await self._residents.suggest(query)

    def apology(self, incoming: IncomingMessage) -> Reply:
        """Return what the person is told when an answer failed."""
        return self._residents.apology(incoming)
