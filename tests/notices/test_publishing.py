"""When a notice goes: on time, late, held, missed or called off, and what the operators hear of it."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.core.notices import changes, review
from bot.core.notices.audience import AreaTree
from bot.core.notices.due import Why
from bot.core.notices.freezing import Rules, freeze
from bot.core.notices.news import News
from bot.core.notices.notice import Drill, Notice
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.record import GraveInForce, Overtaken, Record
from bot.core.notices.states import Event, Refused, State
from tests.fakes_notices import NOW, make_drill, make_notice, make_policy
from tests.notices.test_endings import make_change
from tests.notices.town import APPROVER, AUTHOR, CHANNEL, THIRD, Town, lenient_policy, local, make_rules

TOMORROW = "2026-11-23 12:00"


async def planned(town: Town, text: str | None = TOMORROW, **fields: object) -> Record:
    """Let a notice wait for its time."""
    await town.settle(2)
    await town.submit(make_notice(publish=text, **fields))
    await town.publish.tick()
    return await town.find("water-cut")


async def test_a_notice_without_a_time_goes_as_soon_as_it_is_approved(town: Town) -> None:
    town.publish.rules = town.rules = make_rules()
    await town.settle(2)
    await town.submit(make_notice())
    await town.publish.tick()
    before = (await town.find("water-cut")).state

    await town.approve("water-cut")
    await town.publish.tick()

    assert before is State.IN_REVIEW
    assert (await town.find("water-cut")).state is State.PUBLISHING


async def test_a_grave_notice_needs_somebody_other_than_its_author(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_notice(severity="Severe"))

    problem = changes_problem(await town.find("water-cut"), AUTHOR, town)
    await town.approve("water-cut", AUTHOR)  # even written down it would not count
    alone = (await town.find("water-cut")).state
    await town.approve("water-cut", THIRD)

    assert problem == "the author cannot approve this notice"
    assert alone is State.IN_REVIEW
    assert (await town.find("water-cut")).state is State.APPROVED


def changes_problem(record: Record, person: int, town: Town) -> str | None:
    """Return why a yes does not count."""
    problem = review.approval_problem(record, person, record.fingerprint, town.rules)
    return problem.wrong if problem else None


async def test_two_people_who_approve_at_the_same_moment_both_count(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_notice(severity="Severe"), author=None)
    seen = await town.find("water-cut")

    for person in (APPROVER, THIRD):
        await town.apply(review.approved(seen, person, NOW, town.rules))
    await town.publish.tick()

    assert (await town.find("water-cut")).state is State.PUBLISHING


async def test_a_notice_waits_for_its_time_and_then_goes(town: Town) -> None:
    waiting = await planned(town)
    town.clock.time = local(TOMORROW) - dt.timedelta(seconds=1)
    await town.publish.tick()
    before = (await town.find("water-cut")).state

    town.clock.pass_by(seconds=1)
    await town.publish.tick()

    assert (waiting.state, before) == (State.SCHEDULED, State.SCHEDULED)
    assert (await town.find("water-cut")).state is State.PUBLISHING
    assert News.LATE not in town.operators.news


ORDINARY: dict[str, Notice | Drill] = {
    "minor": make_notice(publish=TOMORROW, severity="Minor"),
    "severe": make_notice(publish=TOMORROW, severity="Severe"),
    "extreme": make_notice(publish=TOMORROW, severity="Extreme"),
    "update": make_change("update", publish=TOMORROW),
    "drill": make_drill(publish=TOMORROW),
}
ALWAYS: dict[str, Notice | Drill] = {
    kind: make_change(kind, publish=TOMORROW) for kind in ("correction", "withdrawal", "all-clear")
}


async def down_and_back(town: Town, planned: Notice | Drill, at: str) -> Record:
    """Plan it while what it may change is in force, let the process be down, and begin anew at a time."""
    await town.settle(1)
    if planned.id != "water-cut":
        await town.issue(make_notice(expires="+3d"))
        await town.deliver_all()
    await town.submit(planned)
    if (await town.find(planned.id)).state is State.IN_REVIEW:
        await town.approve(planned.id)
    await town.publish.tick()
    town.clock.time = local(at)
    town.__post_init__()

    await town.publish.tick()
    await town.deliver_all()
    return await town.find(planned.id)


@pytest.mark.parametrize("kind", [*ORDINARY, *ALWAYS])
async def test_down_over_its_time_and_back_before_its_end_it_goes_late_and_says_so(
    town: Town, kind: str
) -> None:
    """T9."""
    record = await down_and_back(town, (ORDINARY | ALWAYS)[kind], "2026-11-23 12:11")

    assert record.state is State.PUBLISHING
    newest = town.phones.copies[AUTHOR if kind == "drill" else 1][-1]
    assert "late ru" in newest.words
    assert town.operators.news.count(News.LATE) == 1


@pytest.mark.parametrize("kind", ORDINARY)
async def test_down_over_its_time_and_back_after_its_end_it_is_missed_and_told(town: Town, kind: str) -> None:
    """T9."""
    record = await down_and_back(town, ORDINARY[kind], "2026-11-23 15:00")

    assert record.state is State.MISSED
    assert town.operators.news.count(News.MISSED) == 1
    assert not any("late ru" in copy.words for copies in town.phones.copies.values() for copy in copies)


@pytest.mark.parametrize("kind", ALWAYS)
async def test_what_says_that_it_is_over_or_was_wrong_goes_even_after_its_end(town: Town, kind: str) -> None:
    """T9."""
    record = await down_and_back(town, ALWAYS[kind], "2026-11-23 15:00")

    assert record.state is State.PUBLISHING
    assert "late ru" in town.phones.copies[1][-1].words
    assert town.operators.news.count(News.LATE) == 1


async def test_an_extreme_notice_far_too_late_waits_five_minutes_for_a_person_and_then_goes(
    town: Town,
) -> None:
    await town.settle(2)
    await town.submit(make_notice(severity="Extreme", publish=TOMORROW))
    await town.approve("water-cut")
    await town.publish.tick()
    town.clock.time = local("2026-11-23 12:31")
    await town.publish.tick()
    held = (await town.find("water-cut")).state

    town.clock.pass_by(minutes=5)
    await town.publish.tick()

    assert held is State.HELD
    assert (await town.find("water-cut")).state is State.PUBLISHING
    assert town.operators.news == [News.HELD_A_WHILE, News.BEGUN, News.LATE]
    assert town.operators.heard[0].at == local("2026-11-23 12:36")


async def test_a_person_lets_a_held_notice_go_at_once(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_notice(severity="Extreme", publish=TOMORROW))
    await town.approve("water-cut")
    await town.publish.tick()
    town.clock.time = local("2026-11-23 12:31")
    await town.publish.tick()

    await town.publish.release("water-cut", APPROVER)

    assert (await town.find("water-cut")).state is State.PUBLISHING


async def test_stopped_before_its_time_it_waits_for_whoever_releases_it(town: Town) -> None:
    await planned(town)
    await town.do("water-cut", Event.STOP)
    town.clock.time = local("2026-11-23 12:30")
    await town.publish.tick()
    stopped = (await town.find("water-cut")).state

    await town.publish.release("water-cut", AUTHOR)

    assert stopped is State.HELD
    assert (await town.find("water-cut")).state is State.PUBLISHING


@pytest.mark.parametrize(("minutes", "is_late"), [(1, False), (10, False), (11, True)])
async def test_released_a_moment_after_its_time_it_is_not_late(
    town: Town, minutes: int, is_late: bool
) -> None:
    await planned(town)
    await town.do("water-cut", Event.STOP)
    town.clock.time = local(TOMORROW) + dt.timedelta(minutes=minutes)

    await town.publish.release("water-cut", AUTHOR)
    await town.deliver_all()

    assert ("late ru" in town.phones.copies[1][0].words) is is_late


async def test_a_notice_that_would_reach_nobody_is_held_and_told_of(town: Town) -> None:
    record = await town.issue()
    await town.publish.tick()

    assert record.state is State.HELD
    assert town.operators.news == [News.NOBODY]


async def test_changed_words_need_a_new_approval_and_people_hear_of_it_at_once(town: Town) -> None:
    """Between approval and its time a phrase of the bot's changes: it is not what was approved."""
    town.publish.rules = town.rules = make_rules()
    await planned(town)
    await town.approve("water-cut")
    await town.publish.tick()
    town.publish.rules = otherwise(town.rules)

    await town.publish.tick()

    record = await town.find("water-cut")
    assert (record.state, record.revision, record.approvals) == (State.IN_REVIEW, 2, ())
    assert town.operators.news == [News.VOIDED]


