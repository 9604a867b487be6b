"""A Telegram conversation and its preferences: all that is ever stored about anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.guidance import Language
from bot.core.message import Room
from bot.core.notices.notice import AreaId
from bot.core.notices.quiet import NIGHT, QuietHours


class StoreUnavailable(Exception):
    """What is stored cannot be read or written just now; the message says why, without any contents."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation.

    `language` is what was chosen in it, None while Telegram's own setting decides. `areas` is what it
    subscribed for; without any it is not subscribed. In its `quiet` hours what can wait arrives without a
    sound; None where everything shall ring.
    """

    id: int
    language: Language | None = None
    areas: frozenset[AreaId] = frozenset()
    quiet: QuietHours | None = NIGHT
    room: Room = Room.PRIVATE

    @property
    def is_subscribed(self) -> bool:
        """Whether notices come here."""
        return bool(self.areas)


def language_of(
    chosen: Language | None, language_code: str | None, languages: Sequence[Language], default: Language
) -> Language:
    """Return the language to speak: what was chosen, else what the person's app is set to, else the default.

    `language_code` is an IETF tag (`en-GB`); only its first part counts.
    """
    wanted = (language_code or "").lower().replace("_", "-").split("-")[0]
    for known in (chosen, wanted):
        if known is not None and known in languages:
            return known
    return default
