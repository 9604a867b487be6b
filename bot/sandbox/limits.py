"""How often a bot may send, as Telegram limits it: overall, in one chat, in one group; off until switched on.

Numbers follow core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. Telegram does not
publish the arithmetic behind them; here a chat has an allowance that refills, the others are sliding windows.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from bot.sandbox.refusals import ApiError, too_many_requests
from bot.sandbox.world import Chat, ChatType

_PAID_PER_SECOND = 1000
_GROUP_WINDOW_SECONDS = 60.0


@dataclass(slots=True)
class Limits:
    """The limits and what was sent lately; fields without an underscore may be changed at any time."""

    is_on: bool = False
    overall_per_second: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 5
    """Messages a quiet chat takes at once before the rate per second holds."""
    group_per_minute: int = 20
    block_seconds: float = 3.0
    """For how long that chat, or everything, is refused once a limit was hit; trying does not prolong it."""
    _sent: deque[float] = field(default_factory=deque)
    _in_group: dict[int, deque[float]] = field(default_factory=dict)
    _in_chat: dict[int, tuple[float, float]] = field(default_factory=dict)
    _silent_until: dict[int, float] = field(default_factory=dict)

    def spend(self, chat: Chat, now: datetime, is_paid: bool = False) -> None:
        """Count one message to `chat`; raises the `ApiError` 429 instead when that is one too many."""
        if not self.is_on:
            return
        moment = now.timestamp()
        for lane in (_EVERYWHERE, chat.id):
            if (left := self._silent_until.get(lane, 0.0) - moment) > 0:
                raise too_many_requests(ceil(left))
        overall = _PAID_PER_SECOND if is_paid else self.overall_per_second
        _forget(self._sent, moment - 1.0)
        if len(self._sent) >= overall:
            raise self._silence(_EVERYWHERE, moment)
        if chat.type is ChatType.PRIVATE:
            self._spend_in_chat(chat.id, moment)
        else:
            self._spend_in_group(chat.id, moment)
        self._sent.append(moment)

    def forget(self) -> None:
        """Begin anew, as if nothing had been sent."""
        for kept in (self._sent, self._in_group, self._in_chat, self._silent_until):
            kept.clear()

    def _spend_in_chat(self, chat_id: int, moment: float) -> None:
        left, since = self._in_chat.get(chat_id, (float(self.chat_burst), moment))
        left = min(float(self.chat_burst), left + (moment - since) * self.chat_per_second)
        if left < 1.0:
            raise self._silence(chat_id, moment)
        self._in_chat[chat_id] = (left - 1.0, moment)

    def _spend_in_group(self, chat_id: int, moment: float) -> None:
        sent = self._in_group.setdefault(chat_id, deque())
        _forget(sent, moment - _GROUP_WINDOW_SECONDS)
        if len(sent) >= self.group_per_minute:
            raise self._silence(chat_id, moment)
        sent.append(moment)

    def _silence(self, lane: int, moment: float) -> ApiError:
        self._silent_until[lane] = moment + self.block_seconds
        return too_many_requests(ceil(self.block_seconds))


_EVERYWHERE = 0


def _forget(sent: deque[float], before: float) -> None:
    while sent and sent[0] <= before:
        sent.popleft()
