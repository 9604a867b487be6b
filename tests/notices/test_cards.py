"""The cards in operators' chats stay true: while a notice lives, over a restart, and once it is over."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.message import OutgoingMessage, Pressed
from bot.core.notices.delivery import Ambiguous, Outcome
from bot.core.notices.news import News, Told
from bot.core.notices.notice import Notice
from bot.core.notices.states import State
from tests.factories import in_both
from tests.fakes_notices import make_notice
from tests.notices.office import VIEWER, Office, data_of, labels, open_office
from tests.notices.test_operators import TITLE, sent, state, submitted
from tests.notices.town import APPROVER, AUTHOR, THIRD


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office with ten residents of Roslavl."""
    async with open_office(tmp_path) as office:
        await office.town.settle(10)
        yield office


def headings(office: Office, person: int) -> list[str]:
    """Return the first line of every message in an operator's chat."""
    return [words.split("\n")[0] for words in office.messages.words(person)]


async def test_the_author_reads_the_words_once_and_the_others_too(office: Office) -> None:
    await submitted(office)
    await office.watch.tick()

    for person in (AUTHOR, APPROVER, VIEWER):
        shown = [words for words in office.messages.words(person) if "🟠 Severe danger" in words]
        assert len(shown) == 1, person
        assert len([one for one in headings(office, person) if one == "⏳ Waits for approval"]) == 1


async def test_previews_are_marked_make_no_sound_and_cannot_be_passed_on(office: Office) -> None:
    await submitted(office)
    await office.watch.tick()

    russian, english, card = office.messages.chats[THIRD]
    for preview in (russian, english):
        lines = preview.text.words.split("\n")
        assert lines[0] == lines[-1] == "👁 PREVIEW: sent to nobody"
        assert preview.protected
        assert preview.silent
    assert not card.silent
    assert not card.protected


async def test_what_is_under_way_is_marked_as_a_copy_when_it_is_looked_at(office: Office) -> None:
    notice_id = await sent(office)

    card = await office.card(VIEWER, notice_id)
    shown = (await office.press(VIEWER, card, "Show the text")).messages

    assert [one.text.words.split("\n")[0] for one in shown] == ["👁 COPY for operators"] * 2


async def test_an_approval_that_sends_at_once_is_shown_by_the_live_card_before_anything_else(
    office: Office,
) -> None:
    await submitted(office)
    card = await office.waiting_card(APPROVER)
    before = len(office.messages.chats[THIRD])
    await office.press(APPROVER, card, "Approve")
    await office.town.publish.tick()
    office.operators.post(lambda cards: cards.news(Told(News.STORE_BACK)))

    await office.watch.tick()

    live, news = headings(office, THIRD)[before:]
    assert live == "📤 Being sent"
    assert news == "The database is back; sending goes on."
    assert f"Approved by: {APPROVER}" in office.messages.words(THIRD)[before]


async def test_a_restart_sends_no_card_again_and_goes_on_with_those_that_are_there(office: Office) -> None:
    waiting = await submitted(office)
    await office.watch.tick()
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.watch.tick()
    before = {person: len(chat) for person, chat in office.messages.chats.items()}
    assert headings(office, THIRD).count("📤 Being sent") == 2  # the card that asked shows it too

    office.restart()
    await office.watch.tick()
    await office.town.deliver_all()
    await office.town.publish.tick()
    await office.watch.tick()

    assert {person: len(chat) for person, chat in office.messages.chats.items()} == before
    assert headings(office, THIRD).count("📤 Being sent") == 0
    assert headings(office, THIRD).count("🟢 Sent, in force") == 2
    assert await state(office, waiting) is State.ACTIVE


async def test_what_waits_is_not_shown_again_after_a_restart(office: Office) -> None:
    await submitted(office)
    await office.watch.tick()
    before = headings(office, APPROVER)

    office.restart()
    await office.watch.tick()

    assert headings(office, APPROVER) == before


async def test_every_card_says_in_the_end_how_it_ended(office: Office) -> None:
    await sent(office)
    await office.town.publish.tick()
    await office.press(VIEWER, await office.desk(VIEWER), "Drone danger")
    await office.watch.tick()
    assert headings(office, VIEWER).count("🟢 Sent, in force") == 3

    office.town.clock.pass_by(hours=3)
    await office.town.publish.tick()
    await office.town.deliver_all()
    await office.watch.tick()

    for person in (AUTHOR, APPROVER, THIRD, VIEWER):
        assert "⌛ Expired" in headings(office, person)
        assert "🟢 Sent, in force" not in headings(office, person), person
    assert office.following.all() == ()


