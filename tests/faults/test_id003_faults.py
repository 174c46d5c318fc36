"""What only ID-003 does: VEND VALID until it is acknowledged, an echo that looks like an answer, two countries."""

from __future__ import annotations

import pytest
from cash_stand import FIVE_HUNDRED, NOTES, ONLINE, Stand

from device_drivers.catalog import make_bill_validator
from device_drivers.contract.bill_validator import NoteEscrowed, NoteReturned, NoteStacked
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.id003 import messages
from device_drivers.id003.messages import Denomination
from device_drivers.id003.settings import Money, cash_items
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.virtual_time import VirtualWire

VEND_VALID = bytes.fromhex("fc05150310")
ACK = bytes.fromhex("fc0550aa05")


@pytest.fixture(params=["id003", "id003 on a line with echo"])
def stand(request):
    stand = Stand(request.param)
    stand.until_online()
    return stand


def said(stand, side, frame):
    return sum(data.count(frame) for _, who, data in stand.wire.wire_log if who == side)


@pytest.mark.parametrize("count", [0, 1, 2, 25])
def test_vend_valid_is_acknowledged_each_time_and_credited_once(stand, count):
    stand.wire.hand(do="fault", name="lost_ack", count=count)
    stand.insert()
    stand.wire.run(10.0)
    assert said(stand, "host", ACK) == count + 1
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    stand.assert_every_note_is_told_once()


def test_vend_valid_repeated_after_the_port_was_pulled_is_credited_once(stand):
    stand.wire.hand(do="fault", name="lost_ack", count=1000)
    stand.insert()
    stand.wire.run(3.0)
    stand.wire.cut()
    stand.wire.run(20.0)
    stand.wire.mend()
    stand.wire.hand(do="fault", name="lost_ack", count=0)
    stand.until_online()
    stand.assert_every_note_is_told_once()


def test_two_notes_one_after_the_other_are_two_credits(stand):
    for _ in range(2):
        stand.insert()
        stand.wire.run(4.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)] * 2


def test_vend_valid_of_a_note_stacked_while_the_host_was_dead_is_told_at_once(stand):
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == "stacking", 5.0)
    stand.fresh_session()
    stand.wire.run(10.0)
    assert stand.told(NoteStacked) == [NoteStacked(UNKNOWN_CASH_ITEM)]
    assert stand.device()["cassette"]["count"] == 1


def test_on_a_line_with_echo_nobody_at_the_far_end_is_not_taken_for_an_idling_device():
    stand = Stand("id003 on a line with echo")
    stand.wire.hand(do="power_cut", off_s=100.0)
    stand.wire.run(90.0)
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)
    stand.until_online()


@pytest.mark.parametrize("form", ["id003", "id003 on a line with echo"])
def test_a_line_with_nothing_but_damaged_frames_is_offline_and_heals(form):
    stand = Stand(form)
    stand.wire.hand(do="fault", name="bad_crc", count=60)
    stand.wire.run(10.0)
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)
    stand.wire.run(30.0)
    stand.until_online()


def test_all_is_set_in_initialize_before_the_table_is_known():
    """A device may tell its table only after it was set, and stay in INITIALIZE until it is."""
    stand = Stand("id003")
    stand.wire.hand(do="fault", name="illegal", to="table", count=1000)
    stand.wire.run(8.0)
    said = [data[2] for _, side, data in stand.wire.wire_log if side == "host"]
    assert {0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5} <= set(said)
    assert stand.device()["enabled_minor"] == []
    stand.wire.hand(do="fault", name="illegal", to="table", count=0)
    stand.until_online()


def test_the_notes_are_stacked_by_the_command_whose_vend_valid_means_fully_stacked(stand):
    stand.insert()
    stand.wire.run(5.0)
    assert said(stand, "host", bytes.fromhex("fc0542")) == 1
    assert said(stand, "host", bytes.fromhex("fc0541")) == 0


def test_a_note_of_an_unnamed_country_is_never_enabled():
    table = {0x61: Denomination(1, 50000), 0x62: Denomination(2, 50000)}
    assert cash_items(table, Money()) == {}
    assert cash_items(table, Money("RUB", 2)) == {0x62: CashItem(50000)}
    assert cash_items({0x61: Denomination(9, 50000)}, Money("KZT")) == {0x61: CashItem(50000, "KZT")}


@pytest.mark.parametrize("query", ["currency=rub", "country=999", "country=x", "wide=1"])
def test_an_option_that_makes_no_sense_is_refused(query):
    with pytest.raises(DeviceUrlError):
        make_bill_validator(f"id003?{query}")


def test_a_device_of_another_country_goes_online_and_takes_nothing():
    wire = VirtualWire(make_bill_validator("id003?country=7"), Id003Simulator(initialize_s=1.0))
    wire.session.enable(NOTES)
    wire.run(20.0)
    assert ONLINE in wire.events
    assert wire.hand(do="state")["enabled_minor"] == []


def test_masks_name_what_is_disabled():
    assert messages.disabled_mask(frozenset({0x61, 0x69})) == b"\xfe\xfe"
    assert messages.enabled_codes(b"\xfe\xfe") == {0x61, 0x69}


def test_a_note_returned_by_order_ends_when_the_path_is_empty(stand):
    stand.decide = "return_note"
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == "returning", 5.0)
    stand.wire.run(0.2)
    assert stand.told(NoteEscrowed)
    assert not stand.told(NoteReturned)
    stand.wire.run(2.0)
    assert stand.told(NoteReturned) == [NoteReturned(FIVE_HUNDRED)]
