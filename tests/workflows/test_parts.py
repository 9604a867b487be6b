"""Parts that die of a fault: told of once, begun again, with longer and longer pauses."""

import asyncio

from bot.core.notices.news import News
from bot.workflows.parts import Part
from tests.fakes import Operators
from tests.notices.town import until


async def test_a_part_that_dies_is_told_of_once_and_begins_again() -> None:
    operators, stop, lives = Operators(), asyncio.Event(), 0

    async def live(stop: asyncio.Event) -> None:
        nonlocal lives
        lives += 1
        if lives <= 3:
            raise KeyError("de")
        await stop.wait()

    part = Part("publishing", live, operators.tell, first_wait=0.01, well_after=0.1)
    running = asyncio.create_task(part.run(stop))
    await until(lambda: lives == 4)
    assert part.trouble == "publishing: KeyError"
    await until(lambda: not part.trouble)
    stop.set()
    await running

    assert [(told.news, told.detail) for told in operators.heard] == [
        (News.PART_FAILED, "publishing: KeyError")
    ]


async def test_one_that_has_nothing_left_to_do_ends_and_is_well() -> None:
    async def live(_: asyncio.Event) -> None:
        """Find nothing to do."""

    part = Part("taking in files", live, Operators().tell)

    await part.run(asyncio.Event())

    assert part.trouble == ""


async def test_told_to_stop_it_does_not_begin_again() -> None:
    stop = asyncio.Event()

    async def live(stop: asyncio.Event) -> None:
        stop.set()
        raise RuntimeError

    await asyncio.wait_for(Part("delivering", live, Operators().tell).run(stop), 0.5)
