"""What the bot says arrives, and what Telegram would refuse is refused in its words."""

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.clients import ANNA, CHANNEL, HOUSE, JOHN, PYOTR, BotClient, Json, Visitor


async def test_a_formatted_message_reaches_the_page(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)

    sent = await bot.get("sendMessage", chat_id=ANNA, text="<b>Тревога</b> &lt;script&gt;", parse_mode="HTML")

    assert sent["text"] == "Тревога <script>"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 7}]
    shown = (await visitor.messages(ANNA))[-1]
    assert (shown["text"], shown["from"]["is_bot"]) == ("Тревога <script>", True)


async def test_a_person_who_never_wrote_cannot_be_written_to(bot: BotClient, visitor: Visitor) -> None:
    refusal = await bot.refused("sendMessage", chat_id=ANNA, text="x")
    assert refusal == "Forbidden: bot can't initiate conversation with a user"

    await visitor.start(ANNA)

    assert (await bot.call("sendMessage", chat_id=ANNA, text="x"))["ok"]


async def test_each_reason_a_message_cannot_go_out_has_telegrams_words(
    bot: BotClient, visitor: Visitor
) -> None:
    for person in (ANNA, PYOTR):
        await visitor.start(person)
    await visitor.act("block", person_id=ANNA)
    await visitor.control("deactivate", person_id=PYOTR)
    await visitor.act("remove_bot", chat_id=HOUSE)

    refusals = {
        chat: await bot.refused("sendMessage", chat_id=chat, text="x") for chat in (ANNA, PYOTR, HOUSE, 5)
    }

    assert refusals == {
        ANNA: "Forbidden: bot was blocked by the user",
        PYOTR: "Forbidden: user is deactivated",
        HOUSE: "Forbidden: bot was kicked from the group chat",
        5: "Bad Request: chat not found",
    }


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🏠" * 2049}, "message is too long"),
        (
            {"text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"text": "x", "parse_mode": "RTF"}, "unsupported parse_mode"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "ENTITY_BOUNDS_INVALID"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "reply_markup": {"buttons": []}}, "object expected as reply markup"),
        ({"text": "x", "message_thread_id": 1}, "message thread not found"),
        ({"text": "x", "colour": "red"}, "unknown to the sandbox in sendMessage: colour"),
        (
            {"text": "x", "link_preview_options": {"off": 1}},
            "unknown to the sandbox in LinkPreviewOptions: off",
        ),
    ],
)
async def test_a_wrong_message_is_refused(
    bot: BotClient, visitor: Visitor, params: Json, refusal: str
) -> None:
    await visitor.start(ANNA)

    assert await bot.refused("sendMessage", chat_id=ANNA, **params) == f"Bad Request: {refusal}"


async def test_a_parameter_of_another_method_is_refused(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)

    words = await bot.refused("sendDocument", chat_id=ANNA, document="x", show_caption_above_media=True)

    assert words == "Bad Request: unknown to the sandbox in sendDocument: show_caption_above_media"
    assert await bot.refused("sendChatAction", chat_id=ANNA, action="typing", message_thread_id=7) == (
        "Bad Request: message thread not found"
    )


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "url": "http://localhost"},
            "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
        ),
        ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "x", "web_app": {"url": "https://a.ru"}},
            "unknown to the sandbox in InlineKeyboardButton: web_app",
        ),
    ],
)
async def test_a_wrong_button_is_refused(
    bot: BotClient, visitor: Visitor, button: Json, refusal: str
) -> None:
    await visitor.start(ANNA)

    words = await bot.refused(
        "sendMessage", chat_id=ANNA, text="x", reply_markup={"inline_keyboard": [[button]]}
    )

    assert words == f"Bad Request: {refusal}"


