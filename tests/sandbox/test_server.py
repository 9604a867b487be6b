"""The server starts where it is told, guards its token, and stops when it is told."""

import asyncio
import logging

import aiohttp
import pytest

from bot.sandbox.membership import start
from bot.sandbox.server import Sandbox
from tests.sandbox.clients import BotClient


async def test_it_listens_on_a_free_port_and_knows_its_url(bot: BotClient, sandbox: Sandbox) -> None:
    assert sandbox.url == f"http://127.0.0.1:{sandbox.port}"
    assert (await bot.get("getMe"))["username"] == "safety_sandbox_bot"


async def test_a_taken_port_is_an_os_error(sandbox: Sandbox) -> None:
    another = Sandbox()

    with pytest.raises(OSError, match="in use"):
        await another.start(port=sandbox.port)

    await another.stop()


async def test_it_can_be_started_again_with_its_memory(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    person = sandbox.world.add_person("Ольга", "ru")
    await sandbox.stop()
    await sandbox.stop()

    await sandbox.start()

    poll = asyncio.create_task(BotClient(http, sandbox).updates(timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()
    start(sandbox.world, person.id, person.id)
    assert len(await asyncio.wait_for(poll, 5)) == 1

    async with http.get(f"{sandbox.url}/page/state") as answer:
        assert person.id in [one["id"] for one in (await answer.json())["people"]]


@pytest.mark.parametrize(
    ("token", "code", "words"),
    [
        ("1234567890:WRONG", 401, "Unauthorized"),
        ("1:SANDBOX-not-a-real-token", 401, "Unauthorized"),
        ("nonsense", 404, "Not Found"),
    ],
)
async def test_a_wrong_token_is_turned_away(
    sandbox: Sandbox,
    http: aiohttp.ClientSession,
    token: str,
    code: int,
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    async with http.get(f"{sandbox.url}/bot{token}/getMe") as answer:
        body = await answer.json()

    assert (answer.status, body) == (code, {"ok": False, "error_code": code, "description": words})
    assert token not in caplog.text


async def test_its_own_token_is_in_no_log(bot: BotClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    await bot.call("getMe")
    await bot.call("sendMessage", chat_id=5, text="x")

    assert bot.sandbox.token.partition(":")[2] not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "house.localhost"])
async def test_this_machine_may_call_itself_as_it_likes(
    sandbox: Sandbox, http: aiohttp.ClientSession, host: str
) -> None:
    async with http.get(f"{sandbox.url}/", headers={"Host": f"{host}:{sandbox.port}"}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.example", "192.0.2.1", "[", ""])
async def test_a_name_that_others_made_lead_here_is_turned_away(
    sandbox: Sandbox, http: aiohttp.ClientSession, host: str
) -> None:
    headers = {"Host": f"{host}:{sandbox.port}", "Origin": f"http://{host}:{sandbox.port}"}

    async with http.post(f"{sandbox.url}/page/act", json={"do": "block"}, headers=headers) as answer:
        assert answer.status == 403


async def test_listening_everywhere_it_answers_to_any_name_and_is_found_at_home(
    http: aiohttp.ClientSession,
) -> None:
    sandbox = Sandbox(token="1:x", username="another_bot", name="Другой")
    await sandbox.start(host="0.0.0.0")  # noqa: S104 - what an operator may ask for

    assert sandbox.url == f"http://localhost:{sandbox.port}"
    async with http.get(f"{sandbox.url}/page/state", headers={"Host": "sandbox"}) as answer:
        assert answer.status == 200
    await sandbox.stop()


def test_a_token_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="digits"):
        Sandbox(token="token")
