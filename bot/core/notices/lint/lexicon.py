"""The word lists and addresses that the rules look things up in; operators extend them in lint.yaml."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from pydantic import Field

from bot.core.guidance import Language, Words, Written

ABBREVIATION = re.compile(r"\b[A-ZА-ЯЁ]{2,6}\b")

WordList = Mapping[Language, tuple[Words, ...]]
"""Words by language. A word that ends in * stands for every ending: учебн* is учебная, учебное, ...; so does
each word of several: ваш* район*.
"""


class Contradiction(Written):
    """Two actions that nobody can do both."""

    one: WordList
    other: WordList


class Lexicon(Written):
    """What the rules know about words."""

    actions: WordList = Field(description="L09: verbs that a step may begin with: Укройтесь, Отойдите")
    refrain: WordList = Field(description="L09: words before the verb of what not to do: Не; Do not")
    impact: WordList = Field(description="L03: words that say what a hazard can do: может, могут; can, may")
    vague_places: WordList = Field(description="L04: places that are none: ваш* район*; your area")
    contradictions: tuple[Contradiction, ...] = Field((), description="L11: pairs that exclude each other")
    hosts: tuple[Words, ...] = Field(
        description="L12, L28: hosts of pages that notices may rest on or name, with all below them"
    )
    jargon: WordList = Field(description="L15: words of the trade and words that put people off")
    passive: WordList = Field(description="L15: forms that ask nobody: рекомендуется, следует")
    glossary: tuple[Words, ...] = Field(
        description="L01, L15, L27: abbreviations that everybody knows: МЧС, СМС"
    )
    units: WordList = Field(description="L15: what may stand behind a long number: м, км; m, km")
    real_only: WordList = Field(description="L17: words that a drill never says: не учения; not a drill")
    drill_only: WordList = Field(description="L16, L17: words that a real notice never says: учебн*; drill")
    shorteners: tuple[Words, ...] = Field(description="L28: hosts that hide where a link leads")
    placeholders: tuple[Words, ...] = Field(
        description="L29: what is left of a template: xxx, todo; in capitals only these: ТЕКСТ"
    )
    number_words: Mapping[Language, Mapping[int, tuple[Words, ...]]] = Field(
        {}, description="L35: numbers in words, so that 'two' is the same as 2: {2: [два, две, двух]}"
    )
    panic: WordList = Field(description="L36: words that frighten and tell nothing")
    hearsay: WordList = Field(description="L36: what nobody knows yet: по слухам; reportedly. Never said")
    speculation: WordList = Field(
        description="L36: words about victims and causes; only where `web` is a page that says so"
    )


_SPACE = r"\s+"


@lru_cache(maxsize=4096)
def pattern(word: str) -> re.Pattern[str]:
    """Return what finds a word of a list in a text: whole words, whatever their case, ё as е."""
    parts = [
        re.escape(part.removesuffix("*")) + (r"\w*" if part.endswith("*") else "")
        for part in plain(word).split()
    ]
    return re.compile(rf"(?<!\w){_SPACE.join(parts)}(?!\w)")


def plain(text: str) -> str:
    """Return a text as words are compared."""
    return text.casefold().replace("ё", "е")


def found(words: Iterable[str], text: str) -> Iterator[str]:
    """Yield what stands in a text of the words of a list, in small letters."""
    folded = plain(text)
    return (match.group() for word in words if (match := pattern(word).search(folded)))


def without(words: Iterable[str], text: str) -> str:
    """Return a text as words are compared, without those of a list."""
    folded = plain(text)
    for word in words:
        folded = pattern(word).sub(" ", folded)
    return folded


def begins_with(words: Iterable[str], text: str) -> str:
    """Return the longest stretch at the beginning of a text that a list has, or an empty string."""
    folded = plain(text).lstrip(" «\"'")
    matches = (match for word in words if (match := pattern(word).match(folded)))
    return max((match.group() for match in matches), key=len, default="")
