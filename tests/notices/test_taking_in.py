"""Files of notices on their way into the store, while the bot runs."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.notices.console.presses import mark_of
from bot.core.notices.notice import Drill, Notice
from bot.core.notices.states import State
from bot.core.problem import Level
from bot.workflows.take_in import TakeIn
from tests.factories import in_both
from tests.fakes_notices import make_notice
from tests.notices.office import Office, open_office
from tests.notices.town import APPROVER, AUTHOR, THIRD

FIRM = {
    "areas": ("roslavl",),
    "publish": "2026-11-23 12:00",
    "instruction": ({"text": in_both("Наберите воды в запас.", "Fill a supply of water.")},),
}


def make_file(**changes: object) -> Notice:
    """Return a notice that the real rules accept, planned for tomorrow noon."""
    return make_notice(**(FIRM | changes))


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        await office.town.settle(3)
        yield office


async def take(office: Office, *files: Notice | Drill, taking: TakeIn | None = None) -> list[str]:
    """Put these files into the folder and take them in; return what was refused."""
    book = replace(
        office.operators.book,
        notices={one.id: one for one in files if isinstance(one, Notice)},
        drills={one.id: one for one in files if isinstance(one, Drill)},
    )
    office.operators.replace(replace(office.content, notices=book), book, office.town.rules)
    return [str(problem) for problem in await (taking or taking_in(office)).take()]


def taking_in(office: Office) -> TakeIn:
    return TakeIn(
        office.operators,
        office.town.store.notices,
        office.compose.problems_in_file,
        office.watch.tell,
        office.town.publish.wake,
    )


async def test_a_new_file_waits_for_two_people_since_nobody_vouches_for_its_author(office: Office) -> None:
    assert await take(office, make_file(severity="Severe")) == []

    for person in (AUTHOR, APPROVER):
        assert (await office.town.find("water-cut")).state is State.IN_REVIEW
        await office.press(person, await office.waiting_card(person), "Approve")
    await office.town.publish.tick()
    assert (await office.town.find("water-cut")).state is State.SCHEDULED


async def test_the_same_file_again_changes_nothing(office: Office) -> None:
    await take(office, make_file())
    before = await office.town.find("water-cut")

    assert await take(office, make_file()) == []
    assert await office.town.find("water-cut") == before


async def test_a_changed_file_is_a_new_version_that_nobody_has_approved(office: Office) -> None:
    await take(office, make_file())
    old_card = await office.waiting_card(APPROVER)
    await office.press(APPROVER, old_card, "Approve")
    await office.town.publish.tick()

    await take(office, make_file(headline=in_both("Воды не будет", "No water")))

    changed = await office.town.find("water-cut")
    assert (changed.state, changed.revision, changed.approvals) == (State.IN_REVIEW, 2, ())
    assert (await office.press(APPROVER, old_card, "Approve")).toast.startswith("The notice has changed")


async def test_a_file_that_the_rules_refuse_changes_nothing_and_the_others_go_on(office: Office) -> None:
    await take(office, make_file())

    refused = await take(office, make_file(areas=("atlantis",)), make_file(id="other"))

    assert refused == [
        "notices/water-cut.yaml: areas[1]: L04: there is no area 'atlantis'; expected an id of areas.yaml"
    ]
    assert (await office.town.find("water-cut")).announcement.area_ids == ("roslavl",)
    assert (await office.town.find("other")).state is State.IN_REVIEW


async def test_a_time_that_has_passed_is_refused_unless_we_have_sent_it(office: Office) -> None:
    assert "L32" in (await take(office, make_file(publish="2026-11-20 12:00")))[0]
    assert await office.ids() == []

    await take(office, make_file())
    office.town.clock.pass_by(days=2)
    assert await take(office, make_file()) == []


async def test_a_warning_needs_a_reason_in_the_file(office: Office) -> None:
    [refused] = await take(office, make_file(publish="2026-11-23 23:30"))
    assert "L25" in refused
    assert "accepted: {L25: why it stays}" in refused

    assert (
        await take(office, make_file(publish="2026-11-23 23:30", accepted={"L25": "Воды нет уже ночью"}))
        == []
    )


async def test_a_file_that_disappears_or_comes_too_late_leaves_the_notice_alone(office: Office) -> None:
    taking = taking_in(office)
    await take(office, make_file(), taking=taking)
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await take(office, taking=taking)
    assert (await office.town.find("water-cut")).state is State.SCHEDULED

    office.town.clock.pass_by(days=1)
    await office.town.publish.tick()
    for _ in range(2):
        assert await take(office, make_file(expires="+5h"), taking=taking) == []
    assert (await office.town.find("water-cut")).announcement.expires == "+3h"
    await office.watch.tick()
    told = [words for words in office.messages.words(AUTHOR) if "can no longer be changed" in words]
    assert told == ["The file water-cut.yaml has changed, but ‘Water is off’ can no longer be changed."]


async def test_what_was_rejected_comes_back_with_a_new_version(office: Office) -> None:
    await take(office, make_file())
    await office.reject(APPROVER, "Улица не та")
    await take(office, make_file())
    assert (await office.town.find("water-cut")).state is State.REJECTED

    await take(
        office,
        make_file(description=in_both("Чинят трубу на улице Труда.", "A pipe on Truda Street is mended.")),
    )

    assert (await office.town.find("water-cut")).state is State.IN_REVIEW


async def test_an_update_may_refer_to_a_notice_that_came_in_the_same_folder(office: Office) -> None:
    update = make_file(
        id="a-first-by-name",
        message_type="Update",
        references=("water-cut",),
        publish="2026-11-23 13:00",
        headline=in_both("Вода отключена до вечера", "Water is off until evening"),
    )

    assert await take(office, update, make_file()) == []
    assert sorted(await office.ids()) == ["a-first-by-name", "water-cut"]


async def test_a_missed_notice_goes_as_a_new_one_by_one_tap_and_a_fresh_approval(office: Office) -> None:
    await take(office, make_file(onset="2026-11-23 13:00", expires="2026-11-23 15:00"))
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    office.town.clock.pass_by(days=2)
    await office.town.publish.tick()
    await office.watch.tick()
    assert "‘Water is off’ was not sent: it had already expired." in office.messages.words(AUTHOR)[-1]

    await office.press(AUTHOR, await office.card(AUTHOR, "water-cut"), "Publish as new")

    renewed = await office.town.find(f"water-cut-261124-1200-{mark_of('water-cut')}")
    assert renewed.state is State.IN_REVIEW
    assert (renewed.announcement.onset, renewed.announcement.expires) == ("+60m", "+180m")
    await office.press(AUTHOR, await office.waiting_card(AUTHOR), "Approve")
    await office.town.publish.tick()
    await office.town.deliver_all()
    assert set(office.town.phones.copies) == {1, 2, 3}
    assert (await office.town.find("water-cut")).state is State.MISSED


# What the rules know when people decide


async def test_a_withdrawal_from_a_file_waits_for_people_however_it_is_worded(office: Office) -> None:
    """M5: Extreme words under a Cancel."""
    await take(office, make_file(publish=None))
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.town.deliver_all()
    cancel = make_file(
        id="cancel",
        publish=None,
        message_type="Cancel",
        severity="Extreme",
        references=("water-cut",),
        was_wrong=in_both("Вода отравлена.", "The water is poisoned."),
        headline=in_both("Вода отравлена, покиньте город", "The water is poisoned, leave town"),
    )

    assert await take(office, make_file(publish=None), cancel) == []
    for _ in range(3):
        await office.town.publish.tick()

    assert (await office.town.find("cancel")).state is State.IN_REVIEW
    assert all(len(copies) == 1 for copies in office.town.phones.copies.values())

    # And while it waits, it keeps nobody from the two taps.
    asked = (await office.press(THIRD, await office.card(THIRD, "water-cut"), "Withdraw")).messages[-1]
    await office.press(THIRD, asked, "Yes, withdraw")
    await office.town.publish.tick()
    await office.town.deliver_all()
    assert (await office.town.find("water-cut")).state is State.CANCELLED
    assert all(len(copies) == 2 for copies in office.town.phones.copies.values())


async def test_a_notice_that_nobody_would_get_cannot_be_approved(office: Office) -> None:
    """M16: a file is not counted when it comes, for people subscribe until then."""
    await take(office, make_file(areas=("vyazma",)))
    card = await office.waiting_card(APPROVER)

    refused = await office.press(APPROVER, card, "Approve")
    await office.town.settle(1, area="vyazma", first=70)
    done = await office.press(APPROVER, card, "Approve")

    assert "Nobody would get it: nobody chose these places (L31)" in refused.messages[0].text.words
    assert done.toast == "Done."
    assert (await office.town.find("water-cut")).state is State.APPROVED


async def test_ten_times_as_many_as_usual_are_asked_about(office: Office) -> None:
    """M20: the target area was lost on the way, or a town was imported into the wrong district."""
    assert await take(office, make_file(publish=None)) == []
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.town.settle(40, first=100)
    again = make_file(id="again", publish=None, headline=in_both("Воды нет и сегодня", "No water today"))

    found = await office.compose.problems(again)
    meant = await office.compose.problems(
        again.model_copy(update={"accepted": {"L31": "Стало больше людей"}})
    )
    await take(office, make_file(publish=None), again)
    refused = await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")

    asked = [one for one in found if one.rule == "L31"]
    assert [(one.level, one.wrong) for one in asked] == [(Level.WARNING, "43 would get it, usually 3")]
    assert [one.level for one in meant if one.rule == "L31"] == [Level.INFO]
    assert "43 would get it, usually 3 do here: are the places right? (L31)" in refused.messages[0].text.words


async def test_the_seventh_notice_of_a_day_is_seen_whatever_waits_for_whom(office: Office) -> None:
    """M21: each of them waits for approval, some for hours that are before those of the others."""
    files = [
        make_file(
            id=f"n{hour}",
            publish=f"2026-11-23 {hour}:00",
            expires="+30m",
            headline=in_both(f"Вода отключена {hour}", f"Water is off {hour}"),
            accepted={"L24": "Чинят улицу за улицей"},
        )
        for hour in (18, 17, 16, 15, 14, 13, 12)
    ]

    refused = [await take(office, file) for file in files]

    assert [bool(lines) for lines in refused] == [False] * 6 + [True]
    assert "L24: there would be 7 there in a day" in refused[-1][0]
    unexplained = await take(office, files[2].model_copy(update={"id": "third", "accepted": {}}))
    assert any("L24" in line for line in unexplained)
