"""`python -m payment register JOURNAL --day YYYYMMDD`: the register of a day for billing, from a terminal's journal."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from payment.command import AGREES, CommandError, check_day, check_out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the journal of a terminal (journal.sqlite)")
    parser.add_argument("--day", required=True, help="the accounting day, YYYYMMDD")
    parser.add_argument("--terminal", default="", help="the terminal's number, for the column terminal_id")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: billing-DAY.csv here)")
    parser.add_argument("--json", action="store_true", help="one JSON line with count and sum")


def run(options: argparse.Namespace) -> int:
    """An empty day is a register of no lines; no journal is an error."""
    from payment.billing.register import write_day
    from payment.journal.journal import JournalError, read_journal
    from payment.money import rubles
    from payment.reconciliation.daily_totals import JournalSummary
    from payment.reconciliation.register_layouts import BILLING_DAY
    from payment.reconciliation.registers import RegisterError

    check_day(options.day)
    path = options.out if options.out is not None else Path(BILLING_DAY.file_name.format(day=options.day))
    check_out(path, BILLING_DAY.columns[0].name.encode(), options.file)  # a register begins with its head line
    try:
        payments = JournalSummary(read_journal(options.file)).payments(options.day)
        totals = write_day(path, payments, options.day, options.terminal)
    except (JournalError, RegisterError) as error:
        raise CommandError(str(error)) from error
    sum_minor = totals.sums_minor["amount_minor"]
    said = {"file": str(path), "count": totals.count, "amount_minor": sum_minor}
    print(json.dumps(said) if options.json else f"{path}: {totals.count} payments, {rubles(sum_minor)}")
    return AGREES
