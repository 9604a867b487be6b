"""How fast messages may leave: one clock for the whole bot's bulk lane, and one for every chat.

Telegram's limits are soft and unsaid. The lane goes at an even pace, makes up for a moment of lateness and
for no more, stops when asked to wait, and afterwards goes slower and gains speed message by message. Times
are seconds of a steady clock, passed in.
"""

from dataclasses import dataclass, replace

DEFAULT_RATE = 24.0
"""Messages a second. Telegram takes about 30; the rest is for replies."""

LEAST_RATE = 1.0
SLOWER = 0.7
FASTER = 0.015

HOLD_AT_MOST = 5.0
"""Seconds for which one throttled chat stops the lane: long enough to see whether it is the bot that is
meant.
"""

SEVERAL_CHATS_WITHIN = 1.0
"""Seconds. Two chats throttled in this time (of lane running) mean the whole bot."""

PRIVATE_GAP = 1.0
"""Seconds between two messages to one private chat."""

GROUP_GAP = 3.0
"""Seconds between two messages to one group or channel: 20 a minute, evenly."""

LARGEST_WINDOW = 256

MAKES_UP = 0.5
"""Seconds of lateness that the lane makes up for. A slow disk or a busy core makes each message a little
late; without this 24 a second would be 21, and 1000 be 600.
"""

FREE_LIMIT = 30.0
"""Messages a second, replies among them, that Telegram takes of a bot that does not pay."""

HASTE, HASTE_AT_MOST_FREE = 1.1, 1.04
"""How much faster than its rate the lane goes meanwhile. Within the free limit replies need all the rest."""

TOGETHER = 0.03
"""Seconds of sending that may leave at once, which is nothing at 24 a second, and thirty at 1000."""


@dataclass(frozen=True, slots=True)
class LaneClock:
    """When the next bulk message may leave.

    `ceiling` is the configured rate, `rate` what it is now. `next_at` is when a message is due, `soonest`
    when it may leave though others are overdue. `last_chat` and `last_at` remember the latest 429, and
    `paused_until` until when nothing leaves.
    """

    ceiling: float = DEFAULT_RATE
    rate: float = DEFAULT_RATE
    next_at: float = 0.0
    soonest: float = 0.0
    paused_until: float = 0.0
    last_chat: int | None = None
    last_at: float = float("-inf")

    @classmethod
    def at_rate(cls, rate: float) -> "LaneClock":
        """Return a clock that begins at its full rate."""
        return cls(ceiling=rate, rate=rate)

    @property
    def window(self) -> int:
        """How many messages may be in flight: what leaves in 0.3 s, and four. More only adds doubts at a
        crash.
        """
        return min(LARGEST_WINDOW, int(self.rate * 0.3) + 4)

    @property
    def is_slow(self) -> bool:
        """Whether it goes slower than it may, for having been told to wait."""
        return self.rate < self.ceiling

    @property
    def haste(self) -> float:
        """How much faster than its rate it goes while it makes up for lateness."""
        return HASTE if self.rate > FREE_LIMIT else HASTE_AT_MOST_FREE

    def wait(self, now: float) -> float:
        """Return the seconds until the next message may leave."""
        return max(0.0, max(self.next_at, self.soonest, self.paused_until) - now)

    def sent(self, now: float) -> "LaneClock":
        """Return the clock after a message left at `now`, be it a little later than it might have."""
        gap = 1 / self.rate
        return replace(
            self,
            next_at=max(self.next_at, now - MAKES_UP, self.paused_until) + gap,
            soonest=max(self.soonest, now - TOGETHER, self.paused_until) + gap / self.haste,
        )

    def rested(self, now: float) -> "LaneClock":
        """Return the clock after a time in which there was nothing to send: no burst makes up for it."""
        return replace(self, next_at=max(self.next_at, now))

    def succeeded(self) -> "LaneClock":
        """Return the clock after Telegram took a message."""
        return replace(self, rate=min(self.ceiling, self.rate + FASTER)) if self.is_slow else self

    def throttled(self, now: float, chat_id: int, retry_after: float) -> "LaneClock":
        """Return the clock after a 429.

        A client cannot see whether the chat or the bot is meant. The first one holds the lane for a few
        seconds at most, so that ten minutes asked of one chat do not silence the city; a second chat then
        says it is the bot.
        """
        is_another = self.last_chat is not None and self.last_chat != chat_id
        ran_for = now - max(self.last_at, min(self.paused_until, now))
        is_the_bot = is_another and ran_for <= SEVERAL_CHATS_WITHIN
        hold = retry_after if is_the_bot else min(retry_after, HOLD_AT_MOST)
        # Answers to what was in flight arrive together: they are one block and slow the lane once.
        is_same_block = now < self.paused_until
        return replace(
            self,
            rate=self.rate if is_same_block else max(LEAST_RATE, self.rate * SLOWER),
            paused_until=max(self.paused_until, now + hold),
            last_chat=chat_id,
            last_at=now,
        )

    def is_paused(self, now: float) -> bool:
        """Return whether the lane stands still just now."""
        return now < self.paused_until


@dataclass(frozen=True, slots=True)
class ChatClock:
    """When the next message to one chat may leave."""

    gap: float = PRIVATE_GAP
    next_at: float = 0.0

    @classmethod
    def for_group(cls) -> "ChatClock":
        """Return the clock of a group or channel."""
        return cls(gap=GROUP_GAP)

    def wait(self, now: float) -> float:
        """Return the seconds until the next message may leave."""
        return max(0.0, self.next_at - now)

    def sent(self, now: float) -> "ChatClock":
        """Return the clock after a message left."""
        return replace(self, next_at=max(self.next_at, now) + self.gap)

    def throttled(self, now: float, retry_after: float) -> "ChatClock":
        """Return the clock after a 429: this chat waits as long as it was asked, whoever was meant."""
        return replace(self, next_at=max(self.next_at, now + retry_after))
