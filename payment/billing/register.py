"""The register of the day for billing: its credits of one accounting day, matched by txn_id on the other side.

An empty day is a file of no lines; a missing file means that nobody has made it. A payment that billing confirmed days
later belongs to its own day all the same: that day's register changes and is told again. Source: payments notes, 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from payment.reconciliation.compare import Outcome
from payment.reconciliation.daily_totals import DayPayment, JournalSummary
from payment.reconciliation.register_layouts import BILLING_DAY
from payment.reconciliation.registers import Layout, RegisterMissingError, Row, Totals, register_sha256, write_register

DAYS_BACK_MAX = 35  # longer than any payment is repeated before a person has ended it
CHECK_LENGTH = 16


@dataclass(frozen=True, slots=True)
class DayRegister:
    """A register on disk that billing has not been told in this form."""

    day: str  # YYYYMMDD
    path: Path
    sha256: str

    @property
    def key(self) -> str:
        """The key of its delivery: another content is another one."""
        return f"register-{self.day}-{self.sha256[:CHECK_LENGTH]}"


def register_rows(payments: Iterable[DayPayment], terminal_id: str) -> list[Row]:
    """What billing confirmed; refused and unknown payments stand in no register."""
    return [
        {
            "txn_id": payment.txn_id,
            "txn_date": payment.txn_date,
            "account": payment.account,
            "amount_minor": payment.amount_minor,
            "provider_txn": payment.provider_txn,
            "terminal_id": terminal_id,
        }
        for payment in payments
        if payment.outcome is Outcome.DONE
    ]


def write_day(
    path: Path, payments: Iterable[DayPayment], day: str, terminal_id: str, layout: Layout = BILLING_DAY
) -> Totals:
    """Writes one day's register, whole or not at all. Raises RegisterError."""
    return write_register(path, layout, register_rows(payments, terminal_id), {"day": day})


def write_changed(
    folder: Path, summary: JournalSummary, terminal_id: str, first: date, today: date
) -> list[DayRegister]:
    """Writes the registers of all days that are over, from `first` on; those that are new or changed are told.

    Raises:
        RegisterError: one cannot be written.
    """
    changed: list[DayRegister] = []
    day = max(first, today - timedelta(days=DAYS_BACK_MAX))
    while day < today:
        named = day.strftime("%Y%m%d")
        path = folder / BILLING_DAY.file_name.format(day=named)
        before = _sha256(path)
        write_day(path, summary.payments(named), named, terminal_id)
        after = register_sha256(path)
        if after != before:
            changed.append(DayRegister(named, path, after))
        day += timedelta(days=1)
    return changed


def _sha256(path: Path) -> str:
    try:
        return register_sha256(path)
    except RegisterMissingError:
        return ""
