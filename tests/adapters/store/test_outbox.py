"""The outbox's contract, on SQLite and on PostgreSQL alike."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Self

import aiosqlite
import pytest

from bot.adapters.store import tallies
from bot.core.chat import Chat
from bot.core.message import Room
from bot.core.notices import changes
from bot.core.notices.audience import recipients
from bot.core.notices.delivery import (
    Ambiguous,
    DeliveryState,
    Migrated,
    Outcome,
    Progress,
    Sent,
    Task,
    Throttled,
    Unreachable,
    conclude,
    hand_back,
)
from bot.core.notices.record import Claim, EmptyAudience, Mailing, Marked
from bot.core.notices.states import Event, State
from tests.fakes_notices import AREAS, NOW, make_drill, make_notice
from tests.notices.test_endings import make_change
from tests.notices.town import APPROVER, AUTHOR, CHANNEL, Town, lenient_policy, make_rules, open_town

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
async def town(url: str) -> AsyncIterator[Town]:
    """A town over either database."""
    async with open_town(url) as town:
        yield town


async def claim(town: Town, most: int = 100, task: Task = Task.SEND) -> tuple[Claim, ...]:
    """Claim from the mailing of the notice in the tests."""
    for mailing in await town.store.outbox.open_mailings():
        if mailing.notice_id == "water-cut" and mailing.task is task:
            return await town.store.outbox.claim(mailing, most, town.clock())
    return ()


async def mark(town: Town, claims: tuple[Claim, ...], outcome: Outcome) -> None:
    """Write down that these attempts all ended so."""
    now = town.clock()
    gone = isinstance(outcome, Unreachable)
    await town.store.outbox.record(
        [Marked(one, conclude(one.delivery, outcome, now), gone) for one in claims], now
    )


async def test_an_attempt_is_written_down_by_the_claim(town: Town) -> None:
    await town.settle(5)
    await town.issue()

    claims = await claim(town, 2)

    assert [one.delivery.chat_id for one in claims] == [1, 2]
    assert {one.delivery.state for one in claims} == {DeliveryState.SENDING}
    assert {one.delivery.attempts for one in claims} == {1}
    assert await town.progress("water-cut") == Progress(queued=3, sending=2)


async def test_nobody_is_claimed_twice(town: Town) -> None:
    await town.settle(5)
    await town.issue()

    claimed = [one.delivery.chat_id for _ in range(4) for one in await claim(town, 2)]

    assert claimed == [1, 2, 3, 4, 5]


async def test_each_outcome_leaves_the_row_where_the_core_says(town: Town) -> None:
    await town.settle(4)
    await town.issue()
    first, second, third, fourth = await claim(town)

    await mark(town, (first,), Sent(77))
    await mark(town, (second,), Unreachable("bot was blocked by the user"))
    await mark(town, (third,), Ambiguous("timeout"))
    await mark(town, (fourth,), Throttled(dt.timedelta(seconds=30)))

    assert await town.progress("water-cut") == Progress(sent=1, refused=1, queued=2)
    again = await claim(town)
    assert [(one.delivery.chat_id, one.delivery.doubts) for one in again] == [(3, 1)]
    town.clock.pass_by(seconds=30)
    assert [one.delivery.chat_id for one in await claim(town)] == [4]


async def test_only_an_explicit_refusal_ends_a_subscription(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    first, second = await claim(town)

    await mark(town, (first,), Unreachable("bot was blocked by the user"))
    await mark(town, (second,), Ambiguous("timeout"))

    assert await town.store.find_chat(1) == Chat(1, "ru")
    assert await town.store.find_chat(2) == Chat(2, "ru", frozenset({"roslavl"}))


async def test_an_outcome_counts_only_for_its_own_attempt(town: Town) -> None:
    await town.settle(1)
    await town.issue()
    (old,) = await claim(town)
    await town.store.outbox.recover(town.clock())
    (new,) = await claim(town)

    await mark(town, (old,), Sent(1))

    assert new.delivery.attempts == 2
    assert await town.progress("water-cut") == Progress(sending=1)


async def test_what_an_ended_process_left_goes_to_the_end_of_the_queue_and_twice_is_uncertain(
    town: Town,
) -> None:
    await town.settle(3)
    await town.issue()
    await claim(town, 1)
    town.clock.pass_by(seconds=1)

    found = await town.store.outbox.recover(town.clock())
    order = [one.delivery.chat_id for one in await claim(town)]
    await town.store.outbox.recover(town.clock())

    assert [one.delivery.chat_id for one in found] == [1]
    assert order == [2, 3, 1]
    assert [one.chat_id for one in await town.store.outbox.list_uncertain("water-cut")] == [1]
    assert await town.progress("water-cut") == Progress(queued=2, uncertain=1)


async def test_a_row_whose_message_never_left_keeps_its_place(town: Town) -> None:
    await town.settle(3)
    await town.issue()
    first, *_ = await claim(town, 1)

    await town.store.outbox.record([Marked(first, hand_back(first.delivery))], town.clock())

    assert [(one.delivery.chat_id, one.delivery.attempts) for one in await claim(town)] == [
        (1, 1),
        (2, 1),
        (3, 1),
    ]


async def test_a_group_that_moved_gets_it_under_its_new_id(town: Town) -> None:
    await town.add_group(-5)
    await town.issue()

    await mark(town, await claim(town), Migrated(-1005))

    (again,) = await claim(town)
    assert again.delivery.chat_id == -1005
    moved = await town.store.find_chat(-1005)
    assert moved is not None
    assert moved.is_subscribed
    assert await town.store.find_chat(-5) is None


async def test_a_group_whose_new_id_has_a_copy_gets_no_second_one(town: Town) -> None:
    await town.add_group(-5)
    await town.add_group(-1005)
    await town.issue()
    claims = await claim(town)

    await mark(town, tuple(one for one in claims if one.delivery.chat_id == -5), Migrated(-1005))

    assert await claim(town) == ()
    assert await town.progress("water-cut") == Progress(sending=1, refused=1)


async def test_a_stopped_mailing_gives_nothing_even_to_whoever_has_just_looked_it_up(town: Town) -> None:
    await town.settle(3)
    await town.issue()
    (mailing,) = await town.store.outbox.open_mailings()
    await town.do("water-cut", Event.STOP)

    assert await town.store.outbox.claim(mailing, 10, town.clock()) == ()
    assert await town.store.outbox.open_mailings() == ()


@pytest.mark.parametrize("areas", [("roslavl",), ("roslavl", "vyazma"), ("smolensk-region",), "all"])
async def test_the_recipients_and_their_order_are_those_that_the_core_says(town: Town, areas: object) -> None:
    chats = [
        Chat(1, "ru", frozenset({"smolensk-region"})),
        Chat(2, "ru", frozenset({"roslavl", "vyazma"})),
        Chat(3, "ru", frozenset({"vyazma"})),
        Chat(-4, "ru", frozenset({"smolensk-region"}), room=Room.GROUP),
        Chat(-5, "ru", frozenset({"roslavl"}), room=Room.GROUP),
        Chat(-6, "ru", frozenset({"smolensk-region"}), room=Room.CHANNEL),
        Chat(2**52 - 1, "en", frozenset({"roslavl", "smolensk-region"})),
        Chat(8, "ru"),
        Chat(9, "ru", frozenset({"a-place-that-the-map-has-lost"})),
    ]
    await town.store.save_chats(chats)
    notice = make_notice(areas=areas)
    await town.issue(notice)

    claimed = [one.delivery.chat_id for one in await claim(town)]

    assert claimed == [one.id for one in recipients(notice, chats, AREAS)]


async def test_an_empty_audience_changes_nothing(town: Town) -> None:
    await town.settle(2, area="vyazma")
    await town.submit(make_notice())
    record = await town.find("water-cut")
    await town.apply(changes.scheduled(record, town.clock(), town.rules))
    waiting = await town.find("water-cut")

    with pytest.raises(EmptyAudience):
        await town.apply(changes.begun(waiting, (), town.clock(), town.rules))

    assert await town.find("water-cut") == waiting
    assert await town.store.outbox.open_mailings() == ()
    assert "begun" not in [one.what for one in await town.store.audit.history("water-cut")]


async def test_a_person_who_leaves_is_not_sent_to_and_the_counts_stay_right(town: Town) -> None:
    await town.settle(4)
    await town.issue()
    claims = await claim(town, 2)
    await mark(town, claims[:1], Sent(1))

    for person in (1, 2, 3):
        await town.store.forget_chat(person)
    await mark(town, claims[1:], Sent(2))

    assert await town.progress("water-cut") == Progress(sent=2, dropped=1, queued=1)
    await mark(town, await claim(town), Sent(4))
    await town.issue(make_change("correction"))
    open_ones = {one.notice_id: one for one in await town.store.outbox.open_mailings()}
    correction = open_ones["water-cut-correction"]
    reached = await town.store.outbox.claim(correction, 100, town.clock())
    assert [one.delivery.chat_id for one in reached] == [4]


async def test_who_unsubscribes_while_it_is_sent_gets_no_more_of_it_and_others_do(town: Town) -> None:
    await town.settle(5)
    await town.issue()
    first, doubted, *_ = await claim(town, 2)
    await mark(town, (first,), Sent(1))
    await mark(town, (doubted,), Ambiguous("timeout"))

    for person in (1, 2, 3):
        await town.store.save_chat(Chat(person, "ru"))
    await town.store.save_chat(Chat(4, "en", frozenset({"roslavl", "vyazma"})))  # changes its mind, and stays

    assert [one.delivery.chat_id for one in await claim(town)] == [4, 5]
    assert await town.progress("water-cut") == Progress(sent=1, uncertain=1, dropped=1, sending=2)


@pytest.mark.parametrize(
    ("outcome", "progress"),
    [
        (Throttled(SECOND), Progress(dropped=2, sending=1)),
        (Ambiguous("timeout"), Progress(uncertain=2, sending=1)),
        (Sent(5), Progress(sent=2, sending=1)),
    ],
    ids=["not sent", "in doubt", "sent"],
)
async def test_who_leaves_while_it_is_on_its_way_is_not_sent_to_again(
    town: Town, outcome: Outcome, progress: Progress
) -> None:
    await town.settle(3)
    await town.issue()
    claims = await claim(town)
    await town.store.save_chat(Chat(1, "ru"))
    await town.store.forget_chat(2)

    await mark(town, claims[:2], outcome)

    town.clock.pass_by(minutes=1)
    assert await town.progress("water-cut") == progress
    assert await claim(town) == ()


async def test_who_leaves_during_an_attempt_that_a_crash_ends_is_not_sent_to_again(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    await claim(town)
    await town.store.save_chat(Chat(1, "ru"))

    await town.store.outbox.recover(town.clock())

    assert await town.progress("water-cut") == Progress(uncertain=1, queued=1)


async def test_copies_of_people_who_were_forgotten_are_not_edited(town: Town) -> None:
    await town.settle(4)
    await town.issue()
    arrived, late, throttled, _ = await claim(town)
    await mark(town, (arrived,), Sent(1))
    await end(town, Event.EXPIRE)
    await town.store.forget_chat(2)
    await mark(town, (late,), Sent(2))
    await mark(town, (throttled,), Sent(3))
    (edit, other) = await claim(town, task=Task.EDIT)
    await town.store.forget_chat(1)
    await mark(town, (edit,), Throttled(SECOND))
    await mark(town, (other,), Sent(3))
    town.clock.pass_by(days=20)
    await town.store.outbox.forget_recipients(town.clock())

    await end(town, Event.WITHDRAW)

    assert await claim(town, task=Task.EDIT) == ()


async def test_who_unsubscribes_still_has_a_wrong_copy_put_right(town: Town) -> None:
    await town.settle(1)
    await town.issue()
    await mark(town, await claim(town), Sent(1))
    await town.issue(make_change("correction"))

    await town.store.save_chat(Chat(1, "ru"))

    assert [one.delivery.chat_id for one in await claim(town, task=Task.EDIT)] == [1]
    assert await town.progress("water-cut-correction") == Progress(dropped=1)


async def test_an_operator_without_places_who_changes_the_language_still_gets_the_drill(town: Town) -> None:
    await town.issue(make_drill(id="water-cut"))

    await town.store.save_chat(Chat(AUTHOR, "en"))

    assert AUTHOR in [one.delivery.chat_id for one in await claim(town)]


async def test_who_got_a_notice_is_forgotten_after_its_end_and_the_counts_stay_right(town: Town) -> None:
    await town.settle(3)
    await town.issue()
    await mark(town, await claim(town, 3), Sent(1))
    before_its_end = town.clock()
    await town.issue(make_change("correction"))
    town.clock.pass_by(days=15)

    assert await town.store.outbox.forget_recipients(before_its_end) == 0
    assert await town.store.outbox.forget_recipients(town.clock()) == 3

    assert await town.progress("water-cut") == Progress(sent=3)
    assert await town.store.outbox.forget_recipients(town.clock()) == 0


async def test_a_month_after_its_end_only_the_counts_of_a_notice_are_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "AT_A_TIME", 2)
    town.publish.rules = make_rules(policy=lenient_policy(), channel=CHANNEL)
    await town.settle(5)
    await town.issue()
    for outcome, count in (
        (Sent(1), 3),
        (Unreachable("bot was blocked by the user"), 2),
        (Ambiguous("?"), 1),
    ):
        await mark(town, await claim(town, count), outcome)
    await end(town, Event.WITHDRAW)
    await mark(town, await claim(town, task=Task.EDIT), Sent(1))
    before = [await town.store.outbox.progress("water-cut", 1, task) for task in (Task.SEND, Task.EDIT)]
    reached = await town.store.audiences.reached("water-cut", 1)
    await town.issue(make_notice(id="of-today"))
    assert (before[0].total, before[1].total, reached) == (6, 3, 5)

    assert await town.store.outbox.sum_up(town.clock()) == 0
    town.clock.pass_by(days=1)
    assert await town.store.outbox.sum_up(town.clock()) == 9

    after = [await town.store.outbox.progress("water-cut", 1, task) for task in (Task.SEND, Task.EDIT)]
    assert after == before
    assert await town.store.audiences.reached("water-cut", 1) == reached
    async with town.store._database.reading() as connection:
        for table in ("deliveries", "mailings"):
            left = await connection.exec_driver_sql(f"SELECT DISTINCT notice_id FROM {table}")  # noqa: S608
            assert left.scalars().all() == ["of-today"]
    assert await town.store.outbox.sum_up(town.clock()) == 0


async def test_a_copy_that_arrives_after_the_end_is_edited_and_corrected_as_well(town: Town) -> None:
    await town.settle(3)
    await town.issue()
    in_flight = await claim(town, 1)
    await town.issue(make_change("correction"))
    assert await town.progress("water-cut") == Progress(sending=1, dropped=2)
    assert await town.progress("water-cut-correction") == Progress()

    await mark(town, in_flight, Sent(33))

    mailings = {(one.notice_id, one.task): one for one in await town.store.outbox.open_mailings()}
    (edit,) = await town.store.outbox.claim(mailings["water-cut", Task.EDIT], 9, town.clock())
    (correction,) = await town.store.outbox.claim(
        mailings["water-cut-correction", Task.SEND], 9, town.clock()
    )
    assert (edit.delivery.chat_id, edit.reply_to) == (1, 33)
    assert (correction.delivery.chat_id, correction.reply_to) == (1, 33)


async def end(town: Town, event: Event) -> None:
    """Let the notice in the tests end so."""
    ended = changes.ended(await town.find("water-cut"), event, town.clock(), town.rules, AUTHOR)
    await town.apply(ended)


class Steps:
    """Steps of SQLite's machine, and statements: what work costs, on a busy computer too."""

    def __init__(self, driver: aiosqlite.Connection) -> None:
        self._driver = driver
        self.steps = self.statements = 0

    async def __aenter__(self) -> Self:
        await self._driver.set_progress_handler(self._step, 1)
        await self._driver.set_trace_callback(self._state)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._driver.set_progress_handler(None, 1)  # type: ignore[arg-type] # None takes it away
        await self._driver.set_trace_callback(None)  # type: ignore[arg-type] # the same

    def _step(self) -> int:
        self.steps += 1
        return 0

    def _state(self, _: str) -> None:
        self.statements += 1


