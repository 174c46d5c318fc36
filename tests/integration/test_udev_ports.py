"""Serial adapters as udev names them, in umockdev's testbed: found, moved, replaced, and plugged in again.

The descriptions have the form of umockdev-record. The names in them are not ours: udev's own built-ins, asked in the
testbed, must make the same ones of the same sysfs.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from peer_bench import on_a_port

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.control import command

KIOSK = Path(__file__).with_name("udev_kiosk.py")
LIMIT_S = 60.0
HOST_CONTROLLER = """
P: /devices/pci0000:00/0000:00:14.0/usb1
N: bus/usb/001/001
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
A: idVendor=1d6b

P: /devices/pci0000:00/0000:00:14.0
E: SUBSYSTEM=pci
E: DRIVER=xhci_hcd
E: PCI_SLOT_NAME=0000:00:14.0
"""


@dataclass(frozen=True)
class Adapter:
    """A USB-to-serial adapter; `serial` is "" for the many that have none."""

    maker: str
    model: str
    ids: tuple[str, str]
    driver: str
    serial: str = ""

    @property
    def by_id(self) -> str:
        words = "_".join(filter(None, (self.maker, self.model.replace(" ", "_"), self.serial)))
        return f"usb-{words}-if00-port0"


FTDI = Adapter("FTDI", "FT232R USB UART", ("0403", "6001"), "ftdi_sio", "A10K5LZX")
CH340 = Adapter("1a86", "USB Serial", ("1a86", "7523"), "ch341-uart")


def by_path(socket: str) -> str:
    return f"pci-0000:00:14.0-usb-0:{socket}:1.0-port0"


def sysfs(socket: str, tty: str) -> str:
    return f"/devices/pci0000:00/0000:00:14.0/usb1/1-{socket}/1-{socket}:1.0/{tty}"


def description(adapter: Adapter, socket: str, tty: str) -> str:
    """An adapter in a socket, as umockdev-record would write it."""
    port, usb = sysfs(socket, tty), f"/devices/pci0000:00/0000:00:14.0/usb1/1-{socket}"
    serial = f"A: serial={adapter.serial}\n" if adapter.serial else ""
    return f"""P: {port}/tty/{tty}
N: {tty}
S: serial/by-path/{by_path(socket)}
S: serial/by-id/{adapter.by_id}
E: DEVNAME=/dev/{tty}
E: SUBSYSTEM=tty
E: MAJOR=188
E: MINOR={tty[-1]}
A: dev=188:{tty[-1]}

P: {port}
E: SUBSYSTEM=usb-serial
E: DRIVER={adapter.driver}
A: port_number=0

P: {usb}/1-{socket}:1.0
E: DEVTYPE=usb_interface
E: SUBSYSTEM=usb
E: DRIVER={adapter.driver}
E: INTERFACE=255/0/0
A: bInterfaceNumber=00
A: bInterfaceClass=ff

P: {usb}
N: bus/usb/001/00{int(socket[0]) + 1}
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
A: idVendor={adapter.ids[0]}
A: idProduct={adapter.ids[1]}
A: manufacturer={adapter.maker}
A: product={adapter.model}
A: bcdDevice=0600
{serial}"""


class Terminal:
    """The kiosk's program in a testbed; `plug` and `pull` do what udev does with the links."""

    def __init__(self, process: asyncio.subprocess.Process, hello: dict) -> None:
        self._process = process
        self.ports = hello["ports"]
        self.dev = Path(hello["testbed"]) / "dev"

    async def until(self, state: str, detail: str) -> dict:
        heard: list[dict] = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LIMIT_S):
                while line := await self._process.stdout.readline():
                    heard += json.loads(line)
                    if heard[-1]["state"] == state and detail in heard[-1]["detail"]:
                        return heard[-1]
        raise AssertionError(f"never {state} and {detail!r}: {heard}")

    def pull(self, adapter: Adapter, socket: str, tty: str) -> None:
        for path in (f"serial/by-id/{adapter.by_id}", f"serial/by-path/{by_path(socket)}", tty):
            (self.dev / path).unlink()

    def plug(self, adapter: Adapter, socket: str, tty: str, port: Path) -> None:
        """`port`: the pseudo-terminal at whose other end the device sits."""
        (self.dev / tty).symlink_to(port.readlink())
        for path in (f"serial/by-id/{adapter.by_id}", f"serial/by-path/{by_path(socket)}"):
            (self.dev / path).symlink_to(self.dev / tty)


