"""Misses teach without spying: what may be kept of a question, and when it may be shown."""

from bot.core.answering.lexicon import Lexicon
from bot.core.answering.misses import Miss, asker_of, shown, stems_of
from bot.core.answering.query import Reader

READER = Reader(Lexicon(["обломки"]), ())
KEY = b"the secret of the month"


def stems(text: str) -> tuple[str, ...]:
    return stems_of(READER.read(text))


def test_what_is_kept_has_no_numbers_and_no_sentence() -> None:
    assert stems("Где вакцинация? звоните 89101234567") == ("вакцинац", "где", "звон")


def test_forms_of_a_question_are_one_miss() -> None:
    assert stems("вакцинация") == stems("вакцинации")


def test_a_person_is_another_with_another_months_key() -> None:
    assert asker_of(4242, KEY) == asker_of(4242, KEY) != asker_of(4242, b"another key")
    assert "4242" not in asker_of(4242, KEY)


def test_nothing_is_left_of_numbers_and_signs() -> None:
    assert stems("+7 910 123-45-67 !!!") == ()


def test_a_long_message_leaves_only_a_few_stems() -> None:
    assert len(stems("один очень длинный рассказ соседки про вакцинацию котят весной")) == 4


def test_only_what_five_different_people_asked_is_shown() -> None:
    misses = [Miss(("a",), f"person {number}") for number in range(5)]
    misses += [Miss(("b",), "one person") for _ in range(9)]

    assert [(missed.stems, missed.askers) for missed in shown(misses)] == [(("a",), 5)]