def otherwise(rules: Rules) -> Rules:
    """Return the rules after somebody has changed a phrase that stands in every notice."""
    phrases = rules.setting.phrases.model_copy(update={"to_do": {"ru": "Иначе", "en": "Otherwise"}})
    return replace(rules, setting=replace(rules.setting, phrases=phrases))


async def test_what_still_lacks_people_before_its_time_is_said_once_and_once_more_when_it_comes(
    town: Town,
) -> None:
    town.publish.rules = town.rules = make_rules()
    await planned(town)
    for hour in (10, 11, 11, 12, 12):
        town.clock.time = local(f"2026-11-23 {hour}:30")
        await town.publish.tick()

    assert [(told.news, told.at) for told in town.operators.heard] == [
        (News.LACKS_PEOPLE, local(TOMORROW))
    ] * 2


async def test_a_notice_that_nobody_approved_before_its_end_is_missed_and_can_go_as_new(town: Town) -> None:
    town.publish.rules = town.rules = make_rules()
    await planned(town)
    town.clock.time = local("2026-11-23 15:00")

    for _ in range(3):
        await town.publish.tick()

    record = await town.find("water-cut")
    assert record.state is State.MISSED
    assert record.times is not None
    assert town.operators.news == [News.MISSED]


async def test_with_an_end_of_its_own_and_no_time_it_is_missed_too(town: Town) -> None:
    town.publish.rules = town.rules = make_rules()
    await planned(town, None, expires="2026-11-22 14:00")
    town.clock.time = local("2026-11-22 13:59")
    await town.publish.tick()
    before = (await town.find("water-cut")).state

    town.clock.pass_by(minutes=1)
    await town.publish.tick()

    assert before is State.IN_REVIEW
    assert (await town.find("water-cut")).state is State.MISSED


