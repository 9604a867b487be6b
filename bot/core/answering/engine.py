"""A question -> Answer, Choices or NoAnswer, from the guides and what operators wrote about questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.answering.examples import Kind, examples_of, written_words
from bot.core.answering.finding import Answer, Choices, Finding, NoAnswer, Reason
from bot.core.answering.knowledge import Knowledge
from bot.core.answering.leading import Leads
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.query import Reader
from bot.core.answering.retrieval import Encoder, Retrieval
from bot.core.answering.rules import Rulebook, phrases_in
from bot.core.answering.scope import Band, Figures, Scope, fit_scope
from bot.core.guidance import Guide, GuideId, Language

_CHOICES = 3


class Engine:
    """Finds the right guide. Immutable, safe to share between threads."""

    def __init__(
        self,
        guides: Mapping[GuideId, Guide],
        reader: Reader,
        rulebook: Rulebook,
        retrieval: Retrieval,
        leads: Leads,
        scope: Scope,
        figures: Figures,
        languages: Sequence[Language],
    ) -> None:
        self._guides = guides
        self._ids = tuple(guides)
        self._reader = reader
        self._rulebook = rulebook
        self._retrieval = retrieval
        self._leads = leads
        self._scope = scope
        self._figures = figures
        self._languages = tuple(languages)

    @classmethod
    def build(
        cls,
        guides: Mapping[GuideId, Guide],
        knowledge: Knowledge,
        languages: Sequence[Language],
        encoder: Encoder | None = None,
    ) -> Engine:
        """Return an engine for this content; always the same one for the same content and encoder."""
        examples = examples_of(guides, knowledge.negatives)
        own = [
            word for example in examples if example.guide is not None for word in written_words(example.text)
        ]
        own += [
            word
            for slang in knowledge.vocabulary
            for text in (*slang.say, slang.mean)
            for word in written_words(text)
        ]
        own += [word for phrase in phrases_in(knowledge.rules) for word in written_words(phrase)]
        strange = [
            word for example in examples if example.guide is None for word in written_words(example.text)
        ]
        lexicon = Lexicon(own, strange)
        reader = Reader(lexicon, knowledge.vocabulary)
        queries = [reader.read_written(example.text) for example in examples]
        retrieval = Retrieval(examples, queries, len(guides), encoder)
        tested = [row for row, one in enumerate(examples) if one.kind in (Kind.QUESTION, Kind.NEGATIVE)]
        matches = [retrieval.left_out(row, queries[row]) for row in tested]
        scope, figures = fit_scope(matches, [examples[row].guide for row in tested])
        first_step = {
            guide: next(
                (row for row, one in enumerate(examples) if one.guide == number and one.kind is Kind.STEP), 0
            )
            for number, guide in enumerate(guides)
        }
        leads = Leads(guides, first_step, queries, lexicon)
        rulebook = Rulebook(knowledge.rules, lexicon)
        return cls(guides, reader, rulebook, retrieval, leads, scope, figures, languages)

    def find(self, query: str, language: Language | None = None) -> Finding:
        """Return what these guides have to say; whatever the text, it never raises.

        `language` is what the caller knows of the person; it decides where the text itself does not.
        """
        read = self._reader.read(query)
        spoken = read.language or language or self._languages[0]
        if not read.words:
            return NoAnswer(Reason.UNKNOWN, spoken, 0.0)
        ruling = self._rulebook.judge(read.words)
        if ruling.refuse is not None:
            return NoAnswer(ruling.refuse, spoken, 0.0, ruling.urgent)
        match = self._retrieval.look_up(read)
        band, chance = self._scope.judge(match)
        if band is Band.REFUSE:
            return NoAnswer(Reason.UNKNOWN, spoken, chance, ruling.urgent)
        chosen = tuple(self._ids[number] for number in match.order()[:_CHOICES])
        if band is Band.CHOOSE and len(chosen) > 1:
            urgent = ruling.urgent or any(self._guides[guide].life_threat for guide in chosen)
            return Choices(chosen, spoken, chance, urgent)
        urgent = ruling.urgent or self._guides[chosen[0]].life_threat
        lead = self._leads.find(chosen[0], spoken, read, match.meant)
        return Answer(chosen[0], chosen, spoken, chance, urgent, lead)

    def report(self) -> Figures:
        """Return the thresholds and what cross-validation says about them."""
        return self._figures
