"""`python -m payment encash FILE list | slip | recount`: collections of a terminal, from its journal, beside it."""

from __future__ import annotations

import argparse
import json
from datetime import tzinfo
from pathlib import Path

from payment.command import AGREES, DIFFERS, CommandError
from payment.encashment.collections import (
    Collection,
    CountError,
    collections,
    everything,
    parse_counted,
    recount,
    recount_data,
)
from payment.encashment.slips import after_slip, before_slip, recount_slip
from payment.journal.journal import JournalError, read_journal
from payment.local_time import TIME_ZONE, moment_words, zone_of
from payment.money import rubles
from payment.receipt import Issuer
from payment.slip_text import slip_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the journal of a terminal (journal.sqlite)")
    parser.add_argument("act", choices=("list", "slip", "recount"))
    parser.add_argument("--number", type=int, help="of the collection (default: the last one)")
    parser.add_argument("--after", action="store_true", help="the slip after the change, not the one before it")
    parser.add_argument("--copy", action="store_true", help="mark the slip КОПИЯ")
    parser.add_argument("--counted", default="", help="what the cash office counted: 1000x3,500x12; 0: nothing")
    parser.add_argument("--by", default="", help="who counted")
    parser.add_argument("--organisation", default="", help="stands on the slip")
    parser.add_argument("--terminal", default="", help="the terminal's title on the slip")
    add_time_zone(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """DIFFERS when a recount does not agree."""
    try:
        found = collections(read_journal(options.file))
    except JournalError as error:
        raise CommandError(str(error)) from error
    zone = zone_named(options.time_zone)
    if options.act == "list":
        for each in found:
            print(_listed(each, zone, as_json=options.json))
        return AGREES
    collection = wanted(found, options.number)
    issuer = Issuer(options.organisation, "", options.terminal or options.file.stem)
    if options.act == "recount":
        return _recount(options, collection, issuer, zone)
    slip = after_slip if options.after else before_slip
    print(slip_text(slip(collection, issuer, zone, copy=options.copy)), end="")
    return AGREES


def add_time_zone(parser: argparse.ArgumentParser) -> None:
    """`--time-zone`, for `zone_named`: the one of the terminal's settings, where that is another than the office's."""
    parser.add_argument("--time-zone", default=TIME_ZONE, metavar="NAME", help="of the dates (default %(default)s)")


def zone_named(name: str) -> tzinfo:
    """Raises CommandError."""
    try:
        return zone_of(name)
    except ValueError as error:
        raise CommandError(str(error)) from error


def wanted(found: list[Collection], number: int | None) -> Collection:
    """The collection of this number; of None, the last one. Raises CommandError."""
    for each in reversed(found):
        if number in (None, each.number):
            return each
    raise CommandError("кассету ещё не вынимали" if number is None else f"инкассации {number} нет")


def _recount(options: argparse.Namespace, collection: Collection, issuer: Issuer, zone: tzinfo) -> int:
    try:
        counted = recount(collection, parse_counted(options.counted))
    except CountError as error:
        raise CommandError(str(error)) from error
    if options.json:
        print(json.dumps(recount_data(counted, options.by), ensure_ascii=False))
    else:
        print(slip_text(recount_slip(counted, issuer, zone, counted_by=options.by)), end="")
    return AGREES if counted.agrees else DIFFERS


def _listed(each: Collection, zone: tzinfo, *, as_json: bool) -> str:
    total_minor = each.lay.total_minor + each.lay.coins_total_minor
    if as_json:
        known = {
            "number": each.number,
            "collection_id": each.collection_id,
            "state": each.state.value,
            "authorised": each.authorised,
            "collector": each.collector,
            "seal": each.seal,
            "opened_ms": each.opened_ms,
            "closed_ms": each.closed_ms,
            "total_minor": total_minor,
            "in_doubt_minor": each.lay.in_doubt_minor,
            "counts": {str(value): number for value, number in sorted(everything(each.lay).items())},
        }
        return json.dumps(known, ensure_ascii=False)
    who = each.collector or "nobody signed in"
    doubt = f", in doubt {rubles(each.lay.in_doubt_minor)}" if each.lay.in_doubt_minor else ""
    return f"{each.number:4} {moment_words(each.opened_ms, zone)} {each.state:13} {rubles(total_minor)}{doubt}, {who}"
