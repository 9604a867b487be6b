"""The page gets its state, messages and live events, and lets people do what Telegram's app would."""

from importlib.resources import files

from tests.sandbox.clients import ANNA, CHANNEL, HOUSE, JOHN, PYOTR, BotClient, Visitor


async def test_a_fresh_world_has_people_a_house_and_a_channel(visitor: Visitor) -> None:
    state = await visitor.look("/page/state")

    assert [(one["id"], one["first_name"], one["language_code"]) for one in state["people"]] == [
        (1000, "Оператор", "ru"),
        (ANNA, "Анна", "ru"),
        (PYOTR, "Пётр", "ru"),
        (JOHN, "John", "en"),
    ]
    chats = {one["id"]: one for one in state["chats"]}
    assert chats[HOUSE]["type"] == "group"
    assert (chats[HOUSE]["admin_ids"], chats[HOUSE]["bot_status"]) == ([ANNA], "member")
    assert (chats[CHANNEL]["type"], chats[CHANNEL]["bot_status"]) == ("channel", "administrator")
    assert chats[ANNA]["member_ids"] == [ANNA]


async def test_events_tell_of_everything_that_changes(bot: BotClient, visitor: Visitor) -> None:
    async with visitor.watching() as next_event:
        await visitor.start(ANNA)
        sent = await bot.get("sendMessage", chat_id=ANNA, text="x")
        place = {"chat_id": ANNA, "message_id": sent["message_id"]}
        await bot.get("sendChatAction", chat_id=ANNA, action="typing")
        await bot.get("editMessageText", **place, text="y")
        await bot.get("pinChatMessage", **place)
        await bot.get("deleteMessage", **place)
        await visitor.act("block", person_id=ANNA)
        await bot.get("setMyCommands", commands=[])
        await bot.get("setMyName", name="Имя")
        await visitor.act("add_person", first_name="Ольга", language_code="ru")

        events = [await next_event() for _ in range(13)]

    assert [one["kind"] for one in events] == [
        "message",
        "message",
        "action",
        "edited",
        "pinned",
        "pinned",
        "deleted",
        "chat",
        "commands",
        "bot",
        "chat",
        "person",
        "chat",
    ]
    assert [one["n"] for one in events] == list(range(1, 14))
    assert events[7]["chat"]["blocked"]


async def test_a_page_that_comes_back_continues_or_begins_again(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    await visitor.start(PYOTR)

    async with visitor.watching(after=1) as next_event:
        assert (await next_event())["message"]["chat_id"] == PYOTR
    async with visitor.watching(after=500) as next_event:
        assert await next_event() == {"n": 2, "kind": "reload"}
    last_seen = {"Last-Event-ID": "1"}
    async with visitor.http.get(f"{visitor.url}/page/events?after=0", headers=last_seen) as stream:
        lines = [await stream.content.readline() for _ in range(3)]
    assert lines[2] == b"id: 2\n"


async def test_messages_come_in_pages_oldest_first(visitor: Visitor) -> None:
    for number in range(5):
        await visitor.act("send_text", chat_id=ANNA, person_id=ANNA, text=str(number))

    newest = (await visitor.look("/page/messages", chat_id=ANNA, limit=2))["messages"]
    older = (await visitor.look("/page/messages", chat_id=ANNA, limit=2, before=newest[0]["id"]))["messages"]

    assert [one["text"] for one in newest] == ["3", "4"]
    assert [one["text"] for one in older] == ["1", "2"]


async def test_a_blocked_bot_hears_nothing_until_start(bot: BotClient, visitor: Visitor) -> None:
    await visitor.start(ANNA)
    await visitor.act("block", person_id=ANNA)

    answer = await visitor.try_to("send_text", chat_id=ANNA, person_id=ANNA, text="x")
    assert answer == {"ok": False, "error": "The bot is blocked; unblock it to write."}

    await visitor.act("start", chat_id=ANNA, person_id=ANNA, payload="guide_siren")
    kinds = [sorted(one.keys() - {"update_id"})[0] for one in await bot.updates()]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]
    assert (await visitor.messages(ANNA))[-1]["text"] == "/start guide_siren"
    assert (await bot.call("sendMessage", chat_id=ANNA, text="x"))["ok"]


async def test_every_stub_reaches_the_bot_in_its_own_field(bot: BotClient, visitor: Visitor) -> None:
    kinds = ["photo", "location", "contact", "voice", "sticker", "document", "video"]

    for kind in kinds:
        await visitor.act("send_stub", chat_id=ANNA, person_id=ANNA, what=kind)

    updates = await bot.updates()
    assert all(kind in update["message"] for kind, update in zip(kinds, updates, strict=True))
    assert [one["stub"] for one in await visitor.messages(ANNA)] == kinds


async def test_what_an_app_would_not_offer_is_refused_in_a_sentence(visitor: Visitor) -> None:
    write = {"chat_id": HOUSE, "person_id": 1000, "text": "x"}

    assert (await visitor.try_to("send_text", **write))["error"] == "Оператор is not in this chat."
    assert (await visitor.try_to("send_text", **(write | {"chat_id": CHANNEL})))["error"] == (
        "People read a channel, they cannot write in it."
    )
    assert (await visitor.try_to("send_text", chat_id=ANNA))[
        "error"
    ] == "person_id: a whole number is needed."
    empty = {"chat_id": ANNA, "person_id": ANNA, "text": " "}
    assert (await visitor.try_to("send_text", **empty))["error"] == "The message is empty."
    assert (await visitor.try_to("dance"))["error"].startswith("do: 'dance' is unknown; there are send_text")
    assert (await visitor.try_to("send_stub", chat_id=ANNA, person_id=ANNA, what="cat"))["error"].startswith(
        "Nothing called 'cat' can be sent"
    )


async def test_the_page_may_load_nothing_but_its_own_files(visitor: Visitor) -> None:
    async with visitor.http.get(f"{visitor.url}/page/state") as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_every_file_of_the_page_is_served_and_no_other(visitor: Visitor) -> None:
    names = [one.name for one in (files("bot.sandbox") / "page").iterdir() if one.is_file()]

    for name in names:
        async with visitor.http.get(f"{visitor.url}/page/{name}") as answer:
            assert answer.status == 200, name
    for name in ("..%2Fserver.py", "..%5Cserver.py", ".hidden", "nothing.js"):
        async with visitor.http.get(f"{visitor.url}/page/{name}") as answer:
            assert answer.status == 404, name


async def test_another_site_in_the_same_browser_may_not_act(visitor: Visitor) -> None:
    headers = {"Origin": "http://elsewhere.example"}

    async with visitor.http.post(f"{visitor.url}/page/act", json={"do": "block"}, headers=headers) as answer:
        assert answer.status == 403
    headers = {"Origin": visitor.url}
    async with visitor.http.post(f"{visitor.url}/page/act", json={"do": "block"}, headers=headers) as answer:
        assert answer.status == 200
