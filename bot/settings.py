"""The environment as frozen Settings: everything wrong in it is told at once, a secret's value never."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from itertools import takewhile
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.core.problem import nearest

TELEGRAM = "https://api.telegram.org/bot"
TELEGRAM_FILES = "https://api.telegram.org/file/bot"

NAMES = (
    "BOT_TOKEN",
    "BOT_API_BASE_URL",
    "BOT_API_BASE_FILE_URL",
    "BOT_CONTENT_DIR",
    "BOT_DATA_DIR",
    "BOT_DATABASE_URL",
    "BOT_OPERATORS",
    "BOT_CHANNEL",
    "BOT_BROADCAST_RATE",
    "BOT_BACKUPS",
    "BOT_MODE",
    "BOT_WEBHOOK_LISTEN",
    "BOT_WEBHOOK_PORT",
    "BOT_WEBHOOK_URL",
    "BOT_WEBHOOK_SECRET",
    "BOT_HTTP_LISTEN",
    "BOT_LOG_LEVEL",
    "BOT_LOG_FORMAT",
)

# Bot API, setWebhook: "Ports currently supported for webhooks: 443, 80, 88, 8443"; secret_token 1-256.
WEBHOOK_PORTS = (443, 80, 88, 8443)
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
PLAIN = re.compile(r"[A-Za-z0-9._~-]+")
CHANNEL_NAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
DATABASES = ("sqlite", "postgresql")

T = TypeVar("T")
Chosen = TypeVar("Chosen", bound=StrEnum)


class Mode(StrEnum):
    """How updates come in."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class LogFormat(StrEnum):
    """What a line of the log looks like."""

    HUMAN = "human"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important line that is still logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server of ours listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram sends updates to, and what proves that it was Telegram."""

    listen: Address
    url: str
    secret: SecretStr


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One thing wrong with one variable, as a sentence that its author can act on."""

    name: str
    wrong: str
    expected: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        sentence = "; ".join(
            part for part in (self.wrong, self.expected and f"expected {self.expected}") if part
        )
        return f"{self.name}: {sentence}" + (f"; did you mean {self.suggestion}?" if self.suggestion else "")


