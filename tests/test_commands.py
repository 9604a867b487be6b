"""The commands about notices and the database, as an operator types them."""

import asyncio
import json
import re
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import app
from bot.__main__ import main
from bot.adapters.store import SqlStore
from bot.core.chat import Chat
from bot.core.notices import changes, review
from bot.core.notices.delivery import Sent, conclude
from bot.core.notices.installation import rules_of
from bot.core.notices.record import Change, Marked, Move, Origin
from tests.notices.office import CONTENT, real_content


async def begin_sending(tmp_path: Path, people: int) -> None:
    """Begin to send the example to so many people, of whom nobody has it yet."""
    await submit_example(tmp_path)
    store = await SqlStore.open(f"sqlite:///{tmp_path}/data/bot.db", app.now)
    content = real_content()
    assert content.notices is not None
    rules = rules_of(content, content.notices)
    try:
        await store.save_chats(Chat(100 + n, "ru", frozenset({"roslavl"})) for n in range(people - 1))
        waiting = await store.notices.find_notice("water-cut-example")
        assert waiting is not None
        approved = review.approved(waiting, 501, app.now(), rules).moves[0].after
        scheduled = changes.scheduled(approved, app.now(), rules).moves[0].after
        begun = changes.begun(scheduled, (), app.now(), rules)
        move = Move(waiting, begun.moves[0].after)
        await store.notices.apply(replace(begun, moves=(move,)), app.now())
    finally:
        await store.close()


async def deliver_until(is_enough: threading.Event, tmp_path: Path) -> None:
    """Deliver to one after the other."""
    store = await SqlStore.open(f"sqlite:///{tmp_path}/data/bot.db", app.now)
    try:
        [mailing] = await store.outbox.open_mailings()
        while not is_enough.is_set():
            [claim] = await store.outbox.claim(mailing, 1, app.now())
            mark = Marked(claim, conclude(claim.delivery, Sent(claim.id), app.now()))
            await store.outbox.record([mark], app.now())
            await asyncio.sleep(0.1)
    finally:
        await store.close()


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the commands at an empty folder; nothing of the machine's own settings counts."""
    for name in ("BOT_TOKEN", "BOT_DATABASE_URL", "BOT_OPERATORS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BOT_CONTENT_DIR", str(CONTENT))


def run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, words, input=typed)


def lines(*chats: object) -> str:
    return "".join(json.dumps(chat) + "\n" for chat in chats)


async def submit_example(tmp_path: Path) -> None:
    """Submit the example of a water cut, as operator 501."""
    content = real_content()
    assert content.notices is not None
    rules = rules_of(content, content.notices)
    store = await SqlStore.open(f"sqlite:///{tmp_path}/data/bot.db", app.now)
    try:
        await store.save_chat(Chat(7, "ru", frozenset({"roslavl"})))
        example = content.notices.notices["water-cut-example"]
        change = review.submitted(review.draft(example, app.now(), Origin.FILE, 501), app.now(), rules, 501)
        added = Change(added=tuple(move.after for move in change.moves), entries=change.entries)
        await store.notices.apply(added, app.now())
    finally:
        await store.close()


def test_the_list_shows_drafts_in_files_and_what_waits(tmp_path: Path) -> None:
    assert "draft       -                water-cut-example" in run("notices", "list").output

    asyncio.run(submit_example(tmp_path))

    first, *_ = run("notices", "list").output.splitlines()
    assert first.startswith("in_review")
    assert "water-cut-example" in first


def test_the_preview_shows_every_language_and_the_number_of_recipients(tmp_path: Path) -> None:
    asyncio.run(submit_example(tmp_path))

    output = run("notices", "preview", "water-cut-example").output

    assert "В Рославле отключена вода" in output
    assert "Water is off in Roslavl" in output
    assert "recipients now: 1" in output
    assert "В Рославле" not in run("notices", "preview", "water-cut-example", "--lang", "en").output


