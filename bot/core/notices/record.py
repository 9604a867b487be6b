"""A notice as it is kept: the words of its author, and everything that has happened to it since."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.guidance import Language
from bot.core.message import OutgoingMessage, Room
from bot.core.notices.approval import Approval
from bot.core.notices.delivery import Delivery, Task
from bot.core.notices.local_time import Times
from bot.core.notices.notice import Announcement, AreaId
from bot.core.notices.priority import Lane
from bot.core.notices.quiet import QuietHours
from bot.core.notices.states import Event, State, advance


class Origin(StrEnum):
    """Where a notice comes from."""

    FILE = "file"
    TELEGRAM = "telegram"
    SERIES = "series"
    PREPARED = "prepared"
    """The withdrawal whose words were prepared as a template, sent by an operator's two taps."""


@dataclass(frozen=True, slots=True)
class Record:
    """One notice. `id` is its file's name, for one of a series with the local time behind it.

    `times` are set when it is scheduled and never move by themselves; `zone`, `local_text` and `tzdata` say
    what they were made of. `planned` is when one that goes late should have gone. `restored` says that the
    database was put back since, and may have forgotten that it was sent.
    """

    id: str
    announcement: Announcement
    created_at: dt.datetime
    revision: int = 1
    state: State = State.DRAFT
    origin: Origin = Origin.FILE
    author: int | None = None
    fingerprint: str = ""
    approvals: tuple[Approval, ...] = ()
    times: Times | None = None
    zone: str = ""
    local_text: str = ""
    tzdata: str = ""
    series: str | None = None
    occurrence: str | None = None
    decided_at: dt.datetime | None = None
    issued_at: dt.datetime | None = None
    planned: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    ended_by: str | None = None
    held_since: dt.datetime | None = None
    by_person: bool = False
    restored: bool = False
    announced_at: dt.datetime | None = None

    def after(self, *events: Event, **changes: object) -> "Record":
        """Return the notice after these events, one by one through the table of states.

        Raises:
            Refused: the table has no such step.
        """
        state = self.state
        for event in events:
            state = advance(state, event)
        return replace(self, state=state, **changes)  # type: ignore[arg-type] # fields of Record

    @property
    def is_series(self) -> bool:
        """Whether it is the pattern of a series, which itself never goes."""
        return self.announcement.repeat is not None and self.occurrence is None

    @property
    def as_earlier(self) -> Announcement:
        """What a change is written about: of a series this one occurrence, under its own id."""
        if self.occurrence is None:
            return self.announcement
        return self.announcement.model_copy(update={"id": self.id})


@dataclass(frozen=True, slots=True)
class Subscribers:
    """The chats that subscribed for what a notice reaches. `near` are those of its areas that come first."""

    reached: frozenset[AreaId]
    near: frozenset[AreaId]
    is_everyone: bool = False


@dataclass(frozen=True, slots=True)
class TheseChats:
    """Chats by number: where drills go."""

    chat_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Holders:
    """The chats that have, or may have, one of these notices: whom a correction must reach, and nobody
    else.
    """

    of: tuple[str, ...]


Audience = Subscribers | TheseChats | Holders


@dataclass(frozen=True, slots=True)
class Mailing:
    """One text on its way to many chats: a notice, the edit of its copies, or the word ahead of a drill."""

    notice_id: str
    revision: int
    task: Task
    lane: Lane
    rings: bool
    words: Mapping[Language, OutgoingMessage]
    default: Language

    @property
    def key(self) -> tuple[str, int, Task]:
        """What tells it from every other."""
        return self.notice_id, self.revision, self.task

    def words_for(self, language: Language) -> Language:
        """Return the language in which a chat gets it."""
        return language if language in self.words else self.default


@dataclass(frozen=True, slots=True)
class Launch:
    """A mailing that begins, and for whom. `replies_to` are notices that its copies answer where they are.

    The channel reads along and is no audience by itself: with nobody else it is an empty one, unless its
    operators said that the channel is enough.
    """

    mailing: Mailing
    audience: Audience
    channel: int | None = None
    replies_to: tuple[str, ...] = ()
    is_channel_enough: bool = False

    def is_empty(self, rows: int) -> bool:
        """Return whether so many recipients, the channel among them, are nobody.

        What takes words back reaches those who turn out to have them, also a moment later.
        """
        if isinstance(self.audience, Holders):
            return False
        needed = 1 if self.channel is None or self.is_channel_enough else 2
        return rows < needed


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery whose attempt is written down. `id` is its row's."""

    id: int
    delivery: Delivery
    language: Language
    room: Room
    quiet: QuietHours | None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A claim and its delivery after the attempt. `is_gone` ends the subscription of its chat."""

    claim: Claim
    after: Delivery
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log. `who` is a person's number, None where the program did it."""

    at: dt.datetime
    what: str
    notice_id: str = ""
    revision: int = 0
    who: int | None = None
    detail: str = ""


def entry(what: str, record: Record, at: dt.datetime, who: int | None = None, detail: str = "") -> Entry:
    """Return the line of the log for a deed done to a notice."""
    return Entry(at, what, record.id, record.revision, who, detail)


@dataclass(frozen=True, slots=True)
class Move:
    """One notice from how it was to how it is. `edit` is the mailing that rewrites its delivered copies."""

    before: Record
    after: Record
    edit: Mailing | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that one decision does, committed together or not at all.

    `moves` holds the notice itself and those that it ends; `added` are new notices; `launch` is what goes
    out.
    """

    moves: tuple[Move, ...] = ()
    added: tuple[Record, ...] = ()
    launch: Launch | None = None
    entries: tuple[Entry, ...] = ()

    def then(self, following: "Change") -> "Change":
        """Return two steps as one change; the second begins where the first left the notices."""
        later = {move.before.id: move.after for move in following.moves}
        moves = tuple(replace(move, after=later.get(move.after.id, move.after)) for move in self.moves)
        return replace(following, moves=moves, entries=(*self.entries, *following.entries))


class Overtaken(Exception):
    """Somebody else changed the notice first; nothing was changed now."""


class GraveInForce(Exception):
    """A drill may not go while a real grave notice is in force; nothing was changed."""


class EmptyAudience(Exception):
    """A notice would reach nobody; nothing was changed."""
