"""What operators are asked: about just the notice they meant, for ten minutes; every answer can change."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.message import Asked, Commanded, IncomingMessage, OutgoingMessage, Room
from bot.core.notices.states import State
from bot.core.notices.template import Blank, BlankKind
from tests.factories import in_both
from tests.notices.office import Office, data_of, labels, open_office
from tests.notices.test_operators import DRONE, TITLE, sent, state, submitted
from tests.notices.town import APPROVER, AUTHOR, local

CHANGED = ("Над городом замечен беспилотник.", "A drone was seen over the town.")


VELIZH = ("Velizh", *CHANGED, *DRONE[3:])
"""Answers that make another notice than DRONE."""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office with ten residents of Roslavl, and ten of Velizh."""
    async with open_office(tmp_path) as office:
        await office.town.settle(10)
        await office.town.settle(10, "velizh", first=50)
        yield office


async def ask_why(office: Office) -> str:
    """Bring the approver to the question why, and return the id of the notice."""
    notice_id = await submitted(office)
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Reject")
    return notice_id


async def is_anybodys(office: Office, person: int, text: str) -> bool:
    """Return whether a text is answered as a question of anybody's."""
    return await office.take(person, Asked(text)) is None


async def sent_to_velizh(office: Office) -> str:
    """Bring a second notice to people's phones."""
    before = set(await office.ids())
    reply = await office.fill(AUTHOR, "Drone danger", *VELIZH)
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    [notice_id] = set(await office.ids()) - before
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.town.deliver_all()
    return notice_id


async def test_a_change_is_of_the_notice_under_whose_question_the_button_stood(office: Office) -> None:
    first = await sent(office)
    office.town.clock.pass_by(seconds=5)
    second = await sent_to_velizh(office)
    about_first = (await office.press(AUTHOR, await office.card(AUTHOR, first), "Correct")).messages[0]
    await office.press(AUTHOR, await office.card(AUTHOR, second), "Correct")

    asked = (await office.press(AUTHOR, about_first, "Correction")).messages[0]

    assert "The earlier place: Roslavl District" in asked.text.words
    reply = await office.press(AUTHOR, asked, "The earlier place")
    for answer in (
        "Неверно назвали время.",
        "The time was wrong.",
        *CHANGED,
        "Укройтесь дома.",
        "Take cover.",
    ):
        reply = await office.say(AUTHOR, answer)
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    [correction] = set(await office.ids()) - {first, second}
    record = await office.town.find(correction)
    assert record.announcement.references == (first,)
    assert record.announcement.area_ids == ("roslavl",)


async def test_a_change_cannot_be_begun_without_its_notice_nor_of_one_that_nobody_has(office: Office) -> None:
    forged = await office.tap(AUTHOR, "op:fill:correction")
    assert forged.messages[0].text.words.startswith("Nothing to change")

    notice_id = await sent(office)
    asked = (await office.press(AUTHOR, await office.card(AUTHOR, notice_id), "Correct")).messages[0]
    await office.press(APPROVER, await office.card(APPROVER, notice_id), "Withdraw")
    sure = office.messages.chats[APPROVER][-1]
    await office.press(APPROVER, sure, "Yes, withdraw")
    await office.town.publish.tick()

    late = await office.press(AUTHOR, asked, "Correction")

    assert late.toast == "Not possible: ⚪ Withdrawn."


async def test_a_question_is_open_for_ten_minutes_and_then_everybodys_business(office: Office) -> None:
    notice_id = await ask_why(office)

    office.town.clock.pass_by(minutes=10)

    assert await is_anybodys(office, APPROVER, "что делать если воет сирена")
    assert await state(office, notice_id) is State.IN_REVIEW


@pytest.mark.parametrize("press", ["op:desk", "op:drills", "op:files"])
async def test_any_other_press_at_the_desk_closes_a_question(office: Office, press: str) -> None:
    await ask_why(office)

    await office.tap(APPROVER, press)

    assert await is_anybodys(office, APPROVER, "воет сирена")


async def test_a_command_closes_a_question(office: Office) -> None:
    await ask_why(office)

    assert await office.take(APPROVER, Commanded("now")) is None

    assert await is_anybodys(office, APPROVER, "воет сирена")


