"""`python -m payment journal FILE list | verify | books | export | find`: read beside the running terminal."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from payment.command import CommandError
from payment.contract import JournalRecord
from payment.inquiry import inquire, inquiry_words
from payment.journal.black_box import BlackBoxError, encode_visit, find_visit
from payment.journal.journal import JournalError, read_journal
from payment.ledger import Books, LedgerError
from payment.local_time import TIME_ZONE, local_stamp, zone_of
from payment.money import rubles
from payment.receipt import readable_txn_id


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the journal of a terminal (journal.sqlite)")
    parser.add_argument("act", choices=("list", "verify", "books", "export", "find"))
    parser.add_argument(
        "visit", nargs="?", help="for export: a session, or a number on its slip; for find: that or an account"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    if (options.act in ("export", "find")) != (options.visit is not None):
        raise CommandError("export and find need a session or the number of a slip; nothing else takes one")
    try:
        records = read_journal(options.file)
        if options.act == "export":
            print(encode_visit(find_visit(records, options.visit)))
            return 0
        if options.act == "find":
            return _find(records, options.visit)
        books = Books((record.kind, record.data) for record in records)
    except (JournalError, LedgerError, BlackBoxError) as error:
        raise CommandError(str(error)) from error
    if options.act == "list":
        for record in records:
            print(_line(record, as_json=options.json))
        return 0
    if options.act == "books":
        balances = {place.value: amount for place, amount in books.balances().items()}
        shown = [f"{name:12} {rubles(amount)}" for name, amount in balances.items()]
        print(json.dumps(balances) if options.json else "\n".join(shown))
        return 0
    faults = books.faults()
    verdict = {"records": len(records), "sound": not faults, "faults": faults}
    print(
        json.dumps(verdict)
        if options.json
        else f"{len(records)} records, chain whole, {'; '.join(faults) or 'books sound'}"
    )
    return 1 if faults else 0


def _find(records: list[JournalRecord], named: str) -> int:
    """What a customer is told who says that his money has not arrived."""
    found = inquire(records, named)
    for inquiry in found:
        opened = local_stamp(inquiry.opened_ms // 1000, zone_of(TIME_ZONE))
        day = f"{opened[6:8]}.{opened[4:6]}.{opened[:4]} {opened[8:10]}:{opened[10:12]}"
        print(f"{day}  {readable_txn_id(inquiry.number)}\n  {inquiry_words(inquiry)}")
    if not found:
        raise CommandError(f"the journal knows no payment named {named!r}")
    return 0


def _line(record: JournalRecord, *, as_json: bool) -> str:
    if as_json:
        known = {
            "sequence": record.sequence,
            "kind": record.kind,
            "wall_ms": record.wall_ms,
            "data": record.data,
            "hash": record.hash.hex(),
        }
        return json.dumps(known, ensure_ascii=False)
    words = " ".join(f"{name}={value}" for name, value in record.data.items() if name != "session_id")
    return f"{record.sequence:6} {record.kind:16} {words}"