async def test_limits_of_text_and_buttons_are_inclusive(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    rows = [[{"text": "x", "callback_data": "я" * 32}] * 8] * 12

    assert (await bot.call("sendMessage", chat_id=ANNA, text="🏠" * 2048))["ok"]
    assert (await bot.call("sendMessage", chat_id=ANNA, text="x", reply_markup={"inline_keyboard": rows}))[
        "ok"
    ]
    words = await bot.refused(
        "sendMessage", chat_id=ANNA, text="x", reply_markup={"inline_keyboard": rows + rows}
    )
    assert words == "Bad Request: reply markup is too long"


async def test_the_page_sees_every_kind_of_button(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    row = [
        {"text": "a", "callback_data": "d"},
        {"text": "b", "url": "https://mchs.gov.ru"},
        {"text": "c", "copy_text": {"text": "112"}},
        {"text": "d", "switch_inline_query": "q"},
        {"text": "e", "switch_inline_query_current_chat": ""},
    ]

    await bot.get("sendMessage", chat_id=ANNA, text="x", reply_markup={"inline_keyboard": [row]})

    assert (await visitor.messages(ANNA))[-1]["buttons"] == [
        [
            {"text": "a", "kind": "callback", "data": "d"},
            {"text": "b", "kind": "url", "url": "https://mchs.gov.ru/"},
            {"text": "c", "kind": "copy", "copy": "112"},
            {"text": "d", "kind": "switch_inline", "query": "q"},
            {"text": "e", "kind": "switch_inline_current", "query": ""},
        ]
    ]


async def test_a_reply_quotes_what_was_said_and_nothing_else(bot: BotClient, visitor: Visitor) -> None:
    asked = (await visitor.act("send_text", chat_id=ANNA, person_id=ANNA, text="где укрытие?"))["message"]

    reply = {"message_id": asked["id"], "quote": "укрытие"}
    sent = await bot.get("sendMessage", chat_id=ANNA, text="рядом", reply_parameters=reply)
    words = await bot.refused(
        "sendMessage", chat_id=ANNA, text="рядом", reply_parameters=reply | {"quote": "вода"}
    )

    assert sent["reply_to_message"]["text"] == "где укрытие?"
    assert sent["quote"]["text"] == "укрытие"
    assert words == "Bad Request: QUOTE_TEXT_INVALID"


async def test_a_form_works_as_well_as_json(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    form = {
        "chat_id": str(ANNA),
        "text": "я",
        "disable_notification": "true",
        "reply_markup": '{"inline_keyboard": []}',
    }

    async with bot.http.post(f"{bot.address}/sendMessage", data=form) as answer:
        assert (await answer.json())["ok"]
    async with bot.http.get(f"{bot.address}/sendmessage", params={"chat_id": ANNA, "text": "я"}) as answer:
        assert (await answer.json())["ok"]

    assert [one["silent"] for one in (await visitor.messages(ANNA))[-2:]] == [True, False]


async def test_files_are_uploaded_once_and_sent_again_by_id(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    form = aiohttp.FormData({"chat_id": str(ANNA), "caption": "план"})
    form.add_field("document", b"12345", filename="plan.pdf")

    async with bot.http.post(f"{bot.address}/sendDocument", data=form) as answer:
        sent = (await answer.json())["result"]
    again = await bot.get("sendDocument", chat_id=ANNA, document=sent["document"]["file_id"])

    assert sent["document"]["file_name"] == again["document"]["file_name"] == "plan.pdf"
    shown = (await visitor.messages(ANNA))[-2]
    assert (shown["stub"], shown["caption"], shown["file_size"]) == ("document", "план", 5)
    assert await bot.refused("sendPhoto", chat_id=ANNA, photo="nothing") == (
        "Bad Request: wrong file identifier/HTTP URL specified"
    )
    assert await bot.refused("sendPhoto", chat_id=ANNA) == "Bad Request: there is no photo in the request"
    assert await bot.refused("sendPhoto", chat_id=ANNA, photo="https://a.ru/b.jpg", caption="x" * 1025) == (
        "Bad Request: message caption is too long"
    )


async def test_a_channel_post_is_copied_to_a_person(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(JOHN)
    post = await bot.get(
        "sendMessage", chat_id="@Sandbox_City_Alerts", text="<i>Отбой</i>", parse_mode="HTML"
    )

    copied = await bot.get("copyMessage", chat_id=JOHN, from_chat_id=CHANNEL, message_id=post["message_id"])

    assert post["sender_chat"]["id"] == CHANNEL
    shown = (await visitor.messages(JOHN))[-1]
    assert (shown["id"], shown["text"], shown["entities"][0]["type"]) == (
        copied["message_id"],
        "Отбой",
        "italic",
    )


async def test_an_unknown_method_is_said_loudly(
    bot: BotClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    assert await bot.refused("sendPizza") == "Not Found: method not found"
    await bot.refused("getMe", verbose=True)

    errors = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert errors == [
        "unknown method sendPizza",
        "getMe refused: Bad Request: unknown to the sandbox in getMe: verbose",
    ]
    assert sandbox.token not in caplog.text
