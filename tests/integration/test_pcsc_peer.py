"""The card reader's monitor against the real pcscd and vsmartcard's virtual reader, killed and started again.

pcscd gets its socket as systemd would hand it over, so that no other pcscd of the machine is touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from device_drivers.blocking import watch
from device_drivers.contract.card_reader import CardAnswered, CardInserted, CardRemoved
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.pcsc.monitor import CardMonitor
from device_drivers.pcsc.port import Pcsc
from device_drivers.simulators.pcsc_card import ATR, UID, VirtualCard

PCSCD, DRIVER = Path("/usr/sbin/pcscd"), Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
WAIT_S = 12.0


class Daemon:
    """A pcscd of our own: its socket, its one virtual reader at a port below the ephemeral ones."""

    def __init__(self, folder: Path) -> None:
        self.socket_path = folder / "pcscd.comm"
        self.port = _free_port_pair()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        config = folder / "readers"
        config.mkdir()
        place = f"DEVICENAME /dev/null:0x{self.port:x}\nLIBPATH {DRIVER}\nCHANNELID 0x{self.port:x}\n"
        (config / "virtual").write_text(f'FRIENDLYNAME "Virtual PCD"\n{place}')

    def start(self) -> None:
        self.socket_path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.socket_path))
            listener.listen(16)
            script = f"exec 3<&{listener.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec setpriv --pdeathsig KILL "
            self._process = subprocess.Popen(
                ["/bin/bash", "-c", f"{script}{PCSCD} --foreground --info -c {self._folder / 'readers'}"],
                pass_fds=[listener.fileno()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _free_port_pair() -> int:
    """vpcd listens on a port and the one after it, one a slot."""
    for port in range(10240 + os.getpid() % 400 * 16, 32000, 2):
        with contextlib.suppress(OSError), socket.socket() as first, socket.socket() as second:
            first.bind(("", port))
            second.bind(("", port + 1))
            return port
    raise AssertionError("no free port")


class Card:
    """Holds a virtual card in the reader until it is taken out."""

    def __init__(self, port: int, card: VirtualCard) -> None:
        self._connection = _connected(port)
        self._card = card
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def take_out(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(WAIT_S)
        self._connection.close()

    def _talk(self) -> None:
        with contextlib.suppress(OSError):
            while chunk := self._connection.recv(4096):
                self._connection.sendall(self._card.feed(chunk, 0.0))


def _connected(port: int) -> socket.socket:
    deadline_s = time.monotonic() + WAIT_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        except OSError:
            if time.monotonic() > deadline_s:
                raise
            threading.Event().wait(0.05)


class Reader:
    """The monitor in its thread, its library keeps the first socket it was told for the life of the process."""

    def __init__(self, reader_part: str) -> None:
        self.monitor = CardMonitor(Pcsc(), reader_part)
        self.events: list[object] = []
        self._came = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=watch, args=(self.monitor, self._emit, self._stopped), daemon=True)
        self._thread.start()

    def _emit(self, event: object) -> None:
        with self._came:
            self.events.append(event)
            self._came.notify_all()

    def expect(self, *wanted: object) -> None:
        """These events, one after the other, among those that came since the last look."""
        with self._came:
            for event in wanted:
                assert self._came.wait_for(lambda event=event: event in self.events, WAIT_S), (event, self.events)
                del self.events[: self.events.index(event) + 1]

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()


@pytest.fixture
def daemon(tmp_path, monkeypatch) -> Iterator[Daemon]:
    daemon = Daemon(tmp_path)
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(daemon.socket_path))
    daemon.start()
    yield daemon
    daemon.kill()


def test_a_reader_and_its_cards_outlive_a_killed_and_restarted_pcscd(daemon):
    card = VirtualCard()
    reader = Reader("Virtual PCD 00 00")
    try:
        reader.expect(StatusChanged(DeviceState.ONLINE), Identified("Virtual PCD 00 00", ""))
        held = Card(daemon.port, card)
        reader.expect(CardInserted(ATR, UID))
        reader.monitor.transmit("select", bytes.fromhex("00a4040005a000000003"))
        reader.expect(CardAnswered("select", b"", 0x6A82))
        held.take_out()
        reader.expect(CardRemoved())

        held = Card(daemon.port, card)
        reader.expect(CardInserted(ATR, UID))
        daemon.kill()
        reader.expect(CardRemoved(), StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER, "no service (8010001d)"))
        held.take_out()
        daemon.start()
        reader.expect(StatusChanged(DeviceState.ONLINE))
        held = Card(daemon.port, VirtualCard(uid=b"\x01\x02\x03\x04"))
        reader.expect(CardInserted(ATR, b"\x01\x02\x03\x04"))
        held.take_out()
        reader.expect(CardRemoved())
        assert set(card.heard) == {bytes.fromhex("ffca000000"), bytes.fromhex("00a4040005a000000003")}
    finally:
        reader.stop()


def test_a_technician_probes_and_tests_a_reader_with_a_card(daemon):
    url, tool = "pcsc://Virtual PCD 00 00", [sys.executable, "-m", "device_drivers"]
    probed = subprocess.run([*tool, "probe", url, "--json"], capture_output=True, text=True, timeout=4 * WAIT_S)
    assert probed.returncode == 0, probed.stderr
    answers = json.loads(probed.stdout)["answers"]
    assert {"name": "IDENTIFICATION", "fields": {"model": "Virtual PCD 00 00", "serial": ""}} in answers
    with subprocess.Popen(
        [*tool, "test", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as tested:
        said = iter(tested.stderr.readline, "")
        assert any("Вставьте" in line for line in said)
        held = Card(daemon.port, VirtualCard())
        assert any("Уберите карту" in line for line in said)
        held.take_out()
        assert any("считыватель пуст" in line for line in said)
        assert "Проверка пройдена." in tested.stdout.read()
    assert tested.returncode == 0
