"""Notices for tests: a small region, its phrases, a notice and a drill, valid by default."""

import datetime as dt
from typing import Any

from bot.core.content import Content
from bot.core.guidance import Written
from bot.core.notices.approval import NoticePolicy
from bot.core.notices.audience import Area, AreaTree
from bot.core.notices.book import NoticeBook
from bot.core.notices.hazard import Hazard
from bot.core.notices.lint.lexicon import Lexicon
from bot.core.notices.live import Live
from bot.core.notices.local_time import Times
from bot.core.notices.notice import Drill, Notice
from bot.core.notices.operator_phrases import OperatorPhrases
from bot.core.notices.operator_phrases import blanks_of as operator_blanks
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.phrases import blanks_of as notice_blanks
from tests.factories import LANGUAGES, in_both, make_content, make_guide

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
"""Noon in Moscow, on the day of the tests."""


def make_area(id: str, ru: str, en: str, **changes: Any) -> Area:  # noqa: A002 - the field's own name
    """Return an area with names in both languages."""
    return Area.model_validate({"id": id, "name": in_both(ru, en)} | changes)


AREAS = AreaTree.of(
    (
        make_area("smolensk-region", "Смоленская область", "Smolensk Region"),
        *(
            make_area(
                name, ru, en, parent="smolensk-region", keywords={"ru": (short,), "en": (name.capitalize(),)}
            )
            for name, ru, en, short in (
                ("roslavl", "Рославльский округ", "Roslavl District", "Рославль"),
                ("vyazma", "Вяземский округ", "Vyazma District", "Вязьма"),
                ("gagarin", "Гагаринский округ", "Gagarin District", "Гагарин"),
                ("desnogorsk", "город Десногорск", "Desnogorsk", "Десногорск"),
                ("velizh", "Велижский округ", "Velizh District", "Велиж"),
                ("glinka", "Глинковский округ", "Glinka District", "Глинка"),
                ("pochinok", "Починковский округ", "Pochinok District", "Починок"),
                ("rudnya", "Руднянский округ", "Rudnya District", "Рудня"),
                ("sychyovka", "Сычёвский округ", "Sychyovka District", "Сычёвка"),
            )
        ),
    )
)


def _named(model: type[Written], blanks_of: Any, special: dict[str, Any]) -> dict[str, Any]:
    """Return every phrase of a model, each told from the others: its name, the language and its blanks."""
    return {
        name: {
            language: f"{name} {language}" + "".join(f" {{{blank}}}" for blank in sorted(blanks_of(name)))
            for language in LANGUAGES
        }
        for name in model.model_fields
    } | special


def make_notice_phrases() -> NoticePhrases:
    """Return the words around a notice."""
    months = {language: tuple(f"month{n}" for n in range(1, 13)) for language in LANGUAGES}
    return NoticePhrases.model_validate(_named(NoticePhrases, notice_blanks, {"months": months}))


def make_operator_phrases() -> OperatorPhrases:
    """Return the words to operators."""
    return OperatorPhrases.model_validate(_named(OperatorPhrases, operator_blanks, {}))


def make_lexicon() -> Lexicon:
    """Return word lists that find nothing."""
    lists = dict.fromkeys(LANGUAGES, ("словонетакого",))
    values: dict[str, Any] = dict.fromkeys(Lexicon.model_fields, lists)
    values |= {
        "actions": {"ru": ("Наберите", "Укройтесь"), "en": ("Fill", "Take cover")},
        "impact": {"ru": ("может",), "en": ("may",)},
        "contradictions": (),
        "hosts": ("example.org",),
        "glossary": ("МЧС",),
        "shorteners": ("short.example",),
        "placeholders": ("XXX",),
        "number_words": {},
        "drill_only": {"ru": ("учен*", "exercise*", "test*"), "en": ("drill*", "exercise*", "test*")},
    }
    return Lexicon.model_validate(values)


def make_policy(**changes: Any) -> NoticePolicy:
    """Return a policy: one person below Severe."""
    levels = {"Extreme": 2, "Severe": 2, "Moderate": 1, "Minor": 1, "Unknown": 2}
    return NoticePolicy.model_validate({"approvals": levels} | changes)


def _wording(**changes: Any) -> dict[str, Any]:
    return {
        "id": "water-cut",
        "event": "water-outage",
        "severity": "Moderate",
        "urgency": "Expected",
        "certainty": "Likely",
        "areas": ("roslavl",),
        "expires": "+3h",
        "next_update": "+1h",
        "sender_name": in_both("Водоканал города", "Water works"),
        "citation": in_both("письмо 12 водоканала", "letter 12 of the water works"),
        "headline": in_both("Вода отключена", "Water is off"),
        "description": in_both("Чинят трубу на улице Мира.", "A pipe on Mira Street is mended."),
        "impact": in_both("Вода может быть мутной.", "Water may be cloudy."),
        "instruction": ({"text": in_both("Наберите воды.", "Fill some water."), "guide": "debris-found"},),
    } | changes


def make_notice(**changes: Any) -> Notice:
    """Return a notice that passes the rules, for Roslavl."""
    return Notice.model_validate(_wording(**changes))


def make_drill(**changes: Any) -> Drill:
    """Return a drill of the operators."""
    return Drill.model_validate(_wording(**{"id": "practice", "status": "Exercise"} | changes))


def make_book(**changes: Any) -> NoticeBook:
    """Return a book without notices of its own."""
    hazard = Hazard.model_validate(
        {
            "id": "water-outage",
            "category": "Infra",
            "name": in_both("Отключение воды", "Water outage"),
            "words": {"ru": ("вод",), "en": ("water",)},
        }
    )
    values: dict[str, Any] = {
        "areas": AREAS,
        "hazards": {hazard.id: hazard},
        "phrases": make_notice_phrases(),
        "operator_phrases": make_operator_phrases(),
        "lexicon": make_lexicon(),
        "policy": make_policy(),
    }
    return NoticeBook(**(values | changes))


def make_content_with_notices(book: NoticeBook | None = None, **changes: Any) -> Content:
    """Return content with one guide and a book."""
    return make_content(make_guide("debris-found"), notices=book or make_book(), **changes)


def make_live(notice: Notice | Drill | None = None, issued_at: dt.datetime = NOW) -> Live:
    """Return a notice in force since `issued_at`, for three hours."""
    end = issued_at + dt.timedelta(hours=3)
    return Live(notice or make_notice(), Times(issued_at, issued_at, issued_at, end), issued_at)
