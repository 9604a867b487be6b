"""Controls for tests and demonstrations, as JSON over HTTP under /sandbox/.

- `POST /sandbox/faults` `{"kind": ..., "method": "sendMessage" or "*", "times": n or "seconds": s,
  "retry_after": n, "chat_id": n, "probability": 0..1}` puts a trouble into force; the kinds are http_500,
  http_502, reset_before, reset_after (sent all the same), hang, 429 and malformed.
- `DELETE /sandbox/faults` ends all troubles.
- `POST /sandbox/limits` `{"on": bool, "overall_per_second", "chat_per_second", "chat_burst",
  "group_per_minute", "block_seconds"}` sets Telegram's rate limits, each field optional, and counts anew.
- `POST /sandbox/latency` `{"milliseconds": n}` holds every answer of the Bot API back.
- `GET /sandbox/calls?after=N&method=M&limit=L` gives recorded calls and the last's number.
- `POST /sandbox/updates` puts a raw update into the queue as it is: repeated, out of order, with odd data.
- `GET /sandbox/messages?chat_id=N` gives a chat's messages as the page sees them.
- `POST /sandbox/people` `{"count": n, "language_code": "ru", "started": true}` makes people, without updates.
- `POST /sandbox/deactivate` `{"person_id": n}` deletes a person's account.
- `POST /sandbox/privacy` `{"can_read_all": bool}` lets the bot hear everything in groups; at first it hears
  commands, mentions of it and replies to it, as at Telegram.
"""

import json
from itertools import islice

from aiohttp import web

from bot.sandbox import page_view
from bot.sandbox.api_routes import ApiRoutes
from bot.sandbox.faults import EVERY_METHOD, Fault, FaultKind
from bot.sandbox.membership import set_privacy
from bot.sandbox.parameters import METHODS
from bot.sandbox.wire import Json

_CALLS_AT_ONCE = 10_000
_PEOPLE_LIMIT = 1_000_000
_FAULT_FIELDS = frozenset(["kind", "method", "times", "seconds", "retry_after", "chat_id", "probability"])
_LIMIT_FIELDS = {
    "overall_per_second": int,
    "chat_per_second": float,
    "chat_burst": int,
    "group_per_minute": int,
    "block_seconds": float,
}


