"""A notice as its operators see it: the exact message in every language, and the card with its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.guidance import Localized
from bot.core.message import Button, OutgoingMessage, Style, Text, joined, styled
from bot.core.notices.console import facts
from bot.core.notices.console.complaints import why_words
from bot.core.notices.console.deeds import CHANGEABLE, buttons
from bot.core.notices.console.facts import Speed, shown_fingerprint
from bot.core.notices.console.presses import Verb, press
from bot.core.notices.console.speech import Speech
from bot.core.notices.delivery import Progress
from bot.core.notices.freezing import Unfit, planned_at, times_at
from bot.core.notices.news import Told
from bot.core.notices.record import Record
from bot.core.notices.rendering import notice_message
from bot.core.notices.states import State


@dataclass(frozen=True, slots=True)
class Cards(Speech):
    """Makes the messages about notices for one reader."""

    def messages(self, record: Record) -> tuple[OutgoingMessage, ...]:
        """Return the message in every language, exactly as people will get it or got it.

        Where it goes as soon as it is approved, its times are as if that were now.

        Raises:
            Unfit: a time in it names no instant.
        """
        announcement, rules = record.announcement, self.rules
        times = record.times or times_at(announcement, rules, planned_at(record, rules) or self.now)
        return tuple(
            notice_message(announcement, times, language, rules.setting, record.issued_at, record.planned)
            for language in rules.languages
        )

    def preview(self, record: Record) -> tuple[OutgoingMessage, ...]:
        """Return the same for a chat, where nobody must take it for the real thing or pass it on as such.

        Raises:
            Unfit: as `messages` says.
        """
        phrase = self.phrases.copy_mark if record.issued_at else self.phrases.preview_mark
        mark = styled(Style.BOLD, self.say(phrase))
        return tuple(
            replace(message, text=joined((mark, message.text, mark), "\n\n"), silent=True, protected=True)
            for message in self.messages(record)
        )

    def card(
        self,
        record: Record,
        count: int | None = None,
        progress: Progress | None = None,
        speed: Speed | None = None,
    ) -> OutgoingMessage:
        """Return the facts of a notice and what this operator can do about it."""
        headline = record.announcement.headline.get(self.language, "")
        lines = [styled(Style.BOLD, self.state(record.state)), styled(Style.BOLD, headline)]
        try:
            lines += map(Text, facts.facts(self, record, count))
        except Unfit as reason:
            lines.append(Text(self.say(self.phrases.cannot_be_shown, reason=reason)))
        if progress is not None and progress.total:
            is_going = record.state is State.PUBLISHING
            lines += map(Text, facts.progress_lines(self, progress, speed if is_going else None))
        lines.append(Text(facts.identity(self, record)))
        return OutgoingMessage(joined(lines), (*buttons(self, record), (self._desk_button(),)))

    def asked(
        self, record: Record, words: str, yes: Localized, verb: Verb, sent: Sequence[Record] = ()
    ) -> OutgoingMessage:
        """Return the question of a second tap, with whom it is about beside it.

        `sent` are the times of a series that went out: what the deed leaves alone can be reached from here.
        """
        number = self.say(self.phrases.number, id=record.id)
        about = f"{facts.audience(self, record.announcement)} · {number}"
        shown = shown_fingerprint(record, self.rules)
        return OutgoingMessage(
            joined((words, about)),
            (
                (Button(yes[self.language], press(verb, record.id, shown)),),
                *self._to_sent(sent),
                (Button(self.phrases.button_back[self.language], press(Verb.CARD, record.id)),),
            ),
        )

    def done(self, record: Record, words: str, sent: Sequence[Record] = ()) -> OutgoingMessage:
        """Return the word of what was done, with a way to the notice. Numbers stand on its card alone.

        `sent` as `asked` has it.
        """
        card = Button(self.phrases.button_card[self.language], press(Verb.SHOW, record.id))
        return OutgoingMessage(Text(words), (*self._to_sent(sent), (card, self._desk_button())))

    def news(self, told: Told) -> OutgoingMessage:
        """Return a piece of news, with a way to the notice that it is about."""
        phrase: Localized = getattr(self.phrases, f"news_{told.news.value}")
        title = self.title(told.notice.announcement) if told.notice else ""
        notice_id = told.notice.id if told.notice else ""
        words = self.say(phrase, title=title, id=notice_id, time=self.at(told.at) if told.at else "")
        detail = why_words(told.why, self.phrases, self.language) if told.why else told.detail
        if detail:
            words = self.say(self.phrases.news_detail, news=words, detail=detail)
        return self.done(told.notice, words) if told.notice is not None else OutgoingMessage(Text(words))

    def _to_sent(self, sent: Sequence[Record]) -> tuple[tuple[Button, ...], ...]:
        """Return the way to the last time of a series that people have."""
        out = next((one for one in reversed(sent) if one.state in CHANGEABLE), None)
        label = self.phrases.button_sent[self.language]
        return ((Button(label, press(Verb.SHOW, out.id)),),) if out is not None else ()

    def _desk_button(self) -> Button:
        return Button(self.phrases.button_desk[self.language], press(Verb.DESK))
