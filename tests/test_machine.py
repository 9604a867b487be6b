"""Folders and addresses that settings name: what can be used is silent, all else is told in sentences."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import machine, settings

WEBHOOK = {
    "BOT_MODE": "webhook",
    "BOT_WEBHOOK_URL": "https://bot.example.org/telegram",
    "BOT_WEBHOOK_SECRET": "a-secret_1",
}


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """Return settings with folders that can be used."""
    (tmp_path / "content").mkdir()
    return {"BOT_CONTENT_DIR": str(tmp_path / "content"), "BOT_DATA_DIR": str(tmp_path / "new" / "data")}


@pytest.fixture
def busy() -> Iterator[int]:
    """Return a port on which somebody listens already."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def problems_of(environ: dict[str, str]) -> list[str]:
    return list(map(str, machine.unusable(settings.load({"BOT_TOKEN": "1:a", **environ}))))


def test_what_can_be_used_is_used(folders: dict[str, str]) -> None:
    assert problems_of(folders) == []
    assert Path(folders["BOT_DATA_DIR"]).is_dir()


def test_folders_that_cannot_be_used_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    sentences = problems_of(
        {"BOT_CONTENT_DIR": str(tmp_path / "nowhere"), "BOT_DATA_DIR": str(tmp_path / "file")}
    )

    assert sentences == [
        f"BOT_CONTENT_DIR: there is no folder '{tmp_path}/nowhere'; "
        "expected the folder that holds deployment.yaml",
        f"BOT_DATA_DIR: nothing can be written in '{tmp_path}/file' (File exists); "
        "expected a folder that belongs to the bot",
    ]


def test_a_port_that_is_taken_is_told_under_its_own_name(folders: dict[str, str], busy: int) -> None:
    sentences = problems_of(
        folders | WEBHOOK | {"BOT_WEBHOOK_PORT": str(busy), "BOT_HTTP_LISTEN": f"localhost:{busy}"}
    )

    assert sentences == [
        f"BOT_WEBHOOK_PORT: cannot listen on 127.0.0.1:{busy} (Address already in use); expected a free port",
        f"BOT_HTTP_LISTEN: cannot listen on localhost:{busy} (Address already in use); expected a free port",
    ]


def test_an_address_of_another_machine_is_told(folders: dict[str, str]) -> None:
    sentences = problems_of(
        folders | WEBHOOK | {"BOT_WEBHOOK_LISTEN": "192.0.2.1", "BOT_HTTP_LISTEN": "[2001:db8::1]:8080"}
    )

    assert [sentence.partition(" (")[0] for sentence in sentences] == [
        "BOT_WEBHOOK_LISTEN: cannot listen on 192.0.2.1:8443",
        "BOT_HTTP_LISTEN: cannot listen on [2001:db8::1]:8080",
    ]
    assert all(sentence.endswith("; expected an address of this machine") for sentence in sentences)


def test_two_servers_need_two_ports(folders: dict[str, str]) -> None:
    sentences = problems_of(folders | WEBHOOK | {"BOT_HTTP_LISTEN": "8443"})

    assert sentences == ["BOT_HTTP_LISTEN: is where the webhook listens; expected another port"]
