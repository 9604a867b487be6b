"""What operators write about questions: slang, rules, negatives, golden questions. Shapes, no decisions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.core.guidance import GuideId, Words, Written

SetName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class Slang(Written):
    """Words that people say, and the words of the guides that they stand for."""

    say: tuple[Words, ...] = Field(
        min_length=1, description="What people write: slang, abbreviations, short phrases"
    )
    mean: Words = Field(
        description="The same in the guides' words; it is added to what was written, never put in its place"
    )


class Verdict(StrEnum):
    """What follows when a rule matches."""

    WEAPONS = "weapons"
    MILITARY = "military"
    ORDER = "order"
    GREETING = "greeting"
    THANKS = "thanks"
    ABUSE = "abuse"
    UNKNOWN = "unknown"
    URGENT = "urgent"


LEARNT_REFUSALS = (Verdict.WEAPONS, Verdict.MILITARY, Verdict.ORDER)
"""The verdicts that the engine also learns from examples: too many wordings for phrases alone."""


class Rule(Written):
    """One rule that is tried before anything is looked up.

    It matches when one of `phrases` occurs, or when every set of one row of `together` has a phrase that
    occurs, and none of `unless` does.
    """

    id: SetName = Field(description="Short name, for tests and messages")
    verdict: Verdict = Field(
        description="What follows: urgent puts the 112 line first, every other one is the reply"
    )
    phrases: tuple[Words, ...] = Field(default=(), description="Any one of these is enough")
    together: tuple[tuple[SetName, ...], ...] = Field(
        default=(), description="Rows of names from 'sets': one phrase of every set of a row, in any order"
    )
    unless: tuple[Words, ...] = Field(
        default=(), description="The rule does not match where one of these occurs"
    )
    unless_sets: tuple[SetName, ...] = Field(default=(), description="The same, by names from 'sets'")
    whole: bool = Field(
        default=False, description="true: only when the message has no other words than these"
    )
    beside: tuple[Words, ...] = Field(default=(), description="With whole: words that may stand beside them")


class Rules(Written):
    """Named sets of phrases, and the rules that use them.

    A phrase is one or more words in any grammatical form, in this order, with at most one other word between
    two of them; an underscore instead of the blank allows none. A word that ends in * matches every word
    beginning like it; a word that begins with = only this very form.
    """

    sets: Mapping[SetName, tuple[Words, ...]] = Field(
        default_factory=dict, description="Phrases under a name"
    )
    rules: tuple[Rule, ...] = Field(
        default=(), description="In order: of several refusals that match the first one counts"
    )
    examples: Mapping[Verdict, tuple[Words, ...]] = Field(
        default_factory=dict,
        description="Messages as people type them, by verdict: weapons, military, order, urgent. The engine "
        "learns from them to see the like in other words",
    )

    step_questions: tuple[Words, ...] = Field(
        default=(),
        description="A message with one of these phrases may be about one step (can I, how far): that step is"
        " then shown first",
    )

    @model_validator(mode="after")
    def has_examples_of_what_is_learnt(self) -> Self:
        """Refuse examples of what nothing is learnt about."""
        learnt = (*LEARNT_REFUSALS, Verdict.URGENT)
        if strange := [verdict.value for verdict in self.examples if verdict not in learnt]:
            raise ValueError(f"'examples' has {', '.join(strange)}; expected only {', '.join(learnt)}")
        return self

    @model_validator(mode="after")
    def names_known_sets(self) -> Self:
        """Refuse a rule that names a set which nobody wrote."""
        for rule in self.rules:
            if not rule.phrases and not rule.together:
                raise ValueError(
                    f"rule '{rule.id}' has neither 'phrases' nor 'together', so it never matches"
                )
            named = {name for row in rule.together for name in row} | set(rule.unless_sets)
            if missing := sorted(named - set(self.sets)):
                raise ValueError(
                    f"rule '{rule.id}' names a set that is not under 'sets': {', '.join(missing)}"
                )
        return self


class Negative(Written):
    """A message that is none of our business; the engine learns from it what to refuse."""

    text: Words = Field(description="The message as people type it")
    near: bool = Field(
        description="true: shares words with a guide and still is an everyday matter; false: far away"
    )


class Golden(Written):
    """One question that must come out right; it is only ever a test, the engine never learns from it."""

    ask: Words = Field(description="The question as people type it")
    answer: GuideId | None = Field(
        None, description="Guide that must be the answer, or the first of the choices"
    )
    offer: GuideId | None = Field(
        default=None, description="Guide that must be the answer or among the choices"
    )
    refuse: bool = Field(default=False, description="true: there must be no guide at all")
    urgent: bool = Field(default=False, description="true: the 112 line must come first")

    @model_validator(mode="after")
    def expects_one_thing(self) -> Self:
        """Refuse a case that expects nothing, or two things at once."""
        expected = (self.answer is not None) + (self.offer is not None) + self.refuse
        if expected > 1 or (expected == 0 and not self.urgent):
            raise ValueError(
                "a golden question has exactly one of 'answer', 'offer' and 'refuse', or only 'urgent'"
            )
        return self


class Knowledge(Written):
    """Everything in content/answering/, one field a file."""

    vocabulary: tuple[Slang, ...] = ()
    rules: Rules = Rules()
    negatives: tuple[Negative, ...] = ()
    golden: tuple[Golden, ...] = ()
