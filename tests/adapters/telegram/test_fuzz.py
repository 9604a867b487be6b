"""Ten thousand updates that nobody should ever send, through the dispatcher and the real conversation."""

import asyncio
import copy
import gc
import json
import logging
import os
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from telegram import Bot

from bot.adapters.telegram.calls import Calls
from bot.adapters.telegram.dispatch import Dispatcher
from bot.adapters.telegram.outgoing import Outgoing
from bot.adapters.telegram.pacing import Pace
from bot.adapters.telegram.request import AiohttpRequest
from bot.adapters.telegram.sending import Sender
from bot.core.answering.finding import Answer, Finding
from bot.core.chat import Chat
from bot.core.content import Content
from bot.core.dialogue import Dialogue
from bot.core.guidance import Language
from bot.core.message import Asked, IncomingMessage, Reply
from bot.workflows.respond import Respond
from tests.adapters.telegram.scene import Memory, now
from tests.adapters.telegram.test_incoming import GOOD, places_in
from tests.adapters.telegram.updates import (
    CHANNEL,
    GROUP,
    ME,
    PERSON,
    SENT,
    make_message,
    make_update,
    sent_by,
)

UPDATES = int(os.environ.get("T12_UPDATES", "10000"))
WARMED_BY = 2000
"""Updates after which caches are as full as they get."""

BATCH = 300
"""Updates in work at once."""

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 0.5, 1e308, float("inf"), 2**31, 2**52, 2**63, -(2**70)),
    *(
        "",
        " ",
        "\x00",
        "\ud83d",
        "😱" * 4096,
        "\u202e\u2066обломки\u2069",
        "a" * 100_000,
        "/",
        "/start " + "я" * 300,
    ),
    *([], {}, [None], [[]], {"": {}}, {"id": "7"}, [{"type": "mention", "offset": 10**9, "length": -5}]),
)

RECORDED: tuple[dict[str, Any], ...] = (
    *GOOD,
    make_update(),
    make_update(text="нашли обломки"),
    make_update(text="обломки", **sent_by(None)),
    make_update("channel_post", chat=CHANNEL, text="новость", sender_chat=CHANNEL, **sent_by(None)),
    make_update("edited_channel_post", chat=CHANNEL, text="новость", **sent_by(None)),
    make_update("edited_message", text="обломки, исправлено", edit_date=SENT + 5),
    make_update(text="правда?", forward_origin={"type": "user", "date": SENT, "sender_user": PERSON}),
    make_update(text="😱" * 4096),
    make_update(text="\u202eобломки\u202c \u2067x"),
    make_update(text="обломки\x00\x07"),
    make_update(text="x", date=2**62),
    make_update(text="x", chat={"id": 2**60, "type": "private"}, from_=None),
    make_update(chat=GROUP, migrate_to_chat_id=-5),
    make_update(text="x", reply_to_message=make_message(text="y", reply_to_message=make_message(text="z"))),
    {"update_id": 1, "brand_new_kind": {"deep": [[[[{"id": 1}]]]]}},
    {"update_id": 1, "message": make_message(text="x"), "callback_query": {"id": "q", "from": PERSON}},
)


class Fussy:
    """The real conversation, and now and then a fault of ours: it must be logged once and end nothing."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self.faults = 0
        self.replies = 0

    async def respond(self, incoming: IncomingMessage) -> Reply:
        """Answer, or fail."""
        if isinstance(incoming.act, Asked) and incoming.act.text.startswith("fail"):
            self.faults += 1
            raise ValueError(incoming.act.text)
        reply = await self._respond.respond(incoming)
        self.replies += bool(reply.messages)
        return reply

    suggest = property(lambda self: self._respond.suggest)
    apology = property(lambda self: self._respond.apology)


class Chats:
    """Chats in memory, a thousand at most."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}

    async def find_chat(self, chat_id: int) -> Chat | None:
        """Return a chat."""
        return self._chats.get(chat_id)

    async def save_chat(self, chat: Chat) -> None:
        """Keep a chat."""
        self._chats[chat.id] = chat
        while len(self._chats) > 1000:
            del self._chats[next(iter(self._chats))]

    async def forget_chat(self, chat_id: int) -> None:
        """Forget a chat."""
        self._chats.pop(chat_id, None)

    async def move_chat(self, old_id: int, new_id: int) -> None:
        """Forget that it moved as well."""
        self._chats.pop(old_id, None)


