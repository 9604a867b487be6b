"""What came back from one call of a broadcast -> core's outcome of the attempt; pure.

Only `ok`, `message_id` and `parameters` are read of what Telegram sends back: a whole message thousands of
times over would cost more than the sending.
"""

import datetime as dt
import json
import re
from typing import Any

import aiohttp

from bot.adapters.telegram.sending import LEFT_WORDS
from bot.core.notices.delivery import (
    Ambiguous,
    Migrated,
    Outcome,
    Rejected,
    Sent,
    Throttled,
    Unavailable,
    Unreachable,
)

ARRIVED = re.compile(rb'\{"ok":true,"result":\{"message_id":([0-9]{1,18})[,}]')
"""How Telegram's answer to a message begins. What it says so far is true even if the rest is cut off."""

UNCHANGED = "message is not modified"

LONGEST_PAUSE = 86_400
"""Seconds; hours have been seen, and a number out of reason must not stop the bot for ever."""

LONGEST_REASON = 150


def outcome_of(status: int, payload: bytes, message_id: int | None = None) -> Outcome:
    """Return how the attempt ended that got this answer; `message_id` is the message that it was about."""
    if status == 200 and (arrived := ARRIVED.match(payload)):
        return Sent(int(arrived[1]))
    if status >= 500:
        return Ambiguous(f"HTTP {status}")
    answer = _parsed(payload)
    if status == 429:
        return Throttled(_pause(answer))
    if status < 300:
        return _taken(answer, message_id)
    if status < 400 or not answer or status in {401, 404}:
        # A gateway on the way, or a token that is no more: it is nothing about this person or message.
        return Unavailable(f"HTTP {status}")
    return _refused(answer, message_id)


def outcome_of_error(error: Exception) -> Outcome:
    """Return how the attempt ended that failed on the way.

    Only the error's kind is told on: aiohttp's own texts hold addresses, and ours hold the token.
    """
    match error:
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | aiohttp.InvalidURL():
            return Unavailable(f"no connection: {type(error).__name__}")
        case _:
            return Ambiguous(f"connection broke: {type(error).__name__}")


def _taken(answer: dict[str, Any], message_id: int | None) -> Outcome:
    result = answer.get("result")
    told = result.get("message_id") if isinstance(result, dict) else message_id
    if answer.get("ok") is not True or not isinstance(told, int):
        return Ambiguous("the answer is not the Bot API's")
    return Sent(told)


def _refused(answer: dict[str, Any], message_id: int | None) -> Outcome:
    reason = str(answer.get("description") or "no reason given")[:LONGEST_REASON]
    moved_to = _parameters(answer).get("migrate_to_chat_id")
    if isinstance(moved_to, int):
        return Migrated(moved_to)
    if UNCHANGED in reason and message_id is not None:
        return Sent(message_id)
    if any(words in reason for words in LEFT_WORDS):
        return Unreachable(reason)
    return Rejected(reason)


def _pause(answer: dict[str, Any]) -> dt.timedelta:
    seconds = _parameters(answer).get("retry_after")
    if not isinstance(seconds, int | float) or not seconds > 0:
        seconds = 1
    return dt.timedelta(seconds=min(seconds, LONGEST_PAUSE))


def _parameters(answer: dict[str, Any]) -> dict[str, Any]:
    parameters = answer.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _parsed(payload: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
