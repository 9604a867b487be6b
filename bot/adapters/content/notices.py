"""The files of the notices put together: as a draft while some may be wrong, as a book once all fit."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from bot.adapters.content.document import Document
from bot.core.notices.audience import AREAS_FILE, AreaTree
from bot.core.notices.book import NoticeBook
from bot.core.notices.consistency import (
    HAZARDS,
    LEXICON,
    NOTICE_PHRASES,
    OPERATOR_PHRASES,
    POLICY,
    NoticeDraft,
)


def notice_draft(values: Mapping[str, Any]) -> NoticeDraft:
    """Return what was read, by file; a file that is absent or None could not be read."""

    def named(folder: str) -> dict[str, Any]:
        return {
            PurePosixPath(file).stem: value
            for file, value in values.items()
            if file.startswith(f"{folder}/") and value is not None
        }

    return NoticeDraft(
        areas=values.get(AREAS_FILE),
        hazards=values.get(HAZARDS),
        phrases=values.get(NOTICE_PHRASES),
        operator_phrases=values.get(OPERATOR_PHRASES),
        lexicon=values.get(LEXICON),
        policy=values.get(POLICY),
        templates=named("notice-templates"),
        notices=named("notices"),
        drills=named("drills"),
    )


def notice_book(draft: NoticeDraft, documents: Mapping[str, Document]) -> NoticeBook | None:
    """Return the book of a draft without errors, None where the installation has no notices."""
    if (
        draft.areas is None
        or draft.hazards is None
        or draft.phrases is None
        or draft.operator_phrases is None
        or draft.lexicon is None
        or draft.policy is None
    ):
        return None
    return NoticeBook(
        areas=AreaTree.of(draft.areas),
        hazards={hazard.id: hazard for hazard in draft.hazards},
        phrases=draft.phrases,
        operator_phrases=draft.operator_phrases,
        lexicon=draft.lexicon,
        policy=draft.policy,
        templates=draft.templates,
        notices=draft.notices,
        drills=draft.drills,
        lines={file: documents[file].lines for file, _ in draft.announcements() if file in documents},
    )