def test_facts_and_history_of_a_notice(tmp_path: Path) -> None:
    asyncio.run(submit_example(tmp_path))

    shown = run("notices", "show", "water-cut-example").output
    assert "⏳ Waits for approval\nWater is off in Roslavl" in shown
    assert "Author: 501" in shown
    assert "submitted by 501, version 1" in run("notices", "history", "water-cut-example").output
    assert json.loads(run("notices", "log").output)["what"] == "submitted"


def test_the_rate_and_the_time_to_finish_of_a_live_send(tmp_path: Path) -> None:
    asyncio.run(begin_sending(tmp_path, people=2000))
    is_shown = threading.Event()
    sending = threading.Thread(target=lambda: asyncio.run(deliver_until(is_shown, tmp_path)))

    sending.start()
    shown = run("notices", "show", "water-cut-example").output
    is_shown.set()
    sending.join()

    assert re.search(r"Rate: [\d.]+ a second, about \d+ min to go", shown), shown


def test_an_unknown_notice_or_language_is_named_with_what_was_meant() -> None:
    unknown = run("notices", "show", "water-cut-exmple")
    assert unknown.exit_code == 1
    assert "there is no notice 'water-cut-exmple'; did you mean 'water-cut-example'?" in unknown.output

    assert "'fr' is not one of ru, en" in run("notices", "list", "--lang", "fr").output


def test_chats_go_out_and_come_in_as_lines() -> None:
    typed = lines(
        {"chat_id": 7, "language": "ru", "areas": ["roslavl"]},
        {"chat_id": -5, "areas": ["vyazma"], "quiet": ""},
    )
    assert "2 chats taken in" in run("chats", "import", typed=typed).output

    exported = CliRunner().invoke(main, ["chats", "export"]).stdout
    assert [json.loads(line)["chat_id"] for line in exported.splitlines()] == [-5, 7]
    assert "0 chats taken in, 2 chats known here already" in run("chats", "import", typed=exported).output


def test_nobody_who_said_stop_is_subscribed_again_unless_the_file_is_to_have_the_last_word(
    tmp_path: Path,
) -> None:
    typed = lines({"chat_id": 7, "language": "en", "areas": ["roslavl"]})
    run("chats", "import", typed=typed)

    async def say_stop() -> None:
        store = await SqlStore.open(f"sqlite:///{tmp_path}/data/bot.db", app.now)
        await store.save_chat(Chat(7, "ru"))
        await store.close()

    asyncio.run(say_stop())

    assert "0 chats taken in, 1 chat known here already" in run("chats", "import", typed=typed).output
    assert CliRunner().invoke(main, ["chats", "export"]).stdout == ""
    assert "1 chat taken in" in run("chats", "import", "--again", typed=typed).output
    assert json.loads(CliRunner().invoke(main, ["chats", "export"]).stdout)["language"] == "en"


def test_one_bad_line_refuses_the_whole_file_by_name() -> None:
    typed = lines(
        {"chat_id": 7, "areas": ["roslavl"]},
        {"chat_id": 7, "areas": ["roslavll"]},
        {"chat_id": 0},
        {"chat_id": 8, "language": "fr"},
        {"chat_id": 9, "name": "Anna"},
    )

    refused = run("chats", "import", typed=typed + "x\n" + "[" * 100_000 + "\n")

    assert refused.exit_code == 1
    assert refused.output.splitlines() == [
        "line 2: areas: there is no area 'roslavll'; did you mean 'roslavl'?",
        "line 2: chat_id: 7 is there twice",
        "line 3: chat_id: expected Telegram's number of the chat",
        "line 4: language: 'fr' is not one of ru, en",
        "line 5: name: unknown field; expected chat_id, language, areas, quiet, room",
        "line 6: this is not JSON",
        "line 7: this is not JSON",
        "Error: 7 lines refused, nothing was taken in",
    ]
    assert CliRunner().invoke(main, ["chats", "export"]).stdout == ""


