"""A conversation, turn by turn, as a resident has it."""

import datetime as dt
from dataclasses import replace

from bot.core.answering.finding import Answer, Choices, Finding, NoAnswer, Reason
from bot.core.chat import Chat
from bot.core.dialogue import Dialogue, Outcome, Turn
from bot.core.guidance import Language
from bot.core.message import (
    Asked,
    Button,
    Commanded,
    IncomingMessage,
    IncomingQuery,
    Joined,
    Left,
    Migrated,
    OutgoingMessage,
    Press,
    Pressed,
    Room,
    Shared,
)
from tests.factories import make_category, make_content, make_guide

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
CONTENT = make_content(
    make_guide("debris-found", related=("shelter",)),
    make_guide("shelter", category="alerts", life_threat=False),
    categories=(make_category("drones"), make_category("alerts")),
)
KNOWN = Chat(7)


def find(question: str, language: Language | None) -> Finding:
    """Find by one word, as plainly as can be."""
    spoken = language or ("en" if question.isascii() else "ru")
    if "обломки" in question or "debris" in question:
        return Answer("debris-found", ("debris-found", "shelter"), spoken, 0.9)
    if "куда" in question:
        return Choices(("shelter", "debris-found"), spoken, 0.5, urgent="взрыв" in question)
    return NoAnswer(Reason.UNKNOWN, spoken, 0.1, urgent="кровь" in question)


def say(
    act: Asked | Commanded | Pressed | Shared | Left | Joined | Migrated,
    chat: Chat | None = KNOWN,
    *,
    room: Room = Room.PRIVATE,
    language_code: str | None = "ru",
    is_admin: bool = False,
    delay: dt.timedelta = dt.timedelta(),
) -> Outcome:
    incoming = IncomingMessage(7, room, 7, act, NOW - delay, language_code, message_id=5)
    return Dialogue(CONTENT, find).take(Turn(incoming, chat, is_admin, "safety_bot", NOW))


def words(outcome: Outcome) -> list[str]:
    return [message.text.words for message in outcome.reply.messages]


def presses(message: OutgoingMessage | None) -> list[str]:
    assert message is not None
    buttons: list[Button] = [button for row in message.buttons for button in row]
    return [button.action.data for button in buttons if isinstance(button.action, Press)]


def test_a_question_gets_one_guide_with_the_emergency_line_first() -> None:
    outcome = say(Asked("обломки во дворе"))

    [answer] = words(outcome)
    assert answer.startswith("emergency_line ru 112\n\nПамятка debris-found")
    assert "1. Отойдите подальше. [1]" in answer
    assert presses(outcome.reply.messages[0]) == ["guide:shelter", "topics:beside"]
    assert outcome.chat == KNOWN


def test_a_guide_without_danger_has_no_emergency_line() -> None:
    [answer] = words(say(Commanded("start", "shelter")))

    assert answer.startswith("Памятка shelter")


def test_the_first_words_of_a_stranger_are_answered_with_the_greeting_beside() -> None:
    outcome = say(Asked("обломки"), chat=None)

    [answer] = words(outcome)
    assert "Памятка debris-found" in answer
    assert answer.split("\n\n")[-1].startswith("introduction ru")
    assert "introduction_notices" not in answer  # an installation without notices
    assert outcome.chat == Chat(7)


def test_a_stranger_who_starts_is_greeted_once() -> None:
    assert words(say(Commanded("start"), chat=None)) == ["greeting ru 112 Памятка"]


def test_a_deep_link_opens_its_guide() -> None:
    assert "Памятка shelter" in words(say(Commanded("start", "shelter"), chat=None))[0]


def test_an_unsure_finding_offers_buttons() -> None:
    outcome = say(Asked("куда бежать"))

    assert words(outcome) == ["choices ru"]
    assert presses(outcome.reply.messages[0]) == ["guide:shelter", "guide:debris-found", "topics:beside"]


def test_the_emergency_line_comes_first_whatever_follows() -> None:
    assert words(say(Asked("взрыв куда")))[0].startswith("emergency_line ru 112")
    assert words(say(Asked("кровь")))[0].startswith("emergency_line ru 112")


def test_nothing_found_names_the_number_and_offers_the_topics() -> None:
    outcome = say(Asked("рецепт борща"))

    assert words(outcome) == ["no_answer ru 112"]
    assert presses(outcome.reply.messages[0]) == ["topic:drones", "topic:alerts"]


def test_a_message_without_a_word_is_asked_for_words() -> None:
    for text in ("", "   ", "😱😱😱", "!!!", "\u200b"):
        assert words(say(Asked(text))) == ["wordless ru 112"]


def test_the_language_of_the_question_is_spoken_until_one_is_chosen() -> None:
    assert "Guide debris-found" in words(say(Asked("found debris"), language_code="ru"))[0]
    assert "Памятка debris-found" in words(say(Asked("found debris"), chat=Chat(7, "ru")))[0]


def test_one_word_does_not_tell_a_language_so_the_phone_does() -> None:
    assert words(say(Asked("SOS"), language_code="ru")) == ["no_answer ru 112"]
    assert words(say(Asked("https://example.org/a"), language_code="ru")) == ["no_answer ru 112"]
    assert words(say(Asked("ага"), language_code="en")) == ["no_answer en 112"]


def test_a_chosen_language_is_remembered_and_shown_in_place() -> None:
    outcome = say(Pressed("language:en", 5))

    assert outcome.chat == Chat(7, "en")
    assert outcome.reply.replaces is not None
    assert outcome.reply.replaces.text.words == "language_chosen en"


