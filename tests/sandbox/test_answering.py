"""Presses and inline queries are answered once and in time, and the page sees the answers."""

import pytest

from tests.sandbox.clients import ANNA, HOUSE, PYOTR, BotClient, Clock, Json, Visitor

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
KEYBOARD = {"inline_keyboard": [[{"text": "Укрытие", "callback_data": "shelter"}]]}


def article(result_id: str = "1", **more: object) -> Json:
    content = {"message_text": "<b>Памятка</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": result_id, "title": "Памятка", "input_message_content": content, **more}


async def press(bot: BotClient, visitor: Visitor) -> Json:
    await visitor.start(ANNA)
    sent = await bot.get("sendMessage", chat_id=ANNA, text="x", reply_markup=KEYBOARD)
    await visitor.act("press", chat_id=ANNA, person_id=ANNA, message_id=sent["message_id"], data="shelter")
    query: Json = (await bot.updates())[-1]["callback_query"]
    return query


async def test_a_press_is_answered_once(bot: BotClient, visitor: Visitor) -> None:
    query = await press(bot, visitor)
    assert (query["data"], query["message"]["chat"]["id"]) == ("shelter", ANNA)

    async with visitor.watching(after=bot.sandbox.world.journal.last) as next_event:
        await bot.get("answerCallbackQuery", callback_query_id=query["id"], text="Подвал", show_alert=True)
        event = await next_event()

    assert (event["kind"], event["callback_id"], event["text"], event["show_alert"]) == (
        "callback_answer",
        query["id"],
        "Подвал",
        True,
    )
    assert await bot.refused("answerCallbackQuery", callback_query_id=query["id"]) == TOO_OLD


async def test_a_press_cannot_be_answered_late_or_at_length(
    bot: BotClient, visitor: Visitor, clock: Clock
) -> None:
    query = await press(bot, visitor)

    at_length = await bot.refused("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201)
    clock.pass_by(minutes=1)
    late = await bot.refused("answerCallbackQuery", callback_query_id=query["id"])

    assert at_length == "Bad Request: MESSAGE_TOO_LONG"
    assert late == TOO_OLD


async def test_an_inline_result_becomes_a_message_through_the_bot(bot: BotClient, visitor: Visitor) -> None:
    async with visitor.watching() as next_event:
        asked = await visitor.act("inline", chat_id=HOUSE, person_id=PYOTR, query="окна", offset="")
        (update,) = await bot.updates()
        query = update["inline_query"]
        await bot.get(
            "answerInlineQuery",
            inline_query_id=query["id"],
            results=[article(reply_markup=KEYBOARD)],
            next_offset="20",
        )
        event = await next_event()

    assert (query["query"], query["chat_type"], query["from"]["id"]) == ("окна", "group", PYOTR)
    assert (event["query_id"], event["next_offset"]) == (asked["query_id"], "20")
    assert event["results"][0]["text"] == "Памятка"

    place = {"chat_id": HOUSE, "person_id": PYOTR}
    chosen = await visitor.act("choose_inline", **place, query_id=asked["query_id"], result_id="1")
    posted = (await bot.updates())[-1]["message"]
    assert chosen["message"]["via_bot"]
    assert (posted["text"], posted["via_bot"]["username"]) == ("Памятка", "safety_sandbox_bot")

    await visitor.act("press", **place, message_id=posted["message_id"], data="shelter")
    handle = (await bot.updates())[-1]["callback_query"]["inline_message_id"]
    assert await bot.get("editMessageText", inline_message_id=handle, text="Новая памятка") is True
    assert (await visitor.messages(HOUSE))[-1]["text"] == "Новая памятка"


@pytest.mark.parametrize(
    ("results", "refusal"),
    [
        ([article(), article()], "RESULT_ID_DUPLICATE"),
        ([article("я" * 33)], "RESULT_ID_INVALID"),
        ([article(str(number)) for number in range(51)], "RESULTS_TOO_MUCH"),
        ([{"type": "photo", "id": "1"}], "the sandbox knows inline results of the type article only"),
        ([article(colour="red")], "unknown to the sandbox in InlineQueryResultArticle: colour"),
    ],
)
async def test_wrong_inline_results_are_refused(
    bot: BotClient, visitor: Visitor, results: list[Json], refusal: str
) -> None:
    asked = await visitor.act("inline", chat_id=ANNA, person_id=ANNA, query="")

    words = await bot.refused("answerInlineQuery", inline_query_id=asked["query_id"], results=results)

    assert words == f"Bad Request: {refusal}"


async def test_an_inline_query_is_answered_once(bot: BotClient, visitor: Visitor) -> None:
    asked = await visitor.act("inline", chat_id=ANNA, person_id=ANNA, query="")

    await bot.get("answerInlineQuery", inline_query_id=asked["query_id"], results=[])

    assert await bot.refused("answerInlineQuery", inline_query_id=asked["query_id"], results=[]) == TOO_OLD
