"""Notices as a resident asks for them, turns them off, and looks up what is in force."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.core.answering.finding import Answer, Choices, Finding, NoAnswer, Reason
from bot.core.chat import Chat
from bot.core.dialogue import Dialogue, Outcome, Turn
from bot.core.guidance import Language
from bot.core.message import (
    Act,
    Asked,
    Commanded,
    IncomingMessage,
    Joined,
    Left,
    Migrated,
    OutgoingMessage,
    Press,
    Pressed,
    Room,
)
from bot.core.notices.live import Live
from bot.core.notices.quiet import NIGHT, QuietHours
from bot.core.subscribing import AREAS_ON_A_PAGE
from tests.factories import in_both, make_content, make_phrases
from tests.fakes_notices import NOW, make_content_with_notices, make_drill, make_live, make_notice

CONTENT = make_content_with_notices(
    phrases=make_phrases(
        stop_words=in_both("стоп, отписаться", "stop, unsubscribe"),
        stop_manners=in_both("пожалуйста", "please"),
    )
)
KNOWN = Chat(7)
ROSLAVL = Chat(7, "ru", frozenset({"roslavl"}))
ROSLAVL_GROUP = Chat(-7, "ru", frozenset({"roslavl"}), room=Room.GROUP)
REGION = Chat(7, "ru", frozenset({"smolensk-region"}))


def find(question: str, language: Language | None) -> Finding:
    spoken = language or ("en" if question.isascii() else "ru")
    if "обломки" in question:
        return Answer("debris-found", ("debris-found",), spoken, 0.9)
    if "Вязьма" in question:
        return Choices(("debris-found",), spoken, 0.5)
    return NoAnswer(Reason.UNKNOWN, spoken, 0.1, urgent="кровь" in question)


DIALOGUE = Dialogue(CONTENT, find)


def say(
    act: Act,
    chat: Chat | None = KNOWN,
    *live: Live,
    room: Room = Room.PRIVATE,
    is_admin: bool = False,
    language_code: str = "ru",
) -> Outcome:
    incoming = IncomingMessage(7, room, 7, act, NOW, language_code, message_id=5)
    return DIALOGUE.take(Turn(incoming, chat, is_admin, "safety_bot", NOW, live))


def press(data: str, chat: Chat | None = KNOWN, **others: object) -> Outcome:
    return say(Pressed(data, 5), chat, **others)  # type: ignore[arg-type] # named arguments of say


def words(outcome: Outcome) -> list[str]:
    return [message.text.words for message in outcome.reply.messages]


def buttons(message: OutgoingMessage | None) -> dict[str, str]:
    """Return the label of every press."""
    assert message is not None
    return {b.action.data: b.label for row in message.buttons for b in row if isinstance(b.action, Press)}


def test_notices_begin_with_two_taps_and_the_place_by_its_name() -> None:
    [off] = say(Commanded("notices")).reply.messages
    assert off.text.words == "notices_off ru"

    areas = press("areas").reply.replaces
    assert buttons(areas)["follow:roslavl:1"] == "Рославльский округ"

    chosen = press("follow:roslavl:1")
    assert chosen.chat == ROSLAVL
    assert chosen.reply.toast == "area_added ru Рославльский округ"
    assert buttons(chosen.reply.replaces)["unfollow:roslavl:1"] == "✓ Рославльский округ"

    [on] = say(Commanded("notices"), chosen.chat).reply.messages
    assert on.text.words == "notices_on ru Рославльский округ quiet_hours ru 07:00 22:00"


def test_nobody_is_subscribed_without_choosing() -> None:
    for act in (Commanded("start"), Commanded("notices"), Commanded("now"), Asked("обломки"), Joined()):
        outcome = say(act, None)
        assert outcome.chat is None or not outcome.chat.is_subscribed


def test_the_first_contact_offers_notices() -> None:
    [greeting] = say(Commanded("start"), None).reply.messages

    assert greeting.text.words.endswith("notices_offer ru")
    assert buttons(greeting)["notices"] == "button_notices ru"


def test_a_stranger_who_begins_with_a_question_hears_of_notices_below_the_answer() -> None:
    [first] = words(say(Asked("обломки"), None))
    [second] = words(say(Asked("обломки"), KNOWN))

    assert first.endswith("\nintroduction_notices ru")
    assert "introduction_notices" not in second


def test_an_installation_without_notices_does_not_speak_of_them() -> None:
    plain = Dialogue(make_content(), find)
    incoming = IncomingMessage(7, Room.PRIVATE, 7, Commanded("start"), NOW, "ru")

    [greeting] = plain.take(Turn(incoming, None, False, "", NOW)).reply.messages

    assert greeting.text.words == "greeting ru 112 Памятка"
    assert "notices" not in buttons(greeting)


def test_the_language_of_the_choice_is_the_language_of_the_notices() -> None:
    assert press("follow:roslavl:1", KNOWN, language_code="en").chat == replace(ROSLAVL, language="en")
    assert press("follow:roslavl:1", Chat(7, "ru"), language_code="en").chat == ROSLAVL


def test_the_places_turn_page_by_page_and_never_run_out() -> None:
    first, second, far = (press(f"areas:smolensk-region:{n}").reply.replaces for n in (1, 2, 999))

    assert sum(data.startswith("follow:") for data in buttons(first)) == AREAS_ON_A_PAGE + 1
    assert "areas:smolensk-region:2" in buttons(first)
    assert "areas:smolensk-region:1" in buttons(second)
    assert far == second


def test_a_press_that_comes_twice_changes_nothing_more() -> None:
    once = press("follow:roslavl:1")
    assert press("follow:roslavl:1", once.chat).chat == once.chat

    off = press("unfollow:roslavl:1", once.chat)
    assert press("unfollow:roslavl:1", off.chat).chat == off.chat
    assert off.chat is not None
    assert not off.chat.is_subscribed


def test_the_whole_region_holds_its_districts() -> None:
    region = press("follow:smolensk-region:1", ROSLAVL)
    assert region.chat == REGION
    assert region.reply.replaces is not None
    assert region.reply.replaces.text.words == "areas_whole ru Смоленская область"
    assert "follow:roslavl:1" not in buttons(region.reply.replaces)

    old_button = press("follow:roslavl:1", region.chat)
    assert old_button.chat == REGION
    assert old_button.reply.toast == "area_covered ru Рославльский округ"


@pytest.mark.parametrize("typed", ["Рославль", "рославль!", "росла", "Раславль", "Roslavl"])
def test_a_typed_name_finds_its_place(typed: str) -> None:
    [found] = say(Asked(typed)).reply.messages

    assert "follow:roslavl" in buttons(found)
    chosen = press("follow:roslavl")
    assert chosen.chat == ROSLAVL
    assert chosen.reply.replaces is not None
    assert chosen.reply.replaces.text.words.startswith("notices_on ru Рославльский округ")


def test_a_whole_name_goes_before_a_doubtful_guide_and_never_before_a_sure_or_urgent_one() -> None:
    assert words(say(Asked("Вязьма"))) == ["areas_found ru"]
    assert "Памятка" in words(say(Asked("обломки Рославль")))[0]
    assert words(say(Asked("кровь рославль"))) == ["emergency_line ru 112\n\nno_answer ru 112"]


def test_a_question_that_only_sounds_like_a_place_is_answered_as_a_question() -> None:
    for text in ("рос", "рецепт борща", "что делать", "рославль вода отключена когда"):
        assert words(say(Asked(text))) == ["no_answer ru 112"]


def test_a_name_behind_the_command_finds_its_place_or_says_that_there_is_none() -> None:
    [found] = say(Commanded("notices", "рославль")).reply.messages
    assert "follow:roslavl" in buttons(found)

    [unknown] = say(Commanded("notices", "Атлантида")).reply.messages
    assert unknown.text.words == "areas_unknown ru"
    assert "follow:roslavl:1" in buttons(unknown)


@pytest.mark.parametrize("text", ["стоп", "Стоп!", "STOP", " отписаться ", "unsubscribe."])
def test_a_word_is_enough_to_end_it(text: str) -> None:
    outcome = say(Asked(text), ROSLAVL)

    assert words(outcome) == ["unsubscribed ru"]
    assert outcome.chat == replace(ROSLAVL, areas=frozenset())


def test_stopping_works_by_button_and_command_and_says_when_there_was_nothing() -> None:
    for act in (Pressed("unsubscribe", 5), Commanded("stop")):
        assert words(say(act, ROSLAVL)) == ["unsubscribed ru"]
        assert words(say(act, KNOWN)) == ["not_subscribed ru"]


def test_a_sentence_with_the_word_in_it_is_a_question() -> None:
    outcome = say(Asked("машина не может сделать стоп"), ROSLAVL)

    assert words(outcome) == ["no_answer ru 112"]
    assert outcome.chat == ROSLAVL


def test_quiet_hours_are_chosen_from_a_few_and_shown() -> None:
    assert ROSLAVL.quiet == NIGHT
    screen = press("quiet", ROSLAVL).reply.replaces
    assert buttons(screen)["quiet:2200-0700"] == "✓ 22:00–07:00"

    later = press("quiet:2300-0600", ROSLAVL)
    assert later.chat == replace(ROSLAVL, quiet=QuietHours(dt.time(23), dt.time(6)))

    none = press("quiet:none", ROSLAVL)
    assert none.chat == replace(ROSLAVL, quiet=None)
    assert none.reply.replaces is not None
    assert "quiet_none ru" in none.reply.replaces.text.words


def test_only_admins_subscribe_a_group_and_everybody_may_look() -> None:
    for act in (
        Pressed("follow:roslavl:1", 5),
        Pressed("unfollow:roslavl:1", 5),
        Pressed("quiet:none", 5),
        Pressed("unsubscribe", 5),
    ):
        refused = say(act, ROSLAVL, room=Room.GROUP)
        assert refused.reply.toast == "admins_only ru"
        assert refused.chat == ROSLAVL
    assert words(say(Asked("стоп"), ROSLAVL, room=Room.GROUP)) == ["admins_only ru"]
    assert words(say(Commanded("stop"), ROSLAVL, room=Room.GROUP)) == ["admins_only ru"]

    assert press("areas", ROSLAVL, room=Room.GROUP).reply.replaces is not None
    subscribed = say(Pressed("follow:roslavl:1", 5), None, room=Room.GROUP, is_admin=True)
    assert subscribed.chat == replace(ROSLAVL, room=Room.GROUP)


def test_a_group_reads_how_it_is_turned_off_there() -> None:
    [shown] = words(say(Commanded("notices"), ROSLAVL_GROUP, room=Room.GROUP))

    assert shown.startswith("notices_on_group ru Рославльский округ")


def test_a_group_is_told_that_an_admin_can_subscribe_it() -> None:
    [hello] = words(say(Joined(), None, room=Room.GROUP))

    assert hello.endswith("notices_offer_group ru")


def test_whoever_blocks_the_bot_gets_no_more_notices_and_keeps_the_rest() -> None:
    assert say(Left(), ROSLAVL).chat == Chat(7, "ru")
    assert say(Left(), None).chat is None


def test_a_group_that_moves_keeps_its_subscription() -> None:
    assert say(Migrated(-100), ROSLAVL).chat == replace(ROSLAVL, id=-100)


def test_garbage_behind_our_verbs_is_a_stale_button_and_changes_nothing() -> None:
    for data in (
        "follow:",
        "follow:atlantis:1",
        "unfollow:🧨",
        "quiet:0000-9999",
        "areas:atlantis:1",
        "follow",
    ):
        outcome = press(data, ROSLAVL)
        assert outcome.reply.toast == "stale_button ru", data
        assert outcome.chat == ROSLAVL


def test_now_shows_what_is_in_force_for_my_places_the_gravest_first() -> None:
    here = make_live(make_notice(id="here"))
    grave = make_live(make_notice(id="grave", severity="Extreme", areas=("smolensk-region",)))
    elsewhere = make_live(make_notice(id="elsewhere", areas=("vyazma",)))
    over = make_live(make_notice(id="over"), NOW - dt.timedelta(hours=3))

    shown = words(say(Commanded("now"), ROSLAVL, here, grave, elsewhere, over))

    assert [text.partition("\n")[0] for text in shown] == ["extreme ru", "moderate ru"]


def test_now_without_anything_in_force_does_not_promise_safety() -> None:
    assert words(say(Commanded("now"), ROSLAVL)) == ["now_none ru 112"]
    assert words(say(Commanded("now"), KNOWN)) == ["now_everywhere ru 112"]


def test_now_without_a_place_shows_everything_and_offers_to_choose() -> None:
    *shown, offer = say(Commanded("now"), KNOWN, make_live()).reply.messages

    assert len(shown) == 1
    assert "notices" in buttons(offer)


def test_drills_of_the_operators_are_nobody_elses_business() -> None:
    assert words(say(Commanded("now"), ROSLAVL, make_live(make_drill()))) == ["now_none ru 112"]


def test_now_counts_what_it_does_not_show() -> None:
    many = [make_live(make_notice(id=f"n{n}")) for n in range(8)]

    assert words(say(Commanded("now"), ROSLAVL, *many))[-1] == "now_more ru 3"


def test_only_now_asks_the_store_for_what_is_in_force() -> None:
    def asks(act: Act) -> bool:
        return DIALOGUE.asks_what_is_in_force(IncomingMessage(7, Room.PRIVATE, 7, act, NOW))

    assert asks(Commanded("now"))
    assert asks(Pressed("now", 5))
    assert not asks(Asked("обломки"))
    assert not asks(Commanded("notices"))
