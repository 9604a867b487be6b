"""Who the operators are, in which language each is spoken to, and how all of them are told something."""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from bot.core.chat import Chat, StoreUnavailable, language_of
from bot.core.content import Content
from bot.core.message import OutgoingMessage
from bot.core.notices.approval import Role
from bot.core.notices.book import NoticeBook
from bot.core.notices.console.card import Cards
from bot.core.notices.freezing import Rules

MOST_SEEN = 1_000
"""Versions of notices of which it is remembered who has read them."""

MOST_POSTS = 200
"""Messages kept for operators while they cannot be reached; the oldest go first."""

Say = Callable[[Cards], OutgoingMessage]
"""What is said, in the language of whoever it is said to."""


class Chats(Protocol):
    """Where chats are kept. May raise StoreUnavailable."""

    async def find_chat(self, chat_id: int) -> Chat | None: ...


class Messenger(Protocol):
    """How operators are written to unasked. It never raises: who cannot be reached is skipped."""

    async def send(self, chat_id: int, message: OutgoingMessage) -> int | None:
        """Return the new message's id, None where it did not arrive."""

    async def edit(self, chat_id: int, message_id: int, message: OutgoingMessage) -> None: ...


class Operators:
    """The people of BOT_OPERATORS. `content`, `book` and `rules` are replaced when the content changes."""

    def __init__(
        self,
        content: Content,
        book: NoticeBook,
        rules: Rules,
        chats: Chats,
        messenger: Messenger,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self.content = content
        self.book = book
        self.rules = rules
        self.messenger = messenger
        self.clock = clock
        self._chats = chats
        self._posts: deque[tuple[Say, frozenset[int]]] = deque(maxlen=MOST_POSTS)
        self._seen: deque[tuple[int, str]] = deque(maxlen=MOST_SEEN)
        self.has_posts = asyncio.Event()

    def replace(self, content: Content, book: NoticeBook, rules: Rules) -> None:
        """Go on with new content."""
        self.content, self.book, self.rules = content, book, rules

    @property
    def people(self) -> tuple[int, ...]:
        """The numbers of all operators; each is a private chat too."""
        return self.rules.trusted

    def roles(self, person: int) -> frozenset[Role]:
        """Return what a person is here: nothing, for strangers."""
        return self.rules.policy.roles_of(person, self.rules.trusted)

    async def cards(self, person: int, language_code: str | None = None) -> Cards:
        """Return how a person is spoken to; while the store is away, in the language of the phone."""
        try:
            chat = await self._chats.find_chat(person)
        except StoreUnavailable:
            chat = None
        deployment = self.content.deployment
        language = language_of(
            chat.language if chat else None,
            language_code,
            deployment.languages,
            deployment.default_language,
        )
        return Cards(self.book.operator_phrases, self.rules, language, self.clock(), person)

    def note_seen(self, person: int, fingerprint: str) -> None:
        """Remember that a person has read a notice in just these words."""
        self._seen.append((person, fingerprint))

    def has_seen(self, person: int, fingerprint: str) -> bool:
        """Return whether a person has read a notice in just these words, as far as this process knows."""
        return (person, fingerprint) in self._seen

    def post(self, say: Say, but: Iterable[int] = ()) -> None:
        """Leave a message for all operators. Whoever decides or sends never waits for it to arrive."""
        self._posts.append((say, frozenset(but)))
        self.has_posts.set()

    async def send_posts(self) -> None:
        """Send what was left."""
        self.has_posts.clear()
        while self._posts:
            await self.tell_all(*self._posts.popleft())

    async def tell_all(self, say: Say, but: Iterable[int] = ()) -> dict[int, int]:
        """Send every operator the message in their language, and return the ids of those that arrived."""
        people = [person for person in self.people if person not in frozenset(but)]

        async def tell(person: int) -> int | None:
            return await self.messenger.send(person, say(await self.cards(person)))

        # Side by side: one operator without a connection does not keep the others waiting.
        sent = await asyncio.gather(*map(tell, people))
        return {person: number for person, number in zip(people, sent, strict=True) if number is not None}
