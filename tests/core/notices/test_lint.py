"""Every rule speaks where it should, is silent where it should be, and names itself and the place."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.core.notices.approval import people_needed
from bot.core.notices.lint.case import Desk, Known, sentences
from bot.core.notices.lint.rules import lint, may_go
from bot.core.notices.notice import Announcement, Drill, Notice
from bot.core.notices.rendering import Setting
from bot.core.notices.states import State
from bot.core.problem import Level, Problem
from tests.core.notices.making import (
    CONTENT,
    MOSCOW,
    NOW,
    both,
    make_all_clear,
    make_correction,
    make_desk,
    make_drill,
    make_notice,
    make_policy,
    make_setting,
    make_withdrawal,
    read,
    step,
)

E, W, I = Level.ERROR, Level.WARNING, Level.INFO  # noqa: E741 - the letters of the rule book
HOUR = dt.timedelta(hours=1)


def steps(*texts: tuple[str, str]) -> dict[str, Any]:
    """Return the change of a notice's steps."""
    return {"instruction": tuple(step(ru, en) for ru, en in texts)}


def with_phrases(**changes: dict[str, str]) -> Setting:
    """Return a setting whose phrases somebody has spoilt."""
    setting = make_setting()
    return Setting(setting.phrases.model_copy(update=changes), setting.areas, setting.guides, setting.zone)


def desk_of(
    *others: Announcement, state: State = State.ACTIVE, ago: dt.timedelta = HOUR, **changes: Any
) -> Desk:
    """Return a desk on which other notices of ours lie."""
    known = tuple(Known(other, state, NOW + HOUR - ago) for other in others)
    return make_desk(known=known, **changes)


def others(count: int) -> tuple[Notice, ...]:
    """Return so many other notices to the same place."""
    return tuple(make_notice(id=f"other-{n}", headline=both(f"Дрон {n}", f"Drone {n}")) for n in range(count))


def spread(*hours: int) -> tuple[Known, ...]:
    """Return other notices to the same place, so many hours after the one in question."""
    pairs = zip(hours, others(len(hours)), strict=True)
    return tuple(Known(other, publish=NOW + HOUR + away * HOUR) for away, other in pairs)


def for_residents(publish: str, **changes: Any) -> Drill:
    """Return a drill for the residents of Roslavl."""
    return make_drill(audience="subscribers", publish=publish, **changes)


ON_THE_1ST, ON_THE_3RD = "2026-12-01 13:00", "2026-12-03 13:00"
IN_DECEMBER = "yearlong@2026-12-24T13:00"
YEARLONG = for_residents("2026-11-26 13:00", id="yearlong", repeat="FREQ=MONTHLY;BYDAY=4TH;COUNT=12")


def among_drills(*drills: Drill) -> Desk:
    """Return a desk with the files of other drills."""
    return make_desk(known=tuple(Known(one, publish=local(one.publish)) for one in drills))


def local(text: str | None) -> dt.datetime:
    """Return the instant of a local time."""
    return dt.datetime.fromisoformat(text or "").replace(tzinfo=MOSCOW)


LONG = " ".join(["слово"] * 21)
EARLIER = make_notice()


def said(ru: str, en: str = "Drones are near.", **changes: Any) -> Notice:
    """Return a notice whose description says this."""
    return make_notice(**{"description": both(ru, en)} | changes)


TESTS_RU = (
    "Идёт тестирование.",
    "Бот тестируют.",
    "Готовимся к тесту.",
    "Это стало тестом.",
    "Идут тесты.",
    "Пришло при тестировании.",
)
TESTS_EN = ("It is a trial run.", "It is a mock alert.", "Trial runs go on.")


def can(ru: str, en: str = "Debris can fall on you.") -> Notice:
    """Return a notice whose impact says this."""
    return make_notice(impact=both(ru, en))


def headed(ru: str, en: str) -> Notice:
    """Return a notice with this headline."""
    return make_notice(headline=both(ru, en))


VAGUE = (
    ("Дроны летят к вашему району.", "Drones fly to your neighbourhood."),
    ("Дроны в вашем округе.", "Drones near."),
    ("Дроны над вашим городом.", "Drones near."),
    ("Дроны над вашей областью.", "Drones over your oblast."),
    ("Дроны тут.", "Drones near."),
)
BOIL_AND_LEAVE_ALONE = (
    ("Кипятите воду.", "Boil the water."),
    ("Не пользуйтесь водой из крана.", "Do not use the water from the tap."),
)
FROM_AFAR: dict[str, Any] = {"web": "https://67.mchs.gov.ru/a"}

