"""How long the words may be: Telegram's limits, the promise to readers, and the blanks inside phrases."""

from collections.abc import Iterator, Mapping
from string import Formatter

from bot.core import wording
from bot.core.answering.finding import Lead
from bot.core.consistency import CATEGORIES, DEPLOYMENT, PHRASES, Draft, by_language, guide_file
from bot.core.content import Content
from bot.core.guidance import Guide, GuideId, Language
from bot.core.message import utf16_length
from bot.core.phrases import Phrases, blanks_of
from bot.core.problem import Problem, nearest

MAX_MESSAGE = 4096  # Bot API, sendMessage: UTF-16 units after entities parsing
MAX_ENTITIES = 100  # Telegram drops the formatting beyond it without a word
MAX_BODY = 1200  # our promise: the part before the sources, on a small phone under stress
MAX_BUTTON = 40  # wider labels are cut off on a phone
MAX_TITLE = 64  # of a guide, which has a row of buttons to itself
MAX_SERVICE = 64  # Bot API, setMyName

PHRASE_LIMITS: Mapping[str, int] = {
    "description": 512,  # Bot API, setMyDescription
    "short_description": 120,  # Bot API, setMyShortDescription
    "area_added": 120,  # a note over a chat, with the name of a place in it
    "area_covered": 120,
    "area_removed": 120,
    "admins_only": 200,  # the notes over a chat: Bot API, answerCallbackQuery
    "flood": 200,
    "language_chosen": 200,
    "not_subscribed": 200,
    "stale_button": 200,
    "unsubscribed": 200,
    "language_name": MAX_BUTTON,
}

MOMENTS = frozenset({"date", "time"})
"""The blanks that may say how they are written: `{time:%H:%M}`."""


def phrase_limit(name: str) -> int:
    """Return how long a phrase may be."""
    if name.startswith("button_"):
        return MAX_BUTTON
    if name.startswith("command_"):
        return 256  # Bot API, BotCommand
    return PHRASE_LIMITS.get(name, MAX_MESSAGE)


def too_long(draft: Draft) -> Iterator[Problem]:
    """Yield every text that is longer than its place allows."""
    for name in Phrases.model_fields if draft.phrases else ():
        for language, text in getattr(draft.phrases, name).items():
            yield from _over(PHRASES, (name, language), text, phrase_limit(name))
    for language, text in draft.deployment.service.items() if draft.deployment else ():
        yield from _over(DEPLOYMENT, ("service", language), text, MAX_SERVICE)
    for position, category in enumerate(draft.categories or ()):
        for language, text in category.title.items():
            yield from _over(CATEGORIES, (position, "title", language), text, MAX_BUTTON)
    for name, guide in draft.guides.items():
        for language, text in guide.title.items():
            yield from _over(guide_file(name), ("title", language), text, MAX_TITLE)


def _over(file: str, path: tuple[str | int, ...], text: str, limit: int) -> Iterator[Problem]:
    if (length := utf16_length(text)) > limit:
        wrong, expected = f"is {length} characters long, {length - limit} too many", f"at most {limit}"
        yield Problem(file, path, wrong, expected)


def wrong_blanks(draft: Draft) -> Iterator[Problem]:
    """Yield every phrase whose blanks are not those that the bot fills in."""
    for name in Phrases.model_fields if draft.phrases else ():
        for language, text in getattr(draft.phrases, name).items():
            for wrong, expected, suggestion in blank_sentences(text, blanks_of(name)):
                yield Problem(PHRASES, (name, language), wrong, expected, suggestion)


def blank_sentences(text: str, blanks: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the blanks of one text: what it is, what was expected, what was meant."""
    listed = ", ".join(f"{{{blank}}}" for blank in sorted(blanks)) or "no name in braces"
    try:
        found = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        yield "a brace is alone, or not closed", f"expected {listed}", ""
        return
    missing = blanks - {str(blank) for blank, _, _ in found}
    for blank, form, conversion in found:
        if blank not in blanks:
            meant = nearest(str(blank), missing or blanks).strip("'")
            missing -= {meant}
            yield f"unknown blank {{{blank}}}", f"expected {listed}", f"{{{meant}}}" if meant else ""
        elif conversion or (form and not (blank in MOMENTS and form.startswith("%"))):
            yield f"something stands beside the name in {{{blank}}}", f"expected {listed}", ""
    for blank in sorted(missing):
        yield f"the blank {{{blank}}} is missing", f"expected {listed}", ""


def guides_too_long(draft: Draft) -> Iterator[Problem]:
    """Yield where a guide does not fit into one message, at its longest: urgent, its longest step first.

    What cannot be rendered for want of something else (told already) is not measured.
    """
    if draft.deployment is None or draft.phrases is None or draft.sources is None or any(wrong_blanks(draft)):
        return
    sources = {source.id: source for source in draft.sources}
    content = Content(draft.deployment, draft.categories or (), sources, draft.guides, draft.phrases)
    for language in draft.deployment.languages:
        if not all(_is_complete(value, language) for value in (draft.deployment, draft.phrases)):
            continue
        citable = {name for name, source in sources.items() if _is_complete(source, language)}
        for name, guide in draft.guides.items():
            passages = tuple(guide.passages())
            cited = {source for passage in passages for source in passage.step.sources}
            if passages and cited <= citable and _is_complete(guide, language):
                # Buttons of related guides do not count, and may lead nowhere yet.
                yield from _guide_too_long(content, name, guide.model_copy(update={"related": ()}), language)


def _is_complete(value: object, language: Language) -> bool:
    return all(language in texts for _, texts in by_language(value))


def _guide_too_long(content: Content, name: GuideId, guide: Guide, language: Language) -> Iterator[Problem]:
    longest = max(guide.passages(), key=lambda passage: utf16_length(passage.step.text[language]))
    lead = Lead(longest.part, longest.position)
    file, path = guide_file(name), ("title", language)
    body = len(wording.guide_body(content, guide, language, lead, urgent=True))
    if body >= MAX_BODY:
        over = body - MAX_BODY + 1
        wrong = f"the guide has {body} characters before its sources in '{language}', {over} too many"
        yield Problem(
            file, path, wrong, f"under {MAX_BODY}, so that it can be read in a hurry: shorten the steps"
        )
    whole = wording.guide_message(content, guide, language, lead, urgent=True).text
    length = len(whole) + _said_below(content, language)
    if length > MAX_MESSAGE:
        over = length - MAX_MESSAGE
        wrong = f"the guide with its sources has {length} characters in '{language}', {over} too many"
        yield Problem(
            file, path, wrong, f"at most {MAX_MESSAGE} fit into a message: shorten it, or cite fewer sources"
        )
    if len(whole.entities) > MAX_ENTITIES:
        wrong = f"the message has {len(whole.entities)} formatted places in '{language}'"
        yield Problem(file, path, wrong, f"at most {MAX_ENTITIES} fit into a message: cite fewer sources")


def _said_below(content: Content, language: Language) -> int:
    """Return the length of all that may stand below an answer."""
    phrases = content.phrases
    introduction = wording.say(content, phrases.introduction, language)
    offer = phrases.introduction_notices[language]
    said = (phrases.caption_only[language], phrases.late[language], introduction, offer)
    return sum(len("\n\n") + utf16_length(words) for words in said)
