"""Backups: whole, restorable into either kind of database, and nothing is sent again without a person."""

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.store.backup import BackupRefused, check_file, restore
from bot.core.chat import Chat, StoreUnavailable
from bot.core.notices import changes
from bot.core.notices.due import Action, decide
from bot.core.notices.record import Entry
from bot.core.notices.states import Event, State
from tests.fakes_notices import NOW, make_drill, make_notice
from tests.notices.town import APPROVER, Town, lenient_policy, make_rules, open_town, until

TWO_HOURS = dt.timedelta(hours=2)


@pytest.fixture
def elsewhere(new_url: Callable[[], str]) -> str:
    """The URL of another empty database."""
    return new_url()


@pytest.fixture
async def town(url: str) -> AsyncIterator[Town]:
    """A town over either database."""
    async with open_town(url) as town:
        yield town


async def test_a_backup_has_every_row_and_is_whole(town: Town, tmp_path: Path) -> None:
    """T20."""
    await town.settle(600)
    await town.issue()
    town.rate = 1000
    async with town.delivering():  # it is in use meanwhile
        await until(lambda: len(town.phones.order) > 50)
        counts = await town.store.back_up(tmp_path / "backups" / "night.db", NOW)
        await until(town.is_quiet)

    copy = tmp_path / "backups" / "night.db"
    assert counts["chats"] == counts["chat_areas"] == counts["deliveries"] == 600
    assert check_file(copy) is None
    assert [one.name for one in copy.parent.iterdir()] == ["night.db"]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM deliveries").fetchone() == (600,)


async def test_a_restored_database_has_what_the_backup_had(
    town: Town, elsewhere: str, tmp_path: Path
) -> None:
    """T20, the drill: restored elsewhere, all rows are there and the file is whole."""
    await town.settle(20)
    await town.issue()
    await town.deliver_all()
    counts = await town.store.back_up(tmp_path / "night.db", NOW)

    restored = await restore(tmp_path / "night.db", elsewhere, NOW)

    assert restored == counts
    async with open_town(elsewhere) as other:
        assert await other.store.check_integrity() is None
        assert await other.store.find_chat(7) == Chat(7, "ru", frozenset({"roslavl"}))
        assert await other.progress("water-cut") == await town.progress("water-cut")
        history = await other.store.audit.history("water-cut")
        assert history == await town.store.audit.history("water-cut")
        # and it can be worked with: new rows get new ids
        await other.issue(make_notice(id="afterwards"))
        await other.deliver_all()
        assert (await other.progress("afterwards")).sent == 20


async def test_after_a_restore_nothing_is_sent_again_without_a_person(
    town: Town, url: str, tmp_path: Path
) -> None:
    """T10: in the two hours since the backup everything in it went out."""
    await town.settle(30)
    await town.submit(make_notice(id="later", publish="2026-11-22 13:00", expires="+8h"))
    await town.submit(make_drill(publish="2026-11-22 13:00", expires="+8h"))
    await town.submit(make_notice(id="weekly", publish="2026-11-22 13:00", repeat="FREQ=WEEKLY;COUNT=3"))
    await town.issue(make_notice(id="running"))
    await town.store.back_up(tmp_path / "backup.db", NOW)
    town.clock.pass_by(hours=2)
    await town.publish.tick()
    await town.deliver_all()
    await town.publish.tick()
    sent = len(town.phones.order)
    assert sent == 30 * 3 + 3
    await town.store.close()

    await restore(tmp_path / "backup.db", url, town.clock())
    async with open_town(url, phones=town.phones) as restored:
        restored.clock.time = NOW + TWO_HOURS
        for _ in range(3):
            await restored.publish.tick()
        await restored.deliver_all()
        states = {one.id: one.state for one in await restored.store.notices.list_notices()}
        assert len(town.phones.order) == sent
        assert states["running"] is State.STOPPED
        assert states["later"] is states["practice"] is State.HELD
        assert states["weekly@2026-11-22T13:00"] is State.HELD
        assert await restored.store.notices.is_fresh_from_backup()

        await restored.publish.release("later", APPROVER)
        await restored.do("running", Event.RESUME)
        await restored.deliver_all()
        assert len(town.phones.order) == sent + 60


async def test_what_was_planned_for_later_than_the_restore_waits_for_its_time_and_then_for_a_person(
    town: Town, tmp_path: Path, elsewhere: str
) -> None:
    await town.settle(1)
    await town.submit(make_notice(publish="2026-11-23 12:00"))
    await town.publish.tick()
    await town.store.back_up(tmp_path / "backup.db", NOW)
    await restore(tmp_path / "backup.db", elsewhere, NOW)

    async with open_town(elsewhere) as restored:
        record = await restored.find("water-cut")
        plan = changes.plan(record, make_rules(policy=lenient_policy()))
        assert decide(plan, NOW).action is Action.WAIT
        assert decide(plan, NOW + dt.timedelta(days=1)).action is Action.HOLD


async def test_what_a_killed_process_left_in_a_second_file_comes_along(
    elsewhere: str, tmp_path: Path
) -> None:
    (tmp_path / "left").mkdir()
    store = await SqlStore.open(f"sqlite:///{tmp_path}/live.db")
    await store.save_chat(Chat(1, "ru"))
    for ending in ("", "-wal", "-shm"):
        shutil.copy(tmp_path / f"live.db{ending}", tmp_path / "left")
    await store.close()
    assert (tmp_path / "left" / "live.db-wal").stat().st_size

    counts = await restore(tmp_path / "left" / "live.db", elsewhere, NOW)

    assert counts["chats"] == 1


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "truncated", "foreign"])
async def test_what_is_no_backup_is_refused_and_changes_nothing(
    store: SqlStore, url: str, tmp_path: Path, damage: str
) -> None:
    await store.save_chat(Chat(1, "ru"))
    backup = tmp_path / "backup.db"
    if damage == "empty":
        backup.touch()
    elif damage == "text":
        backup.write_text("this is not a database at all, only words " * 50)
    elif damage == "truncated":
        await store.back_up(backup, NOW)
        backup.write_bytes(backup.read_bytes()[:20_000])
    elif damage == "foreign":
        with closing(sqlite3.connect(backup)) as connection:
            connection.execute("CREATE TABLE other (id)")

    with pytest.raises((BackupRefused, StoreUnavailable)):
        await restore(backup, url, NOW)

    assert await store.find_chat(1) == Chat(1, "ru")


async def test_the_log_cannot_be_changed_and_is_exported_whole(store: SqlStore) -> None:
    entries = [Entry(NOW, "stopped", f"notice-{n}", 1, 501, "почему") for n in range(1200)]
    await store.audit.record(*entries)

    for statement in ("UPDATE audit SET who = 1", "DELETE FROM audit"):
        with pytest.raises(Exception, match="append-only"):
            async with store._database.writers.begin() as connection:
                await connection.exec_driver_sql(statement)
    lines = [json.loads(line) async for line in store.audit.export()]
    assert len(lines) == 1200
    assert lines[7] == {
        "id": 8,
        "at": NOW.isoformat(),
        "who": 501,
        "what": "stopped",
        "notice_id": "notice-7",
        "revision": 1,
        "detail": "почему",
    }
    assert await store.audit.history("notice-7") == (entries[7],)