async def test_one_notice_with_a_fault_stops_no_other_and_is_told_once(town: Town) -> None:
    """B8: whatever is wrong with one record, the others go out."""
    await town.settle(2)
    await town.submit(make_notice(id="broken"))
    await town.submit(make_notice(id="water-cut"))
    async with town.store._database.writing() as connection:
        await connection.exec_driver_sql(
            "UPDATE notices SET state = 'scheduled', publish_at = NULL WHERE id = 'broken'"
        )

    for _ in range(3):
        await town.publish.tick()
    await town.deliver_all()

    assert (await town.find("water-cut")).state is State.PUBLISHING
    assert set(town.phones.copies) == {1, 2}
    told = [told for told in town.operators.heard if told.news is News.FAULT]
    assert [(one.notice.id if one.notice else "", one.detail) for one in told] == [("broken", "ValueError")]


async def test_a_row_that_cannot_be_read_stops_no_other_and_is_told_once(town: Town) -> None:
    """B8: another edition of the program has written what this one does not understand."""
    await town.settle(2)
    await town.submit(make_notice(id="broken"))
    await town.submit(make_notice(id="water-cut"))
    async with town.store._database.writing() as connection:
        await connection.exec_driver_sql("UPDATE notices SET content = '{}' WHERE id = 'broken'")

    for _ in range(3):
        await town.publish.tick()

    assert (await town.find("water-cut")).state is State.PUBLISHING
    told = [told for told in town.operators.heard if told.news is News.UNREADABLE]
    assert [one.detail for one in told] == ["broken: ValidationError"]


async def test_a_language_added_while_a_notice_is_in_force_ends_it_in_the_default_one(town: Town) -> None:
    """B8: the stored notice has no words in the new language."""
    await town.settle(1)
    await town.issue()
    await town.submit(make_notice(id="planned", publish=TOMORROW))
    await town.publish.tick()
    await town.deliver_all()
    await town.settle(1, first=2, language="de")
    town.publish.rules = town.rules = in_german_too(town.rules)

    town.clock.pass_by(hours=4)
    await town.publish.tick()
    town.clock.time = local(TOMORROW)
    await town.publish.tick()
    await town.deliver_all()

    assert (await town.find("water-cut")).state is State.EXPIRED
    assert "expired ru" in town.phones.copies[1][0].shown
    assert "where de" in town.phones.copies[2][0].words
    assert "Вода отключена" in town.phones.copies[2][0].words
    assert News.FAULT not in town.operators.news


