"""What must hold between the files: each rule sees its mistake, and nothing where there is none."""

import datetime as dt
from typing import Any

import pytest

from bot.core.answering.knowledge import Golden, Knowledge
from bot.core.consistency import Draft, inconsistencies, later, written
from bot.core.content import Content
from bot.core.problem import Level
from tests.factories import (
    TODAY,
    in_both,
    make_category,
    make_content,
    make_deployment,
    make_guide,
    make_phrases,
    make_source,
    make_step,
)

EVERY_FILE = {
    "deployment.yaml",
    "categories.yaml",
    "sources.yaml",
    "phrases.yaml",
    "guides/debris-found.yaml",
}
TIME_ZONES = ("Europe/Moscow", "Asia/Yakutsk")


def make_draft(content: Content | None = None, **changes: Any) -> Draft:
    content = content or make_content()
    values: dict[str, Any] = {
        "deployment": content.deployment,
        "categories": content.categories,
        "sources": tuple(content.sources.values()),
        "phrases": content.phrases,
        "guides": content.guides,
        "knowledge": content.answering,
    }
    return Draft(**(values | changes))


def found(draft: Draft) -> list[str]:
    return [str(problem) for problem in inconsistencies(draft, TODAY, TIME_ZONES)]


def test_consistent_content_has_no_problem() -> None:
    assert (
        found(make_draft(make_content(make_guide("fire"), make_guide("gas-leak", related=("fire",))))) == []
    )


def test_of_content_that_could_not_be_read_only_the_rest_is_judged() -> None:
    nothing = Draft(None, None, None, None, {}, unread=frozenset({"fire"}))
    only_guides = make_draft(deployment=None, categories=None, sources=None, phrases=None)

    assert found(nothing) == []
    assert found(only_guides) == []


def test_a_guide_that_could_not_be_read_is_still_known() -> None:
    guide = make_guide("gas-leak", related=("fire",))

    assert found(make_draft(make_content(guide), unread=frozenset({"fire"}))) == []


def test_nothing_is_called_unused_while_a_guide_could_not_be_read() -> None:
    sources = (make_source(), make_source(id="S02"))

    assert len(found(make_draft(sources=sources))) == 1
    assert found(make_draft(sources=sources, unread=frozenset({"fire"}))) == []


def test_a_misspelled_citation_does_not_make_the_source_unused() -> None:
    guide = make_guide(now=(make_step("Отойдите.", "Walk away.", "S10"),))
    draft = make_draft(make_content(guide), sources=(make_source(), make_source(id="S100")))

    assert found(draft) == [
        "guides/debris-found.yaml: now[1].sources[1]: unknown source 'S10'; "
        "expected an id from sources.yaml; did you mean 'S100'?"
    ]


def test_a_source_is_cited_once_in_a_step() -> None:
    guide = make_guide(now=(make_step("Отойдите.", "Walk away.", "S01", "S01"),))

    assert found(make_draft(make_content(guide))) == [
        "guides/debris-found.yaml: now[1].sources: the source 'S01' is cited 2 times; cite it once"
    ]


def test_a_guide_names_another_once() -> None:
    content = make_content(make_guide("fire"), make_guide("gas-leak", related=("fire", "fire")))

    assert found(make_draft(content)) == [
        "guides/gas-leak.yaml: related[2]: 'fire' is related twice; name it once"
    ]


def test_a_golden_question_expects_a_guide_that_exists() -> None:
    known = Golden.model_validate({"ask": "что делать", "offer": "debris-found"})
    unknown = Golden.model_validate({"ask": "что это", "answer": "debris"})

    assert found(make_draft(knowledge=Knowledge(golden=(unknown, known)))) == [
        "answering/golden.yaml: [1].answer: unknown guide 'debris'; expected the id of a guide; "
        "did you mean 'debris-found'?"
    ]


def test_an_id_is_given_once() -> None:
    categories = (make_category(), make_category())

    assert found(make_draft(categories=categories)) == [
        "categories.yaml: [2].id: the id 'drones' is taken by entry 1; give each entry an id of its own"
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"languages": ("ru", "EN")},
            "languages[2]: 'EN' is no language code; expected two or three small letters, as en; "
            "did you mean 'en'?",
        ),
        ({"languages": ("ru", "en", "ru")}, "languages[3]: 'ru' is listed twice; list each language once"),
        (
            {"default_language": "de"},
            "default_language: 'de' is not one of the languages; expected one of ru, en",
        ),
        (
            {"time_zone": "europe/moscow"},
            "time_zone: unknown time zone 'europe/moscow'; expected a name such as Europe/Moscow; "
            "did you mean 'Europe/Moscow'?",
        ),
    ],
)
def test_a_deployment_is_one_that_can_be(changes: dict[str, Any], sentence: str) -> None:
    deployment = make_deployment(**changes)

    assert f"deployment.yaml: {sentence}" in found(make_draft(deployment=deployment))


def files_of(problems: list[str]) -> set[str]:
    return {sentence.split(":")[0] for sentence in problems}


def test_a_translator_who_adds_a_language_gets_the_list_of_all_texts() -> None:
    draft = make_draft(deployment=make_deployment(languages=("ru", "en", "de")))

    lacking = found(draft)

    assert all("the language 'de' is missing" in sentence for sentence in lacking)
    assert len(lacking) == len(list(written(draft)))
    assert files_of(lacking) == EVERY_FILE


