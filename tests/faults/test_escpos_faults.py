"""The ESC/POS session against a printer in trouble: one outcome for each job, a stated state, and it heals."""

from __future__ import annotations

import pytest

from device_drivers.contract.receipt_printer import (
    Align,
    PairLine,
    PrintFailure,
    QrLine,
    RuleLine,
    Slip,
    SlipFailed,
    SlipPrinted,
    TextLine,
)
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.escpos.session import JOBS_MAX, EscposSession
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.escpos_rows import QrRow, TextRow
from device_drivers.simulators.virtual_time import VirtualWire

SLIP = Slip(
    (
        TextLine("КВИТАНЦИЯ", Align.CENTER, large=True),
        RuleLine(),
        *(PairLine(f"Строка {number}", "500,00 ₽") for number in range(20)),
        QrLine(b"\x10\x04\x01 \x1b@ \x1dV\x00 \x00\xff" * 3),  # bytes that would be commands anywhere else
        TextLine("Спасибо!"),
    )
)
ONLINE = StatusChanged(DeviceState.ONLINE)


class Stand:
    def __init__(self, **printer):
        self.session = EscposSession()
        self.printer = EscposSimulator(**printer)
        self.wire = VirtualWire(self.session, self.printer)
        self.jobs = 0

    def print(self, slip=SLIP, limit_s=120.0):
        """Prints a slip and gives its one outcome."""
        self.jobs += 1
        self.session.print_slip(f"job {self.jobs}", slip)
        return self.outcome(limit_s)

    def outcome(self, limit_s=120.0):
        self.wire.run_until(lambda: len(self.outcomes()) >= self.jobs, limit_s)
        assert [event.job_id for event in self.outcomes()] == [f"job {number + 1}" for number in range(self.jobs)]
        return self.outcomes()[-1]

    def outcomes(self):
        return [event for event in self.wire.events if isinstance(event, SlipPrinted | SlipFailed)]

    def status(self):
        return [event for event in self.wire.events if isinstance(event, StatusChanged)][-1]

    def texts(self):
        return [row.text for slip in self.printer.take_slips() for row in slip.rows if isinstance(row, TextRow)]


@pytest.fixture
def stand():
    stand = Stand()
    stand.wire.run(2.0)
    assert stand.status() == ONLINE
    return stand


def assert_prints_again(stand, slips=1):
    """The last slip is whole; a torn one before it may have fallen out as a piece."""
    stand.printer.take_slips()
    assert isinstance(stand.print(), SlipPrinted)
    fallen = stand.printer.take_slips()
    assert len(fallen) == slips
    texts = [row.text for row in fallen[-1].rows if isinstance(row, TextRow)]
    assert [text for text in texts if text.startswith("Строка")] == [
        f"Строка {number} " + "." * (36 - len(f"Строка {number} ")) + " 500,00 руб." for number in range(20)
    ]


def test_a_slip_is_printed_cut_and_told_once(stand):
    assert stand.print() == SlipPrinted("job 1")
    (slip,) = stand.printer.take_slips()
    assert slip.rows[0] == TextRow("КВИТАНЦИЯ", align=1, width=2, height=2)
    assert [row.data for row in slip.rows if isinstance(row, QrRow)] == [SLIP.lines[-2].data]
    stand.wire.run(30.0)
    assert len(stand.outcomes()) == 1


def test_the_printer_says_who_it_is_once(stand):
    stand.wire.run(30.0)
    assert [event for event in stand.wire.events if isinstance(event, Identified)] == [
        Identified("SIM-80", "000000000002")
    ]


NOT_READY = {
    "paper out": (
        {"do": "paper", "state": "out"},
        {"do": "paper", "state": "ok"},
        DeviceState.USER_ERROR,
        Fault.PAPER_OUT,
    ),
    "cover open": (
        {"do": "cover", "open": True},
        {"do": "cover", "open": False},
        DeviceState.USER_ERROR,
        Fault.COVER_OPEN,
    ),
}


