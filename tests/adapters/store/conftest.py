"""Both databases, so that each test of the store's contract runs on either."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest

from bot.adapters.store import SqlStore
from tests.adapters.store.postgresql import NoServer, running_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real server; where there can be none, what needs it is skipped, and fails in CI."""
    try:
        with running_server() as url:
            yield url
    except NoServer as reason:
        if os.environ.get("CI"):
            pytest.fail(f"no PostgreSQL server: {reason}")
        pytest.skip(f"no PostgreSQL server: {reason}")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes an empty database and returns its URL, for either kind."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path}/folder/{uuid4().hex}.db"
    server: str = request.getfixturevalue("postgresql")

    def create() -> str:
        name = f"test_{uuid4().hex}"

        async def run() -> None:
            connection = await asyncpg.connect(f"{server}/postgres")
            await connection.execute(f'CREATE DATABASE "{name}"')
            await connection.close()

        asyncio.run(run())
        return f"{server}/{name}"

    return create


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The URL of an empty database."""
    return new_url()


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    """An open store in an empty database."""
    store = await SqlStore.open(url)
    yield store
    await store.close()
