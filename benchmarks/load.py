"""Updates brought to a webhook as fast as it takes them, over as many connections as Telegram opens."""

import asyncio
from collections.abc import Iterator, Sequence

HOOK = "https://example.invalid/hook"
SECRET = "benchmark"  # noqa: S105 - the stand-in's own

HEAD = (
    b"POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"X-Telegram-Bot-Api-Secret-Token: %b\r\nContent-Length: %d\r\n\r\n"
)


async def push(bodies: Sequence[bytes], port: int, connections: int = 100) -> None:
    """Bring each update once; one refused is brought again."""
    waiting = iter(bodies)
    await asyncio.gather(*(_bring(waiting, port) for _ in range(min(connections, len(bodies)))))


async def _bring(waiting: Iterator[bytes], port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for body in waiting:
        while True:
            writer.write(HEAD % (SECRET.encode(), len(body)) + body)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            )
            await reader.readexactly(length)
            if b" 200 " in head.split(b"\r\n", 1)[0]:
                break
            await asyncio.sleep(0.05)
    writer.close()
