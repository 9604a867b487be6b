"""What must hold between the files of the notices, before any rule for a single notice is asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from bot.core.consistency import by_language, languages_at, markup_at
from bot.core.guidance import Language
from bot.core.lengths import MAX_BUTTON, blank_sentences
from bot.core.message import utf16_length
from bot.core.notices import operator_phrases, phrases
from bot.core.notices.approval import NoticePolicy
from bot.core.notices.audience import AREAS_FILE, Area, area_problems
from bot.core.notices.hazard import Hazard
from bot.core.notices.lint.lexicon import Lexicon
from bot.core.notices.notice import Announcement, Drill, Instruction, Notice
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.template import Template, TemplateKind, template_problems
from bot.core.problem import Path, Problem, nearest

HAZARDS, LEXICON, POLICY = "hazards.yaml", "lint.yaml", "notice_policy.yaml"
NOTICE_PHRASES, OPERATOR_PHRASES = "notice_phrases.yaml", "operator_phrases.yaml"
MAX_NOTE = 200  # Bot API, answerCallbackQuery

BLANKS = {NOTICE_PHRASES: phrases.blanks_of, OPERATOR_PHRASES: operator_phrases.blanks_of}


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What could be read of the files of the notices. None: there is no such file, or it could not be read.

    Templates, notices and drills are under the names of their files.
    """

    areas: tuple[Area, ...] | None = None
    hazards: tuple[Hazard, ...] | None = None
    phrases: NoticePhrases | None = None
    operator_phrases: OperatorPhrases | None = None
    lexicon: Lexicon | None = None
    policy: NoticePolicy | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    notices: Mapping[str, Notice] = field(default_factory=dict)
    drills: Mapping[str, Drill] = field(default_factory=dict)

    def announcements(self) -> Iterator[tuple[str, Announcement]]:
        """Yield every notice and drill with its file."""
        yield from ((f"notices/{name}.yaml", notice) for name, notice in self.notices.items())
        yield from ((f"drills/{name}.yaml", drill) for name, drill in self.drills.items())


def template_file(name: str) -> str:
    """Return the file of a template."""
    return f"notice-templates/{name}.yaml"


def notice_inconsistencies(
    draft: NoticeDraft, languages: Sequence[Language], guides: Sequence[str]
) -> Iterator[Problem]:
    """Yield everything that does not hold between the files of the notices."""
    yield from area_problems(draft.areas or ())
    yield from names_of_files(draft)
    yield from taken_ids(draft)
    yield from named_twice(draft)
    yield from wrong_texts(draft, languages)
    yield from wrong_blanks(draft)
    yield from long_words(draft)
    yield from unknown_guides(draft, guides)
    for name, template in draft.templates.items():
        yield from template_problems(template, template_file(name))
        yield from unknown_hazard(draft, name, template)
    yield from missing_templates(draft)


def names_of_files(draft: NoticeDraft) -> Iterator[Problem]:
    """An id is the name of its file: that is how everything else finds it."""
    named: list[tuple[str, Announcement | Template]] = [
        *draft.announcements(),
        *((template_file(name), template) for name, template in draft.templates.items()),
    ]
    for file, value in named:
        name = file.rpartition("/")[2].removesuffix(".yaml")
        if value.id != name:
            wrong = f"the id '{value.id}' is not the name of the file"
            yield Problem(file, ("id",), wrong, "make both the same", f"'{name}'")


def taken_ids(draft: NoticeDraft) -> Iterator[Problem]:
    """An id is given once: a drill never has the name of a notice."""
    for name in draft.drills.keys() & draft.notices.keys():
        wrong = f"there is a notice '{name}' too"
        yield Problem(f"drills/{name}.yaml", ("id",), wrong, "give the drill a name of its own")
    for position, hazard in repeated(hazard.id for hazard in draft.hazards or ()):
        yield Problem(HAZARDS, (position, "id"), f"'{hazard}' is there twice", "expected each id once")


def named_twice(draft: NoticeDraft) -> Iterator[Problem]:
    """A notice names each area once, for people read all of them, and the policy each operator."""
    for file, announcement in draft.announcements():
        for position, area in repeated(announcement.area_ids):
            yield Problem(file, ("areas", position), f"the area '{area}' is there twice", "expected it once")
    operators = draft.policy.operators if draft.policy is not None else ()
    for position, person in repeated([operator.id for operator in operators]):
        wrong, expected = f"the operator {person} is there twice", "expected each once, with all their roles"
        yield Problem(POLICY, ("operators", position, "id"), wrong, expected)


