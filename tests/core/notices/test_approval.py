"""Who must agree, that they agree to these very words, and that nobody agrees with themselves."""

import pytest
from pydantic import ValidationError

from bot.core.notices.approval import (
    Approval,
    Deed,
    NoticePolicy,
    Operator,
    Role,
    approval_problem,
    fingerprint,
    may,
    people_missing,
    people_needed,
)
from bot.core.notices.audience import reached_areas
from bot.core.notices.cap import Severity
from bot.core.notices.notice import Announcement
from bot.core.notices.rendering import notice_message
from tests.core.notices.making import (
    LANGUAGES,
    areas,
    both,
    make_drill,
    make_notice,
    make_policy,
    make_setting,
    make_withdrawal,
    times_of,
)


@pytest.mark.parametrize(
    ("announcement", "people"),
    [
        (make_notice(severity="Extreme"), 2),
        (make_notice(severity="Severe"), 2),
        (make_notice(severity="Unknown"), 2),
        (make_notice(severity="Minor"), 1),
        (make_notice(severity="Minor", areas="all"), 2),
        (make_notice(severity="Minor", areas=("smolensk-region",)), 2),
        (make_withdrawal(severity="Extreme", areas="all"), 2),
        (make_withdrawal(severity="Minor"), 1),
        (make_drill(severity="Extreme"), 1),
        (make_drill(severity="Extreme", audience="subscribers"), 2),
    ],
)
def test_grave_ones_and_those_to_everyone_need_a_second_person(
    announcement: Announcement, people: int
) -> None:
    assert people_needed(announcement, make_policy(), areas()) == people


@pytest.mark.parametrize("severity", ["Extreme", "Severe", "Unknown"])
def test_no_policy_does_without_the_second_person(severity: str) -> None:
    levels = {s.value: 2 for s in Severity}

    with pytest.raises(ValidationError, match="needs 2 people"):
        NoticePolicy.model_validate({"approvals": {**levels, severity: 1}})
    with pytest.raises(ValidationError):
        NoticePolicy.model_validate({"approvals": levels, "everyone": 1})
    with pytest.raises(ValidationError, match="says nothing about Minor"):
        NoticePolicy.model_validate({"approvals": {k: v for k, v in levels.items() if k != "Minor"}})


def print_of(announcement: Announcement, timed: bool = True) -> str:
    times = times_of(announcement)
    words = {one: notice_message(announcement, times, one, make_setting()) for one in LANGUAGES}
    return fingerprint(
        announcement, times if timed else None, reached_areas(announcement, areas()), (), words
    )


@pytest.mark.parametrize(
    "change",
    [
        {"headline": both("Возможны дроны над Рославлем", "Drones possible over Roslavl!")},
        {"description": both("Дроны летят к городу!", "Drones are flying to the town.")},
        {"areas": ("vyazma",)},
        {"severity": "Minor"},
        {"urgency": "Immediate"},
        {"expires": "+4h"},
        {"onset": "+2h"},
        {"publish": "2026-11-24 13:01"},
        {"accepted": {"L25": "Другая причина"}},
    ],
)
def test_an_approval_binds_to_every_word_place_level_and_time(change: dict[str, object]) -> None:
    assert print_of(make_notice(**change)) != print_of(make_notice())


def test_the_same_notice_has_the_same_fingerprint_and_a_drill_another() -> None:
    assert print_of(make_notice()) == print_of(make_notice())
    assert print_of(make_drill()) != print_of(make_notice())
    assert print_of(make_notice(), timed=False) != print_of(make_notice())


def test_where_two_are_needed_the_author_is_one_and_never_the_other() -> None:
    author, other, stale = Approval(1, "now"), Approval(2, "now"), Approval(3, "before")

    assert people_missing(2, 1, [], "now") == 1
    assert people_missing(2, 1, [author, author], "now") == 1
    assert people_missing(2, 1, [stale], "now") == 1
    assert people_missing(2, 1, [other], "now") == 0


def test_a_file_has_no_author_so_two_people_approve_it() -> None:
    assert people_missing(2, None, [Approval(1, "now")], "now") == 1
    assert people_missing(2, None, [Approval(1, "now"), Approval(1, "now")], "now") == 1
    assert people_missing(2, None, [Approval(1, "now"), Approval(2, "now")], "now") == 0


def test_one_person_may_be_the_author_and_none_is_none() -> None:
    assert people_missing(1, 1, [Approval(1, "now")], "now") == 0
    assert people_missing(1, 1, [], "now") == 1
    assert people_missing(0, 1, [], "now") == 0


def test_a_yes_that_does_not_count_says_why() -> None:
    approver = (Role.APPROVER,)

    assert approval_problem(2, approver, 2, 1, "now", "now") is None
    by_author = approval_problem(1, approver, 2, 1, "now", "now")
    assert by_author is not None
    assert by_author.rule == "L38"
    stale = approval_problem(2, approver, 2, 1, "before", "now")
    assert stale is not None
    assert "has changed" in stale.wrong
    viewer = approval_problem(2, (Role.VIEWER,), 2, 1, "now", "now")
    assert viewer is not None
    assert "may not approve" in viewer.wrong


@pytest.mark.parametrize("role", Role)
def test_every_operator_can_stop_and_withdraw(role: Role) -> None:
    assert may([role], Deed.STOP)
    assert may([role], Deed.WITHDRAW)


def test_only_authors_write_and_only_approvers_approve() -> None:
    assert [r for r in Role if may([r], Deed.WRITE)] == [Role.AUTHOR]
    assert [r for r in Role if may([r], Deed.APPROVE)] == [Role.APPROVER]
    assert not may([], Deed.SEE)


def test_strangers_are_nothing_and_trusted_people_without_roles_are_author_and_approver() -> None:
    listed = Operator(id=7, roles=(Role.VIEWER,))
    policy = make_policy().model_copy(update={"operators": (listed,)})

    assert policy.roles_of(7, [7, 8]) == {Role.VIEWER}
    assert policy.roles_of(8, [7, 8]) == {Role.AUTHOR, Role.APPROVER}
    assert policy.roles_of(9, [7, 8]) == frozenset()
    assert policy.roles_of(7, []) == frozenset()
