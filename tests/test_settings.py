"""Settings: every name and default, and the exact sentences about what is wrong."""

from pathlib import Path

import pytest

from bot import settings
from bot.settings import Address, LogFormat, LogLevel, Mode, Settings, SettingsError

TOKEN = "1234567890:AAF-canary_canary_canary_canary_cana"
WEBHOOK = {
    "BOT_TOKEN": TOKEN,
    "BOT_MODE": "webhook",
    "BOT_WEBHOOK_URL": "https://bot.example.org/telegram",
    "BOT_WEBHOOK_SECRET": "a-secret_1",
}


def load(**environ: str) -> Settings:
    return settings.load({"BOT_TOKEN": TOKEN, **environ})


def problems_of(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings.load(environ)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


def test_a_token_is_enough() -> None:
    loaded = load()

    assert loaded.token.get_secret_value() == TOKEN
    assert loaded.api_base_url == "https://api.telegram.org/bot"
    assert loaded.api_base_file_url == "https://api.telegram.org/file/bot"
    assert loaded.content_dir == Path("content")
    assert loaded.data_dir == Path("data")
    assert loaded.database_url.get_secret_value() == "sqlite:///data/bot.db"
    assert loaded.operators == ()
    assert loaded.channel is None
    assert loaded.broadcast_rate == 24
    assert loaded.backups == 7
    assert loaded.mode is Mode.POLLING
    assert loaded.webhook is None
    assert loaded.http_listen is None
    assert loaded.log_level is LogLevel.INFO
    assert loaded.log_format is LogFormat.HUMAN
    assert loaded.warnings == ()


def test_everything_can_be_set() -> None:
    loaded = load(
        BOT_API_BASE_URL="http://127.0.0.1:8081/bot",
        BOT_API_BASE_FILE_URL="http://127.0.0.1:8081/file/bot",
        BOT_CONTENT_DIR="/srv/content",
        BOT_DATA_DIR="/srv/data",
        BOT_DATABASE_URL="postgresql://bot:hunter22@db/bot",
        BOT_OPERATORS="17, 4, 17,",
        BOT_CHANNEL="@city_alerts",
        BOT_BROADCAST_RATE="12.5",
        BOT_BACKUPS="0",
        BOT_HTTP_LISTEN="0.0.0.0:8080",
        BOT_LOG_LEVEL="debug",
        BOT_LOG_FORMAT="JSON",
    )

    assert loaded.api_base_url == "http://127.0.0.1:8081/bot"
    assert loaded.api_base_file_url == "http://127.0.0.1:8081/file/bot"
    assert loaded.content_dir == Path("/srv/content")
    assert loaded.data_dir == Path("/srv/data")
    assert loaded.database_url.get_secret_value() == "postgresql://bot:hunter22@db/bot"
    assert loaded.operators == (17, 4)
    assert loaded.channel == "@city_alerts"
    assert loaded.broadcast_rate == 12.5
    assert loaded.backups == 0
    assert loaded.http_listen == Address("0.0.0.0", 8080)  # noqa: S104 - what an operator may ask for
    assert loaded.log_level is LogLevel.DEBUG
    assert loaded.log_format is LogFormat.JSON


def test_the_database_lies_in_the_data_folder() -> None:
    assert load(BOT_DATA_DIR="/srv/d").database_url.get_secret_value() == "sqlite:////srv/d/bot.db"


def test_empty_is_not_set() -> None:
    assert load(BOT_MODE="", BOT_OPERATORS="  ", BOT_CHANNEL="") == load()


def test_a_channel_may_be_a_number() -> None:
    assert load(BOT_CHANNEL="-1001234567890").channel == -1001234567890


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("8080", Address("127.0.0.1", 8080)),
        (":8080", Address("127.0.0.1", 8080)),
        ("[::1]:8080", Address("::1", 8080)),
    ],
)
def test_an_address_to_listen_on_may_be_short(text: str, address: Address) -> None:
    assert load(BOT_HTTP_LISTEN=text).http_listen == address


def test_a_webhook_has_all_it_needs() -> None:
    webhook = settings.load({**WEBHOOK, "BOT_WEBHOOK_LISTEN": "0.0.0.0", "BOT_WEBHOOK_PORT": "9000"}).webhook  # noqa: S104

    assert webhook is not None
    assert webhook.listen == Address("0.0.0.0", 9000)  # noqa: S104
    assert webhook.url == "https://bot.example.org/telegram"
    assert webhook.secret.get_secret_value() == "a-secret_1"


