"""A problem is one line that its author can act on, and the same in parts for machines."""

import pytest

from bot.core.problem import Level, Problem, counted, nearest


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (Problem("a.yaml", (), "is empty", line=1), "a.yaml:1: is empty"),
        (Problem("a.yaml", (), "the file is missing"), "a.yaml: the file is missing"),
        (
            Problem("a.yaml", ("now", 1, "sources", 0), "unknown 'R2'", "expected an id", "'R02'", line=9),
            "a.yaml:9: now[2].sources[1]: unknown 'R2'; expected an id; did you mean 'R02'?",
        ),
        (
            Problem("a.yaml", (2, "id"), "is late", level=Level.WARNING, rule="L07", line=3),
            "a.yaml:3: [3].id: warning: L07: is late",
        ),
    ],
)
def test_it_says_file_line_place_mistake_expectation_and_guess(problem: Problem, sentence: str) -> None:
    assert str(problem) == sentence


def test_what_was_written_can_neither_break_the_line_nor_the_terminal() -> None:
    assert str(Problem("a.yaml", ("a\nb",), "'x\x1b[31m\u202ey'", line=1)) == "a.yaml:1: a b: 'x [31m y'"


def test_machines_get_the_parts() -> None:
    parts = Problem("a.yaml", ("now", 0), "is empty", "expected a step", line=4).as_object()

    assert (parts["file"], parts["line"], parts["where"]) == ("a.yaml", 4, "now[1]")
    assert (parts["level"], parts["wrong"], parts["expected"]) == ("error", "is empty", "expected a step")


def test_the_nearest_word_is_offered_only_when_it_is_near() -> None:
    assert nearest("expries", ["expires", "onset"]) == "'expires'"
    assert nearest("colour", ["expires", "onset"]) == ""


def test_one_is_not_counted_like_two() -> None:
    assert [counted(number, "error") for number in (0, 1, 2)] == ["0 errors", "1 error", "2 errors"]
