"""When the next message to a chat may leave, so that Telegram seldom has to refuse one.

It only reckons, with times that it is given, and never waits itself.
"""

from dataclasses import dataclass

# About one message a second to a person, "short bursts" beyond it allowed; 20 a minute to a group (Bot FAQ).
# A bucket holds what may leave at once; in a group 4 + 60 x 0.25 are 19 in any minute. One less than
# Telegram seems to take, as what left a second apart may arrive closer together.
PRIVATE_BURST, PRIVATE_PER_SECOND = 4.0, 1.0
GROUP_BURST, GROUP_PER_SECOND = 4.0, 0.25

# Telegram does not say whose limit was hit: two chats refused within a second mean that it was the bot's.
SAME_CAUSE_WITHIN = 1.0

REMEMBERED_CHATS = 10_000


@dataclass(slots=True)
class _Bucket:
    level: float
    filled_at: float
    paused_until: float = 0.0


class Pace:
    """The clocks of one lane of messages: one per chat and one for all of it. Times in monotonic seconds."""

    def __init__(self) -> None:
        self._buckets: dict[int, _Bucket] = {}
        self._forget_at = REMEMBERED_CHATS
        self._lane_paused_until = 0.0
        self._last_refusal: tuple[int, float] | None = None

    def reserve(self, chat_id: int, now: float) -> float:
        """Take the chat's next place and return in how many seconds it comes up."""
        burst, per_second = _limits(chat_id)
        bucket = self._bucket(chat_id, now)
        bucket.level = min(burst, bucket.level + (now - bucket.filled_at) * per_second) - 1.0
        bucket.filled_at = now
        return max(0.0, -bucket.level / per_second)

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
        self._last_refusal = (chat_id, now)

    def _bucket(self, chat_id: int, now: float) -> _Bucket:
        if chat_id not in self._buckets:
            if len(self._buckets) >= self._forget_at:
                self._forget_full(now)
            self._buckets[chat_id] = _Bucket(_limits(chat_id)[0], now)
        return self._buckets[chat_id]

    def _forget_full(self, now: float) -> None:
        """Drop the chats that have been quiet long enough for theirs to be as good as new."""
        self._buckets = {
            chat_id: bucket
            for chat_id, bucket in self._buckets.items()
            if bucket.paused_until > now or now - bucket.filled_at < GROUP_BURST / GROUP_PER_SECOND
        }
        self._forget_at = max(REMEMBERED_CHATS, 2 * len(self._buckets))


def _limits(chat_id: int) -> tuple[float, float]:
    # Ids of persons are positive, those of groups and channels negative (Bot API, Chat.id).
    return (PRIVATE_BURST, PRIVATE_PER_SECOND) if chat_id > 0 else (GROUP_BURST, GROUP_PER_SECOND)
