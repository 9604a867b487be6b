"""What the engine learnt: kept whole, missed without harm, never believed when damaged."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest

from bot.adapters.learnt import LearntFiles
from bot.core.answering.learnt import Key, Learnt

LEARNT = Learnt({"thresholds": [0.1, 0.9], "word": "обломки"}, {"weights": np.arange(6.0).reshape(2, 3)})

K = Key("content", "encoder 1")


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    LearntFiles(tmp_path / "new folder").keep(K, LEARNT)

    found = LearntFiles(tmp_path / "new folder").find(K)

    assert found is not None
    assert found.notes == LEARNT.notes
    np.testing.assert_array_equal(found.arrays["weights"], LEARNT.arrays["weights"])


def test_other_content_finds_nothing(tmp_path: Path) -> None:
    LearntFiles(tmp_path).keep(K, LEARNT)

    assert LearntFiles(tmp_path).find(Key("other", "encoder 1")) is None
    assert LearntFiles(tmp_path / "nowhere").find(K) is None


@pytest.mark.parametrize("damage", ["empty", "short", "one byte", "not an archive"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    LearntFiles(tmp_path).keep(K, LEARNT)
    [file] = tmp_path.glob("learnt-*.bin")
    whole = file.read_bytes()
    file.write_bytes(
        {
            "empty": b"",
            "short": whole[: len(whole) // 2],
            "one byte": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
            "not an archive": b"x" * len(whole),
        }[damage]
    )

    assert LearntFiles(tmp_path).find(K) is None
    LearntFiles(tmp_path).keep(K, LEARNT)
    assert LearntFiles(tmp_path).find(K) is not None


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")

    LearntFiles(in_the_way).keep(K, LEARNT)

    assert LearntFiles(in_the_way).find(K) is None


def test_old_files_go(tmp_path: Path) -> None:
    for number in range(6):
        LearntFiles(tmp_path).keep(Key(str(number), ""), LEARNT)

    assert len(list(tmp_path.iterdir())) <= 3


def test_the_latest_of_the_same_encoder_helps_to_learn_changed_content(tmp_path: Path) -> None:
    files = LearntFiles(tmp_path)
    files.keep(K, LEARNT)

    assert files.find_latest("encoder 1") is not None
    assert files.find_latest("encoder 2") is None


def test_nothing_kept_can_run(tmp_path: Path) -> None:
    files = LearntFiles(tmp_path)
    files.keep(K, LEARNT)
    [file] = tmp_path.glob("learnt-*.bin")
    packed = io.BytesIO()
    np.savez(packed, notes=np.array([Key("a", "b")], dtype=object))  # a pickle inside
    body = packed.getvalue()
    file.write_bytes(hashlib.sha256(body).digest() + body)

    assert files.find(K) is None


def test_what_setting_up_has_learnt_is_found_and_left_alone(tmp_path: Path) -> None:
    installed, data = tmp_path / "installed", tmp_path / "data"
    LearntFiles(installed, installed).keep(K, LEARNT)
    before = sorted(installed.iterdir())
    files = LearntFiles(data, installed)

    assert files.find(K) is not None
    assert files.find_latest("encoder 1") is not None
    files.keep(Key("other", "encoder 1"), LEARNT)
    assert sorted(installed.iterdir()) == before
