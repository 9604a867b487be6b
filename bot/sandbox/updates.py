"""The queue of updates that wait for the bot, whether it polls or has a webhook."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.wire import Json

KEPT_FOR = timedelta(hours=24)
"""How long Telegram keeps an update nobody fetched (core.telegram.org/bots/api#getting-updates)."""

KINDS = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    ]
)
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

_FIRST_ID = 100_000_001


@dataclass(slots=True, eq=False)
class _Waiting:
    update: Json
    since: datetime
    # An injected update may carry any id, also one confirmed long ago: it is handed out once, at any offset.
    injected: bool


class UpdateQueue:
    """Updates in the order they happened; `now` is asked for their age."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.listeners: set[Callable[[], None]] = set()
        self.allowed: frozenset[str] = KINDS - ONLY_ON_REQUEST
        self.allowed_asked: list[str] | None = None
        self._now = now
        self._next_id = _FIRST_ID
        self._waiting: deque[_Waiting] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def allow(self, kinds: list[object]) -> None:
        """Remember which kinds the bot wants; an empty list means all but the few sent only on request.

        As with Telegram, names that mean nothing are passed over, and updates already waiting stay.
        """
        known = [kind for kind in kinds if isinstance(kind, str) and kind in KINDS]
        self.allowed = frozenset(known) if known else KINDS - ONLY_ON_REQUEST
        self.allowed_asked = known or None

    def add(self, kind: str, payload: Json) -> None:
        """Queue something that happened, unless the bot does not want its kind."""
        if kind in self.allowed:
            self._append({"update_id": self._take_id(), kind: payload}, injected=False)

    def inject(self, update: Json) -> Json:
        """Queue a raw update as it is; without an `update_id` it gets the next one."""
        complete = update if "update_id" in update else {"update_id": self._take_id(), **update}
        self._append(complete, injected=True)
        return complete

    def take(self, offset: int, limit: int) -> list[Json]:
        """Up to `limit` updates as getUpdates gives them: an offset confirms all earlier ones.

        A negative offset keeps only that many from the end and forgets the rest.
        """
        self._forget_old()
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        elif offset > 0:
            self._confirm(offset)
        batch = [self._waiting[index] for index in range(min(limit, len(self._waiting)))]
        for one in batch:
            if one.injected:
                self._waiting.remove(one)
        return [one.update for one in batch]

    def pop(self) -> Json | None:
        """The next update for a webhook, from now on the carrier's to keep; None when there is none."""
        self._forget_old()
        return self._waiting.popleft().update if self._waiting else None

    def put_back(self, update: Json) -> None:
        """Return an update that could not be delivered to the head of the queue."""
        self._waiting.appendleft(_Waiting(update, self._now(), injected=False))

    def clear(self) -> None:
        """Drop everything that waits."""
        self._waiting.clear()

    def _confirm(self, offset: int) -> None:
        if any(one.injected for one in self._waiting):
            self._waiting = deque(
                one for one in self._waiting if one.injected or one.update["update_id"] >= offset
            )
        while (
            self._waiting and not self._waiting[0].injected and self._waiting[0].update["update_id"] < offset
        ):
            self._waiting.popleft()

    def _append(self, update: Json, injected: bool) -> None:
        self._waiting.append(_Waiting(update, self._now(), injected))
        for wake in self.listeners:
            wake()

    def _take_id(self) -> int:
        taken = self._next_id
        self._next_id += 1
        return taken

    def _forget_old(self) -> None:
        oldest = self._now() - KEPT_FOR
        while self._waiting and self._waiting[0].since < oldest:
            self._waiting.popleft()
