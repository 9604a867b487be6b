"""What somebody typed -> clean characters and words: Unicode, case, ё, invisible marks, drawn-out letters."""

import re
import unicodedata
from functools import lru_cache

LONGEST = 1500
"""Characters that are read. A frightened paragraph is shorter, and a megabyte must cost no more than this."""

MOST_WORDS = 160

_FOLDED = str.maketrans({"ё": "е", "ґ": "г", "’": "'", "`": "'", "ʼ": "'", "´": "'"})
_LOOKS_LIKE = {"0": "о", "3": "з", "4": "ч", "6": "б"}
_DIGIT_FOR_LETTER = re.compile(r"(?<=[а-я])[0346](?=[а-я])")
"""A digit in the middle of a Russian word: «др0н»."""

_SPELT_OUT = re.compile(r"(?<!\w)[^\W\d_](?: [^\W\d_]){3,}(?!\w)")
"""Four letters or more, each alone: «д р о н»."""

_DROPPED = frozenset({"Cf", "Mn", "Me", "Cs", "Co", "Cn"})


def clean(text: str) -> str:
    """Return the text in one Unicode form and without what has no sound; punctuation and case stay."""
    head = unicodedata.normalize("NFKC", text[: LONGEST * 2])[: LONGEST * 2]
    kept = "".join(_visible(character) for character in head)
    joined = _SPELT_OUT.sub(lambda letters: letters[0].replace(" ", ""), " ".join(kept.split()))
    return joined[:LONGEST]


@lru_cache(2048)
def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    return " " if category[0] in "CZ" else character


def fold(text: str) -> str:
    """Return the text in lower case with the letters that people use for one another made equal."""
    folded = text.casefold().translate(_FOLDED)
    return _DIGIT_FOR_LETTER.sub(lambda digit: _LOOKS_LIKE[digit[0]], folded)


def words_of(text: str) -> list[str]:
    """Return the words of folded text: runs of letters or digits; an apostrophe inside a word is left out."""
    words: list[str] = []
    current: list[str] = []
    for character in f"{text} ":
        if character.isalnum():
            # «100м» is a number and a unit; "4to" is one transliterated word.
            apart = current and character.isdigit() != current[-1].isdigit()
            if apart and not (character.isascii() and current[-1].isascii()):
                words.append("".join(current))
                current = []
            current.append(character)
        elif character == "'" and current:
            continue
        elif current:
            words.append("".join(current))
            current = []
            if len(words) >= MOST_WORDS:
                break
    return words


def without_runs(word: str, most: int) -> str:
    """Return the word with every run of three or more equal letters cut to `most`: «помогитеее», «helllp»."""
    if word.isdigit():
        return word
    result: list[str] = []
    start = 0
    for position in range(1, len(word) + 1):
        if position == len(word) or word[position] != word[start]:
            run = position - start
            result.append(word[start] * (min(run, most) if run > 2 else run))
            start = position
    return "".join(result)


def is_cyrillic(character: str) -> bool:
    """Say whether the letter belongs to the Russian keyboard's alphabet or a sister's."""
    return "\u0400" <= character <= "\u04ff"


def is_latin(character: str) -> bool:
    """Say whether the letter is one of the twenty-six."""
    return "a" <= character <= "z"
