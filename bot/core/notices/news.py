"""What operators are told without asking: that something did not go as planned, or went out."""

import datetime as dt
from dataclasses import dataclass

from bot.core.notices.due import Why
from bot.core.notices.phrased import Phrased
from bot.core.notices.record import Record


class News(Phrased):
    """What has happened."""

    WAITS = "waits", "waits for approval"
    BEGUN = "begun", "is being sent"
    FINISHED = "finished", "has been sent"
    ENDED = "ended", "is over"
    REOPENED = "reopened", "is in force again: what had ended it is withdrawn"
    LATE = "late", "is sent late"
    MISSED = "missed", "was not sent: its end had passed"
    MOVED = "moved", "would come at night and waits for the morning"
    HELD = "held", "is held and waits for a person"
    HELD_A_WHILE = "held_a_while", "is held and goes by itself unless a person keeps holding it"
    CALLED_OFF = "called_off", "is called off: a real notice is in force"
    NOBODY = "nobody", "would reach nobody and is held"
    NOBODY_AHEAD = "nobody_ahead", "has nobody to be told of it ahead"
    LACKS_PEOPLE = "lacks_people", "is to go soon and still waits for approval"
    VOIDED = "voided", "reads otherwise than approved and waits for approval again"
    UNFIT = "unfit", "cannot be sent as it is"
    FAULT = "fault", "could not be brought forward; all others go on"
    UNREADABLE = "unreadable", "a notice in the database cannot be read; all others go on"
    CLOCKS_MOVED = "clocks_moved", "means another instant under the newer time zone rules; it was not moved"
    FIXED = "fixed", "has changed in its file and is past changing"
    UNCERTAIN = "uncertain", "has deliveries of which nobody knows whether they arrived"
    SKEWED = "skewed", "this machine's clock is wrong; the other one is used"
    STORE_AWAY = "store_away", "the database cannot be written; nothing is sent until it can"
    STORE_BACK = "store_back", "the database can be written again; sending goes on"
    NOTHING_THROUGH = "nothing_through", "nothing gets through to Telegram; it is tried again now and then"
    THROUGH_AGAIN = "through_again", "messages get through to Telegram again"
    RIGHT_LOST = "right_lost", "the right to send was lost; nothing is sent until it is back"
    RIGHT_BACK = "right_back", "the right to send is back; sending goes on"
    CHANNEL_LOST = "channel_lost", "the channel cannot be found; notices go without it"
    CHANNEL_FOUND = "channel_found", "the channel was found; notices go to it again"
    PART_FAILED = "part_failed", "a part of the program stopped on a fault and is started again"
    NO_BACKUP = "no_backup", "the nightly backup could not be made"
    PROMISED = "promised", "residents were promised more by now"
    ENDS_SOON = "ends_soon", "ends soon without an all-clear"
    GOES_SOON = "goes_soon", "is held and goes by itself soon"


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news. `notice` is the one that it is about, if any; `detail` adds numbers and names.

    `why` is the reason where the time of day decided, `at` the moment that the news names.
    """

    news: News
    notice: Record | None = None
    detail: str = ""
    why: Why | None = None
    at: dt.datetime | None = None

    def __str__(self) -> str:
        words = f"{self.notice.id} {self.news.phrase}" if self.notice else self.news.phrase
        return f"{words}: {self.detail}" if self.detail else words
