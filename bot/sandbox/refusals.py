"""Telegram's refusals: their codes, and the words clients recognise them by.

A client may only tell one refusal from another by these words, so they are kept here, together, and verbatim.
"""

from collections.abc import Mapping, Set

from bot.sandbox.wire import Json


class ApiError(Exception):
    """A call that Telegram would refuse: an HTTP status, a description, and for a few kinds, parameters."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_answer(self) -> Json:
        """The body of the answer."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(words: str) -> ApiError:
    """400: the call itself is wrong, and repeating it will not help."""
    return ApiError(400, f"Bad Request: {words}")


def forbidden(words: str) -> ApiError:
    """403: the call is right, and the bot may not make it."""
    return ApiError(403, f"Forbidden: {words}")


def conflict(words: str) -> ApiError:
    """409: two ways of receiving updates at once."""
    return ApiError(409, f"Conflict: {words}")


def too_many_requests(seconds: int) -> ApiError:
    """429: a limit was hit; `seconds` is how long Telegram asks the bot to be silent."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def upgraded(supergroup_id: int) -> ApiError:
    """400: the group lives on under another id, which the answer names."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": supergroup_id},
    )


class NotModelled(ApiError):
    """400 or 404: something Telegram may know and the sandbox does not; logged loudly, to be noticed."""


def refuse_unknown(where: str, given: Mapping[str, object], known: Set[str]) -> None:
    """Raise `NotModelled` when a name in `given` is misspelt, or of a feature the sandbox does not have."""
    unknown = sorted(given.keys() - known)
    if unknown:
        raise NotModelled(400, f"Bad Request: unknown to the sandbox in {where}: {', '.join(unknown)}")


QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_CAME = "terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
