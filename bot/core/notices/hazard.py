"""The controlled list of what notices are about: one hazard a notice, by the same name every time."""

from collections.abc import Mapping

from pydantic import Field

from bot.core.guidance import Language, Localized, Words, Written
from bot.core.notices.cap import CapCategory
from bot.core.notices.notice import HazardId


class Hazard(Written):
    """One kind of event."""

    id: HazardId = Field(description="Short name that notices give in `event`: drone-danger")
    category: CapCategory = Field(description="CAP's category: Security, Infra, Met, Fire, Health, ...")
    name: Localized = Field(description="How residents know it: Беспилотная опасность")
    words: Mapping[Language, tuple[Words, ...]] = Field(
        description="Beginnings of words, one of which the text must hold: беспилотн, дрон"
    )
