"""Operators at work in their chats: write, approve, stop, withdraw; and what is refused to whom."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.message import Asked, Commanded, Press, Pressed, Room
from bot.core.notices.console.presses import Verb, key_of, press, read_press
from bot.core.notices.news import News, Told
from bot.core.notices.notice import Notice
from bot.core.notices.states import State
from bot.core.problem import Level, Problem
from tests.factories import in_both
from tests.fakes_notices import make_notice
from tests.notices.office import GONE, STRANGER, VIEWER, Office, data_of, labels, open_office
from tests.notices.town import APPROVER, AUTHOR, THIRD

DRONE = (
    "Roslavl",
    "Над округом замечен беспилотник.",
    "A drone was seen over the district.",
    "Правительство Смоленской области",
    "Government of Smolensk Region",
    "2",
)
"""Answers to the questions of the template 'Drone danger', which is Severe and needs two people."""


TITLE = "‘Drone danger, be ready to take cover’"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office with ten residents of Roslavl."""
    async with open_office(tmp_path) as office:
        await office.town.settle(10)
        yield office


async def submitted(office: Office, *answers: str) -> str:
    """Fill in and submit an urgent notice, and return its id."""
    reply = await office.fill(AUTHOR, "Drone danger", *(answers or DRONE))
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    [notice_id] = await office.ids()
    return notice_id


async def sent(office: Office) -> str:
    """Bring an urgent notice to everybody's phones, and return its id."""
    notice_id = await submitted(office)
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.town.deliver_all()
    return notice_id


async def state(office: Office, notice_id: str) -> State:
    return (await office.town.find(notice_id)).state


async def test_an_urgent_notice_is_written_previewed_approved_by_another_and_goes(office: Office) -> None:
    first = await office.fill(AUTHOR, "Drone danger")
    assert first.messages[0].text.words.startswith("1/6. For which districts?")

    preview = await office.fill(AUTHOR, "Drone danger", *DRONE)
    russian, english, facts, question = preview.messages
    assert "Над округом замечен беспилотник." in russian.text.words
    assert "A drone was seen over the district." in english.text.words
    assert "2000" not in english.text.words  # not the stand-in for the time of sending
    assert "REAL notice\nTo: Roslavl District\nRecipients: 10" in facts.text.words
    await office.press(AUTHOR, question, "Submit")
    [notice_id] = await office.ids()
    assert await state(office, notice_id) is State.IN_REVIEW

    card = await office.waiting_card(APPROVER)
    shown = office.messages.words(APPROVER)
    assert "Author: 501\nApproval: 1 more needed, the author does not count" in card.text.words
    assert russian.text.words in shown
    assert english.text.words in shown
    done = await office.press(APPROVER, card, "Approve")
    assert done.toast == "Done."
    await office.town.publish.tick()
    await office.town.deliver_all()

    assert set(office.town.phones.copies) == set(range(1, 11))
    assert await office.log(notice_id) == [
        f"submitted {AUTHOR}",
        f"approved {APPROVER}",
        "begun None",
    ]


async def test_the_author_never_approves_what_needs_two(office: Office) -> None:
    notice_id = await submitted(office)
    card = await office.waiting_card(AUTHOR)
    assert "You are the author: another person approves" in card.text.words
    assert not any("Approve" in label for label in labels(card))

    refused = await office.tap(AUTHOR, data_of(await office.waiting_card(APPROVER), "Approve"))

    assert refused.toast == "The author cannot approve this, another person must."
    assert await state(office, notice_id) is State.IN_REVIEW
    assert (await office.log(notice_id))[-1] == f"refused {AUTHOR}"


async def test_a_notice_below_severe_may_be_approved_by_its_author(office: Office) -> None:
    reply = await office.fill(
        AUTHOR,
        "Water is off",
        "Roslavl",
        *("Чинят трубу на улице Мира.", "A pipe on Mira Street is mended."),
        "3",
    )
    while "Submit" not in " ".join(labels(reply.messages[-1])):
        reply = await office.say(AUTHOR, "Так сообщил водоканал, других данных нет")
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    [notice_id] = await office.ids()

    await office.press(AUTHOR, await office.waiting_card(AUTHOR), "Approve")

    assert await state(office, notice_id) is State.APPROVED


