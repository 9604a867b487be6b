"""Content for tests, valid by default: a test names only what it is about."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.core.content import Contacts, Content, Deployment, Emergency, EmergencyNumber
from bot.core.guidance import Category, Guide, Risk, Source, Standing, Step
from bot.core.phrases import Phrases, blanks_of

TODAY = dt.date(2026, 11, 22)
"""The day on which the tests happen."""

LANGUAGES = ("ru", "en")


def in_both(ru: str, en: str) -> dict[str, str]:
    """Return a text in the two languages of the tests."""
    return {"ru": ru, "en": en}


def make_source(**changes: Any) -> Source:
    """Return a primary source, S01 unless told otherwise."""
    values: dict[str, Any] = {
        "id": "S01",
        "publisher": in_both("МЧС России", "EMERCOM of Russia"),
        "title": "Памятка населению",
        "language": "ru",
        "url": "https://mchs.example.org/pamyatka",
        "kind": Standing.PRIMARY,
        "checked": TODAY,
    }
    return Source.model_validate(values | changes)


def make_step(ru: str = "Отойдите.", en: str = "Walk away.", *sources: str) -> Step:
    """Return a step that cites `sources`, S01 unless told otherwise."""
    return Step(text=in_both(ru, en), sources=sources or ("S01",))


def make_guide(id: str = "debris-found", **changes: Any) -> Guide:  # noqa: A002 - the field's own name
    """Return a guide of one step in each part; its questions are its own, so that two guides share none."""
    values: dict[str, Any] = {
        "id": id,
        "category": "drones",
        "life_threat": True,
        "risk": Risk.HIGH,
        "reviewed": TODAY,
        "title": in_both(f"Памятка {id}", f"Guide {id}"),
        "summary": in_both("О чём это.", "What this is about."),
        "now": (make_step("Отойдите подальше.", "Walk away."),),
        "never": (make_step("Не трогайте.", "Do not touch it."),),
        "after": (make_step("Ждите спасателей.", "Wait for the rescuers."),),
        "keywords": {"ru": ("обломки", id), "en": ("debris", id)},
        "questions": {
            "ru": tuple(f"вопрос {number} про {id}" for number in range(1, 9)),
            "en": tuple(f"question {number} about {id}" for number in range(1, 9)),
        },
    }
    return Guide.model_validate(values | changes)


def make_category(id: str = "drones", **changes: Any) -> Category:  # noqa: A002 - the field's own name
    """Return a category."""
    values: dict[str, Any] = {"id": id, "title": in_both(f"Раздел {id}", f"Topic {id}")}
    return Category.model_validate(values | changes)


def make_deployment(**changes: Any) -> Deployment:
    """Return an installation in Russian and English, Russian by default."""
    values: dict[str, Any] = {
        "service": in_both("Памятка", "Safety Bot"),
        "region": in_both("Смоленская область", "Smolensk Region"),
        "time_zone": "Europe/Moscow",
        "languages": LANGUAGES,
        "default_language": "ru",
        "emergency": Emergency(
            number="112",
            others=(EmergencyNumber(number="101", name=in_both("пожарные и спасатели", "fire and rescue")),),
        ),
        "contacts": Contacts(operators="operators@city.test", privacy="privacy@city.test"),
        "review_months": {Risk.HIGH: 6, Risk.MEDIUM: 12, Risk.LOW: 18},
    }
    return Deployment.model_validate(values | changes)


def make_phrases(**changes: Mapping[str, str]) -> Phrases:
    """Return every phrase, each told from the others: its name, the language and its blanks."""
    values: dict[str, Mapping[str, str]] = {}
    for name in Phrases.model_fields:
        blanks = "".join(f" {{{blank}}}" for blank in sorted(blanks_of(name)))
        values[name] = {language: f"{name} {language}{blanks}" for language in LANGUAGES}
    return Phrases.model_validate(values | changes)


def make_content(*guides: Guide, **changes: Any) -> Content:
    """Return consistent content around `guides`, one when none is given: what they refer to exists."""
    known = {guide.id: guide for guide in guides or (make_guide(),)}
    passages = [passage for guide in known.values() for passage in guide.passages()]
    cited = sorted({source for passage in passages for source in passage.step.sources})
    shelves = dict.fromkeys(guide.category for guide in known.values())
    values: dict[str, Any] = {
        "deployment": make_deployment(),
        "categories": tuple(make_category(shelf) for shelf in shelves),
        "sources": {name: make_source(id=name, url=f"https://example.org/{name}") for name in cited},
        "guides": known,
        "phrases": make_phrases(),
    }
    return Content(**(values | changes))
