"""What Telegram finds in plain text by itself: commands, mentions, links, hashtags and telephone numbers."""

import re
from functools import lru_cache

from bot.sandbox.wire import Json

# What Telegram's own client code (td, MessageEntity.cpp) takes for a part of a host's name. Of what has no
# width only the joiners of letters are: U+200B or U+2060 beside the dot of a name ends it, U+200D does not.
_OF_A_HOST = r"[^\x00-,./:-@\[-^`{-}\x7f-\xbf\s\u2000-\u200b\u200e\u200f\u2016-\u206f]"
_OF_A_PATH = r"[^\s<>\"«»\u2000-\u200b\u200e\u200f\u2016-\u206f]"
# Earlier alternatives win where two begin at the same place: an e-mail address may begin with a domain.
_FOUND = re.compile(
    rf"""
      (?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<url>(?<!{_OF_A_HOST})(?<![@/.])(?:
          https?://{_OF_A_PATH}+
        | (?:{_OF_A_HOST}++\.)+(?P<top>{_OF_A_HOST}{{2,}}+)(?!\.*{_OF_A_HOST})(?:[/?\#]{_OF_A_PATH}*)?
      ))
    | (?P<mention>(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{{2,31}}(?!\w))
    | (?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{{1,64}}(?:@[A-Za-z][A-Za-z0-9_]{{2,31}})?(?![\w/@]))
    | (?P<hashtag>(?<![\w\#])\#\w*[^\W\d]\w*)
    | (?P<phone_number>(?<![\w+])\+\d(?:[ ()-]{{0,2}}\d){{9,14}}(?!\w))
    """,
    re.VERBOSE,
)
_NOT_AT_THE_END = ".,:;!?)'…"

# All countries', and those of the others that people here may write; Telegram knows some 1,500.
_ENDINGS = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt
bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg
er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn
hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li
lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne
nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb
sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr
tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw app art biz blog center
club com dev edu gov help info int media mil mobi moscow museum name net news online org page
press pro radio shop site space store tatar team tech today top travel video wiki world xyz zone
бел дети қаз ком мкд мон москва онлайн орг рус рф сайт срб укр
"""
_TOP_LEVEL_DOMAINS = frozenset(_ENDINGS.split())


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
            if match["top"] and not _is_top_level(match["top"]):
                continue
        found.append((kind, utf16_length(text[: match.start()]), utf16_length(part)))
    return tuple(found)


def _is_top_level(name: str) -> bool:
    """Whether a host without a scheme may end so; "дом.Во" is a sentence's end without its space."""
    has_only_its_first_letter_large = name != name.lower() and name[1:] == name[1:].lower()
    return not has_only_its_first_letter_large and name.lower() in _TOP_LEVEL_DOMAINS


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
