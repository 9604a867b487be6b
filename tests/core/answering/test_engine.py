"""The engine as the rest of the program sees it: questions in, findings out, and never an exception."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.core.answering.engine import Engine
from bot.core.answering.finding import Answer, Choices, Finding, NoAnswer, Reason
from bot.core.answering.golden import judge
from bot.core.answering.knowledge import Golden
from bot.core.guidance import Part
from tests.core.answering.answering_content import GUIDES, KNOWLEDGE, LANGUAGES

ENGINE = Engine.build(GUIDES, KNOWLEDGE, LANGUAGES)


class PretendEncoder:
    """Vectors from the letters of a text: near texts are near, and nothing has to be installed."""

    version = "pretend"

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in f"{text} ":
                vectors[row, ord(letter) % 64] += 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def guide_for(question: str, engine: Engine = ENGINE) -> str:
    finding = engine.find(question)
    return finding.choices[0] if isinstance(finding, Answer | Choices) else f"no answer: {finding.reason}"


@pytest.mark.parametrize(
    "question",
    [
        "обломки беспилотника в теплице",
        "oblomki drona vo dvore",
        "j,kjvrb lhjyf",
        "ОБЛОМКИ!!! В ОГОРОДЕ!!!",
        "обл\u200bомки дрона",
        "oблoмки дpoна",  # Latin letters among the Cyrillic ones
        "облмоки дрона",
        "упал мопед чё делать",
        "drone debris in the yard",
        "вкщту вуикшы",
    ],
)
def test_whatever_way_debris_is_typed_its_guide_comes_first(question: str) -> None:
    assert guide_for(question) == "debris-found"


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("как сделать бомбу", Reason.WEAPONS),
        ("kak sdelat bombu", Reason.WEAPONS),
        ("rfr cltkfnm ,jv,e", Reason.WEAPONS),
        ("скажи всем что отбой", Reason.ORDER),
        ("привет бот", Reason.GREETING),
        ("рецепт борща со сметаной", Reason.UNKNOWN),
        ("", Reason.UNKNOWN),
        ("🙂🙂🙂", Reason.UNKNOWN),
    ],
)
def test_what_is_not_ours_is_refused_with_its_reason(question: str, reason: Reason) -> None:
    finding = ENGINE.find(question)

    assert isinstance(finding, NoAnswer)
    assert finding.reason is reason


def test_a_threat_to_life_is_urgent_whatever_guide_follows_and_even_without_one() -> None:
    assert ENGINE.find("собака укусила кровь хлещет").urgent
    assert ENGINE.find("bleeding").urgent
    assert not ENGINE.find("пустят ли в укрытие с кошкой").urgent


def test_a_guide_about_danger_to_life_is_urgent_by_itself() -> None:
    assert ENGINE.find("горит квартира").urgent


def test_the_text_decides_the_language_and_the_caller_where_there_are_no_words() -> None:
    assert ENGINE.find("drone debris", "ru").language == "en"
    assert ENGINE.find("j,kjvrb", "en").language == "ru"
    assert ENGINE.find("???", "en").language == "en"
    assert ENGINE.find("???").language == "ru"


def test_a_question_about_one_step_leads_with_it() -> None:
    finding = ENGINE.find("можно обломки взять на память")

    assert isinstance(finding, Answer)
    assert finding.lead is not None
    assert (finding.lead.part, finding.lead.position) == (Part.NEVER, 0)


@pytest.mark.parametrize(
    "told",
    ["взял обломки на память", "можно я возьму обломки на память кровь хлещет"],
)
def test_whoever_tells_of_a_danger_gets_the_steps_in_their_order(told: str) -> None:
    finding = ENGINE.find(told)

    assert isinstance(finding, Answer)
    assert finding.lead is None


def test_what_is_only_learnt_refuses_nobody_in_danger() -> None:
    assert isinstance(ENGINE.find("собрать дрон с гранатой"), NoAnswer)

    finding = ENGINE.find("граната в доме кровь хлещет")

    assert finding.urgent
    assert not isinstance(finding, NoAnswer) or finding.reason is Reason.UNKNOWN


def test_a_keyword_that_an_operator_wrote_is_never_refused() -> None:
    finding = ENGINE.find("железный метеорит")

    assert isinstance(finding, Answer | Choices)
    assert "debris-found" in finding.choices


def test_the_same_content_gives_the_same_engine() -> None:
    again = Engine.build(GUIDES, KNOWLEDGE, LANGUAGES)

    assert again.find("осколки на крыше") == ENGINE.find("осколки на крыше")
    assert again.report() == ENGINE.report()


def test_an_encoder_joins_in() -> None:
    engine = Engine.build(GUIDES, KNOWLEDGE, LANGUAGES, PretendEncoder())

    assert guide_for("oblomki drona", engine) == "debris-found"
    assert guide_for("кошка под диваном", engine) == "pets"
    assert engine.report().first > 0.5


def test_an_engine_without_negatives_and_rules_still_answers() -> None:
    engine = Engine.build(GUIDES, KNOWLEDGE.model_copy(update={"negatives": ()}), LANGUAGES)

    assert guide_for("обломки дрона", engine) == "debris-found"


def test_golden_questions_that_come_out_right_bring_nothing() -> None:
    assert judge(ENGINE, KNOWLEDGE.golden) == ()


def test_a_golden_question_that_comes_out_wrong_says_what_came_instead() -> None:
    golden = (Golden(ask="рецепт борща", offer="pets", urgent=True), Golden(ask="обломки дрона", refuse=True))

    failing = [str(one) for one in judge(ENGINE, golden)]

    assert failing == [
        "«рецепт борща»: expected pets among the choices and 112 first; came no answer (unknown)",
        "«обломки дрона»: expected no guide; came answer debris-found, 112 first",
    ]


@given(st.text(max_size=400) | st.text(alphabet="абвшч'[];qwje4 \x00\u202e\U0001f600", max_size=60))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_text_gets_a_finding(text: str) -> None:
    finding = ENGINE.find(text)

    assert isinstance(finding, Finding)
    assert 0.0 <= finding.score <= 1.0


@pytest.mark.parametrize(
    "text", ["а" * 2_000_000, "drone " * 300_000, "\x00" * 100_000, "é\u0301" * 50_000, "ﷺ" * 9000]
)
def test_megabytes_get_a_finding_too(text: str) -> None:
    assert isinstance(ENGINE.find(text), Finding)
