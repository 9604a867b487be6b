"""Chats as lines: what is written is read again, and a wrong line says what is wrong with it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.store.chat_lines import LineRefused, read_line, write_line
from bot.core.chat import Chat
from bot.core.message import Room
from bot.core.notices.quiet import NIGHT, QuietHours

minutes = st.builds(dt.time, st.integers(0, 23), st.integers(0, 59))
chats = st.builds(
    Chat,
    st.integers(1, 2**52 - 1) | st.integers(-(2**52) + 1, -1),
    st.sampled_from([None, "ru", "en"]),
    st.frozensets(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)),
    st.none() | st.builds(QuietHours, minutes, minutes),
    st.sampled_from(Room),
)


@given(chats)
def test_every_chat_comes_back(chat: Chat) -> None:
    assert read_line(write_line(chat)) == chat


@pytest.mark.parametrize(
    ("line", "chat"),
    [
        ('{"chat_id": 7}', Chat(7)),
        ('{"chat_id": -7, "areas": ["roslavl"]}', Chat(-7, None, frozenset({"roslavl"}), NIGHT, Room.GROUP)),
        ('{"chat_id": 7, "language": "ru", "quiet": ""}', Chat(7, "ru", quiet=None)),
    ],
)
def test_a_line_of_another_bot_needs_only_the_number(line: str, chat: Chat) -> None:
    assert read_line(line) == chat


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("7", "expected an object"),
        ("{", "not JSON"),
        ("{}", "chat_id"),
        ('{"chat_id": "7"}', "chat_id"),
        ('{"chat_id": true}', "chat_id"),
        ('{"chat_id": 0}', "chat_id"),
        ('{"chat_id": 4503599627370496}', "chat_id"),
        ('{"chat_id": 7, "lang": "ru"}', "lang: unknown field"),
        ('{"chat_id": 7, "language": 5}', "language"),
        ('{"chat_id": 7, "areas": "roslavl"}', "areas"),
        ('{"chat_id": 7, "areas": ["Roslavl!"]}', "areas"),
        ('{"chat_id": 7, "quiet": "25:00-07:00"}', "quiet"),
        ('{"chat_id": 7, "room": "sauna"}', "room"),
    ],
)
def test_a_wrong_line_is_refused_by_name(line: str, why: str) -> None:
    with pytest.raises(LineRefused, match=why):
        read_line(line)
