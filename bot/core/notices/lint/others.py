"""Rules about a notice beside our others: which it changes, what it says of them, whether it repeats one."""

import re
from collections.abc import Iterator

from bot.core.guidance import Localized
from bot.core.notices.lint.case import Case, Known
from bot.core.notices.notice import Drill, Kind
from bot.core.notices.states import ENDED, IN_FORCE, PENDING
from bot.core.problem import Problem, nearest

MADE_IN_TELEGRAM = re.compile(r"-\d{6}-\d{4,6}$")
"""How the ids end that the bot gives: the day and the time of writing."""


def l18_refers_to_a_notice_of_ours(case: Case) -> Iterator[Problem]:
    """An update, correction, withdrawal or all-clear names notices that exist and are of its own kind."""
    own = case.announcement
    if own.kind is Kind.NOTICE:
        if own.references:
            yield case.error(
                "L18", ("references",), "an Alert changes no other notice", "expected Update or Cancel"
            )
        return
    if not own.references:
        yield case.error(
            "L18", ("references",), "it does not say which notice it changes", "expected a notice's id"
        )
    known = {other.id: other for other in case.desk.known}
    # Offline only files are known: what was written in Telegram is looked for by the running bot.
    is_offline = all(other.has_gone is None for other in case.desk.known)
    for position, reference in enumerate(own.references):
        path = ("references", position)
        found = known.get(reference) or (known.get(reference.partition("@")[0]) if is_offline else None)
        if found is None and is_offline and MADE_IN_TELEGRAM.search(reference):
            yield case.hint("L18", path, f"no file says whether there is a notice '{reference}'")
        elif found is None:
            yield case.error(
                "L18",
                path,
                f"there is no notice '{reference}'",
                "expected a notice of ours",
                nearest(reference, known),
            )
        elif isinstance(found.announcement, Drill) != case.is_drill:
            yield case.error(
                "L18",
                path,
                f"'{reference}' is of the other kind",
                "expected real for real and drill for drill",
            )
        elif not _has_gone_or_will(case, found):
            yield case.error(
                "L18", path, f"nobody ever got '{reference}'", "expected a notice that was or will be sent"
            )


def _has_gone_or_will(case: Case, referred: Known) -> bool:
    """Return whether there is, or will be, anything to change: of a series, one of its times."""
    if referred.has_gone is None or referred.has_gone or referred.state in PENDING:
        return True
    return any(
        one.occurrence and one.announcement.id == referred.id and one.has_gone for one in case.desk.known
    )


def l19_says_what_changed(case: Case) -> Iterator[Problem]:
    """A correction or withdrawal says what was wrong, a correction what is true now, an all-clear what one
    may do.
    """
    own = case.announcement
    if own.kind is Kind.WITHDRAWAL and own.was_wrong is None:
        yield case.error(
            "L19",
            ("was_wrong",),
            "a Cancel says what was wrong, or that the danger is over",
            "expected `was_wrong`, or AllClear in `response_type`",
        )
    if own.kind is Kind.ALL_CLEAR and not own.instruction:
        yield case.error(
            "L19", ("instruction",), "it does not say what people may do again", "expected a step"
        )
    earlier = {known.id: known.announcement for known in case.desk.known}
    if own.kind is Kind.CORRECTION:
        for reference in own.references:
            if reference in earlier and _same(earlier[reference].description, own.description):
                yield case.error(
                    "L19", ("description",), "it says what the wrong notice said", "expected what is true now"
                )


def _same(one: Localized, other: Localized) -> bool:
    return any(one[language] == other[language] for language in one if language in other)


def l30_is_not_sent_twice(case: Case) -> Iterator[Problem]:
    """No notice in force has the same words, and none of ours the same id: a drill never becomes real."""
    own = case.announcement
    for known in case.desk.known:
        theirs = known.announcement
        if known.id == own.id:
            kind = "drill" if isinstance(theirs, Drill) else "notice"
            yield case.error(
                "L30", ("id",), f"there is a {kind} '{own.id}' already", "expected an id of its own"
            )
        elif (
            known.state in IN_FORCE
            and _same(theirs.headline, own.headline)
            and _same(theirs.description, own.description)
        ):
            yield case.warning(
                "L30", ("headline",), f"{known.id}, which is in force, says the same", "expected it once"
            )


def references_can_end(case: Case) -> Iterator[Problem]:
    """What has ended by itself needs no all-clear; said as a remark because states change while somebody
    types.
    """
    for known in case.desk.known:
        if known.id in case.announcement.references and known.state in ENDED:
            yield case.hint("L18", ("references",), f"{known.id} has ended already: {known.state.phrase}")
