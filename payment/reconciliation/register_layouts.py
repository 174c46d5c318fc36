"""The registers this house exchanges, as descriptions. A new partner is a new value here, not new code.

Sources: register of the day of the OSMP protocol (matching is by txn_id; the text of the contract decides the columns);
Sberbank-style register of accepted payments: cp1251, `;`, decimal comma, the last line begins with `=`. Both are to be
confirmed with the partner's own paper before production.
"""

from __future__ import annotations

from payment.reconciliation.registers import Column, Kind, Layout, RegisterError, Trailer

BILLING_DAY = Layout(
    name="billing-day",
    header=True,
    columns=(
        Column("txn_id", Kind.DIGITS),
        Column("txn_date", Kind.MOMENT),
        Column("account"),
        Column("amount_minor", Kind.AMOUNT),
        Column("provider_txn", Kind.DIGITS, may_be_empty=True),
        Column("terminal_id", may_be_empty=True),
    ),
    trailer=Trailer(
        mark="TOTAL;",
        columns=(Column("count", Kind.COUNT), Column("amount_minor", Kind.AMOUNT), Column("day", Kind.DATE)),
        sums=frozenset({"amount_minor"}),
    ),
    file_name="billing-{day}.csv",
)

BANK = Layout(
    name="bank",
    encoding="cp1251",
    decimal_mark=",",
    newline="\r\n",
    date_form="DD-MM-YYYY",
    columns=(
        Column("date", Kind.DATE),
        Column("time"),
        Column("branch"),
        Column("cashier"),
        Column("txn_id"),  # СУИП
        Column("account"),
        Column("name", may_be_empty=True),
        Column("address", may_be_empty=True),
        Column("period", may_be_empty=True),
        Column("amount_minor", Kind.AMOUNT),
        Column("transfer_minor", Kind.AMOUNT),
        Column("fee_minor", Kind.AMOUNT),
    ),
    trailer=Trailer(
        mark="=",
        columns=(
            Column("count", Kind.COUNT),
            Column("amount_minor", Kind.AMOUNT),
            Column("transfer_minor", Kind.AMOUNT),
            Column("fee_minor", Kind.AMOUNT),
            Column("order_number", may_be_empty=True),
            Column("order_date", Kind.DATE, may_be_empty=True),
        ),
        sums=frozenset({"amount_minor", "transfer_minor", "fee_minor"}),
    ),
    file_name="bank-{day}.txt",
)

FISCAL_DAY = Layout(
    name="fiscal-day",
    header=True,
    columns=(
        Column("fiscal_id"),
        Column("at", Kind.MOMENT),
        Column("account", may_be_empty=True),
        Column("amount_minor", Kind.AMOUNT),
        Column("fn", Kind.DIGITS),
        Column("fd", Kind.DIGITS),
        Column("fpd", Kind.DIGITS),
    ),
    trailer=Trailer(
        mark="TOTAL;",
        columns=(Column("count", Kind.COUNT), Column("amount_minor", Kind.AMOUNT), Column("day", Kind.DATE)),
        sums=frozenset({"amount_minor"}),
    ),
    file_name="fiscal-{day}.csv",
)

LAYOUTS = {layout.name: layout for layout in (BILLING_DAY, BANK, FISCAL_DAY)}


def layout_of(name: str) -> Layout:
    """A layout by its name. Raises RegisterError."""
    if (layout := LAYOUTS.get(name)) is None:
        raise RegisterError(f"no such register layout: {name}; known are {', '.join(sorted(LAYOUTS))}")
    return layout
