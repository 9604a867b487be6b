"""Honest stand-ins for what is outside: they keep the same contract as the real ones, in memory."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.message import OutgoingMessage
from bot.core.notices.delivery import Ambiguous, Outcome, Rejected, Sent, Unreachable
from bot.core.notices.news import News, Told


@dataclass
class Copy:
    """A message on somebody's phone."""

    message_id: int
    words: str
    silent: bool
    reply_to: int | None
    edits: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """What it says now."""
        return self.edits[-1] if self.edits else self.words


@dataclass
class Phones:
    """A channel to phones in memory, with the troubles of a real one.

    `meets` decides what an attempt meets: None for nothing, an Outcome in place of the answer. With
    Ambiguous the message arrives all the same, as it may in life; with the others it does not.
    """

    meets: Callable[[int], Outcome | None] = lambda _: None
    takes: float = 0.0
    copies: dict[int, list[Copy]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    attempts: int = 0
    last_id: int = 0

    def prepare(self, message: OutgoingMessage) -> str:
        """Return the words."""
        return message.text.words

    async def send(self, prepared: str, chat_id: int, silent: bool, reply_to: int | None = None) -> Outcome:
        """Put a copy on the phone, or meet a trouble."""
        self.attempts += 1
        await asyncio.sleep(self.takes)
        trouble = self.meets(chat_id)
        if trouble is not None and not isinstance(trouble, Ambiguous):
            return trouble
        self.last_id += 1
        self.order.append(chat_id)
        self.copies.setdefault(chat_id, []).append(Copy(self.last_id, prepared, silent, reply_to))
        return trouble or Sent(self.last_id)

    async def edit(self, prepared: str, chat_id: int, message_id: int) -> Outcome:
        """Change a copy that is on the phone."""
        self.attempts += 1
        await asyncio.sleep(self.takes)
        trouble = self.meets(chat_id)
        if isinstance(trouble, Unreachable):
            return trouble
        for copy in self.copies.get(chat_id, ()):
            if copy.message_id == message_id:
                copy.edits.append(prepared)
                return trouble or Sent(message_id)
        return Rejected("Bad Request: message to edit not found")


@dataclass
class Clock:
    """A clock that tests move, with a steady one beside it: to set `time` is a jump of the first alone."""

    time: dt.datetime
    passed: float = 0.0

    def __call__(self) -> dt.datetime:
        """Return the time of day."""
        return self.time

    def steady(self) -> float:
        """Return the steady clock's seconds."""
        return self.passed

    def pass_by(self, **spans: float) -> None:
        """Let time pass: `minutes=5`."""
        self.time += dt.timedelta(**spans)
        self.passed += dt.timedelta(**spans).total_seconds()


@dataclass
class Operators:
    """Those who are told the news."""

    heard: list[Told] = field(default_factory=list)

    async def tell(self, told: Told) -> None:
        """Take note of a piece of news."""
        self.heard.append(told)

    @property
    def news(self) -> list[News]:
        """What they heard, without the details."""
        return [told.news for told in self.heard]
