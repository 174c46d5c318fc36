"""Faults of the core that the simulator found, each as a test of its own."""

from __future__ import annotations

from payment.contract import CashSettings, FiscalChanged, FiscalKind, FiscalSale, Means, Moment
from payment.fiscal_rules import Document, FiscalQueue
from payment.transaction_values import Context, Transaction, Verb

SALE = FiscalSale("20251123000100000001", FiscalKind.INCOME, Means.CASH, (), "20251123120000")


def test_a_document_that_waits_for_a_new_shift_does_not_keep_the_old_one_open():
    queue = FiscalQueue()
    queue.document = Document(sale=SALE, absent=True)
    state = Transaction(register=FiscalChanged(ready=False, shift_open=True, shift_hours=25))
    context = Context(Moment(0, 1_000.0, "20251123120000"), CashSettings("17", fiscal_required=True), True, "1")
    assert queue.due(state, context) == [Verb.CLOSE_SHIFT]
    assert queue.due(state, context) == [], "once for each word of the register"
