"""Notices that come again: each time goes once, and what happens to the series happens to what is to come."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.notices import changes, review
from bot.core.notices.console.presses import key_of
from bot.core.notices.due import Why
from bot.core.notices.news import News
from bot.core.notices.notice import Notice
from bot.core.notices.record import Change, Move, Record
from bot.core.notices.states import Event, State
from tests.factories import in_both
from tests.fakes_notices import make_drill, make_notice
from tests.notices.office import VIEWER, Office, labels, open_office
from tests.notices.test_endings import make_change
from tests.notices.test_publishing import otherwise
from tests.notices.test_taking_in import make_file, take
from tests.notices.town import APPROVER, AUTHOR, Town, local, make_rules

SIREN = {"publish": "2026-12-02 10:00", "repeat": "FREQ=MONTHLY;BYDAY=1WE;COUNT=4", "expires": "+1h"}
DAYS = ("2026-12-02", "2027-01-06", "2027-02-03", "2027-03-03")
FIRST, SECOND = (f"siren@{day}T10:00" for day in DAYS[:2])


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office with three residents."""
    async with open_office(tmp_path) as office:
        await office.town.settle(3)
        yield office


async def approved(town: Town) -> None:
    """Let a series wait for its first time, under rules by which somebody must approve."""
    town.publish.rules = town.rules = make_rules()
    await town.settle(1)
    await town.submit(make_notice(id="siren", **SIREN))
    await town.approve("siren")
    await town.publish.tick()


async def go_on(town: Town, text: str) -> None:
    """Let one time of the series come, go out and end."""
    town.clock.time = local(text)
    for _ in range(2):  # the one before may have to end first
        await town.publish.tick()
    await town.deliver_all()
    await town.publish.tick()
    town.clock.pass_by(hours=2)
    await town.publish.tick()
    await town.publish.tick()


async def states(town: Town, series: str = "siren") -> list[tuple[str | None, State]]:
    """Return the times of a series that were made, and how they stand."""
    return [(one.occurrence, one.state) for one in await town.store.notices.list_series(series)]


async def test_a_series_goes_again_and_again_approved_once(town: Town) -> None:
    await approved(town)

    for day in DAYS:
        await go_on(town, f"{day} 10:00")

    assert await states(town) == [(f"{day} 10:00", State.EXPIRED) for day in DAYS]
    assert len(town.phones.copies[1]) == 4


async def test_of_occurrences_that_passed_unseen_only_the_newest_could_go(town: Town) -> None:
    await town.settle(1)
    await town.submit(make_notice(id="siren", **SIREN))
    await town.publish.tick()
    town.clock.time = local("2027-02-03 10:05")

    for _ in range(3):
        await town.publish.tick()

    assert await states(town) == [
        ("2026-12-02 10:00", State.MISSED),
        ("2027-01-06 10:00", State.MISSED),
        ("2027-02-03 10:00", State.PUBLISHING),
    ]
    assert town.operators.news.count(News.MISSED) == 2


# Drills and dangers


def make_drills() -> dict[str, str]:
    """Return what makes a drill come every three months."""
    return {"publish": "2026-12-10 11:00", "repeat": "FREQ=MONTHLY;INTERVAL=3;COUNT=8", "expires": "+30m"}


async def test_one_danger_costs_a_series_of_drills_nothing_when_it_is_over_in_time(town: Town) -> None:
    """B1."""
    await town.settle(2)
    await town.submit(make_drill(id="quarterly", **make_drills()))
    await town.issue(make_notice(severity="Severe"))
    for _ in range(12):
        town.clock.pass_by(seconds=1)
        await town.publish.tick()

    assert await states(town, "quarterly") == [("2026-12-10 11:00", State.SCHEDULED)]
    assert News.CALLED_OFF not in town.operators.news


async def test_a_danger_at_the_time_of_a_drill_costs_that_one_only(town: Town) -> None:
    """B1."""
    await town.settle(2)
    await town.submit(make_drill(id="quarterly", **make_drills()))
    await town.publish.tick()
    town.clock.time = local("2026-12-10 10:59")
    await town.issue(make_notice(severity="Severe"))
    for _ in range(120):
        town.clock.pass_by(seconds=1)
        await town.publish.tick()

    assert await states(town, "quarterly") == [
        ("2026-12-10 11:00", State.CANCELLED),
        ("2027-03-10 11:00", State.SCHEDULED),
    ]
    assert town.operators.news.count(News.CALLED_OFF) == 1


