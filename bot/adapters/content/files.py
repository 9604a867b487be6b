"""Which file of the content folder holds what: the one table that loading and the editors' schemas read."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from bot.core.answering.knowledge import Golden, Negative, Rules, Slang
from bot.core.content import Deployment
from bot.core.guidance import Category, Guide, Source
from bot.core.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `pattern` is its place in the folder, `shape` the type of core that it holds."""

    name: str
    pattern: str
    shape: Any
    about: str
    required: bool = True


KINDS = (
    Kind("deployment", "deployment.yaml", Deployment, "Whom this installation serves, and who runs it."),
    Kind("categories", "categories.yaml", tuple[Category, ...], "The shelves of /topics, in order."),
    Kind("sources", "sources.yaml", tuple[Source, ...], "The registry of sources that steps cite."),
    Kind("phrases", "phrases.yaml", Phrases, "The bot's own words."),
    Kind("guide", "guides/*.yaml", Guide, "One topic's guidance in every language."),
    Kind("vocabulary", "answering/vocabulary.yaml", tuple[Slang, ...], "Slang and what it means.", False),
    Kind("rules", "answering/rules.yaml", Rules, "What is decided before any guide is looked up.", False),
    Kind(
        "negatives", "answering/negatives.yaml", tuple[Negative, ...], "Messages that are not for us.", False
    ),
    Kind("golden", "answering/golden.yaml", tuple[Golden, ...], "Questions that must come out right.", False),
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
