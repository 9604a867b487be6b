"""The content folder -> Content, or why not: every problem of every file at once, each with file and line."""

import datetime as dt
import os
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.adapters.content import document, sentences, shape
from bot.adapters.content.document import Document
from bot.adapters.content.files import FOLDERS, KINDS, UNREAD, Kind, kind_of
from bot.adapters.content.notices import notice_book, notice_draft
from bot.core.answering.knowledge import Knowledge, Rules
from bot.core.consistency import (
    CATEGORIES,
    DEPLOYMENT,
    PHRASES,
    SOURCES,
    Draft,
    errors,
    inconsistencies,
    spoken,
)
from bot.core.content import Content
from bot.core.lengths import guides_too_long, too_long, wrong_blanks
from bot.core.notices.checking import book_problems
from bot.core.notices.consistency import NoticeDraft, notice_inconsistencies
from bot.core.problem import Level, Problem, counted, nearest
from bot.core.problem import Path as Place
from bot.core.questions import question_problems

MAX_SHOWN = 500  # problems of one file: a translator gets the whole list, a file that is all wrong does not


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading.

    `content` is None when one of the problems refuses it. An error in the file of one notice or drill does
    not: that file is left out, and everything else is there.
    """

    content: Content | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """One file: what it says as far as can be told (None: not at all), and the places that stay blank."""

    file: str
    document: Document | None
    value: Any
    problems: tuple[Problem, ...]
    spoiled: Set[Place] = frozenset()


def load(folder: Path, today: dt.date, now: dt.datetime | None = None) -> Loaded:
    """Read the folder; `today` decides which reviews are overdue. Never raises for anything in it.

    With `now` every rule is asked about every notice as it would be at that moment.
    """
    if not os.path.isdir(folder):
        wrong, expected = f"there is no folder '{folder}'", "expected the folder that holds deployment.yaml"
        return Loaded(None, (Problem("content", (), wrong, expected),))
    listing = _Listing()
    _look_through(folder, "", listing)
    reads = {file: _read(folder, file, kind) for file, kind in listing.files.items()}
    draft = _draft(reads)
    notices = notice_draft({file: read.value for file, read in reads.items() if not _is_left_out(read)})
    between = (
        *inconsistencies(draft, today, _time_zones()),
        *question_problems(draft),
        *too_long(draft),
        *wrong_blanks(draft),
        *guides_too_long(draft),
        *notice_inconsistencies(notices, spoken(draft), draft.guide_ids()),
    )
    problems = [
        *listing.problems,
        *_absent(reads),
        *(problem for read in reads.values() for problem in read.problems),
        *_located(reads, between),
    ]
    refusing = [problem for problem in errors(problems) if not _stands_alone(problem.file)]
    content = None if refusing else _content(draft, _without(notices, problems), reads)
    if content is not None and now is not None:
        problems += book_problems(content, now)
    return Loaded(content, tuple(_in_order(problems)))


def _stands_alone(file: str) -> bool:
    kind = kind_of(file)
    return kind is not None and kind.stands_alone


def _is_left_out(read: _Read) -> bool:
    return _stands_alone(read.file) and bool(errors(read.problems))


def _without(draft: NoticeDraft, problems: Iterable[Problem]) -> NoticeDraft:
    """Return the draft without the notices and drills whose files have errors."""
    wrong = {problem.file for problem in errors(problems)}
    return replace(
        draft,
        notices={n: notice for n, notice in draft.notices.items() if f"notices/{n}.yaml" not in wrong},
        drills={n: drill for n, drill in draft.drills.items() if f"drills/{n}.yaml" not in wrong},
    )


def _in_order(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield each problem once, file by file and line by line; of a file that is all wrong, only the first."""
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line))
    for file, group in groupby(ordered, key=lambda problem: problem.file):
        of_file = list(group)
        yield from of_file[:MAX_SHOWN]
        if rest := of_file[MAX_SHOWN:]:
            wrong, advice = counted(len(rest), "more problem"), "mend the first ones, then check again"
            worst = Level.ERROR if errors(rest) else Level.WARNING
            yield Problem(file, (), wrong, advice, level=worst, line=rest[0].line)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@dataclass(slots=True)