async def test_a_series_of_drills_for_residents_is_announced_each_time_or_held(town: Town) -> None:
    """M19: approved an hour before its first time, nobody could be told of that one."""
    await town.settle(1)
    town.clock.time = local("2026-12-10 10:00")
    await town.submit(make_drill(id="quarterly", audience="subscribers", **make_drills()))
    await town.publish.tick()
    first = (await town.store.notices.list_series("quarterly"))[0]
    await go_on(town, "2026-12-10 12:00")
    await go_on(town, "2027-03-09 11:00")

    await go_on(town, "2027-03-10 11:00")

    outlook = changes.outlook(first, town.rules, local("2026-12-10 10:00"))
    assert (first.state, outlook.why if outlook else None) == (State.HELD, Why.UNANNOUNCED)
    assert (await states(town, "quarterly"))[:2] == [
        ("2026-12-10 11:00", State.MISSED),
        ("2027-03-10 11:00", State.EXPIRED),
    ]
    assert ["drill_ahead ru" in copy.words for copy in town.phones.copies[1]] == [True, False]


# What happens to the series


async def test_words_that_changed_are_approved_anew_for_the_series_and_the_next_time_goes_at_its_own_hour(
    town: Town,
) -> None:
    """M1."""
    await approved(town)
    await go_on(town, f"{DAYS[0]} 10:00")
    town.rules = town.publish.rules = otherwise(town.rules)

    await town.publish.tick()
    waiting = (await town.find("siren")).state, (await town.find(SECOND)).state
    await town.approve("siren")
    await town.publish.tick()
    await town.publish.tick()
    again = await town.find(SECOND)
    for day in DAYS[1:]:
        await go_on(town, f"{day} 10:00")

    assert waiting == (State.IN_REVIEW, State.DRAFT)
    assert [told.notice.id for told in town.operators.heard if told.news is News.VOIDED and told.notice] == [
        "siren"
    ]
    assert again.state is State.SCHEDULED
    assert again.times is not None
    assert again.times.publish == local(f"{DAYS[1]} 10:00")
    assert await states(town) == [(f"{day} 10:00", State.EXPIRED) for day in DAYS]
    assert "Иначе" in town.phones.copies[1][-1].words


async def test_an_occurrence_that_waits_for_approval_by_itself_keeps_its_own_time(town: Town) -> None:
    """M1: an earlier edition of the program has voided it alone."""
    await approved(town)
    await go_on(town, f"{DAYS[0]} 10:00")
    second = await town.find(SECOND)
    await town.apply(review.voided(second, town.clock(), town.rules))

    await town.approve(SECOND)
    await town.publish.tick()

    record = await town.find(SECOND)
    assert record.state is State.SCHEDULED
    assert record.times is not None
    assert (record.times.publish, record.local_text) == (local(f"{DAYS[1]} 10:00"), f"{DAYS[1]} 10:00")


async def test_what_nobody_approves_anew_in_time_is_missed_and_the_later_ones_go(town: Town) -> None:
    await approved(town)
    town.rules = town.publish.rules = otherwise(town.rules)
    await town.publish.tick()
    town.clock.time = local(f"{DAYS[0]} 09:30")
    await town.publish.tick()
    reminded = [told for told in town.operators.heard if told.news is News.LACKS_PEOPLE]
    town.clock.time = local(f"{DAYS[0]} 11:00")
    await town.publish.tick()
    missed = await town.find(FIRST)

    await town.approve("siren")
    await town.publish.tick()
    await go_on(town, f"{DAYS[1]} 10:00")

    assert [(one.notice.id if one.notice else "", one.at) for one in reminded] == [
        ("siren", local(f"{DAYS[0]} 10:00"))
    ]
    assert missed.state is State.MISSED
    assert (await states(town))[:2] == [
        (f"{DAYS[0]} 10:00", State.MISSED),
        (f"{DAYS[1]} 10:00", State.EXPIRED),
    ]
    assert town.operators.news.count(News.MISSED) == 1


async def test_a_series_that_nobody_approves_until_its_last_time_has_passed_is_missed(town: Town) -> None:
    town.publish.rules = town.rules = make_rules()
    await town.submit(make_notice(id="siren", **SIREN))
    town.clock.time = local(f"{DAYS[3]} 11:00")

    for _ in range(3):
        await town.publish.tick()

    assert (await town.find("siren")).state is State.MISSED
    assert town.operators.news == [News.MISSED]


