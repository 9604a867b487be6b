"""Changed content -> new answers while the bot runs; content with an error changes nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Protocol

from bot.core.chat import StoreUnavailable
from bot.core.content import Content
from bot.core.problem import Level, Problem
from bot.workflows.stopping import unless_stopped

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
    accept: Callable[[Content, Sequence[Problem]], Awaitable[None]],
    refuse: Callable[[Sequence[Problem]], Awaitable[None]],
    stop: asyncio.Event,
    look_every: float = LOOK_EVERY,
) -> None:
    """Look at the folder until `stop`; hand over what changed once it has stayed the same for one look.

    `accept` gets new content and what was found in it, `refuse` what keeps content from being taken.
    `seen` is the fingerprint of what is in use. Waiting one look keeps a half-copied folder from being read.
    """
    pending = seen
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), look_every)
        except TimeoutError:
            try:
                current = await asyncio.to_thread(folder.fingerprint)
                if current == seen or current != pending:
                    pending = current
                    continue
                seen = current
                # To learn from it takes half a minute, and the next start reads it anyway.
                await unless_stopped(_hand_over(folder, accept, refuse), stop)
            except (OSError, ValueError, RuntimeError, StoreUnavailable) as error:
                # What is in use stays in use, and the next change is seen.
                log.error("content changed and could not be taken: %s", type(error).__name__)


async def _hand_over(
    folder: Folder,
    accept: Callable[[Content, Sequence[Problem]], Awaitable[None]],
    refuse: Callable[[Sequence[Problem]], Awaitable[None]],
) -> None:
    content, problems = await asyncio.to_thread(folder.read)
    if content is None:
        errors = sum(problem.level is Level.ERROR for problem in problems)
        log.error("content refused, the last good content keeps answering (%d errors)", errors)
        await refuse(problems)
    else:
        # A broken file of one notice does not keep the rest back: its problems come along.
        await accept(content, problems)
        log.info("content changed and accepted")
