"""Notices for tests, valid by default, among the real places, hazards, phrases and word lists of content/."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import TypeAdapter

from bot.core.guidance import Guide
from bot.core.notices.approval import NoticePolicy
from bot.core.notices.audience import Area, AreaTree
from bot.core.notices.console.card import Cards
from bot.core.notices.freezing import Rules
from bot.core.notices.hazard import Hazard
from bot.core.notices.lint.case import Desk
from bot.core.notices.lint.lexicon import Lexicon
from bot.core.notices.local_time import Times, read_times
from bot.core.notices.notice import Announcement, Drill, Notice
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.record import Record
from bot.core.notices.rendering import Setting
from bot.core.notices.states import State
from bot.core.notices.template import Template
from tests.factories import make_guide

CONTENT = Path(__file__).parents[3] / "content"
MOSCOW = ZoneInfo("Europe/Moscow")
LANGUAGES = ("ru", "en")

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
"""Noon in Moscow on a Tuesday."""


def both(ru: str, en: str) -> dict[str, str]:
    """Return a text in two languages."""
    return {"ru": ru, "en": en}


def step(ru: str, en: str, guide: str | None = None) -> dict[str, Any]:
    """Return a step of a notice."""
    return {"text": both(ru, en), "guide": guide}


def read(name: str) -> Any:
    """Return a file of content/."""
    return yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))


VALID: Mapping[str, Any] = {
    "id": "drone-roslavl",
    "event": "drone-danger",
    "severity": "Moderate",
    "urgency": "Expected",
    "certainty": "Likely",
    "areas": ("roslavl",),
    "publish": "2026-11-24 13:00",
    "onset": "+1h",
    "expires": "+3h",
    "next_update": "+2h",
    "sender_name": both("Администрация округа", "District administration"),
    "citation": both("приказ главы округа", "order of the head of the district"),
    "headline": both("Возможны дроны над Рославлем", "Drones possible over Roslavl"),
    "description": both("Дроны летят к городу.", "Drones are flying to the town."),
    "impact": both("Обломки могут упасть на дома.", "Debris can fall on houses."),
    "instruction": (
        step("Зайдите в дом и закройте двери.", "Go home and close the doors.", "attack-indoors"),
        step("Не подходите к обломкам.", "Do not go near the debris.", "debris-found"),
    ),
}
"""A notice of which no rule says a word."""


def make_notice(**changes: Any) -> Notice:
    """Return a real notice that passes every rule."""
    return Notice.model_validate({**VALID, **changes})


def make_drill(**changes: Any) -> Drill:
    """Return a drill that passes every rule."""
    own = {
        "id": "drill",
        "status": "Exercise",
        "headline": both("Учебный сигнал: дрон", "Practice signal: drone"),
        "description": both("Так мы учимся работать.", "So we learn to work."),
        "impact": both("Так может выглядеть сообщение.", "A notice may look like this."),
    }
    return Drill.model_validate({**VALID, **own, **changes})


def make_withdrawal(**changes: Any) -> Notice:
    """Return a notice that takes `drone-roslavl` back."""
    own = {
        "id": "taken-back",
        "message_type": "Cancel",
        "references": ("drone-roslavl",),
        "was_wrong": both("Дронов не было.", "There were no drones."),
        "headline": both("Отозвано: дроны над Рославлем", "Withdrawn: drones over Roslavl"),
    }
    return make_notice(**{**own, **changes})


def make_all_clear(**changes: Any) -> Notice:
    """Return a notice that clears `drone-roslavl`."""
    own = {
        "id": "clear",
        "message_type": "Cancel",
        "references": ("drone-roslavl",),
        "response_type": ("AllClear",),
        "urgency": "Past",
        "headline": both("Отбой: дроны над Рославлем", "All clear: drones over Roslavl"),
        "description": both("Опасность миновала.", "The danger is over."),
        "instruction": (step("выходить на улицу", "go outside"),),
    }
    return make_notice(**{**own, **changes})


def make_correction(**changes: Any) -> Notice:
    """Return a notice that corrects `drone-roslavl`."""
    own = {
        "id": "corrected",
        "message_type": "Update",
        "references": ("drone-roslavl",),
        "was_wrong": both("Округ был другой.", "It was another district."),
        "description": both("Дроны летят мимо города.", "Drones are flying past the town."),
    }
    return make_notice(**{**own, **changes})


@cache
def areas() -> AreaTree:
    """Return the real places."""
    return AreaTree.of(TypeAdapter(tuple[Area, ...]).validate_python(read("areas.yaml")))


@cache
def make_setting() -> Setting:
    """Return the real words and places, and two guides."""
    phrases = NoticePhrases.model_validate(read("notice_phrases.yaml"))
    guides: dict[str, Guide] = {one: make_guide(one) for one in ("attack-indoors", "debris-found")}
    return Setting(phrases, areas(), guides, MOSCOW)


@cache
def make_policy() -> NoticePolicy:
    """Return the real policy."""
    return NoticePolicy.model_validate(read("notice_policy.yaml"))


@cache
def _desk() -> Desk:
    hazards = TypeAdapter(tuple[Hazard, ...]).validate_python(read("hazards.yaml"))
    return Desk(
        now=NOW,
        languages=LANGUAGES,
        setting=make_setting(),
        hazards={hazard.id: hazard for hazard in hazards},
        lexicon=Lexicon.model_validate(read("lint.yaml")),
        policy=make_policy(),
        numbers=frozenset({"112"}),
    )


def make_desk(**changes: Any) -> Desk:
    """Return the real lists at noon, with nothing else known."""
    desk = _desk()
    names = desk.__dataclass_fields__
    return Desk(**{**{name: getattr(desk, name) for name in names}, **changes})


@cache
def make_operator_phrases() -> OperatorPhrases:
    """Return the real words to operators."""
    return OperatorPhrases.model_validate(read("operator_phrases.yaml"))


def make_rules(**changes: Any) -> Rules:
    """Return the real rules for three operators: 501, 502, 503."""
    values: dict[str, Any] = {
        "setting": make_setting(),
        "policy": make_policy(),
        "languages": LANGUAGES,
        "default": "ru",
        "zone_name": "Europe/Moscow",
        "trusted": (501, 502, 503),
    }
    return Rules(**(values | changes))


def make_cards(language: str = "ru", person: int | None = 502, **changes: Any) -> Cards:
    """Return what makes cards for one operator, at noon."""
    now = changes.pop("now", NOW)
    return Cards(make_operator_phrases(), make_rules(**changes), language, now, person)


def make_record(announcement: Announcement | None = None, **changes: Any) -> Record:
    """Return a notice from a file that waits for approval."""
    notice = announcement or make_notice()
    values: dict[str, Any] = {
        "id": notice.id,
        "announcement": notice,
        "created_at": NOW,
        "state": State.IN_REVIEW,
    }
    return Record(**(values | changes))


def make_template(name: str) -> Template:
    """Return a real template."""
    return Template.model_validate(read(f"notice-templates/{name}.yaml"))


def times_of(announcement: Announcement, publish: dt.datetime = NOW) -> Times:
    """Return the instants of a notice that goes at `publish`."""
    times, troubles = read_times(announcement, MOSCOW, publish)
    assert times is not None, troubles
    return times
