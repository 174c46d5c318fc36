"""The words of a receipt: what the customer must be able to say on the telephone stands on every slip."""

from __future__ import annotations

import msgspec
import pytest

from payment.codes.fiscal_qr import FiscalQr, parse
from payment.contract import CardSlip, FiscalDone, Means, PaidLine, PayOutcome, Purpose, Receipt
from payment.money import rubles
from payment.receipt import (
    CARD_SLIP_LINES_MAX,
    Code,
    Heading,
    Issuer,
    Pair,
    Words,
    readable_account,
    readable_txn_id,
    receipt_lines,
)

ISSUER = Issuer("АО «Энергосбыт»", "8 800 000-00-00", "МФЦ, Невский пр., 174")
RECEIPT = Receipt(
    txn_id="26112314120000170012",
    printed_at="23.11.2026 14:12",
    terminal_id="T-0017",
    account="100000017",
    service_title="Электроэнергия",
    inserted_minor=1_550_00,
    fee_minor=6_79,
    paid_minor=1_543_21,
    outcome=PayOutcome.CREDITED,
    provider_txn="2016",
)


def text_of(receipt: Receipt) -> str:
    words = []
    for line in receipt_lines(receipt, ISSUER):
        match line:
            case Pair(name=name, value=value):
                words.append(f"{name}: {value}")
            case Heading(text=text) | Words(text=text) | Code(text=text):
                words.append(text)
    return "\n".join(words)


@pytest.mark.parametrize("outcome", PayOutcome)
def test_every_slip_says_whose_it_is_what_was_taken_and_whom_to_call(outcome):
    text = text_of(msgspec.structs.replace(RECEIPT, outcome=outcome))
    for said in (
        "АО «Энергосбыт»",
        "100 000 017",
        readable_txn_id(RECEIPT.txn_id),
        "МФЦ, Невский пр., 174",
        "23.11.2026 14:12",
        "8 800 000-00-00",
    ):
        assert said in text
    for amount in (RECEIPT.inserted_minor, RECEIPT.fee_minor, RECEIPT.paid_minor):
        assert rubles(amount) in text


@pytest.mark.parametrize(
    ("outcome", "said", "unsaid"),
    [
        (PayOutcome.CREDITED, "Платёж зачислен", "будут зачислены"),
        (PayOutcome.UNKNOWN, "будут зачислены", "Платёж зачислен"),
        (PayOutcome.REFUSED, "Платёж не зачислен", "Платёж зачислен"),
    ],
)
def test_a_slip_promises_no_more_than_billing_did(outcome, said, unsaid):
    text = text_of(msgspec.structs.replace(RECEIPT, outcome=outcome))
    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize("outcome", PayOutcome)
def test_a_slip_is_called_a_receipt_and_never_a_bill(outcome):
    """«Квитанция» is the bill in the customer's hand (glossary)."""
    assert "витанц" not in text_of(msgspec.structs.replace(RECEIPT, outcome=outcome))
    assert "Чек о приёме платежа" in text_of(RECEIPT)


def test_only_a_copy_is_marked_as_one():
    assert "КОПИЯ" not in text_of(RECEIPT)
    assert "КОПИЯ" in text_of(msgspec.structs.replace(RECEIPT, copy=True))


def test_the_number_of_billing_stands_there_only_when_there_is_one():
    assert "Номер зачисления: 2016" in text_of(RECEIPT)
    assert "Номер зачисления" not in text_of(msgspec.structs.replace(RECEIPT, provider_txn=""))


def test_a_number_is_grouped_for_reading_out_and_loses_no_digit():
    assert readable_txn_id("26112314120000170012") == "26112 31412 00001 70012"
    assert readable_txn_id("1234567").replace(" ", "") == "1234567"


# --- other means than notes ------------------------------------------------------------------------------------------


def changed(**changes: object) -> str:
    return text_of(msgspec.structs.replace(RECEIPT, **changes))


@pytest.mark.parametrize(
    ("means", "said"),
    [(Means.CASH, "Внесено наличными"), (Means.CARD, "Списано с карты"), (Means.QR, "Оплачено по СБП")],
)
def test_a_slip_says_how_it_was_paid_and_nothing_of_the_other_ways(means, said):
    text = changed(means=means)
    assert f"{said}: {rubles(1_550_00)}" in text
    others = {"Внесено наличными", "Списано с карты", "Оплачено по СБП"} - {said}
    assert all(other not in text for other in others)


CARD = CardSlip("000123456789", "A1B2C3", "220070******1234", "10005678", "ЛАДОГА-БАНК\n  Одобрено\n\nПодпись не нужна")


def test_a_slip_of_a_card_carries_the_numbers_of_the_bank_and_its_own_text():
    text = changed(means=Means.CARD, card=CARD)
    for said in ("220070******1234", "000123456789", "A1B2C3", "10005678", "ЛАДОГА-БАНК", "Подпись не нужна"):
        assert said in text


def test_a_text_of_the_bank_without_end_does_not_eat_the_roll():
    text = changed(means=Means.CARD, card=msgspec.structs.replace(CARD, slip="ещё\n" * 1_000))
    assert text.count("ещё") == CARD_SLIP_LINES_MAX


