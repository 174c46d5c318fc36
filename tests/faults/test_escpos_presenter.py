"""A kiosk printer that holds slips out, tells its state unasked or draws no codes: no slip is lost to a stranger."""

from __future__ import annotations

import numpy as np
import pytest

from device_drivers.camera.codes import find_codes
from device_drivers.catalog import make_receipt_printer
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.receipt_printer import (
    PrintFailure,
    QrLine,
    Slip,
    SlipFailed,
    SlipNotTaken,
    SlipPrinted,
    SlipTaken,
    TextLine,
)
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.escpos_rows import PictureRow
from device_drivers.simulators.paper import slip_picture
from device_drivers.simulators.virtual_time import VirtualWire

SLIP = Slip(tuple(TextLine(f"строка {number}") for number in range(12)))
URL = "escpos?presenter=retract&taken=20"


class Stand:
    def __init__(self, url: str = URL, **printer) -> None:
        self.printer = EscposSimulator(**{"presenter": True, **printer})
        self.wire = VirtualWire(make_receipt_printer(url), self.printer)
        self.wire.run(5.0)

    def print(self, job_id: str, slip: Slip = SLIP) -> None:
        self.wire.session.print_slip(job_id, slip)

    def until(self, event: object, limit_s: float = 60.0) -> None:
        self.wire.run_until(lambda: event in self.wire.events, limit_s)
        assert event in self.wire.events, self.wire.events

    def outcomes(self) -> list:
        kinds = SlipPrinted | SlipFailed | SlipTaken | SlipNotTaken
        return [event for event in self.wire.events if isinstance(event, kinds)]

    def state(self) -> dict:
        return self.wire.hand(do="state")


def test_a_slip_is_held_out_until_it_is_taken_and_the_next_one_comes_then():
    stand = Stand()
    stand.print("1")
    stand.print("2")
    stand.until(SlipPrinted("1"))
    stand.wire.run(8.0)
    assert stand.outcomes() == [SlipPrinted("1")]
    assert stand.state()["in_outlet"] is True
    stand.wire.hand(do="take")
    stand.until(SlipTaken("1"), 3.0)
    stand.until(SlipPrinted("2"))
    assert (stand.state()["taken"], stand.state()["retracted"]) == (1, 0)


@pytest.mark.clause("5.1.12", owner="device_drivers")
def test_a_slip_that_nobody_takes_is_drawn_back_before_the_next_customer_finds_it():
    stand = Stand()
    stand.print("1")
    stand.until(SlipPrinted("1"))
    printed_s = stand.wire.now_s
    stand.until(SlipNotTaken("1"))
    assert 19.0 <= stand.wire.now_s - printed_s <= 23.0
    assert (stand.state()["in_outlet"], stand.state()["retracted"]) == (False, 1)
    stand.print("2")
    stand.until(SlipPrinted("2"))


def test_a_slip_from_before_the_start_is_drawn_back_at_once():
    stand = Stand()
    stand.print("old")
    stand.until(SlipPrinted("old"))
    stand.wire.session = make_receipt_printer(URL)  # the terminal's program is started again
    stand.print("new")
    stand.until(SlipPrinted("new"), 30.0)
    assert stand.state()["retracted"] == 1
    assert stand.outcomes() == [SlipPrinted("old"), SlipPrinted("new")]


def test_what_can_not_be_drawn_back_is_dropped():
    stand = Stand()
    stand.wire.hand(do="fault", name="retract", count=9)
    stand.print("1")
    stand.until(SlipNotTaken("1"))
    assert (stand.state()["retracted"], stand.state()["dropped"]) == (0, 1)


def test_an_outlet_that_no_order_clears_refuses_slips_unprinted_until_a_hand_clears_it():
    stand = Stand()
    for way in ("retract", "eject"):
        stand.wire.hand(do="fault", name=way, count=9)
    stand.print("1")
    stand.until(SlipPrinted("1"))
    stand.wire.run(40.0)
    stand.print("2")
    stand.wire.run(5.0)
    (failed,) = [event for event in stand.outcomes() if isinstance(event, SlipFailed)]
    assert (failed.job_id, failed.failure) == ("2", PrintFailure.NOT_STARTED)
    stand.wire.hand(do="take")
    stand.wire.run(2.0)
    stand.print("3")
    stand.until(SlipPrinted("3"))


