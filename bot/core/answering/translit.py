"""Russian in Latin letters -> Russian: every habit at once (zh, j, 4, no soft signs), the likeliest wins."""

from functools import lru_cache
from heapq import nlargest

from bot.core.answering.lexicon import Lexicon
from bot.core.answering.text import is_latin

# fmt: off
_SOUNDS: dict[str, tuple[str, ...]] = {
    "shch": ("щ",), "sch": ("щ", "сч"), "shh": ("щ",), "tsch": ("ч",), "sh": ("ш", "щ", "сх"),
    "ch": ("ч", "х"), "zh": ("ж", "зх"), "kh": ("х",), "ts": ("ц", "тс"), "tz": ("ц",), "ph": ("ф",),
    "th": ("т",), "ck": ("к",), "ya": ("я", "ья", "ъя"), "ja": ("я", "ья", "ъя"), "ia": ("я", "ия"),
    "yu": ("ю", "ью", "ъю"), "ju": ("ю", "ью"), "iu": ("ю",), "yo": ("е", "ье", "йо"),
    "jo": ("е", "йо"), "io": ("е", "ио"), "ye": ("е", "ые", "ье", "ъе"), "je": ("е", "ье", "ъе"),
    "eh": ("э", "ех"), "yi": ("ый", "ы"), "yj": ("ый",), "iy": ("ий",), "ij": ("ий",), "yy": ("ый",),
    "ii": ("ий", "ии"), "ee": ("ее", "и"), "oo": ("оо", "у"), "dzh": ("дж",), "ie": ("ие", "ье"),
    "a": ("а", "я"), "b": ("б",), "c": ("ц", "к", "с", "ч"), "d": ("д",), "e": ("е", "э"), "f": ("ф",),
    "g": ("г", "ж"), "h": ("х", "г", "н"), "i": ("и", "й", "ы"), "j": ("й", "ж", "дж", "ь"),
    "k": ("к",), "l": ("л",), "m": ("м",), "n": ("н",), "o": ("о",), "p": ("п",), "q": ("к", "я", "кв"),
    "r": ("р",), "s": ("с",), "t": ("т",), "u": ("у", "ю"), "v": ("в",), "w": ("в", "ш", "щ"),
    "x": ("х", "кс"), "y": ("ы", "й", "у", "и", "ий"), "z": ("з", "ж"), "'": ("ь", "ъ", ""),
    "4": ("ч",), "6": ("ш",), "3": ("з", "э"),
}
# fmt: on
_SOFTENED = frozenset("лнтсдзрвбмпшжч")
_BEAM = 14
_LONGEST_WORD = 40


def transliterations(text: str, lexicon: Lexicon) -> list[str]:
    """Return the Russian words that folded Latin text stands for; numbers and Cyrillic letters stay."""
    words: list[str] = []
    for piece in "".join(_kept(character) for character in text).split():
        bare = piece.strip("'")
        if bare.isdigit():
            words.append(bare)
        elif bare:
            words.append(_likeliest(piece[:_LONGEST_WORD].lstrip("'"), lexicon))
    return [word for word in words if word]


def _kept(character: str) -> str:
    return character if character.isalnum() or character == "'" else " "


@lru_cache(8192)
def _likeliest(word: str, lexicon: Lexicon) -> str:
    """Return the best of the Russian spellings: an own word of the content, a known one, or the likeliest."""
    if not any(map(is_latin, word)) and "'" not in word:
        return word
    best = _spellings(word, lexicon)

    def worth(spelling: tuple[float, str]) -> float:
        score, russian = spelling
        if russian in lexicon.own:
            return score + 9.0
        return score + (6.0 if lexicon.knows(russian) else 0.0)

    return max(best, key=worth)[1] if best else ""


def _spellings(word: str, lexicon: Lexicon) -> list[tuple[float, str]]:
    letters = lexicon.russian_letters
    # beams[p]: the likeliest spellings of the first p letters
    beams: list[dict[str, float]] = [{"": 0.0}] + [{} for _ in word]
    for position in range(len(word)):
        alive = nlargest(_BEAM, beams[position].items(), key=lambda item: (item[1], item[0]))
        for size in range(1, 5):
            sounds = _SOUNDS.get(word[position : position + size])
            if position + size > len(word):
                break
            if sounds is None:
                if size > 1 or word[position] in _SOUNDS:
                    continue
                sounds = (word[position],)
            for before, score in alive:
                for order, sound in enumerate(sounds):
                    _extend(beams[position + size], before, sound, score - 1.0 * order, lexicon)
                    if size == 1 and sound in _SOFTENED:
                        _extend(beams[position + size], before, f"{sound}ь", score - 1.6, lexicon)
    ends = beams[len(word)].items()
    return nlargest(_BEAM, ((score + letters.step(f"^^{word}", "$"), word) for word, score in ends))


def _extend(beam: dict[str, float], before: str, sound: str, score: float, lexicon: Lexicon) -> None:
    spelled = before
    for letter in sound:
        score += lexicon.russian_letters.step(f"^^{spelled}", letter)
        spelled += letter
    if score > beam.get(spelled, -1e9):
        beam[spelled] = score