async def test_a_viewer_sees_and_stops_and_does_nothing_else(office: Office) -> None:
    notice_id = await submitted(office)
    card = await office.waiting_card(VIEWER)
    approve = data_of(await office.waiting_card(APPROVER), "Approve")
    assert not any("Approve" in label for label in labels(card))

    for data in (approve, "op:new", "op:fill:drone-danger", "op:send:drone-danger:00000000"):
        refused = await office.tap(VIEWER, data)
        assert refused.toast == "Your role does not allow this.", data
    assert await state(office, notice_id) is State.IN_REVIEW

    asked = (await office.press(VIEWER, card, "Withdraw")).messages[0]
    await office.press(VIEWER, asked, "Yes, withdraw")
    assert await state(office, notice_id) is State.CANCELLED


@pytest.mark.parametrize("room", list(Room))
async def test_a_stranger_with_the_right_data_changes_nothing(office: Office, room: Room) -> None:
    notice_id = await submitted(office)
    card = await office.waiting_card(APPROVER)

    for row in card.buttons:
        for button in row:
            assert isinstance(button.action, Press)
            refused = await office.tap(STRANGER, button.action.data, room)
            assert refused.toast == "This button is for operators only."
            assert refused.messages == ()
            assert refused.replaces is None

    assert await state(office, notice_id) is State.IN_REVIEW
    assert await office.take(STRANGER, Commanded("desk"), room) is None


async def test_the_log_is_not_filled_by_a_stranger_who_presses_a_hundred_times(office: Office) -> None:
    for _ in range(100):
        await office.tap(STRANGER, "op:yes:water-cut:00000000")

    assert len([line async for line in office.town.store.audit.export()]) == 1


async def test_decisions_are_made_in_private_only(office: Office) -> None:
    notice_id = await submitted(office)
    data = data_of(await office.waiting_card(APPROVER), "Approve")

    refused = await office.tap(APPROVER, data, Room.GROUP)

    assert refused.toast == "Decisions are made in a private chat with the bot only."
    assert await state(office, notice_id) is State.IN_REVIEW


@pytest.mark.parametrize(
    "data",
    [
        "op",
        "op:",
        "op:yes",
        "op:yes:a:b:c:d",
        "op:nonsense:a",
        "op:yes:UPPER:00000000",
        "op:yes:a:xyz",
        "op:fill",
        "op:yes::",
        "op:desk:a",
        "op:show:🧨",
    ],
)
async def test_forged_data_is_refused_by_name(office: Office, data: str) -> None:
    refused = await office.tap(AUTHOR, data)

    assert refused.toast == "The button is damaged or out of date."
    assert await office.ids() == []


async def test_a_notice_or_version_that_does_not_exist_is_refused(office: Office) -> None:
    assert (await office.tap(APPROVER, "op:yes:no-such:00000000")).toast == "There is no such notice."

    notice_id = await submitted(office)
    for version in ("", "00000000"):
        refused = await office.tap(APPROVER, f"op:yes:{notice_id}:{version}".rstrip(":"))
        assert refused.toast.startswith("The notice has changed since it was shown.")
    assert await state(office, notice_id) is State.IN_REVIEW


async def test_an_approval_counts_for_the_words_on_the_screen_and_no_others(office: Office) -> None:
    notice_id = await submitted(office)
    old_card = await office.waiting_card(APPROVER)
    words = office.operators.book.phrases.model_copy(
        update={"where": in_both("Место: {areas}", "Place: {areas}")}
    )
    setting = office.town.rules.setting
    changed = type(setting)(words, setting.areas, setting.guides, setting.zone)
    office.operators.rules = type(office.town.rules)(
        changed,
        office.town.rules.policy,
        office.town.rules.languages,
        office.town.rules.default,
        office.town.rules.zone_name,
        trusted=office.town.rules.trusted,
    )

    refused = await office.press(APPROVER, old_card, "Approve")

    assert refused.toast.startswith("The notice has changed since it was shown.")
    assert await state(office, notice_id) is State.IN_REVIEW
    again = await office.press(APPROVER, refused.replaces, "Approve")
    assert again.toast == "Done."


async def test_a_replayed_approval_does_nothing_the_second_time(office: Office) -> None:
    notice_id = await submitted(office)
    approve = data_of(await office.waiting_card(APPROVER), "Approve")
    await office.tap(APPROVER, approve)
    before = await office.town.find(notice_id)

    for person in (APPROVER, THIRD):
        refused = await office.tap(person, approve)
        assert refused.toast == "Not possible: ✅ Approved."

    assert await office.town.find(notice_id) == before


