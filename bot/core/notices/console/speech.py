"""How one operator is spoken to: language, titles, times, and what people are called."""

import datetime as dt
from dataclasses import dataclass

from bot.core.guidance import Language, Localized
from bot.core.notices.approval import Role
from bot.core.notices.freezing import Rules
from bot.core.notices.notice import Announcement, Drill
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.rendering import moment
from bot.core.notices.states import State

LONGEST_TITLE = 60


def clipped(text: str, length: int) -> str:
    """Return a text that is no longer than `length`, with a sign where it was cut."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip(' ,.:;')}…"


@dataclass(frozen=True, slots=True)
class Speech:
    """The words for one operator, or for somebody at the command line, under one set of rules."""

    phrases: OperatorPhrases
    rules: Rules
    language: Language
    now: dt.datetime
    person: int | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """What the reader is here."""
        if self.person is None:
            return frozenset()
        return self.rules.policy.roles_of(self.person, self.rules.trusted)

    def say(self, phrase: Localized, **blanks: object) -> str:
        """Return a phrase with its blanks filled."""
        return phrase[self.language].format(**blanks)

    def state(self, state: State) -> str:
        """Return a state in words."""
        phrase: Localized = getattr(self.phrases, f"state_{state.value}")
        return phrase[self.language]

    def title(self, announcement: Announcement) -> str:
        """Return what a notice is called: its headline, and the mark of a drill."""
        phrase = self.phrases.title_drill if isinstance(announcement, Drill) else self.phrases.title
        return self.say(phrase, headline=self.headline(announcement))

    def headline(self, announcement: Announcement, length: int = LONGEST_TITLE) -> str:
        """Return the headline, or the id where it is not written in this language."""
        return clipped(announcement.headline.get(self.language) or announcement.id, length)

    def who(self, person: int) -> str:
        """Return what a person is called: Telegram gives the bot no names of its operators."""
        return self.say(self.phrases.you) if person == self.person else str(person)

    def at(self, instant: dt.datetime) -> str:
        """Return a time as short as it can be told now: the clock alone today, with the day otherwise."""
        zone = self.rules.setting.zone
        local = instant.astimezone(zone)
        if local.date() == self.now.astimezone(zone).date():
            return f"{local:%H:%M}"
        return moment(instant, self.language, self.rules.setting, self.now)

    def moment(self, instant: dt.datetime) -> str:
        """Return a time with its day, and with its year where that is another."""
        return moment(instant, self.language, self.rules.setting, self.now)
