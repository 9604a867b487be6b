"""What a reply goes through when Telegram is in trouble."""

import asyncio

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.adapters.telegram.pacing import Pace
from bot.adapters.telegram.request import MaybeDelivered, NeverSent, Throttled, Unavailable
from bot.adapters.telegram.sending import ChatLeft, GaveUp, Refused, Sender
from tests.adapters.telegram.scene import ANNA, GROUP, JOHN, PETER, Scene


class Scripted:
    """A call that ends as it is told to, one end after the other, and then well."""

    def __init__(self, *ends: Exception) -> None:
        self.ends = list(ends)
        self.chats: list[int] = []

    async def __call__(self, chat_id: int) -> str:
        self.chats.append(chat_id)
        if self.ends:
            raise self.ends.pop(0)
        return "done"


class Moves:
    """Remembers which chats moved where."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    async def __call__(self, old_id: int, new_id: int) -> None:
        self.told.append((old_id, new_id))


def make_sender(moves: Moves | None = None, patience: float = 5.0) -> Sender:
    return Sender(Pace(), lambda: 0.0, moves or Moves(), patience)


@pytest.mark.parametrize("trouble", [NeverSent("x"), MaybeDelivered("x"), Unavailable("HTTP 500")])
async def test_trouble_on_the_way_is_waited_out(trouble: Exception) -> None:
    call = Scripted(trouble, trouble)

    assert await make_sender().send(ANNA, call) == "done"
    assert len(call.chats) == 3


async def test_patience_ends() -> None:
    call = Scripted(*[Unavailable("HTTP 500")] * 100)

    with pytest.raises(GaveUp, match="HTTP 500"):
        await make_sender(patience=1.0).send(ANNA, call)

    assert 2 <= len(call.chats) <= 4


async def test_a_pause_is_kept_and_the_reply_comes_after_it() -> None:
    started = asyncio.get_running_loop().time()

    assert await make_sender().send(ANNA, Scripted(Throttled(0.5))) == "done"

    assert 0.5 <= asyncio.get_running_loop().time() - started < 1.0


async def test_a_pause_of_hours_is_not_waited_for() -> None:
    with pytest.raises(GaveUp):
        await make_sender().send(ANNA, Scripted(Throttled(7200)))


async def test_other_chats_do_not_wait_for_one_that_is_paused() -> None:
    sender = make_sender()
    paused = asyncio.create_task(sender.send(ANNA, Scripted(Throttled(30))))
    await asyncio.sleep(0.05)

    assert await asyncio.wait_for(sender.send(PETER, Scripted()), 1) == "done"

    paused.cancel()


async def test_when_several_chats_are_refused_all_wait() -> None:
    sender = make_sender()
    refused = [asyncio.create_task(sender.send(chat, Scripted(Throttled(30)))) for chat in (ANNA, PETER)]
    await asyncio.sleep(0.05)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sender.send(JOHN, Scripted()), 0.3)

    for task in refused:
        task.cancel()


@pytest.mark.parametrize(
    "words",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the group chat",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: bot is not a member of the channel chat",
        "Forbidden: the group chat was deleted",
    ],
)
async def test_only_certain_words_mean_that_nobody_is_there(words: str) -> None:
    with pytest.raises(ChatLeft):
        await make_sender().send(ANNA, Scripted(Forbidden(words)))


@pytest.mark.parametrize(
    "refusal",
    [
        Forbidden("Forbidden: bot can't initiate conversation with a user"),
        Forbidden("Forbidden"),
        BadRequest("Bad Request: chat not found"),
    ],
)
async def test_any_other_refusal_ends_no_subscription(refusal: Exception) -> None:
    call = Scripted(refusal)

    with pytest.raises(Refused):
        await make_sender().send(ANNA, call)

    assert len(call.chats) == 1


async def test_a_group_that_moved_is_followed_and_remembered() -> None:
    moves = Moves()
    sender = make_sender(moves)
    call = Scripted(ChatMigrated(-100))

    await sender.send(GROUP, call)
    await sender.send(GROUP, call)

    assert call.chats == [GROUP, -100, -100]
    assert moves.told == [(GROUP, -100)]


async def test_a_group_that_moves_in_a_circle_is_given_up() -> None:
    with pytest.raises(Refused):
        await make_sender().send(-5, Scripted(*[ChatMigrated(-6), ChatMigrated(-5)] * 5))


@pytest.mark.parametrize("kind", ["http_500", "http_502", "malformed", "reset_before"])
async def test_a_reply_survives_trouble_at_telegram(scene: Scene, kind: str) -> None:
    async with scene.running():
        await scene.fault(kind=kind, method="sendMessage", times=2)
        await scene.say(ANNA, "вопрос")

        # What is malformed was sent all the same, and nobody can know: a repetition is better than silence.
        assert set(await scene.until_bot_says(ANNA)) == {"echo вопрос"}


async def test_a_storm_of_refusals_passes_and_everybody_has_their_answer_once(scene: Scene) -> None:
    async with scene.running():
        await scene.fault(kind="429", method="sendMessage", seconds=2, retry_after=1)
        for person in (ANNA, PETER, JOHN):
            await scene.say(person, "вопрос")

        for person in (ANNA, PETER, JOHN):
            assert await scene.until_bot_says(person, seconds=15) == ["echo вопрос"]


async def test_telegrams_own_limits_are_met_without_a_refusal(scene: Scene) -> None:
    async with scene.http.post(f"{scene.sandbox.url}/sandbox/limits", json={"on": True}) as response:
        assert response.status == 200
    async with scene.running():
        for number in range(8):
            await scene.say(ANNA, str(number))

        assert len(await scene.until_bot_says(ANNA, 8, seconds=15)) == 8
    assert all(call["ok"] for call in await scene.calls("sendMessage"))
