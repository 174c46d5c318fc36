"""The page where a person pays a QR of the sandbox, as in his bank's app."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from payment.money import rubles
from payment.sandbox.acquirer import (
    CANCELLED,
    DECLINED,
    EXPIRED,
    IN_PROGRESS,
    MOVES,
    NEW,
    PAID,
    REFUNDED,
    Qr,
)
from payment.sandbox.page import STYLE

STATES = {
    NEW: "ждёт оплаты",
    IN_PROGRESS: "деньги в пути",
    PAID: "оплачен",
    DECLINED: "банк отказал",
    EXPIRED: "срок истёк",
    CANCELLED: "отменён терминалом",
    REFUNDED: "деньги возвращены",
}
BUTTONS = {"pay": "Оплатить", "begin": "Начать оплату", "decline": "Отказать", "refund": "Вернуть деньги"}
MINUTE_S = 60


def render(found: Sequence[Qr], now_s: int) -> str:
    rows = "".join(_row(qr, now_s) for qr in found)
    table = (
        "<table><thead><tr><th>Сумма</th><th>Лицевой счёт</th><th>Код</th><th>Состояние</th><th></th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    empty = "<p>Пока нет ни одного кода. Выберите на терминале оплату по QR-коду.</p>"
    return f"""<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Оплата по QR-коду</title>
<style>{STYLE}</style></head><body>
<h1>Оплата по QR-коду</h1>
<p>Здесь вы — покупатель в приложении своего банка. Деньги ненастоящие. <a href="/">Лицевые счета</a></p>
{table if found else empty}
</body></html>"""


def _row(qr: Qr, now_s: int) -> str:
    state = STATES[qr.state]
    if qr.state == NEW:
        state += f", ещё {max(1, (qr.expires_at_s - now_s) // MINUTE_S)} мин"
    buttons = "".join(_button(qr, move) for move in BUTTONS if qr.state in MOVES[move])
    return (
        f'<tr><td class="number">{rubles(qr.amount_minor)}</td><td class="number">{escape(qr.account)}</td>'
        f'<td class="number">…{qr.qrc_id[-6:]}</td><td>{state}</td><td><div class="buttons">{buttons}</div></td></tr>'
    )


def _button(qr: Qr, move: str) -> str:
    main = ' class="main"' if move == "pay" else ""
    return (
        f'<form method="post" action="/qrs/{escape(qr.order_id)}/{move}"><button{main}>{BUTTONS[move]}</button></form>'
    )
