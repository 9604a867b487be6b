"""The command that writes the JSON Schemas of the content for editors."""

import json
from pathlib import Path

import click

from bot.adapters.content.schema import schemas


@click.command()
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write one file a schema into this folder instead of printing.",
)
def schema(folder: Path | None) -> None:
    """Print the JSON Schemas of the content files, for editors that complete and check."""
    if folder is None:
        click.echo(json.dumps(schemas(), ensure_ascii=False, indent=2))
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        path = folder / name
        path.write_text(json.dumps(text, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        click.echo(str(path))
