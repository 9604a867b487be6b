"""The chat page over HTTP: its files, the state of the world, live events, and what a visitor does.

Text from messages travels as JSON only, and the page may load nothing but its own files, so that nothing a
person or a bot writes can run there.
"""

import asyncio
import json
import mimetypes
from importlib.resources import files
from itertools import islice

from aiohttp import web

from bot.sandbox import page_view
from bot.sandbox.acts import perform
from bot.sandbox.bot_profile import commands_for, menu_button_for
from bot.sandbox.people import NotPossible
from bot.sandbox.wire import Json
from bot.sandbox.world import World

CLOSING = web.AppKey("closing", asyncio.Event)
"""Set when the server stops, so that whoever waits for events lets go."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # The files are few and local; a reader of the sandbox who changes one wants to see it.
    "Cache-Control": "no-cache",
}
_HEARTBEAT_SECONDS = 15.0
_MESSAGES_AT_ONCE = 200


class PageRoutes:
    """The routes of the page over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, app: web.Application) -> None:
        """Register the routes."""
        app.router.add_get("/", self._index)
        app.router.add_get("/page/state", self._state)
        app.router.add_get("/page/messages", self._messages)
        app.router.add_get("/page/commands", self._commands)
        app.router.add_get("/page/events", self._events)
        app.router.add_post("/page/act", self._act)
        app.router.add_get("/page/{file}", self._file)

    async def _index(self, request: web.Request) -> web.Response:
        return _page_file("index.html")

    async def _file(self, request: web.Request) -> web.Response:
        return _page_file(request.match_info["file"])

    async def _state(self, request: web.Request) -> web.Response:
        return _json(page_view.state(self._world, _number(request, "person_id", 0)))

    async def _messages(self, request: web.Request) -> web.Response:
        chat = self._world.chats.get(_number(request, "chat_id", 0))
        if chat is None:
            raise web.HTTPNotFound(text="There is no such chat.")
        before = _number(request, "before", 0)
        limit = max(1, min(_number(request, "limit", 50), _MESSAGES_AT_ONCE))
        newest_first = (one for one in reversed(chat.messages.values()) if not before or one.id < before)
        found = list(islice(newest_first, limit))
        return _json({"messages": [page_view.message(one) for one in reversed(found)]})

    async def _commands(self, request: web.Request) -> web.Response:
        chat = self._world.chats.get(_number(request, "chat_id", 0))
        person = self._world.people.get(_number(request, "person_id", 0))
        if chat is None or person is None:
            raise web.HTTPNotFound(text="There is no such chat or person.")
        return _json(
            {
                "commands": commands_for(self._world.bot, chat, person),
                "menu_button": menu_button_for(self._world.bot, chat.id),
            }
        )

    async def _act(self, request: web.Request) -> web.Response:
        try:
            body = await request.json()
        except ValueError:
            return _json({"ok": False, "error": "The body is not JSON."})
        if not isinstance(body, dict):
            return _json({"ok": False, "error": "The body must be a JSON object."})
        try:
            return _json({"ok": True, **perform(self._world, body)})
        except NotPossible as no:
            return _json({"ok": False, "error": str(no)})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events from `after` on; a browser that reconnects names the last it saw in a header."""
        journal = self._world.journal
        seen = request.headers.get("Last-Event-ID", "")
        place = int(seen) if seen.isdigit() else _number(request, "after", journal.last)
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        closing = request.app[CLOSING]
        news = asyncio.Event()
        journal.listeners.add(news.set)
        try:
            while not closing.is_set():
                news.clear()
                happened = journal.since(place)
                place = journal.last
                if happened is None:
                    await response.write(_event({"n": place, "kind": "reload"}))
                elif happened:
                    await response.write(b"".join(_event(page_view.event(*one)) for one in happened))
                else:
                    await self._wait(news, closing, response)
        except ConnectionError:
            pass  # the page was closed
        finally:
            journal.listeners.discard(news.set)
        return response

    @staticmethod
    async def _wait(news: asyncio.Event, closing: asyncio.Event, response: web.StreamResponse) -> None:
        waits = {asyncio.ensure_future(news.wait()), asyncio.ensure_future(closing.wait())}
        try:
            done, _ = await asyncio.wait(
                waits, timeout=_HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for wait in waits:
                wait.cancel()
        if not done:
            # Without traffic a closed page would never be noticed.
            await response.write(b": still here\n\n")


def _page_file(name: str) -> web.Response:
    found = files("bot.sandbox") / "page" / name
    if name.startswith(".") or "/" in name or "\\" in name or not found.is_file():
        raise web.HTTPNotFound(text="The chat page has no such file.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(body=found.read_bytes(), content_type=kind, charset=charset, headers=_HEADERS)


def _json(body: Json) -> web.Response:
    return web.json_response(body, headers=_HEADERS)


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise web.HTTPBadRequest(text=f"{name}: a whole number is needed.") from None


def _event(what: Json) -> bytes:
    return f"id: {what['n']}\ndata: {json.dumps(what, ensure_ascii=False)}\n\n".encode()
