"""A folder of content: what it gives, and the exact sentences that its mistakes give."""

import os
import random
import re
import shutil
import time
from pathlib import Path

import pytest
import yaml

from bot.adapters.content.folder import MAX_SHOWN, Loaded, load
from bot.core.problem import Level
from tests.factories import TODAY, make_phrases

REAL = Path(__file__).parents[3] / "content"
CASES = Path(__file__).parents[2] / "content_problems"
VALID = CASES / "valid"


def write_phrases(folder: Path) -> None:
    """Complete `phrases.yaml`: a case writes only the phrases that it is about, the others follow them.

    `# without: NAME` leaves one out.
    """
    file = folder / "phrases.yaml"
    written = file.read_text(encoding="utf-8") if file.exists() else ""
    named = set(re.findall(r"^(?:# without: )?(\w+)(?::|$)", written, re.MULTILINE))
    others = {name: texts for name, texts in make_phrases().model_dump().items() if name not in named}
    file.write_text(written + yaml.safe_dump(others, allow_unicode=True), encoding="utf-8")


def make_folder(folder: Path, case: Path = VALID) -> Path:
    """Return a folder of valid content under the files of a case."""
    shutil.copytree(VALID, folder, dirs_exist_ok=True)
    shutil.copytree(case, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    write_phrases(folder)
    return folder


def sentences(loaded: Loaded) -> list[str]:
    return [str(problem) for problem in loaded.problems]


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_each_mistake_gives_its_sentence_and_no_other(case: str, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "content", CASES / case)
    expected = CASES / case / "expected.txt"

    loaded = load(folder, TODAY)

    assert sentences(loaded) == (
        expected.read_text(encoding="utf-8").splitlines() if expected.exists() else []
    )
    assert (loaded.content is None) == any(problem.level is Level.ERROR for problem in loaded.problems)


def test_a_missing_file_is_named_with_what_it_is_for(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "content")
    (folder / "phrases.yaml").unlink()
    shutil.rmtree(folder / "guides")

    assert sentences(load(folder, TODAY)) == [
        "answering/golden.yaml:2: [1].answer: unknown guide 'fire'; expected the id of a guide",
        "categories.yaml:1: [1].id: the category 'home' has no guide; put a guide in it, or delete it here",
        "guides: there is no guide; expected a file for each guide, as guides/fire.yaml",
        "phrases.yaml: the file is missing; what belongs into it: the bot's own words",
        *(
            f"sources.yaml:{line}: [{n}].id: the source '{source}' is never used; "
            "cite it in a step, or delete it here"
            for n, (line, source) in enumerate([(1, "R01"), (10, "R02"), (20, "S01")], 1)
        ),
    ]


def test_a_translator_finds_every_text_of_the_real_content_by_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(REAL, folder)
    deployment = folder / "deployment.yaml"
    written = deployment.read_text(encoding="utf-8")
    deployment.write_text(written.replace("[ru, en]", "[ru, en, de]"), encoding="utf-8")

    lacking = [one for one in load(folder, TODAY).problems if one.wrong == "the language 'de' is missing"]

    assert all(problem.line for problem in lacking)
    for file in ("sources.yaml", "operator_phrases.yaml", "guides/fire.yaml"):
        blocks = re.findall(r"^ *en:|\{ru: ", (folder / file).read_text(encoding="utf-8"), re.MULTILINE)
        assert len([one for one in lacking if one.file == file]) == len(blocks), file


def test_a_missing_folder_is_one_problem(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"

    assert sentences(load(folder, TODAY)) == [
        f"content: there is no folder '{folder}'; expected the folder that holds deployment.yaml"
    ]


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "content")
    os.mkfifo(folder / "guides" / "pipe.yaml")
    (folder / "guides" / "lost.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (folder / "guides" / ".hidden.yaml").write_bytes(b"\0")

    assert sentences(load(folder, TODAY)) == [
        "guides/lost.yaml: cannot be opened (No such file or directory); check that the bot may read it",
        "guides/pipe.yaml: is no ordinary file; expected a text file",
    ]


def test_a_name_that_is_no_text_can_be_complained_about(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "content")
    (folder / os.fsdecode(b"\xff.yaml")).touch()

    (problem,) = load(folder, TODAY).problems

    assert str(problem).encode("utf-8").startswith("�.yaml: warning: nobody reads this file".encode())


def test_a_file_that_is_all_wrong_keeps_nobody_waiting(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "content")
    (folder / "sources.yaml").write_text("- x\n" * 40_000, encoding="utf-8")
    (folder / "guides" / "fire.yaml").write_bytes(b"x" * 100_000_000)
    (folder / "guides" / "gas-leak.yaml").write_text("[" + "x," * 500_000 + "]", encoding="utf-8")

    started = time.perf_counter()
    loaded = load(folder, TODAY)

    assert time.perf_counter() - started < 10
    of_sources = [str(problem) for problem in loaded.problems if problem.file == "sources.yaml"]
    assert len(of_sources) == MAX_SHOWN + 1
    assert "guides/fire.yaml: is larger than 1024 KB; split it, or check what got into it" in sentences(
        loaded
    )


def test_valid_content_is_read_as_it_was_written(tmp_path: Path) -> None:
    content = load(make_folder(tmp_path / "content"), TODAY).content

    assert content is not None
    assert list(content.guides) == ["fire", "gas-leak"]
    assert list(content.sources) == ["R01", "R02", "S01"]
    assert content.guides["fire"].now[1].text == {"ru": "Позвоните: 112.", "en": "Call: 112."}
    assert content.answering.golden[0].answer == "fire"


def make_corner(folder: Path) -> Path:
    """Return a small corner of the real content that is complete in itself: two guides and what they need."""
    guides = ("fire", "gas-leak")
    (folder / "guides").mkdir(parents=True)
    written = ""
    for guide in guides:
        text = (REAL / "guides" / f"{guide}.yaml").read_text(encoding="utf-8")
        text = re.sub(r"^related: .*$", "related: []", text, flags=re.MULTILINE)
        (folder / "guides" / f"{guide}.yaml").write_text(text, encoding="utf-8")
        written += text
    for file, wanted in (("sources.yaml", r"\b{}\b"), ("categories.yaml", r"^category: {}$")):
        entries = re.split(r"^(?=- id: )", (REAL / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
        ids = [re.match(r"- id: (\S+)", entry) for entry in entries]
        kept = [
            entry
            for entry, found in zip(entries, ids, strict=True)
            if found is None or re.search(wanted.format(found[1]), written, re.MULTILINE)
        ]
        (folder / file).write_text("".join(kept), encoding="utf-8")
    for file in ("deployment.yaml", "phrases.yaml"):
        shutil.copy(REAL / file, folder)
    (folder / "answering").mkdir()
    shutil.copy(VALID / "answering" / "rules.yaml", folder / "answering")
    return folder


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a few of them changed, cut, doubled or put in from YAML's own signs."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw) + 1)
        until = min(len(raw), at + chance.choice((1, 1, 3, 40, 4000)))
        sign = chance.choice(
            [b"\t", b": ", b"- ", b"'", b'"', b"&a ", b"*a", b"{", b"[", b"\xff", b"\0", b"\n", b"!!x "]
        )
        raw = chance.choice(
            (
                raw[:at] + raw[until:],
                raw[:at] + sign + raw[at:],
                raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :],
                raw[:until] + raw[at:until] + raw[until:],
                raw[:at],
            )
        )
    return raw


def test_mutated_content_is_content_or_has_an_error_and_never_raises(tmp_path: Path) -> None:
    folder = make_corner(tmp_path / "content")
    files = sorted(folder.rglob("*.yaml"))
    assert load(folder, TODAY).content is not None
    chance = random.Random(112)  # noqa: S311 - the same mutations every time

    for number in range(300):
        file = chance.choice(files)
        raw = file.read_bytes()
        file.write_bytes(mutated(raw, chance))
        loaded = load(folder, TODAY)
        errors = [problem for problem in loaded.problems if problem.level is Level.ERROR]
        assert (loaded.content is None) == bool(errors), f"mutation {number} of {file}"
        assert all(problem.wrong and str(problem).isprintable() for problem in loaded.problems), number
        file.write_bytes(raw)


def test_the_real_content_loads_fast() -> None:
    load(REAL, TODAY)  # imports and caches are warm in a running bot

    started = time.perf_counter()
    load(REAL, TODAY)

    assert time.perf_counter() - started < 1.5