async def test_a_rejection_has_a_reason_that_all_operators_read(office: Office) -> None:
    notice_id = await submitted(office)
    asked = await office.press(APPROVER, await office.waiting_card(APPROVER), "Reject")
    assert asked.messages[0].text.words.startswith("Why are you rejecting ‘Drone danger, be ready")

    [sure] = (await office.say(APPROVER, "Округ не тот")).messages
    assert sure.text.words.startswith(f"Reject {TITLE}? Reason: Округ не тот\n")
    assert await state(office, notice_id) is State.IN_REVIEW
    done = await office.press(APPROVER, sure, "Yes, reject it")

    assert await state(office, notice_id) is State.REJECTED
    assert done.replaces is not None
    assert done.replaces.text.words == f"🚫 Rejected: {TITLE}. By: you. Reason: Округ не тот"
    assert office.messages.words(AUTHOR)[-1] == f"🚫 Rejected: {TITLE}. By: {APPROVER}. Reason: Округ не тот"
    assert await office.take(APPROVER, Asked("что делать при сирене")) is None


async def test_a_live_send_is_seen_by_all_and_stopped_by_anybody_in_two_taps(office: Office) -> None:
    office.town.phones.takes = 0.005
    await office.town.settle(300, first=100)
    notice_id = await submitted(office)
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.watch.tick()
    live = office.messages.chats[VIEWER][-1]
    assert "📤 Being sent" in live.text.words

    asked = (await office.press(VIEWER, live, "Stop")).messages[0]
    stopped = await office.press(VIEWER, asked, "Yes, stop it")

    assert await state(office, notice_id) is State.STOPPED
    assert stopped.replaces is not None
    assert stopped.replaces.text.words.startswith(f"⛔ Stopped: {TITLE}. By: you.")
    assert office.messages.words(AUTHOR)[-1].startswith(f"⛔ Stopped: {TITLE}. By: {VIEWER}.")

    await office.press(APPROVER, await office.card(APPROVER, notice_id), "Go on")
    await office.town.deliver_all()
    await office.town.publish.tick()
    assert len(office.town.phones.copies) == 310


async def test_progress_is_one_message_that_is_edited_until_it_is_done(office: Office) -> None:
    notice_id = await submitted(office)
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.watch.tick()
    count = len(office.messages.chats[THIRD])

    await office.town.deliver_all()
    await office.town.publish.tick()
    office.town.clock.pass_by(seconds=2)
    await office.watch.tick()
    await office.watch.tick()

    assert len(office.messages.chats[THIRD]) == count
    assert office.messages.words(THIRD)[-1].startswith("🟢 Sent, in force\n")
    assert f"No. {notice_id} ·" in office.messages.words(THIRD)[-1]
    assert "10 of 10 delivered." in office.messages.words(THIRD)[-1]
    assert "All sent." in office.messages.words(THIRD)[-1]


async def test_a_wrong_notice_is_withdrawn_in_two_taps_on_every_phone(office: Office) -> None:
    notice_id = await sent(office)
    russian, english, asked = (
        await office.press(VIEWER, await office.card(VIEWER, notice_id), "Withdraw")
    ).messages
    for preview, words in ((russian, "⚪ Сообщение отозвано"), (english, "⚪ Notice withdrawn")):
        lines = preview.text.words.split("\n")
        assert lines[0] == lines[-1] == "👁 PREVIEW: sent to nobody"
        assert words in preview.text.words
    done = await office.press(VIEWER, asked, "Yes, withdraw")

    # Never "in force", which is the opposite of what was just done.
    assert done.replaces is not None
    assert done.replaces.text.words.startswith(f"⚪ The withdrawal is being sent: {TITLE}. By: you.")

    await office.town.publish.tick()
    await office.town.deliver_all()

    assert await state(office, notice_id) is State.CANCELLED
    for wrong, withdrawal in office.town.phones.copies.values():
        assert "Отозвано" in wrong.shown
        assert withdrawal.reply_to == wrong.message_id
        assert not withdrawal.silent


