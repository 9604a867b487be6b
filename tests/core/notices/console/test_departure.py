"""A card says when a notice really goes, not only when it was planned for."""

import datetime as dt

import pytest

from bot.core.message import Press
from bot.core.notices.console.card import Cards
from bot.core.notices.record import Record
from bot.core.notices.states import State
from tests.core.notices.making import (
    NOW,
    make_cards,
    make_drill,
    make_notice,
    make_record,
    times_of,
)

NIGHT = NOW.replace(hour=1, minute=11)
"""04:11 in Moscow."""


def lines(cards: Cards, record: Record) -> list[str]:
    return cards.card(record).text.words.split("\n")


def labels(cards: Cards, record: Record) -> list[str]:
    return [button.label for row in cards.card(record).buttons for button in row]


def at_once(**changes: object) -> Record:
    return make_record(make_notice(publish=None, expires="+6h", **changes))


def held(**changes: object) -> Record:
    notice = make_notice(severity="Extreme", urgency="Immediate")
    since = {"times": times_of(notice, NOW - dt.timedelta(minutes=40)), "state": State.HELD}
    return make_record(notice, **(since | {"held_since": NOW} | changes))


def test_what_goes_on_approval_says_so() -> None:
    assert "Когда: сразу после одобрения" in lines(make_cards(), at_once())


@pytest.mark.parametrize(
    ("expires", "ru", "en"),
    [
        ("+1d", "1 дн.", "1 d"),
        ("+14d", "14 дн.", "14 d"),
        ("+1h", "1 ч", "1 h"),
        ("+72h", "72 ч", "72 h"),
        ("+1m", "1 мин", "1 min"),
        ("+90m", "90 мин", "90 min"),
    ],
)
def test_a_length_reads_well_of_one_and_of_many(expires: str, ru: str, en: str) -> None:
    record = make_record(make_notice(publish=None, onset=None, expires=expires))

    assert f"Действует: {ru} после отправки" in lines(make_cards(), record)
    assert f"Valid for: {en} after it goes out" in lines(make_cards("en"), record)


def test_at_night_what_can_wait_says_that_it_goes_in_the_morning() -> None:
    cards = make_cards(now=NIGHT)

    assert "Если одобрить сейчас, уйдёт в 07:30 24 ноября: ночью такие не рассылаем" in lines(
        cards, at_once()
    )
    assert "Когда: сразу после одобрения" in lines(cards, at_once(severity="Severe"))
    accepted = at_once(accepted={"L25": "Воду уже отключили"})
    assert "Когда: сразу после одобрения" in lines(cards, accepted)


def test_what_is_planned_for_the_night_says_when_it_goes_instead() -> None:
    planned = make_record(make_notice(publish="2026-11-25 04:11", expires="+9h"))

    assert "Когда: 07:30 25 ноября, ночью такие не рассылаем" in lines(make_cards(), planned)


def test_what_is_held_for_a_while_says_when_it_goes_by_itself_and_can_be_kept() -> None:
    shown = lines(make_cards(), held())

    assert "Уйдёт само в 12:05 24 ноября, если никто не решит иначе" in shown
    assert "Почему: чрезвычайное, опоздание больше 30 минут" in shown
    assert "✋ Держать, не отправлять" in labels(make_cards(), held())


def test_what_a_person_holds_does_not_go_by_itself() -> None:
    stopped = held(by_person=True)

    assert "Само не уйдёт, ждёт решения оператора" in lines(make_cards(), stopped)
    assert "✋ Держать, не отправлять" not in labels(make_cards(), stopped)


@pytest.mark.parametrize(("minutes", "label"), [(30, "▶ Снять с паузы"), (-1, "▶ Отправить")])
def test_before_its_time_what_is_held_can_be_released_and_from_then_on_sent(minutes: int, label: str) -> None:
    notice = make_notice()
    times = times_of(notice, NOW + dt.timedelta(minutes=minutes))
    record = make_record(notice, state=State.HELD, times=times, held_since=NOW, by_person=True)

    assert label in labels(make_cards(), record)


def test_a_draft_says_when_it_would_go() -> None:
    assert "Когда: сразу после одобрения" in lines(
        make_cards(), make_record(at_once().announcement, state=State.DRAFT)
    )


def test_a_drill_of_residents_that_nobody_was_told_of_says_why_it_does_not_go() -> None:
    drill = make_drill(audience="subscribers", publish="2026-11-24 12:30")
    record = make_record(
        drill, state=State.HELD, times=times_of(drill, NOW + dt.timedelta(minutes=30)), held_since=NOW
    )

    assert "Почему: жителей не предупредили об учениях за сутки" in lines(make_cards(), record)


def test_the_channel_stands_on_the_card_of_what_goes_there() -> None:
    named = make_cards(channel=-1009, channel_name="@smolensk_safety")

    assert "И в канал @smolensk_safety: его видят все" in lines(named, at_once())
    assert "И в канал: его видят все" in lines(make_cards(channel=-1009), at_once())
    assert "Получателей: 7 и канал" in named.card(at_once(), 7).text.words
    assert "Получателей: 7\n" in make_cards().card(at_once(), 7).text.words
    assert not [line for line in lines(make_cards(), at_once()) if "канал" in line]
    assert not [line for line in lines(named, make_record(make_drill())) if "канал" in line]


def test_people_are_told_apart_and_the_reader_is_you() -> None:
    record = make_record(author=501)

    assert "Автор: вы" in lines(make_cards(person=501), record)
    assert "Автор: 501" in lines(make_cards(person=502), record)


def test_the_author_has_no_button_that_would_be_refused_and_reads_why() -> None:
    record = make_record(make_notice(severity="Severe"), author=501)
    author, other = make_cards(person=501), make_cards(person=502)

    assert "✅ Одобрить" not in labels(author, record)
    assert "Вы автор: одобряет другой человек" in lines(author, record)
    assert "✅ Одобрить" in labels(other, record)
    minor = make_record(make_notice(severity="Minor"), author=501)
    assert "✅ Одобрить" in labels(author, minor)


def test_every_button_of_a_card_carries_which_words_were_on_the_screen() -> None:
    card = make_cards().card(make_record())

    [[yes, no], [back], [desk]] = card.buttons
    assert isinstance(yes.action, Press)
    version = yes.action.data.rsplit(":", 1)[1]
    assert len(version) == 8
    assert all(isinstance(one.action, Press) and one.action.data.endswith(version) for one in (no, back))
    assert desk.action == Press("op:desk")
    assert f"№ drone-roslavl · Версия: {version}" in card.text.words
