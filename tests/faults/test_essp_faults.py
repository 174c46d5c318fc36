"""What only SSP does: a poll that accepts, credits until acknowledged, keys that are lost, stored answers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from cash_stand import FIVE_HUNDRED, NOTES, ONLINE, Stand

from device_drivers.catalog import make_bill_validator
from device_drivers.contract.bill_validator import (
    CassetteInserted,
    CassetteRemoved,
    NoteEscrowed,
    NoteReturned,
    NoteStacked,
    PoweredUp,
    PowerUpNote,
)
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.essp import messages
from device_drivers.essp.bill_path import BillPath
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.virtual_time import VirtualWire

FORMS = ["essp", "essp without acknowledged polls", "essp encrypted"]
POLLS = (b"\x07", b"\x56")


@pytest.fixture(params=FORMS)
def stand(request):
    stand = Stand(request.param)
    stand.until_online()
    return stand


@pytest.fixture
def plain():
    stand = Stand("essp")
    stand.until_online()
    return stand


def said(stand, since=0):
    """Data of what the host said, in order."""
    return [data[3:-2] for _, side, data in stand.wire.wire_log[since:] if side == "host"]


def test_no_poll_is_said_while_a_note_waits_for_a_decision():
    for form in FORMS[:2]:
        stand = Stand(form, decide=None)
        stand.until_online()
        stand.insert()
        stand.wire.run_until(lambda stand=stand: stand.told(NoteEscrowed), 5.0)
        since = len(stand.wire.wire_log)
        stand.wire.run(8.0)
        assert set(said(stand, since)) == {b"\x18"}
        assert len(said(stand, since)) >= 3
        stand.session.stack()
        stand.wire.run(0.1)
        assert said(stand, since)[-1] in POLLS


def test_a_note_nobody_decides_about_is_rejected_by_us_before_the_slave_does(plain):
    plain.decide = None
    plain.insert()
    plain.wire.run(14.0)
    assert said(plain).count(b"\x08") == 2  # once at the start, once for this note
    assert plain.told(NoteReturned) == [NoteReturned(FIVE_HUNDRED)]


def test_the_first_thing_said_about_notes_on_a_new_link_is_reject_so_that_no_poll_accepts_one(plain):
    plain.decide = None
    plain.insert()
    plain.wire.run_until(lambda: plain.told(NoteEscrowed), 5.0)
    since = len(plain.wire.wire_log)
    plain.fresh_session()
    plain.wire.run(5.0)
    first = said(plain, since)
    assert first[:3] == [b"\x11", b"\x11", b"\x08"]
    assert plain.device()["returned"] == 1
    assert plain.cassette()["count"] == 0


@pytest.mark.parametrize("refusals", [1, 3])
def test_a_reject_that_was_refused_is_checked_by_hold_before_any_poll(plain, refusals):
    plain.decide = "return_note"
    plain.wire.hand(do="fault", name="nak", to="stack", count=refusals)
    plain.insert()
    plain.wire.run(15.0)
    plain.until_online()
    plain.assert_every_note_is_told_once()
    if refusals == 1:
        assert plain.told(NoteReturned) == [NoteReturned(FIVE_HUNDRED)]
        assert plain.cassette()["count"] == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_credit_repeats_until_its_acknowledgement_and_is_told_once(plain, count):
    plain.wire.hand(do="fault", name="illegal", to="ack", count=count)
    plain.insert()
    plain.wire.run(8.0)
    credits = [data for _, side, data in plain.wire.wire_log if side == "device" and b"\xf0\xee" in data]
    assert len(credits) == count + 1
    assert plain.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]


def test_a_credit_is_acknowledged_only_after_the_owner_has_taken_it(plain):
    plain.insert()
    session, taken = plain.session, []
    plain.wire.run_until(lambda: plain.device()["state"] == "stacking", 5.0)
    original, session.take_events = session.take_events, list
    plain.wire.run(3.0)
    assert b"\x57" not in said(plain)
    session.take_events = original
    plain.wire.run(1.0)
    taken = plain.told(NoteStacked)
    assert taken == [NoteStacked(FIVE_HUNDRED)]
    assert b"\x57" in said(plain)


def test_a_credit_unacknowledged_when_the_host_died_is_told_to_the_next_one():
    stand = Stand("essp")
    stand.until_online()
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == "stacking", 5.0)
    stand.fresh_session()
    stand.wire.run(10.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    assert stand.cassette()["count"] == 1


def test_a_lost_answer_is_asked_for_by_the_same_packet_and_nothing_is_done_twice(plain):
    plain.wire.hand(do="fault", name="lost_answer", to="poll", count=5)
    since = len(plain.wire.wire_log)
    plain.wire.run(7.0)
    wires = [data for _, side, data in plain.wire.wire_log[since:] if side == "host"]
    assert wires[0] == wires[1]
    assert plain.status() == ONLINE


def test_the_sequence_bit_toggles_with_every_new_command_after_sync(plain):
    bits = [data[1] >> 7 for _, side, data in plain.wire.wire_log if side == "host"]
    assert bits[:3] == [0, 1, 0]
    assert all(first != second for first, second in pairwise(bits))


def test_a_slave_that_does_not_know_acknowledged_polls_is_polled_plainly():
    stand = Stand("essp without acknowledged polls")
    stand.until_online()
    assert said(stand).count(b"\x56") == 1
    assert b"\x57" not in said(stand)


def test_everything_but_the_key_exchange_is_encrypted_when_asked_for():
    stand = Stand("essp encrypted")
    stand.until_online()
    plain = [data for data in said(stand) if data[:1] != b"\x7e"]
    codes = [data[0] for data in plain]
    assert codes == [0x11, 0x11, 0x08, 0x18, 0x09, 0x06, 0x4A, 0x4B, 0x4C]


def test_a_slave_that_lost_its_key_gets_a_new_one_and_serves_again():
    stand = Stand("essp encrypted")
    stand.until_online()
    stand.wire.hand(do="power_cut", off_s=0.5)
    stand.wire.run(1.0)
    stand.until_online()
    stand.insert()
    stand.wire.run(5.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    assert [data[0] for data in said(stand)].count(0x4C) == 2


def test_another_fixed_key_at_the_slave_is_no_service_and_no_harm():
    wire = VirtualWire(make_bill_validator("essp?encrypted=1&key=0000000000000001"), EsspSimulator(initialize_s=1.0))
    wire.session.enable(NOTES)
    wire.run(120.0)
    assert ONLINE not in wire.events
    assert StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER) in wire.events


@pytest.mark.parametrize("query", ["encrypted=2", "key=12", "key=x", "address=126", "wide=1"])
def test_an_option_that_makes_no_sense_is_refused(query):
    with pytest.raises(DeviceUrlError):
        make_bill_validator(f"essp?{query}")


def heard(path, *events_hex):
    for at, events in enumerate(events_hex):
        path.heard(messages.decode_poll(bytes.fromhex(events)), float(at))
    return path.take_events()


@pytest.mark.parametrize(
    ("answers", "note"),
    [
        (["f1 e8"], PowerUpNote.NONE),
        (["f1 b6", "b6", "e8"], PowerUpNote.NONE),
        (["f1 b6", "e2 03 e8"], PowerUpNote.IN_STACKER),
        (["f1 e2 00 e8"], PowerUpNote.IN_STACKER),
        (["f1 b6", "e1 03", "e8"], PowerUpNote.IN_VALIDATOR),
    ],
)
def test_a_power_up_is_told_once_with_where_the_note_went(answers, note):
    assert [event for event in heard(BillPath(), *answers) if isinstance(event, PoweredUp)] == [PoweredUp(note)]


def test_a_note_cleared_long_after_the_power_up_was_told_is_told_all_the_same():
    assert [event for event in heard(BillPath(), "f1 e8", "e2 00") if isinstance(event, PoweredUp)] == [
        PoweredUp(PowerUpNote.NONE),
        PoweredUp(PowerUpNote.IN_STACKER),
    ]


def test_a_cash_box_removal_said_only_once_lasts_until_it_is_replaced():
    path = BillPath()
    heard(path, "e3", "e8", "e8")
    assert path.trouble is not None
    assert path.trouble.fault is Fault.CASSETTE_REMOVED
    assert heard(path, "e4 e8")[-1] == CassetteInserted()
    assert path.trouble is None


def test_an_answer_that_could_not_be_read_to_its_end_ends_no_trouble():
    path = BillPath()
    assert CassetteRemoved() in heard(path, "e3")
    heard(path, "e9")
    heard(path, "d2 00")
    assert path.trouble is not None
    assert path.trouble.fault is Fault.JAMMED
