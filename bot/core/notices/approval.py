"""Who must agree before a notice goes, what exactly they agree to, and who may do what."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, model_validator

from bot.core.guidance import Language, Written
from bot.core.message import OutgoingMessage
from bot.core.notices.audience import AreaTree, reached_areas
from bot.core.notices.cap import Severity
from bot.core.notices.local_time import Times
from bot.core.notices.notice import Announcement, AreaId, Drill, DrillAudience
from bot.core.problem import Problem

People = Annotated[int, Field(ge=0, le=2)]
"""0: goes without review. 1: one person approves, the author too. 2: somebody other than the author
approves.
"""

PersonId = Annotated[int, Field(gt=0)]


class Role(StrEnum):
    """What an operator is to the notices; one person may be several of these."""

    AUTHOR = "author"
    APPROVER = "approver"
    VIEWER = "viewer"


class Deed(StrEnum):
    """What an operator can do."""

    SEE = "see"
    WRITE = "write"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    RELEASE = "release"
    STOP = "stop"
    WITHDRAW = "withdraw"


_OF_EVERYBODY = frozenset({Deed.SEE, Deed.STOP, Deed.WITHDRAW})
"""To stop a wrong message nobody looks for somebody entitled to."""

DEEDS: Mapping[Role, frozenset[Deed]] = MappingProxyType(
    {
        Role.AUTHOR: _OF_EVERYBODY | {Deed.WRITE, Deed.SUBMIT},
        Role.APPROVER: _OF_EVERYBODY | {Deed.APPROVE, Deed.REJECT, Deed.RELEASE},
        Role.VIEWER: _OF_EVERYBODY,
    }
)


class Operator(Written):
    """A person who works with the notices, by the number that Telegram gives them and nobody can forge."""

    id: PersonId = Field(description="Numeric Telegram id; the bot tells it to whoever writes /id")
    roles: tuple[Role, ...] = Field(
        min_length=1, description="author, approver, viewer; several are possible"
    )


class NoticePolicy(Written):
    """The rules of one installation for its notices."""

    approvals: Mapping[Severity, People] = Field(
        description="People needed by severity: 0, 1 or 2; Extreme and Severe are always 2"
    )
    everyone: Annotated[int, Field(ge=2, le=2)] = Field(
        2, description="People needed for the audience all: always 2"
    )
    drills: People = Field(1, description="People needed for a drill in the operators' test chats")
    operators: tuple[Operator, ...] = Field(
        (), description="Roles by person; the ids of BOT_OPERATORS that are not here are author and approver"
    )
    test_chats: tuple[int, ...] = Field((), description="Chats that drills go to; without any: the operators")
    contact_book: tuple[str, ...] = Field(
        (), description="Numbers that notices may name besides deployment.yaml's"
    )

    @model_validator(mode="after")
    def keeps_the_second_person(self) -> "NoticePolicy":
        """Refuse a policy without a second person for grave notices, or without a word on some level."""
        for severity in Severity:
            if severity not in self.approvals:
                raise ValueError(f"approvals says nothing about {severity}; it lists every severity")
            if (severity.is_grave or severity is Severity.UNKNOWN) and self.approvals[severity] != 2:
                raise ValueError(f"{severity} needs 2 people, always")
        return self

    def roles_of(self, person: int, trusted: Iterable[int]) -> frozenset[Role]:
        """Return what a person is here; `trusted` are the ids of BOT_OPERATORS. Strangers are nothing."""
        if person not in frozenset(trusted):
            return frozenset()
        listed = [operator.roles for operator in self.operators if operator.id == person]
        return frozenset(listed[0]) if listed else frozenset({Role.AUTHOR, Role.APPROVER})


def may(roles: Iterable[Role], deed: Deed) -> bool:
    """Return whether somebody with these roles may do this."""
    return any(deed in DEEDS[role] for role in roles)


def people_needed(announcement: Announcement, policy: NoticePolicy, areas: AreaTree) -> int:
    """Return how many people must stand behind a notice, whatever it does to others: 0, 1 or 2.

    Everyone is everyone also where all the places are named, or the one that they are all part of.
    """
    if isinstance(announcement, Drill) and announcement.audience is DrillAudience.OPERATORS:
        return policy.drills
    by_level = policy.approvals[announcement.severity]
    is_to_all = areas.by_id.keys() <= reached_areas(announcement, areas)
    return max(by_level, policy.everyone) if is_to_all else by_level


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes to exactly one fingerprint."""

    person: int
    fingerprint: str


def fingerprint(
    announcement: Announcement,
    times: Times | None,
    reached: Iterable[AreaId],
    beside: Iterable[str],
    words: Mapping[Language, OutgoingMessage],
) -> str:
    """Return the hash that an approval binds to: every field, the instants, the areas reached, the chats
    beside or instead of their subscribers, the exact words.

    The words are those of `rendering.notice_message` without `issued_at`, in all languages. So a new
    phrase, a renamed place or a moved district voids an approval as an edit of the notice does. `times` is
    absent where it goes as soon as it is approved; the distances in the notice's own fields are then what
    is bound.
    """
    instants = (
        [times.publish, times.effective, times.onset, times.expires, times.next_update] if times else []
    )
    frozen = {
        "kind": type(announcement).__name__,
        "notice": announcement.model_dump(mode="json"),
        "times": [instant.isoformat() if instant else None for instant in instants],
        "reached": sorted(reached),
        "beside": sorted(beside),
        "words": {language: _frozen_words(message) for language, message in words.items()},
    }
    return hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _frozen_words(message: OutgoingMessage) -> list[object]:
    links = [entity.url for entity in message.text.entities if entity.url]
    return [message.text.words, links, [[button.label for button in row] for row in message.buttons]]


def people_missing(needed: int, author: int | None, approvals: Iterable[Approval], current: str) -> int:
    """Return how many more people must approve the notice whose fingerprint is `current`.

    Where two are needed the author is one of them and never the other. A notice from a file has no author
    that anybody could vouch for, so two people approve it.
    """
    people = {approval.person for approval in approvals if approval.fingerprint == current}
    if needed < 2:
        return max(0, needed - len(people))
    others = people - {author}
    return max(0, (2 if author is None else 1) - len(others))


def approval_problem(
    person: int, roles: Iterable[Role], needed: int, author: int | None, seen: str, current: str
) -> Problem | None:
    """Return why this person's yes to what they saw does not count, or None where it does."""
    if not may(roles, Deed.APPROVE):
        return Problem("", (), "this person may not approve", "expected an approver")
    if seen != current:
        return Problem("", (), "the notice has changed since it was shown", "expected a look at the new one")
    if needed == 2 and person == author:
        return Problem(
            "",
            (),
            "the author cannot approve this notice",
            "expected another person, two are needed",
            rule="L38",
        )
    return None
