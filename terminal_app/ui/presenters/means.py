"""Cash, card or QR, when more than one can be taken."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.ipc.messages import ChooseMeans, PaymentMeans, TerminalState, UiToCore
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class MeansView:
    amount: str
    cash: bool
    card: bool
    qr: bool
    hint: str


class MeansPresenter(Presenter[MeansView]):
    """Equal ways; one that went away meanwhile is not offered."""

    def view(self, state: TerminalState) -> MeansView:
        asked_minor = state.cash.asked_minor if state.cash else 0
        able = state.availability
        return MeansView(
            amount=t("means.amount", amount=rubles(asked_minor)),
            cash=able.cash and not state.busy,
            card=able.card and not state.busy,
            qr=able.qr and not state.busy,
            hint=t("means.hint" if able.card or not able.qr else "means.hint_qr"),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        view = self.view(state)
        able = {PaymentMeans.CASH.value: view.cash, PaymentMeans.CARD.value: view.card, PaymentMeans.QR.value: view.qr}
        return ChooseMeans(PaymentMeans(key)) if able.get(key) else None
