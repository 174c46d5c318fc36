"""One slip of each kind from payment's words to the simulated paper: nothing is lost on the way, and the code reads."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import zxingcpp
from paper_reader import read_back

from device_drivers.escpos.session import EscposSession
from device_drivers.simulators.escpos import EscposSimulator, PrintedSlip
from device_drivers.simulators.escpos_rows import TextRow
from device_drivers.simulators.paper import COLUMNS, slip_picture, slip_text
from device_drivers.simulators.virtual_time import VirtualWire
from payment.codes.fiscal_qr import parse
from payment.contract import CardSlip, FiscalDone, Means, PaidLine, PayOutcome, Purpose, Receipt, ReceiptPrinted
from payment.receipt import Code, Heading, Issuer, Pair, Rule, Words, receipt_lines
from terminal_app.core.printing import SlipReceiptPrinter
from terminal_app.core.task_side import slip_lines
from terminal_app.core.tasks.task import PrintPairs

ISSUER = Issuer("АО «Энергосбыт»", "8 800 000-00-00", "МФЦ, Невский пр., 174")
NOTES = Receipt(
    "26112314120000170012",
    "23.11.2026 14:12",
    "T-0017",
    "100000017",
    "Электроэнергия",
    1_550_00,
    6_79,
    1_543_21,
    PayOutcome.CREDITED,
    "2016",
    fiscal=FiscalDone("F1", "9999078900000001", 12345, 29112233, "20261123141259", 17, 4),
    fiscal_total_minor=1_550_00,
)
CARD = CardSlip(
    "000123456789", "A1B2C3", "220070******1234", "10005678", "ЛАДОГА-БАНК\nОплата\nОдобрено\nПодпись не требуется"
)
LINES = (
    PaidLine("1", "100000017", "Электроэнергия", Purpose.SUPPLY, 1_000_00, 0, PayOutcome.CREDITED, "2016"),
    PaidLine("2", "100000017", "Замена прибора учёта с выездом", Purpose.COMMERCIAL, 500_00, 7_50, PayOutcome.REFUSED),
    PaidLine("3", "100000029", "Копия договора", Purpose.OTHER, 42_50, 0, PayOutcome.UNKNOWN),
)


def changed(**changes: object) -> Receipt:
    return msgspec.structs.replace(NOTES, **changes)


SLIPS = {
    "notes": NOTES,
    "copy": changed(copy=True),
    "part": changed(asked_minor=2_000_00),
    "advance": changed(asked_minor=1_000_00, in_doubt_minor=500_00),
    "card": changed(means=Means.CARD, card=CARD),
    "card_unknown": changed(means=Means.CARD, outcome=None, card_unknown_minor=1_543_21, fiscal=None, provider_txn=""),
    "sbp": changed(means=Means.QR, qr_id="AD10001246OADML79D5OP9279JLPI2V6", fee_minor=0, inserted_minor=1_543_21),
    "split": changed(lines=LINES, outcome=PayOutcome.UNKNOWN, unallocated_minor=507_50, paid_minor=1_542_50),
    "unknown": changed(outcome=PayOutcome.UNKNOWN, fiscal=None, fiscal_awaited=True, provider_txn=""),
    "incident": changed(outcome=PayOutcome.REFUSED, unallocated_minor=1_550_00, fiscal=None, provider_txn=""),
    "in_doubt": changed(outcome=None, in_doubt_minor=500_00, fiscal=None, provider_txn=""),
}


def printed(receipt: Receipt) -> PrintedSlip:
    session, simulator = EscposSession(), EscposSimulator()
    wire = VirtualWire(session, simulator)
    told: list[object] = []
    printer = SlipReceiptPrinter(session, ISSUER, told.append)
    wire.react = printer.on_event
    printer.print_receipt(receipt)
    wire.run_until(lambda: bool(told), 120.0)
    assert told == [ReceiptPrinted(receipt.txn_id)]
    (slip,) = simulator.take_slips()
    return slip


@pytest.mark.clause("7.1.5", owner="terminal_app")
@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_comes_out_whole_and_within_the_paper(name):
    receipt = SLIPS[name]
    slip = printed(receipt)
    text = slip_text(slip)
    assert "?" not in text  # a letter that the printer does not have
    assert all(len(row) <= COLUMNS for row in text.splitlines() if not row.startswith("[QR"))
    for said in ("Энергосбыт", ISSUER.support_phone, "26112 31412 00001 70012", "100 000 017"):
        assert said in text
    assert ("КОПИЯ" in text) is receipt.copy


@pytest.mark.clause("7.1.5", owner="terminal_app")
@pytest.mark.parametrize("code", ["", "https://lk.example.ru/terminal"])
def test_a_slip_of_a_service_says_whom_to_ask_as_that_of_a_payment_does(code):
    session, simulator = EscposSession(), EscposSimulator()
    wire = VirtualWire(session, simulator)
    told: list[object] = []
    printer = SlipReceiptPrinter(session, ISSUER, lambda event: None)
    wire.react = printer.on_event
    slip = PrintPairs("Запись на приём", (("Код", "048315"),), "Приходите за пять минут.", code)
    printer.print_slip("service-1", slip_lines(slip, ISSUER.support_phone), told.append)
    wire.run_until(lambda: bool(told), 120.0)
    assert told == [True]
    (paper,) = simulator.take_slips()
    assert slip_text(paper).rstrip().endswith(f"Справки: {ISSUER.support_phone}")


# What a page of DOS letters has no letter for is written so: said here once more, from the printer's table.
ON_PAGE = {"₽": "руб.", "«": '"', "»": '"', "—": "-", "–": "-", "−": "-", "\u00a0": "", "№": "№"}


def letters(text: str) -> str:
    """All but blanks and the dots that lead from a name to its value."""
    return "".join(ON_PAGE.get(letter, letter) for letter in text if not letter.isspace()).replace(".", "")


@pytest.mark.parametrize("name", SLIPS)
def test_paper_says_what_payment_said_letter_by_letter(name):
    said = ""
    for line in receipt_lines(SLIPS[name], ISSUER):
        match line:
            case Pair(name=left, value=right):
                said += left + right
            case Heading(text=text) | Words(text=text):
                said += text
            case Code() | Rule():
                pass
    rows = [row for row in printed(SLIPS[name]).rows if isinstance(row, TextRow) and set(row.text) != {"─"}]
    assert letters("".join(row.text for row in rows)) == letters(said)


@pytest.mark.parametrize("name", SLIPS)
def test_the_letters_of_the_picture_read_back_as_the_text_on_paper(name):
    slip = printed(SLIPS[name])
    rows = [row for row in slip.rows if isinstance(row, TextRow)]
    assert read_back(slip_picture(slip), slip.rows) == [row.text.rstrip() for row in rows]


@pytest.mark.parametrize("name", [name for name, receipt in SLIPS.items() if receipt.fiscal is not None])
def test_the_code_on_paper_reads_as_that_of_the_fiscal_document(name):
    picture = np.asarray(slip_picture(printed(SLIPS[name])))
    (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    told = parse(code.text)
    assert (told.fn, told.fd, told.fpd, told.sum_minor) == ("9999078900000001", 12345, 29112233, 1_550_00)
