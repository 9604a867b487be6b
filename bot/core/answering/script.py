"""Letters of the wrong alphabet -> the words that were meant: keyboard layout, translit, mixed scripts.

Every stretch between blanks is read in up to three ways: as typed, with the other keyboard layout, and as
transliterated Russian. The way that fits the whole message best wins, and a stretch may differ from it where
only another way gives words that exist.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.answering.lexicon import Lexicon
from bot.core.answering.text import fold, is_cyrillic, is_latin, without_runs, words_of
from bot.core.answering.translit import transliterations

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`" + '{}:"<>~'
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё" + "хъжэбюё"
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS + "/?&", _RUSSIAN_KEYS + ".,?")
_TO_LATIN = str.maketrans(_RUSSIAN_KEYS[:33], _LATIN_KEYS[:33])

_ENDS = ",.;:'\""

_LOOKALIKES = str.maketrans("aeopcxykmthbnr", "аеорсхукмтнвпг")
_LOOKALIKES_BACK = str.maketrans("аеорсхукмтнв", "aeopcxykmthb")

_EXISTS = 0.75
_CLEARLY = 0.2
"""How far another reading of a stretch must be ahead of the message's own way."""

_STRETCHES = 60
"""Stretches that are weighed; the rest of a longer message is read the way these were."""


class Way(StrEnum):
    """A way to read what was typed."""

    TYPED = "typed"
    LAYOUT = "layout"
    TRANSLIT = "translit"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One reading of a stretch: its words, and from 0 to 1 how far they are words at all."""

    words: tuple[str, ...]
    quality: float


def read(text: str, lexicon: Lexicon) -> tuple[tuple[str, ...], Way]:
    """Return the words that cleaned text means, in lower case, and how most of it was typed."""
    stretches = text.casefold().split()
    readings = [_readings(stretch, lexicon) for stretch in stretches[:_STRETCHES]]
    totals = {
        way: sum(
            (len(stretch) + 1) * (reading[way].quality if way in reading else -0.3)
            for stretch, reading in zip(stretches, readings, strict=False)
            if reading
        )
        for way in Way
    }
    length = sum(len(stretch) + 1 for stretch in stretches[:_STRETCHES])
    totals[Way.TYPED] += 0.12 * length  # as typed, unless another way is clearly better
    main = max(Way, key=lambda way: totals[way])
    latin = sum(map(is_latin, text.casefold())) > sum(map(is_cyrillic, text.casefold()))
    words: list[str] = []
    for position, stretch in enumerate(stretches):
        reading = readings[position] if position < _STRETCHES else _readings(stretch, lexicon)
        words.extend(
            _choose(reading, main, english=latin and main is Way.TYPED)
            if reading
            else words_of(fold(stretch))
        )
    return tuple(words), main


def _choose(reading: dict[Way, Stretch], main: Way, english: bool) -> tuple[str, ...]:
    """Return the words of one stretch. Only words that exist may differ from how the message was typed."""
    usual = reading.get(main) or reading[Way.TYPED]
    if english:
        return usual.words  # a misspelt English word is not Russian, however Russian it may look
    best = max(reading.values(), key=lambda stretch: stretch.quality)
    return best.words if best.quality >= max(_EXISTS, usual.quality + _CLEARLY) else usual.words


def _readings(stretch: str, lexicon: Lexicon) -> dict[Way, Stretch]:
    """Return the possible readings of one stretch; none where it has no letters."""
    folded = fold(stretch)
    latin = any(is_latin(letter) for letter in folded)
    cyrillic = any(is_cyrillic(letter) for letter in folded)
    if not latin and not cyrillic:
        return {}
    result = {Way.TYPED: _weighed([_one_script(word, lexicon) for word in words_of(folded)], lexicon)}
    if latin and not cyrillic:
        result[Way.LAYOUT] = _flipped(stretch, lexicon)
        result[Way.TRANSLIT] = _weighed(transliterations(folded, lexicon), lexicon)
    elif cyrillic and not latin:
        result[Way.LAYOUT] = _weighed(words_of(fold(stretch.translate(_TO_LATIN))), lexicon)
    return result


def _flipped(stretch: str, lexicon: Lexicon) -> Stretch:
    """Return the stretch as the Russian layout would have it. A comma at its end is «б», or only a comma."""
    whole = _weighed(words_of(fold(stretch.translate(_TO_RUSSIAN))), lexicon)
    bare = stretch.rstrip(_ENDS)
    if not bare or bare == stretch:
        return whole
    without = _weighed(words_of(fold(bare.translate(_TO_RUSSIAN))), lexicon)
    return without if without.quality > whole.quality else whole


def _weighed(words: list[str], lexicon: Lexicon) -> Stretch:
    words = [_without_runs(word, lexicon) for word in words]
    letters = sum(len(word) for word in words)
    if not letters:
        return Stretch((), 0.0)
    return Stretch(tuple(words), sum(len(word) * _quality(word, lexicon) for word in words) / letters)


def _quality(word: str, lexicon: Lexicon) -> float:
    if word in lexicon.own:
        return 1.0
    if lexicon.knows(word):
        # Morphology knows nearly every pair of letters; a short word proves little.
        return 0.95 if len(word) > 3 else 0.8 if len(word) == 3 else 0.5
    letters = lexicon.russian_letters if is_cyrillic(word[0]) else lexicon.english_letters
    return 0.45 * letters.plausibility(word)


def _without_runs(word: str, lexicon: Lexicon) -> str:
    single = without_runs(word, 1)
    if single == word or lexicon.knows(single):
        return single
    double = without_runs(word, 2)
    return double if lexicon.knows(double) else single


def _one_script(word: str, lexicon: Lexicon) -> str:
    """Return a word of mixed scripts in one: it may have a Latin «a», or an English word a Cyrillic «о»."""
    if not (any(map(is_latin, word)) and any(map(is_cyrillic, word))):
        return word
    russian = word.translate(_LOOKALIKES)
    if any(map(is_latin, russian)):
        russian = "".join(transliterations(russian, lexicon)) or russian
    english = word.translate(_LOOKALIKES_BACK)
    candidates = [russian, english, "".join(transliterations(word, lexicon))]
    known = [candidate for candidate in candidates if candidate and lexicon.knows(candidate)]
    return (known or candidates)[0]
