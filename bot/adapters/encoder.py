"""The optional sentence encoder."""

from pathlib import Path


def open_encoder(cache: Path | None) -> None:
    """Return the encoder, None where the package is not installed."""