@pytest.mark.parametrize("name", NOT_READY)
def test_a_printer_that_is_not_ready_starts_nothing_and_heals_by_itself(stand, name):
    hand, cure, state, fault = NOT_READY[name]
    stand.wire.hand(**hand)
    outcome = stand.print(limit_s=5.0)
    assert outcome.failure is PrintFailure.NOT_STARTED
    assert (stand.status().state, stand.status().fault) == (state, fault)
    stand.wire.hand(**cure)
    stand.wire.run(2.0)
    assert stand.status() == ONLINE
    assert_prints_again(stand)


def test_low_paper_is_a_warning_and_prints(stand):
    stand.wire.hand(do="paper", state="low")
    assert isinstance(stand.print(), SlipPrinted)
    assert (stand.status().state, stand.status().fault) == (DeviceState.ONLINE, Fault.PAPER_LOW)


def test_the_roll_that_ends_in_the_middle_leaves_the_outcome_unknown_and_the_rest_is_cut_off_later(stand):
    stand.wire.hand(do="fault", name="paper_end_after_rows", count=8)
    outcome = stand.print()
    assert outcome.failure is PrintFailure.OUTCOME_UNKNOWN
    assert stand.status().fault is Fault.PAPER_OUT
    stand.wire.hand(do="paper", state="ok")
    stand.wire.run(5.0)
    assert stand.status() == ONLINE
    assert_prints_again(stand, slips=2)


def test_the_cover_opened_in_the_middle_leaves_the_outcome_unknown():
    stand = Stand(rows_per_s=4)
    stand.wire.run(2.0)
    stand.session.print_slip("job 1", SLIP)
    stand.jobs = 1
    stand.wire.run(3.0)
    stand.wire.hand(do="cover", open=True)
    assert stand.outcome().failure is PrintFailure.OUTCOME_UNKNOWN
    stand.wire.hand(do="cover", open=False)
    stand.wire.run(2.0)
    assert_prints_again(stand, slips=2)


def test_a_broken_knife_is_told_and_the_slip_may_be_on_paper(stand):
    stand.wire.hand(do="fault", name="cutter")
    assert stand.print().failure is PrintFailure.OUTCOME_UNKNOWN
    assert (stand.status().state, stand.status().fault) == (DeviceState.HARDWARE_ERROR, Fault.CUTTER)
    stand.wire.hand(do="clear")
    stand.wire.run(2.0)
    assert_prints_again(stand, slips=2)


def test_a_printer_without_power_is_offline_and_every_waiting_slip_is_answered(stand):
    stand.wire.hand(do="power", on=False)
    for number in range(3):
        stand.session.print_slip(f"job {number + 1}", SLIP)
    stand.jobs = 3
    stand.outcome(limit_s=10.0)
    assert {event.failure for event in stand.outcomes()} == {PrintFailure.NOT_STARTED}
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)
    assert stand.print(limit_s=10.0).failure is PrintFailure.NOT_STARTED
    stand.wire.hand(do="power", on=True)
    stand.wire.run(5.0)
    assert stand.status() == ONLINE
    assert_prints_again(stand)


def test_power_lost_in_the_middle_leaves_the_outcome_unknown():
    stand = Stand(rows_per_s=4)
    stand.wire.run(2.0)
    stand.session.print_slip("job 1", SLIP)
    stand.jobs = 1
    stand.wire.run(3.0)
    stand.wire.hand(do="power", on=False)
    assert stand.outcome(limit_s=10.0).failure is PrintFailure.OUTCOME_UNKNOWN
    stand.wire.hand(do="power", on=True)
    stand.wire.run(5.0)
    assert_prints_again(stand, slips=2)


