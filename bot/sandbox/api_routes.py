"""The Bot API over HTTP: `/bot<token>/<method>`, with troubles made on purpose where there are any.

A call takes GET or POST with parameters in the address, a form, a multipart form or JSON. The token is
compared and forgotten: it appears in no log and no record.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.api import BotApi
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.page_routes import CLOSING
from bot.sandbox.parameters import Upload
from bot.sandbox.refusals import ApiError, bad_request, too_many_requests

_TOKEN_SHAPE = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_BAD_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"
)


@dataclass(slots=True)
class ApiRoutes:
    """The one route of the Bot API."""

    api: BotApi
    token: str
    latency_seconds: float = 0.0
    """How long every answer is held back, after the call took effect."""

    def add_to(self, app: web.Application) -> None:
        """Register the route."""
        app.router.add_route("GET", "/bot{token}/{method}", self._handle)
        app.router.add_route("POST", "/bot{token}/{method}", self._handle)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request.match_info["token"])
            method = self.api.name_of(request.match_info["method"])
            given = await _read_given(request)
            fault = self.api.faults.strike(method, _chat_of(given))
            if fault:
                return await self._suffer(request, fault, method, given)
            result = await self.api.call(method, given)
        except ApiError as error:
            return web.json_response(error.as_answer(), status=error.code)
        finally:
            if self.latency_seconds:
                await asyncio.sleep(self.latency_seconds)
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if not _TOKEN_SHAPE.fullmatch(token):
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    async def _suffer(
        self, request: web.Request, fault: Fault, method: str, given: Mapping[str, object]
    ) -> web.StreamResponse:
        if fault.kind is FaultKind.RESET_AFTER:
            with suppress(ApiError):  # a refusal would not reach the bot either
                await self.api.call(method, given)
            return _reset(request)
        codes = {
            FaultKind.HTTP_500: 500,
            FaultKind.HTTP_502: 502,
            FaultKind.TOO_MANY: 429,
            FaultKind.MALFORMED: 200,
        }
        now = self.api.world.now()
        self.api.calls.add(now, method, dict(given), codes.get(fault.kind, 0), f"fault: {fault.kind}")
        match fault.kind:
            case FaultKind.HTTP_500:
                raise ApiError(500, "Internal Server Error")
            case FaultKind.TOO_MANY:
                raise too_many_requests(fault.retry_after)
            case FaultKind.HTTP_502:
                return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
            case FaultKind.MALFORMED:
                return web.Response(text='{"ok":true,"result":', content_type="application/json")
            case FaultKind.HANG:
                await request.app[CLOSING].wait()
        return _reset(request)


def _reset(request: web.Request) -> web.Response:
    """Cut the connection so that the client sees a reset; the response given is never sent."""
    if request.transport:
        # Lingering for no time makes the close a reset instead of a polite end.
        connection: socket.socket = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def _read_given(request: web.Request) -> Mapping[str, object]:
    given: dict[str, object] = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object")
        return given | body
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, _size(value))
        else:
            given[name] = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    attached = {f"attach://{name}": name for name in uploads}
    for name, written in given.items():
        if isinstance(written, str) and written in attached:
            given[name] = uploads.pop(attached[written])
    return given | uploads


def _size(field: web.FileField) -> int:
    return field.file.seek(0, 2)


def _chat_of(given: Mapping[str, object]) -> object:
    chat = given.get("chat_id")
    if isinstance(chat, str) and chat.removeprefix("-").isdecimal():
        return int(chat)
    return chat
