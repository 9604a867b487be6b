"""All that the files of one installation say about notices, as one value."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.guidance import Guide, GuideId
from bot.core.notices.approval import NoticePolicy
from bot.core.notices.audience import AreaTree
from bot.core.notices.hazard import Hazard
from bot.core.notices.lint.lexicon import Lexicon
from bot.core.notices.notice import Announcement, Drill, HazardId, Notice, NoticeId
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.rendering import Setting


@dataclass(frozen=True, slots=True)
class NoticeBook:
    """Places, hazards, words, rules, and the notices and drills that were written in files."""

    areas: AreaTree
    hazards: Mapping[HazardId, Hazard]
    phrases: NoticePhrases
    operator_phrases: OperatorPhrases
    lexicon: Lexicon
    policy: NoticePolicy
    notices: Mapping[NoticeId, Notice] = field(default_factory=dict)
    drills: Mapping[NoticeId, Drill] = field(default_factory=dict)

    def announcements(self) -> tuple[Announcement, ...]:
        """Return notices and drills, in the order of their files."""
        return (*self.notices.values(), *self.drills.values())

    def setting(self, guides: Mapping[GuideId, Guide], zone: dt.tzinfo) -> Setting:
        """Return what notices are rendered with."""
        return Setting(self.phrases, self.areas, guides, zone)
