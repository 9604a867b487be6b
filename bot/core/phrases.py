"""The bot's own words: one field a phrase, with the blanks that each may and must have."""

from string import Formatter
from typing import Any

from pydantic import Field

from bot.core.guidance import Localized, Written


def phrase(description: str, *blanks: str) -> Any:
    """Return the field of a phrase: what it is for, and its blanks."""
    holds = f" Blanks: {', '.join('{' + blank + '}' for blank in blanks)}." if blanks else ""
    return Field(description=description + holds, json_schema_extra={"blanks": list(blanks)})


class Phrases(Written):
    """Every sentence, heading and button that is the bot's own."""

    # A guide
    emergency_line: Localized = phrase("First line where life is in danger.", "number")
    now: Localized = phrase("Heading of what to do now.")
    never: Localized = phrase("Heading of what never to do.")
    after: Localized = phrase("Heading of what to do afterwards.")
    sources: Localized = phrase("Heading of the list of sources under a guide.")
    source_quotes: Localized = phrase(
        "A secondary source: whom it quotes and who published it.", "authority", "publisher"
    )
    source_checked: Localized = phrase("When a source was last read.", "date")

    # Finding the guide
    choices: Localized = phrase("Over the buttons when two or three guides could be right.")
    no_answer: Localized = phrase("No guide fits.", "number")
    refuse_weapons: Localized = phrase("Asked about making weapons.", "number")
    refuse_military: Localized = phrase("Asked about positions, targets.", "number")
    refuse_order: Localized = phrase("Somebody orders the bot about.", "number")
    small_talk_greeting: Localized = phrase("Answer to a greeting.")
    small_talk_thanks: Localized = phrase("Answer to thanks.")
    small_talk_abuse: Localized = phrase("Answer to abuse.", "number")
    wordless: Localized = phrase("A message without any word in it.", "number")

    # Commands and screens
    greeting: Localized = phrase("First contact.", "service", "number")
    introduction: Localized = phrase(
        "Beside the answer to a stranger's first message; short.", "service", "number"
    )
    introduction_notices: Localized = phrase("Behind the introduction, where notices can be had; short.")
    group_greeting: Localized = phrase("The bot joins a group.", "username", "number")
    help: Localized = phrase("/help.", "number")
    topics: Localized = phrase("Over the list of categories.")
    emergency: Localized = phrase("/112, before the list of numbers.", "number")
    emergency_others: Localized = phrase("Over the numbers of single services.")
    language: Localized = phrase("Over the buttons of languages.")
    language_chosen: Localized = phrase("A language was chosen.")
    language_name: Localized = phrase("Name of the language in itself, on its button.")
    privacy: Localized = phrase("/privacy; {privacy} is the contact.", "privacy")
    forgotten: Localized = phrase("/forget, when everything is erased.")
    source_list: Localized = phrase("/sources, over a page.", "page", "pages")
    admins_only: Localized = phrase("Somebody who is no admin tries to change a group's settings.")

    your_id: Localized = phrase("/id: the person's own number.", "id")

    # Notices: /notices and /now
    notices_offer: Localized = phrase("Under the greeting: notices can be had.")
    notices_offer_group: Localized = phrase("Under the group's greeting: an admin can have notices.")
    notices_off: Localized = phrase("/notices, while nothing comes.")
    notices_on: Localized = phrase("/notices, while they come.", "areas", "quiet")
    notices_on_group: Localized = phrase(
        "The same in a group, where nobody hears a bare word.", "areas", "quiet"
    )
    areas_choose: Localized = phrase("Over the buttons of places.")
    areas_whole: Localized = phrase("The same, while a whole area is chosen.", "area")
    areas_found: Localized = phrase("Over the places that were perhaps meant by a typed name.")
    areas_unknown: Localized = phrase("A typed name is no place that we know.")
    area_added: Localized = phrase("Short note: a place was chosen.", "area")
    area_removed: Localized = phrase("Short note: a place was taken out.", "area")
    area_covered: Localized = phrase("Short note: the place is part of one that is chosen.", "area")
    quiet_choose: Localized = phrase("Over the buttons of quiet hours.")
    quiet_hours: Localized = phrase("Quiet hours in words.", "start", "end")
    quiet_none: Localized = phrase("The same, where there are none.")
    unsubscribed: Localized = phrase("Notices come no more.")
    not_subscribed: Localized = phrase("Somebody stops notices that did not come anyway.")
    stop_words: Localized = phrase("Messages that stop the notices, with commas between them.")
    stop_manners: Localized = phrase("Words that may stand beside those, with commas between them: please.")
    now_none: Localized = phrase("/now: no notice is in force here.", "number")
    now_everywhere: Localized = phrase("/now: no place is chosen, so this is everything.", "number")
    now_more: Localized = phrase("/now: how many more there are than fit.", "count")

    # Situations
    shared: Localized = phrase("A photo, location, voice message, ...", "number")
    caption_only: Localized = phrase("Below the answer to what was written under a photo or file.")
    late: Localized = phrase("Before an answer that comes late.", "time")
    flood: Localized = phrase("Too many messages from one person.", "number")
    stale_button: Localized = phrase("Short note: the pressed button is out of date.")
    trouble: Localized = phrase("Something failed inside the bot.", "number")
    nothing_inline: Localized = phrase("Inline mode: no guide fits.")

    # Buttons
    button_topics: Localized = phrase("Button: all topics.")
    button_back: Localized = phrase("Button: one screen back.")
    button_share: Localized = phrase("Button: send the guide to another chat.")
    button_previous: Localized = phrase("Button: previous page.")
    button_next: Localized = phrase("Button: next page.")

    button_notices: Localized = phrase("Button: notices.")
    button_areas: Localized = phrase("Button: choose places for notices.")
    button_quiet: Localized = phrase("Button: choose quiet hours.")
    button_no_quiet: Localized = phrase("Button: no quiet hours.")
    button_language: Localized = phrase("Button: choose a language.")
    button_now: Localized = phrase("Button: what is in force now.")
    button_done: Localized = phrase("Button: the choice of places is done.")
    button_unsubscribe: Localized = phrase("Button: no more notices.")

    # What Telegram shows about the bot
    description: Localized = phrase("Text in an empty chat with the bot, at most 512 characters.")
    short_description: Localized = phrase("Text on the bot's profile, at most 120 characters.")
    command_topics: Localized = phrase("Menu: /topics.")
    command_notices: Localized = phrase("Menu: /notices.")
    command_now: Localized = phrase("Menu: /now.")
    command_112: Localized = phrase("Menu: /112.")
    command_help: Localized = phrase("Menu: /help.")
    command_language: Localized = phrase("Menu: /language.")
    command_sources: Localized = phrase("Menu: /sources.")
    command_privacy: Localized = phrase("Menu: /privacy.")
    command_forget: Localized = phrase("Menu: /forget.")
    command_desk: Localized = phrase("Menu of operators alone: /desk.")


def blanks_of(name: str) -> frozenset[str]:
    """Return the blanks that the phrase called `name` has."""
    extra = Phrases.model_fields[name].json_schema_extra
    blanks = extra.get("blanks") if isinstance(extra, dict) else None
    return frozenset(map(str, blanks)) if isinstance(blanks, list) else frozenset()


def blanks_in(text: str) -> frozenset[str]:
    """Return the names in braces in `text`.

    Raises:
        ValueError: a brace is not closed, or stands alone.
    """
    return frozenset(field for _, field, _, _ in Formatter().parse(text) if field is not None)