@pytest.mark.parametrize("after_s", [0.0, 0.3, 1.0, 3.0, 5.0, 6.5])
def test_a_port_pulled_at_any_moment_answers_the_job_and_the_printer_prints_again(after_s):
    stand = Stand(rows_per_s=5)
    stand.wire.run(2.0)
    stand.session.print_slip("job 1", SLIP)
    stand.jobs = 1
    stand.wire.run(after_s)
    stand.wire.cut()
    assert isinstance(stand.outcome(), SlipFailed | SlipPrinted)
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
    stand.wire.run(5.0)
    stand.wire.mend()
    stand.wire.run(3.0)
    assert stand.status() == ONLINE
    assert isinstance(stand.print(), SlipPrinted)


def test_slips_queued_while_the_port_is_gone_are_refused_at_the_next_vain_attempt(stand):
    stand.wire.cut()
    stand.session.print_slip("job 1", SLIP)
    stand.jobs = 1
    stand.wire.cut()
    assert stand.outcome().failure is PrintFailure.NOT_STARTED


def test_a_slow_printer_with_a_small_buffer_stops_the_host_and_still_prints_all():
    long = Slip(tuple(TextLine(f"Строка {number} " + "я" * 60) for number in range(60)))
    stand = Stand(rows_per_s=6)
    stand.wire.run(2.0)
    assert isinstance(stand.print(long), SlipPrinted)
    assert b"\x13" in b"".join(data for _, side, data in stand.wire.wire_log if side == "device")
    assert sum(text.startswith("Строка") for text in stand.texts()) == 60


def test_a_printer_that_never_finishes_is_given_up_after_a_minute():
    stand = Stand(rows_per_s=0.1)
    stand.wire.run(2.0)
    began_s = stand.wire.now_s
    assert stand.print().failure is PrintFailure.OUTCOME_UNKNOWN
    assert 60 <= stand.wire.now_s - began_s <= 70


@pytest.mark.parametrize("count", [1, 2])
def test_a_lost_answer_is_asked_again(stand, count):
    stand.wire.hand(do="fault", name="lost_answer", count=count)
    stand.wire.run(5.0)
    assert [event for event in stand.wire.events if isinstance(event, StatusChanged)] == [ONLINE]


def test_a_lost_end_marker_leaves_the_outcome_unknown_and_the_printer_heals(stand):
    stand.session.print_slip("job 1", SLIP)
    stand.jobs = 1
    stand.wire.run_until(lambda: any(data.endswith(b"\x1dr\x01") for _, _, data in stand.wire.wire_log), 10.0)
    stand.printer.take_slips()
    stand.wire.hand(do="fault", name="lost_answer", count=1)
    assert stand.outcome().failure is PrintFailure.OUTCOME_UNKNOWN
    assert_prints_again(stand, slips=2)


def test_more_slips_than_may_wait_are_refused_at_once(stand):
    for number in range(JOBS_MAX + 1):
        stand.session.print_slip(f"job {number}", SLIP)
    refused = [event for event in stand.session.take_events() if isinstance(event, SlipFailed)]
    assert [(event.job_id, event.failure) for event in refused] == [(f"job {JOBS_MAX}", PrintFailure.NOT_STARTED)]


@pytest.mark.parametrize(
    "line",
    [QrLine(b""), QrLine(b"x" * 3000), QrLine(b"x", module_px=0), QrLine(b"x", module_px=17), TextLine("я " * 30000)],
)
def test_a_slip_nobody_can_print_is_refused_with_a_reason(stand, line):
    outcome = stand.print(Slip((line,)))
    assert outcome.failure is PrintFailure.NOT_STARTED
    assert outcome.detail


def test_noise_on_the_line_changes_nothing(stand):
    for noise in (b"\x00\xff\x80", b"\x13\x11", bytes(range(0x80, 0x100))):
        stand.session.receive(noise, stand.wire.now_s)
    stand.wire.run(3.0)
    assert stand.status() == ONLINE
    assert_prints_again(stand)
