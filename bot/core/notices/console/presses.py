"""What the buttons of operators carry: what to do, to which notice, and which words were on the screen.

The data comes back from outside and is believed in nothing: who pressed, what they may do and whether the
notice still reads like that is looked at again at every press.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.core.message import Press

PREFIX = "op"
LONGEST_ID = 40
"""Characters of an id that stand in a button as they are; those of occurrences are longer and are hashed."""

FINGERPRINT = 8
"""Hex digits of the fingerprint in a button. They find a change, they do not have to withstand forgery: an
approval itself always records the whole fingerprint of what is there when the button is pressed."""

NOTICE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*|~[0-9a-f]{16}")
VERSION = re.compile(r"[0-9a-f]{8}|")
A_NUMBER = re.compile(r"[1-9][0-9]{0,2}")


class Verb(StrEnum):
    """What an operator's button does. Those with an 'ask' before them take two taps."""

    DESK = "desk"
    FILES = "files"
    DRILLS = "drills"
    DRILL_FILES = "drill-files"
    OVER = "over"
    DRILL_OVER = "drill-over"
    NEW = "new"
    NEW_DRILL = "drill"
    FILL = "fill"
    CHANGE_BY = "by"
    SAME = "same"
    FIX = "fix"
    CONTINUE = "fill-on"
    SEND = "send"
    CANCEL = "cancel"
    SHOW = "show"
    CARD = "card"
    WORDS = "words"
    SUBMIT = "submit"
    EDIT = "edit"
    APPROVE = "yes"
    ASK_REASON = "no"
    REJECT = "no-now"
    ASK_STOP = "stop"
    STOP = "stop-now"
    ASK_WITHDRAW = "back"
    WITHDRAW = "back-now"
    ASK_RELEASE = "go"
    RELEASE = "go-now"
    HOLD = "hold"
    RESUME = "on"
    CHANGE = "change"
    RENEW = "again"


ABOUT_A_NOTICE = frozenset(
    {
        Verb.SHOW,
        Verb.CARD,
        Verb.WORDS,
        Verb.SUBMIT,
        Verb.EDIT,
        Verb.APPROVE,
        Verb.ASK_REASON,
        Verb.REJECT,
        Verb.ASK_STOP,
        Verb.STOP,
        Verb.ASK_WITHDRAW,
        Verb.WITHDRAW,
        Verb.ASK_RELEASE,
        Verb.RELEASE,
        Verb.HOLD,
        Verb.RESUME,
        Verb.CHANGE,
        Verb.CHANGE_BY,
        Verb.RENEW,
    }
)

OF_A_FILLING = frozenset({Verb.FIX, Verb.SAME, Verb.CONTINUE})
"""Buttons of what is being filled in; they carry its mark, so that an old one does nothing to another."""

NUMBERED = frozenset(
    {Verb.DESK, Verb.FILES, Verb.OVER, Verb.DRILLS, Verb.DRILL_FILES, Verb.DRILL_OVER, Verb.FIX}
)
"""Buttons that may carry a number: the page of a list, or which of the answers."""


@dataclass(frozen=True, slots=True)
class OperatorPress:
    """A button's meaning. `subject` is a notice as `key_of` writes it, a template's id, or a number.

    `version` is the beginning of the fingerprint on the screen; where a template changes a notice, the mark
    of that template; under a question, the mark of what is being filled in.
    """

    verb: Verb
    subject: str = ""
    version: str = ""

    @property
    def number(self) -> int:
        """The number that it carries; the first, where it carries none."""
        return int(self.subject) if self.verb in NUMBERED and self.subject else 1


def key_of(notice_id: str) -> str:
    """Return how a button names a notice."""
    if len(notice_id) <= LONGEST_ID and NOTICE.fullmatch(notice_id):
        return notice_id
    return "~" + hashlib.sha256(notice_id.encode()).hexdigest()[:16]


def version_of(fingerprint: str) -> str:
    """Return how a button names a fingerprint."""
    return fingerprint[:FINGERPRINT]


def mark_of(name: str) -> str:
    """Return how a button names something beside its subject: two ids do not fit into 64 bytes."""
    return version_of(hashlib.sha256(name.encode()).hexdigest())


def press(verb: Verb, notice_id: str = "", fingerprint: str = "") -> Press:
    """Return the press of a button about a notice, or about none."""
    subject = key_of(notice_id) if notice_id else ""
    return Press(":".join((PREFIX, verb, subject, version_of(fingerprint))).rstrip(":"))


def press_number(verb: Verb, number: int, mark: str = "") -> Press:
    """Return the press of a button that carries a number."""
    return Press(f"{PREFIX}:{verb}:{number}:{mark}".rstrip(":"))


def is_operators(data: str) -> bool:
    """Return whether a button is one of the desk's."""
    return data == PREFIX or data.startswith(f"{PREFIX}:")


def read_press(data: str) -> OperatorPress | None:
    """Return what the data of a button means, None where it means nothing."""
    prefix, *parts = data.split(":")
    if prefix != PREFIX or not 1 <= len(parts) <= 3:
        return None
    verb, subject, version = (*parts, "", "")[:3]
    if verb not in set(Verb) or not VERSION.fullmatch(version):
        return None
    kind = Verb(verb)
    if kind in ABOUT_A_NOTICE or kind in (Verb.FILL, Verb.SEND):
        fits = NOTICE.fullmatch(subject) is not None
    else:
        has_number = kind in NUMBERED and A_NUMBER.fullmatch(subject)
        fits = bool(not subject or has_number) and bool(version) is (kind in OF_A_FILLING)
    return OperatorPress(kind, subject, version) if fits else None
