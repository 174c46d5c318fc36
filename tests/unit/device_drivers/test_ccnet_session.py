"""Manners of the CCNET session on the wire: silence, acknowledgements, tries, what is asked and when."""

from __future__ import annotations

from itertools import pairwise

import pytest

from device_drivers.ccnet import frames, messages
from device_drivers.ccnet.exchange import BYTE_WIRE_S, SILENCE_S, SILENCE_S_MIN
from device_drivers.ccnet.frames import Frame
from device_drivers.ccnet.messages import BillKind, MessageError
from device_drivers.ccnet.session import CcnetSession
from device_drivers.contract.bill_validator import (
    CashItemsKnown,
    NoteEscrowed,
    NoteReturned,
    NoteStacked,
    PoweredUp,
    PowerUpNote,
)
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.virtual_time import VirtualWire

ACK = frames.encode(Frame(3, b"\x00"))
NAK = frames.encode(Frame(3, b"\xff"))
POLL = frames.encode(Frame(3, b"\x33"))


def device_says(*data):
    return frames.encode(Frame(3, bytes(data)))


def started(**simulator):
    session = CcnetSession()
    wire = VirtualWire(session, CcnetSimulator(initialize_s=1.0, **simulator))
    wire.run(5.0)
    return session, wire


def host_said(wire):
    return [data for _, side, data in wire.wire_log if side == "host"]


def test_the_start_follows_the_paper():
    _, wire = started()
    opcodes = [data[3] for data in host_said(wire) if data[3] not in (0x33, 0x00)]
    assert opcodes == [0x30, 0x37, 0x41]
    assert wire.events[:2] == [PoweredUp(PowerUpNote.NONE), StatusChanged(DeviceState.DEVICE_BUSY, Fault.STARTING)]
    assert wire.events[2] == Identified("SIM-RU1408", "000000000001")
    assert CashItem(20000) in wire.events[3].cash_items
    assert wire.events[4:] == [StatusChanged(DeviceState.ONLINE)]


def test_every_answer_with_data_is_acknowledged_and_a_bare_one_is_not():
    session, wire = started()
    session.enable(frozenset({CashItem(50000)}))
    wire.run(2.0)
    log = [(side, data) for _, side, data in wire.wire_log]
    for (side, data), (next_side, next_data) in pairwise(log):
        if side == "device":
            acknowledged = next_side == "host" and next_data == ACK
            assert acknowledged == (data not in (ACK, NAK, device_says(0x30)))


def test_the_bus_is_silent_twenty_milliseconds_after_an_acknowledgement():
    session, wire = started()
    session.enable(frozenset({CashItem(50000)}))
    wire.run(2.0)
    host = [(at_s, data) for at_s, side, data in wire.wire_log if side == "host"]
    gaps = [later - at_s for (at_s, data), (later, _) in pairwise(host) if data == ACK]
    assert min(gaps) >= SILENCE_S


def test_a_decision_waits_for_the_least_silence_allowed_and_its_repeat_for_the_recommended_one():
    session = CcnetSession()
    wire = VirtualWire(session, CcnetSimulator(initialize_s=1.0))
    wire.react = lambda event: session.stack() if isinstance(event, NoteEscrowed) else None
    session.enable(frozenset({CashItem(50000)}))
    wire.run(5.0)
    wire.hand(do="fault", name="bad_crc", count=1, to="stack")
    wire.hand(do="insert", value_minor=50000)
    wire.run(4.0)
    host = [(at_s, data) for at_s, side, data in wire.wire_log if side == "host"]
    (order_s, repeat_s) = [at_s for at_s, data in host if data[3] == 0x35]
    acknowledged_s = max(at_s for at_s, data in host if data == ACK and at_s < order_s)
    damaged_s = max(at_s for at_s, side, _ in wire.wire_log if side == "device" and at_s < repeat_s)
    assert SILENCE_S_MIN + len(ACK) * BYTE_WIRE_S <= order_s - acknowledged_s < SILENCE_S
    assert repeat_s - damaged_s == pytest.approx(SILENCE_S, abs=0.001)


def test_polls_come_every_100_ms_enabled_and_every_200_ms_disabled():
    session, wire = started()
    for wanted, period_s in ((frozenset(), 0.2), (frozenset({CashItem(50000)}), 0.1)):
        (session.enable if wanted else lambda _: session.disable())(wanted)
        wire.run(1.0)
        seen = len(wire.wire_log)
        wire.run(10.0)
        polls = [data for _, side, data in wire.wire_log[seen:] if side == "host" and data == POLL]
        assert len(polls) == pytest.approx(10.0 / period_s, rel=0.08)


def test_an_idle_session_wakes_rarely():
    _, wire = started()
    steps = wire.steps
    wire.run(100.0)
    assert wire.steps - steps < 100 * 45


def test_a_damaged_answer_is_answered_by_nak_and_the_repeat_is_taken():
    session = CcnetSession()
    assert session.bytes_to_send(0.0) == POLL
    session.receive(device_says(0x19)[:-1] + b"\x00", 0.01)
    assert session.bytes_to_send(0.01) == NAK
    session.receive(device_says(0x13), 0.02)
    assert session.bytes_to_send(0.02) == ACK
    assert session.take_events() == [StatusChanged(DeviceState.DEVICE_BUSY, Fault.STARTING)]


