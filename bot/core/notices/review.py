"""What each decision of people about a notice changes: drafts, submissions, approvals, refusals."""

import datetime as dt
from dataclasses import replace

from bot.core.notices import approval
from bot.core.notices.approval import Approval
from bot.core.notices.freezing import Rules, freeze, missing_people
from bot.core.notices.notice import Announcement
from bot.core.notices.record import Change, Move, Origin, Record, entry
from bot.core.notices.states import Event
from bot.core.problem import Problem


def draft(
    announcement: Announcement,
    now: dt.datetime,
    origin: Origin = Origin.FILE,
    author: int | None = None,
    restored: bool = False,
) -> Record:
    """Return a new notice."""
    return Record(announcement.id, announcement, now, origin=origin, author=author, restored=restored)


def submitted(record: Record, now: dt.datetime, rules: Rules, who: int | None = None) -> Change:
    """Return what submitting does; where nobody must agree it is approved with that.

    Raises:
        Refused, Unfit: it cannot be submitted.
    """
    frozen = freeze(record.announcement, rules)
    waiting = record.after(Event.SUBMIT, fingerprint=frozen.fingerprint, author=record.author or who)
    after = waiting
    if missing_people(waiting, rules) == 0:
        after = waiting.after(Event.APPROVE, decided_at=now)
    return Change((Move(record, after),), entries=(entry("submitted", after, now, who),))


def approved(record: Record, person: int, now: dt.datetime, rules: Rules) -> Change:
    """Return what one person's yes does: it is kept, and with the last one needed the notice is approved.

    Whether the yes counts is `approval.approval_problem`'s question.

    Raises:
        Refused, Unfit: it does not wait for approval.
    """
    given = Approval(person, freeze(record.announcement, rules).fingerprint)
    others = tuple(one for one in record.approvals if one.person != person)
    with_yes = replace(record, approvals=(*others, given), fingerprint=given.fingerprint)
    enough = with_yes.after(Event.APPROVE, decided_at=now)
    after = enough if missing_people(with_yes, rules) == 0 else with_yes
    return Change((Move(record, after),), entries=(entry("approved", after, now, person, given.fingerprint),))


def settled(record: Record, now: dt.datetime) -> Change:
    """Return what makes a notice approved that has all the people it needs."""
    after = record.after(Event.APPROVE, decided_at=now)
    return Change((Move(record, after),), entries=(entry("approved", after, now),))


def rejected(record: Record, person: int, reason: str, now: dt.datetime) -> Change:
    """Return what a no does.

    Raises:
        Refused: it does not wait for approval.
    """
    after = record.after(Event.REJECT, decided_at=now)
    return Change((Move(record, after),), entries=(entry("rejected", after, now, person, reason),))


def revised(record: Record, announcement: Announcement, now: dt.datetime, who: int | None = None) -> Change:
    """Return what new words do: a new draft, without anybody's approval.

    Raises:
        Refused: it is past changing.
    """
    after = _new_draft(record, announcement)
    return Change((Move(record, after),), entries=(entry("revised", after, now, who),))


def voided(record: Record, now: dt.datetime, rules: Rules) -> Change:
    """Return what happens to a notice that reads otherwise than it was approved: it goes back to review."""
    again = _new_draft(record, record.announcement)
    fingerprint = freeze(record.announcement, rules).fingerprint
    after = again.after(Event.SUBMIT, fingerprint=fingerprint)
    return Change((Move(record, after),), entries=(entry("approval voided", after, now),))


def _new_draft(record: Record, announcement: Announcement) -> Record:
    return record.after(
        Event.REVISE,
        announcement=announcement,
        revision=record.revision + 1,
        approvals=(),
        fingerprint="",
        times=None,
        decided_at=None,
        held_since=None,
        by_person=False,
        announced_at=None,
    )


def approval_problem(record: Record, person: int, seen: str, rules: Rules) -> Problem | None:
    """Return why this person's yes to the version they saw does not count, or None where it does.

    Raises:
        Unfit: a time in the notice names no instant.
    """
    return approval.approval_problem(
        person,
        rules.policy.roles_of(person, rules.trusted),
        approval.people_needed(record.announcement, rules.policy),
        record.author,
        seen,
        freeze(record.announcement, rules).fingerprint,
    )
