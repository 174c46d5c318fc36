"""Foreign writers of ESC/POS at our simulated printer: python-escpos on its port, receipt-printer-encoder's bytes.

What they send must come out on paper as meant; and where our driver says the same thing, it says the same bytes.
"""

from __future__ import annotations

import subprocess

import numpy as np
import pytest
import zxingcpp
from escpos.constants import QR_ECLEVEL_M
from escpos.printer import Dummy, Serial
from peer_bench import NODE_MODULES, node, on_a_port
from PIL import Image

from device_drivers.contract.receipt_printer import QrLine, Slip
from device_drivers.escpos.commands import Paper, cut_commands, slip_commands
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.escpos_rows import BarcodeRow, MixedRow, PictureRow, QrRow, TextRow
from device_drivers.simulators.keep import PaperKeeper
from device_drivers.simulators.paper import slip_picture, slip_text

CODE = "ST00012|Name=АО «Свет»|Sum=50000"
LATIN_CODE = "ST00012|Name=Svet|Sum=50000"  # receipt-printer-encoder puts Latin letters into a code, no others
PEER = NODE_MODULES / "@point-of-sale" / "receipt-printer-encoder" / "dist" / "receipt-printer-encoder.cjs"
SAY = """
const Encoder = require(process.argv[1]);
const encoder = new Encoder({ columns: 48, language: "esc-pos", codepageMapping: "epson", feedBeforeCut: 4 });
const bytes = encoder.initialize().codepage("cp866")
  .align("center").bold(true).size(2, 2).line("КВИТАНЦИЯ").size(1, 1).bold(false).align("left")
  .rule()
  .table([{ width: 24, align: "left" }, { width: 24, align: "right" }], [["Внесено", "500,00"], ["Комиссия", "0,00"]])
  .underline(true).line("черта").underline(false).invert(true).line("негатив").invert(false)
  .qrcode(process.argv[2], { model: 2, size: 5, errorlevel: "m" })
  .barcode("4006381333931", "ean13", 60).barcode("ABC123", "code128", 60)
  .cut().encode();
process.stdout.write(Buffer.from(bytes).toString("hex"));
"""


def codes_on(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(np.asarray(picture))]


def printed(wire: bytes, *, at_once: int = 7):
    """The slip that falls out when a host sends these bytes, a few at a time."""
    printer, now_s = EscposSimulator(), 0.0
    for at in range(0, len(wire), at_once):
        now_s += 0.05
        printer.feed(wire[at : at + at_once], now_s)
    while printer.wakes_at_s() < float("inf"):
        now_s = max(now_s, printer.wakes_at_s())
        printer.feed(b"", now_s)
    (slip,) = printer.take_slips()
    return slip


def said_by(say) -> bytes:
    peer = Dummy()
    say(peer)
    return peer.output


@pytest.fixture(scope="module")
def encoded() -> bytes:
    """What receipt-printer-encoder sends for a receipt."""
    assert PEER.is_file(), "the peer is installed by make setup"
    run = subprocess.run([node(), "-e", SAY, str(PEER), LATIN_CODE], check=True, capture_output=True, timeout=60)
    return bytes.fromhex(run.stdout.decode())


# --- python-escpos ------------------------------------------------------------------------------------------------


def test_a_foreign_host_asks_and_prints_at_the_simulators_port(tmp_path):
    printer = EscposSimulator(rows_per_s=200)
    with on_a_port(printer, tmp_path, PaperKeeper(printer, tmp_path / "paper")) as port:
        peer = Serial(str(port), baudrate=19200, timeout=0.5, xonxoff=True)
        assert peer.is_online()
        assert peer.paper_status() == 2
        peer.text("Лицевой счёт 100000017\nДоплата — 500 € и 20 °C\n")
        peer.qr(CODE, native=True, size=5, ec=QR_ECLEVEL_M)
        peer.qr(CODE, size=4)  # as a picture
        peer.cut()
        printer.control({"do": "paper", "state": "low"}, 0.0)
        assert peer.paper_status() == 1
        printer.control({"do": "paper", "state": "out"}, 0.0)
        assert peer.paper_status() == 0
        assert not peer.is_online()
        printer.control({"do": "paper", "state": "ok"}, 0.0)
        for _ in range(40):
            if (tmp_path / "paper" / "slip-0001.png").exists():
                break
            assert peer.is_online()  # waits for the answer
        peer.close()
    lines = (tmp_path / "paper" / "slip-0001.txt").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["Лицевой счёт 100000017", "Доплата — 500 € и 20 °C"]
    assert codes_on(Image.open(tmp_path / "paper" / "slip-0001.png")) == [CODE, CODE]


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_a_foreign_picture_comes_out_dot_by_dot(way):
    ink = np.random.default_rng(7).integers(0, 2, (48, 64)).astype(bool)
    picture = Image.fromarray(np.where(ink, np.uint8(0), np.uint8(255)))

    def say(peer):
        peer.image(picture, impl=way)
        peer.cut()

    rows = [row for row in printed(said_by(say)).rows if isinstance(row, PictureRow)]
    assert sum(row.height_px for row in rows) == 48
    lines = [np.frombuffer(row.dots, np.uint8).reshape(-1, row.line_size) for row in rows]
    assert np.array_equal(np.unpackbits(np.vstack(lines), axis=1).astype(bool), ink)
    on_paper = np.asarray(slip_picture(printed(said_by(say))).convert("L"))[32 : 32 + 48, 32 : 32 + 64] < 128
    assert np.array_equal(on_paper, ink)


