"""`python -m payment reconcile JOURNAL --day YYYYMMDD`: a terminal's day against billing, fiscal drive and devices."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from payment.command import AGREES, DIFFERS, CommandError, check_day
from payment.encashment.collections import CountError, everything, parse_counted
from payment.journal.journal import JournalError, read_journal
from payment.money import rubles
from payment.reconciliation.compare import Comparison, Entry, Source, compare, compare_counts
from payment.reconciliation.daily_totals import JournalSummary
from payment.reconciliation.register_entries import register_entries
from payment.reconciliation.register_layouts import FISCAL_DAY, layout_of
from payment.reconciliation.registers import RegisterError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the journal of a terminal (journal.sqlite)")
    parser.add_argument("--day", required=True, help="the accounting day, YYYYMMDD")
    parser.add_argument("--billing", type=Path, help="billing's register of the day")
    parser.add_argument("--layout", default="billing-day", help="how that register is written (default %(default)s)")
    parser.add_argument("--fiscal", type=Path, help="list of the day's fiscal documents (layout fiscal-day)")
    parser.add_argument(
        "--device", help="what the devices count in the cassette and coin box now: 1000x3,500x12; 0: nothing"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """DIFFERS when something does."""
    check_day(options.day)
    try:
        summary = JournalSummary(read_journal(options.file))
        found = list(comparisons(summary, options))
    except (JournalError, RegisterError, CountError) as error:
        raise CommandError(str(error)) from error
    if not found:
        raise CommandError("не с чем сравнивать: нужно --billing, --fiscal или --device")
    for comparison in found:
        print("\n".join(_lines(comparison, as_json=options.json)))
    return AGREES if all(comparison.agrees for comparison in found) else DIFFERS


def comparisons(summary: JournalSummary, options: argparse.Namespace) -> Iterator[Comparison]:
    """The journal against every source that is given."""
    if options.billing is not None:
        layout = layout_of(options.layout)
        source = Source.BANK if options.layout == "bank" else Source.BILLING
        ours = [payment.entry for payment in summary.payments(options.day)]
        yield compare(ours, register_entries(options.billing, layout), source=source, of_other_days=_payments(summary))
    if options.fiscal is not None:
        ours = [document.entry for document in summary.documents(options.day)]
        theirs = register_entries(options.fiscal, FISCAL_DAY)
        yield compare(ours, theirs, source=Source.FISCAL, of_other_days=_documents(summary))
    if options.device is not None:
        yield compare_counts(everything(summary.inside), parse_counted(options.device))


def _payments(summary: JournalSummary) -> Callable[[str], Entry | None]:
    return lambda key: payment.entry if (payment := summary.payment(key)) is not None else None


def _documents(summary: JournalSummary) -> Callable[[str], Entry | None]:
    return lambda key: document.entry if (document := summary.document(key)) is not None else None


def _lines(comparison: Comparison, *, as_json: bool) -> Iterator[str]:
    if as_json:
        totals = {
            "source": comparison.source.value,
            "agrees": comparison.agrees,
            "here_count": comparison.here_count,
            "here_minor": comparison.here_minor,
            "there_count": comparison.there_count,
            "there_minor": comparison.there_minor,
            "matched": comparison.matched,
        }
        yield json.dumps(totals)
        for each in comparison.found:
            yield json.dumps({name: getattr(each, name) for name in each.__slots__}, ensure_ascii=False)
        return
    verdict = "agrees" if comparison.agrees else f"{len(comparison.found)} differences"
    here = f"{comparison.here_count} for {rubles(comparison.here_minor)}"
    there = f"{comparison.there_count} for {rubles(comparison.there_minor)}"
    yield f"{comparison.source.value}: {verdict}; here {here}, there {there}"
    for each in comparison.found:
        amounts = f"here {rubles(each.here_minor)}, there {rubles(each.there_minor)}"
        detail = f" ({each.detail})" if each.detail else ""
        key = f"{int(each.key) // 100} rubles" if each.source is Source.DEVICE else each.key
        yield f"  {each.difference.value:14} {key:20} {each.account:12} {amounts}{detail} -> {each.owner.value}"
