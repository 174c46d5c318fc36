"""Fiscal registers in trouble: one answer within its limit, one document in the drive, and they heal."""

from __future__ import annotations

import json

import pytest
from fiscal_stand import BENCHES, HEAL_S_MAX, ONLINE, FiscalStand, document

from device_drivers.contract.fiscal_printer import (
    DocumentAbsent,
    DocumentClosed,
    DocumentPrinted,
    DocumentRefused,
    DocumentUnknown,
    FiscalStateChanged,
    ShiftClosed,
    ShiftOpened,
    ShiftState,
)
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.fiscal_session import Answered, Request
from device_drivers.shtrih_m.exchange import ShtrihMExchange
from device_drivers.simulators.fiscal_drive import OpenReceipt
from device_drivers.simulators.shtrih_m_wire import shtrih_message

NAMES = tuple(BENCHES)
SCRIPTS = [(name, fault, step) for name in NAMES for fault in BENCHES[name].faults for step in ("line", "closing")]
SCRIPTS += [
    (name, fault, step) for name in NAMES for fault in ("lost_answer", "error") for step in ("opening", "shift")
]


@pytest.fixture(params=NAMES)
def stand(request):
    return FiscalStand(request.param).start()


@pytest.mark.parametrize(("name", "fault", "step"), SCRIPTS)
def test_every_fault_ends_in_one_answer_and_the_answer_is_the_truth_of_the_drive(name, fault, step):
    stand = FiscalStand(name).start()
    stand.fault(fault, to=getattr(stand.bench, step))
    told = stand.print(document("p-1"))
    if isinstance(told, DocumentClosed):
        assert [found.fd for found in stand.receipts("p-1")] == [told.fd]
    elif isinstance(told, DocumentRefused):
        assert stand.receipts("p-1") == []
    for found in stand.receipts("p-1"):
        assert (len(found.lines), found.total_minor) == (1, 150000)
    stand.wire.run_until(lambda: stand.status() == ONLINE, HEAL_S_MAX)
    assert stand.status() == ONLINE
    stand.settled(document("p-1") if not stand.receipts("p-1") else document("p-2"))
    assert len(stand.receipts("p-1")) == 1
    assert stand.register.drive.receipt is None


CHANGING = {"shtrih-m": (b"\xff\x46", b"\xff\x45"), "atol3": (b"\x00\x00\xeb", b"\x00\x00\x4a")}
OBEYED = ("lost_answer", "late_answer", "cut_frame", "doubled_answer", "power_cut_after")


@pytest.mark.parametrize(("name", "fault"), [(name, fault) for name in NAMES for fault in OBEYED])
@pytest.mark.parametrize("step", [0, 1], ids=["line", "closing"])
def test_a_command_whose_outcome_is_unknown_never_leaves_twice_for_one_receipt(name, fault, step):
    stand = FiscalStand(name).start()
    stand.fault(fault, to=(stand.bench.line, stand.bench.closing)[step])
    stand.print(document("p-1"))
    said = b"".join(data for _, side, data in stand.wire.wire_log if side == "host")
    opened = said.count({"shtrih-m": b"\x06\x8d", "atol3": b"\x00\x00\x92"}[name])
    assert said.count(CHANGING[name][0]) == opened
    assert said.count(CHANGING[name][1]) == 1


@pytest.mark.parametrize(("name", "fault"), [(name, fault) for name in NAMES for fault in BENCHES[name].faults])
def test_faults_one_after_another_leave_each_document_in_the_drive_once(name, fault):
    stand = FiscalStand(name).start()
    stand.fault(fault, count=3)
    for number in range(3):
        stand.settled(document(f"p-{number}"))
    assert [found.tag(1192) for found in stand.receipts()] == [b"p-0", b"p-1", b"p-2"]


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 4.0])
def test_a_port_pulled_at_any_moment_leaves_an_answer_and_one_document(stand, after_s):
    stand.session.print_document(document("p-1"))
    stand.wire.run(after_s)
    told = len(stand.outcomes())
    stand.wire.cut()
    assert len(stand.outcomes()) == 1 or (told == 0 and after_s == 0.0)
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
    stand.wire.run(5.0)
    stand.wire.mend()
    answer = stand.ask("p-1")
    assert isinstance(answer, DocumentClosed | DocumentAbsent)
    if isinstance(answer, DocumentAbsent):
        assert isinstance(stand.print(document("p-1")), DocumentClosed)
    assert len(stand.receipts("p-1")) == 1
    stand.wire.run(5.0)
    assert stand.status() == ONLINE


@pytest.mark.parametrize("steps", range(0, 250, 8))
def test_a_host_killed_at_any_step_asks_and_finds_or_makes_the_document_once(stand, steps):
    stand.session.print_document(document("p-1"))
    start = stand.wire.steps
    stand.wire.run_until(lambda: stand.wire.steps - start >= steps, 30.0)
    stand.restart_host()
    answer = stand.ask("p-1")
    assert isinstance(answer, DocumentClosed | DocumentAbsent)
    if isinstance(answer, DocumentAbsent):
        assert isinstance(stand.print(document("p-1")), DocumentClosed)
    assert len(stand.receipts("p-1")) == 1


