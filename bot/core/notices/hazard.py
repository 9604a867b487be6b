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
    family: HazardId | None = Field(
        None, description="One word for hazards that come together, so that a headline may name two of them"
    )
    everyday: bool = Field(
        False,
        description="true: its words are everyday ones (road, water) and name no second hazard elsewhere",
    )
    words: Mapping[Language, tuple[Words, ...]] = Field(
        description="Words, one of which the text must hold; * is any ending: беспилотн*, дрон*"
    )

    def is_kin(self, other: "Hazard") -> bool:
        """Return whether both are the same, or of one family."""
        return self.id == other.id or (self.family is not None and self.family == other.family)
