"""Notices written in files -> notices in the store: new ones are submitted, changed ones begin anew.

A file that the rules refuse changes nothing and is reported; all others go on. A file that disappears changes
nothing either: what was approved is withdrawn by a person, never by a slip of the hand in a folder.
"""

import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.core.notices import review
from bot.core.notices.cap import MessageType
from bot.core.notices.checking import as_obstacle
from bot.core.notices.freezing import Unfit
from bot.core.notices.news import News, Told
from bot.core.notices.notice import Announcement
from bot.core.notices.record import Change, Overtaken, Record
from bot.core.notices.states import Event, State, may
from bot.core.problem import Level, Problem
from bot.workflows.operators import Operators

log = logging.getLogger(__name__)


class Notices(Protocol):
    """Where notices are kept. Every method may raise StoreUnavailable."""

    async def find_notice(self, notice_id: str) -> Record | None: ...
    async def list_series(self, series: str) -> tuple[Record, ...]: ...
    async def is_fresh_from_backup(self) -> bool: ...
    async def note_files_read(self) -> None: ...
    async def apply(self, change: Change, now: dt.datetime) -> int: ...


Judge = Callable[[Announcement], Awaitable[tuple[Problem, ...]]]
"""What the rules say of a notice among all that the store knows."""


class TakeIn:
    """Takes the files in. What it finds wrong is for the operators to read."""

    def __init__(
        self,
        operators: Operators,
        notices: Notices,
        judge: Judge,
        tell: Callable[[Told], Awaitable[None]],
        wake: Callable[[], None],
    ) -> None:
        self._operators = operators
        self._notices = notices
        self._judge = judge
        self._tell = tell
        self._wake = wake
        self._told: set[tuple[str, str]] = set()

    async def take(self) -> tuple[Problem, ...]:
        """Take in every file of the operators' book, and return what the rules refuse, with file and line.

        Raises:
            StoreUnavailable: the store is away; what was taken in until then is taken in.
        """
        restored = await self._notices.is_fresh_from_backup()
        problems: list[Problem] = []
        for announcement in _in_order(self._operators.book.announcements()):
            try:
                problems += await self._take(announcement, restored)
            except Overtaken:
                log.info("notice %s was changed by somebody else meanwhile", announcement.id)
            except Unfit as why:
                problems.append(Problem(self._operators.book.file_of(announcement), (), str(why)))
        await self._notices.note_files_read()
        self._wake()
        return tuple(problems)

    async def _take(self, announcement: Announcement, restored: bool) -> Sequence[Problem]:
        record = await self._notices.find_notice(announcement.id)
        if record is None and announcement.draft:
            return ()  # an operator submits it from Telegram
        is_old = record is not None and _same(record.announcement, announcement)
        if is_old and (record is None or record.state is not State.DRAFT or announcement.draft):
            return ()
        if record is not None and not may(record.state, Event.REVISE):
            return await self._leave(record, announcement)
        problems = await self._refused(announcement)
        if problems:
            return problems
        now, rules = self._operators.clock(), self._operators.rules
        if record is None:
            written = review.draft(announcement, now, restored=restored)
            change = review.submitted(written, now, rules)
            added = Change(added=tuple(move.after for move in change.moves), entries=change.entries)
            await self._notices.apply(added, now)
            return ()
        made = await self._notices.list_series(record.id) if record.is_series else ()
        change = review.revised(record, announcement, now, occurrences=made)
        if not announcement.draft:
            change = change.then(review.submitted(change.moves[0].after, now, rules))
        await self._notices.apply(change, now)
        return ()

    async def _refused(self, announcement: Announcement) -> tuple[Problem, ...]:
        book = self._operators.book
        found = [as_obstacle(problem) for problem in await self._judge(announcement)]
        file = book.file_of(announcement)
        return tuple(
            book.located(replace(problem, file=file)) for problem in found if problem.level is Level.ERROR
        )

    async def _leave(self, record: Record, announcement: Announcement) -> tuple[Problem, ...]:
        """Tell the operators, once for each version of the file, that it comes too late."""
        key = (record.id, announcement.model_dump_json())
        if key not in self._told:
            self._told.add(key)
            await self._tell(Told(News.FIXED, record))
        return ()


def _in_order(announcements: Iterable[Announcement]) -> list[Announcement]:
    """Return first what others may refer to."""
    return sorted(announcements, key=lambda one: one.message_type is not MessageType.ALERT)


def _same(one: Announcement, other: Announcement) -> bool:
    """Return whether two are the same notice. To call itself a draft no longer is no change."""
    plain = {"draft": False}
    return type(one) is type(other) and one.model_copy(update=plain) == other.model_copy(update=plain)
