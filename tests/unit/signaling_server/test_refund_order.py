"""The paper of a refund is read by people: numbers as they stand on the slip."""

from __future__ import annotations

from signaling_server.money.refund_order import refund_order

ITEM = {"amount_minor": 50_000, "account": "007654321", "terminal_id": "T-1"}
PROPOSAL = {
    "proposal_id": "0123456789abcdef",
    "reason": "Лицевой счёт закрыт",
    "proposed_by": "orlova",
    "proposed_at_ms": 1_795_432_320_000,
    "decided_by": "petrov",
    "decided_at_ms": 1_795_432_380_000,
}
PAYMENT = {"txn_id": "26112314120000010001", "means": "cash", "fiscal": ""}


def test_a_refund_names_the_account_and_the_payment_as_the_slip_does():
    facts = dict(refund_order(ITEM, PROPOSAL, PAYMENT, "Невский-1").facts)
    assert (facts["Лицевой счёт"], facts["Номер операции"]) == ("007 654 321", "26112 31412 00000 10001")
    assert (facts["Оплачено"], facts["Чек"]) == ("наличные", "не пробит")
    assert (facts["Предложил"], facts["Подтвердил"]) == ("orlova, 23.11.2026 14:12", "petrov, 23.11.2026 14:13")


def test_a_refund_of_money_that_no_payment_took_names_none():
    facts = dict(refund_order({**ITEM, "account": ""}, PROPOSAL, None, "").facts)
    assert "Номер операции" not in facts
    assert (facts["Лицевой счёт"], facts["Терминал"]) == ("не указан", "T-1")
