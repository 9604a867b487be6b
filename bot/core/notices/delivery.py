"""One notice for one chat: the states of a delivery, how an attempt can end, and what follows from each.

The promise is that nobody is lost and nobody gets a third copy. It rests on three habits: an attempt is
written down before the message leaves; a message that may have left counts as a doubt; a second doubt ends
the delivery as `uncertain`, for an operator to look at, because Telegram has no key that would make a
repeat harmless.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from bot.core.notices.phrased import Phrased

MOST_DOUBTS = 2
"""Attempts that may have arrived; each may be one copy on the phone, so this is the most anybody gets."""

FIRST_WAIT = dt.timedelta(seconds=1)
LONGEST_WAIT = dt.timedelta(seconds=60)


class DeliveryState(Phrased):
    """Where a delivery stands."""

    QUEUED = "queued", "waits for its turn"
    SENDING = "sending", "an attempt is under way"
    SENT = "sent", "arrived"
    REFUSED = "refused", "Telegram will not deliver it to this chat"
    UNCERTAIN = "uncertain", "may have arrived; not tried again"
    DROPPED = "dropped", "not sent: the notice ended first"


class Step(StrEnum):
    """What can happen to a delivery."""

    CLAIM = "claim"
    ARRIVE = "arrive"
    REFUSE = "refuse"
    RETRY = "retry"
    DOUBT = "doubt"
    DOUBT_AGAIN = "doubt_again"
    DROP = "drop"
    DROP_IN_DOUBT = "drop_in_doubt"


TRANSITIONS: Mapping[DeliveryState, Mapping[Step, DeliveryState]] = MappingProxyType(
    {
        DeliveryState.QUEUED: {
            Step.CLAIM: DeliveryState.SENDING,
            Step.DROP: DeliveryState.DROPPED,
            # It may be on the phone: `dropped` would say that it is not.
            Step.DROP_IN_DOUBT: DeliveryState.UNCERTAIN,
        },
        DeliveryState.SENDING: {
            Step.ARRIVE: DeliveryState.SENT,
            Step.REFUSE: DeliveryState.REFUSED,
            Step.RETRY: DeliveryState.QUEUED,
            Step.DOUBT: DeliveryState.QUEUED,
            Step.DOUBT_AGAIN: DeliveryState.UNCERTAIN,
        },
        DeliveryState.SENT: {},
        DeliveryState.REFUSED: {},
        DeliveryState.UNCERTAIN: {},
        DeliveryState.DROPPED: {},
    }
)

FINAL = frozenset(state for state, steps in TRANSITIONS.items() if not steps)
"""States after which nothing happens to a delivery."""


class DeliveryRefused(Exception):
    """A step that the table of deliveries does not have; nothing was changed."""

    def __init__(self, state: DeliveryState, step: Step) -> None:
        """Remember what was asked of which state."""
        self.state = state
        self.step = step
        super().__init__(f"cannot '{step}' a delivery that is '{state}' ({state.phrase})")


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it; the id is needed to edit the copy later."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Throttled:
    """Telegram asks to wait (429). The message was not sent."""

    retry_after: dt.timedelta


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The chat is gone for us (blocked, deactivated, kicked): the subscription ends with it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Telegram refuses this message (400), not this person: the subscription stays."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """It surely did not leave: no connection was made."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It left and no answer came (timeout, reset, 5xx): it may be on the phone."""

    reason: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group became a supergroup; the message was not sent and goes to the new id."""

    new_chat_id: int


Outcome = Sent | Throttled | Unreachable | Rejected | Unavailable | Ambiguous | Migrated
"""How one attempt ended."""


class Task(StrEnum):
    """What is done in the chat. An edit repeated is the same edit, so no doubt counts against it."""

    SEND = "send"
    EDIT = "edit"
    AHEAD = "ahead"
    """The word that a drill comes, a day before it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice (in one revision) for one chat. `not_before` is aware; rows are claimed in its order."""

    notice_id: str
    revision: int
    chat_id: int
    task: Task = Task.SEND
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    doubts: int = 0
    not_before: dt.datetime | None = None
    started_at: dt.datetime | None = None
    message_id: int | None = None
    reason: str = ""

    @property
    def is_final(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state in FINAL

    @property
    def may_have_arrived(self) -> bool:
        """Whether the person has, or may have, a copy."""
        return self.state is DeliveryState.SENT or self.doubts > 0

    def is_due(self, now: dt.datetime) -> bool:
        """Return whether it may be claimed."""
        return self.state is DeliveryState.QUEUED and (self.not_before is None or self.not_before <= now)


def advance(state: DeliveryState, step: Step) -> DeliveryState:
    """Return the state that follows.

    Raises:
        DeliveryRefused: the table has no such step.
    """
    try:
        return TRANSITIONS[state][step]
    except KeyError:
        raise DeliveryRefused(state, step) from None


def claim(delivery: Delivery, now: dt.datetime) -> Delivery:
    """Return the delivery with an attempt written down; commit it before the message leaves."""
    return replace(
        delivery,
        state=advance(delivery.state, Step.CLAIM),
        attempts=delivery.attempts + 1,
        started_at=now,
        not_before=None,
    )


def conclude(delivery: Delivery, outcome: Outcome, now: dt.datetime) -> Delivery:
    """Return the delivery after its attempt ended."""
    match outcome:
        case Sent(message_id):
            return _moved(delivery, Step.ARRIVE, message_id=message_id, reason="")
        case Unreachable(reason) | Rejected(reason):
            return _moved(delivery, Step.REFUSE, reason=reason)
        case Throttled(retry_after):
            return _moved(delivery, Step.RETRY, not_before=now + retry_after, reason="throttled")
        case Unavailable(reason):
            return _moved(delivery, Step.RETRY, not_before=now + wait_after(delivery.attempts), reason=reason)
        case Migrated(new_chat_id):
            return _moved(delivery, Step.RETRY, chat_id=new_chat_id, not_before=now, reason="migrated")
        case Ambiguous(reason):
            return _doubted(delivery, now, reason)


def recover(delivery: Delivery, now: dt.datetime) -> Delivery:
    """Return a row found in `sending` after a crash: nobody knows how its attempt ended.

    Its `not_before` is now, later than that of every row never tried: it goes to the end of the queue.
    """
    return _doubted(delivery, now, "the program ended during the attempt")


def hand_back(delivery: Delivery) -> Delivery:
    """Return a claimed row whose message surely never left (a stop between claim and send), as it was
    before.
    """
    return _moved(delivery, Step.RETRY, attempts=delivery.attempts - 1)


def drop(delivery: Delivery, reason: str) -> Delivery:
    """Return a queued row whose notice ended. One in `sending` is refused: first its attempt must end."""
    step = Step.DROP_IN_DOUBT if delivery.doubts else Step.DROP
    return _moved(delivery, step, reason=reason)


def wait_after(attempts: int) -> dt.timedelta:
    """Return how long to wait after so many attempts that did not leave: doubling, up to a minute."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(max(attempts - 1, 0), 10)))


