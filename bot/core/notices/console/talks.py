"""What each operator is being asked: open for a while only, so that no stray sentence becomes an answer."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.notices.console.talk import Filling, Talk

OPEN_FOR = dt.timedelta(minutes=10)
"""How long a question waits for its answer; what is written later is a question like anybody's."""

MOST_SUBMITTED = 50


@dataclass(frozen=True, slots=True)
class _Begun:
    talk: Talk
    open_until: dt.datetime


class Talks:
    """In memory: after a restart a template is begun again."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._begun: dict[int, _Begun] = {}
        self._submitted: dict[str, Filling] = {}

    def open_to(self, person: int) -> Talk | None:
        """Return what the person is being asked just now."""
        begun = self._begun.get(person)
        return begun.talk if begun is not None and self._clock() < begun.open_until else None

    def begun_by(self, person: int) -> Talk | None:
        """Return what the person began, also where its question is closed by now."""
        begun = self._begun.get(person)
        return begun.talk if begun is not None else None

    def ask(self, person: int, talk: Talk) -> None:
        """Ask the person this from now on."""
        self._begun[person] = _Begun(talk, self._clock() + OPEN_FOR)

    def close(self, person: int) -> None:
        """Take no answers any more; what was answered until then is kept."""
        if (begun := self._begun.get(person)) is not None:
            self._begun[person] = _Begun(begun.talk, self._clock())

    def forget(self, person: int) -> None:
        """Give up what the person began."""
        self._begun.pop(person, None)

    def knows(self, notice_id: str) -> bool:
        """Return whether somebody is filling in a notice of this id, or has submitted it."""
        talks = (begun.talk for begun in self._begun.values())
        begun = any(isinstance(talk, Filling) and talk.notice_id == notice_id for talk in talks)
        return begun or notice_id in self._submitted

    def keep_submitted(self, filling: Filling) -> None:
        """Keep the answers behind a submitted notice: when it is rejected they are changed, not retyped."""
        self._submitted[filling.notice_id] = filling
        while len(self._submitted) > MOST_SUBMITTED:
            del self._submitted[next(iter(self._submitted))]

    def submitted_as(self, notice_id: str) -> Filling | None:
        """Return the answers behind a notice."""
        return self._submitted.get(notice_id)
