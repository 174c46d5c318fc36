"""A trace draws both sides in words whatever the cuts, keeps what it may, and says what is damaged."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from device_drivers.__main__ import main
from device_drivers.catalog import (
    make_barcode_reader,
    make_bill_validator,
    make_receipt_printer,
    make_ups,
    make_watchdog,
)
from device_drivers.contract.barcode_reader import CodeRead
from device_drivers.contract.cash import CashItem
from device_drivers.contract.receipt_printer import QrLine, Slip, TextLine
from device_drivers.inpas.frames import Frame, encode
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.nut import UpsdSimulator
from device_drivers.simulators.osmp_watchdog import OsmpWatchdogSimulator
from device_drivers.simulators.scanner import ScannerSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.tools.cutting import Dialogue
from device_drivers.tools.protocols import DEVICE_TO_HOST, HOST_TO_DEVICE
from device_drivers.tools.trace import Chunk, Drawing, Head, drawn, read_trace, write_chunk, write_head

DIRECTIONS = {"host": HOST_TO_DEVICE, "device": DEVICE_TO_HOST}
VALIDATORS = {
    "ccnet": CcnetSimulator,
    "id003": Id003Simulator,
    "cctalk": CctalkBillSimulator,
    "essp": EsspSimulator,
}
VECTORS = Path(__file__).parents[2] / "vectors"


def chunks_of(wire):
    begin_s = wire.wire_log[0][0]
    return [Chunk(at_s - begin_s, DIRECTIONS[side], data) for at_s, side, data in wire.wire_log]


def visit_of(protocol):
    session = make_bill_validator(protocol)
    session.enable(frozenset({CashItem(50000)}))
    wire = VirtualWire(session, VALIDATORS[protocol]())
    wire.run(12.0)
    wire.hand(do="insert", value_minor=50000)
    wire.run(3.0)
    session.stack()
    wire.run(4.0)
    return chunks_of(wire)


@pytest.mark.parametrize("protocol", VALIDATORS)
def test_a_whole_visit_is_drawn_without_one_unknown_byte(protocol):
    chunks = visit_of(protocol)
    lines = list(drawn(Head(protocol), chunks))
    assert [line for line in lines if "??" in line] == []
    assert {"→", "←"} <= {line.split()[1] for line in lines}
    assert any("ESCROW" in line or "READ" in line or "EVENTS" in line for line in lines)
    dialogue = Dialogue(protocol)
    pieces = [piece for chunk in chunks for piece in dialogue.feed(chunk.direction, chunk.data)]
    assert sum(len(piece.raw) for piece in pieces) == sum(len(chunk.data) for chunk in chunks)


@pytest.mark.parametrize("protocol", VALIDATORS)
def test_the_drawing_does_not_depend_on_how_the_bytes_were_cut(protocol):
    chunks = visit_of(protocol)[:200]
    single = [Chunk(one.at_s, one.direction, one.data[at : at + 1]) for one in chunks for at in range(len(one.data))]
    assert list(drawn(Head(protocol), single)) == list(drawn(Head(protocol), chunks))


def test_a_printers_bytes_are_read_with_the_questions_they_answer():
    session = make_receipt_printer("escpos")
    wire = VirtualWire(session, EscposSimulator())
    wire.run(3.0)
    session.print_slip("1", Slip((TextLine("Привет"), QrLine(b"code"))))
    wire.run(5.0)
    lines = list(drawn(Head("escpos"), chunks_of(wire)))
    assert [line for line in lines if "??" in line] == []
    words = "\n".join(lines)
    for word in ("REAL TIME STATUS n=1", "STATUS 1 online=True", "STATUS 4 paper=ok", "IDENTIFICATION", "Привет", "QR"):
        assert word in words


def test_a_printer_with_a_presenter_that_tells_unasked_is_drawn_without_one_unknown_byte():
    session = make_receipt_printer("escpos?presenter=retract&taken=10&qr=picture")
    wire = VirtualWire(session, EscposSimulator(presenter=True))
    wire.run(3.0)
    session.print_slip("1", Slip((TextLine("Привет"), QrLine(b"code"))))
    wire.run(5.0)
    wire.hand(do="cover", open=True)
    wire.run(20.0)
    lines = list(drawn(Head("escpos"), chunks_of(wire)))
    assert [line for line in lines if "??" in line] == []
    words = "\n".join(lines)
    for word in ("STATUS BACK online=True", "RASTER width_px", "PRESENT steps=12", "ticket_in_outlet=True", "RETRACT"):
        assert word in words


@pytest.mark.parametrize("generation", ["1", "2", "2.5", "stod"])
def test_a_watchdog_of_any_generation_is_drawn_without_one_unknown_byte(generation):
    session = make_watchdog("osmp-watchdog")
    wire = VirtualWire(session, OsmpWatchdogSimulator(generation=generation))
    wire.run(6.0)
    session.start()
    session.feed()
    wire.run(3.0)
    session.reset_modem()
    session.restart_computer()
    wire.run(3.0)
    lines = list(drawn(Head("osmp-watchdog"), chunks_of(wire)))
    assert [line for line in lines if "→" in line and "??" in line] == []
    answers = [line for line in lines if "←" in line]
    assert answers
    assert [line for line in answers if "??" in line] == []
    words = {"1": "IDENTIFY", "2": "SENSORS door_open=False", "2.5": "VERSION text=", "stod": "STODSIM"}
    assert words[generation] in "\n".join(answers)


def test_a_ups_is_drawn_in_words():
    wire = VirtualWire(make_ups("nut?ups=kiosk"), UpsdSimulator())
    wire.run(10.0)
    lines = list(drawn(Head("nut"), chunks_of(wire)))
    assert [line for line in lines if "??" in line] == []
    assert any("VAR ups=kiosk name=ups.status value=OL CHRG" in line for line in lines)


@pytest.mark.clause("5.1.12")
@pytest.mark.parametrize(
    ("protocol", "simulator"),
    [("scanner", ScannerSimulator()), ("keyboard-scanner", ScannerSimulator(keyboard=True, suffix=b"\r"))],
)
def test_of_a_scanner_neither_bytes_nor_what_it_read_are_drawn(protocol, simulator):
    code = "ST00012|LASTNAME=Иванов".encode()
    wire = VirtualWire(make_barcode_reader(protocol), simulator)
    wire.run(1.0)
    wire.hand(do="scan", hex=code.hex())
    wire.run(3.0)
    assert [event.payload for event in wire.events if isinstance(event, CodeRead)] == [code]
    lines = list(drawn(Head(protocol), chunks_of(wire)))
    assert [line for line in lines if "??" in line] == []
    drawing = "\n".join(lines)
    assert "LASTNAME" not in drawing
    assert code.hex() not in drawing
    assert "code=" not in drawing  # the keys, one by one, are the code too
    assert ("CODE size=29" in drawing) is (protocol == "scanner")


@pytest.mark.parametrize("file", ["ccnet", "id003", "essp", "shtrih-m", "atol3", "inpas", "vendotek", "osmp-watchdog"])
def test_noise_before_a_message_costs_no_message(file):
    rows = json.loads((VECTORS / f"{file}.json").read_text())["vectors"]
    good = [row for row in rows if row["valid"] and row["kind"] == "frame" and row["dir"] != "both"]
    for row in good:
        dialogue = Dialogue(file)
        pieces = dialogue.feed(row["dir"], b"\xff\xaa" + bytes.fromhex(row["hex"]))
        pieces += dialogue.give_up_waiting(row["dir"])
        assert bytes.fromhex(row["hex"]) in [piece.raw for piece in pieces if not piece.error], row["id"]


def test_a_damaged_message_is_drawn_with_the_reason_and_the_next_one_whole():
    drawing = Drawing(Head("ccnet"))
    (damaged, good) = drawing.draw(Chunk(0.5, HOST_TO_DEVICE, bytes.fromhex("02030633da8202030633da81")))
    assert "?? the CRC is da82" in damaged
    assert good.split()[:3] == ["0.500000", "→", "POLL"]


def test_a_message_that_never_ends_is_told_after_a_second():
    drawing = Drawing(Head("ccnet"))
    assert drawing.draw(Chunk(0.0, DEVICE_TO_HOST, b"\x02\x03\x20")) == []
    (late, poll) = drawing.draw(Chunk(2.0, HOST_TO_DEVICE, bytes.fromhex("02030633da81")))
    assert "?? the rest of it never came" in late
    assert "POLL" in poll


def test_a_trace_kept_in_a_file_is_drawn_again_the_same(tmp_path, capsys):
    chunks, out = visit_of("ccnet"), io.StringIO()
    write_head(out, Head("ccnet"))
    for chunk in chunks:
        write_chunk(out, chunk)
    path = tmp_path / "trace"
    path.write_text(out.getvalue())
    assert list(drawn(*read_trace(path))) == list(drawn(Head("ccnet"), chunks))
    assert main(["trace", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == list(drawn(Head("ccnet"), chunks))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"protocol": "x"}', '{"protocol": "ccnet"}\n[]', '{"protocol": "ccnet"}\n{"at_s": 1}'],
)
def test_a_file_that_is_no_trace_is_one_sentence(tmp_path, capsys, text):
    path = tmp_path / "trace"
    path.write_text(text)
    assert main(["trace", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.clause("5.1.12")
def test_of_a_bank_terminal_no_bytes_and_no_card_are_drawn():
    slip = "КАРТА 4276380012345678".encode("cp1251")
    tlv = bytes((0x19, 1, 0)) + b"1" + bytes((0x0A, 16, 0)) + b"4276380012345678" + bytes((0x5A, len(slip), 0)) + slip
    (line,) = Drawing(Head("inpas")).draw(Chunk(0.0, DEVICE_TO_HOST, encode(Frame(tlv))))
    assert "SALE operation=1" in line
    assert "427638" not in line
    assert encode(Frame(tlv)).hex() not in line


@pytest.mark.parametrize("protocol", ["inpas", "sberbank", "vendotek", "scanner", "keyboard-scanner"])
def test_the_bytes_of_a_bank_terminal_and_of_a_scanner_are_not_kept(tmp_path, capsys, protocol):
    path = tmp_path / "trace"
    assert main(["trace", f"{protocol}+serial://{tmp_path}/no-port", "--save", str(path)]) == 2
    assert "are not kept" in capsys.readouterr().err
    assert not path.exists()
