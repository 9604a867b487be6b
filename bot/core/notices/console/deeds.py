"""What one operator can do about a notice now: the buttons under its card."""

from collections.abc import Iterator

from bot.core.guidance import Localized
from bot.core.message import Button
from bot.core.notices.approval import Deed, may
from bot.core.notices.console.departure import departure_of, would_go_at
from bot.core.notices.console.facts import REVIEWED, has_approved, is_author, shown_fingerprint
from bot.core.notices.console.presses import Verb, press
from bot.core.notices.console.speech import Speech
from bot.core.notices.notice import Kind
from bot.core.notices.record import Origin, Record
from bot.core.notices.states import IN_FORCE, PENDING, State

CHANGEABLE = IN_FORCE | {State.STOPPED, State.EXPIRED}
"""States in which people have the message, so that a correction or an all-clear makes sense."""

Row = tuple[tuple[Localized, Verb], ...]


def buttons(to: Speech, record: Record) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons; each carries which words were on the screen."""
    shown = shown_fingerprint(record, to.rules)
    return tuple(
        tuple(Button(label[to.language], press(verb, record.id, shown)) for label, verb in row)
        for row in _rows(to, record)
    )


def _rows(to: Speech, record: Record) -> Iterator[Row]:
    phrases, state, roles = to.phrases, record.state, to.roles
    if state is State.DRAFT and may(roles, Deed.SUBMIT):
        yield ((phrases.button_submit, Verb.SUBMIT),)
    if state is State.REJECTED and record.origin is Origin.TELEGRAM and record.author == to.person:
        yield ((phrases.button_edit, Verb.EDIT),)
    if state is State.IN_REVIEW:
        yield from _decisions(to, record)
    if state in (State.SCHEDULED, State.PUBLISHING):
        yield ((phrases.button_stop, Verb.ASK_STOP),)
    if state is State.HELD:
        yield from _when_held(to, record)
    if state is State.STOPPED and may(roles, Deed.RELEASE):
        yield ((phrases.button_resume, Verb.RESUME),)
    is_withdrawal = record.announcement.kind is Kind.WITHDRAWAL  # what is taken back stays so
    if state in PENDING | {State.REJECTED} or (state in CHANGEABLE and not is_withdrawal):
        yield ((phrases.button_withdraw, Verb.ASK_WITHDRAW),)
    if state in CHANGEABLE and not is_withdrawal and may(roles, Deed.WRITE):
        yield ((phrases.button_change, Verb.CHANGE),)
    if state is State.MISSED and may(roles, Deed.SUBMIT):
        yield ((phrases.button_renew, Verb.RENEW),)
    if state not in REVIEWED:
        yield ((phrases.button_words, Verb.WORDS),)


def _decisions(to: Speech, record: Record) -> Iterator[Row]:
    """Yield yes and no; whoever's yes would not count is not shown it, the card says why."""
    phrases, roles = to.phrases, to.roles
    counts = not is_author(to, record) and not has_approved(to, record)
    yes = ((phrases.button_approve, Verb.APPROVE),) if counts and may(roles, Deed.APPROVE) else ()
    no = ((phrases.button_reject, Verb.ASK_REASON),) if may(roles, Deed.REJECT) else ()
    if yes or no:
        yield (*yes, *no)


def _when_held(to: Speech, record: Record) -> Iterator[Row]:
    phrases = to.phrases
    if may(to.roles, Deed.RELEASE):
        is_due = would_go_at(record, to.rules, to.now) <= to.now
        yield ((phrases.button_release if is_due else phrases.button_release_later, Verb.ASK_RELEASE),)
    departure = departure_of(record, to.rules, to.now)
    if departure is not None and departure.at is not None:
        yield ((phrases.button_hold, Verb.HOLD),)