async def test_what_expired_is_found_at_the_desk_and_can_still_be_withdrawn(office: Office) -> None:
    notice_id = await sent(office)
    office.town.clock.pass_by(hours=3)
    await office.town.publish.tick()
    assert await state(office, notice_id) is State.EXPIRED

    over = (await office.press(VIEWER, await office.desk(VIEWER), "Over lately")).replaces
    card = (await office.press(VIEWER, over, "⌛ Drone danger")).replaces
    sure = (await office.press(VIEWER, card, "Withdraw")).messages[-1]
    await office.press(VIEWER, sure, "Yes, withdraw")
    await office.town.publish.tick()

    assert await state(office, notice_id) is State.CANCELLED


async def test_two_people_who_withdraw_at_once_send_one_withdrawal(office: Office) -> None:
    notice_id = await sent(office)
    card = await office.card(AUTHOR, notice_id)
    data = data_of((await office.press(AUTHOR, card, "Withdraw")).messages[-1], "Yes")
    await office.tap(AUTHOR, data)
    office.town.clock.pass_by(seconds=1)

    second = await office.tap(APPROVER, data)

    assert second.toast == "Somebody was faster, look again."
    assert len(await office.ids()) == 2


async def test_two_notices_are_withdrawn_in_the_same_second(office: Office) -> None:
    first = await sent(office)
    reply = await office.fill(
        AUTHOR, "Drone danger", "Roslavl", "Замечен второй.", "A second one.", *DRONE[3:]
    )
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    [second] = set(await office.ids()) - {first}
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.town.deliver_all()

    for person, notice_id in ((AUTHOR, first), (APPROVER, second)):
        asked = (await office.press(person, await office.card(person, notice_id), "Withdraw")).messages[-1]
        assert (await office.press(person, asked, "Yes, withdraw")).toast == "Done."
    await office.town.publish.tick()

    assert [await state(office, one) for one in (first, second)] == [State.CANCELLED] * 2


async def test_two_people_who_fill_in_the_same_template_at_once_submit_two_notices(office: Office) -> None:
    mine = (await office.fill(AUTHOR, "Drone danger", *DRONE)).messages[-1]
    other = (*DRONE[:2], "A drone is flying over the district.", *DRONE[3:])
    theirs = (await office.fill(THIRD, "Drone danger", *other)).messages[-1]

    assert (await office.press(AUTHOR, mine, "Submit")).toast == "Done."
    assert (await office.press(THIRD, theirs, "Submit")).toast == "Done."

    first, second = await office.ids()
    assert await office.log(first) == [f"submitted {AUTHOR}"]
    assert await office.log(second) == [f"submitted {THIRD}"]
    await office.reject(APPROVER, "Слова не те")  # the newest card, THIRD's
    given = await office.press(THIRD, await office.card(THIRD, second), "Change and submit again")
    assert "3. A drone is flying over the district." in labels(given.messages[0])


async def test_a_prepared_correction_asks_four_questions_and_needs_another_person(office: Office) -> None:
    notice_id = await sent(office)
    choice = (await office.press(AUTHOR, await office.card(AUTHOR, notice_id), "Correct")).messages[0]
    assert not any("Withdraw" in label for label in labels(choice))
    reply = await office.press(AUTHOR, choice, "Correction")
    assert "The earlier place: Roslavl District" in reply.messages[0].text.words
    for answer in (
        "Desnogorsk",
        "Беспилотник замечен не там.",
        "The drone was seen elsewhere.",
        "Беспилотник летит к Десногорску.",
        "The drone flies to Desnogorsk.",
        "Укройтесь в доме.",
        "Take cover in the house.",
    ):
        reply = await office.say(AUTHOR, answer)
    while "Submit" not in " ".join(labels(reply.messages[-1])):
        assert "Warning" in reply.messages[-1].text.words, reply.messages[-1].text.words
        reply = await office.say(AUTHOR, "Иначе не успеть, уточним позже")
    assert f"To: those who got the earlier one (No. {notice_id})" in reply.messages[2].text.words
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.town.deliver_all()

    assert await state(office, notice_id) is State.SUPERSEDED
    assert all(len(copies) == 2 for copies in office.town.phones.copies.values())
    _, correction = office.town.phones.copies[1]
    assert correction.words.startswith(
        "✏ Исправление\nБеспилотная опасность: исправляем прежнее сообщение\n\n"
        "Было неверно: Беспилотник замечен не там.\n"
        "Верно сейчас: Беспилотник летит к Десногорску. Прежнему сообщению не следуйте.\n"
        "Где: город Десногорск\n\n"
    )


