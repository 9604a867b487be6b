"""Rules about what a notice tells: who says so, what, where, what to do, on what grounds."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bot.core.guidance import Language
from bot.core.notices.cap import Certainty, Severity, Urgency
from bot.core.notices.lint.case import Case
from bot.core.notices.lint.lexicon import (
    ABBREVIATION,
    WordList,
    begins_with,
    found,
    pattern,
    plain,
    without,
)
from bot.core.notices.notice import Drill, Kind
from bot.core.notices.states import IN_FORCE
from bot.core.problem import Problem, nearest

MOST_STEPS = 5
SHORTEST_IMPACT = 20
CLAUSE_END = re.compile(r"[.,;:!?—–]")

TELLS_OF_DANGER = frozenset({Kind.NOTICE, Kind.UPDATE, Kind.CORRECTION})
"""Kinds that say what can happen and what to do. An all-clear says what people may do again (L19)."""


def l01_names_the_issuer(case: Case) -> Iterator[Problem]:
    """Who says so stands in the message, by a name that people know."""
    for language, message in case.messages.items():
        name = case.announcement.sender_name[language]
        if name not in message.text.words:
            yield case.error("L01", ("sender_name", language), "the message does not name its issuer")
        for word in dict.fromkeys(ABBREVIATION.findall(name)):
            if word not in case.desk.lexicon.glossary:
                yield case.error(
                    "L01",
                    ("sender_name", language),
                    f"'{word}' is an abbreviation that not everybody knows",
                    "expected the name written out, or a glossary entry in lint.yaml",
                )


def l02_names_one_hazard(case: Case) -> Iterator[Problem]:
    """The hazard is one of the list, the text says its name, and the headline names no second one."""
    hazards = case.desk.hazards
    event = case.announcement.event
    if event not in hazards:
        yield case.error(
            "L02",
            ("event",),
            f"there is no hazard '{event}'",
            "expected an id of hazards.yaml",
            nearest(event, hazards),
        )
        return
    if case.announcement.kind is Kind.WITHDRAWAL:
        return
    own = hazards[event]
    strangers = [other for other in hazards.values() if not (other.is_kin(own) or other.everyday)]
    for language in case.whole_languages:
        words = own.words.get(language, ())
        headline = case.announcement.headline[language]
        if not any(found(words, f"{headline} {case.announcement.description[language]}")):
            yield case.error(
                "L02",
                ("headline", language),
                f"the text does not name its hazard, {own.name[language]}",
                "expected one of: " + ", ".join(word.rstrip("*") for word in words),
            )
        rest = without(words, headline)
        others = [one.name[language] for one in strangers if any(found(one.words.get(language, ()), rest))]
        names_its_own = rest != plain(headline)
        if others and names_its_own:
            yield case.error(
                "L02",
                ("headline", language),
                f"the headline names a second hazard: {', '.join(others)}",
                "expected one hazard a notice",
            )


def l03_says_what_it_can_do(case: Case) -> Iterator[Problem]:
    """What the hazard can do to people is said."""
    if case.announcement.kind not in TELLS_OF_DANGER:
        return
    impact = case.announcement.impact
    for language in case.desk.languages:
        text = (impact or {}).get(language, "")
        if len(text) < SHORTEST_IMPACT and not any(found(case.desk.lexicon.impact.get(language, ()), text)):
            yield case.error(
                "L03",
                ("impact", language) if impact else ("impact",),
                "it does not say what the hazard can do",
                "expected a sentence like 'Debris can fall in yards and on roofs'",
            )
            if not impact:
                return


def l04_names_a_place(case: Case) -> Iterator[Problem]:
    """There is at least one area, each exists, and what happens is not said to be in 'your area'."""
    areas = case.desk.setting.areas
    for position, area in enumerate(case.announcement.area_ids):
        if area not in areas.by_id:
            yield case.error(
                "L04",
                ("areas", position),
                f"there is no area '{area}'",
                "expected an id of areas.yaml",
                nearest(area, areas.by_id),
            )
    for path, language, text in case.all_written():
        if path[0] == "instruction":
            continue  # a step may speak of the people near you
        for word in found(case.desk.lexicon.vague_places.get(language, ()), text):
            yield case.error("L04", path, f"'{word}' is no place", "expected the place by its name")


def l09_asks_for_actions(case: Case) -> Iterator[Problem]:
    """There are one to five steps, and each language has one that begins with a verb."""
    steps = case.announcement.instruction
    if len(steps) > MOST_STEPS:
        yield case.error(
            "L09", ("instruction",), f"there are {len(steps)} steps", f"expected at most {MOST_STEPS}"
        )
    if case.announcement.kind is Kind.ALL_CLEAR:
        return
    if not steps:
        yield case.error("L09", ("instruction",), "it does not say what to do", "expected at least one step")
        return
    for language in case.desk.languages:
        if not any(is_action(case, step.text.get(language, ""), language) for step in steps):
            yield case.error(
                "L09",
                ("instruction", 0, "text", language),
                "no step begins with a verb of the list",
                "expected a word of `actions` in lint.yaml first",
            )


def is_action(case: Case, text: str, language: str) -> bool:
    """Return whether a step begins with a verb, or with one after 'do not'."""
    lexicon = case.desk.lexicon
    refrain = begins_with(lexicon.refrain.get(language, ()), text)
    rest = plain(text).lstrip(" «\"'")[len(refrain) :] if refrain else text
    return bool(begins_with(lexicon.actions.get(language, ()), rest))


def l11_does_not_contradict_itself(case: Case) -> Iterator[Problem]:
    """No step excludes another, or itself, here or in a notice in force for the same people."""
    for rule in case.desk.lexicon.contradictions:
        for language in case.desk.languages:
            for position, step in enumerate(case.announcement.instruction):
                for one, other in ((rule.one, rule.other), (rule.other, rule.one)):
                    clashing = _clash(case, position, one, other, language)
                    if clashing:
                        yield case.error(
                            "L11",
                            ("instruction", position, "text", language),
                            f"'{step.text[language]}' contradicts {clashing}",
                            "expected one of the two",
                        )
                        break


def _clash(case: Case, position: int, one: WordList, other: WordList, language: Language) -> str:
    """Return what says the other thing than this step: the step itself, an earlier one, or a notice in
    force; or nothing.
    """
    own = case.announcement

    def says(words: WordList, text: str) -> bool:
        return _asks_for(words.get(language, ()), text, case.desk.lexicon.refrain.get(language, ()))

    text = own.instruction[position].text.get(language, "")
    if not says(one, text):
        return ""
    if says(other, text):
        return "itself"
    for earlier in own.instruction[:position]:
        if says(other, earlier.text.get(language, "")):
            return f"'{earlier.text[language]}'"
    for known in case.desk.known:
        theirs = known.announcement
        is_rival = known.state in IN_FORCE and known.id not in own.references and case.meets(known)
        if is_rival and isinstance(theirs, Drill) == case.is_drill:
            for step in theirs.instruction:
                if says(other, step.text.get(language, "")):
                    return f"'{step.text[language]}' of {known.id}, which is in force"
    return ""


def _asks_for(words: Iterable[str], text: str, refrain: Iterable[str]) -> bool:
    """Return whether a text asks for one of these actions. 'Do not leave' does not ask for leaving; an
    action of the list that is itself a 'do not' is asked for wherever it stands.
    """
    folded = plain(text)
    for word in words:
        is_negative = bool(begins_with(refrain, word))
        for match in pattern(word).finditer(folded):
            clause = CLAUSE_END.split(folded[: match.start()])[-1]
            if is_negative or not any(found(refrain, clause)):
                return True
    return False


def l12_rests_on_a_source(case: Case) -> Iterator[Problem]:
    """A page or a document is named; the page is https and on a host that the installation trusts."""
    web = case.announcement.web
    if web is None:
        if case.announcement.citation is None:
            yield case.error(
                "L12", ("web",), "it names no source", "expected a page in `web` or a document in `citation`"
            )
        return
    try:
        parts = urlsplit(web)
        host = parts.hostname or ""
    except ValueError:  # a malformed address has no host
        parts, host = urlsplit(""), ""
    if parts.scheme != "https" or not host:
        yield case.error("L12", ("web",), f"'{web}' is not a secure address", "expected https://...")
    elif not any(host == known or host.endswith(f".{known}") for known in case.desk.lexicon.hosts):
        yield case.error(
            "L12",
            ("web",),
            f"'{host}' is not a trusted host",
            "expected one of `hosts` in lint.yaml, or add it there",
        )


def l22_has_judged_the_danger(case: Case) -> Iterator[Problem]:
    """Unknown is a last resort: people cannot act on it."""
    own = case.announcement
    for name, value in (("severity", own.severity), ("urgency", own.urgency), ("certainty", own.certainty)):
        if value in (Severity.UNKNOWN, Urgency.UNKNOWN, Certainty.UNKNOWN):
            yield case.warning(
                "L22", (name,), f"{name} is Unknown", "expected a judgement, or the reason for none"
            )


def l23_is_not_over_already(case: Case) -> Iterator[Problem]:
    """A grave danger of the past is no warning, unless it says that all is clear."""
    own = case.announcement
    is_warning = own.kind in TELLS_OF_DANGER
    if is_warning and own.severity.is_grave and own.urgency is Urgency.PAST:
        yield case.error(
            "L23", ("urgency",), f"{own.severity} and Past exclude each other", "expected an all-clear"
        )