class AtOnce(Pace):
    """Keeps nobody waiting: half of these updates come from the same few odd numbers."""

    def reserve(self, chat_id: int, now: float) -> float:
        """Return that it may leave."""
        return 0.0


class Telegram:
    """Takes every call; what Telegram would refuse is found out elsewhere."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.calls = 0

    async def call(self, _url: str, body: bytes) -> Any:
        """Say that it was done."""
        json.loads(body)
        self.calls += 1
        return {"message_id": next(self._ids)}

    async def answer_inline_query(self, *_: Any, **__: Any) -> bool:
        """Say that it was done."""
        self.calls += 1
        return True

    async def send_chat_action(self, *_: Any, **__: Any) -> bool:
        """Say that it was done."""
        return True


def fuzzed(amount: int, seed: int) -> Iterator[dict[str, Any]]:
    """Make updates: recorded shapes with one to four of their places replaced by oddities."""
    chance = random.Random(seed)  # noqa: S311 - a test
    places = {position: [place for place in places_in(one) if place] for position, one in enumerate(RECORDED)}
    for number in range(amount):
        position = chance.randrange(len(RECORDED))
        update = copy.deepcopy(RECORDED[position])
        update["update_id"] = number - chance.choice((0, 0, 0, 1, 500))
        _meet_somebody_else(update, number)
        for _ in range(chance.randint(0, 4)):
            *way, last = chance.choice(places[position])
            around: Any = update
            try:
                for key in way:
                    around = around[key]
                around[last] = copy.deepcopy(chance.choice(ODD))
            except (TypeError, KeyError, IndexError):
                continue  # what stood there has been replaced already
        if number % 250 == 0:
            update = make_update(text=f"fail {number}", chat={"id": 9000 + number, "type": "private"})
            update["update_id"] = number
        yield update


def _meet_somebody_else(update: dict[str, Any], number: int) -> None:
    """Let it come from one of many people: one alone would soon be told to slow down."""
    for part in update.values():
        for who in ("chat", "from"):
            if isinstance(part, dict) and isinstance(part.get(who), dict):
                sign = -1 if part[who].get("type") in ("supergroup", "channel") else 1
                part[who] = {**part[who], "id": sign * (1000 + number)}


def megabytes() -> float:
    """Return the memory of this process that is in use."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def find(_question: str, language: Language | None) -> Finding:
    return Answer("drone-seen", ("drone-seen",), language or "ru", 0.9)


async def test_whatever_comes_in_nothing_stops_and_nothing_piles_up(
    real_content: Content, caplog: pytest.LogCaptureFixture
) -> None:
    """T12."""
    telegram = Telegram()
    fussy = Fussy(Respond(Dialogue(real_content, find), Chats(), cast(Any, None), now))

    async def left(_: IncomingMessage) -> None:
        """Nobody leaves here."""

    async def moved(_: int, __: int) -> None:
        """Nobody moves here."""

    calls = Calls(cast(AiohttpRequest, telegram), "http://telegram/bot")
    sender = Sender(AtOnce(), lambda: 0.5, moved)
    outgoing = Outgoing(cast(Bot, telegram), calls, sender, ME, left)
    dispatcher = Dispatcher(cast(Any, fussy), Memory(), outgoing, ME, now)
    caplog.set_level(logging.ERROR)
    before, raised, tasks = 0.0, [], set[asyncio.Task[None]]()

    for number, update in enumerate(fuzzed(WARMED_BY + UPDATES, seed=12)):
        if number == WARMED_BY:
            before = megabytes()
        try:
            task = dispatcher.accept(json.loads(json.dumps(update)))
        except Exception as error:  # noqa: BLE001 - that it raises anything is what is looked for
            raised.append((error, update))
            continue
        if task is not None:
            tasks.add(task)
        while dispatcher.in_work > BATCH:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            tasks = {task for task in tasks if not task.done()}
    await asyncio.wait(tasks, timeout=30)
    assert dispatcher.in_work == 0
    grown = megabytes() - before
    await dispatcher.drain(5)

    logged = [record for record in caplog.records if "could not be answered" in record.getMessage()]
    print(f"\nT12: {dispatcher.answered} answered, {telegram.calls} calls, {grown:.1f} MB more")  # noqa: T201
    assert raised == []
    assert fussy.faults > 0
    assert (dispatcher.failed, len(logged)) == (fussy.faults, fussy.faults)
    assert fussy.replies > UPDATES / 20
    assert grown < 20