async def test_a_card_that_was_opened_is_followed_until_the_desk_takes_its_place(office: Office) -> None:
    notice_id = await sent(office)
    await office.watch.tick()
    desk = await office.desk(VIEWER)
    card = (await office.press(VIEWER, desk, "Drone danger")).replaces
    number = office.messages.number_of(VIEWER, card) if card else 0
    await office.press(APPROVER, await office.card(APPROVER, notice_id), "Withdraw")
    await office.press(APPROVER, office.messages.chats[APPROVER][-1], "Yes, withdraw")
    await office.town.publish.tick()
    await office.watch.tick()
    assert office.messages.words(VIEWER)[number - 1].startswith("⚪ Withdrawn")

    data = data_of(office.messages.chats[VIEWER][number - 1], "Desk")
    await office.act(VIEWER, Pressed(data, number))
    await office.watch.tick()

    assert office.messages.words(VIEWER)[number - 1].startswith("Operator’s desk.")


async def test_the_desk_never_takes_the_place_of_a_card_that_follows_a_send(office: Office) -> None:
    await submitted(office)
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.watch.tick()
    live = office.messages.chats[THIRD][-1]

    reply = await office.press(THIRD, live, "Desk")

    assert reply.replaces is None
    assert headings(office, THIRD)[-2:] == ["📤 Being sent", "Operator’s desk. Your roles: author, approver."]


async def test_a_new_version_is_asked_about_anew_and_the_old_card_shows_it_too(tmp_path: Path) -> None:
    notice = make_notice(citation=in_both("письмо водоканала", "letter of the water works"))
    async with open_office(tmp_path, notice) as office:
        await office.town.settle(3)
        await office.town.submit(notice)
        await office.watch.tick()
        old = await office.waiting_card(APPROVER)
        phrases = office.operators.book.phrases.model_copy(
            update={"where": in_both("Место: {areas}", "Place: {areas}")}
        )
        office.use_phrases(phrases)

        await office.watch.tick()

        cards = [words for words in office.messages.words(APPROVER) if "Version" in words]
        assert len(cards) == 2
        assert cards[0] == cards[1] != old.text.words


async def test_what_of_a_sending_is_doubtful_is_told_when_it_is_done(office: Office) -> None:
    def loses_answers(chat_id: int) -> Outcome | None:
        return Ambiguous("timeout") if chat_id in (3, 4) else None

    office.town.phones.meets = loses_answers
    await sent(office)
    await office.town.publish.tick()
    await office.watch.tick()
    await office.watch.tick()

    told = [words for words in office.messages.words(THIRD) if "not known whether" in words]
    assert told == [
        f"❓ {TITLE}: it is not known whether some copies arrived. "
        "The command notices show names the chats. (2)"
    ]


async def test_operators_are_reminded_once_of_what_they_promised_and_of_the_end(office: Office) -> None:
    await sent(office)
    start = office.town.clock()
    await office.watch.tick()
    before = len(office.messages.chats[THIRD])

    for minutes in (49, 51, 52, 104, 106, 107):
        office.town.clock.time = start + dt.timedelta(minutes=minutes)
        await office.watch.tick()
        await office.watch.tick()

    assert office.messages.words(THIRD)[before:] == [
        f"⏰ {TITLE}: people were promised more by 13:00. Send an update or the all-clear.",
        f"⏰ {TITLE} ends at 14:00 without an all-clear. Extend it with an update, or give the all-clear.",
    ]
    assert labels(office.messages.chats[THIRD][-1]) == ["Card", "☰ Desk"]


async def test_the_rate_is_that_of_the_last_seconds_from_the_first_look_on(office: Office) -> None:
    await office.town.settle(90, first=100)
    notice_id = await submitted(office)
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    await office.watch.tick()
    assert "Rate" not in office.messages.words(THIRD)[-1]

    await office.deliver_some(40)
    office.town.clock.pass_by(seconds=2)
    await office.watch.tick()

    assert "Rate: 20 a second, less than a minute to go" in office.messages.words(THIRD)[-1]
    assert (await office.town.progress(notice_id)).left == 60