class _Listing:
    """The files of the folder that are read, and what is wrong with the others."""

    files: dict[str, Kind] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def _look_through(folder: Path, prefix: str, found: _Listing) -> None:
    """Look through the folder and the folders in it that are ours; hidden files are nobody's business."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        found.problems.append(_unreadable(prefix.rstrip("/") or "content", error))
        return
    for entry in entries:
        # A name that is not UTF-8 must not break the line that complains about it.
        name = os.fsencode(entry.name).decode("utf-8", "replace")
        file = prefix + name
        if name.startswith("."):
            continue
        if _is_folder(entry):
            if not prefix and name in FOLDERS:
                _look_through(folder / entry.name, f"{name}/", found)
            else:
                found.problems.append(_unread(f"{file}/", "folder", nearest(name, FOLDERS)))
        elif kind := kind_of(file):
            found.files[file] = kind
        elif not any(fnmatchcase(file, pattern) for pattern in UNREAD):
            found.problems.append(_unread(file, "file", _renamed(file)))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _unread(file: str, sort: str, suggestion: str) -> Problem:
    wrong, expected = f"nobody reads this {sort}", "rename it, or take it out"
    return Problem(file, (), wrong, expected, suggestion, Level.WARNING)


def _renamed(file: str) -> str:
    """Return the name that a file which nobody reads was probably meant to have."""
    yaml = str(PurePosixPath(file).with_suffix(".yaml"))
    return f"'{yaml}'" if kind_of(yaml) else nearest(yaml, [k.pattern for k in KINDS if "*" not in k.pattern])


def _absent(reads: Mapping[str, _Read]) -> Iterator[Problem]:
    """Yield what is missing in the folder; of the notices nothing is, where there are none at all."""
    has_notices = any((kind := kind_of(file)) and kind.of_notices for file in reads)
    for kind in KINDS:
        if kind.of_notices and not has_notices:
            continue
        if "*" not in kind.pattern and kind.pattern not in reads:
            level = Level.ERROR if kind.required else Level.WARNING
            about = kind.about[0].lower() + kind.about[1:].rstrip(".")
            yield Problem(
                kind.pattern, (), "the file is missing", f"what belongs into it: {about}", level=level
            )


def _unreadable(file: str, error: OSError) -> Problem:
    return Problem(file, (), f"cannot be opened ({error.strerror})", "check that the bot may read it")


def _read(folder: Path, file: str, kind: Kind) -> _Read:
    """Read one file as what it must be."""
    try:
        if not (folder / file).is_file() and (folder / file).exists():
            return _Read(
                file, None, None, (Problem(file, (), "is no ordinary file", "expected a text file"),)
            )
        with (folder / file).open("rb") as opened:
            written = document.read(file, opened.read(document.MAX_BYTES + 1))
    except OSError as error:
        return _Read(file, None, None, (_unreadable(file, error),))
    if written.value is None:
        return _Read(file, written, None, written.problems)
    value, misread = shape.fitted(kind.shape, written)
    found = [*written.problems, *misread]
    spoiled = {problem.path for problem in found if problem.path}
    try:
        return _Read(file, written, _adapter(kind).validate_python(value), tuple(found), spoiled)
    except ValidationError as error:
        details = error.errors(include_url=False)
    told = sentences.problems_of(written, kind.shape, value, details[: MAX_SHOWN + 1])
    found += [problem for problem in told if not _is_under(problem.path, spoiled)]
    # An entry that contradicts itself (value_error) is read to the end; all others stay blank.
    spoiled |= {sentences.place(detail) for detail in details if detail["type"] != "value_error"}
    rough = None if () in spoiled else shape.rough(kind.shape, value)
    return _Read(file, written, rough, tuple(found), spoiled)


@cache
def _adapter(kind: Kind) -> TypeAdapter[Any]:
    return TypeAdapter(kind.shape)


def _is_under(path: Place, places: Set[Place]) -> bool:
    return any(path[:length] in places for length in range(len(path) + 1))


def _located(reads: Mapping[str, _Read], problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems with their lines, without those that only follow from one which was told already."""
    for problem in problems:
        read = reads.get(problem.file)
        if read is None or read.document is None:
            yield problem
        elif not _is_under(problem.path, read.spoiled):
            yield replace(problem, line=read.document.line_of(problem.path))


def _draft(reads: Mapping[str, _Read]) -> Draft:
    """Put together what could be read."""

    def value(file: str) -> Any:
        return reads[file].value if file in reads else None

    def line_of(file: str, path: Place) -> int:
        written = reads[file].document if file in reads else None
        return written.line_of(path) if written is not None else 0

    guides = {PurePosixPath(file).stem: read for file, read in reads.items() if file.startswith("guides/")}
    return Draft(
        deployment=value(DEPLOYMENT),
        categories=value(CATEGORIES),
        sources=value(SOURCES),
        phrases=value(PHRASES),
        guides={name: read.value for name, read in guides.items() if read.value is not None},
        knowledge=Knowledge.model_construct(
            vocabulary=value("answering/vocabulary.yaml") or (),
            rules=value("answering/rules.yaml") or Rules.model_construct(),
            negatives=value("answering/negatives.yaml") or (),
            golden=value("answering/golden.yaml") or (),
        ),
        unread=frozenset(
            name for name, read in guides.items() if read.value is None or errors(read.problems)
        ),
        line_of=line_of,
    )


def _content(draft: Draft, notices: NoticeDraft, reads: Mapping[str, _Read]) -> Content | None:
    """Return the content of a draft without errors: nothing in it is rough any more."""
    if draft.deployment is None or draft.categories is None or draft.sources is None or draft.phrases is None:
        return None
    sources = {source.id: source for source in draft.sources}
    documents = {file: read.document for file, read in reads.items() if read.document is not None}
    return Content(
        draft.deployment,
        draft.categories,
        sources,
        draft.guides,
        draft.phrases,
        draft.knowledge,
        notice_book(notices, documents),
    )
