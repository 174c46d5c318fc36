"""Our terminal <-> Chromium beside Chromium <-> Chromium, by turns, over the same made network:

`python -m tests.bench.bench_media [--rows clean,rtt100,loss5] [--repeats 5] [--seconds 10] [--json]`. Needs root
(network namespaces and TUN devices). A call is made as the office makes it: the terminal's end is warm, then it offers,
the page answers and trickles; of the pair of browsers one offers instead of the terminal. Printed are medians over the
repeats, ours, the anchor's, and the ratio. A freeze is a gap longer than max(3 x mean, mean + 150 ms), as in W3C
statistics.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "integration"))

from playwright.async_api import async_playwright

from signaling_server.contract.messages import IceServer
from tests.bench.media import measured_line
from tests.bench.media.ends import BrowserEnd, Seen, TerminalEnd
from tests.bench.media.link import ADDRESSES

SETTLING_S = 3.0  # bitrates rise; set-up is measured apart
SILENT = [IceServer(["stun:10.77.0.77:3478"]), IceServer(["turn:10.77.0.77:3478"], "name", "word")]
ROWS: dict[str, dict[str, Any]] = {
    "clean": {},
    "rtt100": {"delay_ms": 50},
    "silent": {"servers": SILENT},
    "loss5": {"delay_ms": 20, "loss": 0.05},
    "loss10": {"delay_ms": 20, "loss": 0.1},
    "burst": {"delay_ms": 75, "loss": 0.03, "burst": 5},
    "thin": {"delay_ms": 20, "rate_kbps": 500},
    "link3": {"delay_ms": 20, "rate_kbps": 3_000},
}
NO_SHAPE = {"delay_ms": 0, "jitter_ms": 0, "loss": 0, "burst": 1, "rate_kbps": 0, "cut": False}


class Line:
    """The program between the two namespaces."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def shape(self, **told: Any) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**NO_SHAPE, **told}).encode() + b"\n")
        assert await self._process.stdout.readline() == b"shaped\n"


@asynccontextmanager
async def line(names: tuple[str, str]) -> AsyncIterator[Line]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.media.link", *names),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n", "namespaces and TUN devices need root"
    try:
        yield Line(process)
    finally:
        process.stdin.close()
        await process.wait()


async def our_call(
    terminal: TerminalEnd, page: BrowserEnd, servers: list[IceServer], seconds: float
) -> dict[str, float]:
    page.heard = terminal.candidate
    link_bps, _ = await asyncio.gather(terminal.link_bps(), terminal.warm(servers))
    begun_s = time.time()
    sdp = await terminal.offer(servers, link_bps)
    terminal.accept(await page.call("([servers, sdp]) => bench.answer(servers, sdp)", [as_json(servers), sdp]))
    try:
        await _until_pictures([lambda: _async(len(terminal.seen.times_s)), page.first_s])
        first = (terminal.seen.times_s[0], await page.first_s())
        busy_s = terminal.bench.cpu_s()
        await asyncio.sleep(seconds)
        spent_s = terminal.bench.cpu_s() - busy_s
        figures = told("agent", await page.seen(), seconds) | told("terminal", terminal.seen, seconds)
        figures |= {"setup_terminal_ms": (first[0] - begun_s) * 1_000, "setup_agent_ms": (first[1] - begun_s) * 1_000}
        return figures | {"cpu_percent": 100 * spent_s / seconds}
    finally:
        await asyncio.gather(terminal.end(), page.end())


async def anchor_call(
    asker: BrowserEnd, page: BrowserEnd, servers: list[IceServer], seconds: float
) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    under_way: set[asyncio.Task[None]] = set()

    def to(other: BrowserEnd, candidate: dict[str, Any] | None) -> None:
        task = loop.create_task(other.call("(told) => bench.candidate(told)", candidate))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    begun_s = time.time()
    early: list[Any] = []
    asker.heard, page.heard = early.append, lambda candidate: to(asker, candidate)
    sdp = await asker.call("(servers) => bench.offer(servers)", as_json(servers))
    answer = await page.call("([servers, sdp]) => bench.answer(servers, sdp)", [as_json(servers), sdp])
    asker.heard = lambda candidate: to(page, candidate)
    for candidate in early:
        to(page, candidate)
    await asker.call("(sdp) => bench.accept(sdp)", answer)
    try:
        await _until_pictures([asker.first_s, page.first_s])
        first = (await asker.first_s(), await page.first_s())
        busy_s = await asker.cpu_s()
        await asyncio.sleep(seconds)
        spent_s = await asker.cpu_s() - busy_s
        figures = told("agent", await page.seen(), seconds) | told("terminal", await asker.seen(), seconds)
        figures |= {"setup_terminal_ms": (first[0] - begun_s) * 1_000, "setup_agent_ms": (first[1] - begun_s) * 1_000}
        return figures | {"cpu_percent": 100 * spent_s / seconds}
    finally:
        await asyncio.gather(asker.end(), page.end())