FIRING: list[tuple[str, Level, Announcement, Desk]] = [
    ("L01", E, make_notice(sender_name=both("ОДДС", "ODDS")), make_desk()),
    ("L01", E, make_notice(sender_name=both("ЕДДС округа", "Duty service")), make_desk()),
    ("L01", E, make_notice(sender_name=both("Дежурная служба", "EDDS of Roslavl")), make_desk()),
    ("L01", E, make_notice(), make_desk(setting=with_phrases(sender=both("Сообщаем", "Issued")))),
    ("L02", E, make_notice(event="dron-danger"), make_desk()),
    ("L02", E, make_notice(event="flood"), make_desk()),
    (
        "L02",
        E,
        make_notice(headline=both("Дроны и паводок в Рославле", "Drones and flood in Roslavl")),
        make_desk(),
    ),
    ("L03", E, make_notice(impact=None), make_desk()),
    ("L03", E, make_notice(impact=both("Плохо.", "Bad.")), make_desk()),
    ("L04", E, make_notice(areas=("roslavel",)), make_desk()),
    (
        "L04",
        E,
        make_notice(description=both("Дроны летят в ваш район.", "Drones fly to your area.")),
        make_desk(),
    ),
    *(("L04", E, said(*texts), make_desk()) for texts in VAGUE),
    ("L05", E, make_notice(areas=()), make_desk()),
    ("L05", E, make_notice(areas="all"), make_desk(people=(1, frozenset({1})))),
    ("L06", E, make_notice(), make_desk(setting=with_phrases(begins_at=both("Скоро", "Soon")))),
    ("L07", E, make_notice(expires="+30m"), make_desk()),
    ("L07", E, make_notice(severity="Severe", expires="+73h"), make_desk()),
    ("L07", E, make_notice(expires="+15d"), make_desk()),
    ("L07", W, make_notice(expires="+10d"), make_desk()),
    ("L08", E, make_notice(), make_desk(setting=with_phrases(issued=both("Отправлено", "Sent")))),
    ("L09", E, make_notice(instruction=()), make_desk()),
    ("L09", E, make_notice(**steps(("Дома безопасно.", "Home is safe."))), make_desk()),
    ("L09", E, make_notice(**steps(*[("Ждите дома.", "Wait at home.")] * 6)), make_desk()),
    ("L10", W, make_notice(description=both("Дроны летят. " * 20, "Drones fly. " * 20)), make_desk()),
    (
        "L11",
        E,
        make_notice(
            **steps(
                ("Укройтесь в подвале.", "Take cover in a cellar."), ("Покиньте дом.", "Leave the house.")
            )
        ),
        make_desk(),
    ),
    (
        "L11",
        E,
        make_notice(**steps(("Покиньте дом.", "Leave the house."))),
        desk_of(make_notice(id="other", **steps(("Укройтесь дома.", "Take cover at home.")))),
    ),
    ("L11", E, make_notice(**steps(*BOIL_AND_LEAVE_ALONE)), make_desk()),
    ("L11", E, make_notice(**steps(*reversed(BOIL_AND_LEAVE_ALONE))), make_desk()),
    (
        "L11",
        E,
        make_notice(
            **steps(
                ("Не выходите на улицу.", "Do not go outside."),
                ("Эвакуируйтесь пешком.", "Evacuate on foot."),
            )
        ),
        make_desk(),
    ),
    (
        "L11",
        E,
        make_notice(**steps(("Укройтесь и покиньте дом.", "Take cover and leave the house."))),
        make_desk(),
    ),
    (
        "L11",
        E,
        make_notice(
            **steps(
                ("Не стойте у окна, покиньте дом.", "Do not stand at a window: leave the house."),
                ("Укройтесь.", "Take cover."),
            )
        ),
        make_desk(),
    ),
    ("L12", E, make_notice(citation=None), make_desk()),
    ("L12", E, make_notice(web="http://mchs.gov.ru/a"), make_desk()),
    ("L12", E, make_notice(web="https://mchs.gov.ru.evil.example/a"), make_desk()),
    ("L12", E, make_notice(web="https://[broken"), make_desk()),
    ("L13", E, make_notice(headline=both("Дроны " * 30, "Drones")), make_desk()),
    ("L13", W, make_notice(headline=both("Дроны " * 18, "Drones")), make_desk()),
    ("L13", E, make_notice(description=both("Дроны 🛩. " * 500, "Drones")), make_desk()),
    ("L14", W, make_notice(description=both(f"Дрон. {LONG}.", "Drone.")), make_desk()),
    ("L14", W, make_notice(description=both("Дроны летят. " * 80, "Drones.")), make_desk()),
    (
        "L14",
        W,
        make_notice(
            description=both("Дроны летят к нам, люди идут домой, машины стоят на месте.", "Drones fly.")
        ),
        make_desk(),
    ),
    ("L15", W, make_notice(description=both("Замечен БПЛА и дрон.", "A drone was seen.")), make_desk()),
    ("L15", W, make_notice(description=both("Дрон. Рекомендуется ждать.", "A drone. Wait.")), make_desk()),
    ("L15", W, make_notice(description=both("Дрон. Работает РЛС ПВО.", "A drone.")), make_desk()),
    (
        "L15",
        W,
        make_notice(description=both("Дрон. Без света 15000.", "A drone. No light 15000.")),
        make_desk(),
    ),
    ("L16", E, make_drill(), make_desk(setting=with_phrases(exercise=both("Важно.", "Important.")))),
    (
        "L17",
        E,
        make_drill(description=both("Это не учения, дрон.", "This is not a drill, a drone.")),
        make_desk(),
    ),
    ("L17", E, make_notice(description=both("Тест: дроны летят.", "Test: drones fly.")), make_desk()),
    *(("L17", E, said(f"Дроны. {words}"), make_desk()) for words in TESTS_RU),
    *(("L17", E, said("Дроны летят к городу.", f"Drones. {words}"), make_desk()) for words in TESTS_EN),
    ("L17", E, make_notice(description=both("Дроны. Не учения!", "Drones. Not a drill!")), make_desk()),
    ("L17", E, make_notice(description=both("Дроны. Проверка связи.", "Drones.")), make_desk()),
    ("L17", E, make_drill(description=both("Это реальная тревога.", "A real emergency.")), make_desk()),
    ("L18", E, make_correction(references=()), make_desk()),
    ("L18", E, make_correction(references=("drone-roslavel",)), desk_of(EARLIER)),
    ("L18", E, make_correction(references=("drill",)), desk_of(make_drill())),
    ("L18", E, make_notice(id="new", references=("drone-roslavl",)), desk_of(EARLIER)),
    *(
        ("L18", E, make_correction(), make_desk(known=(Known(EARLIER, state, has_gone=False),)))
        for state in (State.DRAFT, State.REJECTED, State.MISSED, State.CANCELLED)
    ),
    ("L18", E, make_correction(references=("drone-roslavl@2026-12-02T09:00",)), desk_of()),
    ("L19", E, make_withdrawal(was_wrong=None), desk_of(EARLIER)),
    ("L19", E, make_all_clear(instruction=()), desk_of(EARLIER)),
    ("L19", E, make_correction(description=EARLIER.description), desk_of(EARLIER)),
    ("L20", E, make_notice(headline={"ru": "Возможны дроны над Рославлем"}), make_desk()),
    (
        "L20",
        E,
        make_notice(headline={**both("Дроны, Рославль", "Drones, Roslavl"), "be": "Дроны"}),
        make_desk(),
    ),
    ("L20", W, make_notice(impact=both("Обломки могут упасть.", "Обломки могут упасть.")), make_desk()),
    ("L20", E, make_notice(headline=both("Drones дрон Roslavl", "Drones over Roslavl")), make_desk()),
    ("L21", E, make_notice(description=both("Дроны летят с 10:00.", "Drones fly since 11:00.")), make_desk()),
    ("L21", E, said("Дроны с 10.30.", "Drones since 11.30."), make_desk()),
    ("L21", E, said("Дроны с 10:00.", "Drones since 10 p.m."), make_desk()),
    ("L21", E, said("Дроны до 18:30.", "Drones until 6.30 am."), make_desk()),
    ("L21", E, said("Дроны с 5 декабря.", "Drones since 5 January."), make_desk()),
    ("L21", E, said("Дроны с 5 декабря.", "Drones since December 6."), make_desk()),
    ("L22", W, make_notice(certainty="Unknown"), make_desk()),
    ("L22", W, make_notice(severity="Unknown"), make_desk()),
    ("L23", E, make_notice(severity="Severe", urgency="Past"), make_desk()),
    ("L24", W, make_notice(), desk_of(*others(2))),
    ("L24", E, make_notice(), desk_of(*others(6), ago=12 * HOUR)),
    ("L24", W, make_notice(), desk_of(*others(2), ago=-5 * HOUR)),
    ("L24", E, make_notice(), desk_of(*others(6), ago=-23 * HOUR)),
    ("L24", W, make_notice(), make_desk(known=spread(-3, 2))),
    ("L25", W, make_notice(publish="2026-11-24 23:00"), make_desk()),
    (
        "L26",
        E,
        make_notice(impact=both("Обломки <b>могут</b> упасть.", "Debris can fall on you.")),
        make_desk(),
    ),
    (
        "L26",
        E,
        make_notice(impact=both("Обломки <a href=x могут упасть.", "Debris can fall on you.")),
        make_desk(),
    ),
    (
        "L26",
        E,
        make_notice(impact=both("Обломки \u202eмогут упасть.", "Debris can fall on you.")),
        make_desk(),
    ),
    (
        "L26",
        E,
        make_notice(impact=both("Обломки \u200bмогут упасть.", "Debris can fall on you.")),
        make_desk(),
    ),
    ("L26", E, make_notice(impact=both("Обломки \x07могут упасть.", "Debris can fall on you.")), make_desk()),
    *(
        ("L26", E, can(f"Обломки{hidden}могут упасть."), make_desk())
        for hidden in "\u2061\u034f\u180e\u3164\ufff9\u00ad\u2028\ue000\u2800"
    ),
    *(
        ("L26", E, can(f"Обломки {mark} могут."), make_desk())
        for mark in ("&lt;b&gt;", "&nbsp;", "&#60;", "<!--")
    ),
    ("L26", E, make_notice(contact="112\u202e"), make_desk()),
    ("L26", E, make_notice(web="https://mchs.gov.ru/\u200ba"), make_desk()),
    ("L27", W, make_notice(impact=both("Обломки могут упасть 🚨", "Debris can fall on you")), make_desk()),
    ("L27", W, make_notice(impact=both("Обломки могут упасть!!!", "Debris can fall on you")), make_desk()),
    (
        "L27",
        W,
        make_notice(impact=both("ОБЛОМКИ МОГУТ УПАСТЬ НА ДОМА", "Debris can fall on houses")),
        make_desk(),
    ),
    (
        "L28",
        E,
        make_notice(impact=both("Обломки могут упасть: bit.ly/abc", "Debris can fall: bit.ly/abc")),
        make_desk(),
    ),
    ("L28", E, make_notice(web="https://clck.ru/abc"), make_desk()),
    (
        "L28",
        E,
        make_notice(impact=both("Обломки могут, tg://user?id=1", "Debris can fall on you")),
        make_desk(),
    ),
    ("L28", E, make_notice(impact=both("Обломки могут, t.me/drones", "Debris can fall on you")), make_desk()),
    ("L28", E, make_notice(impact=both("Обломки могут, @governor", "Debris can fall on you")), make_desk()),
    *(
        ("L28", E, can(f"Обломки могут, {link}", f"Debris can, {link}"), make_desk())
        for link in (
            *("telegram.me/x", "канал t.me", "http://evil.example/x", "evil.example", "www.evil.example"),
            *(
                "8.4812.34.99.99",
                "8-4812-34-99-99",
                "8 4812 349999",
                "+7 (4812) 34-99-99",
                "пишите на 34999",
                "тел. 34-99",
            ),
        )
    ),
    ("L28", E, make_notice(contact="8 (4812) 34-99-99"), make_desk()),
    ("L28", E, make_notice(**steps(("Звоните 113.", "Call 113."))), make_desk()),
    ("L29", E, make_notice(impact=both("Обломки могут {what}.", "Debris can {what}.")), make_desk()),
    (
        "L29",
        E,
        make_notice(impact=both("TODO: что могут обломки.", "TODO: what debris can do.")),
        make_desk(),
    ),
    ("L29", E, make_notice(impact=both("Обломки могут упасть ____.", "Debris can fall ____.")), make_desk()),
    *(
        ("L29", E, can(f"Обломки могут {left}.", "Debris can fall on you."), make_desk())
        for left in ("xxx", "Xxx", "todo", "Todo", "ТЕКСТ", "<место>", "Lorem")
    ),
    ("L30", W, make_notice(id="again"), desk_of(EARLIER)),
    ("L30", E, make_notice(), desk_of(EARLIER)),
    ("L30", E, make_notice(id="drill"), desk_of(make_drill())),
    ("L31", E, make_notice(), make_desk(recipients=0)),
    ("L31", E, make_withdrawal(), desk_of(EARLIER, recipients=0, has_channel=False)),
    ("L31", W, make_notice(), make_desk(recipients=0, has_channel=True)),
    ("L31", W, make_notice(), make_desk(recipients=10_000_000, usual=90_000)),
    ("L31", W, make_notice(), make_desk(recipients=10, usual=90_000)),
    ("L32", E, make_notice(publish="2026-11-24 11:00"), make_desk()),
    ("L32", E, make_notice(publish="2026-02-30 11:00"), make_desk()),
    ("L32", E, make_notice(onset="2026-02-30 11:00"), make_desk()),
    ("L32", E, make_notice(repeat="FREQ=SECONDLY;COUNT=3"), make_desk()),
    ("L32", E, make_notice(repeat="FREQ=WEEKLY;BYDAY=MO;COUNT=3"), make_desk()),
    ("L32", E, make_notice(repeat="FREQ=WEEKLY;COUNT=3", severity="Severe"), make_desk()),
    ("L32", E, make_notice(repeat="FREQ=WEEKLY;COUNT=3", publish=None), make_desk()),
    ("L32", E, make_notice(repeat="FREQ=WEEKLY;COUNT=3", expires="2026-11-24 18:00"), make_desk()),
    ("L32", E, make_drill(repeat="FREQ=WEEKLY;COUNT=3"), make_desk()),
    ("L32", E, make_drill(publish=ON_THE_3RD, repeat="FREQ=MONTHLY;BYDAY=TH;COUNT=40"), make_desk()),
    (
        "L32",
        E,
        make_drill(publish=ON_THE_1ST, repeat="FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=2"),
        make_desk(),
    ),
    ("L32", E, for_residents(ON_THE_3RD), among_drills(for_residents(ON_THE_1ST, id="a"))),
    ("L32", E, for_residents(ON_THE_3RD), among_drills(YEARLONG)),
    ("L32", E, YEARLONG, among_drills(for_residents(ON_THE_3RD, id="a"))),
    (
        "L32",
        E,
        for_residents(ON_THE_3RD),
        among_drills(for_residents(ON_THE_1ST, id="a", areas="all")),
    ),
    ("L32", E, make_drill(audience="subscribers"), make_desk()),
    ("L32", E, make_drill(audience="subscribers", repeat="FREQ=MONTHLY;COUNT=3"), make_desk()),
    ("L32", E, make_notice(publish="2026-11-24 13:00 second"), make_desk()),
    ("L32", W, make_notice(publish="2026-12-31 13:00", repeat="FREQ=MONTHLY;COUNT=3"), make_desk()),
    ("L33", I, make_notice(next_update=None), make_desk()),
    ("L33", W, make_notice(next_update=None, urgency="Immediate"), make_desk()),
    ("L34", W, make_notice(**steps(("Дроны летят к городу", "Drones are flying to the town"))), make_desk()),
    ("L34", W, make_notice(headline=both("Беспилотная опасность", "Drone danger")), make_desk()),
    ("L35", W, make_notice(description=both("Дроны, их 5.", "Drones, 6 of them.")), make_desk()),
    ("L35", W, make_notice(description=both("Дроны летят из Вязьмы.", "Drones are flying.")), make_desk()),
    ("L35", W, said("Два дрона.", "Three drones."), make_desk()),
    ("L35", W, said("Два дрона.", "3 drones."), make_desk()),
    ("L35", W, said("Дроны, 5 декабря.", "Drones in December."), make_desk()),
    ("L36", E, said("Дрон. Есть жертвы.", "A drone. Casualties."), make_desk()),
    ("L36", E, said("По слухам, дрон.", "Reportedly a drone.", **FROM_AFAR), make_desk()),
    ("L36", E, make_notice(description=both("Дроны. Катастрофа!", "Drones. A catastrophe!")), make_desk()),
    (
        "L36",
        E,
        make_notice(citation=None, description=both("Дрон. Есть жертвы.", "A drone. Casualties.")),
        make_desk(),
    ),
    (
        "L37",
        I,
        make_notice(
            description=both(
                "Беспилотники приближаются к предприятиям, обеспечивающим водоснабжение.", "Drones fly."
            )
        ),
        make_desk(),
    ),
    ("L38", E, make_notice(severity="Severe"), make_desk(people=(1, frozenset({1, 2})))),
]