def test_three_damaged_answers_are_a_link_fault():
    session = CcnetSession()
    now_s = 0.0
    for _ in range(3):
        now_s += 0.05
        assert session.bytes_to_send(now_s) in (POLL, NAK)
        session.receive(device_says(0x19)[:-1] + b"\x00", now_s + 0.01)
    assert session.take_events() == [StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)]


def test_a_device_that_never_answers_is_told_offline_once():
    session = CcnetSession()
    now_s = 0.0
    while now_s < 60.0:
        session.bytes_to_send(now_s)
        session.receive(b"", now_s)
        now_s += 0.05
    assert session.take_events() == [StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)]


def test_the_masks_are_read_from_the_table_and_escrow_is_on_for_every_type():
    session, wire = started()
    session.enable(frozenset({CashItem(20000), CashItem(50000)}))
    wire.run(1.0)
    (enable,) = [data for data in host_said(wire) if data[3] == 0x34]
    assert messages.types_of(enable[4:7]) == {5, 12}
    assert messages.types_of(enable[7:10]) == {2, 3, 4, 5, 6, 7, 12, 13}


def test_verbs_without_a_note_in_escrow_are_dropped():
    session, wire = started()
    session.enable(frozenset({CashItem(50000)}))
    for verb in (session.stack, session.return_note, session.hold):
        verb()
    wire.run(1.0)
    wire.hand(do="insert", value_minor=50000)
    wire.run(3.0)
    assert wire.events[-1] == NoteEscrowed(CashItem(50000))
    assert wire.hand(do="state")["state"] == "escrow"


def test_the_first_order_for_a_note_counts():
    session, wire = started()
    session.enable(frozenset({CashItem(50000)}))
    wire.run(1.0)
    wire.hand(do="insert", value_minor=50000)
    wire.run(2.0)
    session.return_note()
    session.stack()
    wire.run(5.0)
    assert NoteReturned(CashItem(50000)) in wire.events
    assert wire.hand(do="state")["cassette"]["count"] == 0


def test_a_decision_waits_at_most_for_the_exchange_under_way():
    session, wire = started()
    session.enable(frozenset({CashItem(50000)}))
    wire.run(1.0)
    worst_s = 0.0
    for number in range(20):
        wire.hand(do="insert", value_minor=50000)
        wire.run_until(lambda: isinstance(wire.events[-1], NoteEscrowed), 5.0)
        wire.run(0.05 + number * 0.007)  # the disk
        began_s, seen = wire.now_s, len(wire.wire_log)
        session.stack()
        wire.run(5.0)
        (sent_s, *_) = [at_s for at_s, side, data in wire.wire_log[seen:] if side == "host" and data[3] == 0x35]
        worst_s = max(worst_s, sent_s - began_s)
    assert len([event for event in wire.events if isinstance(event, NoteStacked)]) == 20
    assert worst_s <= 0.045  # an exchange under way is finished first: its answer, its ACK and the silence after


def test_a_power_up_is_told_once_though_the_link_breaks_before_the_reset():
    session = CcnetSession()
    now_s = 0.0
    for _ in range(2):
        session.bytes_to_send(now_s)
        session.receive(device_says(0x12), now_s + 0.01)
        session.line_lost(now_s + 0.02)
        now_s += 5.0
    told = [event for event in session.take_events() if isinstance(event, PoweredUp)]
    assert told == [PoweredUp(PowerUpNote.IN_STACKER)]


def test_a_device_that_is_idling_is_disabled_to_tell_its_table_without_a_reset():
    session, wire = started()
    session.enable(frozenset({CashItem(50000)}))
    wire.run(1.0)
    wire.session = fresh = CcnetSession()
    seen = len(wire.wire_log)
    fresh.enable(frozenset({CashItem(50000)}))
    wire.run(3.0)
    opcodes = [data[3] for _, side, data in wire.wire_log[seen:] if side == "host" and data[3] not in (0x33, 0x00)]
    assert opcodes == [0x34, 0x37, 0x41, 0x34]
    assert wire.hand(do="state")["state"] == "idling"
    assert isinstance(wire.events[-2], CashItemsKnown)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        (b"\x05RUS\x02", BillKind("RUS", 50000)),
        (b"\x01RUS\x01", BillKind("RUS", 1000)),
        (b"\x02RUS\x03", BillKind("RUS", 200000)),
        (b"\x32EUR\x82", BillKind("EUR", 50)),  # the point two places from the right: fifty cents
        (bytes(5), None),
    ],
)
def test_a_word_of_the_bill_table_is_its_value(word, kind):
    assert messages.decode_bill_table(word + bytes(115)).kinds[0] == kind


@pytest.mark.parametrize("word", [b"\x05\xff\xffS\x02", b"\x05RUS\x40", b"\x01RUS\x83"])
def test_a_word_nobody_can_read_is_refused(word):
    with pytest.raises(MessageError):
        messages.decode_bill_table(word + bytes(115))
