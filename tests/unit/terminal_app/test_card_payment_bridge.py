"""The bridge to the bank terminal: a name on disk before the sale leaves, an approval made final before it is told."""

from __future__ import annotations

import json

import pytest

from device_drivers.contract import payment_card_reader as device
from device_drivers.contract.modem import ModemCloseAsked, ModemDataSent, ModemOpenAsked
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.vendotek.session import VendotekSession
from payment.contract import (
    CardAnswered,
    CardOutcome,
    CardReversed,
    CardSettled,
    PinpadChanged,
    ReversalOutcome,
)
from terminal_app.core.card_payment import NAMES_FILE, NAMES_MAX, BankTerminalPinpad, OperationNamesError


class FakeReader:
    """Writes down the verbs."""

    def __init__(self):
        self.said = []

    def __getattr__(self, verb):
        return lambda *arguments: self.said.append((verb, *arguments))


@pytest.fixture
def reader():
    return FakeReader()


@pytest.fixture
def told():
    return []


@pytest.fixture
def pinpad(reader, told, tmp_path):
    return BankTerminalPinpad(reader, tmp_path, told.append)


def named(pinpad):
    pinpad.authorize("op-1", 5000)
    pinpad.on_event(device.OperationNamed("op-1", "77"))


def test_the_name_is_on_disk_before_the_sale_may_leave(pinpad, reader, tmp_path, monkeypatch):
    pinpad.authorize("op-1", 5000)
    assert reader.said == [("authorize", "op-1", 5000)]
    synced = []
    monkeypatch.setattr("os.fsync", synced.append)
    reader.said.clear()
    pinpad.on_event(device.OperationNamed("op-1", "77"))
    assert json.loads((tmp_path / NAMES_FILE).read_text()) == {"op-1": {"name": "77", "amount_minor": 5000}}
    assert len(synced) == 2  # the file and its folder
    assert reader.said == [("proceed", "op-1")]


def test_a_disk_that_takes_no_name_begins_no_sale(pinpad, reader, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    named(pinpad)
    assert reader.said[1:] == [("cancel",)]


def test_an_approval_is_told_only_when_it_is_final(pinpad, reader, told):
    named(pinpad)
    approved = device.CardAnswered(
        "op-1", device.CardOutcome.APPROVED, 5000, "rrn", "auth", "220220******1234", "t1", "slip"
    )
    pinpad.on_event(approved)
    assert told == []
    assert reader.said[-1] == ("capture", "op-1", "77", 5000)
    pinpad.on_event(device.CardCaptured("op-1", device.StepOutcome.DONE))
    assert told == [
        CardAnswered("op-1", CardOutcome.APPROVED, 5000, "rrn", "auth", "220220******1234", "t1", "slip", "")
    ]


@pytest.mark.parametrize(
    ("step", "outcome", "amount_minor"),
    [
        (device.StepOutcome.REFUSED, CardOutcome.DECLINED, 0),
        (device.StepOutcome.UNKNOWN, CardOutcome.UNKNOWN, 5000),
    ],
)
def test_an_approval_that_is_not_final_is_no_approval(pinpad, told, step, outcome, amount_minor):
    named(pinpad)
    pinpad.on_event(device.CardAnswered("op-1", device.CardOutcome.APPROVED, 5000))
    pinpad.on_event(device.CardCaptured("op-1", step))
    assert [(event.outcome, event.amount_minor) for event in told] == [(outcome, amount_minor)]


def test_what_was_never_named_was_never_sent(pinpad, reader, told):
    pinpad.last_result("op-9")
    pinpad.reverse("op-9", 5000)
    assert reader.said == []
    assert [event.outcome for event in told] == [CardOutcome.DECLINED, ReversalOutcome.DONE]


def test_after_a_restart_the_stored_name_is_asked_about(pinpad, told, tmp_path):
    named(pinpad)
    fresh = FakeReader()
    again = BankTerminalPinpad(fresh, tmp_path, told.append)
    again.last_result("op-1")
    again.reverse("op-1", 5000)
    assert fresh.said == [("last_result", "op-1", "77", 5000), ("reverse", "op-1", "77", 5000)]


def test_the_file_of_names_does_not_grow(pinpad, tmp_path):
    for number in range(NAMES_MAX + 10):
        pinpad.on_event(device.OperationNamed(f"op-{number}", str(number)))
    names = json.loads((tmp_path / NAMES_FILE).read_text())
    assert len(names) == NAMES_MAX
    assert f"op-{NAMES_MAX + 9}" in names
    assert "op-0" not in names


@pytest.mark.parametrize("text", ["", "[]", '{"op-1": 5}', "\x00"])
def test_names_that_cannot_be_read_are_one_clear_error(tmp_path, text):
    (tmp_path / NAMES_FILE).write_text(text)
    with pytest.raises(OperationNamesError, match=NAMES_FILE):
        BankTerminalPinpad(None, tmp_path, lambda event: None)


def test_states_and_ends_are_told_in_payments_words(pinpad, told):
    pinpad.on_event(StatusChanged(DeviceState.ONLINE))
    pinpad.on_event(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))
    pinpad.on_event(device.CardReversed("op-1", device.StepOutcome.DONE))
    pinpad.on_event(device.CardSettled("s-1", agreed=True))
    assert told == [
        PinpadChanged(ready=True),
        PinpadChanged(ready=False, fault="line_lost"),
        CardReversed("op-1", ReversalOutcome.DONE),
        CardSettled("s-1", agreed=True),
    ]


def test_without_a_pinpad_every_verb_is_answered(tmp_path, told):
    nothing = BankTerminalPinpad(None, tmp_path, told.append)
    nothing.authorize("op-1", 5000)
    nothing.last_result("op-1")
    nothing.reverse("op-1", 5000)
    nothing.settle("s-1")
    nothing.cancel()
    assert [type(event) for event in told] == [CardAnswered, CardAnswered, CardReversed, CardSettled]
    assert told[0].outcome is CardOutcome.DECLINED


def test_without_a_modem_the_terminal_is_refused_its_connections(pinpad, reader):
    pinpad.on_event(ModemOpenAsked("bank", 1))
    pinpad.on_event(ModemDataSent(b"x"))
    pinpad.on_event(ModemCloseAsked())
    assert reader.said == [("modem_opened", False), ("modem_closed",)]


def test_a_whole_sale_over_a_real_session_survives_a_killed_program(tmp_path, told):
    terminal, session = VendotekSimulator(), VendotekSession()
    wire = VirtualWire(session, terminal)
    pinpad = BankTerminalPinpad(session, tmp_path, told.append)
    wire.react = pinpad.on_event
    wire.run(3.0)
    pinpad.authorize("op-1", 5000)
    wire.run(2.01)  # the bank has approved, nothing is told yet
    assert [event for event in told if isinstance(event, CardAnswered)] == []
    again = VendotekSession()
    fresh = VirtualWire(again, terminal)
    fresh.now_s = wire.now_s
    pinpad = BankTerminalPinpad(again, tmp_path, told.append)
    fresh.react = pinpad.on_event
    fresh.run(3.0)
    pinpad.last_result("op-1")
    fresh.run(10.0)
    assert [event.outcome for event in told if isinstance(event, CardAnswered)] == [CardOutcome.APPROVED]
    assert terminal.bank.approved_minor() == 5000
    assert len(terminal.bank.sales) == 1
