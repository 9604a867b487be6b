"""The operators' first screens: desks of real notices and of drills, lists of drafts and of what is over."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.guidance import Localized
from bot.core.message import Button, OutgoingMessage, Style, joined, styled
from bot.core.notices.approval import Deed, Role, may
from bot.core.notices.console.card import Cards
from bot.core.notices.console.presses import Verb, press, press_number
from bot.core.notices.console.talk import Filling
from bot.core.notices.notice import Drill
from bot.core.notices.record import Record
from bot.core.notices.states import ENDED, State

IN_HAND = (
    State.IN_REVIEW,
    State.HELD,
    State.STOPPED,
    State.PUBLISHING,
    State.SCHEDULED,
    State.APPROVED,
    State.ACTIVE,
)
"""States of what an operator may have to do something about, the most pressing first."""

OVER = ENDED | {State.MISSED}
"""States of what asks for nothing any more, and may still be corrected, withdrawn or published anew."""

LISTED_FOR = dt.timedelta(days=14)
"""How long what is over is listed: as long as it is known who got it."""

ON_A_PAGE = 8
LONGEST_LABEL = 40


def is_drill(record: Record) -> bool:
    """Return whether it is a drill: drills and real notices never stand on one screen."""
    return isinstance(record.announcement, Drill)


@dataclass(frozen=True, slots=True)
class _Listing:
    """A list of notices, page by page. `verb` is the button that shows it."""

    verb: Verb
    title: str
    records: Sequence[Record]
    below: str = ""

    def screen(self, cards: Cards, page: int, rows: Iterable[tuple[Button, ...]]) -> OutgoingMessage:
        """Return one page of it above the other buttons."""
        pages = max(1, math.ceil(len(self.records) / ON_A_PAGE))
        page = min(page, pages)
        buttons = [
            (Button(label, press(Verb.SHOW, record.id)),)
            for record, label in zip(self.records, _labels(self.records, cards), strict=True)
        ][(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        which = cards.say(cards.phrases.page, page=page, pages=pages) if pages > 1 else ""
        text = joined((styled(Style.BOLD, self.title), self.below, which))
        return OutgoingMessage(text, (*buttons, *self._turning(cards, page, pages), *rows))

    def _turning(self, cards: Cards, page: int, pages: int) -> Iterable[tuple[Button, ...]]:
        phrases, language = cards.phrases, cards.language
        turns = []
        if page > 1:
            turns.append(Button(phrases.button_previous[language], press_number(self.verb, page - 1)))
        if page < pages:
            turns.append(Button(phrases.button_next[language], press_number(self.verb, page + 1)))
        return (tuple(turns),) if turns else ()


def desk_screen(
    records: Iterable[Record], cards: Cards, page: int = 1, filling: Filling | None = None
) -> OutgoingMessage:
    """Return the desk of real notices; `filling` is what the person can go on with."""
    phrases = cards.phrases
    roles = ", ".join(
        cards.say(getattr(phrases, f"role_{role.value}")) for role in Role if role in cards.roles
    )
    verbs = [(phrases.button_new, Verb.NEW)] if may(cards.roles, Deed.WRITE) else []
    verbs += [(phrases.button_files, Verb.FILES), (phrases.button_over, Verb.OVER)]
    verbs += [(phrases.button_drills, Verb.DRILLS)]
    listing = _in_hand(Verb.DESK, cards.say(phrases.desk, roles=roles), records, cards, drills=False)
    rows = _rows(verbs, cards)
    if filling is not None:
        on = press(Verb.CONTINUE, fingerprint=filling.mark)
        rows = [(Button(phrases.button_continue[cards.language], on),), *rows]
    return listing.screen(cards, page, rows)


def drills_screen(records: Iterable[Record], cards: Cards, page: int = 1) -> OutgoingMessage:
    """Return the desk of drills."""
    phrases = cards.phrases
    verbs = [(phrases.button_new_drill, Verb.NEW_DRILL)] if may(cards.roles, Deed.WRITE) else []
    verbs += [(phrases.button_drill_files, Verb.DRILL_FILES), (phrases.button_drill_over, Verb.DRILL_OVER)]
    verbs += [(phrases.button_back, Verb.DESK)]
    listing = _in_hand(Verb.DRILLS, cards.say(phrases.desk_drills), records, cards, drills=True)
    return listing.screen(cards, page, _rows(verbs, cards))


def drafts_screen(drafts: Iterable[Record], cards: Cards, page: int = 1, *, drills: bool) -> OutgoingMessage:
    """Return the drafts that nobody has submitted: those of drills, or those of real notices."""
    phrases = cards.phrases
    listed = [draft for draft in drafts if is_drill(draft) is drills]
    title = cards.say(phrases.desk_drill_files if drills else phrases.desk_files, count=len(listed))
    listing = _Listing(Verb.DRILL_FILES if drills else Verb.FILES, title, listed)
    return listing.screen(cards, page, _back(cards, drills=drills))


def over_screen(records: Iterable[Record], cards: Cards, page: int = 1, *, drills: bool) -> OutgoingMessage:
    """Return what was over in the last two weeks, the latest first: drills, or real notices."""
    phrases = cards.phrases
    ends = ((record.ended_at or record.created_at, record) for record in records if record.state in OVER)
    listed = [
        record
        for end, record in sorted(ends, key=lambda pair: pair[0], reverse=True)
        if is_drill(record) is drills and end > cards.now - LISTED_FOR
    ]
    title = cards.say(phrases.desk_drill_over if drills else phrases.desk_over, count=len(listed))
    listing = _Listing(Verb.DRILL_OVER if drills else Verb.OVER, title, listed)
    return listing.screen(cards, page, _back(cards, drills=drills))


def _in_hand(verb: Verb, title: str, records: Iterable[Record], cards: Cards, *, drills: bool) -> _Listing:
    phrases = cards.phrases
    listed = sorted(
        (record for record in records if record.state in IN_HAND and is_drill(record) is drills),
        key=lambda record: (IN_HAND.index(record.state), record.created_at),
    )
    below = cards.say(phrases.desk_list, count=len(listed)) if listed else cards.say(phrases.desk_nothing)
    return _Listing(verb, title, listed, below)


def _back(cards: Cards, *, drills: bool) -> list[tuple[Button, ...]]:
    return _rows([(cards.phrases.button_back, Verb.DRILLS if drills else Verb.DESK)], cards)


def _rows(verbs: Iterable[tuple[Localized, Verb]], cards: Cards) -> list[tuple[Button, ...]]:
    return [(Button(label[cards.language], press(verb)),) for label, verb in verbs]


def _labels(listed: Sequence[Record], cards: Cards) -> list[str]:
    """Return how each is called on its button; those of one headline are told apart by when they began."""
    alike = Counter(cards.headline(record.announcement) for record in listed)
    labels = []
    for record in listed:
        mark = ("🎓" if is_drill(record) else "") + cards.state(record.state).split(" ", 1)[0]
        is_alike = alike[cards.headline(record.announcement)] > 1
        behind = f" · {cards.at(record.created_at)}" if is_alike else ""
        room = LONGEST_LABEL - len(mark) - len(behind) - 1
        labels.append(f"{mark} {cards.headline(record.announcement, room)}{behind}")
    return labels
