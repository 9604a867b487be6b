"""Rules about the languages of a notice: each is there, and all say the same."""

import re
from collections.abc import Iterator

from bot.core.guidance import Language
from bot.core.notices.lint.case import Case
from bot.core.notices.lint.lexicon import pattern, plain
from bot.core.problem import Problem, nearest

CLOCK = re.compile(
    r"(?<![\d:.,])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?(?![\d:])\s?(?P<half>[ap])\.?m\b"
    r"|(?<![\d:])(?P<hour_24>[01]?\d|2[0-3]):(?P<minute_24>[0-5]\d)(?![\d:])"
)
DOTTED_CLOCK = re.compile(
    r"(?<!\w)(?:с|до|в|к|от|после|около|at|from|to|until|till|by|since|after|before|between|and|и)\s+"
    r"(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\d.,]\d|\d)\s*(?P<behind>\w*)"
)
"""10.30 is a time behind such a word and in front of no unit; else it may be a length."""

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
LETTER = re.compile(r"[^\W\d_]")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
LEAST_CYRILLIC = 0.5
SHORTEST_STEM = 4


def l20_has_every_language(case: Case) -> Iterator[Problem]:
    """Every text is there in each language of the deployment, translated, and in the right letters."""
    languages = case.desk.languages
    for path, text in case.announcement.texts():
        for language in languages:
            if language not in text:
                yield case.error(
                    "L20", path, f"the text in '{language}' is missing", "expected every language"
                )
        for language in text:
            if language not in languages:
                yield case.error(
                    "L20",
                    (*path, language),
                    f"'{language}' is no language here",
                    f"expected {', '.join(languages)}",
                    nearest(language, languages),
                )
        present = [language for language in languages if language in text]
        for position, language in enumerate(present):
            twins = [other for other in present[:position] if text[other] == text[language]]
            if twins and LETTER.search(text[language]):
                yield case.warning(
                    "L20", (*path, language), f"the same as in '{twins[0]}'", "expected a translation"
                )
        letters = LETTER.findall(text.get("ru", ""))
        if letters and len(CYRILLIC.findall(text["ru"])) < LEAST_CYRILLIC * len(letters):
            yield case.error(
                "L20", (*path, "ru"), "the Russian text is not in Russian letters", "expected Russian"
            )


def l21_says_the_same_facts(case: Case) -> Iterator[Problem]:
    """Level, areas and times are written once for all languages; no text adds a time in one of them alone, or
    another day.
    """
    for first, second in _pairs(case):
        mine, theirs = (_clocks(case, language) for language in (first, second))
        if mine != theirs:
            odd = ", ".join(sorted(mine ^ theirs))
            yield case.error(
                "L21", ("description", second), f"'{first}' and '{second}' differ in times: {odd}"
            )
        mine, theirs = (_days(case, language) for language in (first, second))
        # One of them may say 'tomorrow', or the day in figures.
        if mine and theirs and mine != theirs:
            odd = ", ".join(sorted(mine ^ theirs))
            yield case.error(
                "L21", ("description", second), f"'{first}' and '{second}' differ in days: {odd}"
            )


def _clocks(case: Case, language: Language) -> set[str]:
    """Return the times of day that the texts name, each as it stands on a clock of 24 hours."""
    units = case.desk.lexicon.units.get(language, ())
    found: set[str] = set()
    for path, text in case.written(language):
        if path[0] == "sender_name":
            continue
        folded = text.casefold()
        for match in CLOCK.finditer(folded):
            if match["half"]:
                hour = int(match["hour"]) % 12 + (12 if match["half"] == "p" else 0)
                found.add(f"{hour:02}:{match['minute'] or '00'}")
            else:
                found.add(f"{int(match['hour_24']):02}:{match['minute_24']}")
        # What was read is taken out: 6.30 pm is half past six in the evening and not in the morning too.
        for match in DOTTED_CLOCK.finditer(CLOCK.sub(" ", folded)):
            if match["behind"] not in units:
                found.add(f"{int(match['hour']):02}:{match['minute']}")
    return found


def _days(case: Case, language: Language) -> set[str]:
    """Return the days that the texts name by their month, as month and day."""
    months = case.desk.setting.phrases.months[language]
    texts = " ".join(text for path, text in case.written(language) if path[0] != "sender_name")
    found: set[str] = set()
    for number, month in enumerate(months, 1):
        name = re.escape(month.casefold())
        for match in re.finditer(
            rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+{name}\b|\b{name}\s+(\d{{1,2}})\b", texts.casefold()
        ):
            found.add(f"{number:02}-{int(match[1] or match[2]):02}")
    return found


def l35_names_the_same_numbers_and_places(case: Case) -> Iterator[Problem]:
    """A number or a place in one language has its like in the other."""
    for first, second in _pairs(case):
        for path, text in case.announcement.texts():
            if first not in text or second not in text:
                continue
            mine, theirs = (_numbers(case, text[one], one) for one in (first, second))
            if mine != theirs:
                yield case.warning(
                    "L35",
                    (*path, second),
                    f"numbers differ: {', '.join(mine) or 'none'} in '{first}'",
                    "expected the same",
                )
        here, there = (_places(case, language) for language in (first, second))
        for area in sorted(here ^ there):
            missing = second if area in here else first
            name = case.desk.setting.areas.by_id[area].name.get(missing, area)
            yield case.warning(
                "L35",
                ("description", missing),
                f"'{missing}' does not name {name}",
                "expected the same places",
            )


def _numbers(case: Case, text: str, language: Language) -> list[str]:
    """Return the numbers of a text in order of size, those in words and in figures alike."""
    plainly = plain(CLOCK.sub(" ", text.casefold()))
    numbers = [one.replace(",", ".") for one in NUMBER.findall(plainly)]
    for value, words in case.desk.lexicon.number_words.get(language, {}).items():
        numbers += [str(value) for word in words for _ in pattern(word).finditer(plainly)]
    return sorted(numbers)


def _places(case: Case, language: Language) -> set[str]:
    """Return the areas that the texts name, by the beginning of the first word of a name."""
    words = plain(
        " ".join(text for path, text in case.written(language) if path[0] in ("headline", "description"))
    )
    stems = {
        area.id: {
            plain(name)[: max(SHORTEST_STEM, len(plain(name)) - 2)]
            for name in area.keywords.get(language, ())
            if len(name) > SHORTEST_STEM and " " not in name
        }
        for area in case.desk.setting.areas.by_id.values()
        if area.parent is not None
    }
    return {
        area
        for area, names in stems.items()
        if any(re.search(rf"(?<!\w){re.escape(n)}", words) for n in names)
    }


def _pairs(case: Case) -> Iterator[tuple[Language, Language]]:
    """Yield the first language beside each other one."""
    for other in case.whole_languages[1:]:
        yield case.whole_languages[0], other
