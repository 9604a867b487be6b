"""The record of what the bot called and what it was told, for tests and for curious people."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.sandbox.wire import Json

KEPT = 200_000
"""Calls remembered: two broadcasts to a city of 100,000."""


class Call(NamedTuple):
    """One call: `code` is the HTTP status of the answer, 0 when the connection was cut or left hanging."""

    number: int
    at: datetime
    method: str
    params: Json
    code: int
    description: str

    def as_json(self) -> Json:
        """For the wire; `time` in Unix seconds with a fraction."""
        return {
            "n": self.number,
            "time": self.at.timestamp(),
            "method": self.method,
            "params": {
                name: value if isinstance(value, str | int | float | bool | list | dict) else str(value)
                for name, value in self.params.items()
            },
            "ok": self.code == 200,
            "code": self.code,
            "description": self.description,
        }


class Calls:
    """The last calls, numbered from 1."""

    def __init__(self) -> None:
        self.last = 0
        self._kept: deque[Call] = deque(maxlen=KEPT)

    def add(self, at: datetime, method: str, params: Json, code: int, description: str = "") -> None:
        """Note one call."""
        self.last += 1
        self._kept.append(Call(self.last, at, method, params, code, description))

    def after(self, number: int, method: str = "") -> Iterator[Call]:
        """The calls remembered after `number`, of one method if given."""
        first = self.last - len(self._kept) + 1
        for index in range(max(0, number + 1 - first), len(self._kept)):
            call = self._kept[index]
            if not method or call.method == method:
                yield call
