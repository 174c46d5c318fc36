"""Probing finds every device, and changes nothing in any, in whatever moment it comes."""

from __future__ import annotations

import pytest

from device_drivers.catalog import (
    make_bill_validator,
    make_coin_acceptor,
    make_fiscal_printer,
    make_payment_card_reader,
    make_receipt_printer,
    make_ups,
    make_watchdog,
)
from device_drivers.contract.bill_validator import NoteEscrowed, NoteReturned, NoteStacked
from device_drivers.contract.cash import CashItem
from device_drivers.contract.coin_acceptor import CoinAccepted
from device_drivers.contract.fiscal_printer import DocumentClosed, FiscalDocument, FiscalItem, FiscalPayments
from device_drivers.contract.receipt_printer import Slip, SlipPrinted, TextLine
from device_drivers.simulators.atol import AtolSimulator
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.inpas import InpasSimulator
from device_drivers.simulators.nut import UpsdSimulator
from device_drivers.simulators.osmp_watchdog import OsmpWatchdogSimulator
from device_drivers.simulators.sberbank import SberbankSimulator
from device_drivers.simulators.scanner import ScannerSimulator
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.switches import SwitchBoardSimulator
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.tools.probe import ProbeSession, plan_for

FIVE_HUNDRED = CashItem(50000)
LINE = "+serial:///dev/ttyS9"
VALIDATORS = {
    "ccnet": lambda: CcnetSimulator(),
    "id003": lambda: Id003Simulator(echo=True),
    "cctalk": lambda: CctalkBillSimulator(echo=True),
    "essp": lambda: EsspSimulator(),
}
DEVICES = VALIDATORS | {
    "cctalk?address=2": lambda: CctalkCoinSimulator(),
    "escpos": lambda: EscposSimulator(),
    "atol3": lambda: AtolSimulator(),
    "shtrih-m": lambda: ShtrihMSimulator(),
    "vendotek": lambda: VendotekSimulator(),
    "inpas": lambda: InpasSimulator(),
    "sberbank": lambda: SberbankSimulator(),
    "nut?ups=kiosk": lambda: UpsdSimulator(),
    "osmp-watchdog": lambda: OsmpWatchdogSimulator(),
}
SESSIONS = {
    "nut?ups=kiosk": make_ups,
    "osmp-watchdog": make_watchdog,
    "escpos": make_receipt_printer,
    "atol3": make_fiscal_printer,
    "shtrih-m": make_fiscal_printer,
    "vendotek": make_payment_card_reader,
    "inpas": make_payment_card_reader,
    "sberbank": make_payment_card_reader,
    "cctalk?address=2": make_coin_acceptor,
}


def url(protocol):
    name, _, query = protocol.partition("?")
    return f"{name}{LINE}{'?' + query if query else ''}"


def probed(wire, protocol):
    """A probe takes the session's place at the wire until it is done; what the device held before and after."""
    probe, session, seen = ProbeSession(plan_for(url(protocol))), wire.session, len(wire.wire_log)
    before = (wire.simulator.memory(), wire.hand(do="state"))
    wire.session = probe
    told = wire.run_until(lambda: probe.done, 30.0)
    wire.session = session
    after = (wire.simulator.memory(), wire.hand(do="state"))
    said = [data for _, side, data in wire.wire_log[seen:] if side == "host"]
    return probe, told, before, after, said


def idle_wire(protocol):
    session = SESSIONS.get(protocol, make_bill_validator)(protocol)
    wire = VirtualWire(session, DEVICES[protocol]())
    wire.run(20.0)
    return wire


@pytest.mark.parametrize("protocol", DEVICES)
def test_a_device_at_rest_is_found_and_stays_as_it_was(protocol):
    wire = idle_wire(protocol)
    probe, told, before, after, _ = probed(wire, protocol)
    assert probe.found
    assert told
    assert after == before


@pytest.mark.parametrize("protocol", VALIDATORS)
@pytest.mark.parametrize("stacked", [False, True], ids=["in escrow", "stacked and not told"])
def test_a_note_on_its_way_ends_as_without_a_probe(protocol, stacked):
    wire = idle_wire(protocol)
    wire.session.enable(frozenset({FIVE_HUNDRED}))
    wire.run(2.0)
    wire.hand(do="insert", value_minor=50000)
    wire.run_until(lambda: any(isinstance(event, NoteEscrowed) for event in wire.events), 20.0)
    if stacked:
        wire.session.stack()
        wire.run_until(lambda: wire.hand(do="state")["state"] == "stacking", 20.0)
        wire.joined = False  # the host is gone, and the note goes on
        wire.run(4.0)
        wire.joined = True
        assert not [event for event in wire.events if isinstance(event, NoteStacked)]
    probe, _, before, after, _ = probed(wire, protocol)
    assert probe.found
    assert after[0]["cassette"] == before[0]["cassette"]
    if not stacked:  # what a session that wakes finds: the note where it was, or given back by the device's own clock
        wire.session.return_note()
    wire.run(40.0)
    ended = [event for event in wire.events if isinstance(event, NoteStacked | NoteReturned)]
    assert ended == [NoteStacked(FIVE_HUNDRED) if stacked else NoteReturned(FIVE_HUNDRED)]


def test_a_coin_nobody_was_told_of_is_told_after_the_probe():
    wire = idle_wire("cctalk?address=2")
    wire.session.enable(frozenset({CashItem(1000)}))
    wire.run(2.0)
    wire.hand(do="insert", value_minor=1000)
    probe, _, _, _, _ = probed(wire, "cctalk?address=2")
    assert probe.found
    assert not [event for event in wire.events if isinstance(event, CoinAccepted)]
    wire.run(5.0)
    assert [event.cash_item for event in wire.events if isinstance(event, CoinAccepted)] == [CashItem(1000)]


