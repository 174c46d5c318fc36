"""The paper by which a cash office gives money back: what two people decided, for signatures. Pure; the page is PDF."""

from __future__ import annotations

from sqlalchemy import RowMapping

from payment.local_time import moment_words
from payment.money import rubles
from payment.receipt import readable_account, readable_txn_id
from payment.reports.values import Report
from signaling_server.local_time import LOCAL_ZONE

MEANS_WORDS = {"cash": "наличные", "card": "банковская карта", "qr": "СБП"}


def refund_order(item: RowMapping, proposal: RowMapping, payment: RowMapping | None, terminal_title: str) -> Report:
    """`payment`: what the money was taken by, where there was one."""
    amount = rubles(item["amount_minor"])
    taken = [] if payment is None else _taken(payment)
    facts = (
        ("Номер распоряжения", proposal["proposal_id"][:12]),
        ("Сумма к возврату", amount),
        ("Лицевой счёт", readable_account(item["account"]) or "не указан"),
        ("Терминал", terminal_title or item["terminal_id"]),
        *taken,
        ("Основание", proposal["reason"]),
        ("Предложил", f"{proposal['proposed_by']}, {moment_words(proposal['proposed_at_ms'], LOCAL_ZONE)}"),
        ("Подтвердил", f"{proposal['decided_by']}, {moment_words(proposal['decided_at_ms'], LOCAL_ZONE)}"),
        ("Документ получателя", "_______________________________________________"),
        ("Фамилия, имя, отчество", "_______________________________________________"),
    )
    return Report(
        title="Распоряжение о возврате денег",
        facts=facts,
        verdict=f"Вернуть клиенту {amount}",
        agrees=True,
        tables=(),
        signatures=("Выдал", "Получил", "Главный бухгалтер"),
    )


def _taken(payment: RowMapping) -> list[tuple[str, str]]:
    means = MEANS_WORDS.get(payment["means"], payment["means"])
    return [
        ("Номер операции", readable_txn_id(payment["txn_id"])),
        ("Оплачено", means),
        ("Чек", payment["fiscal"] or "не пробит"),
    ]
