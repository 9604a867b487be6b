"""What somebody typed -> what is looked up: its words repaired, their stems, and its language."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.answering.knowledge import Slang
from bot.core.answering.lexicon import Lexicon
from bot.core.answering.phrasebook import Phrasebook
from bot.core.answering.script import Way, read
from bot.core.answering.spelling import Spelling
from bot.core.answering.text import clean, fold, is_cyrillic, is_latin, words_of
from bot.core.guidance import Language


@dataclass(frozen=True, slots=True)
class Query:
    """One message ready to be looked up.

    `words` are as meant but not corrected, `text` is them corrected and joined, with the meanings of slang
    behind them. `stems` has a tuple a word. `language` is None where the message has no letters to tell by.
    """

    raw: str
    words: tuple[str, ...]
    text: str
    stems: tuple[tuple[str, ...], ...]
    language: Language | None
    way: Way
    slang: int = 0


class Reader:
    """Reads messages with the words and slang of one content. Safe to share between threads."""

    def __init__(self, lexicon: Lexicon, vocabulary: Sequence[Slang]) -> None:
        self.lexicon = lexicon
        self._spelling = Spelling(lexicon)
        self._meanings = {phrase: slang.mean for slang in vocabulary for phrase in slang.say}
        self._slang = Phrasebook(self._meanings, lexicon)

    def read(self, text: str) -> Query:
        """Return the query that a message is; an empty one where it has no words."""
        cleaned = clean(text)
        words, way = read(cleaned, self.lexicon)
        return self._query(cleaned, words, way)

    def read_written(self, text: str) -> Query:
        """Return the query that a text of the content is: its letters need no repair."""
        cleaned = clean(text)
        return self._query(cleaned, words_of(fold(cleaned)), Way.TYPED)

    def _query(self, cleaned: str, words: Sequence[str], way: Way) -> Query:
        corrected = tuple(self._spelling.correct(word) for word in words)
        meanings = dict.fromkeys(self._meanings[found.phrase] for found in self._slang.find(corrected))
        meant = [word for meaning in meanings for word in words_of(fold(meaning))]
        everything = (*corrected, *(word for word in meant if word not in corrected))
        return Query(
            raw=cleaned,
            words=corrected,
            text=" ".join(everything),
            stems=tuple(self.lexicon.stems(word) for word in everything),
            language=_language(corrected),
            way=way,
            slang=len(meanings),
        )


def _language(words: Sequence[str]) -> Language | None:
    cyrillic = sum(len(word) for word in words if is_cyrillic(word[0]))
    latin = sum(len(word) for word in words if is_latin(word[0]))
    if not cyrillic and not latin:
        return None
    return "ru" if cyrillic >= latin else "en"
