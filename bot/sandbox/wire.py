"""The one type that crosses the wire in both directions: a JSON object."""

from typing import Any

Json = dict[str, Any]
