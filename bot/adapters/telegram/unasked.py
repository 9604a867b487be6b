"""Messages that answer nothing: what the bot tells its operators, on the lane of replies."""

import asyncio
import logging

from bot.adapters.telegram.outgoing import Outgoing
from bot.adapters.telegram.sending import ChatLeft, GaveUp, Refused
from bot.core.message import OutgoingMessage

log = logging.getLogger(__name__)

PATIENCE = 120.0
"""Seconds for which a message waits until the bot is connected; later it would be no news any more."""


class Unasked:
    """Writes to chats of its own accord. Nothing here raises: whoever cannot be reached is logged."""

    def __init__(self) -> None:
        self._outgoing: asyncio.Future[Outgoing] | None = None

    def connect(self, outgoing: Outgoing) -> None:
        """Begin to write."""
        future = self._future()
        if not future.done():
            future.set_result(outgoing)

    async def send(self, chat_id: int, message: OutgoingMessage) -> int | None:
        """Return the new message's id, None where it did not arrive."""
        return await self._show(chat_id, message, None)

    async def edit(self, chat_id: int, message_id: int, message: OutgoingMessage) -> None:
        """Put a message in place of an earlier one."""
        await self._show(chat_id, message, message_id)

    async def _show(self, chat_id: int, message: OutgoingMessage, in_place_of: int | None) -> int | None:
        try:
            outgoing = await asyncio.wait_for(asyncio.shield(self._future()), PATIENCE)
            return await outgoing.write(chat_id, message, in_place_of)
        except TimeoutError:
            log.warning("not connected to Telegram, an operator was not told")
        except (ChatLeft, Refused, GaveUp) as reason:
            log.warning("an operator could not be written to: %s", reason)
        return None

    def _future(self) -> asyncio.Future[Outgoing]:
        # Made at first use: the channel exists before the loop runs.
        if self._outgoing is None:
            self._outgoing = asyncio.get_running_loop().create_future()
        return self._outgoing