def told(end: str, seen: Seen, seconds: float) -> dict[str, float]:
    """Of what `end` saw, after the first seconds."""
    from_s = seen.times_s[-1] - (seconds - SETTLING_S)
    late = Seen([at for at in seen.times_s if at >= from_s], seen.ages_ms[len(seen.ages_ms) // 3 :], seen.heights)
    freezes = late.freezes_s()
    ages = sorted(late.ages_ms) or [float("nan")]
    return {
        f"{end}_fps": len(late.times_s) / max(0.1, seconds - SETTLING_S),
        f"{end}_p50_ms": statistics.median(ages),
        f"{end}_p95_ms": ages[min(len(ages) - 1, int(0.95 * len(ages)))],
        f"{end}_frozen_percent": 100 * sum(freezes) / max(0.1, seconds - SETTLING_S),
        f"{end}_longest_ms": 1_000 * max(freezes, default=0.0),
        f"{end}_height": float(seen.heights[-1]),
    }


def as_json(servers: list[IceServer]) -> list[dict[str, Any]]:
    return [{"urls": server.urls, "username": server.username, "credential": server.credential} for server in servers]


async def _async(value: int) -> int:
    return value


async def _until_pictures(came: list[Any], limit_s: float = 30.0) -> None:
    async with asyncio.timeout(limit_s):
        while not all([await each() for each in came]):  # noqa: ASYNC110 - other programs draw them
            await asyncio.sleep(0.02)


async def measure(rows: list[str], repeats: int, seconds: float) -> dict[str, dict[str, list[float | None]]]:
    names = (f"desk{os.getpid()}", f"kiosk{os.getpid()}")
    results: dict[str, dict[str, list[float | None]]] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "run").mkdir()
        async with (
            line(names) as wire,
            measured_line.served_in(names[0], ADDRESSES[0]),
            async_playwright() as playwright,
        ):
            page, asker = BrowserEnd(names[0], folder), BrowserEnd(names[1], folder)
            terminal = TerminalEnd(names[1], folder / "run")
            await asyncio.gather(page.open(playwright), asker.open(playwright), terminal.open())
            for row in rows:
                shape = dict(ROWS[row])
                servers = shape.pop("servers", [])
                await wire.shape(**shape)
                ours, anchor = [], []
                for _ in range(repeats):
                    ours.append(await our_call(terminal, page, servers, seconds))
                    anchor.append(await anchor_call(asker, page, servers, seconds))
                results[row] = compared(ours, anchor)
                print_row(row, results[row])
            await asyncio.gather(page.close(), asker.close(), terminal.close())
    return results


def compared(ours: list[dict[str, float]], anchor: list[dict[str, float]]) -> dict[str, list[float | None]]:
    """Medians: ours, the anchor's, their ratio."""
    table: dict[str, list[float | None]] = {}
    for name in ours[0]:
        mine, other = (statistics.median(each[name] for each in calls) for calls in (ours, anchor))
        table[name] = [round(mine, 1), round(other, 1), round(mine / other, 2) if other else None]
    return table


def print_row(row: str, table: dict[str, list[float | None]]) -> None:
    print(f"{row}:  (ours, Chromium <-> Chromium, ratio)")
    for name, (mine, other, ratio) in table.items():
        print(f"  {name:24} {mine:9} {other:9}  {'' if ratio is None else ratio}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_media")
    parser.add_argument("--rows", default=",".join(ROWS))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    rows = asked.rows.split(",")
    if strangers := [row for row in rows if row not in ROWS]:
        parser.error(f"no such row: {strangers[0]}; there are: {', '.join(ROWS)}")
    if os.geteuid() != 0:
        parser.error("network namespaces need root")
    results = asyncio.run(measure(rows, asked.repeats, asked.seconds))
    if asked.json:
        print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
