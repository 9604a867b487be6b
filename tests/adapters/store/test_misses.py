"""Questions without an answer: counted by people, shown from five on, gone with the month, unreadable."""

import datetime as dt
from pathlib import Path

from bot.adapters.store import SqlStore
from bot.core.answering.misses import Missed
from tests.fakes import Clock

NOVEMBER = dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC)
STEMS = ("вакцинац", "где")


async def test_it_shows_what_five_people_asked_and_how_many_they_were(url: str) -> None:
    store = await SqlStore.open(url, Clock(NOVEMBER))
    for person in (1, 2, 3, 4, 4, 4):
        await store.misses.record(STEMS, person)
    assert await store.misses.list_shown() == ()

    await store.misses.record(STEMS, 5)

    assert await store.misses.list_shown() == (Missed(STEMS, 5),)
    await store.close()


async def test_a_new_month_knows_nothing_of_the_last_one(url: str) -> None:
    clock = Clock(NOVEMBER)
    store = await SqlStore.open(url, clock)
    for person in range(5):
        await store.misses.record(STEMS, person)

    clock.pass_by(hours=2)

    assert await store.misses.list_shown() == ()
    for person in range(5, 9):
        await store.misses.record(STEMS, person)
    assert await store.misses.list_shown() == ()
    await store.close()


async def test_who_asks_to_be_forgotten_counts_no_more(url: str) -> None:
    store = await SqlStore.open(url, Clock(NOVEMBER))
    for person in range(5):
        await store.misses.record(STEMS, person)

    await store.forget_chat(3)

    assert await store.misses.list_shown() == ()
    await store.close()


async def test_nothing_of_the_text_and_nobodys_number_is_on_disk(tmp_path: Path) -> None:
    store = await SqlStore.open(f"sqlite:///{tmp_path}/bot.db", Clock(NOVEMBER))
    await store.misses.record(STEMS, 7_345_678_901)
    on_disk = _everything_in(tmp_path)
    await store.back_up(tmp_path / "backup" / "copy.db", NOVEMBER)
    await store.close()

    assert "вакцинац".encode() in on_disk
    assert "вакцинация".encode() not in on_disk
    assert b"7345678901" not in on_disk
    assert (7_345_678_901).to_bytes(8, "big") not in on_disk
    assert "вакцинац".encode() not in (tmp_path / "backup" / "copy.db").read_bytes()


def _everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())