def test_every_text_is_there_in_every_language_and_in_no_other() -> None:
    three = make_deployment(languages=("ru", "en", "de"))
    begun = make_phrases(topics=in_both("Темы", "Topics") | {"de": "Themen"})
    lacking = found(make_draft(deployment=three, phrases=begun))
    phrases = make_phrases(topics={"ru": "Темы", "eng": "Topics"})

    assert all("'de' is missing" in sentence for sentence in lacking)
    assert files_of(lacking) == EVERY_FILE
    assert found(make_draft(phrases=phrases)) == [
        "phrases.yaml: topics.eng: unknown language 'eng'; "
        "expected the languages of deployment.yaml: ru, en; did you mean 'en'?"
    ]


@pytest.mark.parametrize(
    ("languages", "sentence"),
    [
        (
            ("ru", "no"),
            "no text is written in 'no'; expected those that the texts are in: ru, en; did you mean 'en'?",
        ),
        (("ru", "en", "rus"), "no text is written in 'rus'; expected those that the texts are in: ru, en"),
        (
            ("ru", "de"),
            "no text is written in 'de'; expected those that the texts are in: ru, en; did you mean 'en'?",
        ),
        (
            ("en",),
            "'ru' is missing, most texts are written in it; expected those that the texts are in: en, ru",
        ),
    ],
)
def test_a_wrong_language_in_the_list_is_one_mistake_and_not_one_of_every_text(
    languages: tuple[str, ...], sentence: str
) -> None:
    draft = make_draft(deployment=make_deployment(languages=languages))

    assert found(draft) == [f"deployment.yaml: languages: {sentence}"]


@pytest.mark.parametrize(
    "url",
    [
        "https://mchs.gov.ru/a?b=c#d",
        "http://xn--80ak6aa92e.xn--p1ai/",
        "https://мчс.рф/памятка",
        "https://a.b:8443/c",
    ],
)
def test_addresses_of_web_pages_pass(url: str) -> None:
    assert found(make_draft(sources=(make_source(url=url),))) == []


@pytest.mark.parametrize(
    "url",
    [
        "www.mchs.gov.ru",
        "ftp://mchs.gov.ru/a",
        "javascript:alert(1)",
        "https://",
        "https://localhost/a",
        "https://mchs.gov.ru/a b",
        "https://mchs.gov.ru@evil.example.org/",
        "https://[::1/",
        "tg://resolve?domain=x",
    ],
)
def test_other_addresses_do_not(url: str) -> None:
    (sentence,) = found(make_draft(sources=(make_source(url=url),)))

    assert "is not the address of a web page; expected https://... or http://..." in sentence


@pytest.mark.parametrize(
    ("risk", "reviewed", "overdue"),
    [
        ("high", TODAY, False),
        ("high", dt.date(2026, 5, 22), False),  # six months ago to the day: due today
        ("high", dt.date(2026, 5, 21), True),
        ("medium", dt.date(2026, 5, 21), False),
        ("medium", dt.date(2025, 11, 21), True),
        ("low", dt.date(2025, 5, 21), True),
    ],
)
def test_a_review_is_due_by_the_risk_and_only_a_warning(risk: str, reviewed: dt.date, overdue: bool) -> None:
    guide = make_guide(risk=risk, reviewed=reviewed)
    problems = list(inconsistencies(make_draft(make_content(guide)), TODAY, TIME_ZONES))

    assert [problem.level for problem in problems] == [Level.WARNING] * overdue


def test_a_wrong_clock_takes_no_guidance_away() -> None:
    long_ago = dt.date(2020, 1, 1)
    problems = list(inconsistencies(make_draft(), long_ago, TIME_ZONES))

    assert {problem.level for problem in problems} == {Level.WARNING}


def test_tomorrow_has_begun_somewhere() -> None:
    assert found(make_draft(make_content(make_guide(reviewed=TODAY + dt.timedelta(days=1))))) == []
    assert len(found(make_draft(make_content(make_guide(reviewed=TODAY + dt.timedelta(days=2)))))) == 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2026, 12, 15), 1, dt.date(2027, 1, 15)),
        (dt.date(2026, 1, 15), 12, dt.date(2027, 1, 15)),
        (dt.date(9999, 12, 31), 6, dt.date(9999, 6, 30)),
    ],
)
def test_months_are_counted_as_people_do(day: dt.date, months: int, expected: dt.date) -> None:
    assert later(day, months) == expected


def test_examples_of_contacts_are_pointed_out_before_residents_see_them() -> None:
    contacts = {"operators": "info@city.example", "privacy": "+7 4812 00-00-00"}
    problems = list(
        inconsistencies(make_draft(deployment=make_deployment(contacts=contacts)), TODAY, TIME_ZONES)
    )

    assert [(problem.where, problem.level) for problem in problems] == [("contacts.operators", Level.WARNING)]


def test_a_category_without_a_guide_is_an_empty_shelf() -> None:
    draft = make_draft(
        categories=(make_category(), make_category("family", title=in_both("Семья", "Family")))
    )

    assert found(draft) == [
        "categories.yaml: [2].id: the category 'family' has no guide; put a guide in it, or delete it here"
    ]