def test_a_webhook_listens_on_loopback_unless_told_otherwise() -> None:
    webhook = settings.load(WEBHOOK).webhook

    assert webhook is not None
    assert webhook.listen == Address("127.0.0.1", 8443)


def test_a_stand_in_for_telegram_may_call_any_port() -> None:
    webhook = settings.load(
        {
            **WEBHOOK,
            "BOT_API_BASE_URL": "http://127.0.0.1:8081/bot",
            "BOT_WEBHOOK_URL": "http://127.0.0.1:9999/x",
        }
    ).webhook

    assert webhook is not None
    assert webhook.url == "http://127.0.0.1:9999/x"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (
            {"BOT_MODE": "pulling"},
            "BOT_MODE: 'pulling' is not a mode; expected polling or webhook; did you mean 'polling'?",
        ),
        (
            {"BOT_LOG_LEVEL": "LOUD"},
            "BOT_LOG_LEVEL: 'LOUD' is not a log level; expected DEBUG, INFO, WARNING, ERROR or CRITICAL",
        ),
        (
            {"BOT_LOG_LEVEL": "warn"},
            "BOT_LOG_LEVEL: 'warn' is not a log level; "
            "expected DEBUG, INFO, WARNING, ERROR or CRITICAL; "
            "did you mean 'WARNING'?",
        ),
        (
            {"BOT_LOG_FORMAT": "jsn"},
            "BOT_LOG_FORMAT: 'jsn' is not a log format; expected human or json; did you mean 'json'?",
        ),
        (
            {"BOT_API_BASE_URL": "api.telegram.org"},
            "BOT_API_BASE_URL: is not a web address; expected https://host/path",
        ),
        (
            {"BOT_API_BASE_FILE_URL": "http://h:port/"},
            "BOT_API_BASE_FILE_URL: is not a web address; expected https://host/path",
        ),
        (
            {"BOT_DATABASE_URL": "bot.db"},
            "BOT_DATABASE_URL: is not a database URL; "
            "expected sqlite:///path/to/file or postgresql://user:password@host/name",
        ),
        (
            {"BOT_DATABASE_URL": "mysql://u:hunter22@h/d"},
            "BOT_DATABASE_URL: 'mysql' is not a known database; expected sqlite or postgresql",
        ),
        (
            {"BOT_DATABASE_URL": "postgrsql://u:hunter22@h/d"},
            "BOT_DATABASE_URL: 'postgrsql' is not a known database; "
            "expected sqlite or postgresql; "
            "did you mean 'postgresql'?",
        ),
        (
            {"BOT_OPERATORS": "17,@anna"},
            "BOT_OPERATORS: '@anna' is not a Telegram id; "
            "expected numbers with commas between them: 1234567,7654321",
        ),
        (
            {"BOT_CHANNEL": "city"},
            "BOT_CHANNEL: 'city' is not a channel; expected @name or a number that begins with -100",
        ),
        (
            {"BOT_BROADCAST_RATE": "0"},
            "BOT_BROADCAST_RATE: '0' is not a rate; expected messages a second, more than 0 and at most 1000",
        ),
        (
            {"BOT_BROADCAST_RATE": "nan"},
            "BOT_BROADCAST_RATE: 'nan' is not a rate; "
            "expected messages a second, more than 0 and at most 1000",
        ),
        (
            {"BOT_BACKUPS": "many"},
            "BOT_BACKUPS: 'many' is not a number of backups; expected how many nights are kept, 0 to 365",
        ),
        (
            {"BOT_HTTP_LISTEN": "localhost"},
            "BOT_HTTP_LISTEN: 'localhost' is not a port; expected a number from 1 to 65535",
        ),
    ],
)
def test_a_wrong_value_is_said_in_a_sentence(environ: dict[str, str], sentence: str) -> None:
    assert problems_of({"BOT_TOKEN": TOKEN, **environ}) == [sentence]


def test_no_token_no_start() -> None:
    assert problems_of({}) == ["BOT_TOKEN: is not set; expected the token that BotFather gave you"]


