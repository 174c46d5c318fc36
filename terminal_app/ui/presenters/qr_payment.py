"""The code of СБП waits for the customer's phone; what the bank says of it shows by itself."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.ipc.messages import CashView, TerminalState
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class QrPaymentView:
    title: str
    amount: str
    qr: str  # empty: the bank has not given it yet
    steps: str
    warning: str


class QrPaymentPresenter(Presenter[QrPaymentView]):
    """Nothing to press but the way back."""

    def view(self, state: TerminalState) -> QrPaymentView:
        cash = state.cash or CashView()
        return QrPaymentView(
            title=t("qr_payment.title" if cash.qr else "qr_payment.asking"),
            amount=rubles(cash.asked_minor),
            qr=cash.qr,
            steps=t("qr_payment.steps") if cash.qr else "",
            warning=t("qr_payment.warning") if cash.qr else "",
        )
