"""The words that the bot itself puts around a notice: levels, headings, endings, drills."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from bot.core.guidance import Language, Localized, Words, Written
from bot.core.phrases import phrase


class NoticePhrases(Written):
    """Every sentence and heading of a notice that is not its author's."""

    # The first line
    extreme: Localized = phrase("First line: severity Extreme.")
    severe: Localized = phrase("First line: severity Severe.")
    moderate: Localized = phrase("First line: severity Moderate.")
    minor: Localized = phrase("First line: severity Minor.")
    unknown: Localized = phrase("First line: severity Unknown.")
    update: Localized = phrase("Beside the level: news on an earlier notice.")
    correction: Localized = phrase("First line: an earlier notice was wrong in part.")
    withdrawal: Localized = phrase("First line: an earlier notice was wrong.")
    all_clear: Localized = phrase("First line: the danger is over.")
    exercise: Localized = phrase("First and last line of an exercise.")
    test: Localized = phrase("First and last line of a test.")

    # Headings and facts
    was_wrong: Localized = phrase("What was wrong in the earlier notice.", "text")
    true_now: Localized = phrase("Heading of what is true now, in a correction.")
    where: Localized = phrase("The places.", "areas")
    begins_now: Localized = phrase("The time of what is happening already.", "end")
    begins_at: Localized = phrase("The time of what is to come.", "start", "end")
    over_since: Localized = phrase("The time in an all-clear.", "start")
    to_do: Localized = phrase("Heading of what to do.")
    again: Localized = phrase("Heading of what people may do again, in an all-clear.")
    sender: Localized = phrase("Who says so.", "sender")
    source: Localized = phrase("Words of the link to the page it rests on.")
    citation: Localized = phrase("The document it rests on.", "document")
    contact: Localized = phrase("Where to ask.", "contact")
    issued: Localized = phrase("When it was sent.", "time")
    issued_when_sent: Localized = phrase("In a preview, in the place of when it was sent.")
    late: Localized = phrase("It was sent late.", "time")
    valid_until: Localized = phrase("Until when it holds.", "time")
    next_update: Localized = phrase("When we will say more.", "time")

    # What a delivered copy says once it is over
    expired: Localized = phrase("Its time is over.", "time")
    cleared: Localized = phrase("The danger is over.", "time")
    cancelled: Localized = phrase("It was wrong.", "time")
    superseded: Localized = phrase("A newer notice takes its place.", "time")
    corrected: Localized = phrase("A correction takes its place.", "time")
    earlier_text: Localized = phrase("Heading of the folded earlier text.")

    # Drills
    drill_ahead: Localized = phrase("A day before a drill of residents.", "time", "areas")
    drill_ahead_end: Localized = phrase("Last words of the announcement of a drill.")

    # Times
    moment: Localized = phrase("A time of this year.", "clock", "day", "month")
    moment_in_year: Localized = phrase("A time of another year.", "clock", "day", "month", "year")
    months: Mapping[Language, Annotated[tuple[Words, ...], Field(min_length=12, max_length=12)]] = Field(
        description="The twelve months as they stand after a day: декабря"
    )


def blanks_of(name: str) -> frozenset[str]:
    """Return the blanks that the phrase called `name` has."""
    extra = NoticePhrases.model_fields[name].json_schema_extra
    blanks = extra.get("blanks") if isinstance(extra, dict) else None
    return frozenset(map(str, blanks)) if isinstance(blanks, list) else frozenset()
