"""The sandbox as one running server: the Bot API, the chat page and the controls over one world.

Everything is kept in memory and gone when it stops. The controls for tests are described in `controls.py`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from ipaddress import ip_address

from aiohttp import web

from bot.sandbox.api import BotApi
from bot.sandbox.api_routes import ApiRoutes
from bot.sandbox.controls import Controls
from bot.sandbox.page_routes import CLOSING, PageRoutes
from bot.sandbox.world import World, settle

_log = logging.getLogger(__name__)

DEFAULT_TOKEN = "1234567890:SANDBOX-not-a-real-token"  # noqa: S105 - the sandbox's own, worth nothing elsewhere
_UPLOAD_LIMIT = 60 * 1024 * 1024
_SHUTDOWN_SECONDS = 2.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """A stand-in for Telegram's servers with people in it.

    Point a Bot API client at `{url}/bot`, give it the token, and open `url` in a browser. `world` is what the
    server remembers and `api` what the bot meets; tests may look at both and change them while it runs.
    """

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        username: str = "safety_sandbox_bot",
        name: str = "Безопасность",
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        bot_id, colon, rest = token.partition(":")
        if not (bot_id.isdecimal() and colon and rest):
            raise ValueError("a token is digits, a colon, and more")
        self.token = token
        self.world = World(bot_id=int(bot_id), username=username, name=name, now=now)
        settle(self.world)
        self.api = BotApi(self.world)
        self.host = ""
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end; sensible only while it runs."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen; port 0 takes a free one. Raises `OSError` when the port is taken.

        On any address but loopback everybody in reach can read and write everything here; that is warned of.
        """
        self._closing = asyncio.Event()
        app = make_app(self.api, self.token, self._closing)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_SECONDS
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.api.polling.resume()
        self.api.webhook.resume()
        self.host, self.port = host, runner.addresses[0][1]
        if not _is_loopback(host):
            _log.warning("the sandbox listens on %s: whoever reaches this machine can use it", host)

    async def stop(self) -> None:
        """Stop listening and let every waiting call go. Does nothing when it does not run."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        self._closing.set()
        self.api.polling.pause()
        await self.api.webhook.pause()
        await runner.cleanup()


def make_app(api: BotApi, token: str, closing: asyncio.Event) -> web.Application:
    """The application over one Bot API; setting `closing` ends whatever waits in it."""
    app = web.Application(client_max_size=_UPLOAD_LIMIT, middlewares=[_refuse_strangers])
    app[CLOSING] = closing
    routes = ApiRoutes(api, token)
    routes.add_to(app)
    PageRoutes(api.world).add_to(app)
    Controls(routes).add_to(app)

    async def put_date(_request: web.Request, response: web.StreamResponse) -> None:
        """Tell the sandbox's own time, as servers do: a bot may trust it more than its machine's."""
        response.headers["Date"] = format_datetime(api.world.now().astimezone(UTC), usegmt=True)

    app.on_response_prepare.append(put_date)
    return app


@web.middleware
async def _refuse_strangers(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Another site open in the same browser may not act here; browsers say where a request comes from."""
    origin = request.headers.get("Origin", "")
    if origin and origin.partition("://")[2] != request.host:
        raise web.HTTPForbidden(text="Another site may not use the sandbox.")
    return await handler(request)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