def in_german_too(rules: Rules) -> Rules:
    """Return the rules after a language was added with every phrase and name of the bot's."""
    phrases = {
        name: text | {"de": text["ru"] if name == "months" else text["ru"].replace(" ru", " de")}
        for name, text in rules.setting.phrases.model_dump().items()
    }
    areas = AreaTree.of(
        area.model_copy(update={"name": {**area.name, "de": area.name["en"]}})
        for area in rules.setting.areas.by_id.values()
    )
    setting = replace(
        rules.setting, phrases=NoticePhrases.model_validate(phrases), areas=areas, default="ru", guides={}
    )
    return replace(rules, setting=setting, languages=("ru", "en", "de"))


async def test_an_operator_may_keep_holding_what_would_go_by_itself(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_notice(severity="Extreme", publish=TOMORROW))
    await town.approve("water-cut")
    await town.publish.tick()
    town.clock.time = local("2026-11-23 12:31")
    await town.publish.tick()
    held = await town.find("water-cut")
    decision = changes.outlook(held, town.rules, town.clock())
    assert decision is not None
    assert (decision.why, decision.until) == (Why.FAR_TOO_LATE, local("2026-11-23 12:36"))

    kept = await town.do("water-cut", Event.STOP)
    town.clock.pass_by(hours=1)
    await town.publish.tick()

    still = changes.outlook(kept, town.rules, town.clock())
    assert still is not None
    assert (still.why, still.until) == (Why.STOPPED, None)
    assert (await town.find("water-cut")).state is State.HELD
    await town.publish.release("water-cut", APPROVER)
    assert (await town.find("water-cut")).state is State.PUBLISHING


async def test_to_keep_holding_it_wins_over_a_look_that_had_begun_before(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_notice(severity="Extreme", publish=TOMORROW))
    await town.approve("water-cut")
    await town.publish.tick()
    town.clock.time = local("2026-11-23 12:31")
    await town.publish.tick()
    seen = await town.find("water-cut")

    await town.do("water-cut", Event.STOP)

    with pytest.raises(Overtaken):
        await town.apply(changes.begun(seen, (), town.clock(), town.rules))
    assert (await town.find("water-cut")).state is State.HELD


async def test_what_somebody_else_changed_first_is_left_alone(town: Town) -> None:
    await planned(town)
    seen = await town.find("water-cut")
    await town.do("water-cut", Event.STOP)

    with pytest.raises(Overtaken):
        await town.apply(changes.begun(seen, (), NOW, town.rules))

    assert await town.is_quiet()


async def test_a_step_that_the_table_does_not_have_changes_nothing(town: Town) -> None:
    await planned(town)

    with pytest.raises(Refused, match=r"cannot 'resume' a notice that is 'scheduled'"):
        await town.do("water-cut", Event.RESUME)

    assert (await town.find("water-cut")).state is State.SCHEDULED


async def test_a_night_notice_that_can_wait_goes_in_the_morning(town: Town) -> None:
    await planned(town, "2026-11-23 23:00", expires="+12h")
    town.clock.time = local("2026-11-23 23:00")
    await town.publish.tick()
    at_night = (await town.find("water-cut")).state

    town.clock.time = local("2026-11-24 07:30")
    await town.publish.tick()

    assert at_night is State.SCHEDULED
    assert (await town.find("water-cut")).state is State.PUBLISHING
    assert News.LATE not in town.operators.news


async def test_times_that_count_from_its_sending_do_so_also_where_it_waited_for_the_morning(
    town: Town,
) -> None:
    town.clock.time = local("2026-11-23 23:00")
    await planned(town, None, expires="+12h", next_update="+3h")

    town.clock.time = local("2026-11-24 07:30")
    await town.publish.tick()

    times = (await town.find("water-cut")).times
    assert times is not None
    assert (times.next_update, times.expires) == (local("2026-11-24 10:30"), local("2026-11-24 19:30"))


async def test_nothing_is_promised_for_a_time_that_has_passed(town: Town) -> None:
    await planned(town, "2026-11-23 23:00", expires="+12h", next_update="+3h")
    town.clock.time = local("2026-11-24 07:30")
    await town.publish.tick()

    times = (await town.find("water-cut")).times
    assert times is not None
    assert (times.next_update, times.expires) == (None, local("2026-11-24 11:00"))