async def test_a_question_typed_too_soon_rejects_nothing_before_the_second_tap(office: Office) -> None:
    notice_id = await ask_why(office)

    [sure] = (await office.say(APPROVER, "что делать если воет сирена")).messages

    assert "Reason: что делать если воет сирена" in sure.text.words
    assert await state(office, notice_id) is State.IN_REVIEW
    assert await is_anybodys(office, APPROVER, "воет сирена")
    await office.press(APPROVER, sure, "‹ Back")
    assert await state(office, notice_id) is State.IN_REVIEW


async def test_a_reason_rejects_the_notice_that_it_was_given_for_and_only_once(office: Office) -> None:
    first = await ask_why(office)
    [sure] = (await office.say(APPROVER, "Округ не тот")).messages
    yes = data_of(sure, "Yes, reject it")
    office.town.clock.pass_by(seconds=1)
    reply = await office.fill(AUTHOR, "Drone danger", *VELIZH)
    await office.press(AUTHOR, reply.messages[-1], "Submit")
    [second] = set(await office.ids()) - {first}
    other = data_of(await office.waiting_card(APPROVER), "Reject").replace(":no:", ":no-now:")

    assert (await office.tap(APPROVER, other)).toast == "The button is damaged or out of date."
    assert await state(office, second) is State.IN_REVIEW
    await office.tap(APPROVER, yes)
    assert await state(office, first) is State.REJECTED
    assert (await office.tap(APPROVER, yes)).toast == "The button is damaged or out of date."


async def test_what_was_being_filled_in_waits_at_the_desk(office: Office) -> None:
    await office.fill(AUTHOR, "Drone danger", "Roslavl", DRONE[1])
    office.town.clock.pass_by(minutes=11)
    assert await is_anybodys(office, AUTHOR, DRONE[2])

    again = await office.press(AUTHOR, await office.desk(AUTHOR), "Go on filling in")

    assert again.messages[0].text.words.startswith("3/6. What is known?")
    reply = await office.say(AUTHOR, DRONE[2])
    assert reply.messages[0].text.words.startswith("4/6.")


async def test_an_earlier_answer_is_given_anew_without_the_others(office: Office) -> None:
    reply = await office.fill(AUTHOR, "Drone danger", *DRONE[:3])

    given = (await office.press(AUTHOR, reply.messages[0], "Change an answer")).messages[0]
    assert labels(given) == [
        "1. Roslavl District",
        f"2. {DRONE[1]}",
        f"3. {DRONE[2]}",
        "‹ Back",
    ]
    asked = await office.press(AUTHOR, given, "1. Roslavl District")
    assert asked.messages[0].text.words.startswith("1/6. For which districts?")
    reply = await office.say(AUTHOR, "Velizh")

    assert reply.messages[0].text.words.startswith("4/6.")
    for answer in DRONE[3:]:
        reply = await office.say(AUTHOR, answer)
    assert "To: Velizh District" in reply.messages[2].text.words
    assert "Submit" in " ".join(labels(reply.messages[-1]))


async def test_an_answer_can_be_changed_under_the_preview_too(office: Office) -> None:
    reply = await office.fill(AUTHOR, "Drone danger", *DRONE)

    given = (await office.press(AUTHOR, reply.messages[-1], "Change an answer")).messages[0]
    await office.press(AUTHOR, given, "6. 2 h")
    reply = await office.say(AUTHOR, "0,5")

    assert "Valid for: 30 min after it goes out" in reply.messages[2].text.words


async def test_an_edit_of_an_answer_in_the_chat_is_not_an_answer_to_the_next_question(office: Office) -> None:
    await office.fill(AUTHOR, "Drone danger", "Roslavl")

    edited = IncomingMessage(
        AUTHOR, Room.PRIVATE, AUTHOR, Asked("Velizh"), office.town.clock(), "en", edited=True
    )
    reply = await office.operate.take(edited)

    assert reply is not None
    assert reply.messages[0].text.words.startswith("An edit in the chat changes nothing.")
    reply = await office.say(AUTHOR, DRONE[1])
    assert reply.messages[0].text.words.startswith("3/6.")