async def cost_of_outcomes(town: Town, residents: int) -> list[tuple[int, int]]:
    """Correct a notice that all but one have got; return what an edit's and a late copy's outcome cost."""
    await town.settle(residents)
    await town.issue()
    late = await claim(town, 1)
    await mark(town, await claim(town, residents), Sent(1))
    await town.issue(make_change("correction"))
    edit = await claim(town, 1, Task.EDIT)
    async with town.store._database.writers.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, aiosqlite.Connection)
    costs = []
    for claims in (edit, late):
        async with Steps(driver) as took:
            await mark(town, claims, Sent(2))
        costs.append((took.steps, took.statements))
    assert (await town.store.outbox.progress("water-cut", 1, Task.EDIT)).total == residents
    assert (await town.progress("water-cut-correction")).total == residents
    return costs


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
async def test_what_an_outcome_costs_does_not_grow_with_the_recipients(new_url: Callable[[], str]) -> None:
    """A correction of 100,000 copies is otherwise done after days."""
    costs = []
    for residents in (20, 2000):
        async with open_town(new_url()) as town:
            costs.append(await cost_of_outcomes(town, residents))

    (_, statements), _ = costs[0]
    assert statements == 3  # begin, mark, commit: nothing follows from an edit
    for few, many in zip(*costs, strict=True):
        assert many[1] == few[1] < 15
        assert many[0] < few[0] * 1.2


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
async def test_what_a_late_copy_costs_does_not_grow_with_earlier_notices(new_url: Callable[[], str]) -> None:
    costs = []
    for earlier in (0, 30):
        async with open_town(new_url()) as town:
            for number in range(earlier):
                await town.issue(make_notice(id=f"earlier-{number}", areas=("vyazma",)))
                await town.issue(make_change("correction", of=f"earlier-{number}", areas=("vyazma",)))
            costs.append(await cost_of_outcomes(town, 3))

    (_, before), (_, after) = costs
    assert after[1] == before[1]
    assert after[0] < before[0] * 1.2