async def test_what_waits_for_the_morning_says_so_once_and_says_when_it_really_goes(town: Town) -> None:
    town.publish.rules = town.rules = make_rules()
    town.clock.time = local("2026-11-23 04:11")
    await town.settle(2)
    waiting = await town.submit(make_notice(expires="+8h"))
    expected = changes.outlook(waiting, town.rules, town.clock())
    await town.approve("water-cut")

    for _ in range(3):
        await town.publish.tick()

    planned = changes.outlook(await town.find("water-cut"), town.rules, town.clock())
    assert planned == expected
    assert planned is not None
    assert (planned.why, planned.until) == (Why.NIGHT, local("2026-11-23 07:30"))
    assert [(told.news, told.at) for told in town.operators.heard] == [
        (News.MOVED, local("2026-11-23 07:30"))
    ]


@pytest.mark.parametrize(("hour", "silent"), [(12, False), (23, True)])
async def test_at_night_it_is_silent_where_it_goes_all_the_same(town: Town, hour: int, silent: bool) -> None:
    await planned(town, f"2026-11-23 {hour}:00", accepted={"L25": "The water is cut off tonight"})
    town.clock.time = local(f"2026-11-23 {hour}:00")
    await town.publish.tick()
    await town.deliver_all()

    assert town.phones.copies[1][0].silent is silent


# Drills


async def test_a_drill_goes_to_the_operators_and_to_nobody_else(town: Town) -> None:
    await town.settle(3)

    await town.issue(make_drill())
    await town.deliver_all()

    assert set(town.phones.copies) == {AUTHOR, APPROVER, THIRD}


async def test_where_a_drill_or_a_notice_goes_is_part_of_what_was_approved(town: Town) -> None:
    town.publish.rules = town.rules = make_rules()
    drill, notice = make_drill(publish=TOMORROW), make_notice(publish=TOMORROW)
    for one in (drill, notice):
        await town.submit(one)
        await town.approve(one.id)
    await town.publish.tick()
    approved = {(await town.find(one.id)).state for one in (drill, notice)}

    town.publish.rules = make_rules(
        policy=make_policy(test_chats=(-100777,)), channel=CHANNEL, channel_name="@town"
    )
    await town.publish.tick()

    assert approved == {State.SCHEDULED}
    assert {(await town.find(one.id)).state for one in (drill, notice)} == {State.IN_REVIEW}
    found = freeze(notice, make_rules(channel=CHANNEL, channel_name="@town"))
    lost = freeze(notice, make_rules(channel_name="@town"))
    assert found.fingerprint == lost.fingerprint


async def test_a_drill_of_residents_is_announced_a_day_before(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_drill(audience="subscribers", publish="2026-11-24 12:00"))
    await town.publish.tick()
    before = await town.is_quiet()
    town.clock.time = local("2026-11-23 12:00")

    await town.publish.tick()
    await town.publish.tick()
    await town.deliver_all()

    assert before
    assert ["drill_ahead ru" in copy.words for copy in town.phones.copies[1]] == [True]
    assert (await town.find("practice")).state is State.SCHEDULED
    assert (await town.progress("practice")).total == 0


async def test_a_drill_is_called_off_at_its_time_while_a_grave_notice_is_in_force(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_drill(publish=TOMORROW))
    await town.publish.tick()
    town.clock.time = local(TOMORROW) - dt.timedelta(hours=1)
    await town.issue(make_notice(severity="Severe"))
    await town.publish.tick()
    before = (await town.find("practice")).state

    town.clock.pass_by(hours=1)
    await town.publish.tick()

    assert before is State.SCHEDULED
    assert (await town.find("practice")).state is State.CANCELLED
    assert News.CALLED_OFF in town.operators.news


async def test_a_drill_that_somebody_held_is_not_released_into_a_danger(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_drill(publish=TOMORROW))
    await town.publish.tick()
    await town.do("practice", Event.STOP)
    town.clock.time = local(TOMORROW) - dt.timedelta(minutes=1)
    await town.issue(make_notice(severity="Severe"))

    with pytest.raises(GraveInForce):
        await town.publish.release("practice", APPROVER)
    held = (await town.find("practice")).state
    town.clock.pass_by(minutes=1)
    await town.publish.tick()

    assert held is State.HELD
    assert (await town.find("practice")).state is State.CANCELLED


async def test_a_danger_that_is_over_before_the_drill_calls_nothing_off(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_drill(publish=TOMORROW))
    await town.issue(make_notice(severity="Severe"))
    await town.deliver_all()
    for _ in range(12):
        town.clock.pass_by(seconds=1)
        await town.publish.tick()
    town.clock.pass_by(hours=3)
    await town.publish.tick()

    town.clock.time = local(TOMORROW)
    await town.publish.tick()

    assert (await town.find("practice")).state is State.PUBLISHING
    assert News.CALLED_OFF not in town.operators.news


