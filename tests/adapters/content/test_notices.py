"""The files of the notices: what they give, the sentences of their mistakes, and whom a mistake stops."""

# ruff: noqa: E501 - a sentence that is pinned stands on one line

import datetime as dt
import shutil
from pathlib import Path

import pytest

from bot.adapters.content.folder import Loaded, load
from bot.core.problem import Level

REAL = Path(__file__).parents[3] / "content"
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
WATER = "notices/water-cut-example.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The content that the bot comes with, to be spoiled."""
    return shutil.copytree(REAL, tmp_path / "content")


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Write something else into a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def errors(loaded: Loaded) -> list[str]:
    return [str(problem) for problem in loaded.problems if problem.level is Level.ERROR]


def read(folder: Path) -> Loaded:
    return load(folder, NOW.date(), NOW)


def test_the_notices_that_the_bot_comes_with_pass_every_rule(folder: Path) -> None:
    loaded = read(folder)

    assert errors(loaded) == []
    assert loaded.content is not None
    book = loaded.content.notices
    assert book is not None
    assert {"water-cut-example", "siren-check-monthly"} <= book.notices.keys()
    assert all(one.draft for one in book.announcements())  # nothing goes out of a fresh installation
    assert {template.kind.value for template in book.templates.values()} == {
        "notice", "update", "correction", "withdrawal", "all-clear", "drill",
    }  # fmt: skip


def test_an_installation_without_notices_is_whole(folder: Path) -> None:
    for name in ("notices", "drills", "notice-templates"):
        shutil.rmtree(folder / name)
    for name in ("areas", "hazards", "lint", "notice_phrases", "operator_phrases", "notice_policy"):
        (folder / f"{name}.yaml").unlink()

    loaded = read(folder)

    assert errors(loaded) == []
    assert loaded.content is not None
    assert loaded.content.notices is None