@pytest.mark.parametrize(
    ("rule", "level", "announcement", "desk"),
    FIRING,
    ids=[f"{rule}-{level.value}-{n}" for n, (rule, level, *_) in enumerate(FIRING)],
)
def test_a_rule_speaks(rule: str, level: Level, announcement: Announcement, desk: Desk) -> None:
    found = lint(announcement, desk, "notices/x.yaml")

    own = [problem for problem in found if problem.rule == rule]
    assert level in {problem.level for problem in own}, [str(problem) for problem in found]
    assert all(problem.file == "notices/x.yaml" and problem.wrong for problem in own)
    assert may_go(found) == (not any(problem.level in (E, W) for problem in found))


def test_every_rule_of_the_book_has_a_case_in_which_it_speaks() -> None:
    assert {rule for rule, *_ in FIRING} == {f"L{n:02}" for n in range(1, 39)}


@pytest.mark.parametrize(
    ("announcement", "desk"),
    [
        (make_notice(), make_desk()),
        (make_notice(areas="all"), make_desk(people=(1, frozenset({2})))),
        (make_notice(web="https://67.mchs.gov.ru/a", citation=None), make_desk()),
        (make_notice(publish=None, onset=None), make_desk()),
        (make_notice(severity="Severe"), make_desk(people=(1, frozenset({2})))),
        (make_notice(severity="Severe", publish="2026-11-24 23:00"), make_desk()),
        (make_notice(severity="Severe"), desk_of(*others(6))),
        (make_notice(), make_desk(known=spread(-6, 6))),
        (make_notice(), make_desk(known=spread(-5, 2))),
        (make_all_clear(), make_desk(known=(*spread(-3, -2, -1), Known(EARLIER, has_gone=True)))),
        (make_correction(), make_desk(known=(Known(EARLIER, State.IN_REVIEW, has_gone=False),))),
        (
            make_correction(references=("drone-roslavl@2026-11-23T09:00",)),
            make_desk(
                known=(
                    Known(EARLIER, State.APPROVED, has_gone=False),
                    Known(EARLIER, State.ACTIVE, occurrence="drone-roslavl@2026-11-23T09:00", has_gone=True),
                )
            ),
        ),
        (make_notice(), desk_of(*others(6), state=State.CANCELLED)),
        (
            make_notice(),
            desk_of(*others(1), make_notice(id="far", areas=("vyazma",), headline=both("а", "a"))),
        ),
        (make_notice(publish="2026-11-24 11:56"), make_desk()),
        (make_notice(publish="2026-11-24 11:00"), make_desk(state=State.ACTIVE)),
        (make_notice(publish="2026-11-24 11:00", draft=True), make_desk()),
        (make_notice(), make_desk(recipients=80_000, usual=90_000)),
        (
            make_notice(accepted={"L31": "Впервые на всю область"}),
            make_desk(recipients=900_001, usual=90_000),
        ),
        (
            make_notice(accepted={"L31": "Канала достаточно"}),
            make_desk(recipients=0, has_channel=True),
        ),
        (make_withdrawal(), desk_of(EARLIER, state=State.PUBLISHING, recipients=0)),
        (make_notice(repeat="FREQ=WEEKLY;COUNT=3"), make_desk()),
        (make_notice(publish="2025-11-25 13:00", repeat="FREQ=WEEKLY;COUNT=100"), make_desk()),
        (make_notice(**steps(("Звоните 112.", "Call 112."))), make_desk()),
        (make_notice(contact="112"), make_desk()),
        (make_notice(contact="help@mchs.gov.ru"), make_desk()),
        (make_notice(description=both("Дроны над 1200 домов.", "Drones over 1200 houses.")), make_desk()),
        (make_notice(description=both("Дроны летят с 10:00.", "Drones fly since 10:00.")), make_desk()),
        (
            make_notice(
                description=both("Дроны. Нет света, воды и газа.", "Drones. No light, water or gas.")
            ),
            make_desk(),
        ),
        (
            make_notice(**steps(("Укройтесь дома.", "Take cover."), ("Не покиньте дом.", "Do not leave."))),
            make_desk(),
        ),
        # One hazard, whatever other words are near
        (
            headed("Дроны над Рославлем, отойдите от окон", "Drones over Roslavl: keep from windows"),
            make_desk(),
        ),
        (headed("Атака дронов на Рославль", "Drone attack on Roslavl"), make_desk()),
        (headed("Обломки дрона на дороге у Рославля", "Drone debris on a road at Roslavl"), make_desk()),
        (headed("В связи с дронами выключите свет", "Drones: turn off power"), make_desk()),
        (headed("Воет сирена: дроны над Рославлем", "Siren: drones over Roslavl"), make_desk()),
        (headed("Грозит дрон, жители города", "A powerful drone, icecream van"), make_desk()),
        # Actions that only look like their contrary
        (
            make_notice(
                **steps(
                    ("Закройте окна.", "Close the windows."),
                    ("Не открывайте окна.", "Do not open the windows."),
                )
            ),
            make_desk(),
        ),
        (
            make_notice(
                **steps(("Оставайтесь на связи.", "Stay calm."), ("Покиньте дом.", "Leave the house."))
            ),
            make_desk(),
        ),
        (
            make_notice(
                **steps(("Укройтесь дома.", "Take cover."), ("Обломки не трогайте.", "Leave debris alone."))
            ),
            make_desk(),
        ),
        (
            make_notice(**steps(("Покиньте машину и укройтесь.", "Leave the car and take cover."))),
            make_desk(),
        ),
        (
            make_notice(
                **steps(
                    ("Кипятите воду.", "Boil the water."), ("Не пейте сырую воду.", "Do not drink it raw.")
                )
            ),
            make_desk(),
        ),
        # Words that only look like those of drills
        (said("Дроны. Тесто и тестя не бросайте.", "Drones. No mockery, leave the dough."), make_desk()),
        # Places, numbers, links and characters that are in order
        (said("Осмотрите ваш двор, там дроны.", "Check your yard for drones."), make_desk()),
        (said("Дроны с 10:30 до 22:00.", "Drones from 10:30 a.m. to 10 p.m."), make_desk()),
        (said("Дроны до 18:30.", "Drones until 6.30 pm."), make_desk()),
        (said("Дроны с 6:30 до 18:30.", "Drones from 6.30 a.m. to 6.30pm."), make_desk()),
        (said("Дроны, обломки до 1.25 м.", "Drones, debris up to 1.25 m."), make_desk()),
        (said("Дроны с 5 декабря.", "Drones since December 5."), make_desk()),
        (said("Два дрона.", "Two drones."), make_desk()),
        (said("Два дрона.", "2 drones."), make_desk()),
        (can("Обломки упадут при ветре < 5 и > 3 м.", "Debris can fall in wind < 5 and > 3 m."), make_desk()),
        (
            can("Обломки могут упасть: 67.mchs.gov.ru", "Debris can fall: https://67.mchs.gov.ru/a"),
            make_desk(),
        ),
        (can("Обломки могут, пишите help@mchs.gov.ru", "Debris can, write to help@mchs.gov.ru"), make_desk()),
        (can("Обломки могут упасть 24.11.2026.", "Debris can fall 24.11.2026."), make_desk()),
        (can("Обломки могут упасть 2026-11-24.", "Debris can fall 2026-11-24."), make_desk()),
        (can("Обломки могут стоить 15 000 000 рублей.", "Debris can cost 15 000 000 roubles."), make_desk()),
        (can("Текст могут заполнить обломки.", "The text can be filled with debris."), make_desk()),
        (said("Дрон. Есть жертвы.", "A drone. Casualties.", **FROM_AFAR), make_desk()),
        (
            make_notice(**steps(("Помогите раненым рядом с вами.", "Help the wounded near you."))),
            make_desk(),
        ),
        (make_notice(sender_name=both("ГУ МЧС по области", "EMERCOM")), make_desk()),
        (make_correction(), desk_of(EARLIER)),
        (make_correction(references=("drone-danger-261124-091500",)), make_desk()),
        (make_correction(references=("drone-roslavl@2026-12-02T09:00",)), desk_of(EARLIER)),
        (make_withdrawal(), desk_of(EARLIER)),
        (
            make_withdrawal(severity="Unknown", accepted={"L22": "Уровня у отозванного нет."}),
            desk_of(EARLIER),
        ),
        (make_all_clear(severity="Severe", next_update=None), desk_of(EARLIER)),
        (make_drill(), make_desk()),
        (make_drill(status="Test", severity="Severe"), make_desk()),
        (make_drill(audience="subscribers", publish="2026-11-26 13:00"), make_desk()),
        (make_drill(repeat="FREQ=MONTHLY;COUNT=3"), make_desk()),
        (
            make_drill(audience="subscribers", publish="2026-10-24 13:00", repeat="FREQ=MONTHLY;COUNT=9"),
            make_desk(),
        ),
        (make_drill(publish=ON_THE_3RD, repeat="FREQ=MONTHLY;BYDAY=1TH;COUNT=40"), make_desk()),
        # Another month, another place, the operators alone, only a draft, called off or not to come any more
        *(
            (for_residents(ON_THE_3RD), among_drills(other))
            for other in (
                for_residents("2027-01-01 13:00", id="a"),
                for_residents(ON_THE_1ST, id="a", areas=("velizh",)),
                make_drill(id="a", publish=ON_THE_1ST),
                for_residents(ON_THE_1ST, id="a", draft=True),
            )
        ),
        (
            for_residents(ON_THE_3RD),
            make_desk(known=(Known(YEARLONG), Known(YEARLONG, State.CANCELLED, None, IN_DECEMBER))),
        ),
    ],
)
def test_every_rule_is_silent_about_a_sound_notice(announcement: Announcement, desk: Desk) -> None:
    spoken = [problem for problem in lint(announcement, desk) if problem.level is not I]

    assert [str(problem) for problem in spoken] == []