def _doubted(delivery: Delivery, now: dt.datetime, reason: str) -> Delivery:
    if delivery.task is Task.EDIT:
        return _moved(delivery, Step.RETRY, not_before=now + wait_after(delivery.attempts), reason=reason)
    doubts = delivery.doubts + 1
    if doubts >= MOST_DOUBTS:
        return _moved(delivery, Step.DOUBT_AGAIN, doubts=doubts, reason=reason)
    return _moved(delivery, Step.DOUBT, doubts=doubts, not_before=now, reason=reason)


def _moved(delivery: Delivery, step: Step, **changes: object) -> Delivery:
    state = advance(delivery.state, step)
    return replace(delivery, state=state, started_at=None, **changes)  # type: ignore[arg-type] # fields of Delivery


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice's deliveries are; computed from the rows and never stored."""

    queued: int = 0
    sending: int = 0
    sent: int = 0
    refused: int = 0
    uncertain: int = 0
    dropped: int = 0

    @classmethod
    def of(cls, counts: Mapping[DeliveryState, int]) -> "Progress":
        """Return the progress that these counts per state show."""
        return cls(**{state.value: counts.get(state, 0) for state in DeliveryState})

    @property
    def total(self) -> int:
        """All recipients."""
        return self.left + self.sent + self.refused + self.uncertain + self.dropped

    @property
    def left(self) -> int:
        """Those whose delivery is not final."""
        return self.queued + self.sending

    @property
    def is_finished(self) -> bool:
        """Whether every row is final."""
        return self.left == 0


def correction_recipients(deliveries: Iterable[Delivery]) -> tuple[int, ...]:
    """Return the chats that must hear that a notice was wrong: exactly those who have it.

    Those in doubt are among them: a correction too many puzzles one person, one too few leaves a wrong text
    standing.
    """
    return tuple(delivery.chat_id for delivery in deliveries if delivery.may_have_arrived)
