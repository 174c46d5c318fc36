"""What billing tells of an account, as the screen shows it. Pure."""

from __future__ import annotations

from payment.billing.account_values import AccountDetails, AccountSummary
from terminal_app.core.basket import dues_of
from terminal_app.ipc.messages import AccountView, BalanceView, ChargeView


def account_view(found: AccountSummary) -> AccountView:
    return AccountView(found.account, found.name_masked, found.address_masked)


def balance_view(details: AccountDetails) -> BalanceView:
    charges = [ChargeView(charge.title, charge.amount_minor) for charge in details.charges]
    return BalanceView(details.due_minor, details.period, charges, details.as_of, dues_of(details))