async def test_what_somebody_stopped_stays_stopped_while_its_series_is_approved_anew(town: Town) -> None:
    await approved(town)
    await town.do(FIRST, Event.STOP)
    town.rules = town.publish.rules = otherwise(town.rules)
    await town.publish.tick()
    await town.approve("siren")
    await town.publish.tick()
    await town.publish.tick()

    await go_on(town, f"{DAYS[0]} 10:00")

    assert (await town.find(FIRST)).state is State.MISSED
    assert town.phones.copies == {}


def make_siren(**fields: object) -> Notice:
    """Return a file of a notice that comes every month, which the real rules accept."""
    own = {"id": "siren", "severity": "Minor", "repeat": "FREQ=MONTHLY;BYMONTHDAY=23;COUNT=3"}
    return make_file(**own | fields)


async def taken(office: Office, *files: Notice) -> Record:
    """Take a series in from its file, let it be approved, and return the time of it that waits."""
    assert await take(office, *(files or (make_siren(),))) == []
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    [waiting] = await office.town.store.notices.list_series("siren")
    return waiting


async def test_whoever_withdraws_a_series_withdraws_what_is_to_come(office: Office) -> None:
    """M2."""
    waiting = await taken(office)
    asked = (await office.press(VIEWER, await office.card(VIEWER, "siren"), "Withdraw")).messages[-1]

    await office.press(VIEWER, asked, "Yes, withdraw")
    office.town.clock.pass_by(days=1)
    await office.town.publish.tick()
    await office.town.deliver_all()

    assert (await office.town.find("siren")).state is State.CANCELLED
    assert (await office.town.find(waiting.id)).state is State.CANCELLED
    assert office.town.phones.copies == {}


async def test_whoever_withdraws_a_series_is_told_what_was_sent_already_and_led_to_it(office: Office) -> None:
    waiting = await taken(office)
    office.town.clock.pass_by(days=1)
    await office.town.publish.tick()
    await office.town.deliver_all()
    await office.town.publish.tick()

    asked = (await office.press(VIEWER, await office.card(VIEWER, "siren"), "Withdraw")).messages[-1]
    assert "No more of it will come; what was sent stays with people." in asked.text.words
    done = (await office.press(VIEWER, asked, "Yes, withdraw")).replaces

    assert done is not None
    for told in (done, office.messages.chats[APPROVER][-1]):
        assert told.text.words.startswith("⚪ Series withdrawn: ")
        assert "what was sent stays with people" in told.text.words
        assert "What was sent" in labels(told)
    assert (await office.town.find(waiting.id)).state is State.ACTIVE
    card = (await office.press(VIEWER, done, "What was sent")).replaces
    sure = (await office.press(VIEWER, card, "Withdraw")).messages[-1]
    await office.press(VIEWER, sure, "Yes, withdraw")
    await office.town.publish.tick()
    assert (await office.town.find(waiting.id)).state is State.CANCELLED


async def test_a_changed_file_changes_the_words_of_what_is_to_come(office: Office) -> None:
    """M3."""
    waiting = await taken(office)
    mended = in_both("Вода отключена, исправленный текст", "Water is off, mended text")

    assert await take(office, make_siren(headline=mended)) == []
    revised = await office.town.find(waiting.id)
    office.town.clock.pass_by(days=1)
    await office.town.publish.tick()
    before = dict(office.town.phones.copies)
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    for _ in range(2):
        await office.town.publish.tick()
    await office.town.deliver_all()

    assert revised.state is State.DRAFT
    assert before == {}
    assert "исправленный текст" in office.town.phones.copies[1][0].words


async def test_a_draft_that_waits_for_its_series_is_nothing_to_submit(office: Office) -> None:
    await taken(office)
    await take(office, make_siren(description=in_both("Чинят насос.", "A pump is mended.")))

    files = (await office.press(AUTHOR, await office.desk(AUTHOR), "Drafts")).replaces

    assert labels(files) == ["‹ Back"]


async def test_a_changed_time_is_that_of_the_next_one_on_the_same_day_too(office: Office) -> None:
    await taken(office)

    assert await take(office, make_siren(publish="2026-11-23 11:00")) == []
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    for _ in range(3):
        await office.town.publish.tick()

    assert await states(office.town) == [
        ("2026-11-23 11:00", State.SCHEDULED),
        ("2026-11-23 12:00", State.CANCELLED),
    ]


async def test_a_file_that_no_longer_repeats_ends_what_was_to_come_again(office: Office) -> None:
    waiting = await taken(office)

    assert await take(office, make_siren(repeat=None)) == []

    assert (await office.town.find(waiting.id)).state is State.CANCELLED
    assert (await office.town.find("siren")).state is State.IN_REVIEW


