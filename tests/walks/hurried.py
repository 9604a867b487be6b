"""The real bot, started as a program, on a clock that hurries: `python -m tests.walks.hurried`.

`BOT_HURRY_FROM` is the moment in which both clocks agree, in seconds since 1970, `BOT_HURRY_TIMES` how many
times faster this one goes.
"""

import datetime as dt
import os
import time
from collections.abc import Callable

from bot import app
from bot.__main__ import main


def hurried(began: float, times: float) -> Callable[[], dt.datetime]:
    """Return a clock."""
    return lambda: dt.datetime.fromtimestamp(began + (time.time() - began) * times, dt.UTC)


if __name__ == "__main__":
    began, times = (float(os.environ.pop(name)) for name in ("BOT_HURRY_FROM", "BOT_HURRY_TIMES"))
    app.now = hurried(began, times)
    main(["run"], prog_name="python -m bot")
