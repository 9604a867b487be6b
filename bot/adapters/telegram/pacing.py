"""When the next message to a chat may leave, so that Telegram seldom has to refuse one.

It only reckons, with times that it is given, and never waits itself.
"""

from collections import deque
from dataclasses import dataclass, field

# About one message a second to a person, "short bursts" beyond it allowed; 20 a minute to a group (Bot FAQ).
# One less than Telegram seems to take, as what left a minute apart may arrive closer together.
PRIVATE_BURST, PRIVATE_PER_SECOND = 4.0, 1.0
GROUP_MOST, GROUP_SPAN = 19, 60.0

# Telegram does not say whose limit was hit: two chats refused within a second mean that it was the bot's.
SAME_CAUSE_WITHIN = 1.0

CAREFUL_FOR = 120.0
"""Seconds after a refusal of the whole bot in which replies leave one by one, not all at once again."""

CAREFUL_RATE = 25.0
"""Messages a second meanwhile; Telegram takes about 30."""

REMEMBERED_CHATS = 10_000


@dataclass(slots=True)
class _Bucket:
    level: float
    filled_at: float
    paused_until: float = 0.0
    sent: deque[float] = field(default_factory=lambda: deque(maxlen=GROUP_MOST))


class Pace:
    """The clocks of one lane of messages: one per chat and one for all of it. Times in monotonic seconds."""

    def __init__(self) -> None:
        self._buckets: dict[int, _Bucket] = {}
        self._forget_at = REMEMBERED_CHATS
        self._lane_paused_until = 0.0
        self._careful_until = 0.0
        self._lane_next = 0.0
        self._last_refusal: tuple[int, float] | None = None

    def reserve(self, chat_id: int, now: float) -> float:
        """Take the chat's next place and return in how many seconds it comes up."""
        bucket = self._bucket(chat_id, now)
        if _is_group(chat_id):
            is_full = len(bucket.sent) == GROUP_MOST
            at = max(now, bucket.sent[0] + GROUP_SPAN) if is_full else now
            bucket.sent.append(at)
            bucket.filled_at = at
            return at - now
        earned = (now - bucket.filled_at) * PRIVATE_PER_SECOND
        bucket.level = min(PRIVATE_BURST, bucket.level + earned) - 1.0
        bucket.filled_at = now
        return max(0.0, -bucket.level / PRIVATE_PER_SECOND)

    def reserve_lane(self, now: float) -> float:
        """Take the lane's next place and return in how many seconds it is; at once while all goes well."""
        if now >= self._careful_until:
            return 0.0
        at = max(now, self._lane_next)
        self._lane_next = at + 1.0 / CAREFUL_RATE
        return at - now

    def pause_left(self, chat_id: int, now: float) -> float:
        """Return for how many seconds more Telegram wants nothing for this chat."""
        bucket = self._buckets.get(chat_id)
        return max(0.0, self._lane_paused_until - now, (bucket.paused_until - now) if bucket else 0.0)

    def refused(self, chat_id: int, seconds: float, now: float) -> None:
        """Note a 429: the chat pauses, and the lane with it when another chat was refused a moment ago."""
        bucket = self._bucket(chat_id, now)
        bucket.paused_until = max(bucket.paused_until, now + seconds)
        if self._last_refusal:
            other, at = self._last_refusal
            if other != chat_id and now - at <= SAME_CAUSE_WITHIN:
                self._lane_paused_until = max(self._lane_paused_until, now + seconds)
                self._careful_until = self._lane_paused_until + CAREFUL_FOR
        self._last_refusal = (chat_id, now)

    def _bucket(self, chat_id: int, now: float) -> _Bucket:
        if chat_id not in self._buckets:
            if len(self._buckets) >= self._forget_at:
                self._forget_full(now)
            self._buckets[chat_id] = _Bucket(PRIVATE_BURST, now)
        return self._buckets[chat_id]

    def _forget_full(self, now: float) -> None:
        """Drop the chats that have been quiet long enough for theirs to be as good as new."""
        self._buckets = {
            chat_id: bucket
            for chat_id, bucket in self._buckets.items()
            if bucket.paused_until > now or now - bucket.filled_at < GROUP_SPAN
        }
        self._forget_at = max(REMEMBERED_CHATS, 2 * len(self._buckets))


def _is_group(chat_id: int) -> bool:
    """Say whether it is a group or channel: their ids are negative (Bot API, Chat.id)."""
    return chat_id < 0
