"""A notice is what CAP's fields make it, and a drill stays a drill."""

import pytest
from pydantic import ValidationError

from bot.core.notices.cap import Severity, Status
from bot.core.notices.notice import Announcement, Drill, DrillAudience, Kind, Notice
from tests.core.notices.making import (
    VALID,
    both,
    make_all_clear,
    make_correction,
    make_drill,
    make_notice,
    make_withdrawal,
)


@pytest.mark.parametrize(
    ("announcement", "kind"),
    [
        (make_notice(), Kind.NOTICE),
        (make_notice(message_type="Update"), Kind.UPDATE),
        (make_correction(), Kind.CORRECTION),
        (make_withdrawal(), Kind.WITHDRAWAL),
        (make_all_clear(), Kind.ALL_CLEAR),
        (make_notice(message_type="Cancel"), Kind.WITHDRAWAL),
    ],
)
def test_what_a_notice_is_follows_from_the_words_of_cap(announcement: Announcement, kind: Kind) -> None:
    assert announcement.kind is kind


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_a_real_notice_is_never_a_drill(status: str) -> None:
    with pytest.raises(ValidationError):
        make_notice(status=status)


def test_a_drill_is_never_real() -> None:
    with pytest.raises(ValidationError):
        make_drill(status="Actual")
    with pytest.raises(ValidationError):
        Drill.model_validate(VALID)
    assert not issubclass(Drill, Notice)
    assert not issubclass(Notice, Drill)


def test_a_drill_stays_among_operators_unless_it_says_otherwise() -> None:
    assert make_drill().audience is DrillAudience.OPERATORS
    assert make_drill().status is Status.EXERCISE


@pytest.mark.parametrize("areas", ["everyone", "roslavl", "ALL"])
def test_everyone_is_one_word_only(areas: str) -> None:
    with pytest.raises(ValidationError):
        make_notice(areas=areas)


def test_an_empty_area_is_nobody() -> None:
    nobody = make_notice(areas=())

    assert not nobody.is_to_everyone
    assert nobody.area_ids == ()
    assert make_notice(areas="all").is_to_everyone


def test_a_reason_for_a_warning_is_more_than_a_word() -> None:
    with pytest.raises(ValidationError):
        make_notice(accepted={"L25": "надо"})


def test_every_text_is_told_with_its_place() -> None:
    notice = make_correction()

    assert dict(notice.texts())[("was_wrong",)] == both("Округ был другой.", "It was another district.")
    assert ("instruction", 1, "text") in dict(notice.texts())


def test_severity_knows_what_is_grave_and_what_can_wait() -> None:
    assert [s for s in Severity if s.is_grave] == [Severity.EXTREME, Severity.SEVERE]
    assert [s for s in Severity if s.can_wait_for_morning] == [Severity.MODERATE, Severity.MINOR]


def test_a_notice_survives_being_stored() -> None:
    notice = make_correction()

    assert Notice.model_validate_json(notice.model_dump_json()) == notice
