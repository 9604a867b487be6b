"""Misses teach without spying: what may be kept of a question, and when it may be shown."""

from bot.core.answering.lexicon import Lexicon
from bot.core.answering.misses import Miss, miss_of, shown
from bot.core.answering.query import Reader

READER = Reader(Lexicon(["обломки"]), ())
KEY = b"the secret of the month"


def test_a_miss_has_stems_without_numbers_and_no_person() -> None:
    miss = miss_of(READER.read("Где вакцинация? звоните 89101234567"), 4242, KEY)

    assert miss is not None
    assert miss.stems == ("вакцинац", "где", "звон")
    assert "4242" not in miss.asker


def test_forms_of_a_question_are_one_miss_and_another_months_key_is_another_asker() -> None:
    one, two = (miss_of(READER.read(text), 1, KEY) for text in ("вакцинация", "вакцинации"))
    later = miss_of(READER.read("вакцинация"), 1, b"another key")

    assert one == two
    assert later is not None
    assert one is not None
    assert later.asker != one.asker


def test_nothing_is_left_of_numbers_and_signs() -> None:
    assert miss_of(READER.read("+7 910 123-45-67 !!!"), 1, KEY) is None


def test_a_long_message_leaves_only_a_few_stems() -> None:
    miss = miss_of(READER.read("один очень длинный рассказ соседки про вакцинацию котят весной"), 1, KEY)

    assert miss is not None
    assert len(miss.stems) == 4


def test_only_what_five_different_people_asked_is_shown() -> None:
    misses = [Miss(("a",), f"person {number}") for number in range(5)]
    misses += [Miss(("b",), "one person") for _ in range(9)]

    assert [(missed.stems, missed.askers) for missed in shown(misses)] == [(("a",), 5)]
