"""The monitor of a card reader: each code of PC/SC ends in a stated state within its limit, then heals."""

from __future__ import annotations

import pytest

from device_drivers.contract.card_reader import (
    CardAnswered,
    CardFailed,
    CardFailure,
    CardInserted,
    CardRemoved,
    CardUnreadable,
)
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.pcsc.monitor import ASK_UID, LOOK_S, REOPEN_MAX_S, REQUESTS_MAX, CardMonitor
from device_drivers.pcsc.port import PcscCode, PcscError, Place

ATR = bytes.fromhex("3b8f8001804f0ca000000306030001000000006a")
UID = bytes.fromhex("04a1b2c3")
READ = bytes.fromhex("00b0000010")


class FakePort:
    """PC/SC that does what it is told; it keeps what was sent to the card."""

    def __init__(self):
        self.names = ["Bench Reader 00 00"]
        self.fails: dict[str, int] = {}  # method -> code, until it is taken away
        self.place = Place(False, False, 0, b"", 0)
        self.answer = UID + b"\x90\x00"
        self.sent: list[bytes] = []
        self.opened = 0

    def insert(self, *, mute=False):
        self.place = Place(True, mute, self.place.changes + 1, b"" if mute else ATR, 0)

    def remove(self):
        self.place = Place(False, False, self.place.changes + 1, b"", 0)

    def _may_fail(self, method):
        if method in self.fails:
            raise PcscError(self.fails[method])

    def open(self):
        self.opened += 1
        self._may_fail("open")

    def readers(self):
        self._may_fail("readers")
        return self.names

    def look(self, reader, known, wait_s):
        assert wait_s <= LOOK_S
        self._may_fail("look")
        return self.place

    def transmit(self, reader, apdu):
        self.sent.append(apdu)
        self._may_fail("transmit")
        return self.answer

    def close(self):
        pass


@pytest.fixture
def port():
    return FakePort()


@pytest.fixture
def monitor(port):
    monitor = CardMonitor(port)
    assert monitor.step(0.0) == [StatusChanged(DeviceState.ONLINE), Identified("Bench Reader 00 00", "")]
    return monitor


def test_a_card_is_told_with_its_uid_and_its_removal_once(port, monitor):
    port.insert()
    assert monitor.step(1.0) == [CardInserted(ATR, UID)]
    assert monitor.step(1.1) == []
    port.remove()
    assert monitor.step(1.2) == [CardRemoved()]
    assert monitor.step(1.3) == []
    assert port.sent == [ASK_UID]


def test_another_card_between_two_looks_is_not_taken_for_the_same(port, monitor):
    port.insert()
    monitor.step(1.0)
    port.remove()
    port.insert()
    assert monitor.step(1.1) == [CardRemoved(), CardInserted(ATR, UID)]


@pytest.mark.parametrize("answer", [b"\x6a\x81", b"", b"\x90", bytes(40) + b"\x90\x00"])
def test_a_card_that_tells_no_uid_is_a_card_all_the_same(port, monitor, answer):
    port.answer = answer
    port.insert()
    assert monitor.step(1.0) == [CardInserted(ATR, b"")]


def test_a_mute_card_is_unreadable_and_costs_no_reader(port, monitor):
    port.insert(mute=True)
    assert monitor.step(1.0) == [CardUnreadable("the card does not answer to power")]
    port.remove()
    assert monitor.step(1.1) == [CardRemoved()]
    assert port.sent == []


