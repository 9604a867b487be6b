"""A small server that tells machines whether the bot is well, and how much it has done."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

log = logging.getLogger(__name__)

METRIC_PREFIX = "safety_bot_"

PATIENCE = 2.0
"""Seconds for which a part is waited for: whoever asks about health gives up soon after."""

Part = Callable[[], Awaitable[str]]
"""Says what is wrong with a part of the program, nothing if it is well."""


class HealthServer:
    """What is well and what was done, for machines.

    `/health`: whether the program lives, 200 or 503 with what is wrong in JSON; a new start may help.
    `/ready`: whether people get what it is for, likewise; while Telegram is away no new start helps.
    `/metrics`: counts, in Prometheus' text format.

    None tells anything about anybody: there are no chats, no names and no words in it.
    """

    def __init__(
        self,
        host: str,
        port: int,
        vital: Mapping[str, Part],
        further: Mapping[str, Part],
        counts: Callable[[], Mapping[str, int]],
    ) -> None:
        """Take where to listen, the parts by name, and the counts.

        The program lives while its `vital` parts are well, and is ready while the `further` ones are, too. A
        count's name ends in `_total` when it only ever grows.
        """
        self._host = host
        self._port = port
        self._vital = vital
        self._further = further
        self._counts = counts
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port that is listened on: the chosen one where 0 was asked for."""
        if self._runner is None or not self._runner.addresses:
            return self._port
        return int(self._runner.addresses[0][1])

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            OSError: the port cannot be listened on.
        """
        app = web.Application()
        app.router.add_get("/health", self._health)
        app.router.add_get("/ready", self._ready)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        try:
            await self._runner.setup()
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError:
            await self.close()
            raise
        log.info("health and metrics on http://%s:%d", self._host, self.port)

    async def close(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, _request: web.Request) -> web.Response:
        return await _told(self._vital)

    async def _ready(self, _request: web.Request) -> web.Response:
        return await _told({**self._further, **self._vital})

    async def _metrics(self, _request: web.Request) -> web.Response:
        lines = []
        for name, count in sorted(self._counts().items()):
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# TYPE {METRIC_PREFIX}{name} {kind}", f"{METRIC_PREFIX}{name} {count}"]
        return web.Response(text="\n".join(lines) + "\n", content_type="text/plain", charset="utf-8")


async def _told(parts: Mapping[str, Part]) -> web.Response:
    troubles = {name: await _ask(part) for name, part in parts.items()}
    is_well = not any(troubles.values())
    return web.json_response(
        {
            "status": "ok" if is_well else "trouble",
            "parts": {name: trouble or "ok" for name, trouble in troubles.items()},
        },
        status=200 if is_well else 503,
    )


async def _ask(part: Part) -> str:
    try:
        return await asyncio.wait_for(part(), PATIENCE)
    except TimeoutError:
        return f"no answer within {PATIENCE:g} s"
