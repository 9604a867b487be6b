"""What an operator is asked: the blanks of a template one by one, or the reason for a no."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.guidance import Language
from bot.core.message import Button, OutgoingMessage, Style, Text, joined, styled
from bot.core.notices.audience import AreaTree
from bot.core.notices.console import complaints
from bot.core.notices.console.card import Cards
from bot.core.notices.console.presses import LONGEST_ID, Verb, mark_of, press, press_number
from bot.core.notices.console.speech import clipped
from bot.core.notices.filling import (
    LONGEST_HOURS,
    Earlier,
    Question,
    fill,
    next_question,
    questions,
    read_answer,
    whole_time,
)
from bot.core.notices.local_time import Fold, Gap, Once, resolve
from bot.core.notices.notice import EVERYONE, Drill, Notice
from bot.core.notices.record import Record
from bot.core.notices.template import BLANK, BlankKind, Template, TemplateKind
from bot.core.problem import Level, Problem

SHORTEST_REASON = 10
LONGEST_ANSWER = 1000
LONGEST_LABEL = 40
MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Rejecting:
    """Somebody is about to reject a notice and is asked why; `reason` is what waits for the second tap."""

    notice_id: str
    version: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """A template with the answers so far.

    `warning` is the rule whose warning waits for its reason. `made` is the finished notice, shown and not yet
    submitted.
    """

    template: Template
    notice_id: str
    earlier: Earlier | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""
    made: Notice | Drill | None = None

    @property
    def mark(self) -> str:
        """What the buttons under its questions carry: they stand for it and for nothing begun later."""
        return mark_of(self.notice_id)

    def announcement(self, languages: Sequence[Language]) -> Notice | Drill | tuple[Problem, ...]:
        """Return the notice that the answers make, or what is missing."""
        filled = fill(self.template, self.answers, self.notice_id, languages, self.earlier)
        if isinstance(filled, tuple):
            return filled
        return filled.model_copy(update={"accepted": dict(self.reasons)})

    def answered(self, languages: Sequence[Language]) -> tuple[Question, ...]:
        """Return the questions that have an answer, in their order."""
        return tuple(one for one in questions(self.template, languages) if one.key in self.answers)

    def without(self, question: Question) -> "Filling":
        """Return it without one answer: that one is asked again, and the warnings anew with it."""
        answers = {key: answer for key, answer in self.answers.items() if key != question.key}
        return replace(self, answers=answers, reasons={}, warning="", made=None)


Talk = Rejecting | Filling


def notice_id_for(name: str, now: dt.datetime, zone: dt.tzinfo, apart: str = "") -> str:
    """Return an id for a notice that has no file: what it is and when it was begun, at most 40 characters.

    `apart` tells it from others of that second.
    """
    behind = f"-{now.astimezone(zone):%y%m%d-%H%M%S}" + (f"-{apart}" if apart else "")
    return name[: LONGEST_ID - len(behind)].strip("-") + behind


def question(filling: Filling, cards: Cards) -> OutgoingMessage | None:
    """Return the next question, None when everything is answered."""
    languages = cards.rules.languages
    asked = next_question(filling.template, languages, filling.answers)
    if asked is None:
        return None
    everything = questions(filling.template, languages)
    text = cards.say(
        cards.phrases.fill_question,
        number=everything.index(asked) + 1,
        total=len(everything),
        question=_words(asked, cards),
    )
    same, rows = "", ways_out(filling, cards)
    if asked.blank.kind is BlankKind.AREAS and filling.earlier is not None:
        same = cards.say(cards.phrases.fill_same, areas=_areas(_places(filling.earlier), cards))
        label = cards.phrases.button_same[cards.language]
        rows = ((Button(label, press(Verb.SAME, fingerprint=filling.mark)),), *rows)
    return OutgoingMessage(joined((text, same)), rows)


def same_places(filling: Filling, languages: Sequence[Language]) -> Filling | None:
    """Return the filling with the places of the earlier notice, None where they are not what is asked."""
    asked = next_question(filling.template, languages, filling.answers)
    if asked is None or asked.blank.kind is not BlankKind.AREAS or filling.earlier is None:
        return None
    return replace(filling, answers={**filling.answers, asked.key: _places(filling.earlier)})


def answers_screen(filling: Filling, cards: Cards) -> OutgoingMessage:
    """Return the answers so far, each a button that asks its question again, by the question's number."""
    languages = cards.rules.languages
    given = filling.answered(languages)
    lines: list[Text | str] = [styled(Style.BOLD, cards.say(cards.phrases.fill_answers))]
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(questions(filling.template, languages), 1):
        if one not in given:
            continue
        lines.append(f"{number}. {_words(one, cards)}")
        label = clipped(f"{number}. {_readable(one, filling.answers[one.key], cards)}", LONGEST_LABEL)
        rows.append((Button(label, press_number(Verb.FIX, number, filling.mark)),))
    on = press(Verb.CONTINUE, fingerprint=filling.mark)
    back = (Button(cards.phrases.button_back[cards.language], on),)
    return OutgoingMessage(joined(lines), (*rows, back))


