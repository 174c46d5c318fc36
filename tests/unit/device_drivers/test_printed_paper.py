"""A slip goes over the wire and comes back from paper: the text read back, the QR decoded from the picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from device_drivers.camera.codes import find_codes
from device_drivers.catalog import make_receipt_printer
from device_drivers.contract.receipt_printer import Align, PairLine, QrLine, RuleLine, Slip, SlipPrinted, TextLine
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.keep import PaperKeeper
from device_drivers.simulators.paper import PaperError, keep_slip, next_slip_number
from device_drivers.simulators.virtual_time import VirtualWire

QR = "ST00012|Name=АО «Свет»|Sum=50000".encode("cp1251")
SLIP = Slip(
    (
        TextLine("АО «Свет»", Align.CENTER, bold=True),
        TextLine("КВИТАНЦИЯ", Align.CENTER, large=True),
        RuleLine(),
        PairLine("Лицевой счёт", "0012****67"),
        PairLine("Внесено", "500,00 ₽", bold=True),
        TextLine("Деньги поступят на лицевой счёт сразу, сохраните чек до следующей оплаты."),
        QrLine(QR, module_px=5),
        TextLine("справа", Align.RIGHT),
    )
)
TEXT = [
    '                   АО "Свет"',
    "       КВИТАНЦИЯ",
    "─" * 48,
    "Лицевой счёт ........................ 0012****67",
    "Внесено ............................ 500,00 руб.",
    "Деньги поступят на лицевой счёт сразу, сохраните",
    "чек до следующей оплаты.",
]


def printed(slip, folder, protocol="escpos"):
    printer = EscposSimulator()
    wire = VirtualWire(make_receipt_printer(protocol), printer)
    wire.run(1.0)
    wire.session.print_slip("job", slip)
    wire.run(20.0)
    assert wire.events[-1] == SlipPrinted("job")
    keeper = PaperKeeper(printer, folder)
    keeper.keep()
    (name,) = keeper.describe()["slips"]
    return folder / name


def test_the_text_on_paper_is_the_text_of_the_slip(tmp_path):
    picture = printed(SLIP, tmp_path)
    lines = picture.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert lines[:7] == TEXT
    assert lines[8] == "справа".rjust(48)


def test_the_qr_on_the_picture_carries_the_bytes_untouched(tmp_path):
    picture = Image.open(printed(SLIP, tmp_path)).convert("RGB")
    assert [code.payload for code in find_codes(np.asarray(picture)[:, :, ::-1])] == [QR]


def test_letters_are_really_drawn_where_the_text_says(tmp_path):
    """Each letter's cell has ink and each space's has none."""
    pixels = np.asarray(Image.open(printed(SLIP, tmp_path)).convert("L"))
    top = 32 + 30 + 60 + 30  # margin, header, large row, rule
    for column, letter in enumerate(TEXT[3]):
        cell = pixels[top + 2 : top + 28, 32 + column * 12 : 32 + column * 12 + 12]
        assert (cell.min() < 120) == (letter != " "), (column, letter)


def test_another_code_page_and_width_come_out_whole(tmp_path):
    picture = printed(SLIP, tmp_path, "escpos?codepage=46&columns=32")
    lines = picture.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].strip() == "АО «Свет»"
    assert lines[4] == "Внесено ............ 500,00 руб."


def test_slips_are_numbered_on_where_an_earlier_printer_stopped(tmp_path):
    printed(SLIP, tmp_path)
    assert next_slip_number(tmp_path) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["slip-0001.png", "slip-0001.txt"]


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    printer = EscposSimulator()
    printer.feed(b"text\n\x1dV\x00", 0.0)
    printer.feed(b"", 5.0)
    with pytest.raises(PaperError, match="cannot be kept"):
        keep_slip(printer.take_slips()[0], tmp_path / "file" / "paper")
