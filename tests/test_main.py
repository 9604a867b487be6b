"""The command line as a person and a script use it: real processes, their output and exit codes."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import aiohttp
import pytest

from bot import __version__
from tests.adapters.content.test_folder import make_folder

ROOT = Path(__file__).parent.parent


def outside(**changes: str) -> dict[str, str]:
    """Return an environment without settings of the bot."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | changes


def bot(*arguments: str, stdin: str | bytes = b"", **changes: str) -> subprocess.CompletedProcess[bytes]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=outside(**changes),
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def cache(learnt: Path) -> str:
    """Return a data folder in which what one of these learns helps the next."""
    return str(learnt)


def test_the_help_names_every_command() -> None:
    shown = bot("--help")

    assert shown.returncode == 0
    for command in (b"run", b"demo", b"sandbox", b"ask", b"learn", b"check", b"schema", b"misses"):
        assert command in shown.stdout
        assert bot(command.decode(), "--help").returncode == 0


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "bot.__version__"}
    assert bot("--version").stdout.decode() == f"safety-bot, version {__version__}\n"


@pytest.mark.parametrize("group", [(), ("notices",), ("chats",)])
def test_no_summary_is_cut_off_on_a_terminal_of_ordinary_width(group: tuple[str, ...]) -> None:
    shown = bot(*group, "--help", COLUMNS="80").stdout.decode()

    assert "\nCommands:" in shown
    assert "..." not in shown.partition("\nCommands:")[2]


def test_the_two_questions_of_the_readme_get_the_right_guide(cache: str) -> None:
    russian = bot("ask", "нашли обломки дрона во дворе", BOT_DATA_DIR=cache).stdout.decode()
    assert russian.startswith("🆘 Опасно для жизни — звоните 112\n\nНашли обломки")
    assert "<http" in russian

    english = json.loads(bot("ask", "I see a drone what do I do", "--json", BOT_DATA_DIR=cache).stdout)
    assert english["guide"] == "drone-seen"
    assert english["citations"]


def test_questions_from_standard_input_give_one_object_a_line_whatever_they_are(cache: str) -> None:
    questions = ["обломки во дворе", "", "рецепт борща", "\x00\x07", "a" * 100_000, "i hear a drone", "😱"]
    given = "\n".join(questions).encode() + b"\n\xff\xfe broken bytes\r\n"

    answered = bot("ask", "--json", "-", stdin=given, BOT_DATA_DIR=cache)

    assert answered.returncode == 0, answered.stderr.decode()
    objects = [json.loads(line) for line in answered.stdout.splitlines()]
    assert [one["question"] for one in objects[:-1]] == questions
    assert len(objects) == len(questions) + 1
    for one in objects:
        assert list(one) == [
            "question",
            "kind",
            "urgent",
            "guide",
            "choices",
            "language",
            "score",
            "text",
            "citations",
        ]
        assert one["kind"] in ("answer", "choices", "none")
        assert 0 <= one["score"] <= 1
        assert len(one["choices"]) <= 3
        assert (one["guide"] is not None) == (one["kind"] == "answer") == bool(one["citations"])
        assert not one["guide"] or one["choices"][0] == one["guide"]
        assert "112" in one["text"]
        for citation in one["citations"]:
            assert list(citation) == ["source", "publisher", "title", "url"]
            assert citation["url"].startswith("http")


def test_a_language_can_be_asked_for(cache: str) -> None:
    found = json.loads(bot("ask", "обломки", "--lang", "en", "--json", BOT_DATA_DIR=cache).stdout)
    assert found["language"] == "en"

    refused = bot("ask", "обломки", "--lang", "xx", BOT_DATA_DIR=cache)
    assert refused.returncode == 2
    assert b"'xx' is not one of ru, en" in refused.stderr


def test_one_word_is_answered_in_its_own_language_where_no_phone_tells_another(cache: str) -> None:
    words = {
        "fire": "en",
        "Drone!": "en",
        "siren": "en",
        "shelter?": "en",
        "burns": "en",
        "hello": "en",
        "oblomki": "ru",
        "dron": "ru",
        "sirena": "ru",
        "nfgrt": "ru",
        "пожар": "ru",
        "112": "ru",
        "https://t.me/fire": "ru",
    }

    answered = bot("ask", "--json", "-", stdin="\n".join(words).encode(), BOT_DATA_DIR=cache)
    spoken = {one["question"]: one["language"] for one in map(json.loads, answered.stdout.splitlines())}

    assert spoken == words


def test_what_is_learnt_is_learnt_once(tmp_path: Path) -> None:
    content, data = make_folder(tmp_path / "content"), tmp_path / "data"

    first = bot("learn", "--content", str(content), "--into", str(data))
    kept = {file.name: file.stat().st_mtime_ns for file in data.iterdir()}
    again = bot("learn", "--content", str(content), "--into", str(data))

    assert (first.returncode, again.returncode) == (0, 0)
    assert again.stderr == b""
    assert len(kept) == 1
    assert {file.name: file.stat().st_mtime_ns for file in data.iterdir()} == kept


def test_check_asks_the_golden_questions_and_reports_what_was_learnt(cache: str) -> None:
    checked = bot("check", "--report", BOT_DATA_DIR=cache)
    shown = checked.stdout.decode()
    assert checked.returncode == 0, checked.stderr.decode()
    assert "golden questions, 0 wrong, with" in shown
    assert "refuse below" in shown

    told = json.loads(bot("check", "--report", "--json", BOT_DATA_DIR=cache).stdout)
    assert told["golden"]["failing"] == 0
    assert 0.5 < told["figures"]["first"] <= 1


