"""Rules about how a notice is written: length, plain words, clean characters, safe links, no panic."""

import re
import unicodedata
from collections.abc import Iterator

from bot.core.consistency import TAG
from bot.core.message import utf16_length
from bot.core.notices.lint.case import Case, digits_of, sentences
from bot.core.notices.lint.lexicon import found, plain
from bot.core.notices.notice import Kind
from bot.core.problem import Problem

LONGEST_HEADLINE = 160
LONG_HEADLINE = 100
LONGEST_MESSAGE = 4096
"""UTF-16 units: the Bot API's limit of a message."""

FIRST_SCREEN = 300
"""Characters that a phone shows of a message before it is opened."""

LONG_BODY = 900
LONG_SENTENCE = 20
MOST_CLAUSES = 2
SHORTEST_CLAUSE = 3
"""Words; shorter stretches between commas are a list of things, not clauses."""

MOST_CAPITALS = 3
EASY_READING = 50

HIDDEN = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINK = re.compile(r"(?:https?://|tg:|www\.)\S+|\b[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)
MENTION = re.compile(r"(?<![\w.])@\w{4,}")
NUMBER = re.compile(r"(?<![\w:.,-])\d{4,}(?![\w:,-]|\.\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
PHONE = re.compile(r"(?<![\w-])\+?\d(?:[\s()-]*\d){5,}(?![\w-])")
CALL = re.compile(
    r"(?:звон\w+|номер\w*|тел\.?|телефон\w*|call|dial|phone|number)\s+(?:по\s+)?(?:номеру\s+)?(\+?\d[\d\s()-]*)",
    re.IGNORECASE,
)
CAPITALS = re.compile(r"\b[A-ZА-ЯЁ]{3,}\b")
ABBREVIATION = re.compile(r"\b[A-ZА-ЯЁ]{2,6}\b")
SHOUT = re.compile(r"[!?][\s]*!|!!")
BLANK = re.compile(r"\{[^{}]*\}|\[\.\.\.\]|_{3,}|<[^<>]*>")
VOWELS = {"ru": "аеёиоуыэюя", "en": "aeiouy"}
READING_EASE = {"ru": (206.835, 1.3, 60.1), "en": (206.835, 1.015, 84.6)}
"""Flesch's formula and its Russian form (Oborneva): words a sentence, syllables a word."""


def l10_acts_early(case: Case) -> Iterator[Problem]:
    """The first thing to do is on the first screen."""
    if not case.announcement.instruction or case.announcement.kind is Kind.ALL_CLEAR:
        return
    for language, message in case.messages.items():
        first = case.announcement.instruction[0].text[language]
        place = message.text.words.find(f"1. {first}")
        if place > FIRST_SCREEN:
            yield case.warning(
                "L10",
                ("description", language),
                f"the first step begins after {place} characters",
                f"expected it within {FIRST_SCREEN}: a shorter headline, description or impact",
            )


def l13_fits(case: Case) -> Iterator[Problem]:
    """The headline is one line, the message one message."""
    for language, headline in case.announcement.headline.items():
        length = len(headline)
        if length > LONGEST_HEADLINE:
            yield case.error(
                "L13", ("headline", language), f"{length} characters", f"expected {LONGEST_HEADLINE} at most"
            )
        elif length > LONG_HEADLINE:
            yield case.warning(
                "L13", ("headline", language), f"{length} characters", f"expected {LONG_HEADLINE} at most"
            )
    for language, message in case.messages.items():
        if len(message.text) > LONGEST_MESSAGE:
            over = len(message.text) - LONGEST_MESSAGE
            yield case.error("L13", (), f"the message in '{language}' is {over} too long for Telegram")


def l14_is_short(case: Case) -> Iterator[Problem]:
    """People under stress read short sentences."""
    for language in case.whole_languages:
        texts = [
            (path, text)
            for path, text in case.written(language)
            if path[0] not in ("headline", "sender_name")
        ]
        length = sum(utf16_length(text) for _, text in texts)
        if length > LONG_BODY:
            yield case.warning(
                "L14", ("description", language), f"{length} characters in all", f"expected {LONG_BODY}"
            )
        for path, text in texts:
            for sentence in sentences(text):
                count = len(sentence.split())
                clauses = sum(len(part.split()) >= SHORTEST_CLAUSE for part in sentence.split(","))
                if count > LONG_SENTENCE:
                    yield case.warning(
                        "L14", path, f"a sentence of {count} words", f"expected {LONG_SENTENCE} at most"
                    )
                elif clauses > MOST_CLAUSES:
                    yield case.warning(
                        "L14", path, f"a sentence of {clauses} clauses", "expected two sentences"
                    )


def l15_uses_plain_words(case: Case) -> Iterator[Problem]:
    """No words of the trade, no unexplained abbreviations, nobody 'is recommended' to do anything."""
    lexicon = case.desk.lexicon
    glossary = frozenset(lexicon.glossary)
    for path, language, text in case.all_written():
        for word in found(lexicon.jargon.get(language, ()), text):
            yield case.warning("L15", path, f"'{word}' is a word of the trade", "expected a plain one")
        for word in found(lexicon.passive.get(language, ()), text):
            yield case.warning("L15", path, f"'{word}' asks nobody", "expected 'do this'")
        for word in dict.fromkeys(ABBREVIATION.findall(text)):
            if word not in glossary:
                yield case.warning("L15", path, f"not everybody knows '{word}'", "expected it written out")
        units = lexicon.units.get(language, ())
        for match in NUMBER.finditer(text):
            behind = plain(text[match.end() :]).split()
            is_measured = bool(behind) and behind[0].strip(".,;:!?") in units
            if (
                not YEAR.fullmatch(match.group())
                and not is_measured
                and not digits_of([match.group()]) & digits_of(case.desk.numbers)
            ):
                yield case.warning(
                    "L15", path, f"{match.group()} of what?", "expected a unit behind the number"
                )


def l26_has_clean_characters(case: Case) -> Iterator[Problem]:
    """No markup, and nothing that is not seen: it can turn a text round or hide a word."""
    for path, _, text in case.all_written():
        if TAG.search(text):
            yield case.error("L26", path, f"'{TAG.search(text).group()}' is markup", "expected plain text")  # type: ignore[union-attr] # just found
        if DIRECTION & set(text):
            yield case.error(
                "L26", path, "it holds a mark that turns the direction of writing", "expected none"
            )
        if HIDDEN & set(text):
            yield case.error("L26", path, "it holds a character without width", "expected none")
        if any(unicodedata.category(one) == "Cc" and one != "\n" for one in text):
            yield case.error("L26", path, "it holds a control character", "expected none")


def l27_does_not_shout(case: Case) -> Iterator[Problem]:
    """One emoji is the bot's own; capitals and chains of exclamation marks are for nobody."""
    glossary = frozenset(case.desk.lexicon.glossary)
    for path, language, text in case.all_written():
        if any(_is_emoji(one) for one in text):
            yield case.warning("L27", path, "an emoji beside that of the level", "expected none")
        if SHOUT.search(text):
            yield case.warning("L27", path, "a chain of exclamation marks", "expected one at most")
        if path[0] == "headline":
            capitals = [
                word
                for _, words in case.written(language)
                for word in CAPITALS.findall(words)
                if word not in glossary
            ]
            if len(capitals) > MOST_CAPITALS:
                yield case.warning("L27", path, f"{len(capitals)} words in capitals", "expected 3 at most")


def _is_emoji(character: str) -> bool:
    return character >= "\u2190" and unicodedata.category(character) == "So"


def l28_links_and_numbers_are_safe(case: Case) -> Iterator[Problem]:
    """No link hides where it leads, nobody is mentioned, and every number is in the contact book."""
    book = digits_of(case.desk.numbers)
    texts: list[tuple[tuple[str | int, ...], str]] = [(path, text) for path, _, text in case.all_written()]
    own = case.announcement
    texts += [((name,), text) for name, text in (("contact", own.contact), ("web", own.web)) if text]
    for path, text in texts:
        for match in LINK.finditer(text):
            address = match.group().casefold()
            if address.startswith("tg:") or "t.me/" in address:
                yield case.error(
                    "L28", path, f"'{match.group()}' leads into Telegram", "expected a page in `web`"
                )
            elif any(_is_on(address, host) for host in case.desk.lexicon.shorteners):
                yield case.error(
                    "L28", path, f"'{match.group()}' hides where it leads", "expected the address itself"
                )
        without_links = LINK.sub(" ", text)
        for mention in MENTION.findall(without_links):
            if not re.search(rf"\w{re.escape(mention)}", without_links):
                yield case.error("L28", path, f"'{mention}' is a mention", "expected no names of Telegram")
        numbers = [match.group() for match in PHONE.finditer(without_links)]
        numbers += [match[1] for match in CALL.finditer(without_links)]
        for number in dict.fromkeys(one.strip() for one in numbers):
            if not digits_of([number]) & book:
                yield case.error(
                    "L28",
                    path,
                    f"{number} is not in the contact book",
                    "expected it in notice_policy.yaml first",
                )


def _is_on(address: str, host: str) -> bool:
    bare = address.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare == host or bare.startswith((f"{host}/", f"{host}:", f"{host}?"))


def l29_is_filled_in(case: Case) -> Iterator[Problem]:
    """Nothing is left of a template."""
    for path, _, text in case.all_written():
        left = [match.group() for match in BLANK.finditer(text)]
        left += [
            word
            for word in case.desk.lexicon.placeholders
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
        ]
        for blank in left:
            yield case.error("L29", path, f"'{blank}' is not filled in", "expected words")


def l34_says_more_than_its_name(case: Case) -> Iterator[Problem]:
    """A step is not the description again, nor the headline the bare name of the hazard."""
    own = case.announcement
    for language in case.whole_languages:
        for position, step in enumerate(own.instruction):
            if _bare(step.text[language]) == _bare(own.description[language]):
                yield case.warning(
                    "L34",
                    ("instruction", position, "text", language),
                    "it is the description again",
                    "expected a step",
                )
        hazard = case.desk.hazards.get(own.event)
        if hazard and _bare(own.headline[language]) == _bare(hazard.name.get(language, "")):
            yield case.warning(
                "L34",
                ("headline", language),
                "it is only the name of the hazard",
                "expected what happens and where",
            )


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", plain(text)))


def l36_spreads_no_panic(case: Case) -> Iterator[Problem]:
    """Nothing frightens without telling, and nobody guesses about causes and victims without a source."""
    lexicon = case.desk.lexicon
    has_source = bool(case.announcement.web or case.announcement.citation)
    for path, language, text in case.all_written():
        for word in found(lexicon.panic.get(language, ()), text):
            yield case.error("L36", path, f"'{word}' frightens and tells nothing", "expected what is known")
        if not has_source:
            for word in found(lexicon.speculation.get(language, ()), text):
                yield case.error(
                    "L36", path, f"'{word}' is a guess without a source", "expected a source, or nothing"
                )


def l37_reads_easily(case: Case) -> Iterator[Problem]:
    """Short words and sentences: 60 is good, below 50 is hard."""
    for language in case.whole_languages:
        if language not in READING_EASE:
            continue
        texts = [text for path, text in case.written(language) if path[0] != "sender_name"]
        found_sentences = [sentence for text in texts for sentence in sentences(text)]
        words = re.findall(r"[^\W\d_]+", " ".join(texts))
        if not words:
            continue
        syllables = sum(
            max(1, sum(letter in VOWELS[language] for letter in word.casefold())) for word in words
        )
        base, by_sentence, by_word = READING_EASE[language]
        ease = base - by_sentence * len(words) / len(found_sentences) - by_word * syllables / len(words)
        if ease < EASY_READING:
            yield case.hint(
                "L37", ("description", language), f"reading ease {ease:.0f}", "expected 50, better 60"
            )
