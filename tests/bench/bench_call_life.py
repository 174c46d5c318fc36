"""A call that lives through what happens to networks and programs: `python -m tests.bench.bench_call_life`.

The office and the agent's page (Chromium) live in one network namespace, core and media of a terminal in another; the
program of `media/link.py` is the line between them. Needs root. `--acts cut10,cut60,address,media,office`; printed for
each act: the longest time without a picture at each end, and how long after the path (or the program) was back the
first picture came. The call's id is looked at afterwards: it has to be the same.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "integration"))

import office_bench
from playwright.async_api import Page, async_playwright

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel, connect
from terminal_app.ipc.frame_ring import FrameReader
from terminal_app.ipc.messages import Liveness, Screen, TerminalState
from terminal_app.run import terminal_programs
from terminal_app.supervisor import Family, Program
from tests.bench.bench_media import Line, line
from tests.bench.media.ends import ARGUMENTS, chromium_in
from tests.bench.media.link import ADDRESSES, run_ip

ROOT = Path(__file__).resolve().parents[2]
DESK_PORT, TERMINAL_PORT = 8080, 8443
OTHER_ADDRESS = "10.77.0.3"
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - of a namespace of its own
WATCH = """
() => {
  window.shownAt = [];
  const origin = performance.timeOrigin;
  let watched = null;
  setInterval(() => {
    const video = document.querySelector("[data-testid=remote-video]");
    if (!video || video === watched) return;
    watched = video;
    const look = () => {
      window.shownAt.push(origin + performance.now());
      if (video.isConnected) video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  }, 20);
}
"""


class House:
    """Office, page and terminal in a call."""

    def __init__(self, folder: Path, names: tuple[str, str], wire: Line) -> None:
        self.folder = folder
        self.names = names
        self.wire = wire
        self.family = Family()
        self.pages: list[Page] = []
        self.shown_s: list[float] = []
        self._state: TerminalState | None = None
        self._channel: Channel[TerminalState] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, playwright: Any) -> None:
        office = self.folder / "office"
        office.mkdir()
        (office / "office.toml").write_text(f'terminal_hosts = ["{ADDRESSES[0]}"]\n')
        await office_bench.add_agent(office, "anna")
        serve = ["signaling_server", "serve", "--data", str(office), "--host", EVERY_ADDRESS, "--json"]
        serve += ["--desk-port", str(DESK_PORT), "--terminal-port", str(TERMINAL_PORT)]
        await self._start("office", 0, serve)
        await self._port_open()
        order = await office_bench.place_order(office)
        identity = self.folder / "identity"
        words = ["provisioning", "setup", "--server", f"https://{ADDRESSES[0]}:{TERMINAL_PORT}", "--json"]
        words += ["--order", order.order_id, "--code", order.code, "--authority-sha256", order.authority_sha256]
        assert await self._run([*self._in(1), *words, "--identity", str(identity)])
        await self._open_page(playwright)
        await self._open_terminal(identity)

    async def call(self) -> None:
        """From the customer's touch to a picture at both ends."""
        self.press(ipc.StartCall())
        await self._until(lambda state: state.screen is Screen.CALL_WAY)
        self.press(ipc.ChooseWay(WayToTalk.SPEAK))
        await self.pages[0].get_by_test_id("accept").click()
        await self._until(lambda state: state.call is not None and state.call.liveness is Liveness.LIVE)
        await asyncio.sleep(4.0)

    def press(self, command: ipc.UiToCore) -> None:
        assert self._channel is not None
        self._channel.send(command)

    @property
    def talking(self) -> bool:
        return self._state is not None and self._state.screen is Screen.CALL_LIVE

    async def seen_s(self) -> dict[str, list[float]]:
        """When pictures were shown, by the wall clock."""
        page = [at / 1_000 for at in await self.pages[0].evaluate("window.shownAt")]
        return {"terminal": self.shown_s, "agent": page}

    def kill(self, name: str) -> None:
        """As the kernel would."""
        pid = next(int(pid) for pid in _children(self.family.find(name).pid) if name.encode() in _words(pid))
        os.kill(pid, signal.SIGKILL)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self.family.stop()

    def _in(self, at: int) -> list[str]:
        return ["ip", "netns", "exec", self.names[at], sys.executable, "-m"]

    async def _start(self, name: str, at: int, words: list[str]) -> None:
        program = Program(name, [*self._in(at), *words], restart=True, log=self.folder / f"{name}.log")
        await self.family.add(program)

    async def _run(self, words: list[str]) -> bool:
        process = await asyncio.create_subprocess_exec(
            *words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return await process.wait() == 0

    async def _port_open(self) -> None:
        probe = [*self._in(0)[:-1], "-c", f"import socket; socket.create_connection(('127.0.0.1', {TERMINAL_PORT}))"]
        for _ in range(200):
            if await self._run(probe):
                return
            await asyncio.sleep(0.1)
        raise AssertionError((self.folder / "office.log").read_text()[-2_000:])

    async def _open_page(self, playwright: Any) -> None:
        browser = await playwright.chromium.launch(
            executable_path=str(chromium_in(self.names[0], self.folder)),
            args=ARGUMENTS,
        )
        page = await browser.new_page()
        await page.goto(f"http://localhost:{DESK_PORT}/")
        await page.get_by_test_id("login").fill("anna")
        await page.get_by_test_id("password").fill(office_bench.PASSWORD)
        await page.get_by_test_id("sign-in").click()
        await page.get_by_test_id("ready").click()
        await page.evaluate(WATCH)
        self.pages.append(page)

    async def _open_terminal(self, identity: Path) -> None:
        run_dir, config = self.folder / "run", self.folder / "terminal.toml"
        run_dir.mkdir()
        config.write_text(
            f'data_dir = "{self.folder / "data"}"\n[devices]\ncamera = "camera://pattern"\n'
            f'sound = "sound://tone?hz=440"\n[office]\nurl = "https://{ADDRESSES[0]}:{TERMINAL_PORT}"\n'
            f'identity_dir = "{identity}"\n'
        )
        (self.folder / "data").mkdir()
        for program in terminal_programs(config, run_dir, None):
            if program.name != "ui":
                await self._start(program.name, 1, list(program.argv[2:]))
        self._channel = await asyncio.wait_for(connect(run_dir / "core.sock", TerminalState), 30)
        self._channel.send(ipc.UiHello(os.getpid()))
        self._tasks += [asyncio.create_task(self._listen(self._channel)), asyncio.create_task(self._look(run_dir))]
        await self._until(lambda state: state.availability.agents_on_duty > 0 and state.availability.camera)

    async def _listen(self, channel: Channel[TerminalState]) -> None:
        while (state := await channel.receive()) is not None:
            self._state = state

    async def _look(self, run_dir: Path) -> None:
        ring, number = FrameReader(run_dir / "agent.ring"), 0
        while True:
            await asyncio.sleep(0.005)
            frame = ring.latest()
            if frame is not None and frame.number != number:
                number = frame.number
                self.shown_s.append(time.time())

    async def _until(self, holds: Callable[[TerminalState], bool], limit_s: float = 60.0) -> None:
        async with asyncio.timeout(limit_s):
            while self._state is None or not holds(self._state):  # noqa: ASYNC110 - core tells by its states
                await asyncio.sleep(0.02)


async def cut(house: House, seconds: float) -> float:
    await house.wire.shape(cut=True)
    await asyncio.sleep(seconds)
    await house.wire.shape()
    return time.time()


async def change_address(house: House) -> float:
    kiosk = house.names[1]
    run_ip("-n", kiosk, "addr", "del", ADDRESSES[1], "peer", ADDRESSES[0], "dev", "line")
    run_ip("-n", kiosk, "addr", "add", OTHER_ADDRESS, "peer", ADDRESSES[0], "dev", "line")
    run_ip("-n", kiosk, "route", "replace", "default", "dev", "line")
    return time.time()


async def kill(house: House, name: str) -> float:
    house.kill(name)
    return time.time()


ACTS: dict[str, Callable[[House], Awaitable[float]]] = {
    "cut10": lambda house: cut(house, 10.0),
    "cut60": lambda house: cut(house, 60.0),
    "media": lambda house: kill(house, "media"),
    "office": lambda house: kill(house, "office"),
    "address": change_address,
}
CALM_S = 15.0  # after an act


async def measure(acts: list[str]) -> dict[str, dict[str, float]]:
    names = (f"desk{os.getpid()}", f"kiosk{os.getpid()}")
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as place:
        async with line(names) as wire, async_playwright() as playwright:
            await wire.shape()
            house = House(Path(place), names, wire)
            try:
                await house.open(playwright)
                await house.call()
                for act in acts:
                    results[act] = await _act(house, act)
                    print(act, json.dumps(results[act]), flush=True)
            except BaseException:
                for log in Path(place).glob("*.log"):
                    print(f"--- {log.name}\n{log.read_text()[-1_500:]}", file=sys.stderr)
                raise
            finally:
                await house.close()
    return results


async def _act(house: House, act: str) -> dict[str, float]:
    begun_s = time.time()
    back_s = await ACTS[act](house)
    await asyncio.sleep(CALM_S)
    told: dict[str, float] = {"same_call": float(house.talking)}
    for end, times in (await house.seen_s()).items():
        late = [at for at in times if at >= begun_s - 1.0]
        told[f"{end}_longest_gap_s"] = round(max((b - a for a, b in pairwise(late)), default=99.0), 2)
        told[f"{end}_after_s"] = round(next((at - back_s for at in late if at > back_s), 99.0), 2)
    return told


def _children(pid: int) -> list[str]:
    """The process and all under it."""
    found = [str(pid)]
    for each in found:
        children = Path(f"/proc/{each}/task/{each}/children")
        found.extend(children.read_text().split() if children.exists() else [])
    return found


def _words(pid: str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_call_life")
    parser.add_argument("--acts", default=",".join(ACTS))
    asked = parser.parse_args(arguments)
    acts = asked.acts.split(",")
    if strangers := [act for act in acts if act not in ACTS]:
        parser.error(f"no such act: {strangers[0]}; there are: {', '.join(ACTS)}")
    if os.geteuid() != 0:
        parser.error("network namespaces need root")
    asyncio.run(measure(acts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