class Controls:
    """The routes of the controls over the Bot API of one sandbox."""

    def __init__(self, routes: ApiRoutes) -> None:
        self._routes = routes
        self._api = routes.api
        self._world = routes.api.world

    def add_to(self, app: web.Application) -> None:
        """Register the routes."""
        app.router.add_post("/sandbox/faults", self._add_fault)
        app.router.add_delete("/sandbox/faults", self._clear_faults)
        app.router.add_post("/sandbox/limits", self._set_limits)
        app.router.add_post("/sandbox/latency", self._set_latency)
        app.router.add_get("/sandbox/calls", self._calls)
        app.router.add_post("/sandbox/updates", self._inject)
        app.router.add_get("/sandbox/messages", self._messages)
        app.router.add_post("/sandbox/people", self._add_people)
        app.router.add_post("/sandbox/deactivate", self._deactivate)
        app.router.add_post("/sandbox/privacy", self._set_privacy)

    async def _add_fault(self, request: web.Request) -> web.Response:
        body = await _body(request, _FAULT_FIELDS)
        method = body.get("method", EVERY_METHOD)
        if method != EVERY_METHOD and method not in METHODS:
            raise _wrong(f"method: {method!r} is unknown")
        if body.get("kind") not in list(FaultKind):
            raise _wrong(f"kind: one of {', '.join(FaultKind)}")
        chat_id = _number(body, "chat_id") if "chat_id" in body else None
        fault = Fault(
            FaultKind(body["kind"]),
            method,
            times=int(_number(body, "times")) if "times" in body else None,
            chat_id=int(chat_id) if chat_id is not None else None,
            probability=_number(body, "probability") if "probability" in body else 1.0,
            retry_after=int(_number(body, "retry_after")) if "retry_after" in body else 1,
        )
        self._api.faults.add(fault, _number(body, "seconds") if "seconds" in body else None)
        return _done()

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._api.faults.clear()
        return _done()

    async def _set_limits(self, request: web.Request) -> web.Response:
        body = await _body(request, {"on", *_LIMIT_FIELDS})
        limits = self._api.limits
        limits.is_on = bool(body.get("on", limits.is_on))
        for name, kind in _LIMIT_FIELDS.items():
            if name in body:
                setattr(limits, name, kind(_number(body, name)))
        limits.forget()
        return _done()

    async def _set_latency(self, request: web.Request) -> web.Response:
        body = await _body(request, {"milliseconds"})
        self._routes.latency_seconds = max(0.0, _number(body, "milliseconds") / 1000)
        return _done()

    async def _calls(self, request: web.Request) -> web.Response:
        after = _query_number(request, "after", 0)
        limit = min(_query_number(request, "limit", 1000), _CALLS_AT_ONCE)
        found = islice(self._api.calls.after(after, request.query.get("method", "")), limit)
        return web.json_response({"calls": [call.as_json() for call in found], "last": self._api.calls.last})

    async def _inject(self, request: web.Request) -> web.Response:
        update = await _body(request)
        if not isinstance(update.get("update_id", 0), int):
            raise _wrong("update_id: a whole number is needed")
        return web.json_response({"ok": True, "update": self._world.updates.inject(update)})

    async def _messages(self, request: web.Request) -> web.Response:
        chat = self._world.chats.get(_query_number(request, "chat_id", 0))
        if chat is None:
            raise web.HTTPNotFound(text="There is no such chat.")
        return web.json_response({"messages": [page_view.message(one) for one in chat.messages.values()]})

    async def _add_people(self, request: web.Request) -> web.Response:
        body = await _body(request, {"count", "language_code", "started"})
        count = int(_number(body, "count"))
        if not 1 <= count <= _PEOPLE_LIMIT:
            raise _wrong(f"count: from 1 to {_PEOPLE_LIMIT}")
        language = str(body.get("language_code", "ru"))
        added = [self._world.add_person(f"Житель {number + 1}", language) for number in range(count)]
        for person in added:
            self._world.chats[person.id].has_started = bool(body.get("started", True))
        return web.json_response({"ok": True, "first_id": added[0].id, "last_id": added[-1].id})

    async def _deactivate(self, request: web.Request) -> web.Response:
        body = await _body(request, {"person_id"})
        person = self._world.people.get(int(_number(body, "person_id")))
        if person is None:
            raise web.HTTPNotFound(text="There is no such person.")
        person.is_deactivated = True
        return _done()

    async def _set_privacy(self, request: web.Request) -> web.Response:
        can_read_all = (await _body(request, {"can_read_all"})).get("can_read_all")
        if not isinstance(can_read_all, bool):
            raise _wrong("can_read_all: true or false is needed")
        set_privacy(self._world, can_read_all=can_read_all)
        return _done()


async def _body(request: web.Request, fields: set[str] | frozenset[str] | None = None) -> Json:
    """The JSON object sent, whatever the content type says, so that a plain `curl -d` works."""
    try:
        body = await request.json()
    except ValueError:
        raise _wrong("the body is not JSON") from None
    if not isinstance(body, dict):
        raise _wrong("the body must be a JSON object")
    if fields is not None and (unknown := sorted(body.keys() - fields)):
        raise _wrong(f"unknown: {', '.join(unknown)}; there are {', '.join(sorted(fields))}")
    return body


def _number(body: Json, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(f"{name}: a number is needed")
    return value


def _query_number(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError:
        raise _wrong(f"{name}: a whole number is needed") from None


def _wrong(why: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(
        text=f'{{"ok": false, "error": {json.dumps(why)}}}', content_type="application/json"
    )


def _done() -> web.Response:
    return web.json_response({"ok": True})
