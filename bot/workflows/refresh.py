"""Changed content -> new answers while the bot runs; content with an error changes nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Protocol

from bot.core.content import Content
from bot.core.problem import Level, Problem

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
"""Seconds between two looks at the folder: soon enough for an operator who waits, and next to no work."""


class Folder(Protocol):
    """Where content comes from."""

    def fingerprint(self) -> Hashable:
        """Return a value that changes whenever any file does."""

    def read(self) -> tuple[Content | None, Sequence[Problem]]:
        """Return the content, or None and what is wrong with it."""


async def keep_fresh(
    folder: Folder,
    seen: Hashable,
    accept: Callable[[Content], Awaitable[None]],
    refuse: Callable[[Sequence[Problem]], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Look at the folder until `stop`; hand over what changed once it has stayed the same for one look.

    `seen` is the fingerprint of what is in use. Waiting one look keeps a half-copied folder from being read.
    """
    pending = seen
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), LOOK_EVERY)
        except TimeoutError:
            current = await asyncio.to_thread(folder.fingerprint)
            if current == seen or current != pending:
                pending = current
                continue
            seen = current
            content, problems = await asyncio.to_thread(folder.read)
            errors = [problem for problem in problems if problem.level is Level.ERROR]
            if content is None:
                log.error("content refused, the last good content keeps answering (%d errors)", len(errors))
                await refuse(problems)
            else:
                await accept(content)
                log.info("content changed and accepted")