async def test_a_rejected_notice_is_submitted_again_only_with_other_words(office: Office) -> None:
    notice_id = await submitted(office)
    await office.reject(APPROVER, "Слова не те")
    card = await office.card(AUTHOR, notice_id)
    assert "✏ Change and submit again" in labels(card)
    assert not any("Submit" in label for label in labels(card))
    assert "✏ Change and submit again" not in labels(await office.card(APPROVER, notice_id))

    given = (await office.press(AUTHOR, card, "Change and submit again")).messages[0]
    await office.press(AUTHOR, given, "2. ")
    reply = await office.say(AUTHOR, DRONE[1])
    same = await office.press(AUTHOR, reply.messages[-1], "Submit")
    assert same.toast == "It was rejected and reads as before. Change it first."
    assert await state(office, notice_id) is State.REJECTED

    given = (await office.press(AUTHOR, await office.card(AUTHOR, notice_id), "Change and")).messages[0]
    for number, words in ((2, CHANGED[0]), (3, CHANGED[1])):
        await office.press(AUTHOR, given, f"{number}. ")
        reply = await office.say(AUTHOR, words)
        given = OutgoingMessage(given.text, given.buttons)
    await office.press(AUTHOR, reply.messages[-1], "Submit")

    record = await office.town.find(notice_id)
    assert record.state is State.IN_REVIEW
    assert record.revision == 2
    assert record.announcement.description["en"] == CHANGED[1]
    assert "Approve" in " ".join(labels(await office.waiting_card(APPROVER)))


async def test_after_a_restart_a_rejected_notice_is_written_anew(office: Office) -> None:
    notice_id = await submitted(office)
    await office.reject(APPROVER, "Слова не те")
    office.restart()

    lost, choice = (
        await office.press(AUTHOR, await office.card(AUTHOR, notice_id), "Change and submit again")
    ).messages

    assert lost.text.words.startswith("The earlier answers are gone.")
    assert "Drone danger" in labels(choice)


async def test_the_words_of_a_withdrawal_stand_above_its_question_and_cannot_be_passed_on(
    office: Office,
) -> None:
    notice_id = await sent(office)

    *previews, question = (
        await office.press(AUTHOR, await office.card(AUTHOR, notice_id), "Withdraw")
    ).messages

    assert [preview.protected and preview.silent for preview in previews] == [True, True]
    assert "Это не отбой." in previews[0].text.words
    assert "This is not an all-clear." in previews[1].text.words
    assert question.text.words.startswith(f"Withdraw {TITLE}?\nAll who got it get the text shown above")
    assert "To: Roslavl District" in question.text.words


async def test_the_withdrawal_of_what_nobody_has_promises_no_message(office: Office) -> None:
    notice_id = await submitted(office)

    [question] = (await office.press(AUTHOR, await office.card(AUTHOR, notice_id), "Withdraw")).messages

    assert question.text.words.startswith(f"Withdraw {TITLE}? Nobody has it yet, it will simply not go.")
    done = await office.press(AUTHOR, question, "Yes, withdraw")
    assert done.replaces is not None
    assert "Nobody got it." in done.replaces.text.words


async def previewed_drill(office: Office) -> OutgoingMessage:
    """Fill in a drill, and return the question under its preview."""
    drills = (await office.press(AUTHOR, await office.desk(AUTHOR), "🎓 Drills")).replaces
    choice = (await office.press(AUTHOR, drills, "🎓 New drill")).replaces
    reply = await office.press(AUTHOR, choice, "Practice")
    for answer in ("Roslavl", "Отправка сообщения с телефона.", "Sending a message from a phone."):
        reply = await office.say(AUTHOR, answer)
    while "Submit" not in " ".join(labels(reply.messages[-1])):
        reply = await office.say(AUTHOR, "Это учения, людям не приходит")
    return reply.messages[-1]


async def test_submit_under_the_preview_of_a_drill_never_submits_what_was_filled_in_later(
    office: Office,
) -> None:
    under_drill = await previewed_drill(office)
    under_real = (await office.fill(AUTHOR, "Drone danger", *DRONE)).messages[-1]

    refused = await office.press(AUTHOR, under_drill, "Submit")

    assert refused.toast == "The button is damaged or out of date."
    assert await office.ids() == []
    await office.press(AUTHOR, under_real, "Submit")
    [notice_id] = await office.ids()
    assert notice_id.startswith("drone-danger-")


