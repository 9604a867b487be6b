"""Core's replies -> calls of the Bot API, so that every message ends up with exactly one current answer."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.adapters.telegram import prepared as bodies
from bot.adapters.telegram.calls import Calls
from bot.adapters.telegram.incoming import Arrival, Identity
from bot.adapters.telegram.prepared import tails
from bot.adapters.telegram.rendering import cut, render_suggestion
from bot.adapters.telegram.sending import ChatLeft, GaveUp, Refused, Sender
from bot.core.message import IncomingMessage, OutgoingMessage, Pressed, Reply, Room, Suggestion, Text

log = logging.getLogger(__name__)

MAX_TOAST = 200  # characters (Bot API, answerCallbackQuery)
MAX_SUGGESTIONS = 50  # results (Bot API, answerInlineQuery)

SUGGESTIONS_KEPT = 30
"""Seconds for which Telegram may show the same suggestions again: new content must not be kept back long."""

QUERY_PATIENCE = 10.0
"""Seconds after which a press or an inline query is stale and Telegram takes no answer to it any more."""

TYPING_LASTS = 4.5
"""Seconds; Telegram takes the sign away after five (Bot API, sendChatAction)."""

REMEMBERED_ANSWERS = 5_000
"""Answers that can still be edited when the question is; some hours' worth, and 1 MB."""

REMEMBERED_SCREENS = 10_000
"""Messages of which it is known what they say, so that a press which changes nothing is no call."""

# Refusals that the same words without their styles and buttons would meet again.
HOPELESS: Final = ("chat not found", "not enough rights", "have no rights", "write_forbidden")


