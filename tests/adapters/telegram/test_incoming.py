"""What each kind of update asks of the bot."""

import copy
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.incoming import Arrival, read_update
from bot.core.message import (
    Act,
    Asked,
    Commanded,
    IncomingMessage,
    IncomingQuery,
    Joined,
    Left,
    Migrated,
    Pressed,
    Room,
    Shared,
)
from tests.adapters.telegram.updates import (
    CHANNEL,
    GROUP,
    ME,
    MYSELF,
    OTHER_BOT,
    PERSON,
    PRIVATE,
    SENT,
    make_group_update,
    make_membership,
    make_message,
    make_press,
    make_update,
    sent_by,
)

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
SENT_AT = dt.datetime.fromtimestamp(SENT, dt.UTC)

PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
LOCATION = {"latitude": 54.78, "longitude": 32.04}
DOCUMENT = {"file_id": "f", "file_unique_id": "u"}


def read(raw: dict[str, Any]) -> Arrival | None:
    return read_update(raw, ME, NOW)


def message_of(raw: dict[str, Any]) -> IncomingMessage:
    arrival = read(raw)
    assert arrival is not None
    assert isinstance(arrival.incoming, IncomingMessage)
    return arrival.incoming


def act_of(raw: dict[str, Any]) -> Act | None:
    arrival = read(raw)
    return arrival.incoming.act if arrival and isinstance(arrival.incoming, IncomingMessage) else None


def test_a_text_in_private_is_a_question() -> None:
    assert read(make_update(text="нашли обломки")) == Arrival(
        1, IncomingMessage(7, Room.PRIVATE, 7, Asked("нашли обломки"), SENT_AT, "ru", 5)
    )


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("/start", Commanded("start")),
        ("/start debris-found", Commanded("start", "debris-found")),
        ("/HELP", Commanded("help")),
        ("/112", Commanded("112")),
        ("/help@SafetyBot", Commanded("help")),
        ("/help@safetybot  now ", Commanded("help", "now")),
        ("/start\nfire", Commanded("start", "fire")),
        ("/help@other_bot", Commanded("help")),  # nobody else is here
        ("/home/user", Asked("/home/user")),
        ("/", Asked("/")),
        ("скажи /help", Asked("скажи /help")),
        ("", Asked("")),
    ],
)
def test_what_begins_with_a_slash_is_a_command_if_it_is_one(text: str, act: Act) -> None:
    assert act_of(make_update(text=text)) == act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("просто разговор", None),
        ("/help", Commanded("help", addressed=False)),
        ("/help@SafetyBot", Commanded("help")),
        ("/help@other_bot", None),
        ("@SafetyBot что делать?", Asked("что делать?")),
        ("@safetybot, что делать?", Asked("что делать?")),
        ("🚨🚨 слышу @SafetyBot сирену", Asked("🚨🚨 слышу сирену")),
        ("@SafetyBot", Asked("")),
        ("@SafetyBot /topics", Commanded("topics")),
        ("@other_bot что делать?", None),
        ("@SafetyBotFan привет", None),
    ],
)
def test_in_a_group_only_commands_and_mentions_count(text: str, act: Act | None) -> None:
    assert act_of(make_group_update(text)) == act


def test_in_a_group_an_answer_to_the_bot_counts() -> None:
    earlier = make_message(chat=GROUP, text="shown", **sent_by(MYSELF))

    assert act_of(make_group_update("а дальше?", reply_to_message=earlier)) == Asked("а дальше?")


def test_in_a_group_an_answer_to_somebody_else_does_not() -> None:
    earlier = make_message(chat=GROUP, text="said")

    assert act_of(make_group_update("а дальше?", reply_to_message=earlier)) is None


def test_in_a_topic_that_the_bot_opened_not_every_message_is_meant_for_it() -> None:
    opening = make_message(chat=GROUP, forum_topic_created={"name": "x", "icon_color": 1}, **sent_by(MYSELF))

    raw = make_group_update("разговор", reply_to_message=opening, is_topic_message=True, message_thread_id=3)

    assert act_of(raw) is None


