"""The store's contract, on SQLite and on PostgreSQL alike."""

import asyncio
import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from bot.adapters.store import SqlStore
from bot.adapters.store.database import connect
from bot.adapters.store.integrity import find_damage
from bot.adapters.store.schema import handled_updates, metadata
from bot.core.chat import Chat, StoreUnavailable

GROUP = -1001234567890
START = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> dt.datetime:
        return self.time


async def test_an_unknown_chat_is_none(store: SqlStore) -> None:
    assert await store.find_chat(1) is None


@pytest.mark.parametrize("chat", [Chat(1, "ru"), Chat(2), Chat(GROUP, "en"), Chat(2**52 - 1, "en")])
async def test_a_saved_chat_is_found_again(store: SqlStore, chat: Chat) -> None:
    await store.save_chat(chat)

    assert await store.find_chat(chat.id) == chat


async def test_saving_again_replaces(store: SqlStore) -> None:
    await store.save_chat(Chat(1, "ru"))
    await store.save_chat(Chat(1))

    assert await store.find_chat(1) == Chat(1)


async def test_a_forgotten_chat_is_gone_and_the_others_are_not(store: SqlStore) -> None:
    await store.save_chat(Chat(1, "ru"))
    await store.save_chat(Chat(2, "en"))

    await store.forget_chat(1)
    await store.forget_chat(1)

    assert await store.find_chat(1) is None
    assert await store.find_chat(2) == Chat(2, "en")


async def test_a_moved_chat_keeps_what_it_chose(store: SqlStore) -> None:
    await store.save_chat(Chat(-5, "en"))

    await store.move_chat(-5, GROUP)

    assert await store.find_chat(-5) is None
    assert await store.find_chat(GROUP) == Chat(GROUP, "en")


async def test_what_was_chosen_under_the_new_id_outlives_a_move(store: SqlStore) -> None:
    await store.save_chat(Chat(-5, "en"))
    await store.save_chat(Chat(GROUP, "ru"))

    await store.move_chat(-5, GROUP)

    assert await store.find_chat(GROUP) == Chat(GROUP, "ru")


async def test_moving_an_unknown_chat_does_nothing(store: SqlStore) -> None:
    await store.move_chat(-5, GROUP)

    assert await store.find_chat(GROUP) is None


async def test_everything_is_there_after_a_restart(url: str) -> None:
    first = await SqlStore.open(url)
    await first.save_chat(Chat(1, "en"))
    await first.record_handled(100)
    await first.close()

    second = await SqlStore.open(url)

    assert await second.find_chat(1) == Chat(1, "en")
    assert await second.has_handled(100)
    assert not await second.has_handled(99)
    assert not await second.has_handled(101)
    await second.close()


async def test_an_update_is_handled_once_it_is_recorded(store: SqlStore) -> None:
    assert not await store.has_handled(7)

    await store.record_handled(7)
    await store.record_handled(7)

    assert await store.has_handled(7)


async def test_updates_that_finish_together_are_all_recorded(store: SqlStore) -> None:
    await asyncio.gather(*(store.record_handled(number) for number in range(1, 2001)))

    assert all([await store.has_handled(number) for number in (1, 2, 499, 500, 501, 1999, 2000)])


async def test_one_who_stops_waiting_does_not_keep_the_others_from_being_recorded(store: SqlStore) -> None:
    impatient = asyncio.create_task(store.record_handled(1))
    patient = asyncio.create_task(store.record_handled(2))
    await asyncio.sleep(0)
    impatient.cancel()

    await patient

    assert await store.has_handled(2)


async def test_updates_are_remembered_for_two_days(url: str) -> None:
    clock = Clock()
    store = await SqlStore.open(url, clock)
    await store.record_handled(1)
    clock.time += dt.timedelta(hours=47)
    await store.record_handled(2)
    assert await store.has_handled(1)

    clock.time += dt.timedelta(hours=2)
    await store.record_handled(3)

    assert [await store.has_handled(number) for number in (1, 2, 3)] == [False, True, True]
    await store.close()


async def test_moments_come_back_aware(url: str) -> None:
    moscow = dt.timezone(dt.timedelta(hours=3))
    store = await SqlStore.open(url, lambda: START.astimezone(moscow))
    await store.record_handled(1)
    await store.close()

    database = await connect(url)
    async with database.reading() as connection:
        handled_at = (await connection.execute(select(handled_updates.c.handled_at))).scalar_one()
        assert await connection.scalar(select(func.count()).select_from(handled_updates)) == 1
    await database.close()

    assert handled_at == START
    assert handled_at.tzinfo is not None


