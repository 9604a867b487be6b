"""Telegram's HTML, read as Telegram reads it and no browser does: its tags, its leniency, its complaints.

Written after core.telegram.org/bots/api#html-style. Errors carry byte offsets into the source as it was sent,
because that is what Telegram's own answers carry.
"""

import re
from dataclasses import dataclass

from bot.sandbox.entities import utf16_length
from bot.sandbox.links import checked_url
from bot.sandbox.wire import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
# Outer before inner where two entities cover the same text.
_ORDER = {"blockquote": 0, "expandable_blockquote": 0, "pre": 1, "code": 2, "text_link": 3}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(?:x(?P<hex>[0-9a-fA-F]+)|(?P<number>[0-9]+))|(?P<name>[a-zA-Z]+));?")
_PLAIN = re.compile(r"[^<&]+")
_SPACE = " \t\r\n\f\v"
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")


class MarkupError(Exception):
    """HTML that does not parse; the words are Telegram's, without what it puts before them."""


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text and entities of an HTML source, nothing trimmed or added yet. Raises `MarkupError`."""
    return _HtmlReader(source).read()


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    place: int


class _HtmlReader:
    """One pass over a source; `_at` is the next character to read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._parts: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        """All of it, or a `MarkupError`."""
        source = self._source
        while self._at < len(source):
            if source[self._at] == "<":
                if source.startswith("</", self._at):
                    self._end_tag()
                else:
                    self._start_tag()
            elif source[self._at] == "&":
                self._say(self._reference())
            elif plain := _PLAIN.match(source, self._at):
                self._say(plain.group())
                self._at = plain.end()
        if self._open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        text = "".join(self._parts)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return text, sorted(
            _with_language(self._entities),
            key=lambda one: (one["offset"], -one["length"], _ORDER.get(one["type"], 9)),
        )

    def _say(self, text: str) -> None:
        self._parts.append(text)
        self._length += utf16_length(text)

    def _reference(self) -> str:
        """One character reference, or a lone "&" where Telegram would take none."""
        match = _REFERENCE.match(self._source, self._at)
        character = _character(match) if match else ""
        if not match or not character:
            self._at += 1
            return "&"
        self._at = match.end()
        return character

    def _start_tag(self) -> None:
        begin = self._at
        where = f"at byte offset {self._byte(begin)}"
        self._at += 1
        tag = self._until(_SPACE + ">").lower()
        if self._is_at_end():
            raise MarkupError(f"Unclosed start tag {where}")
        if tag not in TAGS:
            raise MarkupError(f'Unsupported start tag "{tag}" {where}')
        argument = ""
        while True:
            self._skip_space()
            if self._is_at_end():
                raise MarkupError(f'Unclosed start tag "{tag}" {where}')
            if self._source[self._at] == ">":
                break
            name, value = self._attribute(tag, where)
            argument = _argument(tag, name, value) or argument
        self._at += 1
        if tag == "span" and argument != "spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" {where}')
        self._open.append(_Open(tag, argument, self._length, len(self._parts)))

    def _attribute(self, tag: str, where: str) -> tuple[str, str]:
        name = self._until(_SPACE + "=>").lower()
        if not name:
            raise MarkupError(f'Empty attribute name in the tag "{tag}" {where}')
        self._skip_space()
        if self._is_at_end():
            raise MarkupError(f'Unclosed start tag "{tag}" {where}')
        if self._source[self._at] != "=":
            return name, ""
        self._at += 1
        self._skip_space()
        if self._is_at_end():
            raise MarkupError(f'Unclosed start tag "{tag}" {where}')
        quote = self._source[self._at]
        return name, self._quoted(quote, where) if quote in "\"'" else self._token()

    def _quoted(self, quote: str, where: str) -> str:
        self._at += 1
        parts = []
        while not self._is_at_end() and self._source[self._at] != quote:
            if self._source[self._at] == "&":
                parts.append(self._reference())
            else:
                parts.append(self._source[self._at])
                self._at += 1
        if self._is_at_end():
            raise MarkupError(f"Unclosed start tag {where}")
        self._at += 1
        return "".join(parts)

    def _token(self) -> str:
        match = _TOKEN.match(self._source, self._at)
        begin, self._at = self._at, match.end() if match else self._at
        if self._is_at_end() or self._source[self._at] not in _SPACE + ">":
            raise MarkupError(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return self._source[begin : self._at].lower()

    def _end_tag(self) -> None:
        where = f"at byte offset {self._byte(self._at)}"
        if not self._open:
            raise MarkupError(f"Unexpected end tag {where}")
        self._at += 2
        tag = self._until(_SPACE + ">").lower()
        self._skip_space()
        if self._is_at_end() or self._source[self._at] != ">":
            raise MarkupError(f"Unclosed end tag {where}")
        self._at += 1
        opened = self._open.pop()
        if tag and tag != opened.tag:
            raise MarkupError(f'Unmatched end tag {where}, expected "</{opened.tag}>", found "</{tag}>"')
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self._length - opened.offset
        kind = TAGS[opened.tag]
        if kind == "custom_emoji" and not (opened.argument.isdecimal() and 0 < int(opened.argument) < 2**63):
            raise MarkupError("Invalid custom emoji identifier specified")
        if not length:
            return
        entity: Json = {"type": kind, "offset": opened.offset, "length": length}
        if kind == "text_link":
            url = checked_url(opened.argument or "".join(self._parts[opened.place :]))
            if not url:
                return
            entity["url"] = url
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = opened.argument
        elif kind == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif kind in ("code", "pre") and opened.argument:
            entity["language"] = opened.argument
        self._entities.append(entity)

    def _until(self, stops: str) -> str:
        begin = self._at
        while not self._is_at_end() and self._source[self._at] not in stops:
            self._at += 1
        return self._source[begin : self._at]

    def _skip_space(self) -> None:
        while not self._is_at_end() and self._source[self._at] in _SPACE:
            self._at += 1

    def _is_at_end(self) -> bool:
        return self._at >= len(self._source)

    def _byte(self, place: int) -> int:
        return len(self._source[:place].encode("utf-8", "surrogatepass"))


def _character(match: re.Match[str]) -> str:
    if match["name"]:
        return _NAMED.get(match["name"], "")
    digits, base = (match["hex"], 16) if match["hex"] else (match["number"], 10)
    code = int(digits, base) if len(digits) < 10 else 0
    return chr(code) if 0 < code <= 0x10FFFF else ""


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, name) == ("blockquote", "expandable") else ""


def _with_language(entities: list[Json]) -> list[Json]:
    """`pre` and a `code` with a language that cover the same text are one `pre` in that language."""
    languages = {
        (one["offset"], one["length"]): one["language"]
        for one in entities
        if one["type"] == "code" and "language" in one
    }
    blocks = {(one["offset"], one["length"]) for one in entities if one["type"] == "pre"}
    kept = []
    for one in entities:
        place = (one["offset"], one["length"])
        if one["type"] == "pre" and place in languages:
            kept.append({**one, "language": languages[place]})
        elif one["type"] == "code":
            # A language means something on a block only.
            if place not in blocks or place not in languages:
                kept.append({key: value for key, value in one.items() if key != "language"})
        else:
            kept.append(one)
    return kept
