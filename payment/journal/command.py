"""`python -m payment journal FILE list | verify | books | export | find`: read beside the running terminal."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from payment.command import AGREES, DIFFERS, CommandError
from payment.contract import JournalRecord
from payment.inquiry import inquire, inquiry_words
from payment.journal.black_box import BlackBoxError, encode_visit, find_visit
from payment.journal.journal import JournalDamagedError, JournalError, read_journal
from payment.ledger import Books, LedgerError
from payment.local_time import TIME_ZONE, moment_words, zone_of
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
    """DIFFERS when `verify` finds a fault, or `find` no payment."""
    if (options.act in ("export", "find")) != (options.visit is not None):
        raise CommandError("для export и find нужен номер визита или чека, для остального он лишний")
    try:
        if options.act == "verify":
            return _verify(options.file, as_json=options.json)
        records = read_journal(options.file)
        if options.act == "export":
            print(encode_visit(find_visit(records, options.visit)))
        elif options.act == "find":
            return _find(records, options.visit)
        elif options.act == "list":
            for record in records:
                print(_line(record, as_json=options.json))
        else:
            _tell_books(records, as_json=options.json)
    except (JournalError, LedgerError, BlackBoxError) as error:
        raise CommandError(str(error)) from error
    return AGREES


def _verify(path: Path, *, as_json: bool) -> int:
    """A damaged chain and impossible books are what was asked after, so they are told as a verdict."""
    records: list[JournalRecord] = []
    try:
        records = read_journal(path)
        faults = _books(records).faults()
        words = f"{len(records)} records, chain whole, {'; '.join(faults) or 'books sound'}"
    except JournalDamagedError as error:
        faults, words = [str(error)], f"chain broken: {error}"
    except LedgerError as error:
        faults, words = [str(error)], f"{len(records)} records, chain whole, no books: {error}"
    print(json.dumps({"records": len(records), "sound": not faults, "faults": faults}) if as_json else words)
    return DIFFERS if faults else AGREES


def _books(records: list[JournalRecord]) -> Books:
    return Books((record.kind, record.data) for record in records)


def _tell_books(records: list[JournalRecord], *, as_json: bool) -> None:
    """All that ever came and went, not what lies in the cassette now: a collection moves nothing out of the books."""
    balances = {place.value: amount for place, amount in _books(records).balances().items()}
    head = "the journal is empty"
    if records:
        head = f"all that came and went since {moment_words(records[0].wall_ms, zone_of(TIME_ZONE))}:"
    shown = [head, *(f"{name:12} {rubles(amount)}" for name, amount in balances.items())]
    print(json.dumps(balances) if as_json else "\n".join(shown))


def _find(records: list[JournalRecord], named: str) -> int:
    """What a customer is told who says that his money has not arrived; DIFFERS when nothing is found, as `grep`."""
    found = inquire(records, named)
    for inquiry in found:
        opened = moment_words(inquiry.opened_ms, zone_of(TIME_ZONE))
        print(f"{opened}  {readable_txn_id(inquiry.number)}\n  {inquiry_words(inquiry)}")
    if not found:
        print(f"payment journal: the journal knows no payment named {named}", file=sys.stderr)
    return AGREES if found else DIFFERS


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
    return f"{record.sequence:6} {moment_words(record.wall_ms, zone_of(TIME_ZONE))} {record.kind:16} {words}"