def test_half_of_the_files_is_no_installation_of_notices(folder: Path) -> None:
    (folder / "hazards.yaml").unlink()

    assert read(folder).content is None
    assert errors(read(folder)) == [
        "hazards.yaml: the file is missing; what belongs into it: what notices are about"
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("expires:", "expries:", "11: expries: unknown key; did you mean 'expires'?"),
        ("[roslavl]", "roslavl", "10: areas: 'roslavl' is text; expected: Ids from areas.yaml: [roslavl, desnogorsk]; or the word all, never an empty list"),
        ("severity: Minor", "severity: minor", "6: severity: 'minor' is none of the possible words; expected 'Extreme', 'Severe', 'Moderate', 'Minor' or 'Unknown'; did you mean 'Minor'?"),
        ("expires: +6h", "expires: 6h", "11: expires: '6h' is not written as it must be; expected: Until when it holds: \"2026-12-02 11:00\" or +2h"),
        ("draft: true", "status: Exercise", "4: status: 'Exercise' is none of the possible words; expected: Always Actual; drills live in content/drills"),
        ("guide: power-water-outage", "guide: power-water", "32: instruction[1].guide: unknown guide 'power-water'; expected the id of a guide; did you mean 'power-water-outage'?"),
        ("id: water-cut-example", "id: water-cut", "3: id: the id 'water-cut' is not the name of the file; make both the same; did you mean 'water-cut-example'?"),
        ("headline:", "headline: [", "19: headline: the bracket '[' is not closed"),
    ],
)  # fmt: skip
def test_a_broken_notice_is_left_out_with_its_sentence_and_the_rest_stays(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    spoil(folder, WATER, old, new)

    loaded = read(folder)

    [told] = errors(loaded)
    assert told.startswith(f"{WATER}:{sentence}".split("headline: the bracket")[0])
    assert loaded.content is not None
    assert loaded.content.notices is not None
    assert "water-cut-example" not in loaded.content.notices.notices
    assert "siren-check-monthly" in loaded.content.notices.notices


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[roslavl]", "[]", "10: areas: L05: no area is given; expected ids of areas.yaml, or the word all"),
        ("[roslavl]", "[roslavll]", "10: areas[1]: L04: there is no area 'roslavll'; expected an id of areas.yaml; did you mean 'roslavl'?"),
        ("draft: true", 'publish: "2026-11-02 09:00"', "4: publish: L32: 2026-11-02 09:00 has passed; expected a time to come"),
        ("draft: true", 'publish: "2026-11-31 09:00"', "4: publish: L32: '2026-11-31 09:00' is not a time; expected year-month-day hour:minute, like 2026-12-02 09:00"),
        ("next_update: +3h\n", "", "3: next_update: L33: it does not say when we will say more; expected a time like +1h; mend it, or give the reason: accepted: {L33: why it stays}"),
        ("  en: Water is off in Roslavl\n", "", "19: headline: L20: the text in 'en' is missing; expected every language"),
    ],
)  # fmt: skip
def test_what_a_rule_refuses_is_told_with_rule_file_and_line(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    spoil(folder, WATER, old, new)

    assert errors(read(folder)) == [f"{WATER}:{sentence}"]
    assert errors(load(folder, NOW.date())) == []  # while the bot runs the rules are asked of each notice


def test_what_all_notices_rest_on_refuses_the_whole(folder: Path) -> None:
    spoil(folder, "notice_policy.yaml", "Extreme: 2", "Extreme: 1")
    spoil(folder, "areas.yaml", "parent: smolensk-region", "parent: smolensk-regio")
    spoil(folder, "operator_phrases.yaml", "{roles}", "{rols}")
    spoil(folder, "notice-templates/drone-danger.yaml", "{what}", "{waht}")

    loaded = read(folder)

    assert loaded.content is None
    assert errors(loaded) == [
        "areas.yaml:15: [2].parent: there is no area 'smolensk-regio'; expected the id of another area; did you mean 'smolensk-region'?",
        "notice-templates/drone-danger.yaml:45: notice.description.ru: nobody is asked for {waht}; expected it in `blanks`",
        "notice_policy.yaml:5: Extreme needs 2 people, always",
        "operator_phrases.yaml:6: desk.ru: unknown blank {rols}; expected {roles}; did you mean {roles}?",
    ]  # fmt: skip


def test_a_prepared_withdrawal_is_not_forgotten(folder: Path) -> None:
    (folder / "notice-templates" / "withdrawal.yaml").unlink()

    assert errors(read(folder)) == [
        "notice-templates: there is no template of the kind 'withdrawal'; expected one, prepared for the day it is needed"
    ]  # fmt: skip


def test_a_drill_never_has_the_name_of_a_notice(folder: Path) -> None:
    text = (folder / "drills" / "bot-check-quarterly.yaml").read_text(encoding="utf-8")
    drill = text.replace("id: bot-check-quarterly", "id: water-cut-example")
    (folder / "drills" / "water-cut-example.yaml").write_text(drill, encoding="utf-8")

    assert errors(read(folder)) == [
        "drills/water-cut-example.yaml:3: id: there is a notice 'water-cut-example' too; give the drill a name of its own"
    ]


def test_a_place_that_is_named_twice_is_refused_residents_would_read_it_twice(folder: Path) -> None:
    spoil(folder, WATER, "[roslavl]", "[roslavl, velizh, roslavl]")

    loaded = read(folder)

    assert errors(loaded) == [f"{WATER}:10: areas[3]: the area 'roslavl' is there twice; expected it once"]
    assert loaded.content is not None


def test_an_operator_who_is_listed_twice_is_refused_the_first_would_win_silently(folder: Path) -> None:
    listed = "operators:\n  - {id: 501, roles: [viewer]}\n  - {id: 502, roles: [author]}\n  - id: 501\n    roles: [approver]"
    spoil(folder, "notice_policy.yaml", "operators: []", listed)

    assert errors(read(folder)) == [
        "notice_policy.yaml:20: operators[3].id: the operator 501 is there twice; expected each once, with all their roles"
    ]


def test_an_operator_without_a_number_is_told_and_nothing_breaks(folder: Path) -> None:
    spoil(
        folder,
        "notice_policy.yaml",
        "operators: []",
        "operators:\n  - {roles: [viewer]}\n  - {roles: [author]}",
    )

    assert [line.split(";")[0] for line in errors(read(folder))] == [
        "notice_policy.yaml:18: operators[1].id: is missing",
        "notice_policy.yaml:19: operators[2].id: is missing",
    ]
