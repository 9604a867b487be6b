"""The bot's words to those who run it: what waits, what went out, what went wrong."""

from bot.core.guidance import Localized, Written
from bot.core.phrases import phrase


class OperatorPhrases(Written):
    """Every sentence and button of the operators' side."""

    your_id: Localized = phrase("/id: the person's number.", "id")