@pytest.mark.parametrize(
    ("method", "code", "state", "fault"),
    [
        ("open", 0x8010001D, DeviceState.OFFLINE, Fault.NO_ANSWER),
        ("look", 0x8010001D, DeviceState.OFFLINE, Fault.NO_ANSWER),
        ("look", 0x8010001E, DeviceState.OFFLINE, Fault.NO_ANSWER),
        ("readers", 0x8010002E, DeviceState.NO_DEVICE, Fault.LINE_LOST),
        ("look", 0x80100017, DeviceState.NO_DEVICE, Fault.LINE_LOST),
        ("look", 0x80100009, DeviceState.NO_DEVICE, Fault.LINE_LOST),
        ("look", 0x80100003, DeviceState.OFFLINE, Fault.LINE_LOST),
        ("look", 0x80100013, DeviceState.OFFLINE, Fault.LINE_LOST),
        ("look", -0x7FEFFFE3, DeviceState.OFFLINE, Fault.NO_ANSWER),  # the same code, signed
        ("look", 0x80101234, DeviceState.OFFLINE, Fault.LINE_LOST),
    ],
)
def test_a_lost_service_or_reader_is_told_once_and_heals_with_a_fresh_context(port, method, code, state, fault):
    monitor = CardMonitor(port)
    if method == "look":
        port.insert()
        monitor.step(0.0)
    port.fails[method] = code
    told = [event for now_s in range(1, 40) for event in monitor.step(float(now_s))]
    removed = [CardRemoved()] if method == "look" else []
    assert told == [*removed, StatusChanged(state, fault, str(PcscError(code)))]
    opened = port.opened
    assert 3 <= opened <= 39 / REOPEN_MAX_S + 6  # with back-off, not at every step
    port.fails.clear()
    healed = monitor.step(40.0 + REOPEN_MAX_S)
    assert StatusChanged(DeviceState.ONLINE) in healed
    assert port.opened == opened + 1
    if method == "look":
        assert healed[-1] == CardInserted(ATR, UID)


def test_a_reader_is_chosen_by_a_part_of_its_name(port):
    port.names = ["Keyboard With Slot 00", "ACS ACR122U 01"]
    assert Identified("ACS ACR122U 01", "") in CardMonitor(port, "ACR122").step(0.0)
    told = CardMonitor(port, "Gemalto").step(0.0)
    assert told == [StatusChanged(DeviceState.NO_DEVICE, Fault.LINE_LOST, "no reader (8010002e)")]


def test_a_command_is_answered_once_with_its_status_word(port, monitor):
    port.insert()
    monitor.step(1.0)
    port.answer = b"meter\x90\x00"
    monitor.transmit("read-1", READ)
    assert monitor.step(1.1) == [CardAnswered("read-1", b"meter", 0x9000)]
    assert monitor.step(1.2) == []


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (0x80100069, CardFailure.REMOVED),
        (0x8010000C, CardFailure.NO_CARD),
        (0x80100066, CardFailure.UNRESPONSIVE),
        (0x80100067, CardFailure.UNRESPONSIVE),
        (0x8010000B, CardFailure.BUSY),
    ],
)
def test_a_command_that_fails_by_the_card_costs_no_reader(port, monitor, code, failure):
    port.insert()
    monitor.step(1.0)
    port.fails["transmit"] = code
    monitor.transmit("read-1", READ)
    assert monitor.step(1.1) == [CardFailed("read-1", failure, str(PcscError(code)))]
    assert port.sent.count(READ) == 1  # nobody knows whether the card heard it


def test_a_command_during_which_pcscd_ends_is_answered_and_the_reader_lost(port, monitor):
    port.insert()
    monitor.step(1.0)
    port.fails["transmit"] = PcscCode.NO_SERVICE
    monitor.transmit("read-1", READ)
    failed, removed, status = monitor.step(1.1)
    assert (failed.failure, removed, status.state) == (CardFailure.READER_LOST, CardRemoved(), DeviceState.OFFLINE)


def test_commands_without_card_or_reader_or_sense_are_answered_too(port, monitor):
    monitor.transmit("a", READ)
    assert monitor.step(1.0) == [CardFailed("a", CardFailure.NO_CARD)]
    monitor.transmit("b", b"\x00")
    monitor.transmit("c", bytes(262))
    assert [event.failure for event in monitor.step(1.1)] == [CardFailure.NOT_STARTED] * 2
    port.fails["look"] = PcscCode.NO_SERVICE
    monitor.step(1.2)
    for at in range(REQUESTS_MAX + 1):
        monitor.transmit(f"d{at}", READ)
    failures = [event.failure for event in monitor.step(1.3)]
    assert sorted(failure.value for failure in failures) == ["not_started"] + ["reader_lost"] * REQUESTS_MAX


def test_no_text_of_an_event_shows_what_a_card_said():
    said = repr([CardInserted(ATR, b"ABCD"), CardAnswered("x", b"ABCD", 0x9000)])
    assert "ABCD" not in said
    assert "41424344" not in said
