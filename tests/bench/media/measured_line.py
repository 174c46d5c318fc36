"""The line of the bench, measured as a waiting customer's is: a server at one end, core's own look at it at the other.

As a program in a namespace, `serve ADDRESS` answers as the office's `/link` does until its input ends, and
`ask ADDRESS` prints bits a second, the slower way; 0: it could not be measured.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from terminal_app.core.link_check import MEASURING_S_MAX, measured

PORT = 8_077
SIZE_MAX = 1 << 20


@asynccontextmanager
async def served_in(namespace: str, address: str) -> AsyncIterator[None]:
    process = await _started(namespace, "serve", address)
    assert process.stdin is not None
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    try:
        yield
    finally:
        process.stdin.close()
        await process.wait()


async def asked_from(namespace: str, address: str) -> int:
    told, _ = await (await _started(namespace, "ask", address)).communicate()
    return int(told)


async def _started(namespace: str, *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *("ip", "netns", "exec", namespace, sys.executable, "-m", "tests.bench.media.measured_line", *words),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


async def serve(address: str) -> None:
    async def down(request: web.Request) -> web.Response:
        return web.Response(body=bytes(int(request.match_info["size"])))

    async def up(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=204)

    app = web.Application(client_max_size=SIZE_MAX)
    app.add_routes([web.get("/link/{size}", down), web.put("/link", up)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, address, PORT).start()
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def ask(address: str) -> None:
    timeout = aiohttp.ClientTimeout(MEASURING_S_MAX)
    try:
        async with aiohttp.ClientSession(f"http://{address}:{PORT}", timeout=timeout) as session:
            found = await measured(session)
    except (aiohttp.ClientError, OSError, TimeoutError):
        print(0)
    else:
        print(min(found.up_bps, found.down_bps))


if __name__ == "__main__":
    asyncio.run({"serve": serve, "ask": ask}[sys.argv[1]](sys.argv[2]))
