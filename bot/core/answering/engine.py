"""A question -> Answer, Choices or NoAnswer, from the guides and what operators wrote about questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np

from bot.core.answering.examples import Example, Kind, examples_of, written_words
from bot.core.answering.finding import Answer, Choices, Finding, NoAnswer, Reason
from bot.core.answering.knowledge import LEARNT_REFUSALS, Knowledge
from bot.core.answering.leading import Leads, holding_of
from bot.core.answering.learnt import Learnt, Mislearnt
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.misses import stems_of
from bot.core.answering.phrasebook import Phrasebook
from bot.core.answering.query import Query, Reader
from bot.core.answering.retrieval import TESTED, Encoder, Floats, Match, Names, Retrieval, learn, sentence_of
from bot.core.answering.rules import Rulebook, Ruling, phrases_in
from bot.core.answering.scope import Band, Figures, Scope, fit_scope
from bot.core.guidance import Guide, GuideId, Language

_CHOICES = 3

_SPOKEN_OF_IN_DANGER = frozenset({Reason.MILITARY, Reason.WEAPONS})
"""What people name who only tell what happens to them."""


class Engine:
    """Finds the right guide. Immutable, safe to share between threads."""

    def __init__(
        self,
        guides: Mapping[GuideId, Guide],
        knowledge: Knowledge,
        languages: Sequence[Language],
        encoder: Encoder | None,
        learnt: Learnt,
    ) -> None:
        """Take what `learn` returned for the same content and encoder.

        Raises:
            Mislearnt: it is of something else.
        """
        self._guides = guides
        self._ids = tuple(guides)
        self._languages = tuple(languages)
        try:
            self._take(knowledge, encoder, learnt)
        except (KeyError, ValueError, IndexError, TypeError, AttributeError) as error:
            raise Mislearnt(f"{type(error).__name__}") from error

    def _take(self, knowledge: Knowledge, encoder: Encoder | None, learnt: Learnt) -> None:
        notes = learnt.notes
        lexicon = Lexicon(notes["own"], notes["strange"], notes["words"])
        self._reader = Reader(lexicon, knowledge.vocabulary)
        self._rulebook = Rulebook(knowledge.rules, lexicon)
        names = Names(tuple(notes["stems"]), tuple(map(tuple, notes["features"])))
        arrays = {name: array.astype(np.float32, copy=False) for name, array in learnt.arrays.items()}
        self._retrieval = Retrieval(arrays, names, encoder)
        self._figures = Figures(**notes["figures"])
        self._scope = Scope.restored(learnt.arrays, self._figures)
        self._step_questions = Phrasebook(knowledge.rules.step_questions, lexicon)
        self._keywords = frozenset(
            frozenset(self._reader.read_written(keyword).stems)
            for guide in self._guides.values()
            for keywords in guide.keywords.values()
            for keyword in keywords
        )
        self._leads = Leads(
            self._guides, notes["first_steps"], notes["holding"], len(arrays["weights"]), lexicon
        )

    @classmethod
    def build(
        cls,
        guides: Mapping[GuideId, Guide],
        knowledge: Knowledge,
        languages: Sequence[Language],
        encoder: Encoder | None = None,
    ) -> Engine:
        """Return an engine for this content; always the same one for the same content and encoder."""
        return cls(guides, knowledge, languages, encoder, learn_from(guides, knowledge, encoder))

    def find(self, query: str, language: Language | None = None) -> Finding:
        """Return what these guides have to say; whatever the text, it never raises.

        `language` is what the caller knows of the person; it decides where the text itself does not.
        """
        read = self._reader.read(query)
        spoken = read.language or language or self._languages[0]
        if all(len(word) == 1 for word in read.words):
            return NoAnswer(Reason.UNKNOWN, spoken, 0.0)
        ruling = self._rulebook.judge(read.words)
        match = self._retrieval.look_up(read)
        is_urgent = ruling.urgent or self._scope.is_alarming(match)
        if ruling.refuse is not None and not self._is_a_cry(ruling, match):
            return NoAnswer(ruling.refuse, spoken, 0.0, is_urgent)
        if self._scope.is_forbidden(match, excused=ruling.excused, urgent=ruling.urgent):
            return self._refused(match, read, spoken, is_urgent=is_urgent)
        band, chance = self._scope.judge(match)
        if band is Band.REFUSE and frozenset(read.stems) in self._keywords:
            band = Band.CHOOSE
        if band is Band.REFUSE:
            return NoAnswer(Reason.UNKNOWN, spoken, chance, is_urgent, stems_of(read))
        chosen = tuple(self._ids[number] for number in match.order()[:_CHOICES])
        if band is Band.CHOOSE and len(chosen) > 1:
            urgent = is_urgent or any(self._guides[guide].life_threat for guide in chosen)
            return Choices(chosen, spoken, chance, urgent, stems_of(read))
        urgent = is_urgent or self._guides[chosen[0]].life_threat
        # Whoever tells of a danger needs the steps in their order, not the one that shares most words.
        asks = not ruling.urgent and self._step_questions.find(read.words)
        lead = self._leads.find(chosen[0], spoken, read, match.meant) if asks else None
        return Answer(chosen[0], chosen, spoken, chance, urgent, lead)

    def _is_a_cry(self, ruling: Ruling, match: Match) -> bool:
        """Say whether a message that only has forbidden words is one of people in danger, as all else says.

        «Над головой бьёт ПВО, сыпется железо» asks where to hide; who asks where air defence stands sounds
        otherwise.
        """
        is_like = self._scope.is_alarming(match)
        return (
            ruling.refuse in _SPOKEN_OF_IN_DANGER
            and is_like
            and not self._scope.is_forbidden(match, excused=False, urgent=False)
        )

    @staticmethod
    def _refused(match: Match, read: Query, spoken: Language, *, is_urgent: bool) -> NoAnswer:
        """Return why a suspicious message is refused.

        An everyday matter, and whoever may be in danger, is told that it is none of ours: nobody is accused
        on the strength of what was only learnt.
        """
        kind = int(match.refused.argmax())
        if is_urgent or match.foreign > match.refused[kind]:
            return NoAnswer(Reason.UNKNOWN, spoken, 0.0, is_urgent, stems_of(read))
        return NoAnswer(Reason(LEARNT_REFUSALS[kind].value), spoken, 0.0)

    def report(self) -> Figures:
        """Return the thresholds and what cross-validation says about them."""
        return self._figures


def learn_from(
    guides: Mapping[GuideId, Guide],
    knowledge: Knowledge,
    encoder: Encoder | None,
    earlier: Learnt | None = None,
) -> Learnt:
    """Return everything that takes seconds to learn from the content; an Engine takes it.

    `earlier` is what was learnt from content before it was changed, by this same program and encoder: what it
    says of words and sentences that are still there is taken over.
    """
    examples = examples_of(guides, knowledge)
    lexicon = _lexicon(examples, knowledge, earlier.notes["words"] if earlier is not None else None)
    reader = Reader(lexicon, knowledge.vocabulary)
    queries = [reader.read_written(example.text) for example in examples]
    threats = [guide.life_threat for guide in guides.values()]
    rulebook = Rulebook(knowledge.rules, lexicon)
    alarming = [
        _alarm_of(example, threats, by_rule=_is_typed(example) and rulebook.judge(query.words).urgent)
        for example, query in zip(examples, queries, strict=True)
    ]
    sentences = [sentence_of(query) for query in queries]
    vectors = _vectors(sentences, encoder, earlier) if encoder is not None else None
    arrays, names, matches = learn(examples, queries, len(guides), alarming, vectors)
    tested = [example for example in examples if example.kind in TESTED]
    scope, figures = fit_scope(matches, tested, threats)
    steps = {
        example.guide: row
        for row, example in reversed(list(enumerate(examples)))
        if example.kind is Kind.STEP
    }
    return Learnt(
        {
            "own": lexicon.own,
            "strange": sorted(lexicon.strange),
            "words": lexicon.facts(),
            "sentences": sentences,
            "stems": names.stems,
            "features": names.features,
            "figures": asdict(figures),
            "first_steps": {guide: steps[number] for number, guide in enumerate(guides)},
            "holding": holding_of(queries),
        },
        {**arrays, **scope.learnt()},
    )


def _is_typed(example: Example) -> bool:
    return example.kind in (Kind.QUESTION, Kind.NEGATIVE)


def _alarm_of(example: Example, threats: Sequence[bool], *, by_rule: bool) -> float:
    """Return how much an example says of a threat to life: much, little, or something between."""
    if example.kind is Kind.URGENT:
        return 1.0
    threat = example.guide is not None and threats[example.guide]
    if by_rule and threat:
        return 1.0
    return 0.5 if by_rule or threat else 0.0


def _vectors(sentences: Sequence[str], encoder: Encoder, earlier: Learnt | None) -> Floats:
    """Return what the sentences mean; only those that are new go through the encoder."""
    known: dict[str, Floats] = {}
    if earlier is not None and "vectors" in earlier.arrays:
        rows = earlier.arrays["vectors"].astype(np.float32, copy=False)
        known = dict(zip(earlier.notes["sentences"], rows, strict=True))
    new = [sentence for sentence in dict.fromkeys(sentences) if sentence not in known]
    if new:
        known |= dict(zip(new, encoder.encode(new), strict=True))
    return np.array([known[sentence] for sentence in sentences], dtype=np.float32)


def _lexicon(
    examples: Sequence[Example], knowledge: Knowledge, looked_up: Mapping[str, Sequence[str]] | None
) -> Lexicon:
    typed = [example.text for example in examples if example.kind in (Kind.QUESTION, Kind.URGENT)]
    own = [example.text for example in examples if example.kind in (Kind.KEYWORD, Kind.HEADING, Kind.STEP)]
    own += [text for slang in knowledge.vocabulary for text in (*slang.say, slang.mean)]
    own += phrases_in(knowledge.rules)
    strange = [example.text for example in examples if example.kind in (Kind.NEGATIVE, Kind.REFUSED)]
    return Lexicon(
        (word for text in own for word in written_words(text)),
        (word for text in strange for word in written_words(text)),
        looked_up,
        (word for text in typed for word in written_words(text)),
    )
