"""What was asked and not answered, without the asking: sets of stems, shown once enough people sent them.

A person is only ever a keyed hash, and the key is thrown away with the month, so nobody can be followed and
nothing typed can be read back. Storing and throwing away is for others; this file decides what may be kept
and shown.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.answering.query import Query

SHOWN_FROM = 5
"""Different askers from whom on a set of stems is shown (k-anonymity)."""

_MOST_STEMS = 4
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Miss:
    """One question that was not answered, as it may be kept."""

    stems: tuple[str, ...]
    asker: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A set of stems that enough different people asked about."""

    stems: tuple[str, ...]
    askers: int


def stems_of(query: Query) -> tuple[str, ...]:
    """Return what may be kept of the words of an unanswered question; nothing where nothing is left of it.

    Numbers are left out (telephones, flats), so are short words; of a long message only a few stems stay,
    because a long set of words is as telling as the sentence.
    """
    heads = {word[0] for word in query.stems[: len(query.words)]}
    kept = sorted(stem for stem in heads if len(stem) >= _SHORTEST and stem.isalpha())
    return tuple(sorted(sorted(kept, key=lambda stem: (-len(stem), stem))[:_MOST_STEMS]))


def asker_of(sender_id: int, key: bytes) -> str:
    """Return what a person is called while `key`, the month's secret, exists."""
    return hmac.new(key, str(sender_id).encode(), hashlib.sha256).hexdigest()[:16]


def shown(misses: Iterable[Miss]) -> tuple[Missed, ...]:
    """Return what operators may see, most asked first: each set that at least five different people sent."""
    askers: dict[tuple[str, ...], set[str]] = {}
    for miss in misses:
        askers.setdefault(miss.stems, set()).add(miss.asker)
    enough = [Missed(stems, len(people)) for stems, people in askers.items() if len(people) >= SHOWN_FROM]
    return tuple(sorted(enough, key=lambda missed: (-missed.askers, missed.stems)))