class Outgoing:
    """Shows replies in Telegram."""

    def __init__(
        self,
        bot: Bot,
        calls: Calls,
        sender: Sender,
        me: Identity,
        left: Callable[[IncomingMessage], Awaitable[None]],
    ) -> None:
        """Take the bot, its calls, its sender, who it is, and whom to tell that a chat is gone for good."""
        self._bot = bot
        self._calls = calls
        self._sender = sender
        self._me = me
        self._left = left
        self._answers: OrderedDict[tuple[int, int], int] = OrderedDict()
        self._shown: OrderedDict[tuple[int, int], int] = OrderedDict()

    async def deliver(self, arrival: Arrival, reply: Reply) -> None:
        """Show the reply to what arrived, and answer the press if it is one.

        Raises:
            GaveUp: the way to Telegram stayed broken, the person got nothing.
        """
        if not isinstance(arrival.incoming, IncomingMessage):
            await self.acknowledge(arrival)
        elif not arrival.query_id:
            await self._show_if_possible(arrival, arrival.incoming, reply)
        else:
            acknowledging = asyncio.create_task(self.acknowledge(arrival, reply.toast))
            try:
                await self._show_if_possible(arrival, arrival.incoming, reply)
                await acknowledging
            finally:
                acknowledging.cancel()

    async def acknowledge(self, arrival: Arrival, toast: str = "") -> None:
        """Answer a press, also a stale one; its button stops waiting. Never raises for Telegram's sake."""
        if not arrival.query_id:
            return
        words = cut(Text(toast), MAX_TOAST).words
        try:
            await self._sender.insist(
                lambda: self._calls.answer_press(arrival.query_id, words), QUERY_PATIENCE
            )
        except (Refused, GaveUp, ChatLeft) as reason:
            log.info("a press was not acknowledged: %s", reason)

    async def keep_typing(self, chat_id: int, thread_id: int | None) -> None:
        """Show the bot typing until this is cancelled. Never raises for Telegram's sake: it is a courtesy."""
        while True:
            with contextlib.suppress(TelegramError):
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=thread_id)
            await asyncio.sleep(TYPING_LASTS)

    async def suggest(self, arrival: Arrival, suggestions: Sequence[Suggestion]) -> None:
        """Answer an inline query. Never raises for Telegram's sake: the next letter typed asks again."""
        unique = {suggestion.id: suggestion for suggestion in suggestions if suggestion.id}
        results = [
            result
            for suggestion in unique.values()
            if (result := render_suggestion(suggestion, self._me.supports_inline))
        ][:MAX_SUGGESTIONS]
        try:
            await self._sender.insist(
                lambda: self._bot.answer_inline_query(
                    arrival.query_id, results, cache_time=SUGGESTIONS_KEPT, is_personal=True
                ),
                QUERY_PATIENCE,
            )
        except (Refused, GaveUp, ChatLeft) as reason:
            log.info("an inline query was not answered: %s", reason)

    async def write(self, chat_id: int, message: OutgoingMessage, in_place_of: int | None) -> int | None:
        """Show a message that answers nothing, in place of an earlier one where that is given.

        Raises:
            ChatLeft, Refused, GaveUp: it did not arrive.
        """
        if (made := tails(message, self._me.supports_inline)) is None:
            return None
        if in_place_of is not None:
            return in_place_of if await self._edit(chat_id, in_place_of, made[0]) else None
        return await self._send(chat_id, made, message, None, None)

    async def _show_if_possible(self, arrival: Arrival, incoming: IncomingMessage, reply: Reply) -> None:
        try:
            await self._show(arrival, incoming, reply)
        except ChatLeft as reason:
            log.info("the chat cannot be written to any more: %s", reason)
            await self._left(incoming)
        except Refused as reason:
            log.warning("Telegram refused a reply: %s", reason)

    async def _show(self, arrival: Arrival, incoming: IncomingMessage, reply: Reply) -> None:
        if reply.replaces:
            pressed = incoming.act.message_id if isinstance(incoming.act, Pressed) else None
            await self._put(arrival, incoming, reply.replaces, pressed)
        asked = (incoming.chat_id, incoming.message_id or 0)
        is_asked = incoming.message_id is not None and not isinstance(incoming.act, Pressed)
        for position, message in enumerate(reply.messages):
            earlier = self._answers.get(asked) if position == 0 and is_asked and incoming.edited else None
            if incoming.edited and earlier is None:
                message = replace(message, silent=True)  # the answer of old is out of reach: this is no news
            shown = await self._put(arrival, incoming, message, earlier, as_reply=is_asked and position == 0)
            if position == 0 and is_asked and shown is not None:
                _remember(self._answers, asked, shown, REMEMBERED_ANSWERS)

    async def _put(
        self,
        arrival: Arrival,
        incoming: IncomingMessage,
        message: OutgoingMessage,
        in_place_of: int | None,
        as_reply: bool = False,
    ) -> int | None:
        """Show the message in place of an earlier one, else as a new one; return its id."""
        if (made := tails(message, self._me.supports_inline)) is None:
            log.error("a message without words was not sent")
            return None
        if in_place_of is not None and await self._edit(incoming.chat_id, in_place_of, made[0]):
            return in_place_of
        answered = incoming.message_id if as_reply and incoming.room is Room.GROUP else None
        return await self._send(incoming.chat_id, made, message, answered, arrival.thread_id)

    async def _edit(self, chat_id: int, message_id: int, tail: bytes) -> bool:
        """Return whether the earlier message now says this; not so when it is gone or too old."""
        where, words = (chat_id, message_id), hash(tail)
        if self._shown.get(where) == words:
            return True  # Telegram refuses an edit that changes nothing
        try:
            await self._sender.send(
                chat_id, lambda chat: self._calls.edit(bodies.editing(tail, chat, message_id))
            )
        except Refused as refusal:
            if "not modified" not in str(refusal):
                log.info("a message is sent anew because editing was refused: %s", refusal)
                return False
        _remember(self._shown, where, words, REMEMBERED_SCREENS)
        return True

    async def _send(
        self,
        chat_id: int,
        made: tuple[bytes, bytes],
        message: OutgoingMessage,
        answered: int | None,
        thread_id: int | None,
    ) -> int:
        styled, bare = made
        try:
            sent = await self._sender.send(
                chat_id,
                lambda chat: self._calls.send(
                    bodies.sending(
                        styled,
                        chat,
                        silent=message.silent,
                        protected=message.protected,
                        reply_to=answered,
                        thread_id=thread_id,
                    )
                ),
            )
        except Refused as refusal:
            if any(words in str(refusal).lower() for words in HOPELESS):
                raise
            log.error("Telegram refused a message, its bare words are sent instead: %s", refusal)
            return await self._sender.send(
                chat_id,
                lambda chat: self._calls.send(
                    bodies.sending(bare, chat, silent=message.silent, protected=message.protected)
                ),
            )
        _remember(self._shown, (chat_id, sent), hash(styled), REMEMBERED_SCREENS)
        return sent


def _remember(known: OrderedDict[tuple[int, int], int], key: tuple[int, int], value: int, most: int) -> None:
    known[key] = value
    known.move_to_end(key)
    while len(known) > most:
        known.popitem(last=False)