async def test_a_night_is_told_to_whoever_approves(tmp_path: Path) -> None:
    water = make_notice(
        severity="Minor",
        expires="+12h",
        citation=in_both("письмо водоканала", "letter of the water works"),
        instruction=({"text": in_both("Наберите воды в запас.", "Fill a supply of water.")},),
    )
    async with open_office(tmp_path, water) as office:
        await office.town.settle(3)
        office.town.clock.time = dt.datetime(2026, 11, 22, 21, 30, tzinfo=dt.UTC)
        await office.town.submit(water)
        card = await office.waiting_card(APPROVER)
        assert "If approved now, it goes at 07:30 on 23 November: such" in card.text.words

        done = await office.press(APPROVER, card, "Approve")
        await office.town.publish.tick()
        await office.watch.tick()

        assert done.toast == "Done. It goes at 07:30: such notices wait for the morning."
        assert office.town.phones.copies == {}
        shown = [words for words in office.messages.words(THIRD) if "🗓 Scheduled" in words]
        assert "When: 07:30 on 23 November, such notices wait for the morning" in shown[-1]


def make_extreme() -> Notice:
    """Return an Extreme notice of one in the afternoon."""
    return make_notice(
        severity="Extreme",
        urgency="Immediate",
        publish="2026-11-22 13:00",
        citation=in_both("письмо водоканала", "letter of the water works"),
        instruction=({"text": in_both("Наберите воды в запас.", "Fill a supply of water.")},),
    )


async def late(office: Office) -> OutgoingMessage:
    """Approve an Extreme notice and come back forty minutes after its time; return the card that asks."""
    await office.town.settle(3)
    await office.town.submit(make_extreme())
    await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
    await office.town.publish.tick()
    office.town.clock.pass_by(minutes=100)
    await office.town.publish.tick()
    return await office.waiting_card(APPROVER)


async def test_what_comes_far_too_late_goes_by_itself_and_says_so_twice(tmp_path: Path) -> None:
    async with open_office(tmp_path, make_extreme()) as office:
        card = await late(office)
        assert "Goes by itself at 13:45 on 22 November unless somebody decides otherwise" in card.text.words
        assert "Why: Extreme, and more than 30 minutes late" in card.text.words

        office.town.clock.pass_by(minutes=3, seconds=1)
        await office.watch.tick()
        await office.watch.tick()
        assert (
            office.messages.words(THIRD)[-1]
            == "⏰ ‘Water is off’ goes by itself at 13:45 unless somebody decides otherwise."
        )

        office.town.clock.pass_by(minutes=2)
        await office.town.publish.tick()
        await office.town.deliver_all()
        assert set(office.town.phones.copies) == {1, 2, 3}


async def test_what_goes_by_itself_can_be_kept_and_is_released_by_a_person_then(tmp_path: Path) -> None:
    async with open_office(tmp_path, make_extreme()) as office:
        kept = (await office.press(APPROVER, await late(office), "Keep holding it")).replaces
        assert kept is not None
        assert "Does not go by itself, an operator decides" in kept.text.words
        assert not any("Keep" in label for label in labels(kept))

        office.town.clock.pass_by(minutes=30)
        await office.town.publish.tick()
        assert office.town.phones.copies == {}

        [asked] = (await office.press(APPROVER, kept, "Send it")).messages
        assert asked.text.words.startswith("Send ‘Water is off’ now?")
        done = await office.press(APPROVER, asked, "Yes, send it")
        assert done.replaces is not None
        assert done.replaces.text.words == "▶ Released: ‘Water is off’. By: you."
        await office.town.deliver_all()
        assert set(office.town.phones.copies) == {1, 2, 3}


async def test_what_is_released_before_its_time_says_when_it_goes(tmp_path: Path) -> None:
    async with open_office(tmp_path, make_extreme()) as office:
        await office.town.settle(3)
        await office.town.submit(make_extreme())
        await office.press(APPROVER, await office.waiting_card(APPROVER), "Approve")
        await office.town.publish.tick()
        [asked] = (await office.press(THIRD, await office.card(THIRD, "water-cut"), "Stop")).messages
        assert asked.text.words.startswith(
            "Hold ‘Water is off’ back? It will not go until an operator lets it."
        )
        await office.press(THIRD, asked, "Yes, stop it")

        held = await office.card(THIRD, "water-cut")
        [asked] = (await office.press(THIRD, held, "Release it")).messages

        assert asked.text.words.startswith("Release ‘Water is off’? It will go at 13:00.")
        done = await office.press(THIRD, asked, "Release it")
        assert done.replaces is not None
        assert done.replaces.text.words == "▶ Released: ‘Water is off’. By: you. It goes at 13:00."
        assert office.town.phones.copies == {}
