"""No line of the log holds a secret, in whatever form it got there."""

import asyncio
import json
import logging
import subprocess
import sys
import textwrap
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.logs import REDACTED, RedactingFormatter, Redactor

TOKEN = "1234567890:AAF-canary_canary_canary_canary_can"
HALF = TOKEN.partition(":")[2]
PASSWORD = 'hunter/22 ünd@mehr"'
DATABASE = f"postgresql://bot:{quote(PASSWORD, safe='')}@db.example.org/bot"
SECRET = "webhook-s3cret"

redact = Redactor([TOKEN, DATABASE, SECRET])


@pytest.mark.parametrize(
    "line",
    [
        TOKEN,
        HALF,
        f"Bot[token={TOKEN}]",
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"GET http://127.0.0.1:8081/file/bot{TOKEN}/photos/1.jpg",
        quote(TOKEN),
        quote(TOKEN, safe=""),
        quote(TOKEN, safe="").lower(),
        quote(quote(TOKEN, safe=""), safe=""),
        repr({"token": TOKEN}),
        json.dumps({"token": TOKEN}),
        f"The token `{TOKEN}` was rejected by the server.",
    ],
)
def test_the_token_is_taken_out_in_every_form(line: str) -> None:
    safe = redact(line)

    assert HALF.lower() not in safe.lower()
    assert REDACTED in safe


@pytest.mark.parametrize(
    "line",
    [
        f"cannot connect to {DATABASE}",
        f"password {PASSWORD!r} refused",
        json.dumps({"password": PASSWORD}),
        json.dumps({"password": PASSWORD}, ensure_ascii=False),
        f"secret {SECRET}",
    ],
)
def test_so_are_the_other_secrets(line: str) -> None:
    safe = redact(line)

    assert "hunter" not in safe
    assert SECRET not in safe


def test_a_token_that_this_process_was_never_told_goes_too() -> None:
    line = "request to https://api.telegram.org/bot987654321:BBG-another-canary-another-canary-a/getMe failed"

    assert Redactor([])(line) == f"request to https://api.telegram.org/bot{REDACTED}/getMe failed"


def test_a_password_in_an_address_goes_too() -> None:
    assert (
        Redactor([])("postgresql+asyncpg://bot:secret@db/bot")
        == f"postgresql+asyncpg://bot:{REDACTED}@db/bot"
    )


@pytest.mark.parametrize(
    "line",
    [
        "listening on http://127.0.0.1:8080",
        "2026-11-22 12:00:00+0000 INFO bot: answering as @SafetyBot",
        "chat -1001234567890: 12:30:45",
        "https://mchs.gov.ru/a:b/c",
    ],
)
def test_a_line_without_a_secret_stays_as_it_is(line: str) -> None:
    assert redact(line) == line


def test_an_empty_or_tiny_secret_does_not_make_the_log_unreadable() -> None:
    assert Redactor(["", "a", "sqlite:///data/bot.db"])("a banana") == "a banana"


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_around_a_token_hides_it(before: str, after: str) -> None:
    assert HALF not in redact(f"{before}{TOKEN}{after}")


def make_record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.test", logging.ERROR, "x.py", 1, message, (), exc_info)


def failure() -> BaseException:
    try:
        raise ValueError(f"at /bot{TOKEN}/getMe")
    except ValueError as error:
        return error


def test_tracebacks_are_redacted_in_both_formats() -> None:
    for as_json in (False, True):
        line = RedactingFormatter(redact, as_json).format(make_record("it failed", failure()))

        assert HALF not in line
        assert "ValueError" in line


def test_a_line_for_machines_is_one_object() -> None:
    line = RedactingFormatter(redact, as_json=True).format(make_record("two\nlines «и» " + TOKEN, failure()))

    fields = json.loads(line)
    assert "\n" not in line
    assert fields["level"] == "ERROR"
    assert fields["logger"] == "bot.test"
    assert fields["message"] == f"two\nlines «и» {REDACTED}"
    assert fields["time"].endswith("+00:00")
    assert "Traceback" in fields["traceback"]


WAYS = {
    "an uncaught exception": "raise ValueError(TOKEN)",
    "a thread": "t = threading.Thread(target=fail); t.start(); t.join()",
    "a task that nobody waits for": """
        async def main():
            watch_loop(asyncio.get_running_loop())
            asyncio.create_task(fail_later())
            await asyncio.sleep(0.05)
            gc.collect()
        asyncio.run(main(), debug=True)
        """,
    "a destructor": "x = Falls(); del x; gc.collect()",
    "a warning": "warnings.warn(TOKEN)",
    "a library": "logging.getLogger('telegram.Bot').warning('the url is /bot%s/getMe', TOKEN)",
    "a logger's mistake": "logging.getLogger('x').error('%s %s', TOKEN)",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("log_format", ["human", "json"])
def test_no_way_out_of_the_process_lets_a_token_through(way: str, log_format: str) -> None:
    program = f"""
import asyncio, gc, logging, threading, warnings
from bot.adapters.logs import configure, watch_loop
TOKEN = {TOKEN!r}
def fail():
    raise ValueError("in a thread: " + TOKEN)
async def fail_later():
    raise ValueError("in a task: " + TOKEN)
class Falls:
    def __del__(self):
        raise ValueError("in a destructor: " + TOKEN)
configure("DEBUG", {log_format!r}, [TOKEN])
{textwrap.dedent(WAYS[way])}
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)

    assert HALF not in done.stdout + done.stderr
    assert done.stderr.strip()


def test_libraries_do_not_tell_what_people_wrote() -> None:
    program = """
import logging
from bot.adapters.logs import configure
configure("DEBUG", "human", [])
for name in ("telegram.Bot", "httpx", "sqlalchemy.engine.Engine", "aiosqlite", "aiohttp.access", "asyncio"):
    logging.getLogger(name).debug("somebody's words")
logging.getLogger("bot.app").debug("our own")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)

    assert "somebody's words" not in done.stderr
    assert "DEBUG   bot.app: our own" in done.stderr


async def test_nothing_is_done_at_import() -> None:
    assert asyncio.get_running_loop().get_exception_handler() is None
    assert sys.excepthook.__module__ != "bot.adapters.logs"


def test_on_a_full_disk_a_line_is_lost_and_nobody_who_wanted_to_say_something() -> None:
    program = textwrap.dedent("""
        import logging, sys
        sys.stderr = open("/dev/full", "w", buffering=1)
        from bot.adapters import logs
        logs.configure("INFO", "human", ["1:secret"])
        logging.getLogger("a").error("the database is away")
        print("went on", flush=True)
        sys.stderr = sys.__stderr__
    """)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=False)

    assert ran.stdout == b"went on\n", ran.stderr
