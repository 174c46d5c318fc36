"""The black box: one visit of a journal as a file that the simulator plays again (payment/simulation/replay.py).

A visit is named by its session or by any number on its slip. It holds its own records and those of its payments and
operations, also the ones that came long after the customer had left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from payment.contract import JournalRecord

FORMAT = 1
SIZE_MAX = 4 * 1024 * 1024
_NUMBERS = ("txn_id", "operation_id", "fiscal_id")


class BlackBoxError(Exception):
    """There is no such visit, or the file is none of ours."""


class Visit(msgspec.Struct, frozen=True):
    """What the file holds."""

    format: int
    session_id: str
    records: list[JournalRecord]


def find_visit(records: Iterable[JournalRecord], name: str) -> Visit:
    """The visit of a session, or of a number on a slip.

    Raises:
        BlackBoxError: no record has this name.
    """
    known = list(records)
    session_id = _session_of(known, name)
    numbers: set[object] = set()
    found = []
    for record in known:
        if record.data.get("session_id") == session_id or not numbers.isdisjoint(_numbers(record.data)):
            found.append(record)
            numbers.update(_numbers(record.data))
    return Visit(FORMAT, session_id, found)


def _session_of(records: Sequence[JournalRecord], name: str) -> str:
    for record in records:
        session_id = record.data.get("session_id")
        if session_id and (session_id == name or name in _numbers(record.data)):
            return str(session_id)
    raise BlackBoxError(f"the journal knows no visit and no slip {name!r}")


def _numbers(data: Mapping[str, object]) -> list[object]:
    return [data[key] for key in _NUMBERS if data.get(key)]


def encode_visit(visit: Visit) -> str:
    """One JSON object; a hash is base64."""
    return msgspec.json.format(msgspec.json.encode(visit), indent=1).decode()


def decode_visit(text: str) -> Visit:
    """Raises BlackBoxError."""
    if len(text) > SIZE_MAX:
        raise BlackBoxError("the file is too large for one visit")
    try:
        visit = msgspec.json.decode(text, type=Visit)
    except msgspec.DecodeError as error:
        raise BlackBoxError(f"this is no visit of a journal: {error}") from error
    if visit.format != FORMAT or not visit.records:
        raise BlackBoxError("this is no visit of a journal, or one of another version")
    sequences = [record.sequence for record in visit.records]
    if any(later <= earlier for earlier, later in pairwise(sequences)):
        raise BlackBoxError("this is no visit of a journal: its records are out of order")
    return visit
