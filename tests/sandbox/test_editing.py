"""What was said can be changed, pinned and taken back, within Telegram's bounds."""

from tests.sandbox.clients import ANNA, CHANNEL, HOUSE, BotClient, Clock, Visitor

UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


async def test_an_edit_shows_in_place_and_must_change_something(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    sent = await bot.get("sendMessage", chat_id=ANNA, text="Тревога")
    place = {"chat_id": ANNA, "message_id": sent["message_id"]}

    assert await bot.refused("editMessageText", **place, text="Тревога") == UNCHANGED
    edited = await bot.get("editMessageText", **place, text="<b>Тревога</b>", parse_mode="HTML")

    assert edited["edit_date"]
    shown = await visitor.messages(ANNA)
    assert len(shown) == 2
    assert shown[-1]["entities"] == [{"type": "bold", "offset": 0, "length": 7}]


async def test_an_edit_without_a_keyboard_takes_the_keyboard_away(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    sent = await bot.get("sendMessage", chat_id=ANNA, text="x", reply_markup=keyboard)
    place = {"chat_id": ANNA, "message_id": sent["message_id"]}

    assert await bot.refused("editMessageReplyMarkup", **place, reply_markup=keyboard) == UNCHANGED
    edited = await bot.get("editMessageText", **place, text="y")

    assert "reply_markup" not in edited


async def test_only_what_the_bot_wrote_and_what_is_there_can_be_edited(
    bot: BotClient, visitor: Visitor
) -> None:
    asked = (await visitor.start(ANNA))["message"]

    theirs = await bot.refused("editMessageText", chat_id=ANNA, message_id=asked["id"], text="x")
    gone = await bot.refused("editMessageText", chat_id=ANNA, message_id=999, text="x")
    unsaid = await bot.refused("editMessageText", chat_id=ANNA, text="x")

    assert theirs == "Bad Request: message can't be edited"
    assert gone == "Bad Request: message to edit not found"
    assert unsaid == "Bad Request: message identifier is not specified"


async def test_a_message_is_deleted_once_and_within_two_days(
    bot: BotClient, visitor: Visitor, clock: Clock
) -> None:
    await visitor.start(ANNA)
    first, second = [(await bot.get("sendMessage", chat_id=ANNA, text="x"))["message_id"] for _ in range(2)]

    assert await bot.get("deleteMessage", chat_id=ANNA, message_id=first)
    assert await bot.refused("deleteMessage", chat_id=ANNA, message_id=first) == (
        "Bad Request: message to delete not found"
    )
    clock.pass_by(hours=48, seconds=1)
    assert await bot.refused("deleteMessage", chat_id=ANNA, message_id=second) == (
        "Bad Request: message can't be deleted for everyone"
    )
    assert await bot.get("deleteMessages", chat_id=ANNA, message_ids=[first, second])
    assert [one["id"] for one in await visitor.messages(ANNA)][-1] == second


async def test_pinning_needs_rights_where_several_people_are(bot: BotClient, visitor: Visitor) -> None:
    in_house = await bot.get("sendMessage", chat_id=HOUSE, text="x")
    in_channel = await bot.get("sendMessage", chat_id=CHANNEL, text="x")

    assert await bot.refused("pinChatMessage", chat_id=HOUSE, message_id=in_house["message_id"]) == (
        "Bad Request: not enough rights to manage pinned messages in the chat"
    )
    await bot.get("pinChatMessage", chat_id=CHANNEL, message_id=in_channel["message_id"])

    pinned = (await bot.get("getChat", chat_id=CHANNEL))["pinned_message"]
    assert pinned["message_id"] == in_channel["message_id"]
    assert (await visitor.messages(CHANNEL))[-1]["pinned"]
    await bot.get("unpinChatMessage", chat_id=CHANNEL)
    assert await bot.refused("unpinChatMessage", chat_id=CHANNEL) == "Bad Request: message to unpin not found"
