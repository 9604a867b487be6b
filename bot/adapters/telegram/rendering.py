"""Core's messages -> arguments that the Bot API accepts: what is over a limit is cut or left out."""

import logging
from dataclasses import dataclass

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
)

from bot.core.message import (
    Button,
    CopyText,
    Entity,
    OpenLink,
    OutgoingMessage,
    Press,
    ShareInline,
    Suggestion,
    Text,
    utf16_length,
)

log = logging.getLogger(__name__)

# Bot API: sendMessage, MessageEntity, InlineKeyboardButton, CopyTextButton, InlineQueryResult.
MAX_TEXT = 4096
MAX_ENTITIES = 100
MAX_BUTTONS = 100
MAX_BUTTONS_IN_ROW = 8
MAX_PRESS_BYTES = 64
MAX_COPIED = 256
MAX_RESULT_ID_BYTES = 64

ELLIPSIS = "…"

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a message is for the Bot API: text, entities beside it (never a parse mode), keyboard, sound."""

    text: str
    entities: tuple[MessageEntity, ...]
    keyboard: InlineKeyboardMarkup | None
    silent: bool

    @property
    def plain(self) -> "Rendered":
        """The same words with nothing that could be refused."""
        return Rendered(self.text, (), None, self.silent)


def render(message: OutgoingMessage, supports_inline: bool) -> Rendered | None:
    """Return the message for the Bot API, None where it has no words and could only be refused."""
    text = cut(message.text, MAX_TEXT)
    if not text.words.strip():
        return None
    entities = tuple(
        MessageEntity(entity.style.value, entity.offset, entity.length, url=entity.url)
        for entity in text.entities[:MAX_ENTITIES]
    )
    return Rendered(text.words, entities, render_keyboard(message.buttons, supports_inline), message.silent)


def render_keyboard(
    rows: tuple[tuple[Button, ...], ...], supports_inline: bool
) -> InlineKeyboardMarkup | None:
    """Return the buttons, None where none is left; those that Telegram would refuse are left out."""
    left = MAX_BUTTONS
    keyboard = []
    for row in rows:
        made = [made for button in row if (made := _button(button, supports_inline))][
            : min(MAX_BUTTONS_IN_ROW, left)
        ]
        left -= len(made)
        if made:
            keyboard.append(made)
    return InlineKeyboardMarkup(keyboard) if keyboard else None


def render_suggestion(suggestion: Suggestion, supports_inline: bool) -> InlineQueryResultArticle | None:
    """Return one result of an inline query, None where it has no words."""
    rendered = render(suggestion.message, supports_inline)
    if rendered is None or not suggestion.title.strip():
        return None
    return InlineQueryResultArticle(
        id=suggestion.id.encode()[:MAX_RESULT_ID_BYTES].decode(errors="ignore"),
        title=suggestion.title,
        description=suggestion.description or None,
        input_message_content=InputTextMessageContent(
            rendered.text, entities=rendered.entities, link_preview_options=NO_PREVIEW
        ),
        reply_markup=rendered.keyboard,
    )


def cut(text: Text, limit: int) -> Text:
    """Return the text with at most `limit` UTF-16 units; what is cut off leaves an ellipsis.

    Half an emoji (a surrogate without its other half) becomes a replacement sign of the same length: it
    cannot be encoded, and would take the whole message with it.
    """
    words = text.words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if utf16_length(words) > limit:
        units = words.encode("utf-16-le")[: 2 * (limit - len(ELLIPSIS))]
        words = units.decode("utf-16-le", "ignore").rstrip() + ELLIPSIS
    end = utf16_length(words)
    return Text(
        words,
        tuple(
            Entity(entity.style, entity.offset, min(entity.length, end - entity.offset), entity.url)
            for entity in text.entities
            if 0 <= entity.offset < end and entity.length > 0
        ),
    )


def _button(button: Button, supports_inline: bool) -> InlineKeyboardButton | None:
    if not button.label.strip():
        return None
    match button.action:
        case Press(data):
            if 1 <= len(data.encode()) <= MAX_PRESS_BYTES:
                return InlineKeyboardButton(button.label, callback_data=data)
            log.error("a button was left out: its data has %d bytes, 1 to 64 may be", len(data.encode()))
            return None
        case OpenLink(url):
            return InlineKeyboardButton(button.label, url=url)
        case CopyText(text):
            copied = cut(Text(text), MAX_COPIED).words
            return InlineKeyboardButton(button.label, copy_text=CopyTextButton(copied)) if copied else None
        case ShareInline(query):
            if not supports_inline:
                return None  # unless BotFather has switched it on, Telegram refuses the whole message
            return InlineKeyboardButton(button.label, switch_inline_query=query)
