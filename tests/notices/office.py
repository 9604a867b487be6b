"""The operators' side of the town: three operators in their private chats, over the real content."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from bot.adapters.content.folder import load
from bot.core.chat import Chat
from bot.core.content import Content
from bot.core.message import (
    Act,
    Asked,
    Commanded,
    IncomingMessage,
    OutgoingMessage,
    Press,
    Pressed,
    Reply,
    Room,
)
from bot.core.notices.approval import Operator, Role
from bot.core.notices.book import NoticeBook
from bot.core.notices.delivery import Sent, conclude
from bot.core.notices.installation import rules_of
from bot.core.notices.notice import Drill, Notice
from bot.core.notices.phrases import NoticePhrases
from bot.core.notices.record import Entry, Marked
from bot.workflows.compose import Compose
from bot.workflows.decide import Decide
from bot.workflows.following import Following
from bot.workflows.operate import Operate
from bot.workflows.operators import Operators
from bot.workflows.publish import Publish
from bot.workflows.watch import Watch
from tests.notices.town import APPROVER, AUTHOR, THIRD, Town, open_town, sqlite_url

VIEWER, STRANGER = 504, 999
GONE = 9_999
"""The number of a message that is not in the chat any more."""

CONTENT = Path(__file__).parents[2] / "content"


@cache
def real_content() -> Content:
    """Return the content that the bot comes with."""
    loaded = load(CONTENT, dt.date(2026, 11, 22))
    assert loaded.content is not None, loaded.problems
    return loaded.content


@dataclass
class Messages:
    """The operators' private chats, as they look."""

    chats: dict[int, list[OutgoingMessage]] = field(default_factory=dict)
    edits: int = 0
    unreachable: set[int] = field(default_factory=set)

    async def send(self, chat_id: int, message: OutgoingMessage) -> int | None:
        """Put a message into a chat."""
        if chat_id in self.unreachable:
            return None
        self.chats.setdefault(chat_id, []).append(message)
        return len(self.chats[chat_id])

    async def edit(self, chat_id: int, message_id: int, message: OutgoingMessage) -> None:
        """Put a message in place of an earlier one."""
        self.edits += 1
        if message_id != GONE:
            self.chats[chat_id][message_id - 1] = message

    def show(self, chat_id: int, act: Act, reply: Reply) -> None:
        """Show a reply, as Telegram would: in place of what was pressed, and below."""
        chat = self.chats.setdefault(chat_id, [])
        if reply.replaces is not None and isinstance(act, Pressed) and act.message_id != GONE:
            chat[act.message_id - 1] = reply.replaces
        elif reply.replaces is not None:
            chat.append(reply.replaces)
        chat.extend(reply.messages)

    def number_of(self, chat_id: int, message: OutgoingMessage) -> int:
        """Return the number of a message that is shown in a chat."""
        chat = self.chats.get(chat_id, [])
        found = [number for number, one in enumerate(chat, 1) if one == message]
        return found[-1] if found else GONE

    def words(self, person: int) -> list[str]:
        """Return what an operator can read, oldest first."""
        return [message.text.words for message in self.chats.get(person, [])]


