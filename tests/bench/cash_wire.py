"""A validator's line that remembers when its frames went by; a core with the real screen before it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "ui"))

from kiosk_bench import virtual_display

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.control import command
from device_drivers.simulators.ports import Heard, PtyPort
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen
from tests.bench.watched_ui import TOLD
from tests.integration.core_bench import core_bench

SIZE, PPI = (1080, 1920), 100.1
WAIT_S = 20.0
LOOK_S = 0.01
NOTE_MINOR = 100_00
ESCROW, STACKED, STACK = 0x80, 0x81, 0x35  # the fourth byte of a frame: two states of the validator, one command
AT = 3


class WatchedPort(PtyPort):
    """Monotonic seconds of each first frame with a state or a command; a repeat of the last one is none."""

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.told_s: dict[int, list[float]] = {ESCROW: [], STACKED: []}
        self.commanded_s: list[float] = []
        self._state = -1

    def plug(self, heard: Heard) -> None:
        def listen(data: bytes) -> None:
            if len(data) > AT and data[AT] == STACK:
                self.commanded_s.append(time.monotonic())
            heard(data)

        super().plug(listen)

    def write(self, data: bytes) -> None:
        now_s = time.monotonic()
        super().write(data)
        state = data[AT] if len(data) > AT else -1
        if state != self._state:
            self._state = state
            self.told_s.get(state, []).append(now_s)


class Payer:
    """Stands before the cash screen: the real core, a watched line to the validator, the real ui."""

    def __init__(self, folder: Path, port: WatchedPort, screen: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.screen = screen
        self._folder = folder

    async def pushes(self) -> None:
        """One note of a hundred rubles, as soon as the slot takes it."""
        for _ in range(int(WAIT_S / LOOK_S)):
            answer = await command(self._folder / "bill_validator.sock", {"do": "insert", "value_minor": NOTE_MINOR})
            if answer["ok"]:
                return
            await asyncio.sleep(LOOK_S)
        raise AssertionError(f"the validator takes no note: {answer}")

    async def decided(self, notes: int) -> None:
        """So many commands to stack have come over the line."""
        for _ in range(int(WAIT_S / LOOK_S)):
            if len(self.port.commanded_s) >= notes:
                return
            await asyncio.sleep(LOOK_S)
        raise AssertionError(f"not decided: note {notes}")

    def shown_s(self) -> dict[int, float]:
        """When the screen's property took each sum, in kopecks."""
        path = self._folder / TOLD
        lines = path.read_text().splitlines() if path.exists() else []
        return {int(words[0]): float(words[1]) for words in map(str.split, lines) if len(words) == 2}

    async def sees(self, inside_minor: int) -> float:
        """The moment when the screen had this sum."""
        for _ in range(int(WAIT_S / LOOK_S)):
            if (shown := self.shown_s()).get(inside_minor) is not None:
                return shown[inside_minor]
            await asyncio.sleep(LOOK_S)
        raise AssertionError(f"not on the screen: {inside_minor}; {shown}")


@contextlib.asynccontextmanager
async def paying(folder: Path) -> AsyncIterator[Payer]:
    """From the first screen to the first look at the cash screen."""
    async with core_bench(folder) as bench:
        port = WatchedPort(folder / "bill_validator.port")
        await bench.device("bill_validator", "ccnet", CcnetSimulator(initialize_s=0.1), port=port)
        await bench.start()
        await bench.comes_to_amount()
        bench.press(ipc.ChooseAmount(NOTE_MINOR))
        await bench.sees_screen(Screen.CASH_IN)
        with virtual_display(*SIZE) as display, _screen(folder, display) as screen:
            payer = Payer(folder, port, screen)
            await payer.sees(0)
            yield payer


@contextlib.contextmanager
def _screen(folder: Path, display: str) -> Iterator[subprocess.Popen[bytes]]:
    program = (
        "import sys; from pathlib import Path; from tests.bench.watched_ui import main;"
        f"main(Path(sys.argv[1]), window='{SIZE[0]}x{SIZE[1]}', panel_ppi={PPI})"
    )
    environment = {**os.environ, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
    with (folder / "ui.log").open("wb") as log:
        screen = subprocess.Popen([sys.executable, "-c", program, str(folder)], env=environment, stdout=log, stderr=log)
    try:
        yield screen
    finally:
        screen.terminate()
        screen.wait(10)