def test_a_slip_of_a_qr_payment_carries_its_number():
    assert "Номер операции СБП: AD10001246" in changed(means=Means.QR, qr_id="AD10001246")


def test_a_card_that_the_bank_is_silent_about_is_not_said_to_be_charged():
    text = changed(means=Means.CARD, outcome=None, card_unknown_minor=1_543_21)
    assert "Оплата проверяется" in text
    assert f"Проверяется в банке: {rubles(1_543_21)}" in text
    assert "Списано с карты" not in text
    assert "Повторно платить не нужно" in text
    assert readable_txn_id(RECEIPT.txn_id) in text


# --- several lines, a part, too much ---------------------------------------------------------------------------------

LINES = (
    PaidLine("1", "100000017", "Электроэнергия", Purpose.SUPPLY, 1_000_00, 0, PayOutcome.CREDITED, "2016"),
    PaidLine("2", "100000017", "Замена счётчика", Purpose.COMMERCIAL, 500_00, 7_50, PayOutcome.REFUSED),
    PaidLine("3", "100000029", "Копия договора", Purpose.OTHER, 50_00, 0, PayOutcome.UNKNOWN),
)


def test_every_line_of_a_split_payment_says_what_became_of_it():
    text = changed(lines=LINES, outcome=PayOutcome.UNKNOWN, unallocated_minor=507_50)
    assert f"1. Электроэнергия: {rubles(1_000_00)}" in text
    assert "Состояние: зачислено\nНомер зачисления: 2016" in text
    assert f"2. Замена счётчика: {rubles(500_00)}" in text
    assert f"Комиссия: {rubles(7_50)}" in text
    assert "Состояние: не зачислено" in text
    assert f"3. Копия договора: {rubles(50_00)}" in text
    assert "Состояние: будет зачислено" in text
    assert "100 000 029" in text


def test_an_incident_is_told_with_its_sum_number_and_a_way_to_the_money():
    text = changed(outcome=PayOutcome.REFUSED, unallocated_minor=1_550_00)
    assert text.splitlines()[1] == "Извещение"
    assert f"Не зачислено: {rubles(1_550_00)}" in text
    for said in (readable_txn_id(RECEIPT.txn_id), "23.11.2026 14:12", "8 800 000-00-00", "позвоните нам"):
        assert said in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (2_000_00, f"Осталось заплатить: {rubles(456_79)}"),
        (1_000_00, f"Из них аванс: {rubles(543_21)}"),
        (1_543_21, ""),
        (0, ""),
    ],
)
def test_what_is_left_of_the_bill_or_lies_above_it_is_said(asked, said):
    text = changed(asked_minor=asked)
    assert said in text
    assert ("Осталось" in text, "аванс" in text) == (said.startswith("Осталось"), said.startswith("Из них"))


def test_of_a_refused_payment_no_remainder_is_reckoned():
    assert "Осталось" not in changed(asked_minor=2_000_00, outcome=PayOutcome.REFUSED)


def test_a_note_in_doubt_is_told_of_beside_what_was_paid():
    text = changed(in_doubt_minor=500_00)
    assert f"На проверке: {rubles(500_00)}" in text
    assert "Мы проверим кассету" in text
    assert "Платёж зачислен" in text


# --- the fiscal document ---------------------------------------------------------------------------------------------

DONE = FiscalDone("F1", "9999078900000001", 12345, 29112233, "20261123141259", 17, 4)


def test_the_code_of_the_fiscal_document_stands_on_the_slip():
    receipt = msgspec.structs.replace(RECEIPT, fiscal=DONE, fiscal_total_minor=1_550_00)
    (code,) = [line for line in receipt_lines(receipt, ISSUER) if isinstance(line, Code)]
    assert parse(code.text) == FiscalQr("20261123T141259", 1_550_00, "9999078900000001", 12345, 29112233)
    text = text_of(receipt)
    for said in ("9999078900000001", "12345 / 0029112233", "17 / 4"):
        assert said in text


def test_numbers_that_make_no_code_are_still_printed():
    receipt = msgspec.structs.replace(RECEIPT, fiscal=msgspec.structs.replace(DONE, fn="17"), fiscal_total_minor=1)
    assert not [line for line in receipt_lines(receipt, ISSUER) if isinstance(line, Code)]
    assert "ФН: 17" in text_of(receipt)


def test_a_fiscal_document_that_is_still_due_is_promised_and_none_where_none_is():
    assert "Кассовый чек будет сделан" in changed(fiscal_awaited=True)
    assert "Кассовый чек" not in text_of(RECEIPT)


@pytest.mark.parametrize("made", [{"fiscal": DONE, "fiscal_total_minor": 1_550_00}, {"fiscal_awaited": True}])
def test_where_the_electronic_receipt_goes_stands_beside_the_fiscal_document(made):
    assert "Электронный чек: i***@mail.ru" in changed(contact="i***@mail.ru", **made)
    assert "Электронный чек" not in changed(**made)


def test_no_electronic_receipt_is_promised_where_no_fiscal_document_is_due():
    assert "Электронный чек" not in changed(contact="i***@mail.ru")


def test_an_account_is_written_in_threes_and_one_with_letters_as_it_is():
    assert readable_account("0401234567") == "040 123 456 7"
    assert readable_account("Л-17/040") == "Л-17/040"
