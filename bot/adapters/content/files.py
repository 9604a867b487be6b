"""Which file of the content folder holds what: the one table that loading and the editors' schemas read."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from bot.core.answering.knowledge import Golden, Negative, Rules, Slang
from bot.core.content import Deployment
from bot.core.guidance import Category, Guide, Source
from bot.core.notices.approval import NoticePolicy
from bot.core.notices.audience import Area
from bot.core.notices.hazard import Hazard
from bot.core.notices.lint.lexicon import Lexicon
from bot.core.notices.notice import Drill, Notice
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.template import Template
from bot.core.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `pattern` is its place in the folder, `shape` the type of core that it holds.

    A kind `of_notices` belongs to the notices, which an installation has with all their files or not at all.
    A file that `stands_alone` is left out when it has a mistake; every other one refuses the whole content.
    """

    name: str
    pattern: str
    shape: Any
    about: str
    required: bool = True
    of_notices: bool = False
    stands_alone: bool = False


KINDS = (
    Kind("deployment", "deployment.yaml", Deployment, "Whom this installation serves, and who runs it."),
    Kind("categories", "categories.yaml", tuple[Category, ...], "The shelves of /topics, in order."),
    Kind("sources", "sources.yaml", tuple[Source, ...], "The registry of sources that steps cite."),
    Kind("phrases", "phrases.yaml", Phrases, "The bot's own words."),
    Kind("guide", "guides/*.yaml", Guide, "One topic's guidance in every language."),
    Kind("vocabulary", "answering/vocabulary.yaml", tuple[Slang, ...], "Slang and what it means.", False),
    Kind("rules", "answering/rules.yaml", Rules, "What is decided before any guide is looked up."),
    Kind(
        "negatives", "answering/negatives.yaml", tuple[Negative, ...], "Messages that are not for us.", False
    ),
    Kind("golden", "answering/golden.yaml", tuple[Golden, ...], "Questions that must come out right.", False),
    Kind("areas", "areas.yaml", tuple[Area, ...], "Places of notices and subscriptions.", of_notices=True),
    Kind("hazards", "hazards.yaml", tuple[Hazard, ...], "What notices are about.", of_notices=True),
    Kind("lint", "lint.yaml", Lexicon, "Words and addresses that notices are checked by.", of_notices=True),
    Kind("notice_phrases", "notice_phrases.yaml", NoticePhrases, "Words around a notice.", of_notices=True),
    Kind(
        "operator_phrases",
        "operator_phrases.yaml",
        OperatorPhrases,
        "The bot's words to its operators.",
        of_notices=True,
    ),
    Kind("notice_policy", "notice_policy.yaml", NoticePolicy, "Who must agree to a notice.", of_notices=True),
    Kind(
        "notice-template",
        "notice-templates/*.yaml",
        Template,
        "A notice with blanks, for sending from Telegram.",
        of_notices=True,
    ),
    Kind("notice", "notices/*.yaml", Notice, "One real notice.", of_notices=True, stands_alone=True),
    Kind("drill", "drills/*.yaml", Drill, "One drill.", of_notices=True, stands_alone=True),
)

UNREAD = ("*.md", "schema/*.json")
"""What may lie in the folder for people and editors."""

FOLDERS = {pattern.split("/")[0] for pattern in (*UNREAD, *(k.pattern for k in KINDS)) if "/" in pattern}
"""The folders inside the folder; no other is looked into."""


def kind_of(file: str) -> Kind | None:
    """Return what the file at this place of the folder holds; None where nobody reads it."""
    # fnmatch lets * run across folders; a guide in a folder of its own is not one.
    return next(
        (k for k in KINDS if file.count("/") == k.pattern.count("/") and fnmatchcase(file, k.pattern)), None
    )
