"""What a message says once its markup is read: a text and its entities, trimmed, checked and completed."""

from dataclasses import dataclass
from functools import lru_cache

from bot.sandbox.entities import add_detected, utf16_length, utf16_slice
from bot.sandbox.links import checked_url
from bot.sandbox.objects import read_object
from bot.sandbox.refusals import bad_request
from bot.sandbox.telegram_html import TAGS, MarkupError, parse_html
from bot.sandbox.wire import Json

ENTITIES_LIMIT = 100
"""Formatting entities a message keeps; Telegram passes over the rest."""

_TYPES = frozenset(TAGS.values()) | {
    "expandable_blockquote",
    "text_mention",
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
}


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text without markup and its entities, offsets in UTF-16 units."""

    text: str
    entities: tuple[Json, ...]


def formatted(text: str, parse_mode: str, entities: list[object] | None) -> Formatted:
    """What a message says, from a source with a parse mode, or a text with entities given beside it.

    Raises `ApiError` where Telegram would. Markdown is refused: the sandbox reads HTML only.
    """
    mode = parse_mode.lower()
    if mode in ("markdown", "markdownv2"):
        raise bad_request("can't parse entities: the sandbox reads HTML only, not Markdown")
    if mode not in ("", "html"):
        raise bad_request("unsupported parse_mode")
    if mode == "html":
        return _formatted_html(text)
    return _finish(text, [_checked(entity, text) for entity in entities or []])


@lru_cache(maxsize=1024)
def _formatted_html(source: str) -> Formatted:
    # A broadcast sends one text many times; parsing it once keeps the sandbox out of the way.
    try:
        return _finish(*parse_html(source))
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None


def _checked(given: object, text: str) -> Json:
    """An entity that came beside the text; unknown types and places outside the text are refused."""
    entity = read_object("MessageEntity", given)
    if entity["type"] not in _TYPES:
        raise bad_request(f'can\'t parse MessageEntity: Unsupported type "{entity["type"]}"')
    offset, length = entity["offset"], entity["length"]
    if offset < 0 or length <= 0 or offset + length > utf16_length(text):
        raise bad_request("ENTITY_BOUNDS_INVALID")
    if entity["type"] == "text_link":
        url = checked_url(entity.get("url", ""))
        if not url:
            raise bad_request("can't parse MessageEntity: Wrong HTTP URL")
        return entity | {"url": url}
    return entity


def _finish(text: str, entities: list[Json]) -> Formatted:
    """Trim the text, drop what Telegram drops from its entities, and add those it finds by itself."""
    kept = text.rstrip()
    lead = len(kept) - len(kept.lstrip())
    shift = utf16_length(kept[:lead])
    kept = kept[lead:]
    end = utf16_length(kept)
    placed = []
    for one in entities:
        start = max(one["offset"] - shift, 0)
        stop = min(one["offset"] - shift + one["length"], end)
        if stop > start and utf16_slice(kept, start, stop - start).strip():
            placed.append({**one, "offset": start, "length": stop - start})
    allowed = _without_forbidden_nesting(placed)[:ENTITIES_LIMIT]
    return Formatted(kept, tuple(add_detected(kept, allowed)))


def _without_forbidden_nesting(entities: list[Json]) -> list[Json]:
    """Nothing else may stand inside code, and no quote inside a quote; the inner ones go, silently."""
    kept: list[Json] = []
    for one in entities:
        inside = [
            outer["type"]
            for outer in kept
            if outer["offset"] <= one["offset"]
            and one["offset"] + one["length"] <= outer["offset"] + outer["length"]
        ]
        if any(kind in ("pre", "code") for kind in inside):
            continue
        if one["type"].endswith("blockquote") and any(kind.endswith("blockquote") for kind in inside):
            continue
        kept.append(one)
    return kept
