"""What the rules say reaches operators in their own language, with the words that were found."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

import bot.core.notices.lint
from bot.adapters.content.folder import load
from bot.core.notices.console.complaints import problem_lines, problem_words, why_words
from bot.core.notices.due import Why
from bot.core.notices.lint.rules import lint
from bot.core.notices.news import News
from bot.core.problem import Level, Problem
from tests.core.notices.making import (
    LANGUAGES,
    both,
    make_desk,
    make_notice,
    make_operator_phrases,
)

PROBLEMS = Path(__file__).parents[3] / "content_problems"
LINT = Path(bot.core.notices.lint.__file__).parent
GOLDEN = "a golden question has exactly one of 'answer', 'offer' and 'refuse', or only 'urgent'"
"""What no operator of notices meets, and is told in the words of the check."""

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
PHRASES = make_operator_phrases()


def test_every_rule_has_its_sentence() -> None:
    rules = {rule for file in LINT.glob("*.py") for rule in re.findall(r'"(L\d\d)"', file.read_text())}

    assert len(rules) == 38
    for rule in sorted(rules):
        for language in LANGUAGES:
            words = problem_words(Problem("", (), "'x' is wrong", rule=rule), PHRASES, language)
            assert bool(CYRILLIC.search(words)) is (language == "ru"), rule


def test_every_piece_of_news_has_its_phrase() -> None:
    for news in News:
        assert getattr(PHRASES, f"news_{news.value}")


def test_every_reason_that_operators_are_told_has_its_phrase() -> None:
    told = {Why.LATE, Why.FAR_TOO_LATE, Why.RESTORED, Why.UNANNOUNCED, Why.GRAVE, Why.NIGHT, Why.OVER}

    for why in told:
        assert CYRILLIC.search(why_words(why, PHRASES, "ru")), why
        assert why_words(why, PHRASES, "en")


@pytest.mark.parametrize(
    ("problem", "ru", "en"),
    [
        (
            Problem("", ("description", "ru"), "'здесь' is no place", "expected its name", rule="L04"),
            "Что случилось, ru: Назовите место по имени: «здесь» и «у вас» не годятся (L04, «здесь»)",
            "What happened, ru: Name the place: ‘here’ and ‘your area’ will not do (L04, ‘здесь’)",
        ),
        (
            Problem("", ("instruction", 1, "text", "en"), "a sentence of 25 words", "", rule="L14"),
            "Что делать 2, en: Короче: до 20 слов в предложении, до 900 знаков всего (L14, 25)",
            "What to do 2, en: Shorter: up to 20 words a sentence, 900 characters in all (L14, 25)",
        ),
        (
            Problem("notices/x.yaml", ("expires",), "it ends before it begins", rule="L07", line=4),
            "notices/x.yaml:4: Срок: Проверьте срок: не раньше начала, "
            "при тяжёлой опасности не больше 72 часов (L07)",
            "notices/x.yaml:4: End: Check the end: not before the beginning, within 72 hours where the danger"
            " is grave (L07)",
        ),
        (
            Problem("", ("areas",), "43 would get it, usually 3", level=Level.WARNING, rule="L31"),
            "Места: Получателей 43, а обычно здесь 3: верны ли места? (L31)",
            "Places: 43 would get it, usually 3 do here: are the places right? (L31)",
        ),
        (
            Problem("", ("areas",), "nobody would get it but the channel", level=Level.WARNING, rule="L31"),
            "Места: Получит только канал: на эти места никто не подписан (L31)",
            "Places: The channel alone would get it: nobody chose these places (L31)",
        ),
    ],
)
def test_a_problem_reads_so(problem: Problem, ru: str, en: str) -> None:
    assert problem_words(problem, PHRASES, "ru") == ru
    assert problem_words(problem, PHRASES, "en") == en


@pytest.mark.parametrize(
    ("problem", "ru"),
    [
        (
            Problem("notices/x.yaml", ("expries",), "unknown key", suggestion="'expires'", line=4),
            "notices/x.yaml:4: expries: такого ключа нет; может быть, 'expires'?",
        ),
        (
            Problem("notices/x.yaml", ("severity",), "'Bad' is none of the possible words", line=5),
            "notices/x.yaml:5: Уровень: такое слово здесь не подходит («Bad»)",
        ),
        (
            Problem("notices/x.yaml", (), "the bracket '[' is not closed", line=2),
            "notices/x.yaml:2: ошибка в записи: кавычки, скобки, отступы или знаки («[»)",
        ),
        (
            Problem("notices/x.yaml", ("expires",), "is missing", line=1),
            "notices/x.yaml:1: Срок: здесь чего-то не хватает",
        ),
    ],
)
def test_a_slip_in_a_file_reads_so(problem: Problem, ru: str) -> None:
    assert problem_words(problem, PHRASES, "ru") == ru


def test_nearly_every_slip_that_the_check_knows_has_its_words(tmp_path: Path) -> None:
    """The folders of content_problems hold every sentence of the check."""
    told = []
    for folder in sorted(PROBLEMS.iterdir()):
        copy = tmp_path / folder.name
        shutil.copytree(PROBLEMS / "valid", copy)
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        told += [one for one in load(copy, dt.date(2026, 11, 22)).problems if one.level is Level.ERROR]

    kept = [one for one in told if problem_words(one, PHRASES, "ru") == str(one)]

    assert len(told) > 100
    assert {one.wrong for one in kept} <= {GOLDEN}


def test_what_no_phrase_is_known_for_keeps_the_words_of_the_check() -> None:
    odd = Problem("notices/x.yaml", ("headline",), "it rhymes", line=4)
    unfit = Problem("", (), "publish: it has passed")

    assert problem_words(odd, PHRASES, "ru") == str(odd)
    assert problem_words(unfit, PHRASES, "ru") == "publish: it has passed"


def test_the_same_sentence_stands_once_and_many_are_counted() -> None:
    twice = [Problem("", ("areas",), "no area is given", rule="L05")] * 2
    many = [Problem("", ("areas", n), "there is no area", rule="L04") for n in range(14)]

    assert problem_lines(twice, PHRASES, "en").count("\n") == 0
    assert problem_lines(many, PHRASES, "ru").endswith("\n…и ещё 4. Полный список: python -m bot check")


def test_the_findings_of_a_bad_notice_are_in_russian() -> None:
    bad = make_notice(
        areas=(),
        headline=both("Ужас в вашем районе!!", "Horror in your area!!"),
        instruction=(),
        citation=None,
        web="http://bit.ly/x",
    )

    lines = problem_lines(lint(bad, make_desk()), PHRASES, "ru").split("\n")

    assert len(lines) > 5
    for line in lines:
        assert CYRILLIC.search(line.split("(L")[0]), line
