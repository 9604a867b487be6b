"""A message for many, turned into bytes once: whoever gets it is all that is left out.

A call's body is `{"chat_id":7` and what belongs to this one recipient, then a tail that is the same for all.
The tail fits sendMessage and editMessageText alike.
"""

import json
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.adapters.telegram.rendering import NO_PREVIEW, Rendered, render
from bot.core.message import Button, OpenLink, OutgoingMessage, Press

GUIDE = "guide:"
"""What a press on the button of a guide begins with."""

DEEP_LINK = "https://t.me/{username}?start={guide}"

SILENT = b',"disable_notification":true'
PROTECTED = b',"protect_content":true'
# What is answered may have been deleted by then; the answer must arrive all the same.
ANSWERED = b',"reply_parameters":{"message_id":%d,"allow_sending_without_reply":true}'
IN_TOPIC = b',"message_thread_id":%d'


@dataclass(frozen=True, slots=True)
class Prepared:
    """One message in one language: its tail for a person, for a group or channel, and with bare words."""

    private: bytes
    public: bytes
    bare: bytes

    def tail(self, chat_id: int) -> bytes:
        """Return what this chat gets. Ids of groups and channels are negative (Bot API, Chat.id)."""
        return self.private if chat_id > 0 else self.public


def prepare(message: OutgoingMessage, username: str, supports_inline: bool) -> Prepared:
    """Return the message without its recipient.

    Raises:
        ValueError: it has no words; Telegram would refuse each copy.
    """
    private = render(message, supports_inline)
    public = render(replace(message, buttons=_public(message.buttons, username)), supports_inline)
    if private is None or public is None:
        raise ValueError("a message without words cannot be sent")
    return Prepared(_tail(private), _tail(public), _tail(private.plain))


def sending(
    tail: bytes,
    chat_id: int,
    *,
    silent: bool = False,
    protected: bool = False,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> bytes:
    """Return the body of sendMessage."""
    return b'{"chat_id":%d%b%b%b%b%b' % (
        chat_id,
        SILENT if silent else b"",
        PROTECTED if protected else b"",
        b"" if reply_to is None else ANSWERED % reply_to,
        b"" if thread_id is None else IN_TOPIC % thread_id,
        tail,
    )


def editing(tail: bytes, chat_id: int, message_id: int) -> bytes:
    """Return the body of editMessageText; without buttons in the tail those of the old message go."""
    return b'{"chat_id":%d,"message_id":%d%b' % (chat_id, message_id, tail)


def pinning(chat_id: int, message_id: int) -> bytes:
    """Return the body of pinChatMessage; the message itself has rung, its pinning need not."""
    return b'{"chat_id":%d,"message_id":%d%b}' % (chat_id, message_id, SILENT)


@lru_cache(maxsize=1024)
def tails(message: OutgoingMessage, supports_inline: bool) -> tuple[bytes, bytes] | None:
    """Return a reply's tail, and that of its bare words; None where it has no words.

    Remembered: in an attack everybody asks the same.
    """
    rendered = render(message, supports_inline)
    return (_tail(rendered), _tail(rendered.plain)) if rendered else None


def _tail(rendered: Rendered) -> bytes:
    fields: dict[str, object] = {"text": rendered.text, "link_preview_options": NO_PREVIEW.to_dict()}
    if rendered.entities:
        fields["entities"] = [entity.to_dict() for entity in rendered.entities]
    if rendered.keyboard:
        fields["reply_markup"] = rendered.keyboard.to_dict()
    # A button's label may hold half an emoji, which no bytes can carry.
    whole = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return b"," + whole.removeprefix(b"{")


def _public(rows: tuple[tuple[Button, ...], ...], username: str) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons for a group or channel: a guide opens in private.

    A press would bring the guide to everybody there.
    """
    return tuple(tuple(_opening_in_private(button, username) for button in row) for row in rows)


def _opening_in_private(button: Button, username: str) -> Button:
    match button.action:
        case Press(data) if username and data.startswith(GUIDE):
            return replace(
                button, action=OpenLink(DEEP_LINK.format(username=username, guide=data.removeprefix(GUIDE)))
            )
        case _:
            return button
