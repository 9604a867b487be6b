"""Texts fit where they are shown, in Telegram's units, and phrases have the blanks that the bot fills in."""

import pytest

from bot.core import wording
from bot.core.answering.finding import Lead
from bot.core.guidance import Guide, Part
from bot.core.lengths import (
    MAX_BODY,
    MAX_BUTTON,
    MAX_MESSAGE,
    guides_too_long,
    phrase_limit,
    too_long,
    wrong_blanks,
)
from bot.core.phrases import Phrases
from tests.core.test_consistency import make_draft
from tests.factories import (
    in_both,
    make_content,
    make_deployment,
    make_guide,
    make_phrases,
    make_source,
    make_step,
)


@pytest.mark.parametrize("name", Phrases.model_fields)
def test_a_phrase_may_be_as_long_as_its_place_and_no_longer(name: str) -> None:
    limit = phrase_limit(name)
    fits = make_phrases(**{name: in_both("я" * limit, "x")})
    over = make_phrases(**{name: in_both("я" * (limit + 1), "x")})

    assert not list(too_long(make_draft(phrases=fits)))
    (problem,) = too_long(make_draft(phrases=over))
    assert (problem.where, problem.wrong) == (f"{name}.ru", f"is {limit + 1} characters long, 1 too many")


def test_length_is_counted_as_telegram_counts() -> None:
    phrases = make_phrases(button_back=in_both("🆘" * (MAX_BUTTON // 2) + "!", "Back"))

    (problem,) = too_long(make_draft(phrases=phrases))

    assert problem.wrong == "is 41 characters long, 1 too many"


def test_the_name_of_the_service_fits_telegram() -> None:
    deployment = make_deployment(service=in_both("Памятка", "S" * 65))

    (problem,) = too_long(make_draft(deployment=deployment))

    assert (problem.file, problem.where, problem.expected) == ("deployment.yaml", "service.en", "at most 64")


def body_length(guide: Guide) -> int:
    lead = Lead(Part.NOW, 0)
    return len(wording.guide_body(make_content(guide), guide, "en", lead, urgent=True))


def test_a_guide_is_short_even_at_its_longest() -> None:
    def of(length: int) -> Guide:
        return make_guide(now=(make_step("Отойдите.", "x" * length),))

    # The longest step stands there twice: first of all, and again in its place.
    length = (MAX_BODY - 1 - body_length(of(0 + 20)) + 2 * 20) // 2
    fits, over = of(length), of(length + 1)

    assert body_length(fits) < MAX_BODY <= body_length(over)
    assert not list(guides_too_long(make_draft(make_content(fits))))
    (problem,) = guides_too_long(make_draft(make_content(over)))
    assert problem.where == "title.en"
    assert f"has {body_length(over)} characters before its sources in 'en'" in problem.wrong


def test_a_guide_fits_into_one_message_with_its_sources() -> None:
    sources = (make_source(title="т" * MAX_MESSAGE),)

    problems = list(guides_too_long(make_draft(sources=sources)))

    assert [problem.where for problem in problems] == ["title.ru", "title.en"]
    assert all(f"at most {MAX_MESSAGE} fit into a message" in problem.expected for problem in problems)


def test_formatting_that_telegram_would_drop_is_refused() -> None:
    ids = tuple(f"S{number}" for number in range(100))
    guide = make_guide(now=(make_step("Отойдите.", "Walk away.", *ids),))
    sources = tuple(make_source(id=name, title="т", publisher=in_both("п", "p")) for name in (*ids, "S01"))

    problems = list(guides_too_long(make_draft(make_content(guide), sources=sources)))

    assert any("formatted places" in problem.wrong for problem in problems)


def test_what_cannot_be_rendered_is_not_measured() -> None:
    half = make_guide(title={"ru": "Только по-русски"})
    uncited = make_guide(now=(make_step("Отойдите.", "Walk away.", "S77"),))

    assert not list(guides_too_long(make_draft(make_content(half), phrases=None)))
    assert not list(guides_too_long(make_draft(make_content(half))))
    assert not list(guides_too_long(make_draft(make_content(uncited), sources=())))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Звоните {number}", None),
        ("{number} или {number}", None),
        ("Звоните {nmber}", "unknown blank {nmber}; expected {number}; did you mean {number}?"),
        ("Звоните {date}", "unknown blank {date}; expected {number}"),
        ("Звоните 112", "the blank {number} is missing; expected {number}"),
        ("Звоните {number", "a brace is alone, or not closed; expected {number}"),
        ("Звоните number}", "a brace is alone, or not closed; expected {number}"),
        ("Звоните {number!r}", "something stands beside the name in {number}; expected {number}"),
        ("Звоните {number:>9}", "something stands beside the name in {number}; expected {number}"),
        ("Звоните {number.real}", "unknown blank {number.real}; expected {number}; did you mean {number}?"),
        ("Звоните {}", "unknown blank {}; expected {number}"),
        ("Звоните {0}", "unknown blank {0}; expected {number}"),
    ],
)
def test_a_phrase_has_the_blanks_that_the_bot_fills_in(text: str, sentence: str | None) -> None:
    phrases = make_phrases(no_answer=in_both(text, "Call {number}"))

    problems = [str(problem) for problem in wrong_blanks(make_draft(phrases=phrases))]

    assert [problem.removeprefix("phrases.yaml: no_answer.ru: ") for problem in problems][:1] == (
        [sentence] if sentence else []
    )


def test_a_moment_may_say_how_it_is_written() -> None:
    phrases = make_phrases(source_checked=in_both("проверено {date:%d.%m.%Y}", "checked {date:>9}"))

    assert [problem.where for problem in wrong_blanks(make_draft(phrases=phrases))] == ["source_checked.en"]