async def test_a_wrong_answer_is_asked_again_with_the_reason(office: Office) -> None:
    reply = await office.fill(AUTHOR, "Drone danger", "Atlantis")

    wrong, again = reply.messages
    assert "‘Atlantis’ is not on the list of places" in wrong.text.words
    assert again.text.words.startswith("1/6.")


async def test_what_the_rules_refuse_is_asked_again_and_nothing_else(office: Office) -> None:
    reply = await office.fill(AUTHOR, "Drone danger", "Vyazma", *DRONE[1:])
    refused, again = reply.messages
    assert refused.text.words == (
        "This cannot be sent:\n• Places: Nobody would get it: nobody chose these places (L31)"
    )
    assert again.text.words.startswith("1/6. For which districts?")

    reply = await office.say(AUTHOR, "Roslavl")
    assert "Submit" in " ".join(labels(reply.messages[-1]))

    reply = await office.fill(AUTHOR, "Drone danger", "Roslavl", "Дрон здесь.", *DRONE[2:])
    refused, again = reply.messages
    assert "• What happened, ru: Name the place" in refused.text.words
    assert "(L04, ‘здесь’)" in refused.text.words
    assert again.text.words.startswith("2/6.")
    reply = await office.say(AUTHOR, DRONE[1])
    assert "Submit" in " ".join(labels(reply.messages[-1]))
    assert await office.ids() == []


async def test_filling_in_can_be_given_up(office: Office) -> None:
    for how in (Commanded("cancel"), Pressed("op:cancel", GONE)):
        await office.fill(AUTHOR, "Drone danger", "Roslavl")
        given_up = await office.act(AUTHOR, how)
        assert given_up.messages[0].text.words == "Cancelled, nothing was sent."
        assert await office.take(AUTHOR, Asked("обломки")) is None
    assert await office.ids() == []


async def test_a_second_press_on_submit_submits_nothing_more(office: Office) -> None:
    reply = await office.fill(AUTHOR, "Drone danger", *DRONE)
    data = data_of(reply.messages[-1], "Submit")

    await office.tap(AUTHOR, data)
    again = await office.tap(AUTHOR, data)

    assert again.toast == "The button is damaged or out of date."
    assert len(await office.ids()) == 1


async def test_drills_have_a_screen_of_their_own_and_stay_drills(office: Office) -> None:
    desk = await office.desk(AUTHOR)
    drill_desk = (await office.press(AUTHOR, desk, "🎓 Drills")).replaces
    drills = (await office.press(AUTHOR, drill_desk, "🎓 New drill")).replaces
    real = (await office.press(AUTHOR, await office.desk(AUTHOR), "New REAL")).replaces
    assert set(labels(real)) & set(labels(drills)) == {"‹ Back"}

    reply = await office.press(AUTHOR, drills, "Practice")
    for answer in ("Roslavl", "Отправка сообщения с телефона.", "Sending a message from a phone."):
        reply = await office.say(AUTHOR, answer)
    while "Submit" not in " ".join(labels(reply.messages[-1])):
        assert "Warning" in reply.messages[-1].text.words, reply.messages[-1].text.words
        reply = await office.say(AUTHOR, "Это учения, людям не приходит")
    assert "\n\nDRILL. No need to take cover.\n" in reply.messages[1].text.words
    assert "To: the operators’ test chats only" in reply.messages[2].text.words
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    await office.press(AUTHOR, await office.waiting_card(AUTHOR), "Approve")
    await office.town.publish.tick()
    await office.town.deliver_all()

    assert set(office.town.phones.copies) == {AUTHOR, APPROVER, THIRD, VIEWER}


async def test_a_draft_from_a_file_goes_nowhere_until_somebody_submits_it(tmp_path: Path) -> None:
    written = make_notice(
        draft=True,
        citation=in_both("письмо водоканала", "letter of the water works"),
        instruction=({"text": in_both("Наберите воды в запас.", "Fill a supply of water.")},),
    )
    async with open_office(tmp_path, written) as office:
        await office.town.settle(3)
        await office.watch.tick()
        assert office.messages.chats == {}

        files = (await office.press(AUTHOR, await office.desk(AUTHOR), "Drafts")).replaces
        *_, shown = (await office.press(AUTHOR, files, "Water is off")).messages
        done = await office.press(AUTHOR, shown, "Submit")

        assert done.toast == "Done.", done
        record = await office.town.find("water-cut")
        assert record.author == AUTHOR
        assert record.state is State.IN_REVIEW