@pytest.mark.parametrize(
    ("code", "kind", "carried"),
    [
        ("4006381333931", "EAN13", "4006381333931"),
        ("{B012ABCabcd", "CODE128", "012ABCabcd"),
        ("ABC-123", "CODE39", "ABC-123"),
    ],
)
def test_a_foreign_bar_code_is_on_paper_and_reads(code, kind, carried):
    def say(peer):
        peer.barcode(code, kind, height=80, width=2, function_type="B")
        peer.cut()

    slip = printed(said_by(say))
    (row,) = [row for row in slip.rows if isinstance(row, BarcodeRow)]
    assert (row.data.decode(), row.height_px, row.module_px, row.align) == (carried, 80, 2, 1)
    assert codes_on(slip_picture(slip)) == [carried]


def test_a_foreign_style_is_that_of_its_letters_alone():
    def say(peer):
        peer.set(align="center", bold=True, double_width=True, double_height=True)
        peer.text("БАЛАНС")
        peer.set(bold=False, normal_textsize=True)
        peer.text(" 500\n")
        peer.cut()

    row = printed(said_by(say)).rows[0]
    assert row == MixedRow(
        (TextRow("БАЛАНС", align=1, bold=True, width=2, height=2), TextRow(" 500", align=1)), align=1
    )


# --- receipt-printer-encoder --------------------------------------------------------------------------------------


def test_a_foreign_receipt_reads_as_it_was_written(encoded):
    slip = printed(encoded)
    lines = slip_text(slip).splitlines()
    assert lines[0].strip() == "КВИТАНЦИЯ"
    assert lines[1:5] == ["─" * 48, "Внесено" + "500,00".rjust(41), "Комиссия" + "0,00".rjust(40), "черта"]
    assert lines[5] == "негатив"
    assert [row.data.decode() for row in slip.rows if isinstance(row, QrRow)] == [LATIN_CODE]
    assert sorted(codes_on(slip_picture(slip))) == sorted([LATIN_CODE, "4006381333931", "ABC123"])


@pytest.mark.parametrize("at_once", [1, 2, 64, 5000])
def test_a_foreign_receipt_is_the_same_however_its_bytes_are_cut(encoded, at_once):
    assert printed(encoded, at_once=at_once) == printed(encoded)


def test_all_three_writers_say_a_qr_code_in_the_same_bytes(encoded):
    data = LATIN_CODE.encode()
    ours = b"".join(slip_commands(Slip((QrLine(data, module_px=5),)), Paper()))
    begin = ours.index(b"\x1d(k")
    code = ours[begin : ours.index(b"\x1d(k\x03\x001Q0") + 8]
    assert code in encoded
    assert code in said_by(lambda peer: peer.qr(LATIN_CODE, native=True, size=5, ec=QR_ECLEVEL_M))


def test_all_three_writers_begin_and_cut_in_the_same_bytes(encoded):
    assert encoded.startswith(b"\x1b@")
    assert said_by(lambda peer: peer.hw("INIT")).endswith(b"\x1b@")
    assert slip_commands(Slip(()), Paper())[0] == b"\x1b@"
    full_cut = cut_commands()[-3:]
    assert full_cut in encoded
    assert said_by(lambda peer: peer.cut()).endswith(full_cut)