def test_check_names_a_golden_question_that_comes_out_wrong(tmp_path: Path, cache: str) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    golden = tmp_path / "content" / "answering" / "golden.yaml"
    lines = len(golden.read_text(encoding="utf-8").splitlines())
    with golden.open("a", encoding="utf-8") as opened:
        opened.write("- ask: рецепт борща со свёклой\n  answer: pets\n")

    checked = bot("check", str(tmp_path / "content"), BOT_DATA_DIR=cache)

    assert checked.returncode == 1
    assert f"answering/golden.yaml:{lines + 1}: ".encode() in checked.stderr
    assert (
        "«рецепт борща со свёклой» brings no answer (unknown); expected answer pets"
        in checked.stderr.decode()
    )


def test_misses_are_printed_only_when_enough_people_asked(tmp_path: Path) -> None:
    printed = bot("misses", BOT_DATA_DIR=str(tmp_path))

    assert printed.returncode == 0
    assert printed.stdout == b""
    assert b"Nothing that 5 different people asked" in printed.stderr


def test_check_names_what_is_wrong_elsewhere(tmp_path: Path) -> None:

    missing = bot("check", str(tmp_path / "nowhere"))
    assert missing.returncode == 1
    assert b"there is no folder" in missing.stderr
    problems = json.loads(bot("check", str(tmp_path), "--json").stdout)
    assert {problem["level"] for problem in problems} >= {"error"}
    assert set(problems[0]) == {"file", "line", "where", "level", "rule", "wrong", "expected", "suggestion"}


def test_the_schemas_are_json(tmp_path: Path) -> None:
    printed = json.loads(bot("schema").stdout)
    assert "guide.json" in printed

    assert bot("schema", "--write", str(tmp_path)).returncode == 0
    assert json.loads((tmp_path / "guide.json").read_text(encoding="utf-8")) == printed["guide.json"]


def test_running_without_a_token_says_what_is_missing() -> None:
    refused = bot("run")

    assert refused.returncode == 2
    assert b"BOT_TOKEN: is not set" in refused.stderr
    assert b"Traceback" not in refused.stderr


def test_everything_wrong_around_it_is_told_before_telegram_is_asked(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = bot(
            "run",
            BOT_TOKEN="1:canary",
            BOT_API_BASE_URL="http://127.0.0.1:9",
            BOT_CONTENT_DIR=str(tmp_path / "nowhere"),
            BOT_DATA_DIR="/proc/nowhere",
            BOT_MODE="webhook",
            BOT_WEBHOOK_PORT=str(taken.getsockname()[1]),
            BOT_WEBHOOK_URL="https://bot.example.org/",
        )

    assert refused.returncode == 2
    told = refused.stderr.decode()
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "BOT_API_BASE_URL",
        "BOT_WEBHOOK_SECRET",
        "BOT_CONTENT_DIR",
        "BOT_DATA_DIR",
        "BOT_WEBHOOK_PORT",
    ]
    assert "canary" not in told


def test_running_over_broken_content_shows_its_problems(tmp_path: Path) -> None:
    refused = bot("run", BOT_TOKEN="1:a", BOT_CONTENT_DIR=str(tmp_path), BOT_DATA_DIR=str(tmp_path / "data"))

    assert refused.returncode == 1
    assert b"deployment.yaml" in refused.stderr
    assert b"Traceback" not in refused.stderr


async def test_the_demo_takes_the_next_free_port_and_ends_cleanly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "demo",
            "--port",
            str(port),
            cwd=ROOT,
            env=outside(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert demo.stdout is not None
        first = await asyncio.wait_for(demo.stdout.readline(), 60)
        ready = await asyncio.wait_for(demo.stdout.readline(), 60)

        assert f"Port {port} is in use, taking ".encode() in first
        address = ready.decode().split("open ")[1].split()[0]
        async with aiohttp.ClientSession() as session, session.get(address) as page:
            assert page.status == 200
        demo.send_signal(signal.SIGINT)
        output, errors = await asyncio.wait_for(demo.communicate(), 20)
        assert demo.returncode == 0
        assert b"Traceback" not in output + errors


def test_the_demo_keeps_what_it_learnt_in_the_data_folder_that_it_is_told() -> None:
    refused = bot("demo", "--port", "18190", BOT_DATA_DIR="/proc/nowhere")

    assert refused.returncode == 1
    assert refused.stderr.decode().startswith("BOT_DATA_DIR: nothing can be written in '/proc/nowhere'")


async def test_the_sandbox_alone_names_its_address_and_warns_when_others_can_reach_it() -> None:
    alone = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "sandbox", "--host", "0.0.0.0", "--port", "18090"),  # noqa: S104 - the warning is the test
        cwd=ROOT,
        env=outside(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert alone.stdout is not None
    lines = [await asyncio.wait_for(alone.stdout.readline(), 30) for _ in range(4)]
    alone.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(alone.communicate(), 20)

    shown = b"".join(lines)
    assert b"Warning: listening on 0.0.0.0" in shown
    assert errors == b""
    assert b"http://localhost:" in shown
    assert b"http://0.0.0.0" not in shown
    assert b"/bot<token>/<method>" in shown
    assert alone.returncode == 0


def test_an_address_that_is_not_here_is_told_in_one_sentence() -> None:
    refused = bot("sandbox", "--host", "192.0.2.1")

    assert refused.returncode == 1
    assert refused.stderr.decode().startswith("Error: cannot listen on 192.0.2.1:8081: ")
    assert refused.stderr.count(b"\n") == 1


def test_a_port_that_cannot_be_is_refused() -> None:
    assert bot("demo", "--port", "99999").returncode == 2
