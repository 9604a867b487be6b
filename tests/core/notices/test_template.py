"""An urgent notice comes out of a template by answering questions, and passes the same rules."""

import datetime as dt

import pytest

from bot.core.notices.filling import Earlier, fill, next_question, questions, read_answer
from bot.core.notices.lint.case import Known
from bot.core.notices.lint.rules import lint, may_go
from bot.core.notices.notice import Announcement, Drill, Kind, Notice
from bot.core.notices.states import State
from bot.core.notices.template import Template, TemplateKind, template_problems
from bot.core.problem import Problem
from tests.core.notices.making import (
    CONTENT,
    LANGUAGES,
    MOSCOW,
    NOW,
    areas,
    both,
    make_desk,
    make_drill,
    make_notice,
    make_template,
)

ALL = sorted(file.stem for file in (CONTENT / "notice-templates").glob("*.yaml"))
TYPED = {
    "areas": "Вязьма, Рославль",
    "expires": "2",
    "what.ru": "Над округом замечен дрон.",
    "what.en": "A drone was seen over the district.",
    "who.ru": "Правительство Смоленской области",
    "who.en": "Government of Smolensk Region",
    "where.ru": "на улице Мира",
    "where.en": "in Mira Street",
    "action.ru": "Оставайтесь дома.",
    "action.en": "Stay at home.",
    "wrong.ru": "Указали другой округ.",
    "wrong.en": "Another district was named.",
    "true_now.ru": "Дрон летел над Вязьмой.",
    "true_now.en": "The drone was over Vyazma.",
    "again.ru": "пользоваться водой",
    "again.en": "use the water",
}


def answer_all(template: Template) -> dict[str, str]:
    answers: dict[str, str] = {}
    while (question := next_question(template, LANGUAGES, answers)) is not None:
        answer = read_answer(question, TYPED[question.key], areas(), "ru", NOW, MOSCOW)
        assert isinstance(answer, str), answer
        answers[question.key] = answer
    return answers


def filled(name: str, earlier: Announcement | None = None) -> Announcement:
    template = make_template(name)
    changed = Earlier.of(earlier, make_desk().hazards) if earlier is not None else None
    made = fill(template, answer_all(template), "made-now", LANGUAGES, changed)
    assert isinstance(made, Announcement), [str(problem) for problem in made]
    return made


@pytest.mark.parametrize("name", ALL)
def test_every_template_asks_for_what_it_uses_and_has_its_files_name(name: str) -> None:
    template = make_template(name)

    assert list(template_problems(template, f"notice-templates/{name}.yaml")) == []
    assert template.id == name
    assert all(set(text) == set(LANGUAGES) for _, text in template.notice.texts())


@pytest.mark.parametrize("name", ALL)
def test_what_comes_out_of_every_template_may_go(name: str) -> None:
    earlier = filled("drone-danger").model_copy(update={"id": "the-earlier-one"})
    desk = make_desk(known=(Known(earlier, State.ACTIVE, NOW),))
    changes = make_template(name).kind.changes_another

    made = filled(name, earlier if changes else None)

    found = lint(made, desk if changes else make_desk())
    assert may_go(found), [str(problem) for problem in found]


def test_there_is_a_template_of_every_kind() -> None:
    assert {make_template(name).kind for name in ALL} == set(TemplateKind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("update", Kind.UPDATE),
        ("correction", Kind.CORRECTION),
        ("withdrawal", Kind.WITHDRAWAL),
        ("all-clear", Kind.ALL_CLEAR),
    ],
)
def test_a_change_takes_over_what_it_does_not_say_itself(name: str, kind: Kind) -> None:
    earlier = make_notice(areas=("vyazma",), severity="Severe")

    made = filled(name, earlier)

    assert made.kind is kind
    assert made.references == ("drone-roslavl",)
    assert made.severity is earlier.severity
    # A correction is asked where it is true: a wrong place is the commonest mistake.
    assert made.areas == (("vyazma", "roslavl") if kind is Kind.CORRECTION else ("vyazma",))
    # A withdrawal is the operators' own word, not that of whoever gave the signal.
    issuer = make_template("withdrawal").notice.sender_name
    assert made.sender_name == (issuer if kind is Kind.WITHDRAWAL else earlier.sender_name)


@pytest.mark.parametrize("name", ["update", "correction", "withdrawal", "all-clear", "all-clear-drone"])
def test_a_change_names_the_danger_and_repeats_no_order(name: str) -> None:
    earlier = filled("attack-threat").model_copy(update={"id": "attack-threat-1"})
    assert "укройтесь немедленно" in earlier.headline["ru"]

    made = filled(name, earlier)

    assert made.headline["ru"].startswith("Угроза атаки: ")
    assert made.headline["en"].startswith("Threat of attack: ")
    assert "укройтесь" not in made.headline["ru"]