def test_the_notice_of_the_tests_gets_not_even_a_remark() -> None:
    assert lint(make_notice(), make_desk()) == ()


def test_a_warning_with_a_reason_in_the_file_is_only_shown() -> None:
    notice = make_notice(publish="2026-11-24 23:00", accepted={"L25": "Воды не будет уже ночью."})

    found = lint(notice, make_desk())

    assert [(problem.rule, problem.level) for problem in found] == [("L25", I)]
    assert "Воды не будет уже ночью." in str(found[0])


def test_hazard_and_action_may_stand_in_capitals() -> None:
    loud = headed("ДРОНЫ, БЕСПИЛОТНИКИ! УКРОЙТЕСЬ, ЖДИТЕ! РОСЛАВЛЬ", "Drones over Roslavl")

    assert "L27" not in {problem.rule for problem in lint(loud, make_desk())}


def test_no_reason_excuses_an_error() -> None:
    notice = make_notice(areas=(), accepted={"L05": "Так было нужно сегодня."})

    assert not may_go(lint(notice, make_desk()))


def test_a_problem_names_file_place_rule_and_what_to_do() -> None:
    found = lint(make_notice(areas=("roslavel",)), make_desk(), "notices/x.yaml")

    told = next(problem for problem in found if problem.rule == "L04")
    assert str(told) == (
        "notices/x.yaml: areas[1]: L04: there is no area 'roslavel'; expected an id of areas.yaml; "
        "did you mean 'roslavl'?"
    )


