"""How a person, a demo or a test moves a running simulator: one JSON object a line over its control socket."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path
from typing import Any

ANSWER_S_MAX = 10.0
LINE_SIZE_MAX = 65536


async def command(socket_path: str | os.PathLike[str], request: dict[str, Any]) -> dict[str, Any]:
    """Sends one request and gives its answer, `{"ok": true, ...}` or `{"ok": false, "error": "..."}`.

    Raises:
        OSError: no simulator answers at this socket.
    """
    async with asyncio.timeout(ANSWER_S_MAX):
        reader, writer = await asyncio.open_unix_connection(str(socket_path), limit=LINE_SIZE_MAX)
        try:
            writer.write(_line(request))
            await writer.drain()
            return _answer(await reader.readline())
        finally:
            writer.close()


def command_now(socket_path: str | os.PathLike[str], request: dict[str, Any]) -> dict[str, Any]:
    """As `command`, for programs without an event loop.

    Raises:
        OSError: no simulator answers at this socket.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_S_MAX)
        connection.connect(str(Path(socket_path)))
        connection.sendall(_line(request))
        with connection.makefile("rb") as answers:
            return _answer(answers.readline(LINE_SIZE_MAX))


def _line(request: dict[str, Any]) -> bytes:
    return json.dumps(request).encode() + b"\n"


def _answer(line: bytes) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        raise ConnectionError("the simulator closed its control socket")
    answer: dict[str, Any] = json.loads(line)
    return answer
