"""The rules in their order, and the one function that asks them all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bot.core.notices.lint import languages, meaning, others, sending, wording
from bot.core.notices.lint.case import Case, Desk
from bot.core.notices.notice import Announcement
from bot.core.problem import Level, Problem

Rule = Callable[[Case], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    meaning.l01_names_the_issuer,
    meaning.l02_names_one_hazard,
    meaning.l03_says_what_it_can_do,
    meaning.l04_names_a_place,
    sending.l05_says_all_when_it_means_all,
    sending.l06_says_when_it_begins,
    sending.l07_ends_in_time,
    sending.l08_says_when_it_was_issued,
    meaning.l09_asks_for_actions,
    wording.l10_acts_early,
    meaning.l11_does_not_contradict_itself,
    meaning.l12_rests_on_a_source,
    wording.l13_fits,
    wording.l14_is_short,
    wording.l15_uses_plain_words,
    sending.l16_is_marked_as_what_it_is,
    sending.l17_uses_no_words_of_the_other_mode,
    others.l18_refers_to_a_notice_of_ours,
    others.references_can_end,
    others.l19_says_what_changed,
    languages.l20_has_every_language,
    languages.l21_says_the_same_facts,
    meaning.l22_has_judged_the_danger,
    meaning.l23_is_not_over_already,
    sending.l24_does_not_tire_people,
    sending.l25_lets_people_sleep,
    wording.l26_has_clean_characters,
    wording.l27_does_not_shout,
    wording.l28_links_and_numbers_are_safe,
    wording.l29_is_filled_in,
    others.l30_is_not_sent_twice,
    sending.l31_reaches_whom_it_means,
    sending.l32_has_times_that_exist,
    sending.l32_repeats_by_a_rule_of_ours,
    sending.drill_is_announced,
    sending.drill_is_rare,
    sending.l33_says_when_more_comes,
    wording.l34_says_more_than_its_name,
    languages.l35_names_the_same_numbers_and_places,
    wording.l36_spreads_no_panic,
    wording.l37_reads_easily,
    sending.l38_was_approved_by_another,
)


def lint(announcement: Announcement, desk: Desk, file: str = "") -> tuple[Problem, ...]:
    """Return everything wrong with a notice. A warning with its reason in the file is only shown."""
    case = Case(announcement, desk, file)
    found = (problem for rule in RULES for problem in rule(case))
    return tuple(_with_reason(problem, announcement) for problem in found)


def _with_reason(problem: Problem, announcement: Announcement) -> Problem:
    reason = announcement.accepted.get(problem.rule)
    if problem.level is not Level.WARNING or reason is None:
        return problem
    return replace(problem, level=Level.INFO, expected=f"accepted: {reason}", suggestion="")


def may_go(problems: Iterable[Problem]) -> bool:
    """Return whether nothing stands in the way: no error, and no warning without its reason."""
    return all(problem.level is Level.INFO for problem in problems)
