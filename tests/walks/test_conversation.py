"""Residents talk with the real bot process, over nothing but HTTP."""

from tests.walks.town import ANNA, HOUSE, JOHN, PYOTR, BotProcess, Town, eventually


async def test_a_question_in_russian_and_one_in_english(town: Town, bot: BotProcess) -> None:
    await town.say(ANNA, "нашли обломки дрона во дворе")
    await town.say(JOHN, "I see a drone what do I do")

    russian = await town.reply(ANNA)
    english = await town.reply(JOHN)
    assert russian["text"].startswith("🆘 Опасно для жизни — звоните 112\n\nНашли обломки")
    assert english["text"].startswith("🆘 Life in danger? Call 112 now")
    styles = {entity["type"] for entity in russian["entities"]}
    assert {"bold", "italic", "text_link", "expandable_blockquote"} <= styles
    assert "[1]" in russian["text"].split("Источники")[0]


async def test_the_greeting_stands_beside_the_first_answer_and_comes_once(
    town: Town, bot: BotProcess
) -> None:
    await town.say(ANNA, "пахнет газом")
    await town.reply(ANNA, 2)
    await town.say(ANNA, "идёт кровь из ноги")
    await town.reply(ANNA, 3)

    texts = [reply["text"] for reply in await town.replies(ANNA)]
    assert "газ" in texts[0].lower()
    assert texts[1].startswith("Это Памятка 112")
    assert "кров" in texts[2].lower()


async def test_topics_lead_to_a_guide_and_back_in_one_message(town: Town, bot: BotProcess) -> None:
    await town.act("start", chat_id=ANNA, person_id=ANNA)
    await town.reply(ANNA)
    await town.say(ANNA, "/topics")
    topics = await town.reply(ANNA, 2)

    async def screen() -> str:
        return str((await town.replies(ANNA))[1]["text"])

    await town.press(ANNA, topics, "Дроны и обломки")
    await eventually(screen, lambda text: text == "Дроны и обломки")
    category = (await town.replies(ANNA))[1]
    await town.press(ANNA, category, "read:debris-found")
    await eventually(screen, lambda text: "Нашли обломки" in text)
    guide = (await town.replies(ANNA))[1]
    await town.press(ANNA, guide, "‹ Назад")
    await eventually(screen, lambda text: text == "Дроны и обломки")
    assert len(await town.replies(ANNA)) == 2


async def test_a_deep_link_opens_its_guide(town: Town, bot: BotProcess) -> None:
    await town.act("start", chat_id=PYOTR, person_id=PYOTR, payload="gas-leak")

    assert "газ" in (await town.reply(PYOTR))["text"].lower()


async def test_the_chosen_language_survives_a_restart(town: Town, bot: BotProcess) -> None:
    await town.say(ANNA, "/language")
    question = await town.reply(ANNA)
    await town.press(ANNA, question, "English")
    await eventually(lambda: town.replies(ANNA), lambda replies: "English from now on" in replies[0]["text"])
    await bot.stop()
    await bot.start()
    before = len(await town.replies(ANNA))

    await town.say(ANNA, "обломки во дворе")

    assert (await town.reply(ANNA, before + 1))["text"].startswith("🆘 Life in danger")


async def test_forgetting_is_said_and_done(town: Town, bot: BotProcess) -> None:
    await town.say(ANNA, "/help")
    await town.reply(ANNA, 2)
    await town.say(ANNA, "/forget")
    assert "стёрто" in (await town.reply(ANNA, 3))["text"]
    await town.say(ANNA, "/help")

    greeting_again = await town.reply(ANNA, 5)
    assert greeting_again["text"].startswith("Это Памятка 112")


async def test_a_house_chat_is_left_alone_until_it_calls(town: Town, bot: BotProcess) -> None:
    await town.say(ANNA, "обломки во дворе, видели?", HOUSE)
    await town.say(PYOTR, "какой дрон, идите спать", HOUSE)
    await town.say(JOHN, "/topics@some_other_bot", HOUSE)
    called = await town.say(PYOTR, "@safety_sandbox_bot нашли обломки", HOUSE)

    answer = await town.reply(HOUSE)
    assert "Нашли обломки" in answer["text"]
    assert answer["reply_to"]["id"] == called
    await town.say(JOHN, "and what about a gas leak?", HOUSE, reply_to=answer["id"])
    assert "gas" in (await town.reply(HOUSE, 2))["text"].lower()
    await town.say(ANNA, "/112", HOUSE)
    await town.reply(HOUSE, 3)
    assert len(await town.replies(HOUSE)) == 3


async def test_only_an_admin_changes_the_language_of_a_house_chat(town: Town, bot: BotProcess) -> None:
    await town.say(PYOTR, "/language", HOUSE)
    question = await town.reply(HOUSE)

    await town.press(PYOTR, question, "English")
    await eventually(lambda: town.calls("answerCallbackQuery"), lambda calls: len(calls) == 1)
    assert (await town.replies(HOUSE))[0]["text"] == question["text"]
    await town.press(ANNA, question, "English")
    await eventually(lambda: town.replies(HOUSE), lambda replies: "English from now on" in replies[0]["text"])


async def test_nothing_that_is_not_text_is_taken(town: Town, bot: BotProcess) -> None:
    kinds = ("photo", "location", "contact", "voice", "sticker", "document", "video")
    await town.say(ANNA, "/help")
    await town.reply(ANNA, 2)
    for number, what in enumerate(kinds, 3):
        await town.act("send_stub", chat_id=ANNA, person_id=ANNA, what=what)
        reply = await town.reply(ANNA, number)
        assert "не принимаю" in reply["text"]
        assert "112" in reply["text"]


async def test_an_edited_message_has_one_answer_which_is_the_current_one(town: Town, bot: BotProcess) -> None:
    asked = await town.say(ANNA, "пахнет газом")
    await town.reply(ANNA, 2)

    await town.act("edit_text", chat_id=ANNA, person_id=ANNA, message_id=asked, text="идёт кровь из ноги")

    await eventually(lambda: town.replies(ANNA), lambda replies: "кров" in replies[0]["text"].lower())
    assert len(await town.replies(ANNA)) == 2


async def test_odd_texts_get_a_sensible_answer_and_never_a_refused_call(town: Town, bot: BotProcess) -> None:
    odd = [
        "😱😱😱",
        "<b>обломки</b> & <script>alert(1)</script>",
        "*обломки* _во_ [дворе](http://example.org)",
        "я" * 4096,
        "обломки " * 500,
        "‮кинолиноротсен‬",
    ]
    people = await town.people(len(odd))
    for person, text in zip(people, odd, strict=True):
        await town.say(person, text)
    for person in people:
        await town.reply(person)

    assert not [call for call in await town.calls() if call["code"] == 400]


async def test_inline_mode_lets_a_resident_quote_a_guide(town: Town, bot: BotProcess) -> None:
    await town.say(ANNA, "/help")
    await town.reply(ANNA)
    await town.act("inline", chat_id=HOUSE, person_id=ANNA, query="обломки", offset="")

    calls = await eventually(lambda: town.calls("answerInlineQuery"), lambda calls: len(calls) == 1)
    assert calls[0]["code"] == 200


async def test_the_menu_and_the_profile_are_registered_in_both_languages(town: Town, bot: BotProcess) -> None:
    calls = await eventually(
        lambda: town.calls("setMyCommands"),
        lambda calls: {call["params"].get("language_code") for call in calls} >= {"ru", "en"},
    )
    assert all(call["code"] == 200 for call in calls)