async def test_a_time_of_a_series_is_corrected_for_just_those_who_have_it(office: Office) -> None:
    """M4: the prepared correction from Telegram, of an older time than the last."""
    first = await taken(office)
    town = office.town
    await go_on(town, "2026-11-23 12:00")
    await town.settle(2, first=50)
    await go_on(town, "2026-12-23 12:00")
    earlier = (await town.find(first.id)).as_earlier

    counts = [
        await office.compose.count(make_change("correction", of, id="mend"))
        for of in (earlier.id, "siren", "unknown")
    ]

    assert earlier.id == first.id
    assert counts == [3, 5, 0]


async def test_the_prepared_correction_of_an_occurrence_can_be_written_and_reaches_its_holders(
    office: Office,
) -> None:
    """M4."""
    first = await taken(office)
    town = office.town
    town.clock.time = local("2026-11-23 12:00")
    await town.publish.tick()
    await town.deliver_all()
    await town.publish.tick()
    choice = (await office.press(AUTHOR, await office.card(AUTHOR, key_of(first.id)), "Correct")).messages[0]
    reply = await office.press(AUTHOR, choice, "Correction")
    for answer in (
        "Roslavl",
        "Время указано неверно.",
        "The time was wrong.",
        "Воду отключат вечером.",
        "Water goes off in the evening.",
        "Наберите воды в запас.",
        "Fill a supply of water.",
    ):
        reply = await office.say(AUTHOR, answer)
    while "Submit" not in " ".join(labels(reply.messages[-1])):
        assert "Warning" in reply.messages[-1].text.words, reply.messages[-1].text.words
        reply = await office.say(AUTHOR, "Иначе не успеть, уточним позже")
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await town.publish.tick()
    await town.deliver_all()

    assert (await town.find(first.id)).state is State.SUPERSEDED
    assert (await town.find("siren")).state is State.APPROVED
    assert all(len(copies) == 2 for copies in town.phones.copies.values())


async def test_two_times_of_a_series_can_be_withdrawn_one_after_the_other(office: Office) -> None:
    await taken(office)
    for day in ("2026-11-23", "2026-12-23"):
        notice_id = f"siren@{day}T12:00"
        office.town.clock.time = local(f"{day} 12:00")
        await office.town.publish.tick()
        await office.town.deliver_all()
        await office.town.publish.tick()
        card = await office.card(VIEWER, key_of(notice_id))
        asked = (await office.press(VIEWER, card, "Withdraw")).messages[-1]
        done = await office.press(VIEWER, asked, "Yes, withdraw")
        await office.town.publish.tick()
        await office.town.publish.tick()
        assert done.toast == "Done."
        assert (await office.town.find(notice_id)).state is State.CANCELLED


async def test_the_rules_know_what_a_series_has_sent(office: Office) -> None:
    """M4: the same words again, and a contradiction, are seen beside an occurrence in force."""
    await taken(office)
    office.town.clock.time = local("2026-11-23 12:00")
    await office.town.publish.tick()

    again = await office.compose.problems(make_siren(id="again", publish=None, repeat=None))
    itself = await office.compose.problems(make_siren())

    assert "L30" in {problem.rule for problem in again}
    assert not {"L30", "L11"} & {problem.rule for problem in itself}


async def test_a_file_that_turns_a_drill_into_a_notice_is_refused(office: Office) -> None:
    await taken(office)
    drill = make_drill(
        id="siren",
        publish="2026-11-24 12:00",
        headline=in_both("Учебное сообщение: вода", "Practice message: water"),
        description=in_both("Учимся.", "We practise."),
        instruction=({"text": in_both("Проверьте, пришло ли оно.", "Check that it has come.")},),
    )

    refused = await take(office, drill)

    assert any("L30: there is a notice 'siren' already" in line for line in refused), refused
    assert (await office.town.find("siren")).state is State.APPROVED


async def test_a_series_replaced_in_its_file_shares_the_new_rules_with_its_occurrence(town: Town) -> None:
    """An occurrence whose words are not those of its series waits for it, and takes them over."""
    await approved(town)
    series, first = await town.find("siren"), await town.find(FIRST)
    odd = replace(first, approvals=(), announcement=make_notice(id="siren", **SIREN, impact=None))
    await town.apply(Change((Move(first, replace(odd, revision=2)),)))

    for _ in range(3):
        await town.publish.tick()

    again = await town.find(FIRST)
    assert again.state is State.SCHEDULED
    assert again.announcement == series.announcement
    assert News.VOIDED not in town.operators.news
