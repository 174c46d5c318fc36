"""The till's further devices: what is configured becomes a port of payment, what is not is not there."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from device_drivers.contract import bill_validator as notes
from device_drivers.contract import coin_acceptor as coins
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem, RejectReason
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from payment import contract as payment
from payment.cassette import CassetteCount
from terminal_app.config import Devices, TerminalConfig
from terminal_app.core.card_payment import NAMES_FILE
from terminal_app.core.cash_in import CoinSlot, to_payment
from terminal_app.core.storage_units import StorageUnits
from terminal_app.core.till_devices import TillDevices

LINE = "loop://nowhere"
NO_UNITS = StorageUnits({}, CassetteCount(), lambda name, unit: None)
RUBLES = CashItem(500_00, "RUB")
ALL = Devices(coin_acceptor=f"cctalk+{LINE}", payment_card_reader=f"inpas+{LINE}", fiscal_printer=f"shtrih-m+{LINE}")


class Acceptor:
    """Remembers what it was told."""

    def enable(self, cash_items):
        self.enabled = cash_items

    def disable(self):
        self.enabled = frozenset()

    def resume(self, counter, serial):
        self.resumed = (counter, serial)


class Manager:
    """Notes which devices were started."""

    def __init__(self) -> None:
        self.added: dict[str, str] = {}

    def add(self, device_class, line, session, emit):
        self.added[device_class] = line


def till_devices(devices: Devices, folder: Path) -> TillDevices:
    return TillDevices(TerminalConfig(devices=devices), folder, lambda event: None)


def test_a_terminal_without_them_has_no_ports_and_works_as_it_did(tmp_path):
    found = till_devices(Devices(), tmp_path)
    manager = Manager()
    found.start(manager, None, NO_UNITS)
    assert (found.coins, found.pinpad, found.fiscal) == (None, None, None)
    assert manager.added == {}
    assert not TerminalConfig().cash_settings("17").fiscal_required


def test_configured_devices_are_ports_and_are_started(tmp_path):
    found = till_devices(ALL, tmp_path)
    manager = Manager()
    found.start(manager, (7, "111"), NO_UNITS)
    assert None not in (found.coins, found.pinpad, found.fiscal)
    assert manager.added == {"coin_acceptor": LINE, "payment_card_reader": LINE, "fiscal_printer": LINE}
    assert TerminalConfig(devices=ALL).cash_settings("17").fiscal_required


def test_names_of_card_operations_that_cannot_be_read_stop_cards_and_nothing_else(tmp_path):
    (tmp_path / NAMES_FILE).write_text("not ours")
    found = till_devices(ALL, tmp_path)
    assert found.pinpad is None
    assert found.coins is not None
    assert found.fiscal is not None


@pytest.mark.parametrize("place", ["bank.example", "bank.example:", ":443", "bank.example:https"])
def test_a_place_of_the_bank_needs_a_host_and_a_port(place):
    with pytest.raises(msgspec.ValidationError, match="bank_hosts"):
        msgspec.toml.decode(f'bank_hosts = ["{place}"]'.encode(), type=TerminalConfig)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (coins.CoinAccepted(CashItem(10_00, "RUB"), 7), payment.CoinAccepted(10_00, 7, "111")),
        (coins.CoinAccepted(UNKNOWN_CASH_ITEM, 8), payment.CoinAccepted(0, 8, "111")),
        (coins.CoinRejected(RejectReason.OTHER, counter=9), payment.CoinRejected(9, "111")),
        (coins.CoinRejected(RejectReason.OTHER), None),
        (coins.CoinEventsLost(3), payment.CoinEventsLost(3)),
        (coins.CoinCounterReset(), payment.CoinCounterReset()),
        (coins.CoinsRemembered((CashItem(10_00, "RUB"),), 9), payment.CoinsRemembered((10_00,), 9, "111")),
        (coins.CoinItemsKnown(()), None),
        (StatusChanged(DeviceState.ONLINE), payment.CoinAcceptorChanged(ready=True)),
        (StatusChanged(DeviceState.OFFLINE, Fault.JAMMED), payment.CoinAcceptorChanged(ready=False, fault="jammed")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_word_of_a_coin_acceptor_is_payments_or_none_of_its_business(event, told):
    slot = CoinSlot(Acceptor())
    assert slot.to_payment(Identified("EMP 800", "111")) is None
    assert slot.to_payment(event) == told


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (notes.NotesRemembered((RUBLES, CashItem(5_00, "EUR"))), payment.NotesRemembered((500_00, 0))),
        (notes.NoteEventsLost(2), payment.NoteEventsLost(2)),
        (notes.NoteStacked(RUBLES), payment.NoteStacked(500_00)),
        (notes.CashItemsKnown((RUBLES,)), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_validator_remembers_and_loses_is_payments_business(event, told):
    assert to_payment(event) == told


def test_the_slot_takes_rubles_and_no_kopecks_and_goes_on_from_the_journals_counter():
    acceptor = Acceptor()
    slot = CoinSlot(acceptor)
    slot.resume(9, "111")
    slot.enable()
    assert acceptor.resumed == (9, "111")
    assert slot.to_payment(coins.CoinRejected(RejectReason.OTHER, counter=10)) == payment.CoinRejected(10, "111")
    assert sorted(item.value_minor for item in acceptor.enabled) == [1_00, 2_00, 5_00, 10_00]
    slot.disable()
    assert acceptor.enabled == frozenset()
