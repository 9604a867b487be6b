"""A town and the bot in it: fresh for every walk, or shared by the walks of one file."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.answering.engine import Engine
from tests.walks.town import ROOT, BotProcess, Town, environment, eventually, running_sandbox

CANARY = "7777777777:CANARY-token-that-must-show-up-nowhere"


EXAMPLES = ("siren-check-monthly", "water-cut-example")
"""Notices that wait for the morning when their time comes at night."""

AT_ANY_HOUR = "L25: Проверка идёт в любое время суток."


@pytest.fixture(scope="session", autouse=True)
def _learnt_before_all_walks(real_engine: Engine) -> None:
    """Learn once, not in each bot: that would be a quarter of a minute of every walk."""


@pytest.fixture
def data(tmp_path: Path, learnt: Path) -> Path:
    """Return the data folder of a bot that has run before."""
    return with_learnt(tmp_path / "data", learnt)


def with_learnt(folder: Path, learnt: Path) -> Path:
    """Return the folder with what was learnt in it."""
    shutil.copytree(learnt, folder)
    return folder


def content_at_any_hour(folder: Path) -> Path:
    """Return a copy of the content that a walk may write to; its examples go at night too, silently."""
    copy = folder / "content"
    shutil.copytree(ROOT / "content", copy)
    for name in EXAMPLES:
        file = copy / "notices" / f"{name}.yaml"
        text = file.read_text(encoding="utf-8")
        begun = text if "\naccepted:\n" in text else f"{text}accepted:\n"
        file.write_text(begun.replace("\naccepted:\n", f"\naccepted:\n  {AT_ANY_HOUR}\n"), encoding="utf-8")
    return copy


@asynccontextmanager
async def running_bot(town: Town, data: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """Run the bot, and stop it in the end as an operator would."""
    process = BotProcess(environment(town.url, data, CANARY, **settings), data.with_name("log"))
    await process.start()
    await eventually(lambda: town.calls("getMe"), bool, seconds=60)
    yield process
    assert await process.stop() == 0, process.log


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """Return a town of its own."""
    async with running_sandbox(CANARY) as town:
        yield town


@pytest.fixture
async def bot(town: Town, data: Path) -> AsyncIterator[BotProcess]:
    """Return a bot of its own."""
    async with running_bot(town, data) as process:
        yield process


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_town() -> AsyncIterator[Town]:
    """Return a town that the walks of one file share; each takes people of its own."""
    async with running_sandbox(CANARY) as town:
        yield town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_bot(
    shared_town: Town, learnt: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """Return a bot that the walks of one file share."""
    folder = with_learnt(tmp_path_factory.mktemp("bot") / "data", learnt)
    async with running_bot(shared_town, folder) as process:
        yield process
