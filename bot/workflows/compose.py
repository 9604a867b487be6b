"""A template and an operator's answers -> a notice that passes every rule, ready to be submitted."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from statistics import median
from typing import Protocol

from bot.core.message import OutgoingMessage, Reply, Text
from bot.core.notices.checking import desk_of
from bot.core.notices.console import talk
from bot.core.notices.console.card import Cards
from bot.core.notices.console.facts import shown_fingerprint
from bot.core.notices.console.presses import mark_of
from bot.core.notices.console.talk import Filling
from bot.core.notices.console.talks import Talks
from bot.core.notices.filling import Earlier
from bot.core.notices.freezing import Unfit, audience_of, goes_to_channel, planned_at
from bot.core.notices.lint.case import Known
from bot.core.notices.lint.rules import lint
from bot.core.notices.notice import Announcement
from bot.core.notices.record import Audience, Origin, Record
from bot.core.notices.review import draft
from bot.core.notices.states import PENDING, State
from bot.core.notices.template import Template, TemplateKind
from bot.core.problem import Level, Problem
from bot.workflows.operators import Operators
from bot.workflows.series import Series

MEMORY = 5
"""Notices to the same places whose recipients are what is usual there."""


class Notices(Protocol):
    """Where notices are kept. Every method may raise StoreUnavailable."""

    async def find_notice(self, notice_id: str) -> Record | None: ...
    async def list_notices(self, states: Iterable[State] | None = None) -> tuple[Record, ...]: ...
    async def list_series(self, series: str) -> tuple[Record, ...]: ...
    async def find_restored_at(self) -> dt.datetime | None: ...


class Audiences(Protocol):
    """How many chats, without the channel, something goes to. May raise StoreUnavailable."""

    async def count(self, audience: Audience) -> int:
        """Return how many an audience is just now."""

    async def reached(self, notice_id: str, revision: int) -> int:
        """Return how many a notice was sent to."""


class Compose:
    """Asks operators what a template needs. `talks` is what each of them is being asked."""

    def __init__(self, operators: Operators, notices: Notices, audiences: Audiences) -> None:
        self._operators = operators
        self._notices = notices
        self._audiences = audiences
        self._series = Series(notices)
        self.talks = Talks(operators.clock)

    async def begin(
        self, person: int, template: Template, cards: Cards, changed: Announcement | None = None
    ) -> Reply:
        """Ask the first question of a template; one that changes a notice needs that notice."""
        if template.kind.changes_another and changed is None:
            return _said(cards.say(cards.phrases.nothing_to_change))
        filling = self._filling(template, self._free_id(template, cards.now), changed)
        return await self.go_on(person, filling, cards)

    async def answer(self, person: int, filling: Filling, typed: str, cards: Cards) -> Reply:
        """Take an answer and ask the next question, or show what came out."""
        rules, book = self._operators.rules, self._operators.book
        answered = talk.answered(filling, typed, cards, book.areas, rules.setting.zone)
        if isinstance(answered, Problem):
            why = talk.why_wrong(filling, typed, answered, cards, book.areas)
            wrong = cards.say(cards.phrases.fill_wrong, problem=why)
            again = talk.question(filling, cards)
            return Reply((OutgoingMessage(Text(wrong)), *((again,) if again else ())))
        return await self.go_on(person, answered, cards)

    async def withdrawal_of(self, record: Record, cards: Cards) -> Announcement | None:
        """Return the prepared withdrawal of a notice, None where the template has blanks to fill in first."""
        template = self.template_of(TemplateKind.WITHDRAWAL)
        if template is None:
            return None
        # Named after what it takes back too: in one second only two of the same notice clash.
        zone = self._operators.rules.setting.zone
        notice_id = talk.notice_id_for(template.id, cards.now, zone, mark_of(record.id))
        filling = self._filling(template, notice_id, record.as_earlier)
        made = filling.announcement(self._operators.rules.languages)
        return None if isinstance(made, tuple) else made

    def template_of(self, kind: TemplateKind) -> Template | None:
        """Return the first template of a kind."""
        return next((t for t in self._operators.book.templates.values() if t.kind is kind), None)

    async def problems_in_file(self, announcement: Announcement) -> tuple[Problem, ...]:
        """Return the same for a notice from a file: who subscribes until it goes, nobody knows yet."""
        return await self.problems(announcement, is_counted=False)

    async def problems(self, announcement: Announcement, is_counted: bool = True) -> tuple[Problem, ...]:
        """Return what the rules say of a notice among all that the store knows."""
        rules, now = self._operators.rules, self._operators.clock()
        records = await self._notices.list_notices()
        known = tuple(self._known(one, now) for one in records if not _is_itself(one, announcement))
        desk = desk_of(self._operators.content, self._operators.book, now, known)
        desk = replace(desk, has_channel=goes_to_channel(announcement, rules))
        if is_counted:
            count, usual = await self.count(announcement), await self._usual(announcement, records)
            desk = replace(desk, recipients=count, usual=usual)
        # A draft is checked as what it becomes: a time that has passed is no remark any more.
        return lint(announcement.model_copy(update={"draft": False}), desk)

    async def obstacles(self, record: Record) -> tuple[Problem, ...]:
        """Return what may have come about since a notice was written, and now forbids to approve it: nobody
        would get it, or many more than usual, or people get too much already.
        """
        found = await self.problems(record.announcement)
        return tuple(
            one
            for one in found
            if (one.rule == "L31" and one.level is not Level.INFO)
            or (one.rule == "L24" and one.level is Level.ERROR)
        )

    async def count(self, announcement: Announcement) -> int:
        """Return how many chats a notice would go to now; the channel is none of them."""
        found = [await self._series.referred_to(one) for one in announcement.references]
        ids = tuple(one.id for one in found if one is not None)
        return await self._audiences.count(audience_of(announcement, ids, self._operators.rules))

    async def _usual(self, announcement: Announcement, records: Iterable[Record]) -> int | None:
        """Return how many chats the last notices to just these places reached; None where there are none."""
        alike = [
            one
            for one in records
            if one.issued_at is not None
            and type(one.announcement) is type(announcement)
            and not one.announcement.kind.takes_back_words
            and one.announcement.is_to_everyone is announcement.is_to_everyone
            and set(one.announcement.area_ids) == set(announcement.area_ids)
        ]
        if announcement.kind.takes_back_words or not alike:
            return None
        alike.sort(key=lambda one: one.issued_at or one.created_at)
        counts = [await self._audiences.reached(one.id, one.revision) for one in alike[-MEMORY:]]
        return round(median(counts))

    def _known(self, record: Record, now: dt.datetime) -> Known:
        return Known(
            record.announcement,
            record.state,
            self._goes_at(record, now),
            record.id if record.occurrence else "",
            record.issued_at is not None,
        )

    def _goes_at(self, record: Record, now: dt.datetime) -> dt.datetime | None:
        """Return when a notice goes, went, or would go if people agreed now."""
        if record.issued_at or record.times:
            return record.issued_at or (record.times.publish if record.times else None)
        if record.is_series and record.state is not State.IN_REVIEW:
            return None  # its occurrences are known themselves
        try:
            planned = planned_at(record, self._operators.rules)
        except Unfit:
            return None
        return planned or (now if record.state in PENDING else None)

    async def go_on(self, person: int, filling: Filling, cards: Cards) -> Reply:
        """Ask what has no answer yet, or show what came out."""
        asked = talk.question(filling, cards)
        if asked is not None:
            self.talks.ask(person, filling)
            return Reply((asked,))
        made = filling.announcement(self._operators.rules.languages)
        if isinstance(made, tuple):
            return self._refuse(person, filling, made, cards)
        problems = await self.problems(made)
        errors = tuple(problem for problem in problems if problem.level is Level.ERROR)
        if errors:
            return self._refuse(person, filling, errors, cards)
        warning = talk.open_warning(problems)
        if warning is not None:
            self.talks.ask(person, replace(filling, warning=warning.rule))
            words = cards.say(cards.phrases.ask_warning, problem=talk.problem_words(warning, cards))
            return Reply((OutgoingMessage(Text(words), talk.ways_out(filling, cards)),))
        try:
            record = draft(made, cards.now, Origin.TELEGRAM, person)
            shown = cards.preview(record)
            facts = cards.card(record, await self.count(made))
            question = talk.submit_screen(filling, shown_fingerprint(record, cards.rules), cards)
        except Unfit as why:
            return self._refuse(person, filling, (Problem("", (), str(why)),), cards)
        self.talks.ask(person, replace(filling, made=made))
        return Reply((*shown, OutgoingMessage(facts.text), question))

    def _refuse(self, person: int, filling: Filling, problems: tuple[Problem, ...], cards: Cards) -> Reply:
        """Say what the rules refuse, and ask anew for what it came from; nothing else is typed twice."""
        words = cards.say(cards.phrases.fill_refused, problems=talk.problem_lines(problems, cards))
        left = talk.doubted(filling, problems)
        again = talk.question(left, cards)
        if again is None:
            self.talks.forget(person)
            return _said(words)
        self.talks.ask(person, left)
        return Reply((OutgoingMessage(Text(words)), again))

    def _free_id(self, template: Template, now: dt.datetime) -> str:
        """Return an id that nobody else's notice has: two people may begin in the same second."""
        zone, number = self._operators.rules.setting.zone, 1
        notice_id = talk.notice_id_for(template.id, now, zone)
        while self.talks.knows(notice_id):
            number += 1
            notice_id = talk.notice_id_for(template.id, now, zone, str(number))
        return notice_id

    def _filling(self, template: Template, notice_id: str, changed: Announcement | None) -> Filling:
        hazards = self._operators.book.hazards
        return Filling(template, notice_id, Earlier.of(changed, hazards) if changed is not None else None)


def _is_itself(record: Record, announcement: Announcement) -> bool:
    """Return whether it is the notice in question or a time of it; a drill is never the same as a notice."""
    is_alike = type(record.announcement) is type(announcement)
    return is_alike and announcement.id in (record.id, record.series)


def _said(words: str) -> Reply:
    return Reply((OutgoingMessage(Text(words)),))
