"""Finds the phrases that operators wrote in a message, in any grammatical form; no regular expressions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.answering.lexicon import Lexicon
from bot.core.answering.text import clean, fold, words_of

_GAP = 1
"""Other words that may stand between two words of a phrase."""

_INDEXED = 3
"""Letters of a beginning («кровоточ*») by which it is looked up."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One word of a phrase: its stems, or the beginning or the very form that is asked for.

    A `close` one follows the word before it directly.
    """

    stems: frozenset[str] = frozenset()
    beginning: str = ""
    form: str = ""
    close: bool = False

    def fits(self, word: str, stems: frozenset[str]) -> bool:
        """Say whether a word of a message is this word of the phrase."""
        if self.form:
            return word == self.form
        if self.beginning:
            return word.startswith(self.beginning)
        return not self.stems.isdisjoint(stems)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that occurs, and the positions of the message's words that it took."""

    phrase: str
    positions: tuple[int, ...]


class Phrasebook:
    """Phrases ready to be found. Safe to share between threads."""

    def __init__(self, phrases: Iterable[str], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._by_start: dict[str, list[tuple[str, tuple[Pattern, ...]]]] = {}
        for phrase in dict.fromkeys(phrases):
            patterns = tuple(self._patterns(phrase))
            if not patterns:
                continue
            for start in self._starts(patterns[0]):
                self._by_start.setdefault(start, []).append((phrase, patterns))

    def find(self, words: Sequence[str]) -> list[Found]:
        """Return the phrases that occur in these folded words, each at its first place."""
        stems = [frozenset(self._lexicon.stems(word)) for word in words]
        found: dict[str, Found] = {}
        for position, word in enumerate(words):
            starts = {f"={word}", f"{word[:_INDEXED]}*", *stems[position]}
            for start in sorted(starts):
                for phrase, patterns in self._by_start.get(start, ()):
                    if phrase not in found and (taken := _match(patterns, words, stems, position)):
                        found[phrase] = Found(phrase, taken)
        return list(found.values())

    def _patterns(self, phrase: str) -> Iterable[Pattern]:
        for piece in phrase.split():
            for order, part in enumerate(piece.split("_")):
                yield from self._pattern(part, close=order > 0)

    def _pattern(self, part: str, close: bool) -> Iterable[Pattern]:
        written = words_of(fold(clean(part)))
        for number, word in enumerate(written):
            near = close or number > 0
            if part.startswith("="):
                yield Pattern(form=word, close=near)
            elif part.endswith("*") and number == len(written) - 1 and len(word) >= _INDEXED:
                yield Pattern(beginning=word, close=near)
            else:
                yield Pattern(stems=frozenset(self._lexicon.stems(word)), close=near)

    @staticmethod
    def _starts(pattern: Pattern) -> Iterable[str]:
        if pattern.form:
            return (f"={pattern.form}",)
        if pattern.beginning:
            return (f"{pattern.beginning[:_INDEXED]}*",)
        return sorted(pattern.stems)


def _match(
    patterns: Sequence[Pattern], words: Sequence[str], stems: Sequence[frozenset[str]], start: int
) -> tuple[int, ...]:
    """Return the positions that the phrase takes when it begins at `start`, or none."""
    if not patterns[0].fits(words[start], stems[start]):
        return ()
    taken = [start]
    for pattern in patterns[1:]:
        reach = 2 if pattern.close else 2 + _GAP
        window = range(taken[-1] + 1, min(taken[-1] + reach, len(words)))
        here = next((place for place in window if pattern.fits(words[place], stems[place])), None)
        if here is None:
            return ()
        taken.append(here)
    return tuple(taken)
