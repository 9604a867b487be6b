"""All that the files of one installation say about notices, as one value."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core.guidance import Guide, GuideId, Language
from bot.core.notices.approval import NoticePolicy
from bot.core.notices.audience import AreaTree
from bot.core.notices.hazard import Hazard
from bot.core.notices.lint.lexicon import Lexicon
from bot.core.notices.notice import Announcement, Drill, HazardId, Notice, NoticeId
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.rendering import Setting
from bot.core.notices.template import Template
from bot.core.problem import Path, Problem


@dataclass(frozen=True, slots=True)
class NoticeBook:
    """Places, hazards, words, rules, and the notices and drills that were written in files.

    `lines` are those of the files of notices and drills, so that a rule which is asked later can still say
    where.
    """

    areas: AreaTree
    hazards: Mapping[HazardId, Hazard]
    phrases: NoticePhrases
    operator_phrases: OperatorPhrases
    lexicon: Lexicon
    policy: NoticePolicy
    templates: Mapping[NoticeId, Template] = field(default_factory=dict)
    notices: Mapping[NoticeId, Notice] = field(default_factory=dict)
    drills: Mapping[NoticeId, Drill] = field(default_factory=dict)
    lines: Mapping[str, Mapping[Path, int]] = field(default_factory=dict)

    def announcements(self) -> tuple[Announcement, ...]:
        """Return notices and drills, in the order of their files."""
        return (*self.notices.values(), *self.drills.values())

    def file_of(self, announcement: Announcement) -> str:
        """Return the file that a notice or drill is written in."""
        return f"{'drills' if isinstance(announcement, Drill) else 'notices'}/{announcement.id}.yaml"

    def located(self, problem: Problem) -> Problem:
        """Return the problem with its line: that of the place itself, or of what it is part of."""
        lines, path = self.lines.get(problem.file, {}), problem.path
        while path and path not in lines:
            path = path[:-1]
        return replace(problem, line=lines.get(path, 1)) if lines else problem

    def setting(self, guides: Mapping[GuideId, Guide], zone: dt.tzinfo, default: Language = "") -> Setting:
        """Return what notices are rendered with."""
        return Setting(self.phrases, self.areas, guides, zone, default)