async def test_submit_under_words_that_were_changed_since_shows_them_as_they_are_now(office: Office) -> None:
    reply = await office.fill(AUTHOR, "Drone danger", *DRONE)
    old = reply.messages[-1]
    given = (await office.press(AUTHOR, old, "Change an answer")).messages[0]
    await office.press(AUTHOR, given, f"3. {DRONE[2]}")
    await office.say(AUTHOR, CHANGED[1])

    refused = await office.press(AUTHOR, old, "Submit")

    assert refused.toast.startswith("The notice has changed since it was shown.")
    assert CHANGED[1] in refused.messages[1].text.words
    assert await office.ids() == []
    await office.press(AUTHOR, refused.messages[-1], "Submit")
    assert len(await office.ids()) == 1


async def test_buttons_under_an_earlier_filling_do_nothing_to_a_later_one(office: Office) -> None:
    notice_id = await sent(office)
    choice = (await office.press(AUTHOR, await office.card(AUTHOR, notice_id), "Correct")).messages[0]
    asked = (await office.press(AUTHOR, choice, "Correction")).messages[0]
    reply = await office.press(AUTHOR, asked, "The earlier place")
    given = (await office.press(AUTHOR, reply.messages[0], "Change an answer")).messages[0]
    desk = await office.desk(AUTHOR)
    await office.fill(AUTHOR, "Drone danger", *VELIZH[:2])

    for screen, label in (
        (asked, "The earlier place"),
        (reply.messages[0], "Change an answer"),
        (given, "1. Roslavl District"),
        (given, "‹ Back"),
        (desk, "Go on filling in"),
    ):
        refused = await office.tap(AUTHOR, data_of(screen, label))
        assert refused.toast == "The button is damaged or out of date.", label

    reply = await office.say(AUTHOR, VELIZH[2])
    assert reply.messages[0].text.words.startswith("4/6.")


async def test_two_answers_are_changed_from_one_list_each_as_it_stands_there(office: Office) -> None:
    reply = await office.fill(AUTHOR, "Drone danger", *DRONE[:3])
    given = (await office.press(AUTHOR, reply.messages[0], "Change an answer")).messages[0]

    await office.press(AUTHOR, given, "1. Roslavl District")
    await office.press(AUTHOR, given, f"2. {DRONE[1]}")

    assert (await office.say(AUTHOR, "Velizh")).messages[0].text.words.startswith("2/6.")
    assert (await office.say(AUTHOR, CHANGED[0])).messages[0].text.words.startswith("4/6.")


async def test_a_time_that_clocks_leave_out_or_show_twice_is_asked_again_with_what_to_write(
    office: Office,
) -> None:
    drone = office.book.templates["drone-danger"]
    when = Blank(name="onset", kind=BlankKind.TIME, ask=in_both("Когда?", "When?"))
    timed = drone.model_copy(update={"blanks": (when, *drone.blanks)})
    office.operators.book = replace(office.book, templates={timed.id: timed})
    setting = replace(office.town.rules.setting, zone=ZoneInfo("Europe/Berlin"))
    office.operators.rules = replace(office.town.rules, setting=setting)
    await office.fill(AUTHOR, "Drone danger")

    async def why(typed: str) -> str:
        wrong, again = (await office.say(AUTHOR, typed)).messages
        assert again.text.words == "1/7. When?"
        return wrong.text.words.removeprefix("That does not fit: ").removesuffix(". Try again.")

    assert await why("2027-03-28 02:30") == (
        "there is no 2027-03-28 02:30, the clocks go forward then. Write 2027-03-28 01:59 or 2027-03-28 03:00"
    )
    assert await why("2027-10-31 02:30") == (
        "2027-10-31 02:30 comes twice, the clocks go back then. "
        "Write 2027-10-31 02:30 first or 2027-10-31 02:30 second"
    )
    assert await why("2027-10-31 12:30 first") == (
        "2027-10-31 12:30 comes once: write it without first or second"
    )
    assert await why("soon") == "‘soon’ is not a time. Write 18:30 or 2026-12-02 09:00"
    office.town.clock.time = local("2027-03-27 20:00", "Europe/Berlin")
    await office.press(AUTHOR, await office.desk(AUTHOR), "Go on filling in")
    assert (await why("2:30")).startswith("there is no 2027-03-28 02:30")
    reply = await office.say(AUTHOR, "2027-10-31 02:30 second")
    assert reply.messages[0].text.words.startswith("2/7.")
