"""The first screen of the operators: what is in hand, the drafts from files, and where new ones begin."""

from collections.abc import Iterable, Sequence

from bot.core.message import Button, OutgoingMessage, Style, Text, joined, styled
from bot.core.notices.approval import Deed, Role, may
from bot.core.notices.console.card import Cards
from bot.core.notices.console.presses import Verb, press
from bot.core.notices.record import Record
from bot.core.notices.states import State

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

MOST_LISTED = 12


def desk_screen(records: Iterable[Record], roles: frozenset[Role], cards: Cards) -> OutgoingMessage:
    """Return the first screen. A real notice and a drill begin at two buttons far apart."""
    phrases = cards.phrases
    named = ", ".join(cards.say(getattr(phrases, f"role_{role.value}")) for role in Role if role in roles)
    listed = sorted(
        (record for record in records if record.state in IN_HAND),
        key=lambda record: (IN_HAND.index(record.state), record.created_at),
    )
    count = cards.say(phrases.desk_list, count=len(listed)) if listed else cards.say(phrases.desk_nothing)
    rows = [
        (Button(_label(cards.state(record.state), record.id), press(Verb.SHOW, record.id)),)
        for record in listed[:MOST_LISTED]
    ]
    if may(roles, Deed.WRITE):
        rows.append((Button(phrases.button_new[cards.language], press(Verb.NEW)),))
    rows.append((Button(phrases.button_files[cards.language], press(Verb.FILES)),))
    if may(roles, Deed.WRITE):
        rows.append((Button(phrases.button_drill[cards.language], press(Verb.DRILL)),))
    title = styled(Style.BOLD, cards.say(phrases.desk, roles=named))
    return OutgoingMessage(joined((title, count)), tuple(rows))


def files_screen(drafts: Sequence[str], cards: Cards) -> OutgoingMessage:
    """Return the drafts from files that nobody has submitted."""
    rows = tuple((Button(draft[:40], press(Verb.SHOW, draft)),) for draft in drafts[:MOST_LISTED])
    back = (Button(cards.phrases.button_back[cards.language], press(Verb.DESK)),)
    return OutgoingMessage(Text(cards.say(cards.phrases.desk_files, count=len(drafts))), (*rows, back))


def _label(state: str, notice_id: str) -> str:
    return f"{state.split(' ', 1)[0]} {notice_id}"
