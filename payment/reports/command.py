"""`python -m payment report JOURNAL day | collection --out FILE.pdf`: a day or a collection on paper."""

from __future__ import annotations

import argparse
import time
from datetime import tzinfo
from pathlib import Path

from payment.command import AGREES, DIFFERS, CommandError, check_day, check_out
from payment.contract import JournalRecord
from payment.encashment import command as encash_command
from payment.encashment.collections import CountError, collections, parse_counted, recount
from payment.journal.journal import JournalError, read_journal
from payment.local_time import moment_words
from payment.reconciliation import command as reconcile_command
from payment.reconciliation.daily_totals import JournalSummary, totals_by_channel
from payment.reconciliation.registers import RegisterError
from payment.reports.pdf import ReportError, write_pdf
from payment.reports.values import Letterhead, Report, collection_report, day_report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the journal of a terminal (journal.sqlite)")
    parser.add_argument("act", choices=("day", "collection"))
    parser.add_argument("--out", type=Path, required=True, help="the PDF to write")
    parser.add_argument("--organisation", default="", help="stands on the report")
    parser.add_argument("--terminal", default="", help="the terminal's title on the report")
    encash_command.add_time_zone(parser)
    parser.add_argument("--day", default="", help="day: the accounting day, YYYYMMDD")
    parser.add_argument("--billing", type=Path, help="day: billing's register")
    parser.add_argument("--layout", default="billing-day", help="day: how that register is written")
    parser.add_argument("--fiscal", type=Path, help="day: list of the fiscal documents")
    parser.add_argument("--device", help="day: what the devices count now: 1000x3,500x12; 0: nothing")
    parser.add_argument("--number", type=int, help="collection: its number (default: the last one)")
    parser.add_argument("--counted", help="collection: what the cash office counted: 1000x3,500x12; 0: nothing")


def run(options: argparse.Namespace) -> int:
    """DIFFERS when what was compared or counted does not agree; the report is written all the same."""
    zone = encash_command.zone_named(options.time_zone)
    check_out(options.out, b"%PDF-", options.file, options.billing, options.fiscal)
    try:
        records = read_journal(options.file)
        report = (_day if options.act == "day" else _collection)(records, options, zone)
        write_pdf(options.out, report)
    except (JournalError, RegisterError, CountError, ReportError) as error:
        raise CommandError(str(error)) from error
    print(f"{options.out}: {report.title}. {report.verdict}")
    compared = (options.billing, options.fiscal, options.device) if options.act == "day" else (options.counted,)
    return AGREES if report.agrees or not any(each is not None for each in compared) else DIFFERS


def _letterhead(options: argparse.Namespace, zone: tzinfo) -> Letterhead:
    made_at = moment_words(time.time_ns() // 1_000_000, zone)
    return Letterhead(options.organisation or "не указана", options.terminal or options.file.stem, made_at)


def _day(records: list[JournalRecord], options: argparse.Namespace, zone: tzinfo) -> Report:
    check_day(options.day)
    summary = JournalSummary(records)
    totals = totals_by_channel(summary.payments(options.day))
    comparisons = list(reconcile_command.comparisons(summary, options))
    return day_report(_letterhead(options, zone), options.day, totals, comparisons)


def _collection(records: list[JournalRecord], options: argparse.Namespace, zone: tzinfo) -> Report:
    collection = encash_command.wanted(collections(records), options.number)
    counted = None if options.counted is None else recount(collection, parse_counted(options.counted))
    return collection_report(_letterhead(options, zone), collection, counted, zone)
