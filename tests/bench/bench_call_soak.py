"""Does a terminal grow? `python -m tests.bench.bench_call_soak [--calls 200] [--minutes 30] [--moves 20]`.

The real office, core and media as programs; the agent's page is a light one (`media/light_page.py`) that sends and
takes 720p30 and sound. `--calls`: so many one after another, a few seconds each, weighed after each. `--minutes`: one
call, weighed every 10 s. `--moves`: one call that goes into a room and back so often, with Chromium for pages and Janus
for the room (`tests/integration/room_scene.py`), weighed after each. Nothing asked: 20 calls and 2 minutes.

Told of each program: memory, threads, descriptors, shared segments and asyncio tasks, a robust slope of each
(`media/growth.py`) and, after the calls, classes of which objects were kept. Exit status 1: something grows, or
media was above 250 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "integration"))

import office_bench
from room_scene import room_scene

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel, connect
from terminal_app.ipc.frame_ring import FrameReader
from terminal_app.ipc.messages import Liveness, Screen, TerminalState
from terminal_app.run import terminal_programs
from terminal_app.supervisor import Family, Program
from tests.bench.media.growth import Trend, grown, table, trend
from tests.bench.media.light_page import LightPage
from tests.bench.media.watched import Watched

MEDIA_MB_MAX = 250.0
TALK_S = 3.0  # of a short call, from its first picture
PERIOD_S = 10.0  # between weighings of a long one
CALM_S = 1.0  # after a call: threads end, sockets close
MOVED_S = 4.0  # in the room and out of it
WAIT_S = 60.0
PROGRAMS = ("media", "core", "office")


class Terminal:
    """Core and media before the office; the customer is we."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.watched = {name: Watched(name, folder) for name in PROGRAMS}
        self.family = Family(self._said)
        self._urls: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        self._state: TerminalState | None = None
        self._channel: Channel[TerminalState] | None = None
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> str:
        """Gives the address of the agents' pages."""
        await office_bench.add_agent(self.folder / "office", "anna")
        words = ["signaling_server", "serve", "--data", str(self.folder / "office"), "--json"]
        await self._start("office", [*words, "--desk-port", "0", "--terminal-port", "0"])
        urls = await asyncio.wait_for(self._urls, WAIT_S)
        identity = await office_bench.enrol_terminal(self.folder / "office", urls["terminal_url"], "t1")
        run_dir, config = self.folder / "run", self.folder / "terminal.toml"
        run_dir.mkdir()
        (self.folder / "data").mkdir()
        config.write_text(
            f'data_dir = "{self.folder / "data"}"\n[devices]\ncamera = "camera://pattern"\n'
            f'sound = "sound://tone?hz=440"\n[office]\nurl = "{urls["terminal_url"]}"\n'
            f'identity_dir = "{identity.folder}"\n'
        )
        for program in terminal_programs(config, run_dir, None):
            if program.name in PROGRAMS:
                await self._start(program.name, list(program.argv[2:]))
        self._channel = await asyncio.wait_for(connect(run_dir / "core.sock", TerminalState), WAIT_S)
        self._channel.send(ipc.UiHello(os.getpid()))
        self._listening = asyncio.create_task(self._listen(self._channel))
        return urls["desk_url"]

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
        await self.family.stop()

    async def may_call(self) -> None:
        await self._until(lambda state: state.availability.agents_on_duty > 0 and state.availability.camera)

    async def call(self) -> None:
        """To a picture of the agent."""
        await self._until(lambda state: state.screen is Screen.ATTRACT and state.availability.agents_on_duty > 0)
        self._press(ipc.StartCall())
        await self._until(lambda state: state.screen is Screen.CALL_WAY)
        self._press(ipc.ChooseWay(WayToTalk.SPEAK))
        await self._until(lambda state: state.call is not None and state.call.liveness is Liveness.LIVE)

    async def hang_up(self) -> None:
        """To the first screen."""
        self._press(ipc.HangUp())
        await self._until(lambda state: state.screen is Screen.CALL_RESULT)
        self._press(ipc.GoHome())
        with contextlib.suppress(TimeoutError):
            await self._until(lambda state: state.screen is Screen.ATTRACT, 1.0)
            return
        self._press(ipc.GoHome())  # how it was, nobody says
        await self._until(lambda state: state.screen is Screen.ATTRACT)

    async def weigh(self) -> None:
        for name, watched in self.watched.items():
            await watched.weigh(self.family.find(name).pid)

    async def objects(self) -> dict[str, dict[str, int]]:
        return {name: await watched.objects(self.family.find(name).pid) for name, watched in self.watched.items()}

    async def _start(self, name: str, words: list[str]) -> None:
        log = self.folder / f"{name}.log"
        await self.family.add(Program(name, self.watched[name].argv(words), log=log))

    def _said(self, name: str, line: dict[str, str]) -> None:
        if name == "office" and "desk_url" in line and not self._urls.done():
            self._urls.set_result(line)

    def _press(self, command: ipc.UiToCore) -> None:
        assert self._channel is not None
        self._channel.send(command)

    async def _listen(self, channel: Channel[TerminalState]) -> None:
        while (state := await channel.receive()) is not None:
            self._state = state

    async def _until(self, holds: Callable[[TerminalState], bool], limit_s: float = WAIT_S) -> None:
        async with asyncio.timeout(limit_s):
            while self._state is None or not holds(self._state):  # noqa: ASYNC110 - core tells by its states
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def house(folder: Path) -> AsyncIterator[tuple[Terminal, LightPage]]:
    async with office_bench.Crowd() as crowd:
        terminal = Terminal(folder)
        try:
            page = LightPage(crowd, await terminal.open())
            await page.open()
            try:
                await terminal.may_call()
                yield terminal, page
            finally:
                await page.close()
        except BaseException:
            print(f"the page: {page.broken!r}", file=sys.stderr)
            for log in folder.glob("*.log"):
                print(f"--- {log.name}\n{log.read_text()[-2_000:]}", file=sys.stderr)
            raise
        finally:
            await terminal.close()


