"""How replies show in Telegram, and what becomes of them when Telegram will not have them."""

from typing import Any

import pytest

from bot.core.message import (
    Asked,
    Button,
    Commanded,
    Entity,
    IncomingMessage,
    Joined,
    Left,
    Migrated,
    OpenLink,
    OutgoingMessage,
    Press,
    Pressed,
    Reply,
    Style,
    Text,
)
from tests.adapters.telegram.scene import ANNA, GROUP, PETER, Echo, Scene, until, watching


class Scripted(Echo):
    """Gives one prepared reply, whatever comes."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply

    async def respond(self, incoming: IncomingMessage) -> Reply:
        self.heard.append(incoming)
        return self.reply if isinstance(incoming.act, Asked | Commanded | Pressed) else Reply()


def saying(*words: str) -> Reply:
    return Reply(tuple(OutgoingMessage(Text(one)) for one in words))


async def answers(scene: Scene, count: int = 1) -> list[dict[str, Any]]:
    """Return the acknowledgements of presses."""
    found: list[dict[str, Any]] = await until(
        lambda: scene.calls("answerCallbackQuery"), lambda calls: len(calls) >= count
    )
    return found


async def test_styles_buttons_and_silence_arrive(scene: Scene) -> None:
    bold = Text("Очень важно", (Entity(Style.BOLD, 0, 5),))
    scene.echo = Scripted(Reply((OutgoingMessage(bold, ((Button("Ещё", Press("more")),),), silent=True),)))
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(ANNA)

    shown = (await scene.messages(ANNA))[-1]
    assert [(one["type"], one["offset"], one["length"]) for one in shown["entities"]] == [("bold", 0, 5)]
    assert shown["buttons"][0][0]["data"] == "more"
    assert shown["silent"]
    (call,) = await scene.calls("sendMessage")
    assert "parse_mode" not in call["params"]


async def test_in_a_group_the_question_is_quoted_and_in_private_not(scene: Scene) -> None:
    async with scene.running():
        asked = await scene.say(ANNA, "/help", GROUP)
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(GROUP)
        await scene.until_bot_says(ANNA)

    assert (await scene.messages(GROUP))[-1]["reply_to"]["id"] == asked["id"]
    assert (await scene.messages(ANNA))[-1].get("reply_to") is None


async def test_several_messages_come_in_order(scene: Scene) -> None:
    scene.echo = Scripted(saying("ответ", "привет", "ещё"))
    async with scene.running():
        await scene.say(ANNA, "вопрос")

        assert await scene.until_bot_says(ANNA, 3) == ["ответ", "привет", "ещё"]


async def test_a_press_changes_the_message_it_is_under_and_shows_its_note(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(ANNA)
        shown = (await scene.messages(ANNA))[-1]

        await scene.act("press", chat_id=ANNA, person_id=ANNA, message_id=shown["id"], data="more")
        await until(lambda: scene.bot_texts(ANNA), lambda texts: texts == ["pressed more"])

        assert (await answers(scene))[0]["params"]["text"] == "toast more"


async def test_an_unchanged_screen_is_no_call_and_after_a_restart_no_trouble(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.echo = Scripted(Reply(replaces=OutgoingMessage(Text("то же"))))
    async with scene.running():
        await scene.act("start", chat_id=ANNA, person_id=ANNA)
        await until(lambda: scene.bot_texts(ANNA), lambda texts: texts == ["то же"])
        shown = (await scene.messages(ANNA))[-1]
        await scene.act("press", chat_id=ANNA, person_id=ANNA, message_id=shown["id"], data="x")
        await answers(scene)
    assert await scene.calls("editMessageText") == []

    async with scene.running():
        await scene.act("press", chat_id=ANNA, person_id=ANNA, message_id=shown["id"], data="x")
        await answers(scene, 2)
        await until(lambda: scene.calls("editMessageText"), lambda calls: len(calls) == 1)

    assert await scene.bot_texts(ANNA) == ["то же"]
    assert not [record for record in caplog.records if record.name.startswith("bot.adapters")]


async def test_a_screen_that_is_gone_is_sent_anew(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(ANNA)
        shown = (await scene.messages(ANNA))[-1]
        update = press_update(ANNA, shown["id"] + 1000, "topics")

        await scene.inject(update)

        assert await scene.until_bot_says(ANNA, 2) == ["echo вопрос", "pressed topics"]


async def test_a_press_too_old_to_be_answered_shows_its_screen_all_the_same(scene: Scene) -> None:
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await scene.until_bot_says(ANNA)
        shown = (await scene.messages(ANNA))[-1]

        await scene.inject(press_update(ANNA, shown["id"], "topics"))

        await until(lambda: scene.bot_texts(ANNA), lambda texts: texts == ["pressed topics"])
        assert not (await answers(scene))[0]["ok"]


async def test_an_edited_question_gets_its_answer_edited(scene: Scene) -> None:
    async with scene.running():
        asked = await scene.say(ANNA, "вапрос")
        await scene.until_bot_says(ANNA)

        await scene.act("edit_text", chat_id=ANNA, person_id=ANNA, message_id=asked["id"], text="вопрос")

        await until(lambda: scene.bot_texts(ANNA), lambda texts: texts == ["echo вопрос"])


async def test_an_edited_question_that_was_not_answered_gets_an_answer(scene: Scene) -> None:
    async with scene.running():
        asked = await scene.say(ANNA, "разговор", GROUP)

        await scene.act(
            "edit_text",
            chat_id=GROUP,
            person_id=ANNA,
            message_id=asked["id"],
            text="@safety_sandbox_bot вопрос",
        )

        assert await scene.until_bot_says(GROUP) == ["echo вопрос"]


async def test_words_that_are_refused_with_their_styles_come_without(scene: Scene) -> None:
    bad = OutgoingMessage(
        Text("важное", (Entity(Style.LINK, 0, 6, "ht tp://["),)), ((Button("x", OpenLink("nonsense")),),)
    )
    scene.echo = Scripted(Reply((bad,)))
    async with scene.running():
        await scene.say(ANNA, "вопрос")

        assert await scene.until_bot_says(ANNA) == ["важное"]


async def test_an_over_long_text_is_cut_and_not_refused(scene: Scene) -> None:
    scene.echo = Scripted(saying("🚨" * 4096))
    async with scene.running():
        await scene.say(ANNA, "вопрос")

        (text,) = await scene.until_bot_says(ANNA)

    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert text.endswith("…")


async def test_whoever_blocks_the_bot_is_reported_as_gone(scene: Scene) -> None:
    scene.echo.slow[ANNA] = 0.3
    async with scene.running():
        await scene.say(ANNA, "вопрос")
        await until_heard(scene, Asked("вопрос"))
        await scene.act("block", person_id=ANNA)

        await until_heard(scene, Left())
        await scene.say(PETER, "а я?")
        assert await scene.until_bot_says(PETER) == ["echo а я?"]


async def test_a_group_that_moved_meanwhile_gets_its_answer_at_its_new_id(scene: Scene) -> None:
    async with scene.running():
        group = (await scene.act("add_group", title="Дом 3", member_ids=[ANNA, PETER], creator_id=ANNA))[
            "chat"
        ]
        scene.echo.slow[group["id"]] = 0.3
        await scene.say(ANNA, "/help", group["id"])
        await until_heard(scene, Commanded("help", addressed=False))
        moved = (await scene.act("migrate", chat_id=group["id"]))["chat"]

        assert await scene.until_bot_says(moved["id"]) == ["command help"]
        await until_heard(scene, Migrated(moved["id"]))


async def test_joining_a_group_is_heard(scene: Scene) -> None:
    async with scene.running():
        await scene.act("add_group", title="Дом 4", member_ids=[ANNA], creator_id=ANNA)

        await until_heard(scene, Joined())


async def test_an_inline_query_is_answered_and_can_be_shared(scene: Scene) -> None:
    async with scene.running():
        query = await scene.act("inline", chat_id=GROUP, person_id=ANNA, query="сирена", offset="")
        await until(lambda: scene.calls("answerInlineQuery"), lambda calls: len(calls) == 1)

        await scene.act(
            "choose_inline", chat_id=GROUP, person_id=ANNA, query_id=query["query_id"], result_id="one"
        )

    assert (await scene.messages(GROUP))[-1]["text"] == "shared сирена"


def press_update(person_id: int, message_id: int, data: str) -> dict[str, Any]:
    """Return a press whose query Telegram does not know any more."""
    person = {"id": person_id, "is_bot": False, "first_name": "A"}
    chat = {"id": person_id, "type": "private", "first_name": "A"}
    return {
        "callback_query": {
            "id": "1",
            "from": person,
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": message_id, "date": 0, "chat": chat},
        }
    }


async def until_heard(scene: Scene, act: object) -> None:
    await until(watching(lambda: [repr(one.act) for one in scene.echo.heard]), lambda acts: repr(act) in acts)