async def test_the_migrations_lead_to_the_schema(url: str) -> None:
    database = await connect(url)

    async with database.reading() as connection:
        columns = await connection.run_sync(
            lambda sync: {
                (table, column["name"], column["nullable"])
                for table in inspect(sync).get_table_names()
                for column in inspect(sync).get_columns(table)
                if table != "alembic_version"
            }
        )
    await database.close()

    assert columns == {
        (table.name, column.name, column.nullable)
        for table in metadata.tables.values()
        for column in table.columns
    }


async def test_opening_twice_migrates_once(url: str) -> None:
    for _ in range(2):
        await (await SqlStore.open(url)).close()


async def test_a_closed_database_is_unavailable_and_says_nothing_of_its_contents(url: str) -> None:
    store = await SqlStore.open(url)
    await store.close()
    broken = await connect(url)
    async with broken.writing() as connection:
        await connection.run_sync(metadata.drop_all)
    await broken.close()

    store = SqlStore(broken)
    with pytest.raises(StoreUnavailable) as caught:
        await store.save_chat(Chat(424242, "xx"))
    with pytest.raises(StoreUnavailable):
        await store.record_handled(1)
    await store.close()

    assert "424242" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_number_that_is_no_id_is_a_failure_of_the_store_and_not_of_the_program(
    store: SqlStore,
) -> None:
    with pytest.raises(StoreUnavailable):
        await store.find_chat(2**70)
    with pytest.raises(StoreUnavailable):
        await store.record_handled(2**70)


async def test_a_well_database_passes_its_check(store: SqlStore) -> None:
    await store.check()


async def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnavailable):
        await SqlStore.open(f"sqlite:///{tmp_path}/file/bot.db")


async def test_a_server_that_is_away_is_unavailable_without_its_password_being_told() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        await SqlStore.open("postgresql://bot:hunter22@127.0.0.1:1/bot")

    assert "hunter22" not in str(caught.value)


async def test_sqlite_is_set_up_to_lose_nothing_and_to_keep_nobody_waiting(tmp_path: Path) -> None:
    database = await connect(f"sqlite:///{tmp_path}/bot.db")

    async with database.writing() as writing, database.reading() as reading:
        found = [
            [
                (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
                for connection in (writing, reading)
            ]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        ]
    await database.close()

    assert found == [["wal", "wal"], [2, 2], [1, 1], [1000, 1000], [0, 1]]


async def test_while_another_process_writes_reading_goes_on_and_writing_is_refused_soon(
    tmp_path: Path,
) -> None:
    store = await SqlStore.open(f"sqlite:///{tmp_path}/bot.db")
    await store.save_chat(Chat(1, "ru"))
    loop = asyncio.get_running_loop()
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = loop.time()
        saving = [asyncio.create_task(store.save_chat(Chat(number, "en"))) for number in range(2, 5)]
        await asyncio.sleep(0.05)

        assert await store.find_chat(1) == Chat(1, "ru")
        assert loop.time() - started < 0.5
        outcomes = await asyncio.gather(*saving, return_exceptions=True)
        other.execute("ROLLBACK")

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert loop.time() - started < 5
    await store.save_chat(Chat(2, "en"))
    assert await store.find_chat(2) == Chat(2, "en")
    await store.close()


async def test_what_stands_in_a_channels_place_is_remembered(store: SqlStore) -> None:
    name = "@" + "a" * 32
    assert await store.find_channel(name) is None

    for number in (GROUP, GROUP - 1):
        await store.save_channel(name, number)

    assert await store.find_channel(name) == GROUP - 1


@pytest.mark.parametrize("damage", ["words", "hole"])
async def test_a_damaged_file_is_found_out_before_anything_is_changed(tmp_path: Path, damage: str) -> None:
    url, path = f"sqlite:///{tmp_path}/bot.db", tmp_path / "bot.db"
    assert await find_damage(url) is None
    store = await SqlStore.open(url)
    await store.save_chats(Chat(number, "ru") for number in range(1000))
    await store.close()
    assert await find_damage(url) is None
    if damage == "words":
        path.write_bytes(b"this is no database, only words " * 200)
    else:
        whole = path.read_bytes()
        path.write_bytes(whole[:8192] + b"\xff" * 16384 + whole[24576:])
    before = path.read_bytes()

    assert await find_damage(url)
    assert path.read_bytes() == before
