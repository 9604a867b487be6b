"""Rules about how a notice is written: length, plain words, clean characters, safe links, no panic."""

import re
import unicodedata
from collections.abc import Iterator

from bot.core.consistency import ENTITY, TAG
from bot.core.message import utf16_length
from bot.core.notices.lint.case import Case, digits_of, sentences
from bot.core.notices.lint.lexicon import ABBREVIATION, found, plain
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

BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that take up nothing, or nothing but room, and call themselves letters or signs."""

NOT_WRITTEN = frozenset({"Cc", "Co", "Cn", "Cs", "Zl", "Zp"})
DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINK = re.compile(
    r"(?:https?://|tg:|www\.)\S+"
    r"|\b[\w-]+(?:\.[\w-]+)+/\S*"
    r"|(?<![\w@.-])(?:[\w-]+\.)+(?:ru|su|рф|com|net|org|info|biz|me|io|app|dev|gg|cc|ly|by|kz|ua|eu|example)"
    r"(?![\w@-]|\.\w)",
    re.IGNORECASE,
)
"""What a phone makes a link of: an address, or a bare name with an ending of the net."""

TELEGRAM = ("t.me", "telegram.me", "telegram.dog", "telegram.org")
MENTION = re.compile(r"(?<![\w.])@\w{4,}")
NUMBER = re.compile(r"(?<![\w:.,-])\d{4,}(?![\w:,-]|\.\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
PHONE = re.compile(r"(?<![\w.-])\+?\d(?:[\s().-]*\d){5,}(?![\w-])")
CALL = re.compile(
    r"(?:звон\w+|номер\w*|тел\.?|телефон\w*|call|dial|phone|number)\s+(?:по\s+|на\s+)?(?:номеру\s+)?"
    r"(\+?\d[\d\s().-]*)",
    re.IGNORECASE,
)
WRITE = re.compile(
    r"(?:пиш\w+|напиш\w+|отправ\w+|смс|sms|write|text|message)\s+(?:на|to)\s+(?:номер\s+|number\s+)?"
    r"(\d[\d\s().-]*)",
    re.IGNORECASE,
)
DAY = re.compile(
    r"(?<![\d.-])(?:(?:[012]?\d|3[01])\.(?:0?\d|1[012])\.(?:20)?\d\d|20\d\d-(?:0\d|1[012])-(?:[012]\d|3[01]))"
    r"(?!\d|[.-]\d)"
)
THOUSANDS = re.compile(r"(?<!\S)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?=\s+(\w+))")
CAPITALS = re.compile(r"\b[A-ZА-ЯЁ]{3,}\b")
SHOUT = re.compile(r"[!?][\s]*!|!!")
BLANK = re.compile(r"\{[^{}]*\}|\[\.\.\.\]|_{3,}|<[^<>\s](?:[^<>]*[^<>\s])?>")
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
    for path, text in _everything(case):
        for mark in (TAG, ENTITY):
            if match := mark.search(text):
                yield case.error("L26", path, f"'{match.group()}' is markup", "expected plain text")
        if DIRECTION & set(text):
            yield case.error(
                "L26", path, "it holds a mark that turns the direction of writing", "expected none"
            )
        if any(_is_hidden(one) for one in text):
            yield case.error("L26", path, "it holds a character without width", "expected none")
        if any(unicodedata.category(one) in NOT_WRITTEN and one != "\n" for one in text):
            yield case.error("L26", path, "it holds a control character", "expected none")


def _is_hidden(character: str) -> bool:
    is_format = unicodedata.category(character) == "Cf" and character not in DIRECTION
    return is_format or character in BLANK_LETTERS


def _everything(case: Case) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text, and the contact and the address of the page, which are the same in all languages."""
    yield from ((path, text) for path, _, text in case.all_written())
    own = case.announcement
    yield from (((name,), text) for name, text in (("contact", own.contact), ("web", own.web)) if text)


