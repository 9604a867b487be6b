"""What an operator is being asked just now: the blanks of a template one by one, or the reason for a no."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.guidance import Language
from bot.core.message import Button, OutgoingMessage, Text
from bot.core.notices.audience import AreaTree
from bot.core.notices.console.card import Cards
from bot.core.notices.console.presses import Verb, press
from bot.core.notices.filling import LONGEST_HOURS, fill, next_question, questions, read_answer
from bot.core.notices.notice import Announcement, Drill, Notice
from bot.core.notices.template import BLANK, BlankKind, Template, TemplateKind
from bot.core.problem import Level, Problem

SHORTEST_REASON = 10
MOST_PROBLEMS = 10
LONGEST_ANSWER = 1000
MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Rejecting:
    """Somebody is about to reject a notice and is asked why."""

    notice_id: str
    version: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """Somebody is about to change a notice and is asked how."""

    earlier: Announcement


@dataclass(frozen=True, slots=True)
class Filling:
    """A template with the answers so far.

    `warning` is the rule whose warning waits for its reason. `made` is the finished notice, shown and not yet
    submitted.
    """

    template: Template
    notice_id: str
    earlier: Announcement | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""
    made: Notice | Drill | None = None

    def announcement(self, languages: Sequence[Language]) -> Notice | Drill | tuple[Problem, ...]:
        """Return the notice that the answers make, or what is missing."""
        filled = fill(self.template, self.answers, self.notice_id, languages, self.earlier)
        if isinstance(filled, tuple):
            return filled
        return filled.model_copy(update={"accepted": dict(self.reasons)})


Talk = Rejecting | Choosing | Filling


def notice_id_for(template: Template, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Return an id for a notice that has no file: what it is and when it was begun, at most 40 characters."""
    return f"{template.id[:24].strip('-')}-{now.astimezone(zone):%y%m%d-%H%M%S}"


def question(filling: Filling, cards: Cards) -> OutgoingMessage | None:
    """Return the next question, None when everything is answered."""
    languages = cards.rules.languages
    asked = next_question(filling.template, languages, filling.answers)
    if asked is None:
        return None
    everything = questions(filling.template, languages)
    words = asked.blank.ask[cards.language]
    if asked.language:
        words = cards.say(cards.phrases.fill_in_language, question=words, language=asked.language)
    text = cards.say(
        cards.phrases.fill_question,
        number=everything.index(asked) + 1,
        total=len(everything),
        question=words,
    )
    return OutgoingMessage(Text(text), (cancel_row(cards),))


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
    if kind is BlankKind.AREAS:
        for name in filter(None, map(str.strip, text.split(","))):
            found = areas.find(name, cards.language)
            if len(found) > 1:
                places = ", ".join(area.name[cards.language] for area in found[:MOST_PLACES])
                return cards.say(phrases.wrong_which, places=places)
            if not found and name not in areas.by_id:
                return cards.say(phrases.wrong_areas, answer=name)
    return str(problem).lstrip(": ")


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
    """Return problems as lines, as many as fit, each without the file that a notice from Telegram lacks."""
    lines = [f"• {str(problem).lstrip(': ')}" for problem in problems[:MOST_PROBLEMS]]
    if rest := len(problems) - MOST_PROBLEMS:
        lines += [cards.say(cards.phrases.content_more, count=rest)] if rest > 0 else []
    return "\n".join(lines)


def templates_screen(
    templates: Iterable[Template], cards: Cards, *, drills: bool, earlier: Announcement | None = None
) -> OutgoingMessage:
    """Return the choice of a template. Real ones and drills never stand on one screen."""
    phrases = cards.phrases
    if earlier is not None:
        title = cards.say(phrases.choose_change, id=earlier.id)
        # The withdrawal has a button of its own and needs no questions.
        fitting = [t for t in templates if t.kind.changes_another and t.kind is not TemplateKind.WITHDRAWAL]
    else:
        title = cards.say(phrases.choose_drill if drills else phrases.choose_template)
        wanted = TemplateKind.DRILL if drills else TemplateKind.NOTICE
        fitting = [t for t in templates if t.kind is wanted]
    rows = tuple((Button(t.name[cards.language], press(Verb.FILL, t.id)),) for t in fitting)
    back = (Button(phrases.button_back[cards.language], press(Verb.DESK)),)
    return OutgoingMessage(Text(title), (*rows, back))


def submit_screen(cards: Cards) -> OutgoingMessage:
    """Return the question under a preview."""
    phrases = cards.phrases
    send = (Button(phrases.button_submit[cards.language], press(Verb.SEND)),)
    return OutgoingMessage(Text(cards.say(phrases.fill_ready)), (send, cancel_row(cards)))


def cancel_row(cards: Cards) -> tuple[Button, ...]:
    """Return the row that gives up what is being asked."""
    return (Button(cards.phrases.button_cancel[cards.language], press(Verb.CANCEL)),)
