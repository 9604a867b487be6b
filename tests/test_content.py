"""The real content: it loads, it is whole, its schemas are true and its handbook's example works."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.content.files import KINDS, kind_of
from bot.adapters.content.folder import load
from bot.adapters.content.schema import schemas
from bot.core import wording
from bot.core.answering.engine import Engine
from bot.core.consistency import errors
from bot.core.content import Content
from bot.core.guidance import Guide
from bot.core.subscribing import Subscribing
from bot.sandbox.entities import add_detected

FOLDER = Path(__file__).parent.parent / "content"
HANDBOOK = FOLDER / "README.md"

PUBLIC_NAMES = {
    "after-attack",
    "attack-in-vehicle",
    "attack-indoors",
    "attack-outdoors",
    "call-112",
    "children",
    "connection-outage",
    "damage-compensation",
    "debris-found",
    "drone-seen",
    "elderly-disabled",
    "emergency-kit",
    "evacuation",
    "fire",
    "first-aid-bleeding",
    "first-aid-burns",
    "gas-leak",
    "infrastructure-damage",
    "notices-how",
    "pets",
    "power-water-outage",
    "psychological-support",
    "report-sighting",
    "rumours",
    "sharing-media",
    "shelter",
    "siren-alert",
    "unexploded-ordnance",
    "window-safety",
}
"""Deep links and `ask --json` name these; they stay."""


def day_of_review() -> dt.date:
    """Return the day of the latest review: the real content's age is not what these tests are about."""
    dates = re.findall(
        r"^reviewed: (\S+)$", (FOLDER / "guides" / "fire.yaml").read_text("utf-8"), re.MULTILINE
    )
    return dt.date.fromisoformat(dates[0])


@pytest.fixture(scope="module")
def content() -> Content:
    loaded = load(FOLDER, day_of_review())
    assert errors(loaded.problems) == ()
    assert loaded.content is not None
    return loaded.content


def test_every_public_name_has_its_guide(content: Content) -> None:
    assert set(content.guides) >= PUBLIC_NAMES


def test_quiet_hours_promise_no_silence_to_what_rings_at_night(content: Content) -> None:
    named = {
        "ru": ("высок", "чрезвычайн", "не оценённ", "исправления", "отзывы"),
        "en": ("evere", "extreme", "not yet judged", "corrections", "withdrawals"),
    }
    for phrase in (content.phrases.quiet_choose, content.phrases.quiet_hours):
        for language, words in named.items():
            assert [word for word in words if word not in phrase[language]] == [], phrase[language]


def test_the_only_links_of_a_source_are_the_checked_ones(content: Content) -> None:
    for language in content.deployment.languages:
        for source in content.sources.values():
            line = wording.source_line(content, source, language)
            written = [
                {"type": entity.style.value, "offset": entity.offset, "length": entity.length}
                for entity in line.entities
            ]
            assert add_detected(line.words, written) == written, source.id


@pytest.mark.parametrize("name", sorted(PUBLIC_NAMES))
def test_every_step_is_supported_by_a_source_that_can_be_opened(content: Content, name: str) -> None:
    guide: Guide = content.guides[name]
    passages = list(guide.passages())

    for passage in passages:
        assert content.citations(iter([passage])), passage
    assert all(source.url.startswith(("https://", "http://")) for source in content.citations(iter(passages)))


@pytest.mark.parametrize(
    ("asked", "is_urgent"),
    [
        ("где ближайшее укрытие", False),
        ("вода", False),
        ("свет", False),
        ("power cut", False),
        ("угарный газ", True),
        ("генератор в комнате, болит голова", True),
        ("сирена воет куда бежать", True),
    ],
)
def test_112_stands_above_what_cannot_wait_and_nothing_else(
    real_engine: Engine, asked: str, is_urgent: bool
) -> None:
    assert real_engine.find(asked).urgent is is_urgent


def test_the_guide_on_notices_says_how_to_begin_and_end_them(content: Content) -> None:
    for language, summary in content.guides["notices-how"].summary.items():
        assert "/notices" in summary, language
        (last,) = re.findall(r"[«‘](\w+)[»’]", summary)
        assert last in content.phrases.stop_words[language]


def test_the_committed_schemas_are_those_of_the_code() -> None:
    committed = {file.name: json.loads(file.read_text("utf-8")) for file in (FOLDER / "schema").iterdir()}

    assert committed == schemas(), "run: python -m bot schema --write content/schema"


@pytest.mark.parametrize(
    "file", sorted(FOLDER.rglob("*.yaml")), ids=lambda file: str(file.relative_to(FOLDER))
)
def test_every_file_names_its_schema_to_editors(file: Path) -> None:
    kind = kind_of(str(file.relative_to(FOLDER)))
    assert kind is not None, "nobody reads this file"
    first = file.read_text("utf-8").splitlines()[0]

    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)

    assert named, first
    assert (file.parent / named[1]).resolve() == FOLDER / "schema" / f"{kind.name}.json"


def test_every_kind_of_file_has_a_schema_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) == len(schemas())


def examples() -> Iterator[tuple[str, str]]:
    """Yield the files of the handbook's worked example: a fenced block after a line that names its file."""
    pattern = r"`content/(\S+\.yaml)`[^\n]*\n+```yaml\n(.*?)```"
    for found in re.finditer(pattern, HANDBOOK.read_text("utf-8"), re.DOTALL):
        yield found[1], found[2]


def test_the_example_of_the_handbook_loads_without_a_problem(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder)
    before = load(folder, day_of_review())
    written = dict(examples())
    assert set(written) == {"sources.yaml", "guides/lift-stopped.yaml"}

    for name, text in written.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    after = load(folder, day_of_review())

    assert after.problems == before.problems
    assert after.content is not None
    assert after.content.guides["lift-stopped"].title["en"] == "The lift has stopped"


def test_the_sentences_that_the_handbook_explains_are_those_that_check_says(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder)
    guide = dict(examples())["guides/lift-stopped.yaml"]
    broken = guide.replace("risk: medium", "risk: midium").replace("sources: [L01]", "sources: [L1]", 1)
    (folder / "guides" / "lift-stopped.yaml").write_text(broken, encoding="utf-8")
    with (folder / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(dict(examples())["sources.yaml"])

    said = [
        str(problem)
        for problem in load(folder, day_of_review()).problems
        if problem.file == "guides/lift-stopped.yaml"
    ]

    assert said
    for sentence in said:
        assert sentence in HANDBOOK.read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "стоп",
        "Стоп!!!",
        "стоп, пожалуйста",
        "отпишись",
        "Отпишите меня, пожалуйста.",
        "отключите уведомления",
        "Бот, отключи уже эти уведомления",
        "хватит",
        "Хватит уведомлений!",
        "не присылайте больше",
        "больше не присылайте мне, спасибо",
        "stop please",
        "Please stop.",
        "please stop sending me notices",
        "Unsubscribe, thank you",
        "turn off notifications please",
    ],
)
def test_whoever_wants_no_notices_is_understood(content: Content, text: str) -> None:
    assert content.notices is not None
    assert Subscribing(content, content.notices).is_goodbye(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "пожалуйста",
        "спасибо",
        "стоп-кран сорвали",
        "хватит ли воды на трое суток",
        "отключили воду",
        "отключите газ",
        "отключили уведомления о воде или нет",
        "не пишите что в подвале безопасно",
        "stop the bleeding",
        "bus stop",
        "how do I stop bleeding please",
        "will it stop",
    ],
)
def test_whoever_asks_something_stays_subscribed(content: Content, text: str) -> None:
    assert content.notices is not None
    assert not Subscribing(content, content.notices).is_goodbye(text)
