"""The desks: real notices and drills never on one screen, by their headlines, page by page."""

import datetime as dt

from bot.core.message import Button, OutgoingMessage, Press
from bot.core.notices.approval import Operator, Role
from bot.core.notices.console.desk import desk_screen, drafts_screen, drills_screen, over_screen
from bot.core.notices.console.talk import Filling
from bot.core.notices.record import Record
from bot.core.notices.states import State
from tests.core.notices.making import (
    NOW,
    both,
    make_cards,
    make_drill,
    make_notice,
    make_policy,
    make_record,
    make_template,
)

REAL = [make_record(make_notice(id=f"n-{n}", headline=both(f"Дрон {n}", f"Drone {n}"))) for n in range(1, 20)]
DRILLS = [make_record(make_drill(id="drill-1"), state=State.SCHEDULED)]


def buttons(screen: OutgoingMessage) -> dict[str, str]:
    return {
        button.label: button.action.data
        for row in screen.buttons
        for button in row
        if isinstance(button, Button) and isinstance(button.action, Press)
    }


def test_drills_have_a_desk_of_their_own_and_a_mark() -> None:
    cards = make_cards()

    real, drills = (buttons(screen([*REAL[:1], *DRILLS], cards)) for screen in (desk_screen, drills_screen))

    assert real["⏳ Дрон 1"] == "op:show:n-1"
    assert drills["🎓🗓 Учебный сигнал: дрон"] == "op:show:drill-1"
    assert not real.keys() & drills.keys()
    assert real["🎓 Учения"] == "op:drills"
    assert "🔴 Новое НАСТОЯЩЕЕ" in real
    assert "🎓 Новые учения" in drills


def test_drafts_of_drills_are_not_among_those_of_real_notices() -> None:
    def draft(record: Record) -> Record:
        return make_record(record.announcement, state=State.DRAFT)

    drafts = [draft(REAL[0]), draft(DRILLS[0])]

    real = drafts_screen(drafts, make_cards(), drills=False)
    drills = drafts_screen(drafts, make_cards(), drills=True)

    assert list(buttons(real)) == ["📝 Дрон 1", "‹ Назад"]
    assert real.text.words == "📄 Черновики настоящих сообщений: 1"
    assert list(buttons(drills)) == ["🎓📝 Учебный сигнал: дрон", "‹ Назад"]
    assert drills.text.words == "🎓 Черновики учений: 1"
    assert buttons(drills)["‹ Назад"] == "op:drills"


def test_what_was_over_in_the_last_two_weeks_is_listed_the_latest_first_and_apart_from_drills() -> None:
    over = [
        make_record(
            make_notice(id=f"n-{days}", headline=both(f"Дрон {days}", f"Drone {days}")),
            state=state,
            created_at=NOW - dt.timedelta(days=days + 1),
            ended_at=NOW - dt.timedelta(days=days),
        )
        for days, state in ((13, State.MISSED), (2, State.EXPIRED), (14, State.EXPIRED), (5, State.CANCELLED))
    ]
    records = [*over, *REAL, make_record(make_drill(), state=State.EXPIRED, ended_at=NOW)]

    real = over_screen(records, make_cards(), drills=False)
    drills = over_screen(records, make_cards(), drills=True)

    assert real.text.words == "⌛ Закончились за две недели: 3"
    assert list(buttons(real)) == ["⌛ Дрон 2", "⚪ Дрон 5", "🕳 Дрон 13", "‹ Назад"]
    assert list(buttons(drills)) == ["🎓⌛ Учебный сигнал: дрон", "‹ Назад"]
    assert buttons(desk_screen([], make_cards()))["⌛ Недавно закончились"] == "op:over"
    assert buttons(drills_screen([], make_cards()))["⌛ Недавние учения"] == "op:drill-over"
    many = [make_record(one.announcement, state=State.EXPIRED, ended_at=NOW) for one in REAL]
    assert buttons(over_screen(many, make_cards(), 2, drills=False))["Дальше ›"] == "op:over:3"


def test_a_long_list_is_turned_page_by_page_and_every_notice_can_be_reached() -> None:
    cards, seen = make_cards(), []

    for page in (1, 2, 3):
        screen = desk_screen(REAL, cards, page)
        assert f"Страница {page} из 3" in screen.text.words
        seen += [label for label, data in buttons(screen).items() if data.startswith("op:show")]

    assert seen == [f"⏳ Дрон {n}" for n in range(1, 20)]
    assert buttons(desk_screen(REAL, cards, 2))["Дальше ›"] == "op:desk:3"
    assert buttons(desk_screen(REAL, cards, 2))["‹ Раньше"] == "op:desk:1"
    assert desk_screen(REAL, cards, 99) == desk_screen(REAL, cards, 3)


def test_headlines_that_are_alike_are_told_apart_and_long_ones_fit_a_button() -> None:
    long = both("Беспилотная опасность, будьте готовы укрыться", "Drone danger, be ready to take cover")
    twins = [
        make_record(make_notice(id=name, headline=long), created_at=NOW + dt.timedelta(minutes=later))
        for name, later in (("a", 0), ("b", 7))
    ]

    labels = [label for label, data in buttons(desk_screen(twins, make_cards())).items() if "show" in data]
    [alone] = [
        label for label, data in buttons(desk_screen(twins[:1], make_cards())).items() if "show" in data
    ]

    assert labels == [
        "⏳ Беспилотная опасность, будьте… · 12:00",
        "⏳ Беспилотная опасность, будьте… · 12:07",
    ]
    assert alone == "⏳ Беспилотная опасность, будьте готовы…"
    assert max(map(len, (*labels, alone))) <= 40


def test_what_was_being_filled_in_is_offered_first() -> None:
    filling = Filling(make_template("drone-danger"), "drone-danger-261124-120000")

    offered = buttons(desk_screen([], make_cards(), filling=filling))

    assert next(iter(offered)) == "✏ Продолжить заполнение"
    assert offered["✏ Продолжить заполнение"] == f"op:fill-on::{filling.mark}"
    assert "✏ Продолжить заполнение" not in buttons(desk_screen([], make_cards()))


def test_a_viewer_writes_nothing() -> None:
    viewer = Operator(id=502, roles=(Role.VIEWER,))
    cards = make_cards(policy=make_policy().model_copy(update={"operators": (viewer,)}))

    assert "🔴 Новое НАСТОЯЩЕЕ" not in buttons(desk_screen([], cards))
    assert "🎓 Новые учения" not in buttons(drills_screen([], cards))
