"""Correcting, withdrawing, clearing and expiring: what those who have the old words see, and only those."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.core.message import Room
from bot.core.notices import review
from bot.core.notices.delivery import Ambiguous, Outcome, Progress
from bot.core.notices.freezing import missing_people
from bot.core.notices.news import News
from bot.core.notices.notice import Notice
from bot.core.notices.record import Change, Origin
from bot.core.notices.states import Event, State
from tests.factories import in_both
from tests.fakes import Phones
from tests.fakes_notices import NOW, make_notice
from tests.notices.town import APPROVER, AUTHOR, CHANNEL, THIRD, Town, lenient_policy, make_rules, until


def make_change(kind: str, of: str = "water-cut", **changes: Any) -> Notice:
    """Return a notice that changes another one."""
    fields: dict[str, dict[str, Any]] = {
        "correction": {"message_type": "Update", "was_wrong": in_both("Улица не та.", "The wrong street.")},
        "update": {"message_type": "Update"},
        "withdrawal": {"message_type": "Cancel", "was_wrong": in_both("Ошибка.", "A mistake.")},
        "all-clear": {"message_type": "Cancel", "response_type": ("AllClear",)},
    }
    return make_notice(**({"id": f"{of}-{kind}", "references": (of,)} | fields[kind] | changes))


async def test_a_correction_edits_the_copies_and_rings_for_exactly_those_who_have_it(town: Town) -> None:
    await town.settle(20)
    await town.issue()
    await town.deliver_all()
    await town.settle(5, first=100)  # they came later and never saw the wrong words

    town.clock.pass_by(minutes=5)
    await town.issue(make_change("correction"))
    await town.deliver_all()

    assert (await town.find("water-cut")).state is State.SUPERSEDED
    assert set(town.phones.copies) == set(range(1, 21))
    for first, second in town.phones.copies.values():
        assert "corrected ru" in first.shown
        assert second.reply_to == first.message_id
        assert not second.silent
        assert "true_now ru" in second.words


async def test_a_copy_is_marked_before_its_correction_rings(town: Town) -> None:
    await town.settle(5)
    await town.issue()
    await town.deliver_all()
    town.rate = 100  # one by one, as on the way to Telegram
    seen: dict[int, list[tuple[int, bool]]] = {}

    def look(chat_id: int) -> Outcome | None:
        copies = town.phones.copies[chat_id]
        seen.setdefault(chat_id, []).append((len(copies), bool(copies[0].edits)))
        return None

    town.phones.meets = look
    # By their names the correction comes first, as those from the template do before the drone's.
    await town.issue(make_change("correction", id="a-correction"))
    await town.deliver_all()

    edited_then_answered = [(1, False), (1, True)]
    assert list(seen.values()) == [edited_then_answered] * 5


async def test_a_correction_during_the_run_stops_the_wrong_words_at_once(town: Town) -> None:
    """T14: the rest never gets them, those who have them all hear, nobody else does."""
    town.phones.takes = 0.01
    town.rate = 400
    await town.settle(400)
    await town.issue()
    async with town.delivering():
        await until(lambda: len(town.phones.order) >= 100)
        correction = await town.issue(make_change("correction"))
        at_decision = set(town.phones.order)
        await until(town.is_quiet)

    have_wrong = {chat for chat, copies in town.phones.copies.items() if "Чинят" in copies[0].words}
    corrected = {chat for chat, copies in town.phones.copies.items() if len(copies) == 2}
    in_flight = have_wrong - at_decision
    assert correction.state is State.PUBLISHING
    assert len(in_flight) <= 2 * 0.3 * 400  # far less than two seconds of sends
    assert corrected == have_wrong
    assert all("corrected ru" in copies[0].shown for copies in town.phones.copies.values())
    progress = await town.progress("water-cut")
    assert progress.sent == len(have_wrong)
    assert progress.dropped == 400 - len(have_wrong)
    assert await town.progress(correction.id) == Progress(sent=len(have_wrong))


@dataclass
class TimedPhones(Phones):
    """Phones that note when each copy came or changed, by the clock that really passes."""

    came: list[tuple[float, str]] = field(default_factory=list)

    async def send(self, prepared: str, chat_id: int, silent: bool, reply_to: int | None = None) -> Outcome:
        """Put a copy on the phone and note the moment."""
        outcome = await super().send(prepared, chat_id, silent, reply_to)
        self.came.append((asyncio.get_running_loop().time(), prepared))
        return outcome

    async def edit(self, prepared: str, chat_id: int, message_id: int) -> Outcome:
        """Change a copy and note the moment."""
        outcome = await super().edit(prepared, chat_id, message_id)
        self.came.append((asyncio.get_running_loop().time(), prepared))
        return outcome


@pytest.mark.parametrize("kind", ["correction", "withdrawal"])
@pytest.mark.parametrize("rate", [24.0, 400.0])
async def test_within_two_seconds_nobody_gets_the_wrong_words_any_more_and_the_right_ones_begin(
    town: Town, kind: str, rate: float
) -> None:
    """T14, timed: at the rate of one bot, and at full speed."""
    phones = town.phones = TimedPhones(takes=0.02)
    town.rate = rate
    await town.settle(round(rate * 4))
    await town.issue()
    async with town.delivering():
        await until(lambda: len(phones.order) >= rate / 2)
        await town.issue(make_change(kind))
        decided = asyncio.get_running_loop().time()
        await until(town.is_quiet, within=30)

    # Whatever takes the words back says what was wrong: the edit of a copy and the message behind it.
    last_wrong = max(at for at, words in phones.came if "was_wrong ru" not in words)
    first_right = min(at for at, words in phones.came if "was_wrong ru" in words)
    assert last_wrong - decided <= 2
    assert first_right - decided <= 2
    assert rate / 2 <= len(phones.copies) < rate * 4
    assert all(len(copies) == 2 and copies[0].edits for copies in phones.copies.values())


async def test_a_withdrawal_rings_and_leaves_no_button_and_no_level(town: Town) -> None:
    await town.settle(3)
    await town.issue()
    await town.deliver_all()

    withdrawal = await town.issue(make_change("withdrawal", severity="Extreme"))
    await town.deliver_all()

    assert withdrawal.state is State.PUBLISHING
    assert (await town.find("water-cut")).state is State.CANCELLED
    first, second = town.phones.copies[1]
    assert "cancelled ru" in first.shown
    assert second.words.startswith("withdrawal ru")


async def test_whoever_may_have_the_wrong_words_hears_the_correction_too(town: Town) -> None:
    await town.settle(3)
    town.phones.meets = lambda chat: Ambiguous("timeout") if chat == 2 else None
    await town.issue()
    await town.deliver_all()
    town.phones.meets = lambda _: None

    await town.issue(make_change("correction"))
    await town.deliver_all()

    assert [len(town.phones.copies[chat]) for chat in (1, 2, 3)] == [2, 3, 2]
    assert (await town.progress("water-cut")) == Progress(sent=2, uncertain=1)


async def test_an_update_goes_to_the_place_and_answers_the_copy_where_there_is_one(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    await town.deliver_all()
    await town.settle(1, first=100)

    town.clock.pass_by(minutes=5)
    await town.issue(make_change("update"))
    await town.deliver_all()

    assert town.phones.copies[1][1].reply_to == town.phones.copies[1][0].message_id
    assert town.phones.copies[100][0].reply_to is None
    assert (await town.find("water-cut")).state is State.SUPERSEDED


async def test_an_all_clear_marks_the_notice_as_cleared_and_is_itself_never_over(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    await town.deliver_all()

    await town.issue(make_change("all-clear"))
    await town.deliver_all()
    await town.publish.tick()
    town.clock.pass_by(hours=4)
    await town.publish.tick()
    await town.deliver_all()

    assert (await town.find("water-cut")).state is State.CLEARED
    assert (await town.find("water-cut-all-clear")).state is State.EXPIRED
    notice, all_clear = town.phones.copies[1]
    assert "cleared ru" in notice.shown
    assert not all_clear.edits


async def test_an_expired_notice_says_so_where_it_was_delivered_and_the_rest_never_get_it(
    town: Town,
) -> None:
    await town.settle(40)
    town.rate = 50
    town.phones.takes = 0.05
    await town.issue()
    async with town.delivering():
        await until(lambda: len(town.phones.order) >= 10)
        town.clock.pass_by(hours=4)
        await town.publish.tick()
        await until(town.is_quiet)

    assert (await town.find("water-cut")).state is State.EXPIRED
    assert 10 <= len(town.phones.copies) < 40
    assert all("expired ru" in copies[0].shown for copies in town.phones.copies.values())
    assert News.ENDED in town.operators.news


async def test_copies_of_an_expired_notice_change_once_more_when_it_is_withdrawn(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    await town.deliver_all()
    await town.publish.tick()
    town.clock.pass_by(hours=4)
    await town.publish.tick()
    await town.deliver_all()

    await town.issue(make_change("withdrawal"))
    await town.deliver_all()

    copy = town.phones.copies[1][0]
    assert ["expired ru" in edit for edit in copy.edits] == [True, False]
    assert "cancelled ru" in copy.shown


@pytest.mark.parametrize("kind", ["all-clear", "update"])
async def test_where_an_end_is_withdrawn_the_danger_is_in_force_again_on_every_phone(
    town: Town, kind: str
) -> None:
    await town.settle(2)
    await town.issue()
    await town.deliver_all()
    await town.issue(make_change(kind))
    await town.deliver_all()
    ended = await town.find("water-cut")

    town.clock.pass_by(minutes=5)
    await town.issue(make_change("withdrawal", of=f"water-cut-{kind}"))
    await town.deliver_all()

    again, copy = await town.find("water-cut"), town.phones.copies[1][0]
    assert ended.state in (State.CLEARED, State.SUPERSEDED)
    assert (again.state, again.ended_by) == (State.ACTIVE, None)
    assert len(copy.edits) == 2
    assert copy.shown == copy.words
    assert News.REOPENED in town.operators.news
    town.clock.pass_by(hours=4)
    await town.publish.tick()
    await town.deliver_all()
    assert "expired ru" in copy.shown


async def test_a_withdrawn_correction_puts_nothing_wrong_into_force_again(town: Town) -> None:
    await town.settle(2)
    await town.issue()
    await town.deliver_all()
    await town.issue(make_change("correction"))
    await town.deliver_all()

    await town.issue(make_change("withdrawal", of="water-cut-correction"))

    assert (await town.find("water-cut")).state is State.SUPERSEDED


async def test_stopping_holds_the_rest_and_going_on_reaches_it(town: Town) -> None:
    town.rate, town.phones.takes = 200, 0.01
    await town.settle(100)
    await town.issue()
    async with town.delivering():
        await until(lambda: len(town.phones.order) >= 20)
        await town.do("water-cut", Event.STOP)
        await until(lambda: not town.deliver.speed.in_flight)
        await until(_is_still(town))
        stopped_at = len(town.phones.order)
        await town.do("water-cut", Event.RESUME)
        await until(town.is_quiet)

    assert stopped_at < 100
    assert sorted(town.phones.order) == list(range(1, 101))


def _is_still(town: Town) -> Any:
    seen: list[int] = []

    def check() -> bool:
        seen.append(len(town.phones.order))
        return len(seen) > 30 and seen[-1] == seen[-30]

    return check


async def test_the_channel_comes_first_then_groups_then_those_who_chose_the_place(town: Town) -> None:
    town.publish.rules = make_rules(policy=lenient_policy(), channel=CHANNEL)
    await town.settle(3, area="smolensk-region", first=10)
    await town.settle(3, area="roslavl", first=20)
    await town.add_group(-50)

    await town.issue()
    await town.deliver_all()

    assert town.phones.order == [CHANNEL, -50, 20, 21, 22, 10, 11, 12]


async def test_a_correction_reaches_the_channel_and_the_groups_that_have_the_notice(town: Town) -> None:
    town.publish.rules = make_rules(policy=lenient_policy(), channel=CHANNEL)
    await town.add_group(-50)
    await town.issue()
    await town.deliver_all()

    await town.issue(make_change("correction"))
    await town.deliver_all()

    assert {chat: len(copies) for chat, copies in town.phones.copies.items()} == {CHANNEL: 2, -50: 2}


async def test_a_correction_of_a_severe_notice_waits_for_the_second_person(town: Town) -> None:
    await town.settle(2)
    await town.issue(make_notice(severity="Severe"))
    await town.deliver_all()

    correction = await town.submit(make_change("correction", severity="Severe"))
    await town.publish.tick()

    assert correction.state is State.IN_REVIEW
    assert (await town.find("water-cut")).state in (State.PUBLISHING, State.ACTIVE)
    await town.approve(correction.id, APPROVER)
    await town.publish.tick()
    assert (await town.find("water-cut")).state is State.SUPERSEDED


@pytest.mark.parametrize("kind", ["withdrawal", "all-clear", "update"])
async def test_whatever_a_written_change_does_its_level_says_who_must_agree(town: Town, kind: str) -> None:
    """M5: somebody else's words go out by nobody's hand."""
    await town.settle(2)
    await town.issue()
    await town.deliver_all()

    change = await town.submit(make_change(kind, severity="Extreme"), author=None)
    await town.publish.tick()
    await town.approve(change.id, APPROVER)
    await town.publish.tick()
    alone = (await town.find(change.id)).state
    await town.approve(change.id, THIRD)
    await town.publish.tick()

    assert (change.state, alone) == (State.IN_REVIEW, State.IN_REVIEW)
    assert (await town.find(change.id)).state is State.PUBLISHING


async def test_only_the_prepared_withdrawal_needs_nobody_and_never_once_its_words_are_others(
    town: Town,
) -> None:
    """M5."""
    await town.settle(2)
    await town.issue(make_notice(severity="Severe"))
    prepared = review.draft(
        make_change("withdrawal", severity="Severe", publish="2026-11-22 18:00"),
        NOW,
        Origin.PREPARED,
        AUTHOR,
    )
    submitted = review.submitted(prepared, NOW, town.rules, AUTHOR).moves[0].after
    await town.apply(Change(added=(submitted,)))
    await town.publish.tick()
    waiting = await town.find(prepared.id)
    other = make_change("withdrawal", severity="Severe", description=in_both("Бегите.", "Run."))

    revised = review.revised(waiting, other, NOW)
    again = review.submitted(revised.moves[0].after, NOW, town.rules).moves[0].after

    assert waiting.state is State.SCHEDULED
    assert (again.state, again.origin, again.author) == (State.IN_REVIEW, Origin.FILE, None)
    assert missing_people(again, town.rules) == 2


async def test_with_nobody_else_the_channel_is_no_audience_unless_it_is_said_to_be_enough(town: Town) -> None:
    """M16."""
    town.publish.rules = make_rules(policy=lenient_policy(), channel=CHANNEL)
    await town.issue(make_notice(id="by-mistake"))
    await town.publish.tick()
    await town.issue(make_notice(accepted={"L31": "Там ещё никто не подписан"}))
    await town.deliver_all()

    assert (await town.find("by-mistake")).state is State.HELD
    assert News.NOBODY in town.operators.news
    assert town.phones.order == [CHANNEL]


async def test_everybody_reads_their_own_language_and_groups_are_kept_apart(town: Town) -> None:
    await town.settle(1, first=1, language="ru")
    await town.settle(1, first=2, language="en")
    await town.settle(1, first=3, language="fr")
    await town.settle(1, first=4, language=None, room=Room.PRIVATE)

    await town.issue()
    await town.deliver_all()

    words = {chat: copies[0].words for chat, copies in town.phones.copies.items()}
    assert "Вода отключена" in words[1]
    assert "Water is off" in words[2]
    assert words[3] == words[4] == words[1]
