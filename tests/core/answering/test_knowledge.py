"""What operators write about questions is checked where it is written."""

import pytest
from pydantic import ValidationError

from bot.core.answering.knowledge import Golden, Rules


def test_a_rule_names_only_sets_that_exist() -> None:
    with pytest.raises(ValidationError, match="rule 'r' names a set that is not under 'sets': nobody"):
        Rules.model_validate({"rules": [{"id": "r", "verdict": "urgent", "together": [["nobody"]]}]})


def test_a_rule_that_can_never_match_is_refused() -> None:
    with pytest.raises(ValidationError, match="never matches"):
        Rules.model_validate({"rules": [{"id": "r", "verdict": "urgent", "unless": ["огонь"]}]})


@pytest.mark.parametrize(
    "values", [{}, {"answer": "fire", "refuse": True}, {"answer": "fire", "offer": "pets"}]
)
def test_a_golden_question_expects_one_thing(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="exactly one of"):
        Golden.model_validate({"ask": "дым", **values})
