"""What guides are asked by: too few, the same twice, and golden questions that were taught."""

import pytest

from bot.core.answering.knowledge import Golden, Knowledge, Negative, Rules, Verdict
from bot.core.guidance import Guide
from bot.core.questions import MIN_QUESTIONS, question_problems
from tests.core.test_consistency import make_draft
from tests.factories import make_content, make_guide


def found(*guides: Guide, knowledge: Knowledge | None = None) -> list[str]:
    content = make_content(*guides)
    return [
        str(problem) for problem in question_problems(make_draft(content, knowledge=knowledge or Knowledge()))
    ]


def test_a_guide_has_enough_questions_in_each_language() -> None:
    guide = make_guide()
    few = make_guide(questions={**guide.questions, "en": guide.questions["en"][: MIN_QUESTIONS - 1]})

    assert found(few) == [
        "guides/debris-found.yaml: questions.en: 7 questions are too few; expected at least 8"
    ]


def test_a_question_leads_to_one_guide_however_it_is_typed() -> None:
    fire = make_guide("fire")
    same = (*fire.questions["ru"][:-1], "ВОПРОС 1, про Fire?!")
    gas = make_guide("gas-leak", questions={**make_guide("gas-leak").questions, "ru": same})

    sentences = found(fire, gas)

    assert (
        "guides/gas-leak.yaml: questions.ru[8]: the question 'ВОПРОС 1, про Fire?!' is also questions.ru[1] "
        "of guides/fire.yaml; keep it where it fits best" in sentences
    )
    assert len(sentences) == MIN_QUESTIONS


def test_what_a_guide_answers_is_no_everyday_message() -> None:
    guide = make_guide()
    asked = guide.questions["ru"][0]
    negatives = (Negative(text="борщ", near=False), Negative(text=f"{asked.upper()}?!", near=True))

    assert found(guide, knowledge=Knowledge(negatives=negatives)) == [
        f"answering/negatives.yaml: [2].text: the message '{asked.upper()}?!' is also a question in "
        "guides/debris-found.yaml; keep it where it fits best"
    ]


@pytest.mark.parametrize(
    ("asked", "is_nearly"),
    [
        ("Можно взять кошку в подвал?", True),
        ("а можно взять собаку в подвал", True),
        ("пустят ли в подвал с собакой", False),
        ("можно взять велосипед в лифт", False),
    ],
)
def test_a_golden_question_with_one_word_exchanged_proves_as_little(asked: str, is_nearly: bool) -> None:
    taught = Negative(text="можно взять собаку в подвал", near=True)
    knowledge = Knowledge(negatives=(taught,), golden=(Golden(ask=asked, refuse=True),))

    assert found(make_guide(), knowledge=knowledge) == is_nearly * [
        f"answering/golden.yaml: [1].ask: the golden question '{asked}' is also an example in "
        "answering/negatives.yaml, nearly: 'можно взять собаку в подвал'; "
        "ask it in other words, or take the example out"
    ]


def test_a_golden_question_that_is_taught_proves_nothing() -> None:
    guide = make_guide()
    golden = tuple(
        Golden(ask=ask, refuse=True) for ask in (guide.questions["ru"][0].upper(), "борщ!", "бомба", "новое")
    )
    knowledge = Knowledge(
        negatives=(Negative(text="борщ", near=False),),
        rules=Rules(examples={Verdict.WEAPONS: ("Бомба",)}),
        golden=golden,
    )

    assert [sentence.split(";")[0][-40:] for sentence in found(guide, knowledge=knowledge)] == [
        "is also an example in guides/debris-found.yaml"[-40:],
        "is also an example in answering/negatives.yaml"[-40:],
        "is also an example in answering/rules.yaml"[-40:],
    ]
