"""How a checkout is set up: what make would do, and .ci/run on machines that lack this or that."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = ("bash", "dirname", "env", "grep")


def planned(*arguments: str, **environment: str) -> str:
    """Return what make would do, also when these tests are run by make."""
    outside = {name: value for name, value in os.environ.items() if "MAKE" not in name and name != "MFLAGS"}
    return subprocess.run(
        ["make", "-n", *arguments],
        cwd=ROOT,
        env=outside | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_demo_listens_where_make_is_told() -> None:
    assert "-m bot demo --port 9000 --host ::1\n" in planned("demo", "PORT=9000", "HOST=::1")


def test_a_host_that_a_shell_has_for_itself_means_nothing() -> None:
    assert "-m bot demo  \n" in planned("demo", HOST="my-machine.example", PORT="9000")


@pytest.mark.parametrize("target", ["setup", "demo", "test"])
def test_what_the_first_answer_needs_is_learnt_before_and_only_when_content_changed(target: str) -> None:
    assert "-m bot learn\n" in planned(target, "--what-if=content/deployment.yaml")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a folder of programs in which nothing is installed but what every machine has."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in NEEDED:
        (programs / name).symlink_to(shutil.which(name) or name)
    for name in ("apt-get", "make"):
        install(programs, name)
    return programs


def install(machine: Path, name: str, script: str = "") -> None:
    """Put a program there that notes how it was called."""
    program = machine / name
    program.write_text(script or f'#!/bin/bash\necho "{name} $*" >> "$NOTES"\n', encoding="utf-8")
    program.chmod(0o755)


def run(machine: Path, user: int) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run .ci/run as this user, and return how it ended and what it called."""
    install(machine, "id", f"#!/bin/bash\necho {user}\n")
    notes = machine / "notes"
    notes.touch()
    done = subprocess.run(
        [str(machine / "bash"), str(ROOT / ".ci" / "run")],
        env={"PATH": str(machine), "NOTES": str(notes)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, notes.read_text(encoding="utf-8").splitlines()


def test_ci_as_root_installs_what_is_missing(machine: Path) -> None:
    done, called = run(machine, user=0)

    assert done.returncode == 0, done.stderr
    assert "apt-get install -y -qq chromium fonts-noto-color-emoji" in called
    assert called[-3:] == ["make setup", "make check", "make test"]


def test_ci_as_somebody_else_asks_sudo(machine: Path) -> None:
    install(machine, "sudo")

    done, called = run(machine, user=1000)

    assert done.returncode == 0, done.stderr
    assert called[:2] == [
        "sudo apt-get update -qq",
        "sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-color-emoji",
    ]


def test_ci_without_either_says_what_to_install(machine: Path) -> None:
    done, called = run(machine, user=1000)

    assert done.returncode == 1
    assert done.stderr.endswith("apt install chromium fonts-noto-color-emoji\n")
    assert not [one for one in called if one.startswith("make")]


def test_ci_goes_on_where_only_the_font_cannot_be_had(machine: Path) -> None:
    install(machine, "chromium")

    done, called = run(machine, user=1000)

    assert done.returncode == 0
    assert "apt install fonts-noto-color-emoji\n" in done.stderr
    assert called == ["make setup", "make check", "make test"]


def test_the_image_learns_while_it_may_still_write_beside_the_program() -> None:
    steps = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()

    assert steps.index("RUN python -m bot learn") < steps.index("USER bot")
