"""What settings name on this machine, tried before anything starts: folders, and addresses to listen on."""

import errno
import os
import socket
import tempfile
from collections.abc import Iterator

from bot.settings import Address, SettingProblem, Settings

OTHER_PORTS = {errno.EADDRINUSE: "a free port", errno.EACCES: "a port from 1024 on, or more rights"}
"""Refusals that another port would end, and which; any other refusal is about the host."""


def unusable(settings: Settings) -> Iterator[SettingProblem]:
    """Yield what cannot be used. The data folder is made where it is missing."""
    yield from _folders(settings)
    yield from _addresses(settings)


def _folders(settings: Settings) -> Iterator[SettingProblem]:
    if not os.path.isdir(settings.content_dir):
        wrong = f"there is no folder '{settings.content_dir}'"
        yield SettingProblem("BOT_CONTENT_DIR", wrong, "the folder that holds deployment.yaml")
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        wrong = f"nothing can be written in '{settings.data_dir}' ({error.strerror})"
        yield SettingProblem("BOT_DATA_DIR", wrong, "a folder that belongs to the bot")


def _addresses(settings: Settings) -> Iterator[SettingProblem]:
    webhook = settings.webhook.listen if settings.webhook else None
    if webhook is not None and (error := _refusal(webhook)):
        name = "BOT_WEBHOOK_PORT" if error.errno in OTHER_PORTS else "BOT_WEBHOOK_LISTEN"
        yield _cannot_listen(name, webhook, error)
    if settings.http_listen is None:
        return
    if settings.http_listen == webhook:
        yield SettingProblem("BOT_HTTP_LISTEN", "is where the webhook listens", "another port")
    elif error := _refusal(settings.http_listen):
        yield _cannot_listen("BOT_HTTP_LISTEN", settings.http_listen, error)


def _cannot_listen(name: str, address: Address, error: OSError) -> SettingProblem:
    expected = OTHER_PORTS.get(error.errno or 0, "an address of this machine")
    return SettingProblem(name, f"cannot listen on {address} ({error.strerror})", expected)


def _refusal(address: Address) -> OSError | None:
    """Return why nobody can listen there, as a server is told when it tries."""
    try:
        for family, kind, protocol, _, place in socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, protocol) as tried:
                # As asyncio does it: a port that was left a moment ago is free, and ::1 is not 127.0.0.1.
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                tried.bind(place)
    except OSError as error:
        return error
    return None
