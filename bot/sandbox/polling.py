"""getUpdates: the long poll, of which only the newest lives."""

import asyncio

from bot.sandbox.refusals import OTHER_POLLER, conflict
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.wire import Json

_BATCH_LIMIT = 100
_TIMEOUT_LIMIT = 50
"""Seconds; a longer wait is cut to this, as Telegram does."""


class Polling:
    """Long polls over one queue of updates."""

    def __init__(self, updates: UpdateQueue) -> None:
        self._updates = updates
        self._newest: asyncio.Event | None = None
        self._interruption = ""
        self._is_paused = False

    async def get_updates(self, params: Json) -> list[Json]:
        """Updates as soon as there are any, or none after `timeout` seconds.

        Raises the `ApiError` 409 when another poll begins meanwhile.
        """
        woken = self._become_newest()
        if "allowed_updates" in params:
            self._updates.allow(params["allowed_updates"])
        limit = min(max(params.get("limit", _BATCH_LIMIT), 1), _BATCH_LIMIT)
        offset = params.get("offset", 0)
        self._updates.listeners.add(woken.set)
        try:
            async with asyncio.timeout(min(max(params.get("timeout", 0), 0), _TIMEOUT_LIMIT)):
                while not (batch := self._updates.take(offset, limit)) and not self._is_paused:
                    woken.clear()
                    await woken.wait()
                    if self._newest is not woken:
                        raise conflict(OTHER_POLLER)
                    if self._interruption:
                        raise conflict(self._interruption)
            return batch
        except TimeoutError:
            return []
        finally:
            self._updates.listeners.discard(woken.set)
            if self._newest is woken:
                self._newest = None

    def interrupt(self, words: str) -> None:
        """End the poll that waits, if any, with a 409 in these words."""
        self._interruption = words
        self._wake()

    def pause(self) -> None:
        """Let whoever waits go home with nothing, and let nobody wait until `resume`."""
        self._is_paused = True
        self._wake()

    def resume(self) -> None:
        """Let polls wait again."""
        self._is_paused = False

    def _wake(self) -> None:
        if self._newest:
            self._newest.set()

    def _become_newest(self) -> asyncio.Event:
        self._wake()
        self._interruption = ""
        self._newest = asyncio.Event()
        return self._newest