@contextlib.asynccontextmanager
async def terminal(folder: Path, *descriptions: str, socket: str = "2"):
    """A terminal whose validator is configured at a socket."""
    found = folder / "devices.umockdev"
    found.write_text("\n".join((*descriptions, HOST_CONTROLLER.lstrip())))
    program = [shutil.which("umockdev-run"), "-d", str(found), "--"]
    program += [sys.executable, str(KIOSK), str(folder / "inventory.json"), f"/dev/serial/by-path/{by_path(socket)}"]
    pipe = asyncio.subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(KIOSK.parents[2])}
    process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe, env=environment)
    try:
        yield Terminal(process, json.loads(await asyncio.wait_for(process.stdout.readline(), LIMIT_S)))
    finally:
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), LIMIT_S) == 0


@pytest.mark.parametrize(("adapter", "socket"), [(FTDI, "2"), (CH340, "3.4")], ids=["with a serial", "without"])
def test_udev_itself_makes_the_names_of_the_descriptions(tmp_path, adapter, socket):
    found = tmp_path / "devices.umockdev"
    found.write_text(description(adapter, socket, "ttyUSB0") + "\n" + HOST_CONTROLLER.lstrip())
    asked = {}
    for builtin in ("path_id", "usb_id"):
        program = ["umockdev-run", "-d", str(found), "--", "udevadm", "test-builtin", builtin]
        run = subprocess.run(
            [*program, f"{sysfs(socket, 'ttyUSB0')}/tty/ttyUSB0"], check=True, capture_output=True, timeout=LIMIT_S
        )
        asked |= dict(line.split("=", 1) for line in run.stdout.decode().splitlines() if line.startswith("ID_"))
    assert f"{asked['ID_PATH']}-port0" == by_path(socket)
    assert f"usb-{asked['ID_SERIAL']}-if{asked['ID_USB_INTERFACE_NUM']}-port0" == adapter.by_id


async def test_two_adapters_are_found_each_with_its_socket(tmp_path):
    async with terminal(tmp_path, description(FTDI, "2", "ttyUSB0"), description(CH340, "3", "ttyUSB1")) as kiosk:
        names = {(port["adapter"], port["socket"]) for port in kiosk.ports}
    assert names == {(FTDI.by_id, by_path("2")), (CH340.by_id, by_path("3"))}
    assert len({port["device"] for port in kiosk.ports}) == 2


async def known_at(folder: Path, adapter: Adapter, socket: str) -> None:
    """A run of the terminal that opens the port and remembers the adapter."""
    async with terminal(folder, description(adapter, socket, "ttyUSB0")), asyncio.timeout(LIMIT_S):
        while not (folder / "inventory.json").exists():  # noqa: ASYNC110 - another program writes it
            await asyncio.sleep(0.02)


async def test_an_adapter_in_another_socket_after_a_restart_is_named(tmp_path):
    await known_at(tmp_path, FTDI, "2")
    async with terminal(tmp_path, description(FTDI, "3", "ttyUSB0")) as kiosk:
        await kiosk.until("no_device", f"its adapter {FTDI.by_id} stands at {by_path('3')}")


async def test_another_adapter_in_the_socket_is_named(tmp_path):
    await known_at(tmp_path, FTDI, "2")
    async with terminal(tmp_path, description(CH340, "2", "ttyUSB0")) as kiosk:
        await kiosk.until("offline", f"another adapter at this place: {CH340.by_id}, before {FTDI.by_id}")


async def test_a_validator_pulled_and_plugged_in_again_elsewhere_is_told_and_at_home_works_on(tmp_path):
    validator = CcnetSimulator(initialize_s=0.3)
    (tmp_path / "bench").mkdir()
    with on_a_port(validator, tmp_path / "bench") as port:
        async with terminal(tmp_path, description(FTDI, "2", "ttyUSB0")) as kiosk:
            kiosk.pull(FTDI, "2", "ttyUSB0")
            kiosk.plug(FTDI, "2", "ttyUSB0", port)
            assert (await kiosk.until("online", ""))["serial"] == "000000000001"
            kiosk.pull(FTDI, "2", "ttyUSB0")
            await hand(tmp_path / "bench", "pull")
            await hand(tmp_path / "bench", "plug")
            kiosk.plug(FTDI, "3", "ttyUSB1", port)
            await kiosk.until("no_device", f"its adapter {FTDI.by_id} stands at {by_path('3')}")
            kiosk.pull(FTDI, "3", "ttyUSB1")
            kiosk.plug(FTDI, "2", "ttyUSB2", port)
            assert "another" not in (await kiosk.until("online", ""))["detail"]


async def hand(folder: Path, verb: str) -> None:
    assert (await command(folder / "control", {"do": verb}))["ok"] is True
