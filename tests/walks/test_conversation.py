"""Residents talk with the real bot process, over nothing but HTTP."""

import pytest

from tests.walks.town import BotProcess, Town, eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("shared_bot")]


async def test_a_question_in_russian_and_one_in_english(shared_town: Town) -> None:
    anna, john = await shared_town.newcomer("ru"), await shared_town.newcomer("en")

    await shared_town.say(anna, "нашли обломки дрона во дворе")
    await shared_town.say(john, "I see a drone what do I do")

    russian = await shared_town.reply(anna)
    english = await shared_town.reply(john)
    assert russian["text"].startswith("🆘 Опасно для жизни — звоните 112\n\nНашли обломки")
    assert english["text"].startswith("🆘 Life in danger? Call 112 now")
    styles = {entity["type"] for entity in russian["entities"]}
    assert {"bold", "italic", "text_link", "expandable_blockquote"} <= styles
    assert "[1]" in russian["text"].split("Источники")[0]


async def test_the_introduction_stands_beside_the_first_answer_and_comes_once(shared_town: Town) -> None:
    anna = await shared_town.newcomer()

    await shared_town.say(anna, "пахнет газом")
    await shared_town.reply(anna)
    await shared_town.say(anna, "идёт кровь из ноги")
    await shared_town.reply(anna, 2)

    first, second = [reply["text"] for reply in await shared_town.replies(anna)]
    assert "газ" in first.lower()
    assert first.split("\n\n")[-1].startswith("Это Памятка безопасности")
    assert "кров" in second.lower()
    assert "Это Памятка безопасности" not in second


async def test_topics_lead_to_a_guide_and_back_in_one_message(shared_town: Town) -> None:
    anna = await shared_town.newcomer()
    await shared_town.act("start", chat_id=anna, person_id=anna)
    await shared_town.reply(anna)
    await shared_town.say(anna, "/topics")
    topics = await shared_town.reply(anna, 2)

    async def screen() -> str:
        return str((await shared_town.replies(anna))[1]["text"])

    await shared_town.press(anna, topics, "Дроны и обломки")
    await eventually(screen, lambda text: text == "Дроны и обломки")
    category = (await shared_town.replies(anna))[1]
    await shared_town.press(anna, category, "read:debris-found")
    await eventually(screen, lambda text: "Нашли обломки" in text)
    guide = (await shared_town.replies(anna))[1]
    await shared_town.press(anna, guide, "‹ Назад")
    await eventually(screen, lambda text: text == "Дроны и обломки")
    assert len(await shared_town.replies(anna)) == 2


async def test_a_deep_link_opens_its_guide(shared_town: Town) -> None:
    anna = await shared_town.newcomer()

    await shared_town.act("start", chat_id=anna, person_id=anna, payload="gas-leak")

    assert "газ" in (await shared_town.reply(anna))["text"].lower()


async def test_the_chosen_language_survives_a_restart(shared_town: Town, shared_bot: BotProcess) -> None:
    anna = await shared_town.newcomer()
    await shared_town.say(anna, "/language")
    question = await shared_town.reply(anna)
    await shared_town.press(anna, question, "English")
    await eventually(
        lambda: shared_town.replies(anna), lambda replies: "English from now on" in replies[0]["text"]
    )
    assert await shared_bot.stop() == 0
    await shared_bot.start()
    before = len(await shared_town.replies(anna))

    await shared_town.say(anna, "обломки во дворе")

    assert (await shared_town.reply(anna, before + 1))["text"].startswith("🆘 Life in danger")


async def test_forgetting_is_said_and_done(shared_town: Town) -> None:
    anna = await shared_town.newcomer()
    await shared_town.say(anna, "/help")
    await shared_town.reply(anna)
    await shared_town.say(anna, "/forget")
    assert "стёрто" in (await shared_town.reply(anna, 2))["text"]
    await shared_town.say(anna, "/help")

    introduced_again = await shared_town.reply(anna, 3)
    assert introduced_again["text"].split("\n\n")[-1].startswith("Это Памятка безопасности")


