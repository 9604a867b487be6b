"""What stands on the phone says how grave it is, what to do and until when, and later that it is over."""

import dataclasses
import datetime as dt

import pytest

from bot.core.message import Press, Style
from bot.core.notices.notice import Announcement
from bot.core.notices.phrases import NoticePhrases, blanks_of
from bot.core.notices.rendering import (
    Ending,
    drill_ahead_message,
    ended_message,
    moment,
    notice_message,
    place,
)
from bot.core.notices.states import State
from bot.core.phrases import blanks_in
from tests.core.notices.making import (
    LANGUAGES,
    NOW,
    areas,
    both,
    make_all_clear,
    make_correction,
    make_drill,
    make_notice,
    make_setting,
    make_withdrawal,
    times_of,
)


def shown(announcement: Announcement, language: str = "ru", planned: dt.datetime | None = None) -> str:
    times = times_of(announcement)
    return notice_message(announcement, times, language, make_setting(), NOW, planned).text.words


def test_a_notice_in_russian_reads_so() -> None:
    assert shown(make_notice()) == (
        "🟡 Средняя опасность\n"
        "Возможны дроны над Рославлем\n"
        "\n"
        "Дроны летят к городу. Обломки могут упасть на дома.\n"
        "Где: Рославльский округ\n"
        "Когда: с 13:00 до 15:00 24 ноября\n"
        "\n"
        "Что делать\n"
        "1. Зайдите в дом и закройте двери.\n"
        "2. Не подходите к обломкам.\n"
        "\n"
        "Сообщает: Администрация округа\n"
        "Основание: приказ главы округа\n"
        "Отправлено: 12:00 24 ноября 2026 года\n"
        "Действует до: 15:00 24 ноября\n"
        "Следующее сообщение: 14:00 24 ноября"
    )


def test_a_correction_in_english_reads_so() -> None:
    assert shown(make_correction(), "en").startswith(
        "✏ Correction\n"
        "Drones possible over Roslavl\n"
        "\n"
        "This was wrong: It was another district.\n"
        "What is true now: Drones are flying past the town. Debris can fall on houses.\n"
        "Where: Roslavl District\n"
    )


def test_a_correction_says_when_only_if_somebody_said_so() -> None:
    assert "Когда:" not in shown(make_correction(onset=None))
    assert "Когда: с 13:00 до 15:00 24 ноября\n" in shown(make_correction(onset="+1h"))


def test_a_withdrawal_repeats_neither_place_nor_time_of_what_was_wrong() -> None:
    words = shown(make_withdrawal())

    assert "Где:" not in words
    assert "Когда:" not in words
    assert "Действует до" not in words


def test_the_first_lines_of_all_levels_and_kinds_differ() -> None:
    levels = [make_notice(severity=s) for s in ("Extreme", "Severe", "Moderate", "Minor", "Unknown")]
    kinds = [
        make_notice(message_type="Update"),
        make_correction(),
        make_withdrawal(),
        make_all_clear(),
        make_drill(),
    ]

    for language in LANGUAGES:
        first_lines = [shown(one, language).split("\n")[0] for one in (*levels, *kinds)]
        assert len(set(first_lines)) == len(first_lines)


def test_a_withdrawn_or_cleared_warning_does_not_look_like_one() -> None:
    for one in (make_withdrawal(severity="Extreme"), make_all_clear(severity="Extreme")):
        assert "🔴" not in shown(one)
        assert "Действует до" not in shown(one)
    assert "🔴" not in shown(make_correction(severity="Extreme"))


def test_guides_are_buttons_each_once_and_unknown_ones_are_left_out() -> None:
    steps = [
        {"text": both("Идите.", "Go."), "guide": g} for g in ("debris-found", "debris-found", "no-such-guide")
    ]
    message = notice_message(
        make_notice(instruction=steps), times_of(make_notice()), "ru", make_setting(), NOW
    )

    assert [button.action for row in message.buttons for button in row] == [Press("guide:debris-found")]


def test_a_page_is_a_link_and_nothing_typed_becomes_one() -> None:
    notice = make_notice(web="https://mchs.gov.ru/a", headline=both("<b>https://x.ru</b>", "x"))
    message = notice_message(notice, times_of(notice), "ru", make_setting(), NOW)

    links = [entity.url for entity in message.text.entities if entity.style is Style.LINK]
    assert links == ["https://mchs.gov.ru/a"]
    assert "<b>https://x.ru</b>" in message.text.words


