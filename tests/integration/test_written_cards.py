"""What a consultant gives in writing, on the terminal's paper: whole, in large letters, no number torn in two."""

from __future__ import annotations

import numpy as np
import pytest
from paper_reader import read_back

from device_drivers.catalog import make_receipt_printer
from device_drivers.contract.receipt_printer import Align, RuleLine, Slip, SlipPrinted, TextLine
from device_drivers.simulators.escpos import EscposSimulator, PrintedSlip
from device_drivers.simulators.escpos_rows import TextRow
from device_drivers.simulators.paper import MARGIN_PX, slip_picture
from device_drivers.simulators.virtual_time import VirtualWire

DOTS_PER_MM = 8  # of a printer of 203 dots an inch
LARGE_LETTER_MM = 3.0  # the height of a digit: print for poor sight begins about there
CARDS = {
    "phone": ("Телефон контактного центра", "8 800 100-20-30"),
    "address": ("Адрес офиса", "г. Санкт-Петербург, Невский проспект, д. 174, 2-й этаж, окно 14"),
    "number": ("Номер обращения", "ЭС-2026-0000012345"),
    "date": ("Ответ придёт до", "25.12.2026"),
    "documents": (
        "Документы для нового договора",
        "1. Паспорт\n2. Выписка из ЕГРН\n3. Акт ввода прибора учёта\n4. Заявление (бланк у консультанта)",
    ),
}


def printed(kind: str) -> PrintedSlip:
    title, text = CARDS[kind]
    lines = tuple(TextLine(row, large=True) for row in text.split("\n"))
    session, printer = make_receipt_printer("escpos"), EscposSimulator()
    wire = VirtualWire(session, printer)
    wire.run(1.0)
    session.print_slip("card", Slip((TextLine(title, Align.CENTER, bold=True), RuleLine(), *lines)))
    wire.run_until(lambda: SlipPrinted("card") in wire.events, 30.0)
    (slip,) = printer.take_slips()
    return slip


@pytest.mark.clause("9.3.5c", "9.6.11h", owner="device_drivers")
@pytest.mark.parametrize("kind", CARDS)
def test_a_written_card_is_read_from_the_paper_in_large_whole_letters(kind):
    slip = printed(kind)
    title, text = CARDS[kind]
    rows = [row for row in slip.rows if isinstance(row, TextRow)]
    read = read_back(slip_picture(slip), slip.rows)
    assert read == [row.text.rstrip() for row in rows]
    assert read[0].strip() == title
    body = [row for row in rows if row.height == 2]
    assert "".join("".join(row.text for row in body).split()) == "".join(text.split())
    assert all(len(row.text) <= 24 for row in body)
    on_paper = {word for row in body for word in row.text.split()}
    assert {word for word in text.split() if len(word) <= 24} <= on_paper


def test_a_large_digit_is_as_high_as_print_for_poor_sight():
    slip = printed("phone")
    heights = [30 * row.height if isinstance(row, TextRow) else 30 for row in slip.rows]
    at = next(at for at, row in enumerate(slip.rows) if isinstance(row, TextRow) and row.height == 2)
    top = MARGIN_PX + sum(heights[:at])
    cell = np.asarray(slip_picture(slip).convert("L"))[top : top + 60, MARGIN_PX : MARGIN_PX + 24]
    inked = np.flatnonzero((cell < 128).any(axis=1))
    assert (inked[-1] - inked[0] + 1) / DOTS_PER_MM >= LARGE_LETTER_MM