async def test_who_got_wrong_words_late_is_not_told_more_that_was_taken_back_as_well(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    late = await claim(town, 1)
    await mark(town, await claim(town), Sent(1))
    await town.issue(make_change("correction"))
    await town.issue(make_change("withdrawal", of="water-cut-correction"))

    await mark(town, late, Sent(2))

    assert (await town.store.outbox.progress("water-cut", 1, Task.EDIT)).total == 2
    assert await town.progress("water-cut-correction") == Progress(dropped=1)


async def test_an_attempt_that_fails_after_the_end_is_not_repeated(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    claims = await claim(town)
    await town.issue(make_change("correction"))

    await mark(town, claims[:1], Throttled(SECOND))
    await mark(town, claims[1:], Ambiguous("timeout"))

    assert await town.progress("water-cut") == Progress(dropped=1, uncertain=1)
    assert (await town.progress("water-cut-correction")).total == 1


async def test_an_edit_under_way_counts_for_nothing_once_the_words_have_changed_again(town: Town) -> None:
    await town.settle(1)
    await town.issue()
    await mark(town, await claim(town), Sent(5))
    await town.publish.tick()
    town.clock.pass_by(hours=4)
    await town.publish.tick()
    old = await claim(town, task=Task.EDIT)
    await town.issue(make_change("withdrawal"))

    await mark(town, old, Sent(5))

    (new,) = await claim(town, task=Task.EDIT)
    assert new.delivery.state is DeliveryState.SENDING


async def test_what_was_rendered_and_asked_for_comes_back_as_it_was(town: Town) -> None:
    town.publish.rules = make_rules(policy=lenient_policy(), channel=CHANNEL)
    await town.settle(1)
    record = await town.issue(make_notice(severity="Minor"))

    (mailing,) = await town.store.outbox.open_mailings()

    change = changes.begun(replace(record, state=State.SCHEDULED), (), town.clock(), town.publish.rules)
    assert change.launch is not None
    expected: Mailing = change.launch.mailing
    assert mailing == expected
    assert mailing.words["ru"].buttons


async def test_the_lane_is_kept(town: Town) -> None:
    assert await town.store.outbox.find_lane() is None

    await town.store.outbox.save_lane(24.0, None)
    await town.store.outbox.save_lane(7.5, NOW)

    assert await town.store.outbox.find_lane() == (7.5, NOW)


async def test_a_mailing_is_done_when_every_row_is_final(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    claims = await claim(town)
    await mark(town, claims[:1], Sent(1))
    await town.store.outbox.close_finished(town.clock())
    before = await town.is_quiet()

    await mark(town, claims[1:], Sent(2))
    await town.store.outbox.close_finished(town.clock())

    assert not before
    assert await town.is_quiet()


async def test_a_walk_from_submission_to_correction(town: Town) -> None:
    """The whole way on either database, with the real delivering."""
    town.rules = town.publish.rules = make_rules()
    await town.settle(120)
    await town.submit(make_notice(severity="Severe"))
    await town.approve("water-cut", APPROVER)
    await town.publish.tick()
    await town.deliver_all()
    await town.publish.tick()
    await town.issue(make_change("withdrawal"))
    await town.deliver_all()
    await town.publish.tick()

    assert (await town.find("water-cut")).state is State.CANCELLED
    assert (await town.find("water-cut-withdrawal")).state is State.ACTIVE
    assert {len(copies) for copies in town.phones.copies.values()} == {2}
    assert all(copies[0].edits for copies in town.phones.copies.values())
    log = [one.what for one in await town.store.audit.history("water-cut")]
    assert log == ["submitted", "approved", "begun", "finish", "cancelled"]