def make_siren_test() -> Notice:
    """Return a notice of the water works that comes again every month."""
    return make_notice(
        draft=True,
        severity="Minor",
        publish="2026-11-23 12:00",
        repeat="FREQ=MONTHLY;BYMONTHDAY=23;COUNT=3",
        instruction=({"text": in_both("Наберите воды в запас.", "Fill a supply of water.")},),
    )


async def test_a_series_is_approved_once_and_each_time_of_it_can_be_stopped_and_released(
    tmp_path: Path,
) -> None:
    async with open_office(tmp_path, make_siren_test()) as office:
        await office.town.settle(3)
        shown = await office.card(AUTHOR, "water-cut")
        await office.press(AUTHOR, shown, "Submit")
        card = await office.waiting_card(AUTHOR)
        assert (
            "When: 12:00 on 23 November, 12:00 on 23 December, 12:00 on 23 January 2027; times in all: 3"
            in card.text.words
        )
        await office.press(AUTHOR, card, "Approve")
        await office.town.publish.tick()
        first = "water-cut@2026-11-23T12:00"
        assert (await office.town.find(first)).state is State.SCHEDULED

        card = await office.card(VIEWER, key_of(first))
        asked = (await office.press(VIEWER, card, "Stop")).messages[0]
        await office.press(VIEWER, asked, "Yes, stop it")
        assert (await office.town.find(first)).state is State.HELD

        office.town.clock.pass_by(days=1)
        await office.town.publish.tick()
        assert (await office.town.find(first)).state is State.HELD

        await office.watch.tick()
        held = office.messages.chats[APPROVER][-1]
        assert held.text.words.startswith("✋ On hold for a decision\n")
        assert f"No. {first} ·" in held.text.words
        asked = (await office.press(APPROVER, held, "Send it")).messages[0]
        await office.press(APPROVER, asked, "Yes, send it")
        await office.town.deliver_all()
        assert set(office.town.phones.copies) == {1, 2, 3}


async def test_operators_who_cannot_be_reached_are_shown_it_later(office: Office) -> None:
    await submitted(office)
    office.messages.unreachable = {AUTHOR, APPROVER, THIRD, VIEWER}
    await office.watch.tick()
    assert not any("Version" in words for words in office.messages.words(APPROVER))

    office.messages.unreachable = set()
    await office.watch.tick()
    assert any("Version" in words for words in office.messages.words(APPROVER))


async def test_whoever_is_no_operator_any_more_decides_nothing(office: Office) -> None:
    notice_id = await submitted(office)
    approve = data_of(await office.waiting_card(APPROVER), "Approve")
    office.operators.rules = replace(office.operators.rules, trusted=(AUTHOR, THIRD))

    refused = await office.tap(APPROVER, approve)

    assert refused.toast == "This button is for operators only."
    assert await state(office, notice_id) is State.IN_REVIEW


async def test_news_and_broken_files_reach_every_operator_once(office: Office) -> None:
    office.messages.unreachable = {THIRD}
    problem = Problem("notices/x.yaml", ("expires",), "is missing", line=4)

    for _ in range(2):
        await office.watch.report([problem, Problem("a", (), "minor", level=Level.INFO)])
    await office.watch.tell(Told(News.STORE_AWAY, detail="locked"))
    await office.watch.tick()

    assert office.messages.words(VIEWER) == [
        "Some files have mistakes; the last good version stays in use:\n"
        "• notices/x.yaml:4: End: something is missing here",
        "The database is away; nothing is sent until it is back. (locked)",
    ]
    assert THIRD not in office.messages.chats


async def test_what_waits_is_shown_to_everybody_once(office: Office) -> None:
    await submitted(office)
    for _ in range(3):
        await office.watch.tick()

    cards = [words for words in office.messages.words(APPROVER) if "Version" in words]
    assert len(cards) == 1


def test_every_button_fits_into_sixty_four_bytes() -> None:
    for verb in Verb:
        data = press(verb, "a" * 40, "f" * 64).data
        assert len(data.encode()) <= 64, data
    longest = press(Verb.WITHDRAW, "a" * 40 + "@2026-12-02T09:00", "f" * 64).data
    assert len(longest.encode()) <= 64
    assert read_press(longest) is not None
