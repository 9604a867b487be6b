"""A town over an empty SQLite database, for every walk of notices."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.notices.town import Town, open_town, sqlite_url


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A town where notices below Severe need nobody's approval."""
    async with open_town(sqlite_url(tmp_path)) as town:
        yield town
