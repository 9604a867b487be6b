"""One question from the terminal -> its answer as plain text, or as the JSON object that programs rely on."""

from collections.abc import Iterator
from typing import Any

from bot.core.answering.common_english import COMMON_ENGLISH
from bot.core.answering.examples import written_words
from bot.core.answering.finding import Answer, Choices
from bot.core.answering.text import is_latin
from bot.core.content import Content
from bot.core.dialogue import Dialogue, Found
from bot.core.guidance import Guide, Language
from bot.core.message import OutgoingMessage, Press, Style


def ask(content: Content, dialogue: Dialogue, question: str, language: Language | None) -> Found:
    """Return what the bot answers; `language` None speaks the question's own.

    In a chat one word does not tell a language, what somebody's phone speaks does. Here is no phone, so an
    English word is answered in English.
    """
    is_english = "en" in content.deployment.languages and _is_english_word(content, question)
    return dialogue.answer(question, language, "en" if is_english else content.deployment.default_language)


def _is_english_word(content: Content, question: str) -> bool:
    """Tell an English word from transliterated Russian, an abbreviation or a link."""
    words = written_words(question)
    if len(words) != 1 or not is_latin(words[0][0]):
        return False
    return words[0] in COMMON_ENGLISH or any(
        words[0] in written_words(text) for guide in content.guides.values() for text in _english_of(guide)
    )


def _english_of(guide: Guide) -> Iterator[str]:
    """Yield what a guide says in English; its questions are left out, they are misspelt as people do."""
    yield guide.title["en"]
    yield from guide.keywords["en"]
    for passage in guide.passages():
        yield passage.step.text["en"]


def as_text(message: OutgoingMessage) -> str:
    """Return a message for a terminal: addresses behind their links, buttons as a list."""
    units = message.text.words.encode("utf-16-le")
    links = {e.offset + e.length: e.url for e in message.text.entities if e.style is Style.LINK}
    pieces, start = [], 0
    for end, url in sorted(links.items()):
        pieces += [units[2 * start : 2 * end].decode("utf-16-le"), f" <{url}>"]
        start = end
    pieces.append(units[2 * start :].decode("utf-16-le"))
    buttons = [f"  → {b.label}" for row in message.buttons for b in row if isinstance(b.action, Press)]
    return "".join(pieces) + ("\n\n" + "\n".join(buttons) if buttons else "")


def as_object(content: Content, question: str, found: Found) -> dict[str, Any]:
    """Return the answer in the form that `ask --json` promises; its keys and meanings never change."""
    finding = found.finding
    guide = content.guides[finding.guide] if isinstance(finding, Answer) else None
    sources = content.citations(guide.passages()) if guide else ()
    return {
        "question": question,
        "kind": "answer" if guide else "choices" if isinstance(finding, Choices) else "none",
        "urgent": finding.urgent or bool(guide and guide.life_threat),
        "guide": guide.id if guide else None,
        "choices": list(finding.choices) if isinstance(finding, Answer | Choices) else [],
        "language": found.language,
        "score": round(finding.score, 4),
        "text": found.message.text.words,
        "citations": [
            {
                "source": source.id,
                "publisher": source.publisher[found.language],
                "title": source.title,
                "url": source.url,
            }
            for source in sources
        ],
    }
