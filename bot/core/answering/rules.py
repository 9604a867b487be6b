"""What is decided before anything is looked up: what is refused, small talk, and threats to life."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.answering.finding import Reason
from bot.core.answering.knowledge import Rule, Rules, Verdict
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.phrasebook import Found, Phrasebook


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say of a message: a reason to refuse it, if any, and whether life is at stake.

    `excused`: only its exceptions kept a rule from refusing - "may I shoot at it" asks for the guide.
    """

    refuse: Reason | None = None
    urgent: bool = False
    rules: tuple[str, ...] = ()
    excused: bool = False


class Rulebook:
    """The operators' rules, ready to be applied. Safe to share between threads."""

    def __init__(self, rules: Rules, lexicon: Lexicon) -> None:
        self._rules = rules
        self._book = Phrasebook(phrases_in(rules), lexicon)

    def judge(self, words: Sequence[str]) -> Ruling:
        """Return what the rules say of these folded words; of several refusals the first counts."""
        found = {one.phrase: one for one in self._book.find(words)}
        hit = [rule for rule in self._rules.rules if self._hits(rule, found, len(words))]
        matched = [rule for rule in hit if not self._is_excused(rule, found)]
        refusals = [Reason(rule.verdict.value) for rule in matched if rule.verdict is not Verdict.URGENT]
        return Ruling(
            refuse=refusals[0] if refusals else None,
            urgent=any(rule.verdict is Verdict.URGENT for rule in matched),
            rules=tuple(rule.id for rule in matched),
            excused=any(rule.verdict is not Verdict.URGENT and rule not in matched for rule in hit),
        )

    def _is_excused(self, rule: Rule, found: dict[str, Found]) -> bool:
        sets = self._rules.sets
        except_for = (*rule.unless, *(phrase for name in rule.unless_sets for phrase in sets[name]))
        return any(phrase in found for phrase in except_for)

    def _hits(self, rule: Rule, found: dict[str, Found], words: int) -> bool:
        sets = self._rules.sets
        hits = [found[phrase] for phrase in rule.phrases if phrase in found]
        for row in rule.together:
            groups = [[found[phrase] for phrase in sets[name] if phrase in found] for name in row]
            if all(groups):
                hits.extend(hit for group in groups for hit in group)
        if not hits:
            return False
        if not rule.whole:
            return True
        covered = {place for hit in hits for place in hit.positions}
        covered |= {place for phrase in rule.beside if phrase in found for place in found[phrase].positions}
        return len(covered) == words


def phrases_in(rules: Rules) -> Iterator[str]:
    """Yield every phrase that the rules mention."""
    for phrases in rules.sets.values():
        yield from phrases
    for rule in rules.rules:
        yield from (*rule.phrases, *rule.unless, *rule.beside)
    yield from rules.step_questions
