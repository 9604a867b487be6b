"""One question from the terminal -> its answer as plain text, or as the JSON object that programs rely on."""

from typing import Any

from bot.core.answering.finding import Answer, Choices
from bot.core.content import Content
from bot.core.dialogue import Dialogue, Found
from bot.core.guidance import Language
from bot.core.message import OutgoingMessage, Press, Style


def ask(content: Content, dialogue: Dialogue, question: str, language: Language | None) -> Found:
    """Return what the bot answers; `language` None speaks the question's own."""
    return dialogue.answer(question, language, content.deployment.default_language)


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