@pytest.mark.parametrize("steps", range(0, 250, 12))
def test_power_lost_at_any_step_is_asked_about_and_never_printed_blindly(stand, steps):
    stand.session.print_document(document("p-1"))
    start = stand.wire.steps
    stand.wire.run_until(lambda: stand.wire.steps - start >= steps, 30.0)
    stand.wire.hand(do="power_cut", off_s=4)
    if not stand.outcomes():
        stand.outcome()
    told = stand.outcomes()[-1]
    if isinstance(told, DocumentUnknown):
        told = stand.ask("p-1")
    if not isinstance(told, DocumentClosed):
        assert stand.receipts("p-1") == []
        stand.settled(document("p-1"))
    assert len(stand.receipts("p-1")) == 1


def test_a_register_remembers_over_power_and_a_fresh_program(stand):
    stand.print(document("p-1"))
    memory = json.loads(json.dumps(stand.register.memory()))
    again = FiscalStand(next(name for name in NAMES if BENCHES[name] is stand.bench), memory)
    again.wire.run(10.0)
    found = again.ask("p-1")
    assert isinstance(found, DocumentClosed)
    assert found.total_minor == 150000
    assert isinstance(again.ask("p-2"), DocumentAbsent)


def test_a_document_that_is_the_last_in_the_drive_is_not_made_again(stand):
    first = stand.print(document("p-1"))
    stand.restart_host()
    assert stand.print(document("p-1")) == first
    assert len(stand.receipts("p-1")) == 1


class CutAtByte:
    """A register or its wire that loses power when this many bytes, of either side, have passed."""

    def __init__(self, device, count):
        self._device, self._left = device, count
        self.drive, self.wakes_at_s, self.control = device.drive, device.wakes_at_s, device.control

    def feed(self, chunk, now_s):
        said = self._device.feed(self._passed(chunk), now_s)
        if chunk and self._left == 0:
            self._cut(now_s)
            return b""
        said = self._passed(said)
        if said and self._left == 0:
            self._cut(now_s)
        return said

    def _passed(self, data):
        if self._left is None:
            return data
        data = data[: self._left]
        self._left -= len(data)
        return data

    def _cut(self, now_s):
        self._left = None
        self._device.control({"do": "power_cut", "off_s": 1.5}, now_s)


@pytest.mark.parametrize("part", range(6))
def test_power_lost_at_any_byte_of_the_dialogue_leaves_one_document(stand, part):
    dry = len(b"".join(data for _, _, data in stand.wire.wire_log))
    name = next(name for name in NAMES if BENCHES[name] is stand.bench)
    stand.print(document("p-1"))
    whole = len(b"".join(data for _, _, data in stand.wire.wire_log)) - dry
    for count in range(1 + 17 * part, whole, 17 * 6):
        fresh = FiscalStand(name).start()
        fresh.wire.simulator = CutAtByte(fresh.register, count)
        told = fresh.print(document("p-1"))
        if isinstance(told, DocumentUnknown):
            told = fresh.ask("p-1")
        if not isinstance(told, DocumentClosed):
            assert fresh.receipts("p-1") == [], count
            fresh.settled(document("p-1"))
        assert len(fresh.receipts("p-1")) == 1, count


def test_a_register_that_is_dead_is_told_so_and_refuses_within_its_limit(stand):
    stand.wire.hand(do="power_cut", off_s=600)
    began_s = stand.wire.now_s
    told = stand.print(document("p-1"))
    assert isinstance(told, DocumentRefused)
    assert not told.final
    assert stand.wire.now_s - began_s < 30
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)
    stand.wire.run(700.0)
    assert stand.status() == ONLINE
    assert isinstance(stand.print(document("p-1")), DocumentClosed)


def test_a_register_that_dies_while_closing_is_unknown_and_then_known(stand):
    stand.session.print_document(document("p-1"))
    stand.fault("power_cut_after", to=stand.bench.closing)
    stand.wire.run_until(lambda: stand.receipts("p-1"), 30.0)
    stand.wire.hand(do="power_cut", off_s=300)
    assert isinstance(stand.outcome(), DocumentUnknown)
    stand.wire.run(400.0)
    assert isinstance(stand.ask("p-1"), DocumentClosed)
    assert len(stand.receipts("p-1")) == 1


def test_a_shift_older_than_a_day_is_closed_and_a_new_one_opened_for_the_document(stand):
    stand.print(document("p-1"))
    stand.wire.now_s += 25 * 3600.0
    stand.wire.run(60.0)
    states = [event for event in stand.wire.events if isinstance(event, FiscalStateChanged)]
    assert states[-1].shift is ShiftState.EXPIRED
    assert states[-1].shift_hours >= 24
    told = stand.print(document("p-2"))
    assert isinstance(told, DocumentClosed)
    assert (told.shift, told.number_in_shift) == (2, 1)