def test_the_topic_of_a_forum_is_kept() -> None:
    arrival = read(make_group_update("/help", is_topic_message=True, message_thread_id=3))

    assert arrival is not None
    assert arrival.thread_id == 3


def test_a_mention_without_a_username_counts() -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 6, "user": MYSELF}

    assert act_of(make_update(chat=GROUP, text="Safety help", entities=[entity])) == Asked("help")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"photo": PHOTO}, "photo"),
        ({"photo": PHOTO, "caption": "  "}, "photo"),
        ({"location": LOCATION}, "location"),
        ({"venue": {"location": LOCATION, "title": "t", "address": "a"}, "location": LOCATION}, "venue"),
        ({"contact": {"phone_number": "1", "first_name": "a"}}, "contact"),
        ({"voice": {**DOCUMENT, "duration": 1}}, "voice"),
        ({"video_note": {**DOCUMENT, "duration": 1, "length": 1}}, "video_note"),
        ({"document": DOCUMENT}, "document"),
        (
            {
                "animation": {**DOCUMENT, "width": 1, "height": 1, "duration": 1},
                "document": DOCUMENT,
            },
            "animation",
        ),
        ({"dice": {"emoji": "🎲", "value": 1}}, "dice"),
    ],
)
def test_what_is_not_text_is_known_by_its_kind_only(fields: dict[str, Any], kind: str) -> None:
    assert act_of(make_update(**fields)) == Shared(kind)
    assert act_of(make_update(chat=GROUP, **fields)) is None


def test_what_is_written_under_a_photo_is_a_question() -> None:
    asked = make_update(photo=PHOTO, caption="похоже на мину, что делать?")
    assert act_of(asked) == Asked("похоже на мину, что делать?", is_caption=True)


def test_photos_sent_together_are_known_to_belong_together() -> None:
    arrival = read(make_update(photo=PHOTO, media_group_id="13000"))

    assert arrival is not None
    assert arrival.album == "13000"


def test_a_picture_in_a_group_counts_when_its_caption_names_the_bot() -> None:
    entity = {"type": "mention", "offset": 0, "length": 10}

    raw = make_update(chat=GROUP, photo=PHOTO, caption="@SafetyBot", caption_entities=[entity])

    assert act_of(raw) == Shared("photo")


def test_an_edited_question_is_marked_and_dated_by_its_edit() -> None:
    assert message_of(make_update("edited_message", text="иначе", edit_date=SENT + 60)) == IncomingMessage(
        7, Room.PRIVATE, 7, Asked("иначе"), SENT_AT + dt.timedelta(minutes=1), "ru", 5, edited=True
    )


def test_a_live_location_that_moves_is_not_answered_again_and_again() -> None:
    assert read(make_update("edited_message", location=LOCATION, edit_date=SENT + 5)) is None


def test_a_press_carries_its_data_and_its_message() -> None:
    assert read(make_press()) == Arrival(
        1, IncomingMessage(7, Room.PRIVATE, 7, Pressed("guide:fire", 9), NOW, "ru", 9), "q1"
    )


def test_a_press_under_a_message_too_old_to_be_seen_is_a_press() -> None:
    arrival = read(make_press(message={"chat": GROUP, "message_id": 9, "date": 0}))

    assert arrival == Arrival(
        1, IncomingMessage(-100, Room.GROUP, 7, Pressed("guide:fire", 9), NOW, "ru", 9), "q1"
    )


@pytest.mark.parametrize(
    "fields", [{"message": None, "inline_message_id": "i"}, {"data": None, "game_short_name": "g"}]
)
def test_a_press_that_means_nothing_here_is_answered_all_the_same(fields: dict[str, Any]) -> None:
    assert read(make_press(**fields)) == Arrival(1, None, "q1")


def test_an_inline_query_is_a_query() -> None:
    raw = {"update_id": 1, "inline_query": {"id": "i1", "from": PERSON, "query": "сирена", "offset": ""}}

    assert read(raw) == Arrival(1, IncomingQuery(7, "сирена", "ru"), "i1")


