"""Every answer that Telegram, or whoever stands in its place, can give becomes one of core's outcomes."""

import datetime as dt
import json

import aiohttp
import pytest

from bot.adapters.telegram.answers import LONGEST_REASON, outcome_of, outcome_of_error
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

PAGE = b"<html>somebody in between</html>"


def refusal(code: int, description: str, **parameters: object) -> bytes:
    answer = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return json.dumps(answer).encode()


def paused(seconds: float) -> Throttled:
    return Throttled(dt.timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "words",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the group chat",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: bot was kicked from the channel chat",
        "Forbidden: bot is not a member of the channel chat",
        "Forbidden: bot is not a member of the supergroup chat",
        "Forbidden: the group chat was deleted",
    ],
)
def test_who_is_gone_is_unreachable(words: str) -> None:
    assert outcome_of(int(words.startswith("F")) * 3 + 400, refusal(400, words)) == Unreachable(words)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Bad Request: can't parse entities: Unsupported start tag"),
        (400, "Bad Request: message is too long"),
        (400, "Bad Request: need administrator rights in the channel chat"),
        # Another bot's token by mistake gets these two for everybody: no reason to unsubscribe them all.
        (400, "Bad Request: chat not found"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (403, "Forbidden: something that nobody has seen yet"),
        (402, "Payment Required"),
        (413, "Request Entity Too Large"),
    ],
)
def test_a_refused_message_ends_no_subscription(status: int, words: str) -> None:
    assert outcome_of(status, refusal(status, words)) == Rejected(words)


@pytest.mark.parametrize(
    ("status", "payload", "outcome"),
    [
        (200, b'{"ok":true,"result":{"message_id":7,"date":1}}', Sent(7)),
        (200, b'{ "result": {"date": 1, "message_id": 7}, "ok": true }', Sent(7)),
        (200, b'{"ok":true,"result":{"message_id":7,"te', Sent(7)),
        (200, b'{"ok":true,"result":{"message_id":7', Ambiguous("the answer is not the Bot API's")),
        (200, b'{"ok":true,"result":', Ambiguous("the answer is not the Bot API's")),
        (200, b'{"ok":true,"result":true}', Ambiguous("the answer is not the Bot API's")),
        (200, b'{"ok":false,"result":{"message_id":7}}', Ambiguous("the answer is not the Bot API's")),
        (200, b'["ok"]', Ambiguous("the answer is not the Bot API's")),
        (200, b"[" * 100_000, Ambiguous("the answer is not the Bot API's")),
        (200, PAGE, Ambiguous("the answer is not the Bot API's")),
        (200, b"", Ambiguous("the answer is not the Bot API's")),
        (500, refusal(500, "Internal Server Error"), Ambiguous("HTTP 500")),
        (502, PAGE, Ambiguous("HTTP 502")),
        (302, b"", Unavailable("HTTP 302")),
        (403, PAGE, Unavailable("HTTP 403")),
        (407, PAGE, Unavailable("HTTP 407")),
        (401, refusal(401, "Unauthorized"), Unavailable("HTTP 401")),
        (404, refusal(404, "Not Found"), Unavailable("HTTP 404")),
        (429, refusal(429, "Too Many Requests", retry_after=1), paused(1)),
        (429, refusal(429, "Too Many Requests", retry_after=600), paused(600)),
        (429, refusal(429, "Too Many Requests"), paused(1)),
        (429, refusal(429, "Too Many Requests", retry_after="soon"), paused(1)),
        (429, refusal(429, "Too Many Requests", retry_after=-5), paused(1)),
        (429, refusal(429, "Too Many Requests", retry_after=10**12), paused(86_400)),
        (429, PAGE, paused(1)),
        (
            400,
            refusal(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005
            ),
            Migrated(-1005),
        ),
    ],
)
def test_an_answer_says_how_the_attempt_ended(status: int, payload: bytes, outcome: Outcome) -> None:
    assert outcome_of(status, payload) == outcome


def test_a_message_that_already_says_so_counts_as_edited() -> None:
    words = (
        "Bad Request: message is not modified: specified new message content and reply markup are the same"
    )

    assert outcome_of(400, refusal(400, words), message_id=9) == Sent(9)


def test_a_done_call_without_a_message_in_its_answer_is_about_the_one_it_named() -> None:
    assert outcome_of(200, b'{"ok":true,"result":true}', message_id=9) == Sent(9)


def test_a_reason_fits_where_it_is_kept() -> None:
    outcome = outcome_of(400, refusal(400, "Bad Request: " + "x" * 1000))

    assert isinstance(outcome, Rejected)
    assert len(outcome.reason) == LONGEST_REASON


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ConnectionTimeoutError("http://h/bot123:canary/sendMessage"), Unavailable),
        (aiohttp.InvalidURL("http://h/bot123:canary/sendMessage"), Unavailable),
        (aiohttp.SocketTimeoutError("http://h/bot123:canary/sendMessage"), Ambiguous),
        (aiohttp.ServerDisconnectedError(), Ambiguous),
        (aiohttp.ClientPayloadError("bot123:canary"), Ambiguous),
        (ConnectionResetError("bot123:canary"), Ambiguous),
        (TimeoutError(), Ambiguous),
    ],
)
def test_an_error_on_the_way_tells_whether_it_left_and_no_address(error: Exception, kind: type) -> None:
    outcome = outcome_of_error(error)

    assert type(outcome) is kind
    assert "canary" not in repr(outcome)
