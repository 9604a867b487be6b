"""The life of a notice: its states, what can happen to it, and the one table of what follows.

Two rules hold here. Every allowed step is a cell of the table, and the code only reads it. A step that the
table does not have is refused by name, and changes nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.notices.phrased import Phrased


class State(Phrased):
    """Where a notice stands."""

    DRAFT = "draft", "being written"
    IN_REVIEW = "in_review", "waits for approval"
    REJECTED = "rejected", "not approved; it can be changed and submitted again"
    APPROVED = "approved", "approved; text, audience, level and times are frozen"
    SCHEDULED = "scheduled", "waits for its time"
    HELD = "held", "due or stopped before its time; waits for a person"
    PUBLISHING = "publishing", "being sent"
    STOPPED = "stopped", "stopped while being sent; the rest waits for a person"
    ACTIVE = "active", "sent, in force"
    EXPIRED = "expired", "its time is over"
    CLEARED = "cleared", "the danger is over"
    CANCELLED = "cancelled", "withdrawn: it was wrong"
    SUPERSEDED = "superseded", "replaced by a newer notice"
    MISSED = "missed", "not sent: its end had passed"


class Event(Phrased):
    """What can happen to a notice."""

    SUBMIT = "submit", "submit for approval"
    APPROVE = "approve", "approve"
    REJECT = "reject", "reject"
    REVISE = "revise", "change"
    SCHEDULE = "schedule", "schedule"
    HOLD = "hold", "hold for a person"
    RELEASE = "release", "release"
    BEGIN = "begin", "begin to send"
    STOP = "stop", "stop"
    RESUME = "resume", "go on sending"
    FINISH = "finish", "finish sending"
    MISS = "miss", "mark as missed"
    EXPIRE = "expire", "let expire"
    CLEAR = "clear", "clear"
    WITHDRAW = "withdraw", "withdraw"
    SUPERSEDE = "supersede", "replace by a newer notice"
    REOPEN = "reopen", "put into force again"


_IN_FORCE = {
    Event.EXPIRE: State.EXPIRED,
    Event.CLEAR: State.CLEARED,
    Event.WITHDRAW: State.CANCELLED,
    Event.SUPERSEDE: State.SUPERSEDED,
}
"""The three endings differ: over in time, over in fact, and never true; a fourth is a newer notice."""

_BEFORE_SENDING = {
    Event.REVISE: State.DRAFT,
    Event.MISS: State.MISSED,
    Event.CLEAR: State.CLEARED,
    Event.WITHDRAW: State.CANCELLED,
    Event.SUPERSEDE: State.SUPERSEDED,
}
"""A change makes a new draft and voids the approval. What never went out can be overtaken as well."""

TRANSITIONS: Mapping[State, Mapping[Event, State]] = MappingProxyType(
    {
        State.DRAFT: {
            Event.REVISE: State.DRAFT,
            Event.SUBMIT: State.IN_REVIEW,
            Event.WITHDRAW: State.CANCELLED,
        },
        State.IN_REVIEW: {
            **_BEFORE_SENDING,
            Event.APPROVE: State.APPROVED,
            Event.REJECT: State.REJECTED,
        },
        State.REJECTED: {Event.REVISE: State.DRAFT, Event.WITHDRAW: State.CANCELLED},
        State.APPROVED: {**_BEFORE_SENDING, Event.SCHEDULE: State.SCHEDULED},
        State.SCHEDULED: {
            **_BEFORE_SENDING,
            Event.BEGIN: State.PUBLISHING,
            Event.HOLD: State.HELD,
            Event.STOP: State.HELD,
        },
        # Released before its time a notice waits for it again; when it is due it begins at once. To stop one
        # that would go by itself soon is to keep holding it.
        State.HELD: {
            **_BEFORE_SENDING,
            Event.RELEASE: State.SCHEDULED,
            Event.STOP: State.HELD,
            Event.BEGIN: State.PUBLISHING,
        },
        State.PUBLISHING: {
            **_IN_FORCE,
            Event.FINISH: State.ACTIVE,
            Event.STOP: State.STOPPED,
        },
        # Not HELD: here some people have the message already, and the rows of the others exist.
        State.STOPPED: {**_IN_FORCE, Event.RESUME: State.PUBLISHING},
        State.ACTIVE: _IN_FORCE,
        # An error may be found after the end; the copies on the phones are still wrong.
        State.EXPIRED: {Event.WITHDRAW: State.CANCELLED, Event.SUPERSEDE: State.SUPERSEDED},
        # What ended them was wrong itself and is withdrawn: they are true again.
        State.CLEARED: {Event.REOPEN: State.ACTIVE},
        State.SUPERSEDED: {Event.REOPEN: State.ACTIVE},
        State.CANCELLED: {},
        State.MISSED: {},
    }
)

IN_FORCE = frozenset({State.PUBLISHING, State.STOPPED, State.ACTIVE})
"""States in which people have the notice and it has not ended."""

ENDED = frozenset({State.EXPIRED, State.CLEARED, State.CANCELLED, State.SUPERSEDED})
"""States in which the delivered copies say that it is over, and how."""

PENDING = frozenset({State.IN_REVIEW, State.APPROVED, State.SCHEDULED, State.HELD})
"""States in which it is submitted and nobody has it yet."""

UNSENT = PENDING | {State.DRAFT}
"""States in which nobody has it and it can still go; of an occurrence the draft is one taken back."""


class Refused(Exception):
    """A step that the table of a life does not have; nothing was changed."""

    def __init__(self, state: State, event: Event) -> None:
        """Remember what was asked of which state."""
        self.state = state
        self.event = event
        possible = ", ".join(f"'{other}'" for other in TRANSITIONS[state]) or "nothing any more"
        super().__init__(
            f"cannot '{event}' a notice that is '{state}' ({state.phrase}); possible: {possible}"
        )


def may(state: State, event: Event) -> bool:
    """Return whether the table has this step."""
    return event in TRANSITIONS[state]


def advance(state: State, event: Event) -> State:
    """Return the state that follows.

    Raises:
        Refused: the table has no such step.
    """
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise Refused(state, event) from None
