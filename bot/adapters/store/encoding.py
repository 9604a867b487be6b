"""Notices and messages as JSON for the database, and back."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from bot.core.guidance import Language
from bot.core.message import (
    Button,
    CopyText,
    Entity,
    OpenLink,
    OutgoingMessage,
    Press,
    ShareInline,
    Style,
    Text,
)
from bot.core.notices.approval import Approval
from bot.core.notices.local_time import Times
from bot.core.notices.notice import Announcement, Drill, Notice
from bot.core.notices.record import Origin, Record
from bot.core.notices.states import State

KINDS: Mapping[str, type[Announcement]] = {"notice": Notice, "drill": Drill}
ACTIONS: Mapping[str, tuple[type[Press | OpenLink | CopyText | ShareInline], str]] = {
    "press": (Press, "data"),
    "link": (OpenLink, "url"),
    "copy": (CopyText, "text"),
    "share": (ShareInline, "query"),
}
"""How a button's action is called in the database, and which field of it is kept."""


def write_words(words: Mapping[Language, OutgoingMessage]) -> str:
    """Return messages by language as JSON."""
    return json.dumps({language: _message(one) for language, one in words.items()}, ensure_ascii=False)


def read_words(text: str) -> dict[Language, OutgoingMessage]:
    """Return the messages that were written."""
    return {language: _read_message(one) for language, one in json.loads(text).items()}


def _message(message: OutgoingMessage) -> dict[str, Any]:
    return {
        "words": message.text.words,
        "entities": [[e.style.value, e.offset, e.length, e.url] for e in message.text.entities],
        "buttons": [[_button(button) for button in row] for row in message.buttons],
    }


def _button(button: Button) -> list[str]:
    for name, (kind, field) in ACTIONS.items():
        if isinstance(button.action, kind):
            return [button.label, name, getattr(button.action, field)]
    raise TypeError(f"no such button: {button.action!r}")


def _read_message(given: Mapping[str, Any]) -> OutgoingMessage:
    entities = tuple(Entity(Style(style), *rest) for style, *rest in given["entities"])
    buttons = tuple(
        tuple(Button(label, ACTIONS[kind][0](value)) for label, kind, value in row)
        for row in given["buttons"]
    )
    return OutgoingMessage(Text(given["words"], entities), buttons)


def notice_row(record: Record) -> dict[str, Any]:
    """Return a notice as a row of its table."""
    times = record.times
    return {
        "id": record.id,
        "revision": record.revision,
        "state": record.state.value,
        "origin": record.origin.value,
        "kind": "drill" if isinstance(record.announcement, Drill) else "notice",
        "content": record.announcement.model_dump_json(),
        "author": record.author,
        "fingerprint": record.fingerprint,
        "publish_at": times.publish if times else None,
        "effective": times.effective if times else None,
        "onset": times.onset if times else None,
        "expires": times.expires if times else None,
        "next_update": times.next_update if times else None,
        **{name: getattr(record, name) for name in PLAIN},
    }


PLAIN = (
    "zone",
    "local_text",
    "tzdata",
    "series",
    "occurrence",
    "created_at",
    "decided_at",
    "issued_at",
    "planned",
    "ended_at",
    "ended_by",
    "held_since",
    "by_person",
    "restored",
    "announced_at",
)
"""Columns that hold a field of the same name as it is."""


def read_notice(row: Row[Any], given: tuple[Approval, ...]) -> Record:
    """Return the notice that a row holds, with the approvals given to it."""
    times = None
    if row.publish_at is not None:
        times = Times(row.publish_at, row.effective, row.onset, row.expires, row.next_update)
    return Record(
        id=row.id,
        announcement=KINDS[row.kind].model_validate_json(row.content),
        revision=row.revision,
        state=State(row.state),
        origin=Origin(row.origin),
        author=row.author,
        fingerprint=row.fingerprint,
        approvals=given,
        times=times,
        **{name: getattr(row, name) for name in PLAIN},
    )
