"""How a visit by card or QR goes, and how any visit ends on paper: whole states and effects, step by step."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.contract import (
    CardOutcome,
    CardSlip,
    Means,
    OrderLine,
    PayAnswered,
    PayOutcome,
    PayRequest,
    ReceiptNotPrinted,
    ReceiptPrinted,
)
from payment.effects import CancelQr, PrintReceipt
from payment.transaction import step
from payment.transaction_values import (
    CARD_S_MAX,
    COPIES_MAX,
    PRINT_S_MAX,
    QR_S_MAX,
    CopyAsked,
    LeavePressed,
    MoneyTaken,
    OperationEnded,
    Pay,
    Phase,
    QrShown,
    TakenAside,
    TimePassed,
    Transaction,
)
from tests.unit.payment.rule_steps import CONTEXT, LOCAL, NOW_S, ORDER, TXN, VISIT, at, printing, record, went

CLOSED = record("session_closed")
BARE = Transaction(ready=True, greeted=True)  # what is left of VISIT
REQUEST = PayRequest(TXN, LOCAL, ORDER.account, 500_00)
PAY = Pay(REQUEST, "s1", OrderLine("100000017", asked_minor=500_00), Means.CASH)
PAYING = replace(VISIT, phase=Phase.PAYING, pays=(PAY,))
OPERATION = "26112314120000170099"
CARD = replace(
    VISIT, phase=Phase.AUTHORIZING, order=replace(ORDER, means=Means.CARD), inserted_minor=0, operation_id=OPERATION
)
QR = replace(CARD, phase=Phase.QR_SHOWN, order=replace(ORDER, means=Means.QR))

# --- card and QR -----------------------------------------------------------------------------------------------------

SLIP = CardSlip("rrn", "auth", "220070******1234", "1", "")


def test_an_approved_card_pays():
    changes = {
        "phase": Phase.PAYING,
        "inserted_minor": 500_00,
        "pays": (PAY,),
        "card": SLIP,
        "card_outcome": CardOutcome.APPROVED,
    }
    went(CARD, MoneyTaken(OPERATION, 500_00, (PAY,), card=SLIP), changes, [])


def test_a_paid_qr_pays():
    changes = {"phase": Phase.PAYING, "inserted_minor": 500_00, "pays": (PAY,), "qr_id": "bank-1"}
    went(QR, MoneyTaken(OPERATION, 500_00, (PAY,), qr_id="bank-1"), changes, [])


def test_after_a_restart_the_lines_that_were_missing_are_added_and_the_first_words_stand():
    second = replace(PAY, request=replace(REQUEST, txn_id="2"))
    before = replace(CARD, phase=Phase.PAYING, pays=(PAY,), card=SLIP, card_outcome=CardOutcome.APPROVED)
    changes = {"inserted_minor": 900_00, "pays": (PAY, second)}
    went(before, MoneyTaken(OPERATION, 900_00, (second,), card=replace(SLIP, rrn="other")), changes, [])
    before = replace(QR, phase=Phase.PAYING, pays=(PAY,), qr_id="bank-1")
    went(before, MoneyTaken(OPERATION, 900_00, (second,), qr_id="bank-2"), changes, [])


@pytest.mark.parametrize("state", [CARD, QR, PAYING])
def test_money_of_another_operation_is_not_of_this_visit(state):
    went(state, MoneyTaken("1", 500_00, (PAY,), card=SLIP), {}, [])


@pytest.mark.parametrize("state", [CARD, QR])
def test_an_end_of_another_operation_changes_nothing(state):
    went(state, OperationEnded("1", CardOutcome.DECLINED), {}, [])
    went(state, TakenAside("1", 500_00), {}, [])


@pytest.mark.parametrize("state", [CARD, QR])
def test_where_nothing_was_taken_the_visit_is_done_without_a_paper(state):
    changes = {"phase": Phase.DONE, "failed": True, "card_outcome": CardOutcome.DECLINED}
    went(state, OperationEnded(OPERATION, CardOutcome.DECLINED), changes, [])
    after, effects = step(replace(state, recovered=True), OperationEnded(OPERATION, CardOutcome.DECLINED), CONTEXT)
    assert (after, effects) == (replace(BARE, since_s=NOW_S), [CLOSED])


def test_where_the_bank_is_silent_the_customer_gets_a_paper_about_it():
    asked = replace(CARD, operation_minor=500_00, since_s=90.0)
    after, others = printing(asked, OperationEnded(OPERATION, CardOutcome.UNKNOWN))
    assert (after.card_outcome, after.receipt.card_unknown_minor, others) == (CardOutcome.UNKNOWN, 500_00, [])
    went(asked, TimePassed(), {}, [], at(now_s=90.0 + CARD_S_MAX - 0.5))
    after, others = printing(asked, TimePassed(), at(now_s=90.0 + CARD_S_MAX))
    assert (after.card_outcome, after.receipt.card_unknown_minor, others) == (CardOutcome.UNKNOWN, 500_00, [])


@pytest.mark.parametrize("state", [CARD, QR])
def test_another_sum_than_asked_is_kept_aside_and_said(state):
    after, others = printing(state, TakenAside(OPERATION, 700_00))
    assert (after.aside_minor, after.receipt.unallocated_minor, others) == (700_00, 700_00, [])


def test_a_qr_is_shown_when_it_is_registered():
    went(QR, QrShown(OPERATION, "https://qr.nspk.ru/1"), {"qr_payload": "https://qr.nspk.ru/1"}, [])
    went(QR, QrShown("1", "https://qr.nspk.ru/1"), {}, [])


def test_a_qr_is_cancelled_when_its_time_is_over_and_the_visit_is_done():
    state = replace(QR, since_s=90.0)
    went(state, TimePassed(), {}, [], at(now_s=90.0 + QR_S_MAX - 0.5))
    context = at(now_s=90.0 + QR_S_MAX)
    went(state, TimePassed(), {"phase": Phase.DONE, "failed": True}, [CancelQr(OPERATION)], context)


def test_leaving_a_qr_ends_the_visit_and_cancels_nothing():
    for event, state in ((LeavePressed(), QR), (TimePassed(), replace(QR, recovered=True))):
        after, effects = step(state, event, CONTEXT)
        assert (after, effects) == (replace(BARE, since_s=NOW_S), [CLOSED])


# --- paper -----------------------------------------------------------------------------------------------------------

PRINTING, _ = printing(PAYING, PayAnswered(TXN, PayOutcome.CREDITED))


def done(*, printed: bool, reason: str):
    return record("receipt_done", txn_id=TXN, printed=printed, reason=reason)


@pytest.mark.parametrize(
    ("event", "printed", "reason"),
    [
        (ReceiptPrinted(TXN), True, ""),
        (ReceiptNotPrinted(TXN, False, "paper_out"), False, "paper_out"),
        (ReceiptNotPrinted(TXN, True, "x" * 300), False, "x" * 200),
    ],
)
def test_the_end_of_the_slip_is_written_and_ends_the_payment(event, printed, reason):
    changes = {"phase": Phase.DONE, "receipt_printed": printed}
    went(PRINTING, event, changes, [done(printed=printed, reason=reason)])
    after, effects = step(replace(PRINTING, recovered=True), event, CONTEXT)
    assert (after, effects) == (replace(BARE, since_s=NOW_S), [done(printed=printed, reason=reason), CLOSED])


@pytest.mark.parametrize("event", [ReceiptPrinted("1"), ReceiptNotPrinted("1", False)])
def test_the_end_of_another_slip_changes_nothing(event):
    went(PRINTING, event, {}, [])
    went(replace(PRINTING, receipt=None), event, {}, [])


def test_a_printer_that_never_answers_does_not_hold_the_terminal():
    state = replace(PRINTING, since_s=90.0)
    went(state, TimePassed(), {}, [], at(now_s=90.0 + PRINT_S_MAX - 0.5))
    late = at(now_s=90.0 + PRINT_S_MAX)
    written = done(printed=False, reason="the printer did not answer")
    went(state, TimePassed(), {"phase": Phase.DONE, "receipt_printed": False}, [written], late)
    went(replace(state, receipt=None), TimePassed(), {}, [], late)


# --- a copy -----------------------------------------------------------------------------------------------------------


def test_a_copy_is_written_down_and_printed_as_one_until_there_are_three():
    assert PRINTING.receipt is not None
    shown = replace(PRINTING, phase=Phase.DONE, copies=COPIES_MAX - 1)
    copy = PrintReceipt(replace(PRINTING.receipt, copy=True))
    written = [record("receipt_copy", txn_id=TXN), copy]
    went(shown, CopyAsked(), {"copies": COPIES_MAX}, written)
    went(replace(shown, copy_printed=False), CopyAsked(), {"copies": COPIES_MAX, "copy_printed": None}, written)
    went(replace(shown, copies=COPIES_MAX), CopyAsked(), {}, [])


@pytest.mark.parametrize(
    ("event", "printed"), [(ReceiptPrinted(TXN), True), (ReceiptNotPrinted(TXN, False, "paper_out"), False)]
)
def test_how_a_copy_went_is_shown_and_writes_nothing(event, printed):
    copied = replace(PRINTING, phase=Phase.DONE, copies=1, receipt_printed=True)
    went(copied, event, {"copy_printed": printed}, [])
    went(replace(copied, copies=0), event, {}, [])  # a late word of the slip itself
    went(replace(copied, receipt=None), event, {}, [])


@pytest.mark.parametrize("event", [ReceiptPrinted("1"), ReceiptNotPrinted("1", False)])
def test_the_end_of_another_slip_is_no_copy(event):
    went(replace(PRINTING, phase=Phase.DONE, copies=1), event, {}, [])


def test_a_visit_without_a_slip_has_no_copy():
    went(replace(PRINTING, phase=Phase.DONE, receipt=None), CopyAsked(), {}, [])
