"""The card reader's monitor against the real pcscd and vsmartcard's virtual reader, killed and started again."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from device_drivers.blocking import watch
from device_drivers.contract.card_reader import CardAnswered, CardInserted, CardRemoved
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.pcsc.monitor import CardMonitor
from device_drivers.pcsc.port import Pcsc
from device_drivers.simulators.pcsc_card import ATR, UID, VirtualCard
from tests.integration.pcsc_bench import WAIT_S, Card, Daemon


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
