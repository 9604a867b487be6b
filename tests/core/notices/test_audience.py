"""A notice reaches those who chose its place, what is above it, or what is below it, and nobody else."""

import pytest

from bot.core.chat import Chat
from bot.core.message import Room
from bot.core.notices.audience import Area, AreaTree, area_problems, concerns, reached_areas, recipients
from tests.core.notices.making import areas, both, make_drill, make_notice


def make_chat(chat_id: int, *chosen: str, room: Room = Room.PRIVATE) -> Chat:
    return Chat(chat_id, "ru", frozenset(chosen), room=room)


@pytest.mark.parametrize(
    ("named", "chosen", "reaches"),
    [
        ("roslavl", "roslavl", True),
        ("roslavl", "smolensk-region", True),
        ("smolensk-region", "roslavl", True),
        ("roslavl", "vyazma", False),
    ],
)
def test_region_and_districts_cover_each_other(named: str, chosen: str, reaches: bool) -> None:
    assert concerns(make_notice(areas=(named,)), make_chat(1, chosen), areas()) is reaches


def test_a_chat_that_subscribed_for_nothing_gets_nothing() -> None:
    assert not concerns(make_notice(areas="all"), make_chat(1), areas())


def test_no_area_reaches_nobody() -> None:
    assert recipients(make_notice(areas=()), [make_chat(1, "roslavl")], areas()) == ()


def test_everyone_is_also_who_chose_a_place_that_is_no_more() -> None:
    assert concerns(make_notice(areas="all"), make_chat(1, "atlantis"), areas())
    assert reached_areas(make_notice(areas="all"), areas()) == frozenset(areas().by_id)


def test_a_drill_reaches_residents_only_where_it_says_so() -> None:
    chat = make_chat(1, "roslavl")

    assert not concerns(make_drill(), chat, areas())
    assert concerns(make_drill(audience="subscribers"), chat, areas())


def test_channels_first_then_groups_then_the_nearest() -> None:
    chats = [
        make_chat(1, "smolensk-region"),
        make_chat(2, "roslavl"),
        make_chat(3, "smolensk-region", room=Room.GROUP),
        make_chat(4, "smolensk-region", room=Room.CHANNEL),
        make_chat(5, "vyazma"),
    ]

    found = recipients(make_notice(), chats, areas())

    assert [chat.id for chat in found] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("typed", "language", "found"),
    [
        ("Рославль", "ru", ["roslavl"]),
        ("рославльский округ", "ru", ["roslavl"]),
        ("Сычевка", "ru", ["sychyovka"]),
        ("вся область", "ru", ["smolensk-region"]),
        ("Vyazma", "en", ["vyazma"]),
        ("Вязма", "ru", ["vyazma"]),
        ("Смоленск", "ru", ["smolensk"]),
        ("Атлантида", "ru", []),
        ("  ", "ru", []),
    ],
)
def test_places_are_found_by_the_names_that_people_type(typed: str, language: str, found: list[str]) -> None:
    assert [area.id for area in areas().find(typed, language)] == found


def test_the_region_has_its_two_cities_and_25_districts() -> None:
    assert len(areas().children("smolensk-region")) == 27
    assert [area.id for area in areas().children(None)] == ["smolensk-region"]
    assert list(area_problems(areas().by_id.values())) == []


def make_area(name: str, parent: str | None = None) -> Area:
    return Area.model_validate({"id": name, "name": both(name, name), "parent": parent})


def test_unknown_parents_twins_and_circles_are_told() -> None:
    broken = [make_area("a", "b"), make_area("b", "a"), make_area("c", "aa"), make_area("d"), make_area("d")]

    told = [problem.wrong for problem in area_problems(broken)]

    assert told == [
        "the parents go round in a circle",
        "the parents go round in a circle",
        "there is no area 'aa'",
        "'d' is there twice",
    ]


def test_a_circle_of_parents_does_not_hang() -> None:
    tree = AreaTree.of([make_area("a", "b"), make_area("b", "a")])

    assert tree.reached(["a"]) == {"a", "b"}
