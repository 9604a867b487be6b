"""A message in an operator's chat that shows a notice, and is written anew whenever the notice changes."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """Why the card was sent."""

    ASKED = "asked"
    LIVE = "live"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class FollowedCard:
    """One such message. `asked` says which decision it asked for: the state and the version of the words."""

    person: int
    message_id: int
    notice_id: str
    revision: int
    purpose: Purpose
    asked: str = ""
