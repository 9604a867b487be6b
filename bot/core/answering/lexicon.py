"""Which words exist: Russian by its morphology, English by a list, and the guides' own; plus their stems."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import pymorphy3
import snowballstemmer

from bot.core.answering.common_english import COMMON_ENGLISH
from bot.core.answering.text import is_cyrillic, is_latin

_CACHED_WORDS = 20_000
_IN_DICTIONARY = "+"

_NO_SLIP = 3
"""Example questions that hold a word from which on it is no slip of the pen, dictionary or not."""


class Letters:
    """How likely a letter is after two others, learnt from a list of words: tells words from letter salad."""

    def __init__(self, words: Iterable[str]) -> None:
        self._threes: Counter[str] = Counter()
        self._twos: Counter[str] = Counter()
        for word in words:
            framed = f"^^{word}$"
            for position in range(2, len(framed)):
                self._threes[framed[position - 2 : position + 1]] += 1
                self._twos[framed[position - 2 : position]] += 1

    def step(self, before: str, letter: str) -> float:
        """Return the logarithm of the chance of `letter` after the last two letters of `before`."""
        two = before[-2:]
        return math.log((self._threes[two + letter] + 0.05) / (self._twos[two] + 2.0))

    def plausibility(self, word: str) -> float:
        """Return from 0 to 1 how much the word looks like the words learnt from."""
        framed = f"^^{word}$"
        steps = [
            self.step(framed[position - 2 : position], framed[position]) for position in range(2, len(framed))
        ]
        mean = sum(steps) / len(steps)
        return min(1.0, max(0.0, (mean + 4.5) / 3.0))


class Lexicon:
    """The words of both languages as far as one process knows them. Safe to share between threads."""

    def __init__(
        self,
        own_words: Iterable[str] | Mapping[str, int],
        strange_words: Iterable[str] = (),
        looked_up: Mapping[str, Sequence[str]] | None = None,
        typed_words: Iterable[str] = (),
    ) -> None:
        """Take the folded words of the guides, with their repetitions, and those of the negatives.

        `looked_up` is what `facts` of an earlier one returned: it spares the morphology these words.
        `typed_words` are those of example questions: one that no dictionary has and that comes seldom is a
        slip of the pen, to be corrected in a message as in the example.
        """
        counted = Counter(own_words)
        self._strange = frozenset(strange_words)
        self._looked_up = looked_up or {}
        self._morphology = pymorphy3.MorphAnalyzer(lang="ru")
        self._russian = snowballstemmer.stemmer("russian")
        self._english = snowballstemmer.stemmer("english")
        for word, count in Counter(typed_words).items():
            if word in counted or count >= _NO_SLIP or self._is_in_dictionary(word):
                counted[word] += count
        self.own = {word: count for word, count in counted.items() if not word.isdigit()}
        own_russian = sorted(word for word in self.own if is_cyrillic(word[0]))
        own_english = sorted(word for word in self.own if is_latin(word[0]))
        self.russian_letters = Letters(own_russian)
        self.english_letters = Letters([*own_english, *sorted(COMMON_ENGLISH)])
        self.knows = lru_cache(_CACHED_WORDS)(self._knows)
        self.stems = lru_cache(_CACHED_WORDS)(self._stems)
        self.stem_of_form = lru_cache(_CACHED_WORDS)(self._stem_of_form)

    def _knows(self, word: str) -> bool:
        if word in self.own or word in self._strange or word.isdigit():
            return True
        return self._is_in_dictionary(word)

    def _is_in_dictionary(self, word: str) -> bool:
        return self.morphology_knows(word) if is_cyrillic(word[0]) else word in COMMON_ENGLISH

    def _stems(self, word: str) -> tuple[str, ...]:
        """Return the one or two stems of a word: of its lemma and, where it differs, of its own form.

        Two, because either alone splits words: pymorphy takes «бпла» for a verb, Snowball parts «осколок»
        from «осколки».
        """
        if word in self._looked_up:
            return tuple(self._looked_up[word][2:])
        if is_cyrillic(word[0]):
            lemma = self._morphology.parse(word)[0].normal_form.replace("ё", "е")
            return tuple(dict.fromkeys((self.stem_of_form(lemma), self.stem_of_form(word))))
        return (self.stem_of_form(word),) if is_latin(word[0]) else (word,)

    def morphology_knows(self, word: str) -> bool:
        """Say whether the Russian dictionary has the word, whatever the content's own words are."""
        if word in self._looked_up:
            return self._looked_up[word][0] == _IN_DICTIONARY
        return bool(self._morphology.word_is_known(word))

    def facts(self) -> dict[str, list[str]]:
        """Return what is known of the content's words: in the dictionary or not, stem of the form, stems."""
        return {
            word: [
                _IN_DICTIONARY if is_cyrillic(word[0]) and self.morphology_knows(word) else "",
                self.stem_of_form(word),
                *self.stems(word),
            ]
            for word in sorted(self.own.keys() | self._strange)
        }

    @property
    def strange(self) -> frozenset[str]:
        """The words of the negatives."""
        return self._strange

    def _stem_of_form(self, word: str) -> str:
        if word in self._looked_up:
            return self._looked_up[word][1]
        stemmer = self._russian if is_cyrillic(word[0]) else self._english
        return str(stemmer.stemWord(word))
