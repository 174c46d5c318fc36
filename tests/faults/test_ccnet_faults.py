"""What only CCNET does: an ACK that gets lost, a table told only while disabled, codes of its own, a pause."""

from __future__ import annotations

import random

import pytest
from cash_stand import FIVE_HUNDRED, ONLINE, Stand

from device_drivers.contract.bill_validator import NoteRejected, NoteStacked, PoweredUp, PowerUpNote
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM
from device_drivers.contract.status import DeviceState, Fault, StatusChanged


@pytest.fixture
def stand():
    stand = Stand("ccnet")
    stand.until_online()
    return stand


@pytest.mark.parametrize("count", [1, 7])
@pytest.mark.parametrize("command", ["enable", "identification"])
@pytest.mark.parametrize("fault", Stand("ccnet").bench.faults)
def test_a_fault_of_a_command_only_ccnet_has_heals_and_loses_no_note(fault, command, count):
    stand = Stand("ccnet")
    stand.wire.hand(do="fault", name=fault, count=count, to=command)
    stand.wire.run(8.0)
    stand.until_online()
    stand.insert()
    stand.wire.run(13.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    stand.assert_every_note_is_told_once()


@pytest.mark.parametrize("count", [1, 2, 25])
def test_a_stacked_note_repeated_because_the_acknowledgement_was_lost_is_credited_once(stand, count):
    stand.wire.hand(do="fault", name="lost_ack", count=count)
    stand.insert()
    stand.wire.run(10.0)
    repeats = [data for _, side, data in stand.wire.wire_log if side == "device" and data[3:4] == b"\x81"]
    assert len(repeats) == count + 1
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    stand.assert_every_note_is_told_once()


def test_a_stacked_note_repeated_after_the_port_was_pulled_is_credited_once(stand):
    stand.wire.hand(do="fault", name="lost_ack", count=1000)
    stand.insert()
    stand.wire.run(3.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    stand.wire.cut()
    stand.wire.run(20.0)
    stand.wire.mend()
    stand.wire.hand(do="fault", name="lost_ack", count=0)
    stand.until_online()
    stand.assert_every_note_is_told_once()


def test_a_note_stacked_while_the_host_was_dead_is_credited_by_the_next_session(stand):
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == "stacking", 5.0)
    stand.fresh_session()
    stand.wire.run(10.0)
    # Told at once, before the new session has read the table: the owner knows the note from its journal.
    assert stand.told(NoteStacked) == [NoteStacked(UNKNOWN_CASH_ITEM)]
    assert stand.device()["cassette"]["count"] == 1


def test_a_short_silence_is_a_busy_device_and_no_fault(stand):
    stand.wire.hand(do="power_cut", off_s=3.0)
    stand.wire.run(2.9)
    assert stand.status() == ONLINE


def test_a_pause_is_told_once_and_the_device_serves_again_when_it_is_cleared(stand):
    stand.wire.hand(do="pause")
    told = [event for event in stand.wire.run(50.0) if isinstance(event, StatusChanged)]
    assert told == [StatusChanged(DeviceState.USER_ERROR, Fault.PAUSED, "46")]
    stand.wire.hand(do="clear")
    stand.wire.run(0.5)
    stand.until_online()


def test_a_failed_device_is_restarted_once_a_minute_and_nothing_more(stand):
    stand.wire.hand(do="fail", code=0x52)
    before = len(stand.wire.wire_log)
    stand.wire.run(185.0)
    log = stand.wire.wire_log[before:]
    assert len([data for _, side, data in log if side == "host" and data[3] == 0x30]) == 3


def test_rejected_paper_is_told_with_the_code_of_the_device(stand):
    stand.insert(0)
    stand.wire.run(3.0)
    stand.insert(1000)  # ten rubles are not among those enabled
    stand.wire.run(3.0)
    assert [event.detail[:2] for event in stand.told(NoteRejected)] == ["65", "68"]


def test_a_held_note_lies_where_it_was_and_the_mask_may_change_meanwhile(stand):
    stand.decide = "hold"
    stand.insert()
    stand.wire.run(6.0)
    assert stand.device()["state"] == "holding"
    stand.session.disable()
    stand.wire.run(2.0)
    assert stand.device()["state"] == "holding"
    assert stand.device()["enabled_minor"] == []
    stand.session.stack()
    stand.wire.run(3.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]


def test_a_storm_with_power_cuts_accounts_for_every_note_in_the_cassette():
    dice = random.Random(7)
    stand = Stand("ccnet")
    stand.until_online()
    for _ in range(60):
        if stand.device()["state"] == "idling":
            stand.insert(50000)
        stand.wire.run(dice.uniform(0.1, 2.5))
        if stand.device()["code"][:2] in ("81", "82"):
            continue  # the word about it would be lost with the power: the money would be in doubt, and rightly so
        stand.wire.hand(do="power_cut", off_s=dice.uniform(0.1, 8.0))
        stand.wire.run(dice.uniform(0.0, 15.0))
    stand.until_online()
    in_stacker = stand.told(PoweredUp).count(PoweredUp(PowerUpNote.IN_STACKER))
    assert in_stacker > 3
    assert stand.cassette()["count"] == len(stand.told(NoteStacked)) + in_stacker
