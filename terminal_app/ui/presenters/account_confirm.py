"""Whose account it is, masked, and a yes or no."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import ChooseAmount, ConfirmAccount, GoBack, TerminalState, UiToCore
from terminal_app.ui.locale import t, unbroken
from terminal_app.ui.presenters.account_entry import grouped
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class AccountConfirmView:
    account: str
    name: str
    address: str
    busy: bool
    yes_label: str
    may_pay_unseen: bool


class AccountConfirmPresenter(Presenter[AccountConfirmView]):
    def view(self, state: TerminalState) -> AccountConfirmView:
        account = state.account
        return AccountConfirmView(
            account=grouped(account.account) if account else "",
            name=account.name_masked if account else "",
            address=unbroken(account.address_masked) if account else "",
            busy=state.busy or account is None,
            yes_label=t("confirm.checking") if state.busy else t("confirm.yes"),
            may_pay_unseen=state.may_pay_unseen and state.availability.pays,
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if self.view(state).busy:
            return None
        if key == "yes":
            return ConfirmAccount()
        if key == "unseen":
            return ChooseAmount(amount_minor=0) if self.view(state).may_pay_unseen else None
        return GoBack() if key == "no" else None
