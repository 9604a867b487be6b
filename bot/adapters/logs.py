"""What the program writes about itself, with secrets taken out at the one place that every line passes."""

import asyncio
import contextlib
import datetime as dt
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote, quote_plus, unquote, urlsplit

log = logging.getLogger(__name__)

REDACTED = "[redacted]"

# Whatever looks like a bot's token goes, also one that this process was never told: 123456789:AAF...
TOKEN = re.compile(r"\b[0-9]{3,}(:|%3A|%253A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
TOKEN_IN_ADDRESS = re.compile(r"(/(?:file/)?bot)[0-9]+(?::|%3A|%253A)[^/\s\"'?]*", re.IGNORECASE)
PASSWORD_IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^:/@\s\"']*:)[^@/\s\"']+(@)", re.IGNORECASE)

# Below this a secret would be found in ordinary words, and the log would say nothing any more.
SHORTEST_SECRET = 4

LIBRARIES = ("telegram", "httpx", "httpcore", "aiohttp", "aiosqlite", "sqlalchemy", "alembic", "asyncpg")
"""They log statements, addresses and whole updates, people's words with them, so only their warnings pass."""


class Redactor:
    """Takes secrets out of a text in every form in which they get into one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take tokens, webhook secrets, database URLs: of a URL only the password is secret."""
        forms: set[str] = set()
        for secret in secrets:
            for bare in (_password_of(secret),) if "://" in secret else (secret, *_halves(secret)):
                if len(bare) >= SHORTEST_SECRET:
                    forms |= _forms(bare)
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        text = self._known.sub(REDACTED, text)
        text = TOKEN_IN_ADDRESS.sub(rf"\1{REDACTED}", text)
        text = PASSWORD_IN_URL.sub(rf"\1{REDACTED}\2", text)
        return TOKEN.sub(REDACTED, text)


class RedactingFormatter(logging.Formatter):
    """One line a record for people, or one JSON object a line for machines; tracebacks included."""

    def __init__(self, redact: Redactor, as_json: bool) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S%z")
        self._redact = redact
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text without secrets."""
        if not self._as_json:
            return self._redact(super().format(record))
        fields = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        if record.exc_info:
            fields["traceback"] = self._redact(self.formatException(record.exc_info))
        return self._redact(json.dumps(fields, ensure_ascii=False))


class SilentlyFailingHandler(logging.StreamHandler[TextIO]):
    """A handler that does not print the arguments of a line that it cannot write, as logging's own does."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say where the mistake is, and nothing of what was to be said.

        Where not even that can be written, the disk is full: that costs a line, and not whoever logged it.
        """
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"a line could not be logged: {record.pathname}:{record.lineno}\n")


def configure(level: str, log_format: str, secrets: Iterable[str]) -> None:
    """Let everything be logged through one redacting formatter, and uncaught exceptions with it.

    `level` is a name that logging knows, `log_format` is `human` or `json`. Lines go to standard error.
    Inside an event loop also call `watch_loop`.
    """
    handler = SilentlyFailingHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(Redactor(secrets), as_json=log_format == "json"))
    root = logging.getLogger()
    for earlier in root.handlers[:]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # asyncio's own debugging prints tasks with their arguments.
    logging.getLogger("asyncio").setLevel(max(logging.INFO, root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable


def watch_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Let exceptions that nobody waits for in this loop be logged like all others."""
    loop.set_exception_handler(_log_unhandled)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        log.info("interrupted")
        return
    log.critical("uncaught: %s", kind.__name__, exc_info=(kind, error, trace))


def _log_uncaught_in_thread(caught: threading.ExceptHookArgs) -> None:
    if caught.exc_value is not None:
        _log_uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)


def _log_unraisable(caught: Any) -> None:
    if caught.exc_value is not None:
        _log_uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)


def _log_unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # Of the context only the message and the place: the rest prints tasks with their arguments.
    error = context.get("exception")
    where = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    log.error("%s: %s\n%s", context.get("message", "unhandled in the loop"), type(error).__name__, where)


def _halves(secret: str) -> tuple[str, ...]:
    """Return the part after a token's colon; the part before it is the bot's id, which everybody knows."""
    before, colon, after = secret.partition(":")
    return (after,) if colon and before.isdigit() else ()


def _password_of(url: str) -> str:
    try:
        return unquote(urlsplit(url).password or "")
    except ValueError:
        return ""


def _forms(secret: str) -> set[str]:
    escaped = json.dumps(secret)[1:-1]
    plain = json.dumps(secret, ensure_ascii=False)[1:-1]
    forms = {
        secret,
        escaped,
        plain,
        repr(secret)[1:-1],
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
    }
    lower = {re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), form) for form in forms}
    twice = {quote(form, safe="") for form in forms if "%" in form}
    return forms | lower | twice | {unquote(secret)}
