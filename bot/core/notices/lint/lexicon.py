"""The word lists and addresses that the rules look things up in; operators extend them in lint.yaml."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from pydantic import Field

from bot.core.guidance import Language, Words, Written

WordList = Mapping[Language, tuple[Words, ...]]
"""Words by language. A word that ends in * stands for every ending: учебн* is учебная, учебное, ..."""


class Contradiction(Written):
    """Two actions that nobody can do both."""

    one: WordList
    other: WordList


class Lexicon(Written):
    """What the rules know about words."""

    actions: WordList = Field(description="L09: verbs that a step may begin with: Укройтесь, Отойдите")
    refrain: WordList = Field(description="L09: words before the verb of what not to do: Не; Do not")
    impact: WordList = Field(description="L03: words that say what a hazard can do: может, могут; can, may")
    vague_places: WordList = Field(description="L04: places that are none: ваш район; your area")
    contradictions: tuple[Contradiction, ...] = Field((), description="L11: pairs that exclude each other")
    hosts: tuple[Words, ...] = Field(
        description="L12: hosts of pages that notices may rest on, with all below them"
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
    placeholders: tuple[Words, ...] = Field(description="L29: what is left of a template: XXX, TODO")
    panic: WordList = Field(description="L36: words that frighten and tell nothing")
    speculation: WordList = Field(description="L36: guesses about causes and victims; only with a source")


@lru_cache(maxsize=4096)
def pattern(word: str) -> re.Pattern[str]:
    """Return what finds a word of a list in a text: whole words, whatever their case, ё as е."""
    stem = plain(word.removesuffix("*"))
    ending = r"\w*" if word.endswith("*") else ""
    spaced = r"\s+".join(re.escape(part) for part in stem.split())
    return re.compile(rf"(?<!\w){spaced}{ending}(?!\w)")


def plain(text: str) -> str:
    """Return a text as words are compared."""
    return text.casefold().replace("ё", "е")


def found(words: Iterable[str], text: str) -> Iterator[str]:
    """Yield the words of a list that stand in a text."""
    folded = plain(text)
    return (word for word in words if pattern(word).search(folded))


def begins_with(words: Iterable[str], text: str) -> str:
    """Return the longest stretch at the beginning of a text that a list has, or an empty string."""
    folded = plain(text).lstrip(" «\"'")
    matches = (match for word in words if (match := pattern(word).match(folded)))
    return max((match.group() for match in matches), key=len, default="")
