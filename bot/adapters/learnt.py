"""What the engine learnt, kept between starts: one file a content, never trusted blindly.

A file is a SHA-256 digest and numpy's archive of plain arrays, the notes among them as JSON: nothing in it
can run. One that is damaged is as good as none.
"""

import contextlib
import hashlib
import io
import json
import logging
import os
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from bot import core
from bot.core.answering.learnt import Key, Learnt

_NOTES = "notes"
_DIGEST = hashlib.sha256().digest_size
_KEPT_FILES = 2
_LIBRARIES = ("numpy", "pymorphy3", "pymorphy3-dicts-ru", "snowballstemmer", "rapidfuzz")

INSTALLED = Path(sys.prefix) / "share" / "safety-bot"
"""Where setting up leaves what it learnt, beside the program: every start finds it, none writes there."""

log = logging.getLogger(__name__)


class LearntFiles:
    """The files in a folder, by the key of the content that they were learnt from, and those installed."""

    def __init__(self, folder: Path, installed: Path = INSTALLED) -> None:
        """Take the folder that is written to, and another that is only looked into."""
        self._folder = folder
        self._folders = (folder, installed)
        self._program = _short(_program())

    def find(self, key: Key) -> Learnt | None:
        """Return what was kept under a key by this very program; None where there is nothing whole."""
        found = (self._read(folder / self._name(key)) for folder in self._folders)
        return next((learnt for learnt in found if learnt is not None), None)

    def find_latest(self, encoder_version: str) -> Learnt | None:
        """Return what this very program kept last, of whatever content, with the same encoder."""
        files = self._files(f"learnt-{self._program}-{_short(encoder_version)}-*.bin")
        return self._read(files[0]) if files else None

    def _read(self, file: Path) -> Learnt | None:
        try:
            stored = file.read_bytes()
        except OSError:
            return None
        digest, body = stored[:_DIGEST], memoryview(stored)[_DIGEST:]
        if hashlib.sha256(body).digest() != digest:
            self.report_damage()
            return None
        try:
            with np.load(io.BytesIO(body), allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            notes = json.loads(arrays.pop(_NOTES).tobytes())
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            self.report_damage()
            return None
        return Learnt(notes, arrays)

    def keep(self, key: Key, learnt: Learnt) -> None:
        """Write a file whole or not at all; without it the next start only takes longer."""
        notes = json.dumps(learnt.notes, ensure_ascii=False).encode()
        packed = io.BytesIO()
        arrays: dict[str, Any] = {_NOTES: np.frombuffer(notes, dtype=np.uint8), **learnt.arrays}
        np.savez(packed, allow_pickle=False, **arrays)
        body = packed.getbuffer()
        file = self._folder / self._name(key)
        part = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as opened:
                opened.write(hashlib.sha256(body).digest())
                opened.write(body)
            part.replace(file)
            files = sorted(
                self._folder.glob("learnt-*.bin"), key=lambda one: one.stat().st_mtime, reverse=True
            )
            for old in files[_KEPT_FILES:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            log.warning(
                "cache not written", extra={"action": "cache_unwritten", "error": type(error).__name__}
            )

    @staticmethod
    def report_damage() -> None:
        """Say in the log that a file could not be used."""
        log.warning("cache damaged, learning anew", extra={"action": "cache_damaged"})

    def _files(self, pattern: str) -> list[Path]:
        """Return the files of this pattern, the latest first; one that vanishes meanwhile is the oldest."""
        dated = []
        for file in (file for folder in self._folders for file in folder.glob(pattern)):
            with contextlib.suppress(OSError):
                dated.append((file.stat().st_mtime_ns, file))
        return [file for _, file in sorted(dated, reverse=True)]

    def _name(self, key: Key) -> str:
        return f"learnt-{self._program}-{_short(key.encoder)}-{_short(key.content)}.bin"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _program() -> str:
    """Return a name for everything that decides what is learnt from the same content: code and libraries.

    The code itself rather than a number somebody has to remember to raise.
    """
    digest = hashlib.sha256()
    for file in sorted(Path(next(iter(core.__path__)), "answering").glob("*.py")):
        digest.update(file.read_bytes() + b"\0")
    for library in _LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    return digest.hexdigest()