def test_a_slip_under_way_comes_out_whole_and_alone():
    wire = idle_wire("escpos")
    wire.session.print_slip("1", Slip(tuple(TextLine(f"строка {n}") for n in range(40))))
    wire.run(0.5)
    probe, _, _, _, _ = probed(wire, "escpos")
    assert probe.found
    wire.run(30.0)
    assert [event for event in wire.events if isinstance(event, SlipPrinted)] == [SlipPrinted("1")]
    (slip,) = wire.simulator.take_slips()
    assert [row.text.strip() for row in slip.rows if row.text.strip()] == [f"строка {n}" for n in range(40)]


@pytest.mark.parametrize("protocol", ["atol3", "shtrih-m"])
def test_a_document_under_way_is_closed_once(protocol):
    wire = idle_wire(protocol)
    item = FiscalItem("Электроснабжение", 12345, 12345, vat=11, method=4, subject=4)
    wire.session.print_document(FiscalDocument("p-1", (item,), FiscalPayments(cash_minor=12345)))
    wire.run(0.3)
    documents = len(wire.simulator.drive.documents)
    probe, _, _, _, _ = probed(wire, protocol)
    assert probe.found
    assert len(wire.simulator.drive.documents) == documents
    wire.run(60.0)
    assert [event.fiscal_id for event in wire.events if isinstance(event, DocumentClosed)] in ([], ["p-1"])
    assert len(wire.simulator.drive.documents) <= documents + 1


@pytest.mark.parametrize("protocol", VALIDATORS)
def test_a_printer_at_the_port_hears_no_question_of_another_protocol(protocol):
    wire = VirtualWire(make_receipt_printer("escpos"), EscposSimulator())
    wire.run(5.0)
    probe, told, before, after, said = probed(wire, protocol)
    assert (probe.found, probe.is_printer, told) == (False, True, [])
    assert said == [b"\x10\x04\x01"]
    assert after == before
    wire.simulator.feed(b"", wire.now_s + 100)
    assert wire.simulator.take_slips() == []


@pytest.mark.parametrize("generation", ["1", "2", "2.5", "stod"])
def test_a_watchdog_of_any_generation_is_named_and_its_timer_runs_on(generation):
    wire = VirtualWire(make_watchdog("osmp-watchdog"), OsmpWatchdogSimulator(generation=generation))
    wire.run(8.0)
    wire.session.start()
    wire.run(2.0)
    assert wire.hand(do="state")["running"] is True
    probe, told, before, after, said = probed(wire, "osmp-watchdog")
    assert probe.found
    assert generation in str(told[0].fields) or generation.upper() in str(told[0].fields)
    assert after == before
    assert not set(said) & {b"OSP\x03", b"OSP\x04", b"OSP\x05", b"OSP\xae", b"OSTR", bytes.fromhex("a5040057")}


@pytest.mark.parametrize(
    ("url", "simulator", "hand", "told"),
    [
        ("scanner+serial:///dev/ttyS9", ScannerSimulator(), {"do": "scan", "hex": b"ST00012|LASTNAME=X".hex()}, "CODE"),
        (
            "keyboard-scanner+input:///dev/input/event3",
            ScannerSimulator(keyboard=True),
            {"do": "scan", "hex": b"ST00012|LASTNAME=X".hex()},
            "KEY",
        ),
        (
            "switches+input:///dev/input/event5?sos=key148",
            SwitchBoardSimulator(),
            {"do": "sos", "pressed": True},
            "SWITCH",  # the level of the door, which the board tells first
        ),
    ],
    ids=["scanner", "keyboard-scanner", "switches"],
)
def test_what_only_speaks_is_listened_to_and_a_customers_code_is_not_shown(url, simulator, hand, told):
    wire = VirtualWire(ProbeSession(plan_for(url)), simulator)
    wire.run(1.0)
    wire.hand(**hand)
    wire.run_until(lambda: wire.session.done, 20.0)
    assert wire.session.found
    assert [one.name for one in wire.events][-1:] == [told]
    assert not [data for _, side, data in wire.wire_log if side == "host"]
    assert "LASTNAME" not in str(wire.events)
    assert set(wire.events[-1].fields) <= ({"size", "end"} if told == "CODE" else {"code", "value"})


@pytest.mark.parametrize(
    ("url", "found"),
    [("scanner+serial:///dev/ttyS9", False), ("switches+input:///dev/input/event5?sos=key148", True)],
)
def test_a_silent_scanner_is_not_claimed_and_an_open_input_device_is(url, found):
    wire = VirtualWire(ProbeSession(plan_for(url)), Silence())
    wire.run_until(lambda: wire.session.done, 20.0)
    assert (wire.session.done, wire.session.found, wire.session.heard) == (True, found, False)


class Silence:
    """A port with nothing behind it."""

    def feed(self, chunk, now_s):
        return b""

    def wakes_at_s(self):
        return float("inf")

    def memory(self):
        return None

    def control(self, request, now_s):
        return {"ok": True}


@pytest.mark.parametrize("protocol", DEVICES)
def test_silence_ends_a_probe_within_half_a_minute(protocol):
    wire = VirtualWire(make_receipt_printer("escpos"), Silence())
    probe, told, _, _, _ = probed(wire, protocol)
    assert (probe.done, probe.found, told) == (True, False, [])