def test_a_notice_with_every_text_missing_in_one_language_is_told_and_nothing_breaks() -> None:
    only = {"ru": "Дроны"}
    notice = make_notice(
        headline=only,
        description=only,
        impact=only,
        sender_name=only,
        citation=only,
        instruction=({"text": only},),
    )

    found = lint(notice, make_desk())

    assert len([problem for problem in found if problem.rule == "L20"]) == 6


@pytest.mark.parametrize(
    "file", sorted(CONTENT.glob("notices/*.yaml")) + sorted(CONTENT.glob("drills/*.yaml"))
)
def test_the_notices_that_come_with_the_bot_pass_and_are_only_drafts(file: Any) -> None:
    shape: TypeAdapter[Any] = TypeAdapter(Drill if file.parent.name == "drills" else Notice)
    announcement = shape.validate_python(read(f"{file.parent.name}/{file.name}"))

    found: tuple[Problem, ...] = lint(announcement, make_desk(), file.name)

    assert may_go(found), [str(problem) for problem in found]
    assert announcement.draft
    assert announcement.id == file.stem
    assert people_needed(announcement, make_policy(), make_setting().areas) == 1


ODD = st.text(max_size=300) | st.lists(
    st.sampled_from(
        [
            "дрон ",
            "Дроны, ",
            "12:00 ",
            "99999 ",
            "<b",
            "{x",
            "tg://",
            "http://[",
            "@a",
            "!",
            "\u202e",
            "\n",
            "…",
            "112",
        ]
    ),
    max_size=30,
).map("".join)


@given(ODD, ODD, ODD, st.sampled_from(["Alert", "Update", "Cancel"]))
def test_whatever_somebody_types_the_rules_answer_and_never_break(
    one: str, two: str, three: str, message_type: str
) -> None:
    texts = {name: both(f"а{one}", f"a{two}") for name in ("headline", "description", "impact", "was_wrong")}
    notice = make_notice(
        **texts, **steps((f"а{three}", f"a{one}")), web=f"https://a{three}", message_type=message_type
    )

    for problem in lint(notice, desk_of(make_notice(id="other"))):
        assert problem.rule
        assert str(problem)


def test_sentences_end_at_their_marks_and_not_inside_numbers() -> None:
    assert sentences("Вода 2.5 м. Ждите! Идёт дождь?\nДа") == ["Вода 2.5 м.", "Ждите!", "Идёт дождь?", "Да"]
