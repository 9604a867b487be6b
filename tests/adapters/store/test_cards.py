"""The cards in operators' chats outlive a process, each under its person and message."""

import datetime as dt
from pathlib import Path

from bot.adapters.store import SqlStore
from bot.core.notices.console.followed import FollowedCard, Purpose

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
ASKED = FollowedCard(501, 7, "water-cut", 1, Purpose.ASKED, "in_review 0a1b2c3d")
LIVE = FollowedCard(502, 8, "water-cut@2026-12-02T09:00", 2, Purpose.LIVE)


async def test_the_next_process_finds_the_cards_of_the_last_one(url: str) -> None:
    first = await SqlStore.open(url)
    await first.cards.keep_cards((LIVE, ASKED))
    await first.cards.keep_cards(())
    await first.close()

    second = await SqlStore.open(url)
    assert await second.cards.list_cards() == (ASKED, LIVE)
    await second.close()


async def test_a_message_shows_one_notice_and_then_perhaps_another(url: str) -> None:
    store = await SqlStore.open(url)
    await store.cards.keep_cards((ASKED,))
    opened = FollowedCard(ASKED.person, ASKED.message_id, "siren-check", 1, Purpose.OPENED)

    await store.cards.keep_cards((opened,))
    assert await store.cards.list_cards() == (opened,)

    await store.cards.forget_cards((opened, LIVE))
    assert await store.cards.list_cards() == ()
    await store.close()


async def test_no_backup_holds_them(tmp_path: Path) -> None:
    store = await SqlStore.open(f"sqlite:///{tmp_path}/bot.db")
    await store.cards.keep_cards((ASKED,))

    counts = await store.back_up(tmp_path / "backup" / "copy.db", NOW)

    assert "operator_cards" not in counts
    assert b"0a1b2c3d" not in (tmp_path / "backup" / "copy.db").read_bytes()
    await store.close()
