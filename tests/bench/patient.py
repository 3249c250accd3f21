"""A platform in a process of its own that takes its time: every score is taken after some milliseconds.

Written for speed, so that what is measured is the tool: ``python -m tests.bench.patient MILLISECONDS`` prints its
port and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio import StreamReader, StreamWriter

TOKEN = json.dumps({"access_token": "a-token", "token_type": "Bearer", "expires_in": 3600}).encode()
CHUNK = 65_536


def answer(body: bytes) -> bytes:
    """Return a successful answer with a body of JSON."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
        len(body),
        body,
    )


TOKEN_ANSWER, SCORE_ANSWER = answer(TOKEN), answer(b"")


async def serve_connection(reader: StreamReader, writer: StreamWriter, seconds: float) -> None:
    """Answer the requests of one connection, one after the other."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n"):
                if line[:15].lower() == b"content-length:":
                    length = int(line[15:])
            await reader.readexactly(length)
            if b"/token" in head[:100]:
                writer.write(TOKEN_ANSWER)
            else:
                await asyncio.sleep(seconds)
                writer.write(SCORE_ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
        pass  # the other side, or this process, has had enough
    finally:
        writer.close()


async def main(milliseconds: float) -> None:
    """Serve until standard input ends."""
    server = await asyncio.start_server(
        lambda reader, writer: serve_connection(reader, writer, milliseconds / 1000),
        "127.0.0.1",
        0,
        limit=CHUNK,
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