@pytest.mark.parametrize("name", ["correction", "withdrawal", "all-clear", "all-clear-drone"])
def test_what_ends_a_warning_does_not_rest_on_the_signal_behind_it(name: str) -> None:
    earlier = filled("drone-danger")

    assert filled(name, earlier).citation not in (None, earlier.citation)
    assert filled("update", earlier).citation == earlier.citation


def test_a_withdrawal_claims_neither_danger_nor_safety() -> None:
    made = filled("withdrawal", filled("drone-danger"))

    assert made.was_wrong == {"ru": "уточняем, что именно.", "en": "we are checking what exactly."}
    assert made.description["ru"].startswith("Это не отбой.")
    assert made.description["en"].startswith("This is not an all-clear.")


def test_a_withdrawal_asks_nothing() -> None:
    assert questions(make_template("withdrawal"), LANGUAGES) == ()


@pytest.mark.parametrize("name", ["update", "correction", "withdrawal", "all-clear"])
def test_what_changes_a_drill_is_a_drill_and_what_changes_a_real_one_is_real(name: str) -> None:
    drill = filled(name, make_drill(audience="subscribers"))

    assert isinstance(drill, Drill)
    assert drill.audience == "subscribers"
    assert isinstance(filled(name, make_notice()), Notice)
    assert isinstance(filled("drill"), Drill)
    assert isinstance(filled("drone-danger"), Notice)


def test_words_are_asked_in_every_language_and_the_rest_once() -> None:
    keys = [question.key for question in questions(make_template("drone-danger"), LANGUAGES)]

    assert keys == ["areas", "what.ru", "what.en", "who.ru", "who.en", "expires"]


def test_without_all_answers_or_without_the_notice_to_change_nothing_comes_out() -> None:
    made = fill(make_template("correction"), {}, "made-now", LANGUAGES)

    assert isinstance(made, tuple)
    assert [problem.wrong for problem in made].count("no answer yet") == 7
    assert made[-1].wrong == "no notice is chosen"


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("areas", "Вязьма, рославль", "vyazma,roslavl"),
        ("areas", "вся область", "smolensk-region"),
        ("areas", "all", "all"),
        ("areas", "roslavl", "roslavl"),
        ("areas", "Атлантида", None),
        ("areas", " , ", None),
        ("expires", "2", "+2h"),
        ("expires", "0,5", "+30m"),
        ("expires", "1.5", "+90m"),
        ("expires", "0.01", None),
        ("expires", "72,1", None),
        ("expires", "73", None),
        ("expires", "0", None),
        ("expires", "два", None),
        ("expires", "²", None),
        ("what.ru", "  Над   городом дрон ", "Над городом дрон"),
        ("what.ru", "", None),
        ("what.ru", "{areas}", None),
    ],
)
def test_answers_are_read_or_refused(key: str, typed: str, kept: str | None) -> None:
    question = next(q for q in questions(make_template("drone-danger"), LANGUAGES) if q.key == key)

    answer = read_answer(question, typed, areas(), "ru", NOW, MOSCOW)

    assert isinstance(answer, Problem) if kept is None else answer == kept


TIMED = Template.model_validate(
    {
        "id": "timed",
        "kind": "notice",
        "name": both("Время", "Time"),
        "blanks": [{"name": "onset", "kind": "time", "ask": both("Когда?", "When?")}],
        "notice": {"headline": both("а", "a"), "description": both("а", "a")},
    }
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("18:30", "2026-11-24 18:30"),
        ("9.05", "2026-11-25 09:05"),
        ("12:00", "2026-11-24 12:00"),
        ("2026-12-01 10:00", "2026-12-01 10:00"),
        ("25:00", None),
        ("завтра", None),
    ],
)
def test_a_clock_time_is_the_next_one_to_come(typed: str, kept: str | None) -> None:
    question = questions(TIMED, LANGUAGES)[0]

    answer = read_answer(question, typed, areas(), "ru", NOW + dt.timedelta(seconds=40), MOSCOW)

    assert isinstance(answer, Problem) if kept is None else answer == kept


def test_a_template_that_nobody_can_fill_is_told() -> None:
    told = [problem.wrong for problem in template_problems(TIMED, "x.yaml")]

    assert "'expires' is missing" in told
    broken = TIMED.model_copy(
        update={"notice": TIMED.notice.model_copy(update={"headline": both("{who}", "{who}")})}
    )
    assert "nobody is asked for {who}" in [problem.wrong for problem in template_problems(broken, "x.yaml")]