async def test_a_drill_of_residents_approved_too_late_to_be_announced_is_held(town: Town) -> None:
    town.publish.rules = town.rules = make_rules()
    await town.settle(2)
    await town.submit(make_drill(audience="subscribers", publish="2026-11-24 12:00"))
    town.clock.time = local("2026-11-24 11:30")
    await town.approve("practice")

    for _ in range(3):
        await town.publish.tick()
    town.clock.time = local("2026-11-24 12:00")
    await town.publish.tick()
    await town.deliver_all()

    assert (await town.find("practice")).state is State.HELD
    assert town.phones.copies == {}
    assert [(told.news, told.why) for told in town.operators.heard if told.news is not News.LACKS_PEOPLE] == [
        (News.HELD, Why.UNANNOUNCED)
    ]


async def test_released_in_time_such_a_drill_is_announced_at_once_and_goes_at_its_time(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_drill(audience="subscribers", publish="2026-11-22 18:00"))
    await town.publish.tick()
    held = (await town.find("practice")).state

    await town.publish.release("practice", AUTHOR)
    await town.publish.tick()
    await town.deliver_all()
    town.clock.time = local("2026-11-22 18:00")
    await town.publish.tick()
    await town.deliver_all()

    assert held is State.HELD
    ahead, drill = town.phones.copies[1]
    assert "drill_ahead ru" in ahead.words
    assert "Вода отключена" in drill.words


async def test_nobody_is_told_of_a_drill_in_the_middle_of_a_danger(town: Town) -> None:
    await town.settle(2)
    await town.submit(make_drill(audience="subscribers", publish="2026-11-24 12:00"))
    await town.publish.tick()
    town.clock.time = local("2026-11-23 11:59")
    await town.issue(make_notice(severity="Severe", expires="+30m"))
    await town.deliver_all()
    town.clock.pass_by(minutes=1)
    await town.publish.tick()
    await town.deliver_all()
    during = [copy.words for copy in town.phones.copies[1] if "drill_ahead" in copy.words]

    town.clock.pass_by(minutes=30)
    await town.publish.tick()
    await town.publish.tick()
    await town.deliver_all()

    assert during == []
    assert ["drill_ahead ru" in copy.words for copy in town.phones.copies[1]] == [False, True]


# Clocks


async def test_a_wrong_clock_publishes_nothing_early_when_another_clock_is_heard(town: Town) -> None:
    """T8: our clock is set a day ahead; Telegram's answers say otherwise."""
    await planned(town)
    town.publish.hear(NOW)
    town.clock.pass_by(seconds=5)
    town.clock.time += dt.timedelta(days=1)

    await town.publish.tick()

    assert (await town.find("water-cut")).state is State.SCHEDULED
    assert town.operators.news == [News.SKEWED]


async def test_newer_zone_data_moves_nothing_silently_whatever_its_edition_is_called(town: Town) -> None:
    await planned(town)
    town.publish.rules = make_rules(zone="Europe/Samara", zone_name="Europe/Moscow", policy=lenient_policy())

    await town.publish.tick()
    await town.publish.tick()

    record = await town.find("water-cut")
    assert record.times is not None
    assert record.times.publish == local(TOMORROW)
    assert town.operators.news == [News.CLOCKS_MOVED]


async def test_what_people_approved_by_other_clocks_is_put_before_them_again(town: Town) -> None:
    town.publish.rules = town.rules = make_rules()
    await planned(town)
    await town.approve("water-cut")
    await town.publish.tick()
    town.publish.rules = town.rules = make_rules(zone="Europe/Samara", zone_name="Europe/Moscow")

    await town.publish.tick()
    waiting = await town.find("water-cut")
    await town.approve("water-cut")
    await town.publish.tick()

    assert waiting.state is State.IN_REVIEW
    assert town.operators.news == [News.CLOCKS_MOVED, News.VOIDED]
    again = await town.find("water-cut")
    assert again.times is not None
    assert again.times.publish == local(TOMORROW, "Europe/Samara")


async def test_many_looks_in_one_second_publish_once(town: Town) -> None:
    await planned(town)
    town.clock.time = local(TOMORROW)

    for _ in range(5):
        await town.publish.tick()
    await town.deliver_all()

    assert town.phones.order == [1, 2]