@pytest.mark.parametrize("token", ["canary", "'123:canary'", "123:can ary", "bot123:canary", "123:канарейка"])
def test_a_malformed_token_is_not_shown(token: str) -> None:
    (sentence,) = problems_of({"BOT_TOKEN": token})

    assert sentence == (
        "BOT_TOKEN: is not a bot token; expected digits, a colon, then letters, digits, _ and -, "
        "as BotFather sends it, without quotes or spaces"
    )


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (
            {"BOT_WEBHOOK_SECRET": ""},
            "BOT_WEBHOOK_SECRET: is not set; "
            "expected 1 to 256 of A-Z a-z 0-9 _ -; "
            "without a secret anybody could pretend to be Telegram",
        ),
        (
            {"BOT_WEBHOOK_SECRET": "пароль"},
            "BOT_WEBHOOK_SECRET: holds characters that Telegram refuses, or too many; "
            "expected 1 to 256 of A-Z a-z 0-9 _ -",
        ),
        (
            {"BOT_WEBHOOK_SECRET": "a" * 257},
            "BOT_WEBHOOK_SECRET: holds characters that Telegram refuses, or too many; "
            "expected 1 to 256 of A-Z a-z 0-9 _ -",
        ),
        (
            {"BOT_WEBHOOK_URL": ""},
            "BOT_WEBHOOK_URL: is not set; expected the https address under which Telegram reaches this bot",
        ),
        (
            {"BOT_WEBHOOK_URL": "http://bot.example.org/"},
            "BOT_WEBHOOK_URL: begins with http://; expected https://, Telegram calls nothing else",
        ),
        (
            {"BOT_WEBHOOK_URL": "https://bot.example.org:9000/"},
            "BOT_WEBHOOK_URL: port 9000 is not one that Telegram calls; expected 443, 80, 88 or 8443",
        ),
        (
            {"BOT_WEBHOOK_PORT": "70000"},
            "BOT_WEBHOOK_PORT: '70000' is not a port; expected a number from 1 to 65535",
        ),
    ],
)
def test_a_webhook_that_could_not_work_does_not_start(environ: dict[str, str], sentence: str) -> None:
    assert problems_of({**WEBHOOK, **environ}) == [sentence]


def test_every_problem_is_told_at_once() -> None:
    sentences = problems_of(
        {"BOT_MODE": "webhook", "BOT_OPERATORS": "x", "BOT_LOG_LEVEL": "x", "BOT_WEBHOOK_PORT": "x"}
    )

    assert [sentence.partition(":")[0] for sentence in sentences] == [
        "BOT_TOKEN",
        "BOT_OPERATORS",
        "BOT_WEBHOOK_PORT",
        "BOT_WEBHOOK_URL",
        "BOT_WEBHOOK_SECRET",
        "BOT_LOG_LEVEL",
    ]


def test_an_unknown_name_is_warned_about_and_no_more() -> None:
    loaded = load(BOT_OPERATOR="17", BOT_FLAVOUR_OF_THE_MONTH="mint", PATH="/bin")

    assert [str(warning) for warning in loaded.warnings] == [
        "BOT_FLAVOUR_OF_THE_MONTH: is not a setting and is ignored",
        "BOT_OPERATOR: is not a setting and is ignored; did you mean BOT_OPERATORS?",
    ]


def test_webhook_settings_that_are_not_used_are_warned_about() -> None:
    loaded = load(BOT_WEBHOOK_URL="https://bot.example.org/")

    assert [str(warning) for warning in loaded.warnings] == [
        "BOT_WEBHOOK_URL: is ignored while BOT_MODE is polling"
    ]


def test_secrets_are_in_no_representation() -> None:
    loaded = settings.load({**WEBHOOK, "BOT_DATABASE_URL": "postgresql://bot:hunter22@db/bot"})

    for secret in (TOKEN, "hunter22", "a-secret_1"):
        assert secret not in repr(loaded)
        assert secret not in str(loaded)


def test_a_misspelled_name_is_told_beside_the_one_that_is_missing() -> None:
    assert problems_of({"BOT_TOKN": TOKEN}) == [
        "BOT_TOKEN: is not set; expected the token that BotFather gave you",
        "BOT_TOKN: is not a setting and is ignored; did you mean BOT_TOKEN?",
    ]
