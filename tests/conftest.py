"""What takes seconds to learn from the real content, learnt once for all tests."""

import datetime as dt
from pathlib import Path

import pytest

from bot.adapters.content.folder import load
from bot.adapters.encoder import open_encoder
from bot.conversation import make_engine
from bot.core.answering.engine import Engine
from bot.core.content import Content

CONTENT = Path(__file__).parent.parent / "content"


@pytest.fixture(scope="session")
def real_content() -> Content:
    """Return the content that residents get, as it was on the day of its review."""
    loaded = load(CONTENT, dt.date(2026, 11, 22))
    assert loaded.content is not None, loaded.problems
    return loaded.content


@pytest.fixture(scope="session")
def learnt(pytestconfig: pytest.Config) -> Path:
    """Return the folder in which pytest keeps what was learnt, under a key of content and code."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("learnt")


@pytest.fixture(scope="session")
def real_engine(real_content: Content, learnt: Path) -> Engine:
    """Return the engine that answers residents; from here on its file is in `learnt`."""
    return make_engine(real_content, learnt, open_encoder())
