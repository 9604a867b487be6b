"""The three calls that nearly every reply makes, with bodies that are bytes already."""

import json

from bot.adapters.telegram.request import AiohttpRequest


class Calls:
    """The calls of one bot."""

    def __init__(self, request: AiohttpRequest, base_url: str) -> None:
        """Take the session, and the address with the token in it."""
        self._request = request
        self._send, self._edit, self._answer = (
            f"{base_url}/{method}" for method in ("sendMessage", "editMessageText", "answerCallbackQuery")
        )

    async def send(self, body: bytes) -> int:
        """Send a message, and return its number.

        Raises:
            TelegramError: as AiohttpRequest.call says; so does everything here.
        """
        message = await self._request.call(self._send, body)
        return int(message["message_id"])

    async def edit(self, body: bytes) -> None:
        """Put other words in a message's place."""
        await self._request.call(self._edit, body)

    async def answer_press(self, query_id: str, note: str) -> None:
        """End the waiting of a button, with a note over the chat where there is one."""
        fields = {"callback_query_id": query_id, **({"text": note} if note else {})}
        await self._request.call(self._answer, json.dumps(fields).encode())