def test_one_that_goes_late_says_so() -> None:
    assert "Отправлено с опозданием, должно было уйти в 11:00 24 ноября." in shown(
        make_notice(), planned=NOW - dt.timedelta(hours=1)
    )


def test_a_preview_leaves_the_time_of_sending_open() -> None:
    message = notice_message(make_notice(), times_of(make_notice()), "ru", make_setting())

    assert "здесь будет время отправки" in message.text.words


@pytest.mark.parametrize("status", ["Exercise", "Test"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drill_says_so_in_its_first_and_last_line_on_arrival_and_after(status: str, language: str) -> None:
    drill = make_drill(status=status)
    times, setting = times_of(drill), make_setting()
    mark = (setting.phrases.exercise if status == "Exercise" else setting.phrases.test)[language]

    arrived = notice_message(drill, times, language, setting, NOW)
    ended = ended_message(drill, times, language, setting, Ending(State.EXPIRED, NOW), NOW)
    ahead = drill_ahead_message(drill, times, language, setting)

    for message in (arrived, ended, ahead):
        lines = message.text.words.split("\n")
        assert lines[0] == lines[-1] == mark


@pytest.mark.parametrize("state", [State.EXPIRED, State.CLEARED, State.CANCELLED, State.SUPERSEDED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_ending_says_first_that_it_is_over_and_how(state: State, language: str) -> None:
    notice, setting = make_notice(), make_setting()
    message = ended_message(notice, times_of(notice), language, setting, Ending(state, NOW), NOW)

    first = message.text.words.split("\n")[0]
    others = {
        ended_message(notice, times_of(notice), language, setting, Ending(other, NOW), NOW).text.words.split(
            "\n"
        )[0]
        for other in (State.EXPIRED, State.CLEARED, State.CANCELLED, State.SUPERSEDED)
    }
    assert len(others) == 4
    assert "12:00" in first
    assert message.buttons == ()
    folded = [entity for entity in message.text.entities if entity.style is Style.EXPANDABLE_QUOTE]
    assert len(folded) == 1


def test_a_corrected_copy_says_what_was_wrong_and_a_replaced_one_what_is_new() -> None:
    notice, setting = make_notice(), make_setting()

    corrected = Ending(State.SUPERSEDED, NOW, make_correction())
    replaced = Ending(
        State.SUPERSEDED, NOW, make_notice(message_type="Update", headline=both("Дальше", "On"))
    )

    words = [
        ended_message(notice, times_of(notice), "ru", setting, ending, NOW).text.words
        for ending in (corrected, replaced)
    ]
    assert words[0].startswith("Исправлено: 12:00 24 ноября 2026 года.")
    assert "Было неверно: Округ был другой." in words[0]
    assert words[1].startswith("Заменено:")
    assert "Дальше" in words[1]


def test_everyone_is_named_as_the_whole_map() -> None:
    assert place(make_notice(areas="all"), "en", areas()) == "Smolensk Region"


def test_where_clocks_differ_every_time_says_by_which() -> None:
    setting = make_setting()
    there = areas().by_id["roslavl"].model_copy(update={"time_zone": "Europe/Samara"})
    moved = dataclasses.replace(areas(), by_id={**areas().by_id, "roslavl": there})

    assert moment(NOW, "ru", dataclasses.replace(setting, areas=moved)) == "12:00 24 ноября 2026 года UTC+3"
    assert moment(NOW, "ru", setting) == "12:00 24 ноября 2026 года"


def test_a_time_of_another_year_names_it() -> None:
    assert moment(NOW, "en", make_setting(), NOW) == "12:00 on 24 November"
    assert moment(NOW, "en", make_setting(), NOW - dt.timedelta(days=365)).endswith("2026")


def test_the_phrases_have_exactly_their_blanks_in_both_languages() -> None:
    phrases = make_setting().phrases
    for name in NoticePhrases.model_fields:
        if name == "months":
            continue
        for language in LANGUAGES:
            assert blanks_in(getattr(phrases, name)[language]) == blanks_of(name), name
