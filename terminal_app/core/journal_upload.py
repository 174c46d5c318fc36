"""The money journal on its way to the office: in batches, at least once, from where the office says it is.

Told the time; reads the journal beside its writer. The office answers with the last record it has stored, which is the
only thing believed: after a restart on either side, a lost batch or a lost answer, the upload goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

import msgspec

from payment.journal.chain import StoredRecord
from payment.journal.journal import JournalError
from signaling_server.contract.money import (
    BATCH_RECORDS_MAX,
    RECORD_LENGTH_MAX,
    JournalAcknowledged,
    JournalAsked,
    JournalBatch,
    JournalRow,
)

BATCH_BYTES_MAX = 48 * 1024  # of 64 KiB that a frame may have
ANSWER_S_MAX = 60.0  # then the office is asked where it is; a fleet that comes back waits its turn
REFUSED_S = 300.0  # a refused batch has an owner at the office: it is not hammered

_log = logging.getLogger(__name__)


class Rows(Protocol):
    """What the upload reads (payment/journal/rows.py)."""

    def journal_id(self) -> str: ...
    def hash_of(self, sequence: int) -> bytes | None: ...
    def after(self, sequence: int, limit: int) -> list[StoredRecord]: ...


class JournalUpload:
    """Call `link_changed` with the link, `on_time` about once a second."""

    def __init__(self, rows: Rows, send: Callable[[JournalAsked | JournalBatch], None]) -> None:
        self._rows = rows
        self._send = send
        self._connected = False
        self._journal_id = ""
        self._acknowledged: int | None = None  # None: the office has not said yet
        self._waits_until_s: float | None = None  # for an answer, or out of respect for a refusal
        self._refused = False

    @property
    def acknowledged(self) -> int | None:
        """The last record that the office is known to have."""
        return self._acknowledged

    def link_changed(self, linked: bool, now_s: float) -> None:
        """A new connection begins with the question where the office is."""
        self._connected = linked
        self._acknowledged = self._waits_until_s = None
        self._go_on(now_s)

    def on_acknowledged(self, answer: JournalAcknowledged, now_s: float) -> None:
        """What the office has; the next batch goes out at once."""
        if answer.journal_id != self._journal_id:
            return
        self._acknowledged = answer.sequence
        self._waits_until_s = None
        self._refused = bool(answer.refused)
        if answer.refused:
            _log.error("the office refuses the journal behind record %d: %s", answer.sequence, answer.refused)
            self._waits_until_s = now_s + REFUSED_S
            return
        self._go_on(now_s)

    def on_time(self, now_s: float) -> None:
        """New records, and answers that did not come."""
        if self._waits_until_s is not None:
            if now_s < self._waits_until_s:
                return
            self._waits_until_s = None
            self._acknowledged = self._acknowledged if self._refused else None
        self._go_on(now_s)

    def _go_on(self, now_s: float) -> None:
        if not self._connected or self._waits_until_s is not None:
            return
        try:
            message = self._next_message()
        except JournalError as error:
            _log.error("the journal is not sent to the office: %s", error)
            self._waits_until_s = now_s + REFUSED_S
            return
        if message is not None:
            self._waits_until_s = now_s + ANSWER_S_MAX
            self._send(message)

    def _next_message(self) -> JournalAsked | JournalBatch | None:
        if not self._journal_id:
            self._journal_id = self._rows.journal_id()
        if not self._journal_id:
            return None  # nothing is written yet
        if self._acknowledged is None:
            return JournalAsked(self._journal_id)
        return self._next_batch(self._acknowledged)

    def _next_batch(self, behind: int) -> JournalBatch | None:
        records = self._rows.after(behind, BATCH_RECORDS_MAX)
        if not records:
            return None
        previous = self._rows.hash_of(behind)
        if previous is None:
            raise JournalError(f"the office has record {behind}, which this journal has not")
        rows: list[JournalRow] = []
        size = 0
        for record in records:
            row = _row(record)
            size += len(msgspec.json.encode(row))
            if rows and size > BATCH_BYTES_MAX:
                break
            rows.append(row)
        return JournalBatch(self._journal_id, previous.hex(), rows)


def _row(record: StoredRecord) -> JournalRow:
    if len(record.data) > RECORD_LENGTH_MAX:
        raise JournalError(f"record {record.sequence} is too long to be sent")
    return JournalRow(*record[:-1], hash=record.hash.hex())
