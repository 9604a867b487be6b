"""Whom a notice concerns: areas as a tree, and the chats that it reaches in their order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import Field

from bot.core.chat import Chat
from bot.core.guidance import Language, Localized, Words, Written
from bot.core.message import Room
from bot.core.notices.notice import Announcement, AreaId, Drill, DrillAudience
from bot.core.problem import Problem, nearest

AREAS_FILE = "areas.yaml"
ROOMS = (Room.CHANNEL, Room.GROUP, Room.PRIVATE)
"""Kinds of chats in the order in which they are reached."""


class Area(Written):
    """A place that people subscribe for and notices name."""

    id: AreaId = Field(description="Short name that notices give in `areas`: roslavl")
    name: Localized = Field(description="As a notice names it: Рославльский округ")
    parent: AreaId | None = Field(
        None, description="Id of the area that this one is part of; none for the region"
    )
    keywords: Mapping[Language, tuple[Words, ...]] = Field(
        {}, description="Other names that people type when they look for it: Рославль"
    )
    time_zone: Words | None = Field(
        None, description="Only where it differs from deployment.yaml: Europe/Samara"
    )


@dataclass(frozen=True, slots=True)
class AreaTree:
    """The areas of one installation, each under the one it is part of."""

    by_id: Mapping[AreaId, Area]

    @classmethod
    def of(cls, areas: Iterable[Area]) -> "AreaTree":
        """Return the tree of these areas, in their order."""
        return cls(MappingProxyType({area.id: area for area in areas}))

    def children(self, parent: AreaId | None) -> tuple[Area, ...]:
        """Return what lies directly under an area, or the topmost areas."""
        return tuple(area for area in self.by_id.values() if area.parent == parent)

    def above(self, area: AreaId) -> tuple[AreaId, ...]:
        """Return the areas that this one is part of, nearest first. A circle of parents ends where it
        began.
        """
        found: list[AreaId] = []
        parent = self.by_id[area].parent if area in self.by_id else None
        while parent is not None and parent in self.by_id and parent not in (area, *found):
            found.append(parent)
            parent = self.by_id[parent].parent
        return tuple(found)

    def below(self, area: AreaId) -> frozenset[AreaId]:
        """Return every area that is part of this one."""
        return frozenset(other for other in self.by_id if area in self.above(other))

    def reached(self, areas: Iterable[AreaId]) -> frozenset[AreaId]:
        """Return the areas whose subscribers a notice to `areas` reaches.

        A notice to the region reaches its districts; one to a district reaches those who chose the whole
        region.
        """
        named = [area for area in areas if area in self.by_id]
        return frozenset(named).union(*(self.below(area) | set(self.above(area)) for area in named))

    def names(self, areas: Iterable[AreaId], language: Language) -> str:
        """Return the names of areas as a reader sees them."""
        return ", ".join(self.by_id[area].name[language] for area in areas if area in self.by_id)

    def find(self, words: str, language: Language) -> tuple[Area, ...]:
        """Return the areas that a person may mean by `words`: by the beginning of a name, else by a slip of
        the pen.
        """
        wanted = _plain(words)
        if not wanted:
            return ()
        names = {area.id: [_plain(name) for name in _names(area, language)] for area in self.by_id.values()}
        exact = [i for i, known in names.items() if wanted in known]
        begun = [i for i, known in names.items() if any(f" {name}".find(f" {wanted}") >= 0 for name in known)]
        slipped = nearest(wanted, (name for known in names.values() for name in known)).strip("'")
        close = [i for i, known in names.items() if slipped and slipped in known]
        return tuple(self.by_id[area] for area in (exact or begun or close))


def _names(area: Area, language: Language) -> Iterator[str]:
    yield area.name[language]
    for words in area.keywords.values():
        yield from words


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("ё", "е").replace("-", " ").split())


def area_problems(areas: Iterable[Area]) -> Iterator[Problem]:
    """Yield what is wrong among the areas themselves: twice the same id, unknown parents, circles."""
    listed = tuple(areas)
    tree = AreaTree.of(listed)
    seen: set[str] = set()
    for position, area in enumerate(listed):
        if area.id in seen:
            yield Problem(
                AREAS_FILE, (position, "id"), f"'{area.id}' is there twice", "expected each id once"
            )
        seen.add(area.id)
        if area.parent is not None and area.parent not in tree.by_id:
            yield Problem(
                AREAS_FILE,
                (position, "parent"),
                f"there is no area '{area.parent}'",
                "expected the id of another area",
                nearest(area.parent, tree.by_id),
            )
        elif area.parent is not None and _is_in_circle(tree, area.id):
            yield Problem(
                AREAS_FILE,
                (position, "parent"),
                "the parents go round in a circle",
                "expected a region on top",
            )


def _is_in_circle(tree: AreaTree, area: AreaId) -> bool:
    line = (area, *tree.above(area))
    return tree.by_id[line[-1]].parent is not None and tree.by_id[line[-1]].parent in line


def reached_areas(announcement: Announcement, tree: AreaTree) -> frozenset[AreaId]:
    """Return the areas whose subscribers a notice reaches: all of them only where it says `all`."""
    if announcement.is_to_everyone:
        return frozenset(tree.by_id)
    return tree.reached(announcement.area_ids)


def places_of(announcement: Announcement, tree: AreaTree) -> frozenset[AreaId]:
    """Return the places that a notice is about, with all that lies in them; what is above only hears."""
    if announcement.is_to_everyone:
        return frozenset(tree.by_id)
    named = frozenset(announcement.area_ids)
    return named.union(*(tree.below(area) for area in named))


def is_for_residents(announcement: Announcement) -> bool:
    """Return whether it goes to subscribers at all: a drill does only where it says so."""
    return not isinstance(announcement, Drill) or announcement.audience is DrillAudience.SUBSCRIBERS


def concerns(announcement: Announcement, chat: Chat, tree: AreaTree) -> bool:
    """Return whether a notice is for this chat."""
    return bool(recipients(announcement, (chat,), tree))


def recipients(announcement: Announcement, chats: Iterable[Chat], tree: AreaTree) -> tuple[Chat, ...]:
    """Return the chats that a notice goes to, in the order in which they are reached; none at all is an
    error.

    At 28 messages a second 100,000 people take an hour: channels and groups reach many at once, and those
    who chose the very place come before those who chose the whole region.
    """
    if not is_for_residents(announcement):
        return ()
    reached = reached_areas(announcement, tree)
    near = places_of(announcement, tree)

    def is_meant(chat: Chat) -> bool:
        # Everyone is everyone, also who chose a place that the map has lost since.
        return chat.is_subscribed if announcement.is_to_everyone else not chat.areas.isdisjoint(reached)

    def place_in_line(chat: Chat) -> tuple[int, bool, int]:
        return ROOMS.index(chat.room), not (chat.areas & near), chat.id

    return tuple(sorted(filter(is_meant, chats), key=place_in_line))
