"""What must hold between the files of the content: each rule is a function that yields problems.

The rules look at a Draft, which may be rough where a file has mistakes; they tell all that is wrong and
leave it to the caller to drop what only follows from a mistake that was told already.
"""

import calendar
import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args, get_origin
from urllib.parse import urlsplit

from pydantic import BaseModel

from bot.core.answering import golden
from bot.core.answering.knowledge import Knowledge, Rule
from bot.core.content import Deployment
from bot.core.guidance import Category, Guide, GuideId, Language, Part, Source
from bot.core.phrases import Phrases
from bot.core.problem import Level, Path, Problem, nearest

DEPLOYMENT, CATEGORIES, SOURCES, PHRASES = (
    "deployment.yaml",
    "categories.yaml",
    "sources.yaml",
    "phrases.yaml",
)
CLOCKS_DIFFER = dt.timedelta(days=1)  # it is tomorrow already where some author lives

_LANGUAGE = re.compile(r"[a-z]{2,3}")  # the first part of Telegram's language_code, all that the bot compares
TAG = re.compile(r"</?[A-Za-z!][^<>]*>?")
ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)
_EXAMPLE = re.compile(r"\.example(\.(com|net|org))?\b|@example\.(com|net|org)\b")


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read of the content. None: the file could not be read, so nothing is said about it.

    `guides` are under the names of their files; `unread` are names of guide files that could not be read,
    or only in part. `line_of` tells the line of a place in a file, 0 where nobody knows.
    """

    deployment: Deployment | None
    categories: tuple[Category, ...] | None
    sources: tuple[Source, ...] | None
    phrases: Phrases | None
    guides: Mapping[GuideId, Guide]
    knowledge: Knowledge = field(default_factory=Knowledge)
    unread: frozenset[str] = frozenset()
    line_of: Callable[[str, Path], int] = lambda file, path: 0

    def guide_ids(self) -> list[str]:
        """Return the names of all guides, read or not: what others may refer to."""
        return sorted({*self.guides, *self.unread})

    def spot(self, file: str, path: Path) -> str:
        """Return where a person finds another place than the problem's own: file and line."""
        line = self.line_of(file, path)
        return f"{file}:{line}" if line else file


def guide_file(name: str) -> str:
    """Return the file of a guide."""
    return f"guides/{name}.yaml"


def inconsistencies(draft: Draft, today: dt.date, time_zones: Collection[str]) -> Iterator[Problem]:
    """Yield everything that does not hold between the files."""
    yield from names_of_guides(draft)
    yield from twice(draft)
    yield from unknown_sources(draft)
    yield from unknown_guides(draft)
    yield from unknown_categories(draft)
    yield from unused(draft)
    yield from languages_of_the_deployment(draft)
    yield from translations(draft)
    yield from markup(draft)
    yield from time_zone(draft, time_zones)
    yield from addresses(draft)
    yield from example_contacts(draft)
    yield from dates(draft, today)


def names_of_guides(draft: Draft) -> Iterator[Problem]:
    """A guide's id is the name of its file: that is how everything else finds it."""
    for name, guide in draft.guides.items():
        if guide.id != name:
            wrong = f"the id '{guide.id}' is not the name of the file"
            yield Problem(guide_file(name), ("id",), wrong, "make both the same", f"'{name}'")
    if not draft.guide_ids():
        yield Problem(
            "guides", (), "there is no guide", "expected a file for each guide, as guides/fire.yaml"
        )


def twice(draft: Draft) -> Iterator[Problem]:
    """An id is given once."""
    listed: tuple[tuple[str, Sequence[Category | Source | Rule] | None], ...] = (
        (CATEGORIES, draft.categories),
        (SOURCES, draft.sources),
        ("answering/rules.yaml", draft.knowledge.rules.rules),
    )
    for file, entries in listed:
        prefix: Path = ("rules",) if file.startswith("answering") else ()
        first: dict[str, int] = {}
        for position, entry in enumerate(entries or ()):
            if entry.id in first:
                wrong = f"the id '{entry.id}' is taken by entry {first[entry.id] + 1}"
                yield Problem(file, (*prefix, position, "id"), wrong, "give each entry an id of its own")
            first.setdefault(entry.id, position)