@pytest.mark.parametrize(
    ("was", "becomes", "act"),
    [
        ("member", "kicked", Left()),
        ("kicked", "member", Joined()),
        ("left", "member", Joined()),
        ("left", "administrator", Joined()),
        ("administrator", "left", Left()),
        ("member", "administrator", None),
        ("left", "kicked", None),
    ],
)
@pytest.mark.parametrize("chat", [PRIVATE, GROUP, CHANNEL])
def test_coming_and_going_is_noticed(chat: dict[str, Any], was: str, becomes: str, act: Act | None) -> None:
    assert act_of(make_membership(was, becomes, chat)) == act


def test_a_group_that_becomes_a_supergroup_tells_its_new_id() -> None:
    raw = make_update(chat={**GROUP, "type": "group", "id": -5}, migrate_to_chat_id=-100)

    assert message_of(raw).chat_id == -5
    assert act_of(raw) == Migrated(-100)


def test_an_anonymous_admin_is_known_as_the_group_itself() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}

    raw = make_group_update("/language", sender_chat=GROUP, **sent_by(anonymous))

    assert message_of(raw).sender_id == message_of(raw).chat_id == -100


def test_a_forwarded_question_is_a_question() -> None:
    origin = {"type": "user", "date": SENT, "sender_user": PERSON}

    assert act_of(make_update(text="правда?", forward_origin=origin)) == Asked("правда?")


@pytest.mark.parametrize(
    "raw",
    [
        make_update("channel_post", chat=CHANNEL, text="новость", sender_chat=CHANNEL, **sent_by(None)),
        make_update(chat=CHANNEL, text="новость"),
        make_update(text="Совет", via_bot=MYSELF),
        make_update(text="бот", **sent_by(OTHER_BOT)),
        make_update(chat=GROUP, text="/help", is_automatic_forward=True, sender_chat=CHANNEL),
        make_update(chat=GROUP, text="/help", **sent_by(None)),
        make_update(chat=GROUP, new_chat_members=[PERSON]),
        make_update(chat=GROUP, pinned_message=make_message(text="x")),
        make_update(chat=GROUP, migrate_from_chat_id=-5),
        make_update(),
        {"update_id": 1},
        {"update_id": 1, "poll": {"id": "1"}},
        {"update_id": 1, "message": {}},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": []},
        {"update_id": "1", "message": make_message(text="x")},
        {},
    ],
)
def test_what_asks_nothing_is_left_alone(raw: dict[str, Any]) -> None:
    assert read(raw) is None


GOOD = [
    make_update(text="x", entities=[{"type": "mention", "offset": 0, "length": 1}]),
    make_group_update("@SafetyBot слышу сирену", reply_to_message=make_message(text="x")),
    make_update("edited_message", photo=PHOTO, caption="x"),
    make_press(),
    make_membership("member", "kicked", GROUP),
    {"update_id": 1, "inline_query": {"id": "i1", "from": PERSON, "query": "x", "offset": ""}},
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.builds(dict),
    st.builds(list),
    st.builds(lambda: [None]),
    st.just("\ud83d"),
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places_in(item, (*path, key)))]


@given(st.data())
def test_no_update_whatever_it_holds_makes_it_raise(data: st.DataObject) -> None:
    update = copy.deepcopy(data.draw(st.sampled_from(GOOD)))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([place for place in places_in(update) if place]))
        around: Any = update
        for key in way:
            around = around[key]
        around[last] = data.draw(ODD)

    arrival = read(update)

    assert arrival is None or arrival.update_id == update["update_id"]


@given(st.recursive(ODD, lambda inner: st.dictionaries(st.text(max_size=8), inner, max_size=4)))
def test_nor_does_anything_else(value: Any) -> None:
    if isinstance(value, dict):
        read(value)
        read({"update_id": 1, "message": value})
        read({"update_id": 1, "callback_query": value})


def test_the_examples_are_json() -> None:
    assert json.loads(json.dumps(GOOD)) == GOOD