def test_a_backup_comes_back(tmp_path: Path) -> None:
    run("chats", "import", typed=lines({"chat_id": 7, "areas": ["roslavl"]}))
    copy = tmp_path / "copy.db"
    assert "1 chats" in run("backup", str(copy)).output
    run("chats", "import", typed=lines({"chat_id": 8, "areas": ["roslavl"]}))

    assert run("restore", str(copy), typed="n\n").exit_code == 1
    assert len(CliRunner().invoke(main, ["chats", "export"]).stdout.splitlines()) == 2

    assert "held until an operator releases it" in run("restore", str(copy), "--yes").output
    assert len(CliRunner().invoke(main, ["chats", "export"]).stdout.splitlines()) == 1


def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    run("chats", "import", typed=lines({"chat_id": 7, "areas": ["roslavl"]}))
    (tmp_path / "x.db").write_text("not a database", encoding="utf-8")

    for file in ("x.db", "missing.db"):
        refused = run("restore", str(tmp_path / file), "--yes")
        assert refused.exit_code == 1
        assert file in refused.output
    assert len(CliRunner().invoke(main, ["chats", "export"]).stdout.splitlines()) == 1


def test_a_backup_takes_the_place_of_nothing_unasked_and_of_the_database_never(tmp_path: Path) -> None:
    run("chats", "import", typed=lines({"chat_id": 7, "areas": ["roslavl"]}))
    copy = tmp_path / "copy.db"
    copy.write_text("something dear", encoding="utf-8")

    refused = run("backup", str(copy))
    assert (refused.exit_code, copy.read_text(encoding="utf-8")) == (1, "something dear")
    assert refused.output == f"Error: {copy}: there is such a file; with --yes it is replaced\n"
    assert "1 chats" in run("backup", "--yes", str(copy)).output

    for name in ("bot.db", "bot.db-wal", "../data/bot.db"):
        itself = tmp_path / "data" / name
        assert run("backup", "--yes", str(itself)).output == f"Error: {itself}: this is the database itself\n"
    assert len(CliRunner().invoke(main, ["chats", "export"]).stdout.splitlines()) == 1


def test_a_damaged_database_is_moved_aside_and_a_backup_takes_its_place(tmp_path: Path) -> None:
    people = [{"chat_id": number, "areas": ["roslavl"]} for number in range(1, 2001)]
    run("chats", "import", typed=lines(*people))
    run("backup", str(tmp_path / "copy.db"))
    database = tmp_path / "data" / "bot.db"
    whole = database.read_bytes()
    with database.open("r+b") as file:
        for page in range(4096, len(whole), 8192):
            file.seek(page)
            file.write(b"\xa5" * 1024)
    damaged = database.read_bytes()

    refused = run("restore", str(tmp_path / "missing.db"), "--yes")
    assert (refused.exit_code, database.read_bytes()) == (1, damaged)
    restored = run("restore", str(tmp_path / "copy.db"), "--yes")

    assert restored.exit_code == 0, restored.output
    assert len(CliRunner().invoke(main, ["chats", "export"]).stdout.splitlines()) == 2000
    (aside,) = (tmp_path / "data").glob("bot.db.damaged-*")
    assert aside.read_bytes() == damaged
    assert not list((tmp_path / "data").glob("*.restoring*"))


def test_what_a_newer_version_made_is_refused_in_one_sentence(tmp_path: Path) -> None:
    run("chats", "import", typed=lines({"chat_id": 7, "areas": ["roslavl"]}))
    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    for newer in (copy, tmp_path / "data" / "bot.db"):
        with closing(sqlite3.connect(newer)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()
        refused = run("restore", str(copy), "--yes") if newer == copy else run("chats", "export")
        assert refused.exit_code == 1
        assert refused.output.count("\n") == 1
        assert "a newer version of the program made this database" in refused.output


def test_a_lock_written_over_with_something_else_is_named(tmp_path: Path) -> None:
    run("chats", "import", typed=lines({"chat_id": 7, "areas": ["roslavl"]}))
    run("backup", str(tmp_path / "copy.db"))
    (tmp_path / "data" / "bot.db.lock").write_bytes(b"garbage " * 1000)

    refused = run("restore", str(tmp_path / "copy.db"), "--yes")

    assert refused.output == "Error: bot.db.lock cannot be used: file is not a database; delete it\n"
