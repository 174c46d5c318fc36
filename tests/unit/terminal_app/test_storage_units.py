"""How full cassette and coin box are: from the journal at a start, from the devices since, anew when emptied."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from device_drivers.contract.bill_validator import CassetteInserted, CassetteRemoved, NoteStacked
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem
from device_drivers.contract.coin_acceptor import CoinAccepted
from device_drivers.contract.storage import StorageStatus, StorageUnit
from payment.cassette import CassetteCount
from signaling_server.contract.messages import CashCount
from terminal_app.config import TerminalConfig
from terminal_app.core.storage_units import StorageUnits, units_of

HUNDRED, FIVE_HUNDRED = CashItem(100_00), CashItem(500_00)
UNITS = {"bill_validator": StorageUnit("cassette", 4, 3), "coin_acceptor": StorageUnit("coin_box", 100, 90)}


@pytest.fixture
def told():
    return {}


@pytest.fixture
def units(told):
    return StorageUnits(UNITS, CassetteCount(notes={100_00: 2}, coins={10_00: 5}), told.__setitem__)


def test_counts_go_on_from_the_journal_and_statuses_follow(units, told):
    cassette, box = told["bill_validator"], told["coin_acceptor"]
    assert (cassette.unit_id, cassette.status, cassette.count, cassette.count_max) == ("cassette", "ok", 2, 4)
    assert (box.unit_id, box.counts) == ("coin_box", [CashCount(10_00, 5)])
    units.observe("bill_validator", NoteStacked(FIVE_HUNDRED))
    assert told["bill_validator"].counts == [CashCount(100_00, 2), CashCount(500_00, 1)]
    assert told["bill_validator"].status == "high"
    units.observe("bill_validator", NoteStacked(UNKNOWN_CASH_ITEM))
    assert (told["bill_validator"].status, told["bill_validator"].unknown_count) == ("full", 1)
    assert units.status("bill_validator") is StorageStatus.FULL
    units.observe("coin_acceptor", CoinAccepted(CashItem(2_00), 1))
    assert told["coin_acceptor"].count == 6


def test_a_cassette_taken_out_and_put_back_keeps_its_counts_and_a_collection_begins_anew(units, told):
    units.observe("bill_validator", CassetteRemoved())
    assert (told["bill_validator"].status, told["bill_validator"].count) == ("missing", 2)
    units.observe("bill_validator", CassetteInserted())
    assert (told["bill_validator"].status, told["bill_validator"].count) == ("ok", 2)
    units.counted(CassetteCount(notes={100_00: 2}))
    assert told["bill_validator"].count == 2
    units.counted(CassetteCount(collections=1))
    assert (told["bill_validator"].count, told["coin_acceptor"].count) == (0, 0)


def test_a_device_without_a_unit_hinders_nothing():
    assert StorageUnits({}, CassetteCount(), lambda name, unit: None).status("bill_validator") is StorageStatus.OK


def test_capacities_are_settings_and_rules_of_the_day():
    devices = b'[devices]\nbill_validator = "ccnet+loop://a"\ncoin_acceptor = "cctalk+loop://b"\n'
    text = devices + b"[coin_box]\nwarn_percent = 50"
    config = msgspec.toml.decode(text, type=TerminalConfig)
    assert units_of(config, date(2026, 11, 26)) == {
        "bill_validator": StorageUnit("cassette", 1_000, 900),
        "coin_acceptor": StorageUnit("coin_box", 1_500, 750),
    }
    rules = b"\n[[money]]\nstarts_on = 2027-01-01\ncassette_capacity_notes = 600\ncassette_warn_percent = 80"
    dated = msgspec.toml.decode(text + rules, type=TerminalConfig)
    assert units_of(dated, date(2027, 1, 1))["bill_validator"] == StorageUnit("cassette", 600, 480)
    assert units_of(dated, date(2026, 12, 31))["bill_validator"] == StorageUnit("cassette", 1_000, 900)
    assert units_of(TerminalConfig(), date(2026, 11, 26)) == {}
