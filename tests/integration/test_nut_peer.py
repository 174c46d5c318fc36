"""The UPS session against the real upsd of Network UPS Tools and its dummy driver, each killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from device_drivers.contract.errors import DeviceError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.contract.ups import BatteryMeasured, Supply, SupplyChanged
from device_drivers.pump import pump
from device_drivers.transport.open import open_line
from device_drivers.ups.session import NutSession

DRIVER, DAEMON = Path("/lib/nut/dummy-ups"), Path("/lib/nut/upsd")
WAIT_S = 20.0
ONCE = "mode = dummy-once\n"  # the file is read at the start only: a SET stays
VALUES = """ups.status: OL
ups.model: Kiosk 650
ups.serial: TEST-1
battery.charge: 96
battery.runtime: 900
"""


class Nut:
    """A private NUT in one folder; its processes die with this one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        for name, text in {
            "nut.conf": "MODE=standalone\n",
            "ups.conf": f"pollinterval = 1\n[kiosk]\ndriver = dummy-ups\nport = {folder}/kiosk.dev\n{ONCE}",
            "upsd.conf": f"LISTEN 127.0.0.1 {self.port}\nMAXAGE 3\n",
            "upsd.users": "[hand]\npassword = secret\nactions = SET\n",
            "kiosk.dev": VALUES,
        }.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)

    def start(self, name: str) -> None:
        command = [str(DRIVER), "-a", "kiosk"] if name == "driver" else [str(DAEMON)]
        places = {"NUT_CONFPATH": str(self._folder), "NUT_STATEPATH": str(self._folder)}
        for left in self._folder.glob("*.pid"):
            left.unlink()
        self._running[name] = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command, "-u", "root", "-D"],
            env=os.environ | places,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, name: str) -> None:
        if (process := self._running.pop(name, None)) is not None:
            process.kill()
            process.wait()

    def wait_until_known(self) -> None:
        """The driver has told its daemon who the UPS is."""
        deadline_s = time.monotonic() + WAIT_S
        while time.monotonic() < deadline_s:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as hand:
                hand.sendall(b"GET VAR kiosk ups.serial\n")
                if hand.recv(256).startswith(b"VAR"):
                    return
            time.sleep(0.05)
        raise AssertionError("NUT does not start")

    def set_status(self, status: str) -> None:
        """As a hand at the UPS would; dummy-ups takes it from a SET of its daemon."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_S) as hand, hand.makefile("rw") as lines:
            for line in ("USERNAME hand", "PASSWORD secret", f'SET VAR kiosk ups.status "{status}"'):
                lines.write(line + "\n")
                lines.flush()
                answer = lines.readline()
                assert answer.startswith("OK"), answer


@pytest.fixture
def nut(tmp_path):
    nut = Nut(tmp_path)
    nut.start("driver")
    nut.start("daemon")
    nut.wait_until_known()
    yield nut
    nut.kill("daemon")
    nut.kill("driver")


async def _keep_open(port: int, session: NutSession, emit: Callable[[object], None]) -> None:
    while True:
        with contextlib.suppress(DeviceError):
            line = await open_line(f"tcp://127.0.0.1:{port}")
            try:
                await pump(session, line, emit)
            finally:
                line.close()
        await asyncio.sleep(0.1)


async def test_the_real_upsd_tells_mains_battery_and_its_own_faults(nut):
    events: list[object] = []
    task = asyncio.create_task(_keep_open(nut.port, NutSession("kiosk"), events.append))

    async def expect(wanted: object) -> None:
        deadline_s = time.monotonic() + WAIT_S
        while wanted not in events:
            assert time.monotonic() < deadline_s, (wanted, events)
            await asyncio.sleep(0.02)
        events.clear()

    try:
        await expect(Identified("Kiosk 650", "TEST-1"))
        nut.set_status("OB DISCHRG")
        await expect(SupplyChanged(Supply.BATTERY, "OB DISCHRG"))
        nut.set_status("OB DISCHRG LB")
        await expect(SupplyChanged(Supply.SHUTDOWN_NOW, "OB DISCHRG LB"))
        nut.set_status("OL RB")
        await expect(BatteryMeasured(96, 900, replace_battery=True))
        nut.kill("driver")
        await expect(StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER, "DRIVER-NOT-CONNECTED"))
        nut.start("driver")
        await expect(StatusChanged(DeviceState.ONLINE))
        nut.kill("daemon")
        await expect(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))
        nut.start("daemon")
        await expect(StatusChanged(DeviceState.ONLINE))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
