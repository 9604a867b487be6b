"""A notice as its operators see it: the exact message in every language, the facts beside it, the buttons."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.guidance import Language, Localized
from bot.core.message import Button, OutgoingMessage, Style, Text, joined, styled
from bot.core.notices.approval import Deed, Role, people_needed
from bot.core.notices.approval import may as role_may
from bot.core.notices.audience import is_for_residents
from bot.core.notices.console.presses import Verb, press, version_of
from bot.core.notices.delivery import Progress
from bot.core.notices.freezing import Rules, Unfit, freeze, missing_people, planned_for, times_at
from bot.core.notices.news import Told
from bot.core.notices.notice import Drill
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.priority import rings
from bot.core.notices.record import Record
from bot.core.notices.rendering import moment, notice_message, place
from bot.core.notices.states import IN_FORCE, PENDING, State

CHANGEABLE = IN_FORCE | {State.EXPIRED}
"""States in which people have the message, so that a correction or an all-clear makes sense."""


REVIEWED = frozenset({State.DRAFT, State.REJECTED, State.IN_REVIEW})
"""States in which it reads as the content of today makes it read; later it reads as it was approved."""

SLOW = 10
"""Messages a second below which a tenth counts."""


def shown_fingerprint(record: Record, rules: Rules) -> str:
    """Return the fingerprint of what an operator sees: the buttons carry its beginning."""
    if record.state in REVIEWED:
        try:
            return freeze(record.announcement, rules).fingerprint
        except Unfit:
            return ""
    return record.fingerprint


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a live send goes."""

    per_second: float

    @property
    def rate(self) -> str:
        """The rate in words; a slow one is not nothing."""
        return f"{self.per_second:.0f}" if self.per_second >= SLOW else f"{self.per_second:.1f}"

    def minutes_left(self, left: int) -> int:
        """Return whole minutes until it is done, one at least."""
        return max(1, round(left / max(self.per_second, 0.1) / 60))


