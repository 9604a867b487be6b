"""Nightly copies: the last few, each restorable, and nobody in them who asked to be forgotten."""

import asyncio
import datetime as dt
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.store.backup import check_file, restore
from bot.adapters.store.copies import Copies
from bot.core.chat import Chat, StoreUnavailable
from tests.fakes import Clock
from tests.fakes_notices import NOW
from tests.notices.town import Town, lenient_policy, make_rules, until

FIRST = dt.date(2026, 11, 22)


@pytest.fixture
def elsewhere(new_url: Callable[[], str]) -> str:
    """The URL of another empty database."""
    return new_url()


@pytest.fixture
async def town(url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town with a notice sent to its residents, and a folder for copies."""
    store = await SqlStore.open(url, Clock(NOW), Copies(tmp_path / "backups", kept=3))
    town = Town(store, Clock(NOW), make_rules(policy=lenient_policy()))
    await town.settle(20)
    await town.issue()
    await town.deliver_all()
    yield town
    await store.close()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "backups").iterdir())


async def test_the_last_nights_are_kept_and_what_people_put_there_too(town: Town, tmp_path: Path) -> None:
    assert town.store.newest_copy() is None
    for number in range(5):
        await town.store.copy_for(FIRST + dt.timedelta(days=number), NOW)
    (tmp_path / "backups" / "by-hand.db").touch()
    await town.store.copy_for(FIRST + dt.timedelta(days=5), NOW)

    assert town.store.newest_copy() == dt.date(2026, 11, 27)
    assert files(tmp_path) == [
        "bot-2026-11-25.db",
        "bot-2026-11-26.db",
        "bot-2026-11-27.db",
        "by-hand.db",
    ]


async def test_a_nightly_copy_comes_back_whole(town: Town, elsewhere: str, tmp_path: Path) -> None:
    """T20."""
    await town.store.copy_for(FIRST, NOW)
    copy = tmp_path / "backups" / "bot-2026-11-22.db"
    assert check_file(copy) is None

    counts = await restore(copy, elsewhere, NOW)

    other = await SqlStore.open(elsewhere)
    assert (counts["chats"], counts["deliveries"]) == (20, 20)
    assert await other.check_integrity() is None
    assert await other.find_chat(7) == await town.store.find_chat(7)
    await other.close()


async def test_who_asks_to_be_forgotten_is_in_no_copy_any_more(town: Town, tmp_path: Path) -> None:
    for number in range(2):
        await town.store.copy_for(FIRST + dt.timedelta(days=number), NOW)

    await town.store.forget_chat(7)

    for name in files(tmp_path):
        copy = tmp_path / "backups" / name
        assert check_file(copy) is None
        with closing(sqlite3.connect(copy)) as opened:
            for query in (
                "SELECT id FROM chats",
                "SELECT chat_id FROM chat_areas",
                "SELECT chat_id FROM deliveries WHERE chat_id > 0",
            ):
                assert sorted(row[0] for row in opened.execute(query)) == [*range(1, 7), *range(8, 21)]


async def test_a_copy_that_cannot_be_changed_makes_no_false_promise(town: Town, tmp_path: Path) -> None:
    await town.store.copy_for(FIRST, NOW)
    (tmp_path / "backups" / "bot-2026-11-22.db").write_bytes(b"no database " * 1000)

    with pytest.raises(StoreUnavailable):
        await town.store.forget_chat(7)

    assert await town.store.find_chat(7) is None
    assert await town.store.find_chat(8) == Chat(8, "ru", frozenset({"roslavl"}))


async def test_who_asks_to_be_forgotten_during_the_copy_is_not_in_it(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up = SqlStore.back_up

    async def back_up_while_somebody_leaves(store: SqlStore, *given: Any) -> dict[str, int]:
        counts = await back_up(store, *given)
        await store.forget_chat(7)
        return counts

    monkeypatch.setattr(SqlStore, "back_up", back_up_while_somebody_leaves)
    await town.store.copy_for(FIRST, NOW)

    assert files(tmp_path) == ["bot-2026-11-22.db"]
    copy = tmp_path / "backups" / "bot-2026-11-22.db"
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT count(*), max(id = 7) FROM chats").fetchone() == (19, 0)


async def test_what_a_copy_left_that_was_cut_off_goes_with_the_next(town: Town, tmp_path: Path) -> None:
    copying = asyncio.create_task(town.store.copy_for(FIRST, NOW))
    await until(lambda: any((tmp_path / "backups").glob("*.new*")))
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert files(tmp_path) == []

    (tmp_path / "backups" / "bot-2026-11-21.db.new.unfinished").touch()  # killed
    await town.store.copy_for(FIRST, NOW)

    assert files(tmp_path) == ["bot-2026-11-22.db"]


@pytest.mark.parametrize("nights", [0, 1], ids=["the first", "another"])
async def test_a_copy_that_would_fill_the_disk_is_not_made(
    town: Town, tmp_path: Path, nights: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(nights):
        await town.store.copy_for(FIRST + dt.timedelta(days=number), NOW)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 50_000))

    with pytest.raises(StoreUnavailable, match="too little room"):
        await town.store.copy_for(FIRST + dt.timedelta(days=5), NOW)

    assert len(files(tmp_path)) == nights
