"""What Telegram finds in plain text by itself: commands, mentions, links, hashtags and telephone numbers."""

import re
from functools import lru_cache

from bot.sandbox.wire import Json

_DOMAINS = "ru|рф|su|com|org|net|me|info|io|gov|edu|eu|uk|de|app|dev"
# Earlier alternatives win where two begin at the same place: an e-mail address may begin with a domain.
_FOUND = re.compile(
    rf"""
      (?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<url>(?<![\w@/.])(?:
          https?://[^\s<>"«»]+
        | (?:[\w-]+\.)+(?:{_DOMAINS})(?![\w.-]*\w)(?:[/?\#][^\s<>"«»]*)?
      ))
    | (?P<mention>(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{{2,31}}(?!\w))
    | (?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{{1,64}}(?:@[A-Za-z][A-Za-z0-9_]{{2,31}})?(?![\w/@]))
    | (?P<hashtag>(?<![\w\#])\#\w*[^\W\d]\w*)
    | (?P<phone_number>(?<![\w+])\+\d(?:[ ()-]{{0,2}}\d){{9,14}}(?!\w))
    """,
    re.VERBOSE,
)
_NOT_AT_THE_END = ".,:;!?)'…"


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 code units, so that most emoji are 2."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of `text` between two places counted in UTF-16 code units."""
    return text.encode("utf-16-le", "surrogatepass")[2 * offset : 2 * (offset + length)].decode(
        "utf-16-le", "replace"
    )


@lru_cache(maxsize=1024)
def _detect(text: str) -> tuple[tuple[str, int, int], ...]:
    found = []
    for match in _FOUND.finditer(text):
        kind = match.lastgroup or ""
        part = match.group()
        if kind == "url":
            part = part.rstrip(_NOT_AT_THE_END)
        found.append((kind, utf16_length(text[: match.start()]), utf16_length(part)))
    return tuple(found)


def detect(text: str) -> list[Json]:
    """The entities Telegram adds to a text on its own, in order, with offsets in UTF-16 units."""
    return [{"type": kind, "offset": offset, "length": length} for kind, offset, length in _detect(text)]


def add_detected(text: str, written: list[Json]) -> list[Json]:
    """`written` entities with the detected ones that stand clear of code and of links the author made."""
    closed = [
        (one["offset"], one["offset"] + one["length"])
        for one in written
        if one["type"] in ("code", "pre", "text_link", "text_mention", "custom_emoji")
    ]
    free = [
        one
        for one in detect(text)
        if all(one["offset"] >= end or one["offset"] + one["length"] <= start for start, end in closed)
    ]
    return sorted(written + free, key=lambda one: (one["offset"], -one["length"]))
