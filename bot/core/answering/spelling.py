"""Misspelt words -> words of the content, so carefully that one meaning cannot turn into another."""

from rapidfuzz.distance import OSA

from bot.core.answering.lexicon import Lexicon
from bot.core.answering.text import is_cyrillic, is_latin

_SAME_SOUND = ("ао", "еиэяыю", "бп", "дт", "гкх", "зсц", "жшщч", "вфу", "ck", "sz", "ei", "ou", "fv", "gj")
_SHORTEST = 4
_TWO_EDITS_FROM = 9
_ENDING = 3


class Spelling:
    """Corrects words that neither morphology nor the content knows, against the content's own words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        # Words by (first sound, length) of their stems: a correction is looked for among a few dozen only.
        self._shelves: dict[tuple[str, int], list[tuple[str, str, int]]] = {}
        for word, count in sorted(lexicon.own.items()):
            if len(word) < _SHORTEST or not (is_cyrillic(word[0]) or is_latin(word[0])):
                continue
            if is_cyrillic(word[0]) and not lexicon.morphology_knows(word):
                continue  # what only an example question misspells is no authority
            stem = lexicon.stem_of_form(word)
            self._shelves.setdefault((_sound(stem[0]), len(stem)), []).append((stem, word, count))

    def correct(self, word: str) -> str:
        """Return the content's word that was meant, or the word itself."""
        if len(word) < _SHORTEST or self._lexicon.knows(word):
            return word
        return self._slip(word) or self._nearest(word) or word

    def _slip(self, word: str) -> str | None:
        """Return the word of the content, else the one known word, that a slip of two letters makes of it."""
        doubled = [
            word[:place] + word[place + 1 :]
            for place in range(1, len(word))
            if word[place] == word[place - 1]
        ]
        swapped = [
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
            for place in range(1, len(word))
        ]
        candidates = [candidate for candidate in dict.fromkeys(doubled + swapped) if candidate != word]
        own = [candidate for candidate in candidates if candidate in self._lexicon.own]
        if own:
            return max(own, key=lambda candidate: (self._lexicon.own[candidate], candidate))
        known = [candidate for candidate in candidates if self._lexicon.knows(candidate)]
        return known[0] if len(known) == 1 or (known and known[0] in doubled) else None

    def _nearest(self, word: str) -> str | None:
        best: tuple[int, int, int, str] | None = None
        stem = self._lexicon.stem_of_form(word)
        most = 2 if len(word) >= _TWO_EDITS_FROM else 1
        for size in range(len(stem) - most, len(stem) + most + 1):
            for sound in {_sound(stem[0]), _sound(word[1])}:
                for other, whole, count in self._shelves.get((sound, size), ()):
                    if sound != _sound(stem[0]) and (other[0] != word[1] or other[1:2] != word[0]):
                        continue  # another first letter only where two changed places
                    edits = OSA.distance(stem, other, score_cutoff=most)
                    whole_edits = OSA.distance(word, whole)
                    # Russian endings differ in the guides; an English word of another length is another word.
                    farthest = most + (_ENDING if is_cyrillic(word[0]) else 1)
                    if edits <= most and whole_edits <= farthest and len(other) >= min(_SHORTEST, len(stem)):
                        rank = (edits, whole_edits, -count, whole)
                        best = min(best, rank) if best else rank
        return best[3] if best else None


def _sound(letter: str) -> str:
    return next((group[0] for group in _SAME_SOUND if letter in group), letter)