def l27_does_not_shout(case: Case) -> Iterator[Problem]:
    """One emoji is the bot's own; capitals and chains of exclamation marks are for nobody."""
    hazard = case.desk.hazards.get(case.announcement.event)
    for path, language, text in case.all_written():
        if any(_is_emoji(one) for one in text):
            yield case.warning("L27", path, "an emoji beside that of the level", "expected none")
        if SHOUT.search(text):
            yield case.warning("L27", path, "a chain of exclamation marks", "expected one at most")
        if path[0] == "headline":
            # What it is and what to do may stand out.
            own = (
                *case.desk.lexicon.glossary,
                *case.desk.lexicon.actions.get(language, ()),
                *(hazard.words.get(language, ()) if hazard else ()),
            )
            capitals = [
                word
                for _, words in case.written(language)
                for word in CAPITALS.findall(words)
                if not any(found(own, word))
            ]
            if len(capitals) > MOST_CAPITALS:
                yield case.warning("L27", path, f"{len(capitals)} words in capitals", "expected 3 at most")


def _is_emoji(character: str) -> bool:
    return character >= "\u2190" and unicodedata.category(character) == "So"


def l28_links_and_numbers_are_safe(case: Case) -> Iterator[Problem]:
    """No link hides where it leads or leads where nobody has looked, nobody is mentioned, and every number is
    in the contact book.
    """
    book = digits_of(case.desk.numbers)
    for path, text in _everything(case):
        for match in LINK.finditer(text):
            wrong, expected = _why_unsafe(case, path, match.group())
            if wrong:
                yield case.error("L28", path, f"'{match.group()}' {wrong}", expected)
        without_links = LINK.sub(" ", text)
        for mention in MENTION.findall(without_links):
            if not re.search(rf"\w{re.escape(mention)}", without_links):
                yield case.error("L28", path, f"'{mention}' is a mention", "expected no names of Telegram")
        for number in _telephones(case, without_links):
            if not digits_of([number]) & book:
                yield case.error(
                    "L28",
                    path,
                    f"{number} is not in the contact book",
                    "expected it in notice_policy.yaml first",
                )


def _why_unsafe(case: Case, path: tuple[str | int, ...], link: str) -> tuple[str, str]:
    """Return what is wrong with a link and what to write instead, or nothing; for `web` L12 asks more."""
    address = link.casefold()
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", address)
    host = re.split(r"[/:?#]", bare)[0].rstrip(".,;!»)")
    lexicon = case.desk.lexicon
    if address.startswith("tg:") or host in TELEGRAM:
        return "leads into Telegram", "expected a page in `web`"
    if host in lexicon.shorteners:
        return "hides where it leads", "expected the address itself"
    is_trusted = any(host == known or host.endswith(f".{known}") for known in lexicon.hosts)
    if not is_trusted and path != ("web",):
        return "is not on a trusted host", "expected one of `hosts` in lint.yaml, or no link"
    return "", ""


def _telephones(case: Case, text: str) -> Iterator[str]:
    """Yield what people would dial; days and large numbers of something are none."""
    units = {unit for listed in case.desk.lexicon.units.values() for unit in listed}
    rest = DAY.sub(" ", text)
    rest = THOUSANDS.sub(lambda match: " " if plain(match[1]) in units else match.group(), rest)
    numbers = [match.group() for match in PHONE.finditer(rest)]
    numbers += [match[1] for found in (CALL, WRITE) for match in found.finditer(rest)]
    yield from dict.fromkeys(one.strip(" .-") for one in numbers)


def l29_is_filled_in(case: Case) -> Iterator[Problem]:
    """Nothing is left of a template."""
    for path, _, text in case.all_written():
        left = [match.group() for match in BLANK.finditer(text)]
        # A word of the list in small letters is none at all; one in capitals may be a word: ТЕКСТ, текст.
        left += [
            word
            for word in case.desk.lexicon.placeholders
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.casefold() if word.islower() else text)
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
    """Nothing frightens without telling, no rumour is passed on, and what is said of causes and victims
    stands on a page that others can open, for anybody could cite some document.
    """
    lexicon = case.desk.lexicon
    for path, language, text in case.all_written():
        for word in found(lexicon.panic.get(language, ()), text):
            yield case.error("L36", path, f"'{word}' frightens and tells nothing", "expected what is known")
        if path[0] == "instruction":
            continue  # to help the wounded claims nothing
        for word in found(lexicon.hearsay.get(language, ()), text):
            yield case.error("L36", path, f"'{word}' passes on a guess", "expected what is known, or nothing")
        if case.announcement.web is None:
            for word in found(lexicon.speculation.get(language, ()), text):
                yield case.error(
                    "L36",
                    path,
                    f"'{word}' is said without a source",
                    "expected a page in `web`",
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