def repeated(values: Iterable[str | int]) -> Iterator[tuple[int, str | int]]:
    """Yield what was there before, with its position."""
    seen: set[str | int] = set()
    for position, value in enumerate(values):
        if value in seen:
            yield position, value
        seen.add(value)


def wrong_texts(draft: NoticeDraft, languages: Sequence[Language]) -> Iterator[Problem]:
    """All around a notice is there in every language, and plain; of the notice itself L20 and L26 say so."""
    written: list[tuple[str, object]] = [
        (AREAS_FILE, draft.areas),
        (HAZARDS, draft.hazards),
        (NOTICE_PHRASES, draft.phrases),
        (OPERATOR_PHRASES, draft.operator_phrases),
        (LEXICON, draft.lexicon),
        *((template_file(name), template) for name, template in draft.templates.items()),
    ]
    for file, value in written:
        for path, texts in by_language(value):
            yield from markup_at(file, path, texts)
            # An area without other names says nothing in any language; nor is anything known without a list.
            if texts and languages:
                yield from languages_at(file, path, texts, languages)


def wrong_blanks(draft: NoticeDraft) -> Iterator[Problem]:
    """The blanks of a phrase are those that the bot fills in."""
    for file, name, language, text in _phrases(draft):
        for wrong, expected, suggestion in blank_sentences(text, BLANKS[file](name)):
            yield Problem(file, (name, language), wrong, expected, suggestion)


def long_words(draft: NoticeDraft) -> Iterator[Problem]:
    """Buttons and short notes fit into their places."""
    for file, name, language, text in _phrases(draft):
        limit = MAX_BUTTON if name.startswith("button_") else MAX_NOTE if name.startswith("note_") else None
        if limit is not None:
            yield from _over(file, (name, language), text, limit)
    for name, template in draft.templates.items():
        for language, text in template.name.items():
            yield from _over(template_file(name), ("name", language), text, MAX_BUTTON)


def unknown_guides(draft: NoticeDraft, guides: Sequence[str]) -> Iterator[Problem]:
    """A step leads to a guide that exists."""
    steps: list[tuple[str, Path, Sequence[Instruction]]] = [
        *((file, ("instruction",), one.instruction) for file, one in draft.announcements()),
        *(
            (template_file(name), ("notice", "instruction"), template.notice.instruction)
            for name, template in draft.templates.items()
        ),
    ]
    for file, path, instruction in steps:
        for position, step in enumerate(instruction):
            if step.guide is not None and step.guide not in guides:
                wrong, expected = f"unknown guide '{step.guide}'", "expected the id of a guide"
                yield Problem(file, (*path, position, "guide"), wrong, expected, nearest(step.guide, guides))


def unknown_hazard(draft: NoticeDraft, name: str, template: Template) -> Iterator[Problem]:
    """A template is about a hazard of the list; of a notice rule L02 says so."""
    known = [hazard.id for hazard in draft.hazards or ()]
    event = template.notice.event
    if draft.hazards is not None and event is not None and event not in known:
        wrong, expected = f"there is no hazard '{event}'", "expected an id of hazards.yaml"
        yield Problem(template_file(name), ("notice", "event"), wrong, expected, nearest(event, known))


def missing_templates(draft: NoticeDraft) -> Iterator[Problem]:
    """A correction and a withdrawal are prepared: nobody words them while a wrong notice stands."""
    if draft.phrases is None:
        return
    kinds = {template.kind for template in draft.templates.values()}
    for kind in (TemplateKind.CORRECTION, TemplateKind.WITHDRAWAL):
        if kind not in kinds:
            wrong = f"there is no template of the kind '{kind}'"
            yield Problem("notice-templates", (), wrong, "expected one, prepared for the day it is needed")


def _phrases(draft: NoticeDraft) -> Iterator[tuple[str, str, Language, str]]:
    written: Iterable[tuple[str, BaseModel | None]] = (
        (NOTICE_PHRASES, draft.phrases),
        (OPERATOR_PHRASES, draft.operator_phrases),
    )
    for file, value in written:
        for name in type(value).model_fields if value is not None else ():
            texts = getattr(value, name)
            for language, text in texts.items():
                if isinstance(text, str):  # the months are a list
                    yield file, name, language, text


def _over(file: str, path: Path, text: str, limit: int) -> Iterator[Problem]:
    if (length := utf16_length(text)) > limit:
        wrong, expected = f"is {length} characters long, {length - limit} too many", f"at most {limit}"
        yield Problem(file, path, wrong, expected)
