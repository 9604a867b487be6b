"""Which deliveries go before which, and which sound at any hour of the night."""

from enum import IntEnum

from bot.core.notices.notice import Announcement, Drill


class Lane(IntEnum):
    """Classes of priority, highest first; a higher one interrupts a lower one in the middle of its list."""

    TAKE_BACK = 0
    URGENT = 1
    REPLY = 2
    ROUTINE = 3


def lane_of(announcement: Announcement) -> Lane:
    """Return the class of a notice's deliveries. A drill never overtakes anything."""
    if isinstance(announcement, Drill):
        return Lane.ROUTINE
    if announcement.kind.takes_back_words:
        return Lane.TAKE_BACK
    return Lane.URGENT if announcement.severity.is_grave else Lane.ROUTINE


def rings(announcement: Announcement) -> bool:
    """Return whether it sounds at any hour: grave notices, what nobody has judged, what takes words back."""
    if isinstance(announcement, Drill):
        return False
    return announcement.kind.takes_back_words or not announcement.severity.can_wait_for_morning
