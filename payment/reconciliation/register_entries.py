"""The lines of a register as entries for a reconciliation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import starmap
from pathlib import Path

from payment.reconciliation.compare import Entry
from payment.reconciliation.register_layouts import FISCAL_DAY
from payment.reconciliation.registers import Kind, Layout, read_register


def register_entries(path: Path, layout: Layout) -> Iterator[Entry]:
    """The lines of a register as entries; its day is the first column that holds one.

    Raises:
        RegisterError: the file is not of this layout.
    """
    key = layout.columns[0] if layout is FISCAL_DAY else layout.columns[layout.index("txn_id")]
    day = next(column for column in layout.columns if column.kind in (Kind.MOMENT, Kind.DATE))
    rows = read_register(path, layout, (key.name, "account", "amount_minor", day.name))
    if day.kind is Kind.DATE:
        return starmap(Entry, rows)
    return (Entry(key, account, amount_minor, moment[:8]) for key, account, amount_minor, moment in rows)