async def many_calls(folder: Path, calls: int) -> bool:
    async with house(folder) as (terminal, page):
        looks: list[dict[str, dict[str, int]]] = []
        level_mb: list[float] = []
        media = terminal.family.find("media")
        for number in range(calls):
            await terminal.call()
            await asyncio.sleep(TALK_S)
            assert page.far_end is not None, f"the page is broken: {page.broken!r}"
            assert page.far_end.video_pts, "the agent saw no picture"
            level_mb.append(resident_mb(media.pid))
            await terminal.hang_up()
            await asyncio.sleep(CALM_S)
            await terminal.weigh()
            if number + 1 in (calls // 3, calls * 2 // 3, calls):
                looks.append(await terminal.objects())
            _show(f"call {number + 1}", terminal.watched["media"], f"{level_mb[-1]:.0f} MB in the call")
        flat = report(terminal.watched)
        for name in PROGRAMS:
            kept = grown([look[name] for look in looks], calls // 3)
            print(f"{name}: kept after the calls: {kept or 'nothing'}")
        print(f"media while a call lasts: {table('', [trend('rss_mb', level_mb)])}")
        return flat and max(level_mb) <= MEDIA_MB_MAX


async def long_call(folder: Path, minutes: float) -> bool:
    async with house(folder) as (terminal, page):
        await terminal.call()
        ring = FrameReader(folder / "run" / "agent.ring")
        seen, end_s, at_s = (0, 0), time.monotonic() + minutes * 60, time.monotonic()
        rates: list[tuple[float, float]] = []
        while time.monotonic() < end_s:
            await asyncio.sleep(PERIOD_S)
            await terminal.weigh()
            assert page.far_end is not None, f"the page is broken: {page.broken!r}"
            frame, now_s = ring.latest(), time.monotonic()
            now = (frame.number if frame else seen[0], page.pictures)
            rates.append(((now[0] - seen[0]) / (now_s - at_s), (now[1] - seen[1]) / (now_s - at_s)))
            seen, at_s = now, now_s
            sizes = page.far_end.picture_sizes[-1:]
            _show(f"{len(rates) * PERIOD_S:.0f} s", terminal.watched["media"], f"{rates[-1]} pictures/s {sizes}")
        print(f"connections of the call: {page.epochs}")
        ends = dict(zip(("terminal_fps", "agent_fps"), zip(*rates, strict=True), strict=True))
        print(table("pictures", [trend(name, values) for name, values in ends.items()]))
        return report(terminal.watched)


async def many_moves(folder: Path, moves: int) -> bool:
    watched = {name: Watched(name, folder) for name in ("media", "core")}

    def inside(program: Program) -> Program:
        return replace(program, argv=watched[program.name].argv(program.argv[2:]), log=folder / f"{program.name}.log")

    async with room_scene(folder, inside) as scene:
        await scene.call()
        for number in range(moves):
            await scene.invite("inna", "interpreter")
            await scene.until(lambda state: bool(state.call and len(state.call.parties) == 2))
            await asyncio.sleep(MOVED_S)
            in_room_mb = resident_mb(scene.family.find("media").pid)
            await scene.pages["anna"].get_by_test_id("let-go").click()
            await scene.sees(scene.pages["inna"], "not_ready")
            await scene.until(lambda state: bool(state.call and not state.call.parties))
            await asyncio.sleep(MOVED_S)
            for name, each in watched.items():
                await each.weigh(scene.family.find(name).pid)
            _show(f"move {number + 1}", watched["media"], f"{in_room_mb:.0f} MB in the room")
        return report(watched)


def report(watched: dict[str, Watched]) -> bool:
    """Prints what was weighed. True: nothing grows, and media kept to its memory."""
    trends: dict[str, list[Trend]] = {}
    for name, each in watched.items():
        trends[name] = [trend(figure, [row[figure] for row in each.rows]) for figure in each.rows[0]]
        print(table(name, trends[name]))
    most_mb = next(each.most for each in trends["media"] if each.name == "rss_mb")
    flat = all(each.flat for every in trends.values() for each in every)
    print(f"{'flat' if flat else 'GROWS'}; media {most_mb:.0f} MB at most, {MEDIA_MB_MAX:.0f} allowed", flush=True)
    return flat and most_mb <= MEDIA_MB_MAX


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _show(when: str, media: Watched, more: str) -> None:
    figures = ", ".join(f"{name} {value:.0f}" for name, value in media.rows[-1].items())
    print(f"{when}: media {figures}; {more}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--moves", type=int, default=0)
    asked = parser.parse_args(arguments)
    if not (asked.calls or asked.minutes or asked.moves):
        asked.calls, asked.minutes = 20, 2.0
    parts = ((many_calls, asked.calls), (long_call, asked.minutes), (many_moves, asked.moves))
    held = True
    for part, amount in parts:
        if amount:
            with tempfile.TemporaryDirectory() as place:
                held &= asyncio.run(part(Path(place), amount))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
