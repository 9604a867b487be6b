"""One call of the Bot API made until it is done or hopeless; how it ended is told as one of few kinds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from bot.adapters.telegram.pacing import Pace
from bot.adapters.telegram.request import Throttled

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_WAIT = 0.5
LONGEST_WAIT = 5.0
PATIENCE = 600.0
"""Seconds for which trouble on the way is waited out: outages last minutes, and a late answer is better than
none. Longer would keep what the same chat writes next waiting for nothing."""

PAUSE_PATIENCE = 300.0
"""Seconds of pauses wanted by Telegram that one reply waits for; hours have been seen."""

LEFT_WORDS = (
    "bot was blocked by the user",
    "user is deactivated",
    "bot was kicked",
    "bot is not a member",
    "the group chat was deleted",
)
"""Only these mean that nobody is there any more; anything else ends no subscription."""


class GaveUp(Exception):
    """It was tried for as long as it made sense; the person got nothing."""


class ChatLeft(Exception):
    """The chat cannot be written to any more: blocked, deleted, or the bot was removed."""


class Refused(Exception):
    """Telegram understood and will not have it; sending the same again cannot help."""


class Sender:
    """Makes calls for chats, at the pace of a lane and with patience for trouble."""

    def __init__(
        self,
        pace: Pace,
        random: Callable[[], float],
        moved: Callable[[int, int], Awaitable[None]],
        patience: float = PATIENCE,
    ) -> None:
        """Take the lane's clocks, chance (0 to 1, for jitter), and whom to tell that a chat has a new id."""
        self._pace = pace
        self._random = random
        self._moved = moved
        self._patience = patience
        self._new_ids: dict[int, int] = {}

    async def send(self, chat_id: int, call: Callable[[int], Awaitable[T]]) -> T:
        """Return what `call` does with the chat's id, which is another one where the group has moved.

        Raises:
            ChatLeft, Refused, GaveUp: as their docstrings say.
        """
        patience = _Patience(self._patience, self._random)
        await asyncio.sleep(self._pace.reserve(chat_id, _now()))
        latest = _now() + PAUSE_PATIENCE
        while True:
            chat_id = self._new_ids.get(chat_id, chat_id)
            await self._wait_out_pauses(chat_id)
            if wait := self._pace.reserve_lane(_now()):
                await asyncio.sleep(wait)
                await self._wait_out_pauses(chat_id)
            try:
                return await call(chat_id)
            except Throttled as throttled:
                if _now() + throttled.seconds > latest:
                    raise GaveUp(throttled.message) from None
                log.info("Telegram wants a pause of %g s", throttled.seconds)
                self._pace.refused(chat_id, throttled.seconds, _now())
            except ChatMigrated as migrated:
                if self._new_ids.get(chat_id) == migrated.new_chat_id:
                    raise Refused("the group moves in a circle") from None
                self._new_ids[chat_id] = migrated.new_chat_id
                await self._moved(chat_id, migrated.new_chat_id)
            except TelegramError as error:
                await patience.wait_out(error)

    async def insist(self, call: Callable[[], Awaitable[T]], seconds: float) -> T:
        """Return what `call` does, tried for so long; for calls that are not counted against any chat.

        Raises:
            ChatLeft, Refused, GaveUp: as their docstrings say.
        """
        patience = _Patience(seconds, self._random)
        while True:
            try:
                return await call()
            except TelegramError as error:
                await patience.wait_out(error)

    async def _wait_out_pauses(self, chat_id: int) -> None:
        while True:
            left = self._pace.pause_left(chat_id, _now())
            if not left:
                return
            # A little longer than Telegram said, and not all at the same moment.
            await asyncio.sleep(left * (1 + 0.1 * self._random()) + 0.05)


class _Patience:
    """How long one call has been in trouble, and what comes of it."""

    def __init__(self, seconds: float, random: Callable[[], float]) -> None:
        self._seconds = seconds
        self._random = random
        self._attempt = 0
        self._since: float | None = None

    async def wait_out(self, error: TelegramError) -> None:
        """Return when it is time to try again, or raise what the error means."""
        # BadRequest is a kind of NetworkError, and is none.
        if isinstance(error, Forbidden) and any(words in error.message for words in LEFT_WORDS):
            raise ChatLeft(error.message) from None
        if isinstance(error, Throttled):
            wait = error.seconds
        elif isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2**self._attempt) * (0.5 + self._random())
        else:
            raise Refused(error.message) from None
        now = _now()
        self._since = now if self._since is None else self._since
        self._attempt += 1
        if now + wait - self._since > self._seconds:
            raise GaveUp(error.message) from None
        await asyncio.sleep(wait)


def _now() -> float:
    return asyncio.get_running_loop().time()
