"""Reading, asking, writing: what a resident gets when parts around the dialogue misbehave."""

import asyncio
import datetime as dt
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace

import pytest

from bot.core.answering.finding import Answer, Choices, Finding, NoAnswer, Reason
from bot.core.chat import Chat, StoreUnavailable
from bot.core.dialogue import Dialogue
from bot.core.flood import MESSAGES, VITAL
from bot.core.guidance import Language
from bot.core.message import Act, Asked, Commanded, IncomingMessage, Migrated, Pressed, Reply, Room
from bot.core.notices.local_time import Times
from bot.core.notices.record import Record
from bot.core.notices.states import IN_FORCE, State
from bot.workflows.respond import SAVED_WITHIN, Respond
from tests.factories import make_content
from tests.fakes import Clock
from tests.fakes_notices import make_content_with_notices, make_notice

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


class MemoryChats:
    """Chats in memory, away when told so."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.away = False
        self.saving_takes = 0.0

    async def find_chat(self, chat_id: int) -> Chat | None:
        self._answer()
        return self.chats.get(chat_id)

    async def save_chat(self, chat: Chat) -> None:
        self._answer()
        await asyncio.sleep(self.saving_takes)
        self.chats[chat.id] = chat

    async def forget_chat(self, chat_id: int) -> None:
        self._answer()
        self.chats.pop(chat_id, None)

    async def move_chat(self, old_id: int, new_id: int) -> None:
        self._answer()
        self.chats[new_id] = replace(self.chats.pop(old_id), id=new_id)

    def _answer(self) -> None:
        if self.away:
            raise StoreUnavailable("disk full")


class OneAdmin:
    """Person 1 is the admin of every group."""

    async def is_admin(self, chat_id: int, person_id: int) -> bool:
        return person_id == 1


def find(question: str, language: Language | None) -> Finding:
    return Answer("debris-found", ("debris-found",), language or "ru", 0.9)


def make_respond(chats: MemoryChats) -> Respond:
    return Respond(Dialogue(make_content(), find), chats, OneAdmin(), lambda: NOW)


def incoming(act: Act, chat_id: int = 7, sender_id: int = 7, room: Room = Room.PRIVATE) -> IncomingMessage:
    return IncomingMessage(chat_id, room, sender_id, act, NOW, "ru", message_id=5)


async def test_first_contact_is_remembered_and_forgotten_on_request() -> None:
    chats = MemoryChats()
    respond = make_respond(chats)

    await respond.respond(incoming(Asked("обломки")))
    assert chats.chats == {7: Chat(7)}

    await respond.respond(incoming(Commanded("forget")))
    assert chats.chats == {}


async def test_guidance_comes_even_while_the_store_is_away() -> None:
    chats = MemoryChats()
    chats.away = True

    reply = await make_respond(chats).respond(incoming(Asked("обломки")))

    assert "Памятка debris-found" in reply.messages[0].text.words


async def test_a_store_that_takes_long_to_remember_a_chat_keeps_no_answer_back() -> None:
    chats = MemoryChats()
    chats.saving_takes = 1.0
    respond = make_respond(chats)

    reply = await asyncio.wait_for(respond.respond(incoming(Asked("обломки"))), SAVED_WITHIN + 0.4)
    await asyncio.sleep(chats.saving_takes)

    assert "Памятка debris-found" in reply.messages[0].text.words
    assert chats.chats == {7: Chat(7)}


async def test_nobody_is_told_that_something_was_erased_which_was_not() -> None:
    chats = MemoryChats()
    chats.away = True

    with pytest.raises(StoreUnavailable):
        await make_respond(chats).respond(incoming(Commanded("forget")))


async def test_a_flood_of_one_person_leaves_everybody_else_alone() -> None:
    respond = make_respond(MemoryChats())

    flood = [await respond.respond(incoming(Asked("!а"), sender_id=1)) for _ in range(200)]
    other = await respond.respond(incoming(Asked("обломки"), chat_id=8, sender_id=2))

    assert len([reply for reply in flood if reply.messages]) == MESSAGES.burst + 1
    assert other.messages


def urgent_find(question: str, language: Language | None) -> Finding:
    return NoAnswer(Reason.UNKNOWN, "ru", 0.1, urgent="горит" in question)


async def silenced(respond: Respond, chat_id: int = 7, room: Room = Room.PRIVATE) -> None:
    """Let person 7 write until nothing is answered any more."""
    for _ in range(MESSAGES.burst + VITAL.burst + 5):
        await respond.respond(incoming(Asked("а"), chat_id, room=room))
    assert not (await respond.respond(incoming(Asked("а"), chat_id, room=room))).messages


async def test_a_cry_for_help_is_heard_through_the_silence() -> None:
    clock = Clock(NOW)
    respond = Respond(Dialogue(make_content(), urgent_find), MemoryChats(), OneAdmin(), clock)
    await silenced(respond)
    clock.pass_by(seconds=20)

    calm = await respond.respond(incoming(Asked("скучно")))
    clock.pass_by(seconds=20)
    urgent = await respond.respond(incoming(Asked("горит квартира")))

    assert not calm.messages
    assert urgent.messages


async def test_the_last_message_before_the_silence_is_answered_if_life_is_at_stake() -> None:
    respond = Respond(Dialogue(make_content(), urgent_find), MemoryChats(), OneAdmin(), lambda: NOW)
    for _ in range(MESSAGES.burst):
        await respond.respond(incoming(Asked("а")))

    reply = await respond.respond(incoming(Asked("горит квартира")))

    answer, warning = (message.text.words for message in reply.messages)
    assert "no_answer" in answer
    assert warning.startswith("flood")


@pytest.mark.parametrize(
    "act", [Commanded("forget"), Commanded("112"), Commanded("stop"), Asked("stop_words ru")]
)
async def test_a_flood_never_swallows_an_end_or_the_number_to_call(act: Act) -> None:
    dialogue = Dialogue(make_content_with_notices(), find)
    respond = Respond(dialogue, MemoryChats(), OneAdmin(), lambda: NOW)
    for _ in range(MESSAGES.burst + 1):
        await respond.respond(incoming(Commanded("help")))
    assert not (await respond.respond(incoming(Commanded("help")))).messages

    assert (await respond.respond(incoming(act))).messages


async def test_ticking_many_places_silences_nobody() -> None:
    respond = make_respond(MemoryChats())

    replies = [await respond.respond(incoming(Pressed("topics", 5))) for _ in range(25)]

    assert all(reply.replaces for reply in replies)
    assert (await respond.respond(incoming(Asked("обломки")))).messages


async def test_another_bots_commands_and_a_flood_in_a_group_cost_nothing_elsewhere() -> None:
    respond = make_respond(MemoryChats())
    for _ in range(50):
        roll = incoming(Commanded("roll", addressed=False), -5, room=Room.GROUP)
        assert await respond.respond(roll) == Reply()
    for _ in range(50):
        await respond.respond(incoming(Commanded("help"), -5, room=Room.GROUP))

    assert (await respond.respond(incoming(Asked("обломки")))).messages


async def test_only_an_admin_changes_a_group() -> None:
    chats = MemoryChats()
    respond = make_respond(chats)

    await respond.respond(incoming(Pressed("language:en", 5), -5, 2, Room.GROUP))
    assert chats.chats.get(-5, Chat(-5)).language is None

    await respond.respond(incoming(Pressed("language:en", 5), -5, 1, Room.GROUP))
    assert chats.chats[-5].language == "en"


async def test_a_group_that_moves_takes_its_choices_along() -> None:
    chats = MemoryChats()
    chats.chats[-5] = Chat(-5, "en")

    await make_respond(chats).respond(incoming(Migrated(-1005), -5, 1, Room.GROUP))

    assert chats.chats == {-1005: Chat(-1005, "en")}


async def test_what_went_wrong_inside_is_said_with_the_number_to_call() -> None:
    reply = make_respond(MemoryChats()).apology(incoming(Asked("обломки")))

    assert reply.messages[0].text.words == "trouble ru 112"


class OneNotice:
    """A store in which one notice is in force."""

    def __init__(self) -> None:
        self.away = False

    async def list_notices(self, states: Iterable[State] | None = None) -> tuple[Record, ...]:
        if self.away:
            raise StoreUnavailable("away")
        assert states == IN_FORCE
        end = NOW + dt.timedelta(hours=3)
        times = Times(NOW, NOW, NOW, end)
        return (Record("water-cut", make_notice(), NOW, state=State.ACTIVE, times=times, issued_at=NOW),)


async def test_now_shows_what_the_store_has_in_force() -> None:
    chats = MemoryChats()
    chats.chats[7] = Chat(7, "ru", frozenset({"roslavl"}))
    dialogue = Dialogue(make_content_with_notices(), find)
    respond = Respond(dialogue, chats, OneAdmin(), lambda: NOW, OneNotice())

    [shown] = (await respond.respond(incoming(Commanded("now")))).messages

    assert "Вода отключена" in shown.text.words


async def test_nobody_is_told_that_nothing_is_in_force_while_nobody_knows() -> None:
    notices = OneNotice()
    notices.away = True
    dialogue = Dialogue(make_content_with_notices(), find)
    respond = Respond(dialogue, MemoryChats(), OneAdmin(), lambda: NOW, notices)

    with pytest.raises(StoreUnavailable):
        await respond.respond(incoming(Commanded("now")))


async def test_nobody_is_told_that_notices_stopped_which_did_not() -> None:
    chats = MemoryChats()
    chats.away = True
    respond = Respond(Dialogue(make_content_with_notices(), find), chats, OneAdmin(), lambda: NOW)

    with pytest.raises(StoreUnavailable):
        await respond.respond(incoming(Pressed("unsubscribe", 5)))


async def test_buttons_are_answered_while_fifty_questions_wait_for_the_engine() -> None:
    engine: Future[object] = Future()
    respond = Respond(Dialogue(make_content(), find), MemoryChats(), OneAdmin(), lambda: NOW, engine=engine)
    asking = [
        asyncio.create_task(respond.respond(incoming(Asked("обломки"), person, person)))
        for person in range(50)
    ]

    pressed = await asyncio.wait_for(respond.respond(incoming(Pressed("topics", 5))), 5)
    assert pressed.replaces
    assert not any(task.done() for task in asking)

    engine.set_result(None)
    assert all(reply.messages for reply in await asyncio.gather(*asking))


class SlowMisses:
    """A list of misses that takes its time, and then may fail."""

    def __init__(self) -> None:
        self.recorded: list[tuple[tuple[str, ...], int]] = []
        self.gate = asyncio.Event()
        self.away = False

    async def record(self, stems: tuple[str, ...], sender_id: int) -> None:
        await self.gate.wait()
        if self.away:
            raise StoreUnavailable("away")
        self.recorded.append((stems, sender_id))


@pytest.mark.parametrize(
    ("finding", "counted"),
    [
        (NoAnswer(Reason.UNKNOWN, "ru", 0.1, stems=("борщ",)), True),
        (Choices(("debris-found",), "ru", 0.5, stems=("борщ",)), True),
        (NoAnswer(Reason.WEAPONS, "ru", 0.0), False),
        (Answer("debris-found", ("debris-found",), "ru", 0.9), False),
    ],
)
@pytest.mark.parametrize("away", [False, True])
async def test_a_question_without_a_sure_answer_is_counted_after_the_reply(
    finding: Finding, counted: bool, away: bool
) -> None:
    misses = SlowMisses()
    misses.away = away
    dialogue = Dialogue(make_content(), lambda question, language: finding)
    respond = Respond(dialogue, MemoryChats(), OneAdmin(), lambda: NOW, misses=misses)

    reply = await asyncio.wait_for(respond.respond(incoming(Asked("борщ"))), 5)
    assert reply.messages
    assert misses.recorded == []

    misses.gate.set()
    for _ in range(3):
        await asyncio.sleep(0)
    assert misses.recorded == ([(("борщ",), 7)] if counted and not away else [])
