"""The payment is on its way: nothing to press."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.ipc.messages import TerminalState
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class PayingView:
    amount: str


class PayingPresenter(Presenter[PayingView]):
    def view(self, state: TerminalState) -> PayingView:
        cash = state.cash
        return PayingView(amount=rubles(cash.inserted_minor) if cash and cash.inserted_minor else "")
