"""Several things or accounts in one payment: the list, its total, and what may be added."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.ipc.messages import PressPay, TerminalState, UiToCore
from terminal_app.ipc.orders import AnotherAccount, OrderView
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.locale import t, unbroken
from terminal_app.ui.presenters.account_entry import grouped
from terminal_app.ui.presenters.balance import Line
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class BasketView:
    account: str  # the one that all is for; empty: the lines say whose they are
    lines: tuple[Line, ...]
    total: str
    no_change: str
    pay_label: str
    may_pay: bool
    may_pick: bool
    may_add: bool


class BasketPresenter(Presenter[BasketView]):
    """Who pays for one account sees what for; of several accounts he sees the sum of each, the slip says what for."""

    def view(self, state: TerminalState) -> BasketView:
        order = state.order or OrderView()
        able, total = state.availability, rubles(order.total_minor)
        accounts = list(dict.fromkeys(line.account for line in order.lines))
        first = grouped(accounts[0]) if accounts else ""
        return BasketView(
            account=t("basket.account", account=first) if len(accounts) == 1 else "",
            lines=_services(order) if len(accounts) == 1 else _sums(order, accounts),
            total=total,
            no_change=t("basket.no_change", account=first) if able.cash else "",
            pay_label=t("basket.pay", amount=total),
            may_pay=able.pays and not state.busy,
            may_pick=order.may_pick and not state.busy,
            may_add=order.may_add and able.billing and not state.busy,
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        view = self.view(state)
        if key == "pay":
            return PressPay() if view.may_pay else None
        if key == "pick":
            return OpenService("parts") if view.may_pick else None
        return AnotherAccount() if key == "another" and view.may_add else None


def _services(order: OrderView) -> tuple[Line, ...]:
    return tuple(Line(unbroken(line.title), rubles(line.amount_minor)) for line in order.lines)


def _sums(order: OrderView, accounts: list[str]) -> tuple[Line, ...]:
    sums = {account: sum(line.amount_minor for line in order.lines if line.account == account) for account in accounts}
    return tuple(Line(t("basket.one", account=grouped(account)), rubles(sums[account])) for account in accounts)