class SettingsError(Exception):
    """The environment cannot be run with; `problems` has every reason. The program exits with code 2."""

    def __init__(self, problems: tuple[SettingProblem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the environment decides. `database_url` hides itself because it may hold a password."""

    token: SecretStr
    api_base_url: str
    api_base_file_url: str
    content_dir: Path
    data_dir: Path
    database_url: SecretStr
    operators: tuple[int, ...]
    channel: int | str | None
    broadcast_rate: float
    backups: int
    mode: Mode
    webhook: Webhook | None
    http_listen: Address | None
    log_level: LogLevel
    log_format: LogFormat
    warnings: tuple[SettingProblem, ...]


def load(
    environ: Mapping[str, str], also: Callable[[Settings], Iterable[SettingProblem]] = lambda settings: ()
) -> Settings:
    """Return the settings that `environ` asks for; a variable that is set but empty counts as not set.

    `also` finds what the text of the settings does not tell; it is shown them with defaults in the place of
    what is wrong, and not believed about those.

    Raises:
        SettingsError: with every problem found.
    """
    reader = _Reader(
        {name: value.strip() for name, value in environ.items() if name.startswith("BOT_") and value.strip()}
    )
    data_dir = Path(reader.values.get("BOT_DATA_DIR", "data"))
    api_base_url = reader.read("BOT_API_BASE_URL", _api_address, TELEGRAM).rstrip("/")
    mode = reader.mode()
    settings = Settings(
        token=reader.require("BOT_TOKEN", _token, SecretStr(""), "the token that BotFather gave you"),
        api_base_url=api_base_url,
        api_base_file_url=reader.read("BOT_API_BASE_FILE_URL", _files_address, TELEGRAM_FILES).rstrip("/"),
        content_dir=Path(reader.values.get("BOT_CONTENT_DIR", "content")),
        data_dir=data_dir,
        database_url=reader.read("BOT_DATABASE_URL", _database, _sqlite_in(data_dir)),
        operators=reader.read("BOT_OPERATORS", _operators, ()),
        channel=reader.read("BOT_CHANNEL", _channel, None),
        broadcast_rate=reader.read("BOT_BROADCAST_RATE", _rate, 24.0),
        backups=reader.read("BOT_BACKUPS", _backups, 7),
        mode=mode or Mode.POLLING,
        webhook=reader.webhook(mode, ours=api_base_url == TELEGRAM),
        http_listen=reader.read("BOT_HTTP_LISTEN", _listen, None),
        log_level=reader.choose("BOT_LOG_LEVEL", LogLevel, LogLevel.INFO),
        log_format=reader.choose("BOT_LOG_FORMAT", LogFormat, LogFormat.HUMAN),
        warnings=reader.warnings(mode),
    )
    told = {problem.name for problem in reader.problems}
    problems = (*reader.problems, *(problem for problem in also(settings) if problem.name not in told))
    if problems:
        # A misspelled name is often why another one is missing.
        raise SettingsError((*problems, *settings.warnings))
    return settings


class _Wrong(Exception):
    """What a value is instead of what was expected of it."""

    def __init__(self, wrong: str, expected: str = "", suggestion: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.expected, self.suggestion = wrong, expected, suggestion


@dataclass(slots=True)
class _Reader:
    """The values that are set, and the problems found in them so far."""

    values: Mapping[str, str]
    problems: list[SettingProblem] = field(default_factory=list)

    def read(self, name: str, parse: Callable[[str], T], default: T) -> T:
        """Return the parsed value, or the default where it is missing or wrong."""
        if name not in self.values:
            return default
        try:
            return parse(self.values[name])
        except _Wrong as wrong:
            self.problems.append(SettingProblem(name, wrong.wrong, wrong.expected, wrong.suggestion))
            return default

    def require(
        self, name: str, parse: Callable[[str], T], stand_in: T, expected: str, is_due: bool = True
    ) -> T:
        """Return the parsed value, missing is a problem if it `is_due`; `stand_in` lets the reading go on."""
        if is_due and name not in self.values:
            self.problems.append(SettingProblem(name, "is not set", expected))
        return self.read(name, parse, stand_in)

    def choose(self, name: str, kind: type[Chosen], default: Chosen) -> Chosen:
        """Return the member of an enum that is named, in any case of letters."""
        what = name.removeprefix("BOT_").lower().replace("_", " ")

        def parse(value: str) -> Chosen:
            known = {str(member).casefold(): member for member in kind}
            if value.casefold() in known:
                return known[value.casefold()]
            article = "an" if what[0] in "aeiou" else "a"
            close = nearest(value.casefold(), known)
            suggestion = f"'{known[close.strip(chr(39))]}'" if close else ""
            raise _Wrong(
                f"'{value}' is not {article} {what}", _or([str(member) for member in kind]), suggestion
            )

        return self.read(name, parse, default)

    def mode(self) -> Mode | None:
        """Return how updates come in, None where the word is none of the possible ones."""
        before = len(self.problems)
        mode = self.choose("BOT_MODE", Mode, Mode.POLLING)
        return mode if len(self.problems) == before else None

    def webhook(self, mode: Mode | None, ours: bool) -> Webhook | None:
        """Return how to be called by Telegram; `ours` says that it is Telegram itself and no stand-in.

        Where nobody knows whether a webhook is meant, what is set for one must be right and may be missing.
        """
        if mode is Mode.POLLING:
            return None
        return Webhook(
            listen=Address(
                self.read("BOT_WEBHOOK_LISTEN", _host, "127.0.0.1"),
                self.read("BOT_WEBHOOK_PORT", _port, 8443),
            ),
            url=self.require(
                "BOT_WEBHOOK_URL",
                _public_address if ours else _web_address,
                "",
                "the https address under which Telegram reaches this bot",
                is_due=mode is Mode.WEBHOOK,
            ),
            secret=self.require(
                "BOT_WEBHOOK_SECRET",
                _webhook_secret,
                SecretStr(""),
                "1 to 256 of A-Z a-z 0-9 _ -; without a secret anybody could pretend to be Telegram",
                is_due=mode is Mode.WEBHOOK,
            ),
        )

    def warnings(self, mode: Mode | None) -> tuple[SettingProblem, ...]:
        """Return what is odd and yet no reason to stay down."""
        unknown = [
            SettingProblem(name, "is not a setting and is ignored", "", nearest(name, NAMES).strip("'"))
            for name in sorted(self.values)
            if name not in NAMES
        ]
        unused = [
            SettingProblem(name, f"is ignored while BOT_MODE is {mode}")
            for name in ("BOT_WEBHOOK_URL", "BOT_WEBHOOK_SECRET")
            if name in self.values and mode is Mode.POLLING
        ]
        return (*unknown, *unused)


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _token(value: str) -> SecretStr:
    if not TOKEN.fullmatch(value):
        raise _Wrong(
            "is not a bot token",
            "digits, a colon, then letters, digits, _ and -, as BotFather sends it, without quotes or spaces",
        )
    return SecretStr(value)


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # a port that is no number shows only now
    except ValueError:
        raise _Wrong("is not a web address", "https://host/path") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _Wrong("is not a web address", "https://host/path")
    return parts


def _web_address(value: str) -> str:
    _split(value)
    return value


def _api_address(value: str) -> str:
    return _where_a_token_follows(value, "/bot", not_ending="/file/bot")


def _files_address(value: str) -> str:
    return _where_a_token_follows(value, "/file/bot")


def _where_a_token_follows(value: str, ending: str, not_ending: str = "?") -> str:
    """Return an address to which the token is appended, or in which `{token}` stands for it."""
    parts = _split(value)
    path = parts.path.rstrip("/")
    is_bare = not parts.query and not parts.fragment
    if "{token}" in path or (is_bare and path.endswith(ending) and not path.endswith(not_ending)):
        return value
    # A token pasted behind it has a colon and is not repeated.
    folders = list(takewhile(PLAIN.fullmatch, path.split("/")[1:]))
    while folders and folders[-1] in ("bot", "file"):
        folders.pop()
    host = parts.netloc.rpartition("@")[2]
    suggestion = f"{parts.scheme}://{'/'.join([host, *folders])}{ending}"
    raise _Wrong(f"its path does not end in {ending}, to which the token is appended", "", suggestion)


def _public_address(value: str) -> str:
    parts = _split(value)
    if parts.scheme != "https":
        raise _Wrong(f"begins with {parts.scheme}://", "https://, Telegram calls nothing else")
    if (parts.port or 443) not in WEBHOOK_PORTS:
        ports = _or([str(port) for port in WEBHOOK_PORTS])
        raise _Wrong(f"port {parts.port} is not one that Telegram calls", ports)
    return value


def _webhook_secret(value: str) -> SecretStr:
    if not WEBHOOK_SECRET.fullmatch(value):
        raise _Wrong("holds characters that Telegram refuses, or too many", "1 to 256 of A-Z a-z 0-9 _ -")
    return SecretStr(value)


def _database(value: str) -> SecretStr:
    # The value is not shown: it may hold a password.
    try:
        backend = make_url(value).get_backend_name()
    except ArgumentError:
        raise _Wrong(
            "is not a database URL", "sqlite:///path/to/file or postgresql://user:password@host/name"
        ) from None
    if backend == "postgres":
        return _database(value.replace("postgres", "postgresql", 1))
    if backend not in DATABASES:
        raise _Wrong(
            f"'{backend}' is not a known database", _or(list(DATABASES)), nearest(backend, DATABASES)
        )
    return SecretStr(value)


def _sqlite_in(data_dir: Path) -> SecretStr:
    return SecretStr(
        URL.create("sqlite", database=str(data_dir / "bot.db")).render_as_string(hide_password=False)
    )


def _operators(value: str) -> tuple[int, ...]:
    ids = [part.strip() for part in value.split(",") if part.strip()]
    strange = [part for part in ids if not (part.isascii() and part.isdigit())]
    if strange:
        raise _Wrong(
            f"'{strange[0]}' is not a Telegram id", "numbers with commas between them: 1234567,7654321"
        )
    return tuple(dict.fromkeys(map(int, ids)))


def _channel(value: str) -> int | str:
    if re.fullmatch(r"-[0-9]+", value):
        return int(value)
    if CHANNEL_NAME.fullmatch(value):
        return value
    raise _Wrong(f"'{value}' is not a channel", "@name or a number that begins with -100")


def _rate(value: str) -> float:
    try:
        rate = float(value)
    except ValueError:
        rate = 0.0
    # Telegram takes some 30 a second, and nobody's Bot API more than 1000.
    if not 0 < rate <= 1000:
        raise _Wrong(f"'{value}' is not a rate", "messages a second, more than 0 and at most 1000")
    return rate


def _backups(value: str) -> int:
    if value.isascii() and value.isdigit() and int(value[:4]) <= 365:
        return int(value)
    raise _Wrong(f"'{value}' is not a number of backups", "how many nights are kept, 0 to 365")


def _port(value: str) -> int:
    if value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= 65535:
        return int(value)
    raise _Wrong(f"'{value}' is not a port", "a number from 1 to 65535")


def _host(value: str) -> str:
    host = value[1:-1] if value.startswith("[") and value.endswith("]") else value
    try:
        return str(ip_address(host))
    except ValueError:
        # Names end in letters; what ends in a number is an address that is none.
        if not HOST_NAME.fullmatch(host) or host.rpartition(".")[2].isdigit():
            raise _Wrong(
                f"'{value}' is not a host", "an address or name without a port, as 127.0.0.1"
            ) from None
        return host


def _listen(value: str) -> Address | None:
    host, _, port = value.rpartition(":")
    return Address(_host(host) if host else "127.0.0.1", _port(port))
