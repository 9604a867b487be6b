"""The bytes of one YAML file -> plain values, the line of each, and what is wrong with how it is written.

It reads a small, safe part of YAML: lists, keys and text. Every scalar stays the text that the author wrote;
what YAML 1.1 would silently have made of it (`no` -> false, `12:30` -> 750) is noted beside it, because only
whoever knows the field can tell whether that matters. Anchors, aliases and tags are refused, so nothing can
grow while it is read. No bytes make it raise.
"""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace

import yaml
from yaml.resolver import Resolver

from bot.adapters.content.syntax import ITEM_GLUED, in_plain_words
from bot.core.problem import Path, Problem, counted

MAX_BYTES = 1024 * 1024  # the largest real file has a tenth of that
MAX_DEPTH = 20  # real content has six levels
MAX_PLACES = 50_000  # keys and values; the largest real file has a twentieth of that
MAX_OF_A_KIND = 5  # of one invisible sort of mistake: a file full of tabs needs no thousand lines
MAX_PROBLEMS = 100  # a file with more is not ours, and must not keep anybody waiting

Plain = str | list["Plain"] | dict[str, "Plain"]

TAG = "tag:yaml.org,2002:"
TEXT_TAG = TAG + "str"

MISREAD = {
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "null": "nothing at all",
    "timestamp": "a date",
    "merge": "a merge of keys",
    "value": "a special sign",
}
"""What YAML 1.1 makes of an unquoted scalar, by the end of its tag, as an author would say it."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# Controls, and marks that change the text around them without being seen: zero-width space, direction
# overrides, byte order mark, the two line separators. Joiners stay: emoji are made with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?= |$)")  # what git writes around two versions of a line
_SPACE_THAT_IS_NONE = re.compile(r"^[ \t]*[\u00a0\u2000-\u200a\u202f\u3000]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """What one file says. `value` is None where it could not be read; then `problems` tells why."""

    file: str
    value: Plain | None
    lines: Mapping[Path, int]
    misread: Mapping[Path, str]
    quoted: Set[Path]
    problems: tuple[Problem, ...]

    def line_of(self, path: Path) -> int:
        """Return the line of the nearest thing that is there: of a missing key, that of its parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(file: str, raw: bytes) -> Document:
    """Read one file; `file` is what its problems call it."""
    if len(raw) > MAX_BYTES:
        size = f"is larger than {MAX_BYTES // 1024} KB"
        return _unreadable(file, Problem(file, (), size, "split it, or check what got into it"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _unreadable(file, _not_utf8(file, raw, error.start))
    if conflict := _conflict_marks(file, text):
        return _unreadable(file, conflict)
    unseen = list(_unseen_characters(file, text))
    parsed = _parse(file, _made_visible(text))
    # What cannot be seen is the cause, the syntax error that follows from it would only mislead.
    misleading = bool(unseen) and parsed.value is None
    problems = (*unseen, *(() if misleading else parsed.problems))
    return Document(file, parsed.value, parsed.lines, parsed.misread, parsed.quoted, problems)


def _unreadable(file: str, problem: Problem) -> Document:
    return Document(file, None, {}, {}, frozenset(), (problem,))


def _not_utf8(file: str, raw: bytes, position: int) -> Problem:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem(file, (), "is saved as UTF-16 ('Unicode')", "save it as UTF-8", line=1)
    line = raw.count(b"\n", 0, position) + 1
    wrong = f"byte 0x{raw[position]:02X} is not UTF-8 text (an old encoding such as Windows-1251?)"
    return Problem(file, (), wrong, "save the file as UTF-8", line=line)


def _conflict_marks(file: str, text: str) -> Problem | None:
    """Return the problem of two versions that git could not merge: whatever else is wrong follows from it."""
    marked = [number for number, line in enumerate(_LINE_BREAK.split(text), 1) if _CONFLICT.match(line)]
    if not marked:
        return None
    lines = ("line " if len(marked) == 1 else "lines ") + ", ".join(map(str, marked[:MAX_OF_A_KIND]))
    rest = " and more" if marked[MAX_OF_A_KIND:] else ""
    wrong = f"git's conflict marks (<<<<<<<, =======, >>>>>>>) begin {lines}{rest}"
    return Problem(file, (), wrong, "keep one of the two versions, delete the marks", line=marked[0])


def _unseen_characters(file: str, text: str) -> list[Problem]:
    """Return the problems of characters that an author cannot see."""
    problems = []
    if text.startswith("\ufeff"):
        wrong = "the file begins with an invisible mark (BOM)"
        problems.append(Problem(file, (), wrong, "save it as 'UTF-8' without BOM", line=1))
    tabs, controls, spaces = [], [], []
    for number, line in enumerate(_LINE_BREAK.split(text.removeprefix("\ufeff")), 1):
        if "\t" in line:
            tabs.append(Problem(file, (), "a tab character", "use spaces, two for each level", line=number))
        if found := _UNSEEN.search(line):
            wrong = f"an invisible character (U+{ord(found[0]):04X}) before {_after(line, found.end())}"
            controls.append(Problem(file, (), wrong, "delete it and type the place again", line=number))
        if _SPACE_THAT_IS_NONE.match(line):
            wrong = "the line begins with a space that is none (copied from a web page?)"
            spaces.append(Problem(file, (), wrong, "delete it and type ordinary spaces", line=number))
    for sort in (tabs, controls, spaces):
        problems += sort[:MAX_OF_A_KIND]
        if rest := sort[MAX_OF_A_KIND:]:
            wrong = f"{rest[0].wrong}, and so on {counted(len(rest), 'more line')}"
            problems.append(replace(rest[0], wrong=wrong))
    return problems


def _after(line: str, position: int) -> str:
    words = "".join(
        character for character in line[position : position + 12] if character.isprintable()
    ).strip()
    return f"'{words}'" if words else "the end of the line"


def _made_visible(text: str) -> str:
    """Return the text without what was complained about already, line for line."""
    text = _UNSEEN.sub("", text).expandtabs(2)
    return re.sub(
        r"^[ \u00a0\u2000-\u200a\u202f\u3000]+", lambda found: " " * len(found[0]), text, flags=re.MULTILINE
    )


@dataclass(slots=True)
class _Frame:
    """A list or a group of keys that is being read, and the key whose value comes next."""

    path: Path
    container: list[Plain] | dict[str, Plain]
    key: str | None = None
    repeated: bool = False  # the key stands there for the second time: its value is read and forgotten


class _Refused(Exception):
    """There is no sense in reading on."""


@dataclass(slots=True)
class _Reading:
    """One pass over the events of a file."""

    file: str
    text: list[str]
    value: Plain | None = None
    lines: dict[Path, int] = field(default_factory=dict)
    misread: dict[Path, str] = field(default_factory=dict)
    quoted: set[Path] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    repetitions: int = 0  # anchors and aliases
    is_misled: bool = False  # what stands there was read as something else, and all that follows from it
    resolver: Resolver = field(default_factory=Resolver)

    def wrong(self, event: yaml.Event, path: Path, wrong: str, expected: str) -> None:
        self.problems.append(Problem(self.file, path, wrong, expected, line=_line(event)))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Refused

    def place(self) -> Path:
        """Return where the next value belongs."""
        if not self.frames:
            return ()
        top = self.frames[-1]
        return (*top.path, len(top.container) if isinstance(top.container, list) else top.key or "")

    def put(self, event: yaml.Event, path: Path, value: Plain) -> None:
        """Put a value where it belongs."""
        self.lines.setdefault(path, _line(event))
        if len(self.lines) > MAX_PLACES:
            self.wrong(event, (), f"there are more than {MAX_PLACES} keys and values", "split the file")
            raise _Refused
        if not self.frames:
            self.value = value
            return
        top = self.frames[-1]
        if isinstance(top.container, list):
            top.container.append(value)
            return
        if not top.repeated and top.key is not None:
            top.container[top.key] = value
        top.key, top.repeated = None, False

    def awaits_key(self) -> bool:
        return (
            bool(self.frames) and isinstance(self.frames[-1].container, dict) and self.frames[-1].key is None
        )

    def take_key(self, event: yaml.ScalarEvent) -> None:
        """Remember the key whose value comes next; the same key twice is a mistake that YAML would hide."""
        top = self.frames[-1]
        key, path = event.value, (*top.path, event.value)
        if key == "<<" and not event.style:
            self.wrong(event, path, "merging keys with '<<' is not used here", "write the keys out")
        elif not key:
            self.wrong(event, top.path, "a key is missing before ':'", "expected 'key: value'")
        elif not event.style and ITEM_GLUED.match(f"{key}:"):
            self.is_misled = True
            self.wrong(event, top.path, f"there is no space after '-' in '{key}:'", f"write '- {key[1:]}:'")
        top.key = key
        top.repeated = key in top.container
        if top.repeated:
            first = self.lines.get(path, 0)
            self.wrong(event, path, f"the key is there already, in line {first}", "keep one of the two")
        self.lines.setdefault(path, _line(event))

    def feed(self, event: yaml.Event) -> None:
        """Take one event of the file."""
        match event:
            case yaml.DocumentStartEvent():
                self.start_document(event)
            case yaml.AliasEvent():
                self.alias(event)
            case yaml.ScalarEvent():
                self.plain_only(event)
                self.take_key(event) if self.awaits_key() else self.scalar(event)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self.plain_only(event)
                self.open(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self.frames.pop()

    def start_document(self, event: yaml.DocumentStartEvent) -> None:
        if event.version or event.tags:
            self.wrong(event, (), "lines that begin with '%' are not used here", "delete the line")
        if () in self.lines:
            self.wrong(event, (), "a second document begins ('---')", "one document in a file")
            raise _Refused

    def alias(self, event: yaml.AliasEvent) -> None:
        path = self.frames[-1].path if self.awaits_key() else self.place()
        advice = "write the text out, or put it in quotes if it is meant to begin with '*'"
        self.wrong(event, path, f"'*{event.anchor}' refers to something else (an alias)", advice)
        self.count_repetition()
        if self.awaits_key():
            raise _Refused
        self.put(event, path, "")

    def count_repetition(self) -> None:
        """Give up on a file that is written in anchors and aliases."""
        self.repetitions += 1
        if self.repetitions >= MAX_OF_A_KIND:
            raise _Refused

    def plain_only(self, event: yaml.NodeEvent) -> None:
        """Complain of an anchor or a tag; what they stand at is read all the same."""
        path = self.frames[-1].path if self.awaits_key() else self.place()
        if event.anchor is not None:
            advice = "delete it, or put the text in quotes if it is meant to begin with '&'"
            self.wrong(event, path, f"'&{event.anchor}' names a place to repeat (an anchor)", advice)
            self.count_repetition()
        tag = getattr(event, "tag", None)
        if tag is not None:
            short = "!!" + tag.removeprefix(TAG) if tag.startswith(TAG) else tag
            advice = "delete it, or put the text in quotes if it is meant to begin with '!'"
            self.wrong(event, path, f"'{short}' gives a type (a tag)", advice)

    def open(self, event: yaml.CollectionStartEvent) -> None:
        if self.awaits_key():
            self.wrong(
                event, self.frames[-1].path, "a list or a group stands where a key must be", "'key: value'"
            )
            raise _Refused
        path = self.place()
        if len(self.frames) >= MAX_DEPTH:
            advice = "check the brackets and indents"
            self.wrong(event, (), f"something is nested more than {MAX_DEPTH} levels deep", advice)
            raise _Refused
        container: list[Plain] | dict[str, Plain] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self.put(event, path, container)
        self.frames.append(_Frame(path, container))

    def scalar(self, event: yaml.ScalarEvent) -> None:
        path = self.place()
        if event.style:
            self.quoted.add(path)
        else:
            resolve: Callable[..., str] = self.resolver.resolve
            tag = resolve(yaml.ScalarNode, event.value, (True, False))
            if tag != TEXT_TAG:
                self.misread.setdefault(path, MISREAD.get(tag.removeprefix(TAG), "something else"))
            self.swallowed(event, path)
        if found := _UNSEEN.search(event.value):
            wrong = f"the code of an invisible character (U+{ord(found[0]):04X}) stands in the text"
            self.wrong(event, path, wrong, "delete it")
        self.put(event, path, event.value)

    def swallowed(self, event: yaml.ScalarEvent, path: Path) -> None:
        """Complain of list items that YAML takes for the continuation of the text above them."""
        for number in range(_line(event), min(_last_line(event), len(self.text))):
            if self.text[number].lstrip().startswith("- "):
                wrong = "the line begins with '-' at another indent than the item above and became its text"
                advice = "give all items of a list the same indent"
                self.problems.append(Problem(self.file, path, wrong, advice, line=number + 1))
                return


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _last_line(event: yaml.Event) -> int:
    return event.end_mark.line + 1 if event.end_mark else 1


def _parse(file: str, text: str) -> _Reading:
    """Read the events of a text until its end or the first place where reading on makes no sense."""
    reading = _Reading(file, _LINE_BREAK.split(text))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where PyYAML was built with it
    try:
        for event in yaml.parse(text, Loader=loader):
            reading.feed(event)
    except _Refused:
        reading.value = None
    except yaml.YAMLError as error:
        reading.value = None
        if reading.is_misled:
            return reading
        mistake = in_plain_words(file, error, reading.text)
        # What was found behind the place of the mistake only follows from it.
        reading.problems = [*(p for p in reading.problems if p.line <= mistake.line), mistake]
    else:
        if reading.is_misled:
            reading.value = None
        elif reading.value is None:
            reading.problems.append(Problem(file, (), "the file is empty", line=1))
    return reading