def test_the_shift_is_opened_and_closed_on_request_and_twice_is_no_fault(stand):
    for verb, answer in ((stand.session.open_shift, ShiftOpened), (stand.session.close_shift, ShiftClosed)):
        for _ in range(2):
            verb()
            seen = len(stand.wire.events)
            stand.wire.run_until(
                lambda seen=seen: any(
                    isinstance(event, ShiftOpened | ShiftClosed) for event in stand.wire.events[seen:]
                ),
                60.0,
            )
            assert stand.wire.events[seen:].count(answer(1)) == 1
            stand.wire.run(5.0)
    assert stand.register.drive.shift == 1
    assert not stand.register.drive.shift_open


def test_without_paper_nothing_is_closed_and_the_state_says_so(stand):
    stand.wire.hand(do="paper", present=False)
    stand.wire.run(5.0)
    assert (stand.status().state, stand.status().fault) == (DeviceState.USER_ERROR, Fault.PAPER_OUT)
    assert isinstance(stand.print(document("p-1")), DocumentRefused)
    assert stand.receipts() == []
    stand.wire.hand(do="paper", present=True)
    stand.wire.run(5.0)
    assert stand.status() == ONLINE
    assert isinstance(stand.print(document("p-1")), DocumentClosed)


def test_a_roll_that_ends_while_printing_keeps_the_document_and_prints_on_with_a_new_one():
    stand = FiscalStand("shtrih-m").start()
    stand.session.print_document(document("p-1"))
    stand.wire.run_until(lambda: stand.receipts("p-1"), 30.0)
    stand.wire.hand(do="paper", present=False)
    assert isinstance(stand.outcome(), DocumentClosed)
    stand.wire.run(5.0)
    assert stand.status().fault is Fault.PAPER_OUT
    assert DocumentPrinted("p-1") not in stand.wire.events
    stand.wire.hand(do="paper", present=True)
    stand.wire.run(10.0)
    assert DocumentPrinted("p-1") in stand.wire.events
    assert stand.status() == ONLINE
    assert not stand.register.drive.printing


def test_a_receipt_that_may_be_closing_just_now_is_not_told_to_be_absent():
    stand = FiscalStand("shtrih-m").start()
    stand.register.drive.receipt = OpenReceipt(operation=1)
    stand.register.drive.print_rows(10_000, stand.wire.now_s)
    assert isinstance(stand.ask("p-1"), DocumentUnknown)
    assert stand.register.drive.receipt is not None


def test_an_answer_to_an_earlier_command_is_acknowledged_and_not_taken_for_ours():
    exchange = ShtrihMExchange()
    exchange.start(Request(bytes.fromhex("ff011e000000")))
    assert exchange.bytes_to_send(1.0) == b"\x05"
    exchange.receive(b"\x15", 1.0)
    exchange.bytes_to_send(1.0)
    assert exchange.receive(b"\x06" + shtrih_message(b"\x10\x00\x1e" + bytes(14)), 1.1) is None
    assert exchange.bytes_to_send(1.1) == b"\x06"
    ours = b"\xff\x01\x00" + bytes(30)
    assert exchange.receive(shtrih_message(ours), 1.2) == Answered(ours)


def test_an_open_cover_is_told():
    stand = FiscalStand("shtrih-m").start()
    stand.wire.hand(do="cover", open=True)
    stand.wire.run(3.0)
    assert (stand.status().state, stand.status().fault) == (DeviceState.USER_ERROR, Fault.COVER_OPEN)


def test_jobs_beyond_the_limit_are_answered_at_once(stand):
    for number in range(12):
        stand.session.print_document(document(f"p-{number}"))
    refused = [event for event in stand.session.take_events() if isinstance(event, DocumentRefused)]
    assert [event.fiscal_id for event in refused] == [f"p-{number}" for number in range(8, 12)]
    assert not any(event.final for event in refused)


def test_noise_on_the_line_changes_nothing(stand):
    for noise in (b"\x00\xff\x80", b"\x02\xf0\x06\x15\x05", bytes(range(256)), b"\xfe\x10\x00"):
        stand.session.receive(noise, stand.wire.now_s)
        stand.wire.run(1.0)
    stand.wire.run(HEAL_S_MAX)
    assert stand.status() == ONLINE
    assert isinstance(stand.print(document("p-1")), DocumentClosed)


def test_long_watching_does_not_grow_and_says_nothing_twice(stand):
    stand.wire.run(1200.0)
    statuses = [event for event in stand.wire.events if isinstance(event, StatusChanged)]
    assert statuses == [ONLINE]
    states = [event for event in stand.wire.events if isinstance(event, FiscalStateChanged)]
    assert len(states) == len(set(states))