@dataclass(frozen=True, slots=True)
class Cards:
    """Makes the cards for one operator's language under one set of rules."""

    phrases: OperatorPhrases
    rules: Rules
    language: Language
    now: dt.datetime

    def say(self, phrase: Localized, **blanks: object) -> str:
        """Return a phrase with its blanks filled."""
        return phrase[self.language].format(**blanks)

    def state(self, state: State) -> str:
        """Return a state in words."""
        phrase: Localized = getattr(self.phrases, f"state_{state.value}")
        return phrase[self.language]

    def preview(self, record: Record) -> tuple[OutgoingMessage, ...]:
        """Return the message in every language, exactly as people will get it or got it.

        Where it goes as soon as it is approved, its times are as if that were now.

        Raises:
            Unfit: a time in it names no instant.
        """
        announcement = record.announcement
        publish = planned_for(announcement, self.rules) if announcement.publish else self.now
        times = record.times or times_at(announcement, self.rules, publish)
        return tuple(
            notice_message(
                record.announcement, times, language, self.rules.setting, record.issued_at, record.planned
            )
            for language in self.rules.languages
        )

    def card(
        self,
        record: Record,
        roles: Iterable[Role],
        count: int | None,
        progress: Progress | None = None,
        speed: Speed | None = None,
    ) -> OutgoingMessage:
        """Return the facts of a notice and what this operator can do about it."""
        phrases = self.phrases
        title = self.say(phrases.card, state=self.state(record.state), id=record.id)
        lines = [styled(Style.BOLD, title), Text(record.announcement.headline.get(self.language, ""))]
        try:
            lines += [Text(line) for line in self._facts(record, count)]
        except Unfit as reason:
            lines.append(Text(self.say(phrases.cannot_be_shown, reason=reason)))
        if progress is not None and progress.total:
            lines += [Text(line) for line in self._progress(progress, speed)]
        return OutgoingMessage(joined(lines), self._buttons(record, frozenset(roles)))

    def asked(self, record: Record, question: Localized, yes: Localized, verb: Verb) -> OutgoingMessage:
        """Return the question of a second tap."""
        shown = shown_fingerprint(record, self.rules)
        return OutgoingMessage(
            Text(self.say(question, id=record.id)),
            (
                (Button(yes[self.language], press(verb, record.id, shown)),),
                (Button(self.phrases.button_back[self.language], press(Verb.SHOW, record.id)),),
            ),
        )

    def news(self, told: Told) -> OutgoingMessage:
        """Return a piece of news, with a way to the notice that it is about."""
        phrase: Localized = getattr(self.phrases, f"news_{told.news.value}")
        time = self._moment(told.at) if told.at else ""
        words = self.say(phrase, id=told.notice.id if told.notice else "", time=time)
        if told.detail:
            words = self.say(self.phrases.news_detail, news=words, detail=told.detail)
        if told.notice is None:
            return OutgoingMessage(Text(words))
        show = Button(told.notice.id[:40], press(Verb.SHOW, told.notice.id))
        return OutgoingMessage(Text(words), ((show,),))

    def _facts(self, record: Record, count: int | None) -> Iterable[str]:
        phrases, announcement = self.phrases, record.announcement
        is_drill = isinstance(announcement, Drill)
        yield self.say(phrases.mode_drill if is_drill else phrases.mode_actual)
        yield self._audience(record)
        if count is not None:
            yield self.say(phrases.count, count=count)
        yield from self._times(record)
        yield self.say(phrases.rings if rings(announcement) else phrases.rings_by_day)
        author = record.author
        yield self.say(phrases.by_person, person=author) if author else self.say(phrases.by_file)
        if record.state in REVIEWED:
            needed = people_needed(announcement, self.rules.policy)
            missing = missing_people(record, self.rules)
            yield (
                self.say(phrases.people, needed=needed, missing=missing)
                if needed
                else self.say(phrases.nobody_asked)
            )
            current = freeze(announcement, self.rules).fingerprint
            yield self.say(phrases.version, version=version_of(current))

    def _audience(self, record: Record) -> str:
        phrases, announcement = self.phrases, record.announcement
        if announcement.kind.takes_back_words:
            return self.say(phrases.to_holders, ids=", ".join(announcement.references))
        if not is_for_residents(announcement):
            return self.say(phrases.to_operators)
        if announcement.is_to_everyone:
            return self.say(phrases.to_everyone)
        return self.say(phrases.to_areas, areas=place(announcement, self.language, self.rules.setting.areas))

    def _times(self, record: Record) -> Iterable[str]:
        phrases, announcement = self.phrases, record.announcement
        if announcement.repeat and record.occurrence is None:
            yield self.say(phrases.when_repeated, time=announcement.publish, rule=announcement.repeat)
            yield self._end_in_words(record)
            return
        times = record.times or freeze(announcement, self.rules).times
        if times is None:
            yield self.say(phrases.when_approved)
            yield self._end_in_words(record)
            return
        yield self.say(phrases.when_planned, time=self._moment(record.issued_at or times.publish))
        yield self.say(phrases.until, time=self._moment(times.expires))

    def _end_in_words(self, record: Record) -> str:
        end = record.announcement.expires
        if end.startswith("+"):
            units = {"m": self.phrases.minutes, "h": self.phrases.hours, "d": self.phrases.days}
            length = self.say(units[end[-1]], count=int(end[1:-1]))
            return self.say(self.phrases.until_after, distance=length)
        return self.say(self.phrases.until, time=end)

    def _moment(self, instant: dt.datetime) -> str:
        return moment(instant, self.language, self.rules.setting)

    def _progress(self, progress: Progress, speed: Speed | None) -> Iterable[str]:
        phrases = self.phrases
        yield self.say(
            phrases.progress,
            sent=progress.sent,
            total=progress.total,
            refused=progress.refused,
            uncertain=progress.uncertain,
            left=progress.left,
        )
        if progress.is_finished:
            yield self.say(phrases.progress_done)
        elif speed is not None:
            minutes = speed.minutes_left(progress.left)
            yield self.say(phrases.progress_speed, rate=speed.rate, minutes=minutes)

    def _buttons(self, record: Record, roles: frozenset[Role]) -> tuple[tuple[Button, ...], ...]:
        phrases, state = self.phrases, record.state
        fingerprint = shown_fingerprint(record, self.rules)
        rows: list[tuple[tuple[Localized, Verb], ...]] = []
        if state in (State.DRAFT, State.REJECTED) and role_may(roles, Deed.SUBMIT):
            rows.append(((phrases.button_submit, Verb.SUBMIT),))
        if state is State.IN_REVIEW and role_may(roles, Deed.APPROVE):
            rows.append(((phrases.button_approve, Verb.APPROVE), (phrases.button_reject, Verb.REJECT)))
        if state in (State.SCHEDULED, State.PUBLISHING):
            rows.append(((phrases.button_stop, Verb.ASK_STOP),))
        if state is State.HELD and role_may(roles, Deed.RELEASE):
            rows.append(((phrases.button_release, Verb.ASK_RELEASE),))
        if state is State.STOPPED and role_may(roles, Deed.RELEASE):
            rows.append(((phrases.button_resume, Verb.RESUME),))
        if state in CHANGEABLE | PENDING:
            rows.append(((phrases.button_withdraw, Verb.ASK_WITHDRAW),))
        if state in CHANGEABLE and role_may(roles, Deed.WRITE):
            rows.append(((phrases.button_change, Verb.CHANGE),))
        if state is State.MISSED and role_may(roles, Deed.SUBMIT):
            rows.append(((phrases.button_renew, Verb.RENEW),))
        made = [
            tuple(Button(label[self.language], press(verb, record.id, fingerprint)) for label, verb in row)
            for row in rows
        ]
        return (*made, (Button(phrases.button_desk[self.language], press(Verb.DESK)),))
