"""The words of a receipt: what the customer must be able to say on the telephone stands on every slip."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.contract import PayOutcome, Receipt
from payment.money import rubles
from payment.receipt import Heading, Issuer, Pair, Words, readable_txn_id, receipt_lines

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
            case Heading(text=text) | Words(text=text):
                words.append(text)
    return "\n".join(words)


@pytest.mark.parametrize("outcome", PayOutcome)
def test_every_slip_says_whose_it_is_what_was_taken_and_whom_to_call(outcome):
    text = text_of(replace(RECEIPT, outcome=outcome))
    for said in (
        "АО «Энергосбыт»",
        "100000017",
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
    text = text_of(replace(RECEIPT, outcome=outcome))
    assert said in text
    assert unsaid not in text


def test_only_a_copy_is_marked_as_one():
    assert "КОПИЯ" not in text_of(RECEIPT)
    assert "КОПИЯ" in text_of(replace(RECEIPT, copy=True))


def test_the_number_of_billing_stands_there_only_when_there_is_one():
    assert "Номер зачисления: 2016" in text_of(RECEIPT)
    assert "Номер зачисления" not in text_of(replace(RECEIPT, provider_txn=""))


def test_a_number_is_grouped_for_reading_out_and_loses_no_digit():
    assert readable_txn_id("26112314120000170012") == "26112 31412 00001 70012"
    assert readable_txn_id("1234567").replace(" ", "") == "1234567"