def answered(
    filling: Filling, typed: str, cards: Cards, areas: AreaTree, zone: dt.tzinfo
) -> Filling | Problem:
    """Return the filling with the answer to its question, or why the answer cannot be used."""
    typed = typed[:LONGEST_ANSWER]
    if filling.warning:
        reason = " ".join(typed.split())
        if len(reason) < SHORTEST_REASON:
            return Problem("", (), "the reason is too short", f"expected {SHORTEST_REASON} letters or more")
        return replace(filling, reasons={**filling.reasons, filling.warning: reason}, warning="")
    asked = next_question(filling.template, cards.rules.languages, filling.answers)
    if asked is None:
        return filling
    answer = read_answer(asked, typed, areas, cards.language, cards.now, zone)
    if isinstance(answer, Problem):
        return answer
    return replace(filling, answers={**filling.answers, asked.key: answer})


def why_wrong(filling: Filling, typed: str, problem: Problem, cards: Cards, areas: AreaTree) -> str:
    """Return in the operator's own language why an answer cannot be used; the rarer reasons as they are."""
    phrases, text = cards.phrases, " ".join(typed.split())
    if filling.warning:
        return cards.say(phrases.wrong_reason, least=SHORTEST_REASON)
    asked = next_question(filling.template, cards.rules.languages, filling.answers)
    kind = asked.blank.kind if asked is not None else None
    if kind is BlankKind.HOURS:
        return cards.say(phrases.wrong_hours, answer=text, most=LONGEST_HOURS)
    if kind is BlankKind.TIME:
        return _why_no_time(text, cards)
    if kind is BlankKind.AREAS:
        for name in filter(None, map(str.strip, text.split(","))):
            found = areas.find(name, cards.language)
            if len(found) > 1:
                places = ", ".join(area.name[cards.language] for area in found[:MOST_PLACES])
                return cards.say(phrases.wrong_which, places=places)
            if not found and name not in areas.by_id:
                return cards.say(phrases.wrong_areas, answer=name)
    return str(problem).lstrip(": ")


def _why_no_time(text: str, cards: Cards) -> str:
    """Return why a time cannot be used: twice a year clocks leave an hour out or show it again."""
    phrases, zone = cards.phrases, cards.rules.setting.zone
    match resolve(whole_time(text, cards.now, zone), zone):
        case Gap() as gap:
            return cards.say(phrases.wrong_time_gap, time=gap.text, before=gap.before, after=gap.after)
        case Fold() as fold:
            return cards.say(phrases.wrong_time_fold, time=fold.text)
        case Once() as once:
            return cards.say(phrases.wrong_time_once, time=once.plain)
        case _:
            return cards.say(phrases.wrong_time, answer=text)


def doubted(filling: Filling, problems: Iterable[Problem]) -> Filling:
    """Return the filling without the answers that the problems are about: only those are asked again."""
    doubtful: set[str] = set()
    texts = dict(filling.template.notice.texts())
    for problem in problems:
        *place, language = problem.path or ("",)
        blanks = BLANK.findall(texts.get(tuple(place), {}).get(str(language), ""))
        doubtful |= {f"{blank}.{language}" for blank in blanks} | {str(part) for part in problem.path[:1]}
    return replace(filling, answers={k: v for k, v in filling.answers.items() if k not in doubtful})


