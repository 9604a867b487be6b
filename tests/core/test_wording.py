"""The words of a message, where they need care."""

import pytest

from bot.core import wording
from bot.core.guidance import Standing
from bot.sandbox.entities import detect
from tests.factories import in_both, make_content, make_phrases, make_source


@pytest.mark.parametrize(
    "name", ["URA.RU", "72tuntia.fi (SPEK)", "ccbtr.com.au", "Новости, мчс.рф", "ura.news"]
)
def test_a_source_named_after_its_site_is_no_link_beside_the_checked_one(name: str) -> None:
    assert [one["type"] for one in detect(name)] == ["url"]
    source = make_source(
        kind=Standing.SECONDARY, publisher=in_both(name, name), quotes=in_both(f"МЧС, {name}", name)
    )

    line = wording.source_line(make_content(), source, "ru")

    assert detect(line.words) == []
    assert line.words.replace("\u2060", "").count(name) == 2
    assert [entity.url for entity in line.entities] == [source.url]


@pytest.mark.parametrize("name", ["МЧС России", "Приказ № 1.5", "Совет при ООН. Женева"])
def test_any_other_name_is_left_as_it_is(name: str) -> None:
    assert wording.unlinked(name) == name


def test_what_telegram_shows_about_the_bot_names_the_number_of_the_deployment() -> None:
    phrases = make_phrases(
        description=in_both("Звоните {number}.", "Call {number}."),
        short_description=in_both("Беда — {number}.", "Trouble: {number}."),
    )

    shown = wording.profile(make_content(phrases=phrases), "ru")

    assert (shown.description, shown.short_description) == ("Звоните 112.", "Беда — 112.")