def cited(guide: Guide) -> Iterator[tuple[Path, str]]:
    """Yield every citation of a guide and its place."""
    for part in Part:
        for position, step in enumerate(guide.part(part)):
            for number, source in enumerate(step.sources):
                yield (part.value, position, "sources", number), source


def unknown_sources(draft: Draft) -> Iterator[Problem]:
    """A step cites sources of the registry, each once."""
    if draft.sources is None:
        return
    known = {source.id for source in draft.sources}
    for name, guide in draft.guides.items():
        for path, source in cited(guide):
            if source not in known:
                wrong, expected = f"unknown source '{source}'", "expected an id from sources.yaml"
                yield Problem(guide_file(name), path, wrong, expected, nearest(source, known))
        for part in Part:
            for position, step in enumerate(guide.part(part)):
                for source, times in Counter(step.sources).items():
                    if times > 1:
                        wrong = f"the source '{source}' is cited {times} times"
                        yield Problem(
                            guide_file(name), (part.value, position, "sources"), wrong, "cite it once"
                        )


def unknown_guides(draft: Draft) -> Iterator[Problem]:
    """A guide that something refers to exists, and is another one."""
    known = draft.guide_ids()
    for name, guide in draft.guides.items():
        for position, other in enumerate(guide.related):
            file, path = guide_file(name), ("related", position)
            if other == name:
                yield Problem(file, path, "the guide is related to itself", "delete it here")
            elif other not in known:
                expected = "expected the id of another guide"
                yield Problem(file, path, f"unknown guide '{other}'", expected, nearest(other, known))
            elif other in guide.related[:position]:
                yield Problem(file, path, f"'{other}' is related twice", "name it once")
    for position, case in enumerate(draft.knowledge.golden):
        for key, wanted in (("answer", case.answer), ("offer", case.offer)):
            if wanted is not None and wanted not in known:
                wrong, expected = f"unknown guide '{wanted}'", "expected the id of a guide"
                yield Problem(golden.FILE, (position, key), wrong, expected, nearest(wanted, known))


def unknown_categories(draft: Draft) -> Iterator[Problem]:
    """A guide stands on a shelf that exists."""
    if draft.categories is None:
        return
    known = [category.id for category in draft.categories]
    for name, guide in draft.guides.items():
        if guide.category not in known:
            wrong, expected = f"unknown category '{guide.category}'", "expected an id from categories.yaml"
            yield Problem(guide_file(name), ("category",), wrong, expected, nearest(guide.category, known))


def unused(draft: Draft) -> Iterator[Problem]:
    """Nothing lies about that nobody uses; where a guide could not be read to its end, nobody knows."""
    if draft.unread:
        return
    sources = {source.id for source in draft.sources or ()}
    used = {source for guide in draft.guides.values() for _, source in cited(guide)}
    # A misspelled citation is told where it stands; the source that was meant is not unused.
    used |= {nearest(source, sources).strip("'") for source in used - sources}
    for position, source in enumerate(draft.sources or ()):
        if source.id not in used:
            wrong = f"the source '{source.id}' is never used"
            yield Problem(SOURCES, (position, "id"), wrong, "cite it in a step, or delete it here")
    categories = {category.id for category in draft.categories or ()}
    shelves = {guide.category for guide in draft.guides.values()}
    shelves |= {nearest(shelf, categories).strip("'") for shelf in shelves - categories}
    for position, category in enumerate(draft.categories or ()):
        if category.id not in shelves:
            wrong = f"the category '{category.id}' has no guide"
            yield Problem(CATEGORIES, (position, "id"), wrong, "put a guide in it, or delete it here")


def languages_of_the_deployment(draft: Draft) -> Iterator[Problem]:
    """The list of languages is one that Telegram's can be matched with."""
    if draft.deployment is None:
        return
    languages = draft.deployment.languages
    for position, language in enumerate(languages):
        path = ("languages", position)
        if not _LANGUAGE.fullmatch(language):
            wrong, expected = (
                f"'{language}' is no language code",
                "expected two or three small letters, as en",
            )
            yield Problem(DEPLOYMENT, path, wrong, expected, nearest(language.lower()[:2], ("ru", "en")))
        elif language in languages[:position]:
            yield Problem(DEPLOYMENT, path, f"'{language}' is listed twice", "list each language once")
    told_apart = spoken(draft)
    yield from _languages_beside_the_texts(languages, told_apart)
    default = draft.deployment.default_language
    if default not in (*languages, *told_apart):
        wrong = f"'{default}' is not one of the languages"
        expected = f"expected one of {', '.join(languages)}"
        yield Problem(DEPLOYMENT, ("default_language",), wrong, expected, nearest(default, languages))