@pytest.mark.parametrize("hears_all", [False, True])
async def test_a_house_chat_is_left_alone_until_it_calls(shared_town: Town, hears_all: bool) -> None:
    await shared_town.privacy(can_read_all=hears_all)
    anna, pyotr = await shared_town.newcomer(), await shared_town.newcomer()
    house = await shared_town.house(anna, pyotr)
    assert "только когда меня зовут" in (await shared_town.reply(house))["text"]
    await shared_town.say(anna, "обломки во дворе, видели?", house)
    await shared_town.say(pyotr, "какой дрон, идите спать", house)
    await shared_town.say(anna, "/topics@some_other_bot", house)
    called = await shared_town.say(pyotr, "@safety_sandbox_bot нашли обломки", house)

    answer = await shared_town.reply(house, 2)
    assert "Нашли обломки" in answer["text"]
    assert answer["reply_to"]["id"] == called
    await shared_town.say(anna, "а если пахнет газом?", house, reply_to=answer["id"])
    assert "газ" in (await shared_town.reply(house, 3))["text"].lower()
    await shared_town.say(anna, "/112", house)
    await shared_town.reply(house, 4)
    assert len(await shared_town.replies(house)) == 4


async def test_only_an_admin_changes_the_language_of_a_house_chat(shared_town: Town) -> None:
    anna, pyotr = await shared_town.newcomer(), await shared_town.newcomer()
    house = await shared_town.house(anna, pyotr)
    await shared_town.reply(house)
    await shared_town.say(pyotr, "/language", house)
    question = await shared_town.reply(house, 2)
    answered = len(await shared_town.calls("answerCallbackQuery"))

    await shared_town.press(pyotr, question, "English")
    await eventually(lambda: shared_town.calls("answerCallbackQuery"), lambda calls: len(calls) > answered)
    assert (await shared_town.replies(house))[1]["text"] == question["text"]
    await shared_town.press(anna, question, "English")
    await eventually(
        lambda: shared_town.replies(house), lambda replies: "English from now on" in replies[1]["text"]
    )


async def test_nothing_that_is_not_text_is_taken(shared_town: Town) -> None:
    anna = await shared_town.newcomer()
    kinds = ("photo", "location", "contact", "voice", "sticker", "document", "video")
    await shared_town.say(anna, "/help")
    await shared_town.reply(anna)
    for number, what in enumerate(kinds, 2):
        await shared_town.act("send_stub", chat_id=anna, person_id=anna, what=what)
        reply = await shared_town.reply(anna, number)
        assert "не принимаю" in reply["text"]
        assert "112" in reply["text"]


async def test_an_edited_message_has_one_answer_which_is_the_current_one(shared_town: Town) -> None:
    anna = await shared_town.newcomer()
    asked = await shared_town.say(anna, "пахнет газом")
    await shared_town.reply(anna)

    await shared_town.act(
        "edit_text", chat_id=anna, person_id=anna, message_id=asked, text="идёт кровь из ноги"
    )

    await eventually(lambda: shared_town.replies(anna), lambda replies: "кров" in replies[0]["text"].lower())
    assert len(await shared_town.replies(anna)) == 1


async def test_odd_texts_get_a_sensible_answer_and_never_a_refused_call(shared_town: Town) -> None:
    odd = [
        "😱😱😱",
        "<b>обломки</b> & <script>alert(1)</script>",
        "*обломки* _во_ [дворе](http://example.org)",
        "я" * 4096,
        "обломки " * 500,
        "\u202eкинолиноротсен\u202c",
    ]
    people = await shared_town.people(len(odd))
    for person, text in zip(people, odd, strict=True):
        await shared_town.say(person, text)
    for person in people:
        await shared_town.reply(person)

    assert not [call for call in await shared_town.calls() if call["code"] == 400]


async def test_inline_mode_lets_a_resident_quote_a_guide(shared_town: Town) -> None:
    anna = await shared_town.newcomer()
    house = await shared_town.house(anna)
    await shared_town.act("inline", chat_id=house, person_id=anna, query="обломки", offset="")

    calls = await eventually(lambda: shared_town.calls("answerInlineQuery"), lambda calls: len(calls) > 0)
    assert calls[-1]["code"] == 200


async def test_the_menu_is_registered_in_every_language(shared_town: Town) -> None:
    calls = await eventually(
        lambda: shared_town.calls("setMyCommands"),
        lambda calls: {call["params"].get("language_code") for call in calls} >= {"ru", "en"},
    )
    assert all(call["code"] == 200 for call in calls)