def test_a_printer_that_never_tells_of_its_outlet_prints_on():
    stand = Stand(presenter=False)
    for job_id in ("1", "2"):
        stand.print(job_id)
        stand.until(SlipPrinted(job_id))
        stand.until(SlipTaken(job_id), 10.0)


def test_a_lost_line_does_not_forget_whose_slip_is_held_out():
    stand = Stand()
    stand.print("1")
    stand.until(SlipPrinted("1"))
    stand.wire.session.line_lost(stand.wire.now_s)
    stand.wire.run(3.0)
    assert stand.outcomes() == [SlipPrinted("1")]
    stand.wire.hand(do="take")
    stand.until(SlipTaken("1"), 5.0)


def test_the_scrap_of_a_torn_slip_does_not_stay_in_the_outlet():
    stand = Stand()
    stand.wire.hand(do="fault", name="paper_end_after_rows", count=5)
    stand.print("1")
    stand.wire.run(10.0)
    assert [event.failure for event in stand.outcomes()] == [PrintFailure.OUTCOME_UNKNOWN]
    stand.wire.hand(do="paper", state="ok")
    stand.wire.run(3.0)
    stand.print("2")
    stand.until(SlipPrinted("2"))
    assert stand.state()["retracted"] == 1
    stand.wire.hand(do="take")
    stand.until(SlipTaken("2"), 3.0)


# --- status told unasked ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("always", [False, True], ids=["as the host says", "by a switch inside"])
def test_an_open_cover_is_told_at_once_and_not_at_the_next_question(always):
    stand = Stand("escpos", back_always=always)
    stand.wire.run(0.3)
    opened_s = stand.wire.now_s
    stand.wire.hand(do="cover", open=True)
    stand.wire.run_until(lambda: getattr(stand.wire.events[-1], "fault", None) is Fault.COVER_OPEN, 5.0)
    assert stand.wire.now_s - opened_s < 0.3
    assert stand.wire.events[-1].state is DeviceState.USER_ERROR


def test_bytes_told_unasked_are_never_taken_for_the_end_of_a_slip():
    stand = Stand("escpos", back_always=True, rows_per_s=4.0)
    stand.print("1")
    printed = []
    for turn in range(60):
        stand.wire.hand(do="paper", state="low" if turn % 2 else "ok")
        stand.wire.run(0.2)
        printed.append((bool(stand.outcomes()), stand.state()["printed"]))
    assert (True, 0) not in printed
    assert stand.outcomes() == [SlipPrinted("1")]
    faults = {event.fault for event in stand.wire.events if isinstance(event, StatusChanged)}
    assert faults <= {Fault.NONE, Fault.PAPER_LOW, Fault.STARTING}


# --- a code as a picture ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 60, 700])
def test_a_code_drawn_by_us_reads_as_one_drawn_by_the_printer(size):
    payload = bytes(at * 7 % 251 for at in range(size))
    stand = Stand("escpos?qr=picture", presenter=False)
    stand.print("1", Slip((TextLine("код"), QrLine(payload, module_px=3), TextLine("конец"))))
    stand.until(SlipPrinted("1"))
    (slip,) = stand.printer.take_slips()
    assert [row for row in slip.rows if isinstance(row, PictureRow)]
    picture = np.asarray(slip_picture(slip))[:, :, ::-1]
    assert [code.payload for code in find_codes(np.ascontiguousarray(picture))] == [payload]


def test_a_code_wider_than_the_paper_is_refused_before_anything_is_printed():
    stand = Stand("escpos?qr=picture", presenter=False)
    stand.print("1", Slip((QrLine(bytes(1100), module_px=16),)))
    stand.wire.run(1.0)
    (failed,) = stand.outcomes()
    assert failed.failure is PrintFailure.NOT_STARTED


@pytest.mark.parametrize("wrong", ["qr=raster", "presenter=keep", "taken=5", "taken=x", "outlet=1"])
def test_an_option_that_makes_no_sense_is_one_clear_error(wrong):
    with pytest.raises(DeviceUrlError):
        make_receipt_printer(f"escpos?{wrong}")