def open_warning(problems: Iterable[Problem]) -> Problem | None:
    """Return the first warning that has no reason yet."""
    return next((problem for problem in problems if problem.level is Level.WARNING), None)


def problem_lines(problems: Sequence[Problem], cards: Cards) -> str:
    """Return problems as lines in the operator's language, as many as fit."""
    return complaints.problem_lines(problems, cards.phrases, cards.language)


def problem_words(problem: Problem, cards: Cards) -> str:
    """Return one problem as a sentence in the operator's language."""
    return complaints.problem_words(problem, cards.phrases, cards.language)


def templates_screen(templates: Iterable[Template], cards: Cards, *, drills: bool) -> OutgoingMessage:
    """Return the choice of a template. Real ones and drills never stand on one screen."""
    phrases = cards.phrases
    wanted = TemplateKind.DRILL if drills else TemplateKind.NOTICE
    rows = tuple(
        (Button(one.name[cards.language], press(Verb.FILL, one.id)),)
        for one in templates
        if one.kind is wanted
    )
    title = cards.say(phrases.choose_drill if drills else phrases.choose_template)
    back = Button(phrases.button_back[cards.language], press(Verb.DRILLS if drills else Verb.DESK))
    return OutgoingMessage(styled(Style.BOLD, title), (*rows, (back,)))


def changes_screen(templates: Iterable[Template], record: Record, cards: Cards) -> OutgoingMessage:
    """Return what can be done with a notice that people have; each button carries which notice that is."""
    phrases = cards.phrases
    rows = tuple(
        (Button(one.name[cards.language], press(Verb.CHANGE_BY, record.id, mark_of(one.id))),)
        for one in templates
        # The withdrawal has a button of its own and needs no questions.
        if one.kind.changes_another and one.kind is not TemplateKind.WITHDRAWAL
    )
    title = cards.say(phrases.choose_change, title=cards.title(record.announcement))
    about = cards.say(phrases.number, id=record.id)
    back = Button(phrases.button_back[cards.language], press(Verb.CARD, record.id))
    return OutgoingMessage(joined((styled(Style.BOLD, title), about)), (*rows, (back,)))


def submit_screen(filling: Filling, shown: str, cards: Cards) -> OutgoingMessage:
    """Return the question under a preview; `shown` is the fingerprint of what that preview shows."""
    phrases = cards.phrases
    send = (Button(phrases.button_submit[cards.language], press(Verb.SEND, filling.notice_id, shown)),)
    text = styled(Style.BOLD, cards.say(phrases.fill_ready))
    return OutgoingMessage(text, (send, *ways_out(filling, cards)))


def ways_out(filling: Filling, cards: Cards) -> tuple[tuple[Button, ...], ...]:
    """Return the rows under everything that is asked: to change an answer, and to give it all up."""
    fix = (Button(cards.phrases.button_fix[cards.language], press(Verb.FIX, fingerprint=filling.mark)),)
    return (fix, cancel_row(cards)) if filling.answers else (cancel_row(cards),)


def cancel_row(cards: Cards) -> tuple[Button, ...]:
    """Return the row that gives up what is being asked."""
    return (Button(cards.phrases.button_cancel[cards.language], press(Verb.CANCEL)),)


def _words(asked: Question, cards: Cards) -> str:
    words = asked.blank.ask[cards.language]
    if not asked.language:
        return words
    return cards.say(cards.phrases.fill_in_language, question=words, language=asked.language)


def _places(earlier: Earlier) -> str:
    """Return the places of a notice in the form in which an answer keeps them."""
    announcement = earlier.announcement
    return EVERYONE if announcement.is_to_everyone else ",".join(announcement.area_ids)


def _areas(answer: str, cards: Cards) -> str:
    return cards.rules.setting.areas.names(answer.split(","), cards.language) or answer


def _readable(asked: Question, answer: str, cards: Cards) -> str:
    match asked.blank.kind:
        case BlankKind.AREAS:
            return _areas(answer, cards)
        case BlankKind.HOURS:
            unit = cards.phrases.hours if answer.endswith("h") else cards.phrases.minutes
            return cards.say(unit, count=answer[1:-1])
        case _:
            return answer
