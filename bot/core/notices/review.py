"""What each decision of people about a notice changes: drafts, submissions, approvals, refusals."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from bot.core.notices import approval
from bot.core.notices.approval import Approval
from bot.core.notices.freezing import Rules, freeze, missing_people
from bot.core.notices.notice import Announcement
from bot.core.notices.record import Change, Move, Origin, Record, entry
from bot.core.notices.states import UNSENT, Event
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


def revised(
    record: Record,
    announcement: Announcement,
    now: dt.datetime,
    who: int | None = None,
    occurrences: Iterable[Record] = (),
) -> Change:
    """Return what new words do: a new draft, without anybody's approval. Of a series they are the words of
    the occurrences too that have not gone yet.

    Words that nobody vouches for come from a file, whoever wrote the earlier ones.

    Raises:
        Refused: it is past changing.
    """
    after = _new_draft(record, announcement, by_person=False, announced_at=None)
    if who is None:
        after = replace(after, origin=Origin.FILE, author=None)
    moves = (Move(record, after), *_taken_back(occurrences, announcement, now))
    return Change(moves, entries=tuple(entry("revised", move.after, now, who) for move in moves))


def voided(record: Record, now: dt.datetime, rules: Rules, occurrences: Iterable[Record] = ()) -> Change:
    """Return what happens to a notice that reads otherwise than it was approved: it goes back to review, and
    the occurrences of a series wait with it.
    """
    again = _new_draft(record, record.announcement, by_person=False, announced_at=None)
    fingerprint = freeze(record.announcement, rules).fingerprint
    after = again.after(Event.SUBMIT, fingerprint=fingerprint)
    moves = (Move(record, after), *_taken_back(occurrences, record.announcement, now))
    return Change(moves, entries=tuple(entry("approval voided", move.after, now) for move in moves))


def taken_back(occurrence: Record, now: dt.datetime) -> Change:
    """Return what makes an occurrence wait for its series, whose approval or words it does not share."""
    moves = _taken_back((occurrence,), occurrence.announcement, now)
    return Change(moves, entries=tuple(entry("taken back", move.after, now) for move in moves))


def _taken_back(
    occurrences: Iterable[Record], announcement: Announcement, now: dt.datetime
) -> tuple[Move, ...]:
    """Return the moves of what nobody has yet; without a rule it is no series any more, and they are over."""
    left = [one for one in occurrences if one.state in UNSENT]
    if announcement.repeat is None:
        return tuple(Move(one, one.after(Event.WITHDRAW, ended_at=now)) for one in left)
    # Its time is its own, so residents have heard of it, and somebody's stop holds, whatever it says.
    return tuple(Move(one, _new_draft(one, announcement)) for one in left)


def _new_draft(record: Record, announcement: Announcement, **changes: object) -> Record:
    return record.after(
        Event.REVISE,
        announcement=announcement,
        revision=record.revision + 1,
        approvals=(),
        fingerprint="",
        times=None,
        decided_at=None,
        held_since=None,
        **changes,
    )


def approval_problem(record: Record, person: int, seen: str, rules: Rules) -> Problem | None:
    """Return why this person's yes to the version they saw does not count, or None where it does.

    Raises:
        Unfit: a time in the notice names no instant.
    """
    return approval.approval_problem(
        person,
        rules.policy.roles_of(person, rules.trusted),
        approval.people_needed(record.announcement, rules.policy, rules.setting.areas),
        record.author,
        seen,
        freeze(record.announcement, rules).fingerprint,
    )
