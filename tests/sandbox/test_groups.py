"""In groups the bot hears what its privacy lets it hear, comes, goes, and follows a group that moves."""

from tests.sandbox.clients import ANNA, HOUSE, JOHN, PYOTR, BotClient, Visitor


async def say(visitor: Visitor, text: str, reply_to: int | None = None) -> None:
    await visitor.act("send_text", chat_id=HOUSE, person_id=PYOTR, text=text, reply_to=reply_to)


async def test_a_private_bot_hears_commands_mentions_and_replies_only(
    bot: BotClient, visitor: Visitor
) -> None:
    sent = await bot.get("sendMessage", chat_id=HOUSE, text="Здравствуйте")

    await say(visitor, "просто разговор")
    await say(visitor, "/help")
    await say(visitor, "/help@other_bot")
    await say(visitor, "🏠 @Safety_Sandbox_Bot где укрытие")
    await say(visitor, "а вода?", reply_to=sent["message_id"])

    assert [one["message"]["text"] for one in await bot.updates()] == [
        "/help",
        "🏠 @Safety_Sandbox_Bot где укрытие",
        "а вода?",
    ]
    assert not (await bot.get("getMe"))["can_read_all_group_messages"]


async def test_an_open_bot_hears_everything(bot: BotClient, visitor: Visitor) -> None:
    await visitor.control("privacy", can_read_all=True)

    await say(visitor, "просто разговор")

    assert [one["message"]["text"] for one in await bot.updates()] == ["просто разговор"]
    assert (await bot.get("getMe"))["can_read_all_group_messages"]


async def test_the_switch_on_the_page_is_the_same_as_the_control(bot: BotClient, visitor: Visitor) -> None:
    await visitor.act("set_privacy", can_read_all=True)
    assert (await bot.get("getMe"))["can_read_all_group_messages"]

    await visitor.control("privacy", can_read_all=False)
    assert not (await visitor.look("/page/state"))["bot"]["can_read_all_group_messages"]


async def test_the_bot_is_thrown_out_and_taken_back(bot: BotClient, visitor: Visitor) -> None:
    await visitor.act("remove_bot", chat_id=HOUSE)
    await say(visitor, "без бота")
    await visitor.act("add_bot", chat_id=HOUSE)

    out, back, service = await bot.updates()

    assert out["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert back["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["username"] == "safety_sandbox_bot"


async def test_a_new_group_tells_the_bot_who_made_it(bot: BotClient, visitor: Visitor) -> None:
    group = (await visitor.act("add_group", title="Дом 14", member_ids=[JOHN], creator_id=ANNA))["chat"]

    joined, created = await bot.updates()

    assert joined["my_chat_member"]["from"]["id"] == ANNA
    assert created["message"]["group_chat_created"]
    (leader,) = await bot.get("getChatAdministrators", chat_id=group["id"])
    assert (leader["status"], leader["user"]["id"]) == ("creator", ANNA)
    assert await bot.get("getChatMemberCount", chat_id=group["id"]) == 3


async def test_a_group_that_moved_says_where(bot: BotClient, visitor: Visitor) -> None:
    new = (await visitor.act("migrate", chat_id=HOUSE))["chat"]

    refusal = await bot.call("sendMessage", chat_id=HOUSE, text="x")
    left, arrived = await bot.updates()

    assert refusal["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refusal["parameters"] == {"migrate_to_chat_id": new["id"]}
    assert left["message"]["migrate_to_chat_id"] == new["id"]
    assert arrived["message"]["migrate_from_chat_id"] == HOUSE
    assert (await bot.call("sendMessage", chat_id=new["id"], text="x"))["ok"]


async def test_the_bot_leaves(bot: BotClient) -> None:
    await bot.get("leaveChat", chat_id=HOUSE)

    assert await bot.refused("sendMessage", chat_id=HOUSE, text="x") == (
        "Forbidden: bot is not a member of the group chat"
    )


async def test_members_stand_as_they_stand(bot: BotClient, visitor: Visitor) -> None:
    await visitor.act("promote_bot", chat_id=HOUSE, admin=True)

    async def standing(user_id: int) -> str:
        return str((await bot.get("getChatMember", chat_id=HOUSE, user_id=user_id))["status"])

    standings = [await standing(who) for who in (ANNA, PYOTR, 1000, bot.sandbox.world.bot.id)]

    assert standings == ["creator", "member", "left", "administrator"]
    assert await bot.refused("getChatMember", chat_id=HOUSE, user_id=5) == "Bad Request: user not found"