def _languages_beside_the_texts(listed: Sequence[Language], spoken: Sequence[Language]) -> Iterator[Problem]:
    """Yield languages that nothing is written in, and those that much is written in and nobody listed."""
    path, texts = ("languages",), f"expected those that the texts are in: {', '.join(spoken)}"
    unlisted = [language for language in spoken if language not in listed]
    for language in dict.fromkeys(listed):
        if language not in spoken and _LANGUAGE.fullmatch(language):
            meant = nearest(language, unlisted) or (f"'{unlisted[0]}'" if len(unlisted) == 1 else "")
            yield Problem(DEPLOYMENT, path, f"no text is written in '{language}'", texts, meant)
    if len(spoken) > len(listed):
        for language in unlisted:
            yield Problem(DEPLOYMENT, path, f"'{language}' is missing, most texts are written in it", texts)


def by_language(value: object, path: Path = ()) -> Iterator[tuple[Path, Mapping[Language, object]]]:
    """Yield everything in a value that is written once for each language, and its place."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            entry = getattr(value, name)
            if isinstance(entry, Mapping):
                if _is_by_language(field.annotation):
                    yield (*path, name), entry
            else:
                yield from by_language(entry, (*path, name))
    elif isinstance(value, tuple):
        for position, entry in enumerate(value):
            yield from by_language(entry, (*path, position))


def _is_by_language(annotation: object) -> bool:
    """Tell whether a field is a Localized, or lists by language; other mappings have constrained keys."""
    arguments = get_args(annotation)
    if get_origin(annotation) is Mapping:
        return arguments[0] is Language
    return any(_is_by_language(argument) for argument in arguments)


def translations(draft: Draft) -> Iterator[Problem]:
    """Everything is there in every language of the deployment, and in no other."""
    if draft.deployment is None:
        return
    languages = spoken(draft)
    for file, path, texts in written(draft):
        yield from languages_at(file, path, texts, languages)


def written(draft: Draft) -> Iterator[tuple[str, Path, Mapping[Language, object]]]:
    """Yield everything that is written once for each language, and its place."""
    everything: list[tuple[str, object]] = [
        (DEPLOYMENT, draft.deployment),
        (CATEGORIES, draft.categories),
        (SOURCES, draft.sources),
        (PHRASES, draft.phrases),
        *((guide_file(name), guide) for name, guide in draft.guides.items()),
    ]
    for file, value in everything:
        for path, texts in by_language(value):
            yield file, path, texts


def spoken(draft: Draft) -> tuple[Language, ...]:
    """Return the languages that texts are held against: the deployment's, unless those are what is wrong.

    One in which nothing is written is left out, one in which most is written is taken in: a single wrong
    code in the list would otherwise make a mistake of every text. One that is being added stays, since its
    translator needs the list of all that is missing.
    """
    if draft.deployment is None:
        return ()
    texts = [texts for _, _, texts in written(draft)]
    times = Counter(language for of_one in texts for language in of_one)
    usual = [language for language in times if 2 * times[language] > len(texts)]
    listed = draft.deployment.languages
    meant = [
        language
        for language in listed
        if times[language] or not texts or _is_being_added(language, listed, usual)
    ]
    return tuple(dict.fromkeys((*meant, *usual)))


def _is_being_added(language: Language, listed: Sequence[Language], usual: Sequence[Language]) -> bool:
    """Tell a language that nothing is written in yet from the slip of a pen.

    It stands beside all that texts are in, so it is in the place of none, and it resembles none of them.
    """
    replaces_none = set(usual) <= set(listed)
    return bool(_LANGUAGE.fullmatch(language)) and replaces_none and not nearest(language, usual)


def markup(draft: Draft) -> Iterator[Problem]:
    """A text that people read is plain: the bot would show them a tag, or `&amp;`, as it stands."""
    for file, path, texts in written(draft):
        yield from markup_at(file, path, texts)


def markup_at(file: str, path: Path, texts: Mapping[Language, object]) -> Iterator[Problem]:
    """Yield the languages in which one text has markup."""
    for language, text in texts.items():
        if isinstance(text, str) and (mark := TAG.search(text) or ENTITY.search(text)):
            wrong = f"'{mark.group()}' is markup, and people would read it as it stands"
            yield Problem(file, (*path, language), wrong, "expected plain text")


def languages_at(
    file: str, path: Path, texts: Mapping[Language, object], languages: Sequence[Language]
) -> Iterator[Problem]:
    """Yield the languages that one text lacks, and those that it has too many."""
    listed = f"expected the languages of deployment.yaml: {', '.join(languages)}"
    missing = [language for language in languages if language not in texts]
    for language in texts:
        if language not in languages:
            meant = nearest(language, missing)
            missing = [other for other in missing if f"'{other}'" != meant]
            yield Problem(file, (*path, language), f"unknown language '{language}'", listed, meant)
    for language in missing:
        yield Problem(file, (*path, language), f"the language '{language}' is missing", listed)


def time_zone(draft: Draft, time_zones: Collection[str]) -> Iterator[Problem]:
    """The time zone is one that computers know."""
    if draft.deployment is not None and draft.deployment.time_zone not in time_zones:
        wrong = f"unknown time zone '{draft.deployment.time_zone}'"
        meant = nearest(draft.deployment.time_zone, time_zones)
        yield Problem(DEPLOYMENT, ("time_zone",), wrong, "expected a name such as Europe/Moscow", meant)


def addresses(draft: Draft) -> Iterator[Problem]:
    """A source's address can be opened in a browser."""
    for position, source in enumerate(draft.sources or ()):
        if not _is_web_address(source.url):
            wrong = f"'{source.url[:60]}' is not the address of a web page"
            yield Problem(SOURCES, (position, "url"), wrong, "expected https://... or http://...")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = "." in (parts.hostname or "").strip(".")
        return (
            parts.scheme in ("https", "http")
            and named
            and "@" not in parts.netloc
            and not re.search(r"\s", url)
        )
    except ValueError:
        return False


