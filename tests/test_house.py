"""The house stands as it is drawn: which floor may import which, and what core may use at all."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "bot").rglob("*.py"))

MAY_IMPORT = {
    "core": {"core"},
    "workflows": {"core", "workflows"},
    "adapters": {"core", "adapters"},
    "sandbox": {"sandbox"},
    "settings": {"core"},
    "conversation": {"core", "adapters"},
    "app": {"core", "workflows", "adapters", "settings", "conversation", "notices"},
    "commands": {"core", "workflows", "adapters", "settings", "conversation", "app", "commands", "demo"},
    "notices": {"core", "workflows", "adapters", "settings"},
    "demo": {"app", "settings", "sandbox"},
    "__main__": {"commands"},
    "": set(),
}
"""Floor -> the floors that it may import."""

CORE_LIBRARIES = {"pydantic", "numpy", "pymorphy3", "snowballstemmer", "rapidfuzz", "dateutil"}
"""Libraries that compute and touch nothing."""

FORBIDDEN_IN_CORE = {"asyncio", "io", "logging", "os", "pathlib", "random", "socket", "subprocess", "time"}
"""Parts of the standard library with which something outside could be touched."""


def floor_of(file: Path) -> str:
    parts = file.relative_to(ROOT / "bot").with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imports_of(file: Path) -> set[str]:
    """Return the dotted names of all modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide which floor is meant"
            found.add(node.module or "")
            found |= {
                f"{node.module}.{alias.name}"
                for alias in node.names
                if node.module in {"bot", "bot.adapters"}
            }
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_import_goes_down(file: Path) -> None:
    floor = floor_of(file)
    for name in imports_of(file):
        parts = name.split(".")
        if parts[0] != "bot" or len(parts) < 2:
            continue
        assert parts[1] in MAY_IMPORT[floor], f"{floor or 'bot'} imports {name}"


@pytest.mark.parametrize(
    "file", [f for f in FILES if floor_of(f) == "adapters"], ids=lambda file: str(file.relative_to(ROOT))
)
def test_no_adapter_knows_another(file: Path) -> None:
    own = file.relative_to(ROOT / "bot" / "adapters").with_suffix("").parts[0]
    for name in imports_of(file):
        parts = name.split(".")
        if parts[:2] == ["bot", "adapters"] and len(parts) > 2:
            assert parts[2] == own, f"adapters.{own} imports {name}"


@pytest.mark.parametrize(
    "file", [f for f in FILES if floor_of(f) == "core"], ids=lambda file: str(file.relative_to(ROOT))
)
def test_core_uses_only_what_computes(file: Path) -> None:
    for name in imports_of(file):
        library = name.split(".")[0]
        if library in {"bot", "__future__"}:
            continue
        assert library not in FORBIDDEN_IN_CORE, f"core imports {name}"
        assert library in sys.stdlib_module_names | CORE_LIBRARIES, f"core imports {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_says_in_one_sentence_what_it_is_for(file: Path) -> None:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert docstring, "no module docstring"
    assert docstring.splitlines()[0].endswith("."), "its first line is no sentence"


def test_no_two_files_claim_the_same_purpose() -> None:
    first_lines = [
        (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").splitlines()[0]
        for file in FILES
    ]
    assert len(first_lines) == len(set(first_lines))


def test_nothing_is_named_after_nothing() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "data"}
    assert not [file for file in FILES if file.stem in empty_words]


def test_the_map_in_the_readme_is_the_house() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = readme.split("```text\n")[1].split("```")[0].splitlines()
    inside = {line.split()[0].rstrip("/") for line in drawn if line.startswith("  ")}
    on_top = {line.split()[0].rstrip("/") for line in drawn if line and not line.startswith(" ")}

    rooms = {path.name for path in (ROOT / "bot").iterdir() if not path.name.startswith("__")}
    assert inside == rooms | {"__main__.py"}
    assert all((ROOT / name).is_dir() for name in on_top)
