"""What a rule looks at: one notice, how it reads, and all that is known around it when it is checked."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.core.guidance import Language
from bot.core.message import OutgoingMessage
from bot.core.notices.approval import NoticePolicy
from bot.core.notices.audience import places_of
from bot.core.notices.hazard import Hazard
from bot.core.notices.lint.lexicon import Lexicon
from bot.core.notices.local_time import Times, Trouble, read_times, resolve
from bot.core.notices.notice import Announcement, Drill, HazardId
from bot.core.notices.quiet import NIGHT, QuietHours
from bot.core.notices.rendering import Setting, notice_message
from bot.core.notices.states import State
from bot.core.problem import Level, Problem

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Another notice of ours, or one occurrence of a series: then it has an id beside its announcement's.

    Offline it is a file of the folder: `state` says that nothing is known of it, and `has_gone`, whether
    anybody ever got it, is absent.
    """

    announcement: Announcement
    state: State = State.SCHEDULED
    publish: dt.datetime | None = None
    occurrence: str = ""
    has_gone: bool | None = None

    @property
    def id(self) -> str:
        """What a reference calls it."""
        return self.occurrence or self.announcement.id


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a notice is checked against.

    `known` are the other notices, never the one in question; `state` is its own, absent where it is new.
    `recipients` and `usual` count chats without the channel, absent where nobody has counted; `has_channel`
    says that the channel gets it too. `people` are author (or None) and approvers, absent before anybody
    approved.
    """

    now: dt.datetime
    languages: tuple[Language, ...]
    setting: Setting
    hazards: Mapping[HazardId, Hazard]
    lexicon: Lexicon
    policy: NoticePolicy
    numbers: frozenset[str] = frozenset()
    known: tuple[Known, ...] = ()
    state: State | None = None
    recipients: int | None = None
    usual: int | None = None
    has_channel: bool = False
    people: tuple[int | None, frozenset[int]] | None = None
    night: QuietHours = NIGHT


@dataclass(frozen=True)
class Case:
    """One notice on the desk. What costs something is worked out once and shared by the rules."""

    announcement: Announcement
    desk: Desk
    file: str = ""

    def problem(
        self, level: Level, rule: str, path: Path, wrong: str, expected: str = "", hint: str = ""
    ) -> Problem:
        """Return a problem of this notice."""
        return Problem(self.file, path, wrong, expected, hint, level, rule)

    def error(self, rule: str, path: Path, wrong: str, expected: str = "", hint: str = "") -> Problem:
        """Return a problem that stops the notice."""
        return self.problem(Level.ERROR, rule, path, wrong, expected, hint)

    def warning(self, rule: str, path: Path, wrong: str, expected: str = "") -> Problem:
        """Return a problem that needs a reason in the file."""
        return self.problem(Level.WARNING, rule, path, wrong, expected)

    def hint(self, rule: str, path: Path, wrong: str, expected: str = "") -> Problem:
        """Return a remark."""
        return self.problem(Level.INFO, rule, path, wrong, expected)

    @property
    def is_drill(self) -> bool:
        """Whether it is a drill."""
        return isinstance(self.announcement, Drill)

    @cached_property
    def publish(self) -> dt.datetime | Trouble:
        """When it goes; now, where it goes as soon as it is approved."""
        text = self.announcement.publish
        return self.desk.now if text is None else resolve(text, self.desk.setting.zone)

    @cached_property
    def read(self) -> tuple[Times | None, tuple[tuple[str, Trouble], ...]]:
        """The instants, and the fields that name none."""
        publish = self.publish
        if not isinstance(publish, dt.datetime):
            return None, (("publish", publish),)
        return read_times(self.announcement, self.desk.setting.zone, publish)

    @property
    def times(self) -> Times | None:
        """The instants, where all of them can be told."""
        return self.read[0]

    @cached_property
    def whole_languages(self) -> tuple[Language, ...]:
        """The languages that no text lacks."""
        texts = [text for _, text in self.announcement.texts()]
        return tuple(one for one in self.desk.languages if all(one in text for text in texts))

    @cached_property
    def messages(self) -> Mapping[Language, OutgoingMessage]:
        """The message in every whole language, as it would arrive at its time."""
        times = self.times
        if times is None:
            return {}
        return {
            language: notice_message(self.announcement, times, language, self.desk.setting, times.publish)
            for language in self.whole_languages
        }

    def written(self, language: Language) -> Iterator[tuple[Path, str]]:
        """Yield every text of its author's in one language, with the path that leads to it."""
        for path, text in self.announcement.texts():
            if language in text:
                yield (*path, language), text[language]

    def all_written(self) -> Iterator[tuple[Path, Language, str]]:
        """Yield every text of its author's in every language."""
        for language in self.desk.languages:
            for path, text in self.written(language):
                yield path, language, text

    def meets(self, other: Known) -> bool:
        """Return whether another notice is about a place that this one is about."""
        tree = self.desk.setting.areas
        return not places_of(self.announcement, tree).isdisjoint(places_of(other.announcement, tree))


def digits_of(numbers: Iterable[str]) -> frozenset[str]:
    """Return telephone numbers as rule L28 compares them, for `Desk.numbers`: digits alone."""
    return frozenset("".join(filter(str.isdigit, number)) for number in numbers)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    ends = [
        0,
        *(
            i + 1
            for i, (one, next_) in enumerate(pairwise(text + " "))
            if one in ".!?…\n" and next_.isspace()
        ),
    ]
    cuts = [text[start:end].strip() for start, end in pairwise([*ends, len(text)])]
    return [cut for cut in cuts if cut]
