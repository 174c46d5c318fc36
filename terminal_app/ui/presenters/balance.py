"""What is due and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.ipc.messages import ChargeView, ChooseAmount, TerminalState, UiToCore
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.locale import t, unbroken
from terminal_app.ui.presenters.account_entry import grouped
from terminal_app.ui.presenters.no_cash import no_cash
from terminal_app.ui.presenters.presenter import Presenter

CHARGES_MAX = 6  # one page; bills of the field have three to five lines


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    amount: str


@dataclass(frozen=True, slots=True)
class BalanceView:
    title: str  # «К оплате», «Переплата» or «Долга нет»
    amount: str
    period: str
    as_of: str
    account: str
    charges: tuple[Line, ...]
    owes: bool
    may_pay: bool
    may_look_back: bool
    pay_label: str
    no_cash: str


class BalancePresenter(Presenter[BalanceView]):
    """No bare minus: an overpayment is called so."""

    def view(self, state: TerminalState) -> BalanceView:
        balance = state.balance
        due_minor = balance.due_minor if balance else 0
        able = state.availability
        return BalanceView(
            title=t("balance.due" if due_minor > 0 else "balance.over" if due_minor < 0 else "balance.nothing"),
            amount=rubles(abs(due_minor)) if balance else "",
            period=t("balance.period", period=balance.period) if balance and balance.period else "",
            as_of=t("balance.as_of", date=balance.as_of_date) if balance and balance.as_of_date else "",
            account=grouped(state.account.account) if state.account else "",
            charges=tuple(Line(unbroken(charge.title), rubles(charge.amount_minor)) for charge in _charges(state)),
            owes=due_minor > 0,
            may_pay=able.pays and balance is not None and not state.busy,
            may_look_back=able.billing and balance is not None and not state.busy,
            pay_label=t("balance.pay") if due_minor > 0 else t("balance.pay_ahead"),
            no_cash="" if able.cash else no_cash(able, "balance.no_cash"),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == "history":
            return OpenService("history") if self.view(state).may_look_back else None
        return ChooseAmount(amount_minor=0) if key == "pay" and self.view(state).may_pay else None


def _charges(state: TerminalState) -> list[ChargeView]:
    return list(state.balance.charges[:CHARGES_MAX]) if state.balance else []