def test_an_unknown_app_language_gets_the_default() -> None:
    assert words(say(Commanded("help"), language_code="zz")) == ["help ru 112"]
    assert words(say(Commanded("help"), language_code="en-GB")) == ["help en 112"]
    assert words(say(Commanded("help"), language_code=None)) == ["help ru 112"]


def test_topics_lead_to_a_category_to_a_guide_and_back_in_one_message() -> None:
    [topics] = say(Commanded("topics")).reply.messages
    assert presses(topics) == ["topic:drones", "topic:alerts"]

    category = say(Pressed("topic:drones", 5)).reply.replaces
    assert presses(category) == ["read:debris-found", "topics"]

    guide = say(Pressed("read:debris-found", 5)).reply.replaces
    assert presses(guide) == ["guide:shelter", "topic:drones"]


def test_a_choice_a_related_guide_and_the_topics_come_beside_what_was_answered() -> None:
    for data in ("guide:shelter", "topics:beside"):
        reply = say(Pressed(data, 5)).reply
        assert reply.replaces is None
        assert len(reply.messages) == 1


def test_stale_and_garbage_buttons_show_the_topics_and_say_why() -> None:
    for data in (
        "",
        "guide:gone",
        "topic:",
        "language:xx",
        "sources:9999999",
        "🧨" * 16,
        "sources:-1",
        "a:b:c",
    ):
        reply = say(Pressed(data, 5)).reply
        assert reply.toast == "stale_button ru"
        assert presses(reply.messages[0]) == ["topic:drones", "topic:alerts"]


def test_pages_of_sources_turn_and_never_run_out() -> None:
    screen = say(Pressed("sources:99999", 5)).reply.replaces
    assert screen is not None
    assert screen.text.words.startswith("source_list ru 1 1")


def test_photos_and_places_are_not_taken() -> None:
    for kind in ("photo", "location", "contact", "voice", "sticker", "document"):
        assert words(say(Shared(kind))) == ["shared ru 112"]


def test_what_is_written_under_a_photo_is_answered_and_the_photo_is_not_taken() -> None:
    [answer] = words(say(Asked("нашли обломки", is_caption=True)))

    assert "Памятка debris-found" in answer
    assert answer.endswith("caption_only ru")


def test_forgetting_erases_the_chat_and_says_so() -> None:
    outcome = say(Commanded("forget"), chat=Chat(7, "en"))

    assert words(outcome) == ["forgotten en"]
    assert outcome.chat is None


def test_only_admins_change_the_settings_of_a_group() -> None:
    refused = say(Pressed("language:en", 5), room=Room.GROUP)
    assert refused.reply.toast == "admins_only ru"
    assert refused.chat == KNOWN
    assert words(say(Commanded("forget"), room=Room.GROUP)) == ["admins_only ru"]

    assert say(Pressed("language:en", 5), room=Room.GROUP, is_admin=True).chat == Chat(7, "en")


def test_a_group_is_told_how_to_call_the_bot_and_is_not_greeted_at_every_question() -> None:
    assert words(say(Joined(), chat=None, room=Room.GROUP)) == ["group_greeting ru 112 safety_bot"]
    assert len(words(say(Asked("обломки"), chat=None, room=Room.GROUP))) == 1


def test_a_group_that_moved_keeps_what_it_chose() -> None:
    assert say(Migrated(-100), chat=Chat(7, "en")).chat == Chat(-100, "en")


def test_somebody_who_left_gets_nothing() -> None:
    assert say(Left()).reply.messages == ()


def test_a_late_answer_says_so_below_what_to_do() -> None:
    [answer] = words(say(Asked("обломки"), delay=dt.timedelta(hours=1)))

    assert answer.startswith("emergency_line")
    assert answer.endswith("late ru 2026-11-22 05:00:00+03:00")


def test_unknown_commands_get_the_help() -> None:
    assert words(say(Commanded("nonsense"))) == ["help ru 112"]


def test_in_a_group_a_bare_command_that_is_unknown_is_left_to_other_bots() -> None:
    weather = IncomingMessage(-7, Room.GROUP, 7, Commanded("weather", addressed=False), NOW)
    assert not Dialogue(CONTENT, find).concerns(weather)
    assert words(say(Commanded("weather"), room=Room.GROUP)) == ["help ru 112"]
    assert words(say(Commanded("help", addressed=False), room=Room.GROUP)) == ["help ru 112"]


def test_inline_queries_suggest_guides_without_buttons() -> None:
    dialogue = Dialogue(CONTENT, find)

    found = dialogue.suggest(IncomingQuery(7, "debris", "ru"))
    assert [suggestion.id for suggestion in found] == ["debris-found", "shelter"]
    assert found[0].title == "Guide debris-found"
    assert found[0].message.buttons == ()

    everything = dialogue.suggest(IncomingQuery(7, " ", "en"))
    assert [suggestion.id for suggestion in everything] == ["debris-found", "shelter"]

    [nothing] = dialogue.suggest(IncomingQuery(7, "борщ", "ru"))
    assert nothing.title == "nothing_inline ru"
    assert nothing.message.text.words.startswith("emergency ru 112")


def test_typed_markup_never_becomes_markup() -> None:
    outcome = say(Asked("<b>обломки</b> [x](http://evil.example)"))

    assert "evil" not in outcome.reply.messages[0].text.words


def test_the_same_turn_gives_the_same_outcome() -> None:
    assert say(Asked("куда")) == say(Asked("куда"))
    assert replace(KNOWN, language="en") != KNOWN
