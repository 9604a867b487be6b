"""One incoming message -> one reply: reads the chat, asks the dialogue, remembers what changed."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol

from bot.core import flood
from bot.core.chat import Chat, StoreUnavailable
from bot.core.dialogue import Dialogue, Outcome, Turn
from bot.core.flood import Verdict
from bot.core.message import (
    Asked,
    IncomingMessage,
    IncomingQuery,
    Joined,
    Left,
    Migrated,
    Pressed,
    Reply,
    Room,
    Suggestion,
)
from bot.core.notices.live import Live, live_of
from bot.core.notices.record import Record
from bot.core.notices.states import IN_FORCE, State
from bot.workflows.limits import Limits

log = logging.getLogger(__name__)

SAVED_WITHIN = 0.5
"""Seconds for which an answer waits until the chat is remembered: a locked database must not keep it back."""


class Chats(Protocol):
    """Where chats are kept. Every method may raise StoreUnavailable."""

    async def find_chat(self, chat_id: int) -> Chat | None: ...
    async def save_chat(self, chat: Chat) -> None: ...
    async def forget_chat(self, chat_id: int) -> None: ...
    async def move_chat(self, old_id: int, new_id: int) -> None: ...


class Members(Protocol):
    """Who may change a group's settings."""

    async def is_admin(self, chat_id: int, person_id: int) -> bool: ...


class Notices(Protocol):
    """Where notices are kept. May raise StoreUnavailable."""

    async def list_notices(self, states: Iterable[State] | None = None) -> tuple[Record, ...]: ...


class Misses(Protocol):
    """Where questions without a certain answer are counted. May raise StoreUnavailable."""

    async def record(self, stems: tuple[str, ...], sender_id: int) -> None: ...


class Respond:
    """Answers people. `dialogue` is replaced as a whole when the content changes."""

    def __init__(
        self,
        dialogue: Dialogue,
        chats: Chats,
        members: Members,
        clock: Callable[[], dt.datetime],
        notices: Notices | None = None,
        misses: Misses | None = None,
        engine: "Future[Any] | None" = None,
    ) -> None:
        """Take the dialogue and what it needs; questions wait until `engine`, which it asks, is there."""
        self.dialogue = dialogue
        self.username = ""
        self._chats = chats
        self._members = members
        self._clock = clock
        self._notices = notices
        self._misses = misses
        self._engine = engine
        self._writing: set[asyncio.Task[None]] = set()
        self._limits = Limits()

    async def respond(self, incoming: IncomingMessage) -> Reply:
        """Return the reply to one message. A store that is away costs what was chosen, never the answer.

        Raises:
            StoreUnavailable: a setting was to be changed and could not be saved, or nobody can say what is in
                force: "nothing" would be a dangerous guess.
        """
        now = self._clock()
        dialogue = self.dialogue
        if not dialogue.concerns(incoming):
            return Reply()
        verdict = self._judge(incoming, now)
        # Whoever writes too much may still cry for help: that is looked into before it is passed over.
        may_cry = (
            verdict is not Verdict.ANSWER
            and isinstance(incoming.act, Asked)
            and self._limits.judge(_who(incoming), flood.VITAL, now) is Verdict.ANSWER
        )
        if verdict is Verdict.IGNORE and not may_cry:
            return Reply()
        chat = await self._find(incoming)
        if verdict is Verdict.TELL and not may_cry:
            return dialogue.slow_down(incoming, chat)
        asks_admin = incoming.room is Room.GROUP and dialogue.changes_settings(incoming)
        is_admin = asks_admin and await self._members.is_admin(incoming.chat_id, incoming.sender_id)
        live: tuple[Live, ...] = ()
        if self._notices and dialogue.asks_what_is_in_force(incoming):
            records = await self._notices.list_notices(IN_FORCE)
            live = tuple(one for record in records if (one := live_of(record)))
        if isinstance(incoming.act, Asked):
            await self._until_ready()
        turn = Turn(incoming, chat, is_admin, self.username, now, live)
        # Looking for a guide takes milliseconds of computing: beside the event loop, not on it.
        outcome = await asyncio.to_thread(dialogue.take, turn)
        warning = dialogue.slow_down(incoming, chat) if verdict is Verdict.TELL else Reply()
        if may_cry and not outcome.urgent:
            return warning
        await self._remember(turn, outcome)
        if self._misses is not None and outcome.missed:
            missing = self._misses.record(outcome.missed, incoming.sender_id)
            self._beside(missing, "a question without an answer is not counted")
        return replace(outcome.reply, messages=(*outcome.reply.messages, *warning.messages))

    async def suggest(self, query: IncomingQuery) -> tuple[Suggestion, ...]:
        """Return the guides that fit an inline query."""
        await self._until_ready()
        return await asyncio.to_thread(self.dialogue.suggest, query)

    def apology(self, incoming: IncomingMessage) -> Reply:
        """Return what the person is told when respond failed."""
        return self.dialogue.apologise(incoming)

    async def _until_ready(self) -> None:
        # On the loop, not in a thread: threads full of waiting questions would keep buttons waiting too.
        if self._engine is not None and not self._engine.done():
            await asyncio.shield(asyncio.wrap_future(self._engine))

    def _judge(self, incoming: IncomingMessage, now: dt.datetime) -> Verdict:
        match incoming.act:
            case Left() | Joined() | Migrated():
                return Verdict.ANSWER
            case _ if self.dialogue.is_vital(incoming):
                budget = flood.VITAL
            case Pressed():
                budget = flood.PRESSES
            case _:
                budget = flood.MESSAGES
        return self._limits.judge(_who(incoming), budget, now)

    async def _find(self, incoming: IncomingMessage) -> Chat | None:
        try:
            return await self._chats.find_chat(incoming.chat_id)
        except StoreUnavailable as problem:
            if self.dialogue.changes_settings(incoming):
                raise  # what is not known cannot be changed, and "it was off already" would be a guess
            log.error("store away, answering without what the chat chose: %s", problem)
            return Chat(incoming.chat_id)

    async def _remember(self, turn: Turn, outcome: Outcome) -> None:
        if outcome.chat == turn.chat and outcome.chat is not None:
            return
        if self.dialogue.changes_settings(turn.incoming):
            # "Erased" or "from now on" would be a lie before it is so.
            await self._save(turn, outcome)
            return
        saving = self._beside(self._save(turn, outcome), "this chat is not remembered")
        await asyncio.wait({saving}, timeout=SAVED_WITHIN)

    async def _save(self, turn: Turn, outcome: Outcome) -> None:
        if outcome.chat is None:
            await self._chats.forget_chat(turn.incoming.chat_id)
        elif outcome.chat.id != turn.incoming.chat_id:
            await self._chats.move_chat(turn.incoming.chat_id, outcome.chat.id)
        else:
            await self._chats.save_chat(outcome.chat)

    def _beside(self, writing: Coroutine[Any, Any, None], or_else: str) -> asyncio.Task[None]:
        """Write beside the answer, which does not fail with it."""

        async def write() -> None:
            try:
                await writing
            except StoreUnavailable as problem:
                log.error("store away, %s: %s", or_else, problem)

        task = asyncio.create_task(write())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task


def _who(incoming: IncomingMessage) -> tuple[int, int]:
    """Return whose budget it is: what somebody does in a group costs them nothing elsewhere."""
    return incoming.chat_id, incoming.sender_id
