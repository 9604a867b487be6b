"""JSON Schemas of the content's files, so that editors complete and check while an operator types."""

from typing import Any

from pydantic import TypeAdapter

from bot.adapters.content.files import KINDS, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each kind of file, under the name of the file it is written to."""
    return {f"{kind.name}.json": _schema(kind) for kind in KINDS}


def _schema(kind: Kind) -> dict[str, Any]:
    """Return the schema of one kind of file; pydantic's own describes shapes, not what the file is about."""
    shape = TypeAdapter[Any](kind.shape).json_schema()
    return {"$schema": DIALECT, **shape, "title": kind.pattern, "description": kind.about}