def example_contacts(draft: Draft) -> Iterator[Problem]:
    """The contacts are somebody's, not the examples that the default content comes with."""
    if draft.deployment is None:
        return
    contacts = draft.deployment.contacts
    for key, contact in (("operators", contacts.operators), ("privacy", contacts.privacy)):
        if _EXAMPLE.search(contact):
            wrong = f"'{contact}' is only an example"
            expected = "before residents use the bot, put an address here that somebody reads"
            yield Problem(DEPLOYMENT, ("contacts", key), wrong, expected, level=Level.WARNING)


def dates(draft: Draft, today: dt.date) -> Iterator[Problem]:
    """Nothing was done in the future, and no guide waits for its review.

    Warnings only: neither time passing nor a machine's wrong clock may take guidance away from people.
    """
    for position, source in enumerate(draft.sources or ()):
        yield from _not_yet(SOURCES, (position, "checked"), source.checked, today)
    months = draft.deployment.review_months if draft.deployment else {}
    for name, guide in draft.guides.items():
        yield from _not_yet(guide_file(name), ("reviewed",), guide.reviewed, today)
        if guide.risk in months and (due := later(guide.reviewed, months[guide.risk])) < today:
            wrong = (
                f"the review was due on {due} (risk: {guide.risk.value}, every {months[guide.risk]} months)"
            )
            expected = "read the guide and its sources again, then put today's date here"
            yield Problem(guide_file(name), ("reviewed",), wrong, expected, level=Level.WARNING)


def _not_yet(file: str, path: Path, day: dt.date, today: dt.date) -> Iterator[Problem]:
    if day > today + CLOCKS_DIFFER:
        wrong, expected = f"{day} is in the future", f"expected today ({today}) or a day before"
        yield Problem(file, path, wrong, expected, level=Level.WARNING)


def later(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the last of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, dt.MAXYEAR)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems that refuse the content."""
    return tuple(problem for problem in problems if problem.level is Level.ERROR)
