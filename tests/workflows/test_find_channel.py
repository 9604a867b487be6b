"""A channel by its @name: looked for beside everything else, remembered, and missed aloud."""

import asyncio
from dataclasses import dataclass, field

from bot.core.notices.news import News
from bot.workflows.find_channel import FindChannel
from tests.fakes import Operators
from tests.notices.town import until

NAME, NUMBER = "@town", -1005


@dataclass
class Telegram:
    """Who knows names, if anybody asks for the right one."""

    known: dict[str, int] = field(default_factory=dict)
    answers: bool = True

    async def find_chat_id(self, name: str) -> int | None:
        """Return the number behind a name."""
        if not self.answers:
            await asyncio.sleep(60)
        return self.known.get(name)


@dataclass
class Memory:
    """What an earlier process found."""

    kept: dict[str, int] = field(default_factory=dict)

    async def find_channel(self, name: str) -> int | None:
        """Return what was found."""
        return self.kept.get(name)

    async def save_channel(self, name: str, chat_id: int) -> None:
        """Keep what was found."""
        self.kept[name] = chat_id


@dataclass
class Scene:
    """A search, and what comes of it."""

    telegram: Telegram = field(default_factory=Telegram)
    memory: Memory = field(default_factory=Memory)
    operators: Operators = field(default_factory=Operators)
    used: list[int] = field(default_factory=list)

    def search(self) -> FindChannel:
        """Return the search of a process that has just started."""
        return FindChannel(NAME, self.telegram, self.memory, self.used.append, self.operators.tell, 0.01)


async def test_it_is_found_at_the_first_start_and_known_at_the_next_without_telegram() -> None:
    scene = Scene(Telegram({NAME: NUMBER}))
    await scene.search().recall(1.0)
    scene.telegram.answers = False

    await scene.search().recall(0.01)

    assert scene.used == [NUMBER, NUMBER]
    assert scene.operators.news == []


async def test_one_that_is_not_there_is_told_of_once_and_found_when_it_comes() -> None:
    scene = Scene()
    search, stop = scene.search(), asyncio.Event()
    await search.recall(1.0)
    running = asyncio.create_task(search.run(stop))
    await asyncio.sleep(0.05)
    assert NAME in search.trouble
    assert scene.operators.news == [News.CHANNEL_LOST]

    scene.telegram.known[NAME] = NUMBER
    await until(running.done)

    assert (search.trouble, scene.used) == ("", [NUMBER])
    assert scene.operators.news == [News.CHANNEL_LOST, News.CHANNEL_FOUND]


async def test_a_telegram_that_does_not_answer_keeps_nothing_waiting_for_long() -> None:
    scene = Scene(Telegram({NAME: NUMBER}, answers=False))

    await asyncio.wait_for(scene.search().recall(0.05), 1.0)

    assert scene.used == []