class Office:
    """A town with its operators at work."""

    def __init__(self, town: Town, content: Content, book: NoticeBook) -> None:
        self.town = town
        self.messages = Messages()
        self.content = content
        self.book = book
        self.restart()

    def restart(self) -> None:
        """Let another process take over: it knows what the store knows, and the chats stay as they are."""
        town, store = self.town, self.town.store
        self.operators = Operators(self.content, self.book, town.rules, store, self.messages, town.clock)
        self.compose = Compose(self.operators, store.notices, store.audiences)
        self.following = Following(store.cards)
        self.watch = Watch(self.operators, store.notices, store.outbox, self.compose, self.following)
        town.publish = Publish(
            store.notices, store.outbox, town.rules, town.clock, town.clock.steady, self.watch.tell
        )
        self.decide = Decide(self.operators, store.notices, self.compose, town.publish)
        self.operate = Operate(
            self.operators,
            store.notices,
            store.outbox,
            store.audit,
            self.compose,
            self.decide,
            self.following,
        )

    def use_phrases(self, phrases: NoticePhrases) -> None:
        """Let somebody change the words around every notice."""
        setting = replace(self.town.rules.setting, phrases=phrases)
        self.operators.rules = replace(self.town.rules, setting=setting)

    async def deliver_some(self, count: int) -> None:
        """Deliver to so many chats, and to no more."""
        outbox, now = self.town.store.outbox, self.town.clock()
        [mailing] = await outbox.open_mailings()
        claims = await outbox.claim(mailing, count, now)
        marks = [Marked(claim, conclude(claim.delivery, Sent(claim.id), now)) for claim in claims]
        await outbox.record(marks, now)

    async def act(self, person: int, act: Act, room: Room = Room.PRIVATE) -> Reply:
        """Do what an operator does, and return the reply; one there must be."""
        reply = await self.take(person, act, room)
        assert reply is not None, "it went to the residents' side"
        return reply

    async def take(self, person: int, act: Act, room: Room = Room.PRIVATE) -> Reply | None:
        """Return the reply of the operators' desk, None where it is not its business."""
        chat_id = person if room is Room.PRIVATE else -5
        reply = await self.operate.take(IncomingMessage(chat_id, room, person, act, self.town.clock(), "en"))
        if reply is not None:
            self.messages.show(chat_id, act, reply)
        await self.operators.send_posts()
        return reply

    async def press(self, person: int, shown: OutgoingMessage | None, label: str) -> Reply:
        """Press the button whose label contains `label`."""
        assert shown is not None
        return await self.act(person, Pressed(data_of(shown, label), self.messages.number_of(person, shown)))

    async def tap(self, person: int, data: str, room: Room = Room.PRIVATE) -> Reply:
        """Press a button of an old message, or one that was never shown."""
        return await self.act(person, Pressed(data, GONE), room)

    async def say(self, person: int, text: str) -> Reply:
        """Write something."""
        return await self.act(person, Asked(text))

    async def desk(self, person: int) -> OutgoingMessage:
        """Open the desk."""
        return (await self.act(person, Commanded("desk"))).messages[0]

    async def fill(self, person: int, template: str, *answers: str) -> Reply:
        """Choose a template and answer its questions; return the last reply."""
        desk = await self.desk(person)
        templates = (await self.press(person, desk, "New REAL")).replaces
        reply = await self.press(person, templates, template)
        for answer in answers:
            reply = await self.say(person, answer)
        return reply

    async def waiting_card(self, person: int) -> OutgoingMessage:
        """Return the newest card that waits for the person."""
        await self.watch.tick()
        return next(m for m in reversed(self.messages.chats[person]) if "Version" in m.text.words)

    async def card(self, person: int, notice_id: str) -> OutgoingMessage:
        """Open the card of a notice."""
        reply = await self.tap(person, f"op:show:{notice_id}")
        return reply.replaces or reply.messages[-1]

    async def reject(self, person: int, reason: str) -> Reply:
        """Reject what waits for the person."""
        await self.press(person, await self.waiting_card(person), "Reject")
        [sure] = (await self.say(person, reason)).messages
        return await self.press(person, sure, "Yes, reject it")

    async def log(self, notice_id: str) -> list[str]:
        """Return what was done to a notice, and by whom."""
        entries: tuple[Entry, ...] = await self.town.store.audit.history(notice_id)
        return [f"{entry.what} {entry.who}" for entry in entries]

    async def ids(self) -> list[str]:
        """Return the ids of all notices."""
        return [record.id for record in await self.town.store.notices.list_notices()]


def data_of(shown: OutgoingMessage | None, label: str) -> str:
    """Return what the button whose label contains `label` carries."""
    assert shown is not None
    found = [
        button.action.data
        for row in shown.buttons
        for button in row
        if label in button.label and isinstance(button.action, Press)
    ]
    assert len(found) == 1, (label, [button.label for row in shown.buttons for button in row])
    return found[0]


def labels(shown: OutgoingMessage | None) -> list[str]:
    """Return the labels of all buttons."""
    assert shown is not None
    return [button.label for row in shown.buttons for button in row]


@asynccontextmanager
async def open_office(folder: Path, *extra: Notice | Drill) -> AsyncIterator[Office]:
    """Give an office over an empty database; `extra` are notices and drills from files."""
    content = real_content()
    assert content.notices is not None
    viewer = Operator(id=VIEWER, roles=(Role.VIEWER,))
    book = replace(
        content.notices,
        policy=content.notices.policy.model_copy(update={"operators": (viewer,)}),
        notices={one.id: one for one in extra if isinstance(one, Notice)},
        drills={one.id: one for one in extra if isinstance(one, Drill)},
    )
    content = replace(content, notices=book)
    rules = rules_of(content, book, "2026a", (AUTHOR, APPROVER, THIRD, VIEWER))
    async with open_town(sqlite_url(folder), rules=rules) as town:
        for person in rules.trusted:
            await town.store.save_chat(Chat(person, "en"))
        yield Office(town, content, book)
