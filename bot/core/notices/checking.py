"""A whole book of notices put before the rules, with all that is known around each of them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core.content import Content
from bot.core.notices.book import NoticeBook
from bot.core.notices.lint.case import Desk, Known
from bot.core.notices.lint.rules import lint
from bot.core.notices.local_time import resolve
from bot.core.notices.notice import Announcement
from bot.core.problem import Level, Problem


def desk_of(content: Content, book: NoticeBook, now: dt.datetime, known: tuple[Known, ...] = ()) -> Desk:
    """Return what a notice is checked against; without counts and people, which only the store knows."""
    deployment = content.deployment
    numbers = {deployment.emergency.number, *(other.number for other in deployment.emergency.others)}
    return Desk(
        now=now,
        languages=deployment.languages,
        setting=book.setting(content.guides, ZoneInfo(deployment.time_zone), deployment.default_language),
        hazards=book.hazards,
        lexicon=book.lexicon,
        policy=book.policy,
        numbers=frozenset({*numbers, *book.policy.contact_book}),
        known=known,
    )


def book_problems(content: Content, now: dt.datetime) -> Iterator[Problem]:
    """Yield what the rules find in the files of notices and drills, each with its line."""
    book = content.notices
    if book is None:
        return
    zone = ZoneInfo(content.deployment.time_zone)
    written = book.announcements()
    for announcement in written:
        others = tuple(_known(other, zone) for other in written if other is not announcement)
        desk = desk_of(content, book, now, others)
        for problem in lint(announcement, desk, book.file_of(announcement)):
            yield book.located(as_obstacle(problem))


def as_obstacle(problem: Problem) -> Problem:
    """Return a warning without a reason as what it is: it keeps the notice back just as an error does."""
    if problem.level is not Level.WARNING:
        return problem
    reason = f"mend it, or give the reason: accepted: {{{problem.rule}: why it stays}}"
    expected = "; ".join(part for part in (problem.expected, reason) if part)
    return replace(problem, level=Level.ERROR, expected=expected)


def _known(announcement: Announcement, zone: ZoneInfo) -> Known:
    publish = resolve(announcement.publish, zone) if announcement.publish else None
    return Known(announcement, publish=publish if isinstance(publish, dt.datetime) else None)
