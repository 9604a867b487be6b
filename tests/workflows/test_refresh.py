"""Operators change files while the bot runs: good content is taken, broken content changes nothing."""

import asyncio
import contextlib
from collections.abc import Hashable, Sequence

import pytest

from bot.core.content import Content
from bot.core.problem import Level, Problem
from bot.workflows import refresh
from tests.factories import make_content

BROKEN = Problem("guides/fire.yaml", ("titel",), "unknown key", level=Level.ERROR, line=4)


class Folder:
    """A folder in memory: a version for a fingerprint, and what reading it gives."""

    def __init__(self) -> None:
        self.version = 1
        self.content: Content | None = make_content()
        self.problems: tuple[Problem, ...] = ()

    def fingerprint(self) -> Hashable:
        return self.version

    def read(self) -> tuple[Content | None, Sequence[Problem]]:
        return self.content, self.problems


class Bot:
    """Remembers what it was handed."""

    def __init__(self) -> None:
        self.accepted: list[Content] = []
        self.refused: list[Sequence[Problem]] = []

    async def accept(self, content: Content, problems: Sequence[Problem]) -> None:
        self.accepted.append(content)

    async def refuse(self, problems: Sequence[Problem]) -> None:
        self.refused.append(problems)


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def watch(folder: Folder, bot: Bot, looks: int, changes: dict[int, int]) -> None:
    """Look so many times; before look n the folder gets the version that `changes` names."""
    stop = asyncio.Event()
    seen = folder.fingerprint()
    original = folder.fingerprint

    def look() -> Hashable:
        nonlocal looks
        looks -= 1
        if looks == 0:
            stop.set()
        folder.version = changes.get(looks, folder.version)
        return original()

    folder.fingerprint = look  # type: ignore[method-assign] # the folder changes while it is watched
    await refresh.keep_fresh(folder, seen, bot.accept, bot.refuse, stop, look_every=0.001)


async def test_changed_content_is_taken(bot: Bot) -> None:
    folder = Folder()

    await watch(folder, bot, looks=6, changes={4: 2})

    assert bot.accepted == [folder.content]


async def test_unchanged_content_is_not_read_again(bot: Bot) -> None:
    await watch(Folder(), bot, looks=6, changes={})

    assert bot.accepted == []


async def test_broken_content_changes_nothing_and_is_told(bot: Bot) -> None:
    folder = Folder()
    folder.content, folder.problems = None, (BROKEN,)

    await watch(folder, bot, looks=6, changes={4: 2})

    assert bot.accepted == []
    assert bot.refused == [(BROKEN,)]


async def test_a_folder_that_is_still_being_copied_is_left_until_it_rests(bot: Bot) -> None:
    await watch(Folder(), bot, looks=6, changes={5: 2, 4: 3, 3: 4, 2: 5, 1: 6, 0: 7})

    assert bot.accepted == []


async def test_a_fault_while_taking_new_content_does_not_end_the_watch(bot: Bot) -> None:
    folder = Folder()
    fails = iter([OSError("disk"), None])

    async def accept(content: Content, problems: Sequence[Problem]) -> None:
        if error := next(fails):
            raise error
        bot.accepted.append(content)

    stop = asyncio.Event()
    task = asyncio.create_task(refresh.keep_fresh(folder, 0, accept, bot.refuse, stop, look_every=0.001))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(task), 0.1)
    folder.version = 2
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(task), 0.1)
    stop.set()
    await task

    assert bot.accepted == [folder.content]


async def test_content_that_takes_long_to_learn_is_given_up_when_the_program_ends(bot: Bot) -> None:
    folder, begun = Folder(), asyncio.Event()

    async def accept(content: Content, problems: Sequence[Problem]) -> None:
        begun.set()
        await asyncio.sleep(600)
        bot.accepted.append(content)

    stop = asyncio.Event()
    task = asyncio.create_task(refresh.keep_fresh(folder, 0, accept, bot.refuse, stop, look_every=0.001))
    async with asyncio.timeout(5):
        await begun.wait()
        stop.set()
        await task

    assert bot.accepted == []
