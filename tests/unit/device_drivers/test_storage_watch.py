"""Storage units: counted from the device's own events, warned about, emptied only by a person."""

from __future__ import annotations

import pytest

from device_drivers.contract.bill_validator import CassetteInserted, CassetteRemoved, NoteEscrowed, NoteStacked
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem
from device_drivers.contract.coin_acceptor import CoinAccepted
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.contract.storage import StorageChanged, StorageStatus, StorageUnit
from device_drivers.storage_watch import StorageWatch

FIFTY, HUNDRED = CashItem(5000), CashItem(10000)
ONLINE = StatusChanged(DeviceState.ONLINE)


@pytest.fixture
def watch():
    return StorageWatch(StorageUnit("cassette", count_max=4, count_high=3))


def test_each_note_in_the_cassette_is_counted_by_its_kind(watch):
    watch.observe(NoteStacked(FIFTY))
    watch.observe(NoteStacked(HUNDRED))
    told = watch.observe(NoteStacked(UNKNOWN_CASH_ITEM))
    assert told == StorageChanged("cassette", StorageStatus.HIGH, {FIFTY: 1, HUNDRED: 1}, unknown_count=1)
    assert told.count == 3


def test_coins_are_counted_as_notes_are():
    watch = StorageWatch(StorageUnit("coin_box", count_max=1000))
    assert watch.observe(CoinAccepted(CashItem(500), 7)) == StorageChanged(
        "coin_box", StorageStatus.OK, {CashItem(500): 1}
    )


def test_what_is_not_in_the_cassette_is_not_counted(watch):
    assert watch.observe(NoteEscrowed(FIFTY)) is None
    assert watch.observe(ONLINE) is None


def test_the_unit_warns_before_it_is_full_and_says_when_it_is(watch):
    told = [watch.observe(NoteStacked(FIFTY)).status for _ in range(5)]
    assert told == [StorageStatus.OK, StorageStatus.OK, StorageStatus.HIGH, StorageStatus.FULL, StorageStatus.FULL]


def test_the_devices_own_word_of_a_full_or_missing_cassette_counts_more_than_our_numbers(watch):
    full = StatusChanged(DeviceState.USER_ERROR, Fault.CASSETTE_FULL)
    assert watch.observe(full).status is StorageStatus.FULL
    assert watch.observe(full) is None
    assert watch.observe(CassetteRemoved()).status is StorageStatus.MISSING
    assert watch.observe(CassetteInserted()).status is StorageStatus.OK


def test_a_cassette_put_back_keeps_its_counts_until_a_person_says_that_it_was_emptied(watch):
    watch.observe(NoteStacked(FIFTY))
    watch.observe(CassetteRemoved())
    watch.observe(CassetteInserted())
    assert watch.state().count == 1
    assert watch.emptied() == StorageChanged("cassette", StorageStatus.OK, {})
    assert watch.emptied() is None


def test_counts_go_on_where_the_owner_left_them():
    watch = StorageWatch(StorageUnit("cassette", count_max=600), {FIFTY: 41}, unknown_count=1)
    assert watch.observe(NoteStacked(FIFTY)) == StorageChanged("cassette", StorageStatus.OK, {FIFTY: 42}, 1)


def test_a_lost_line_says_nothing_of_the_cassette(watch):
    watch.observe(CassetteRemoved())
    assert watch.observe(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)) is None
    assert watch.state().status is StorageStatus.MISSING
