"""Options that several commands have."""

from pathlib import Path

import click

PORT = click.IntRange(1, 65535)

content_option = click.option(
    "--content",
    "folder",
    type=click.Path(path_type=Path),
    envvar="BOT_CONTENT_DIR",
    default=Path("content"),
    show_default=True,
    help="Folder with the YAML content.",
)
