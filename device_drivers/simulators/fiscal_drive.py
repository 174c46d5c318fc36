"""The inside of a simulated fiscal register: drive, open receipt, shift, paper. Knows no wire. Pure.

What lies in `documents` is the oracle of tests: each closed receipt once, with everything that was sent into it.
"""

from __future__ import annotations

import zlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from device_drivers.simulators.core import SimulatorError

SHIFT_H = 24
ROW_S = 0.02  # of printing
FN = "9999078900000001"
OPENING, RECEIPT, CLOSING = 2, 3, 5
CREATED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # at second 0 of the clock


@dataclass(slots=True)
class Document:
    """One document of the drive."""

    fd: int
    kind: int
    fpd: int
    at: str  # YYYYMMDDTHHMM
    shift: int
    number_in_shift: int = 0
    operation: int = 0
    total_minor: int = 0
    paid_minor: list[int] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    tags: list[list[Any]] = field(default_factory=list)  # [tag, hex]

    def tag(self, number: int) -> bytes:
        """The bytes of a tag, empty when it is not there."""
        return next((bytes.fromhex(value) for tag, value in self.tags if tag == number), b"")


@dataclass(slots=True)
class OpenReceipt:
    """What has been sent and is not closed."""

    operation: int
    lines: list[dict[str, Any]] = field(default_factory=list)
    tags: list[list[Any]] = field(default_factory=list)

    @property
    def total_minor(self) -> int:
        return sum(int(line["amount_minor"]) for line in self.lines)


class FiscalDrive:
    """Drive and printer of one register; all of it outlives the power."""

    def __init__(self, memory: dict[str, Any] | None = None) -> None:
        self.documents: list[Document] = []
        self.receipt: OpenReceipt | None = None
        self.shift = 0
        self.shift_opened_s: float | None = None
        self.unprinted_rows = 0
        self.paper = True
        self.cover_open = False
        self.waits_to_continue = False
        self._row_done_s = 0.0
        if memory is not None:
            self._recall(memory)

    # --- the drive ---------------------------------------------------------------------------------------------

    @property
    def last_fd(self) -> int:
        return len(self.documents)

    @property
    def shift_open(self) -> bool:
        return self.shift_opened_s is not None

    def shift_expired(self, now_s: float) -> bool:
        """True when only closing is possible."""
        return self.shift_opened_s is not None and now_s - self.shift_opened_s >= SHIFT_H * 3600

    def receipts_in_shift(self) -> int:
        """Closed ones of the shift that is or was open."""
        return sum(document.kind == RECEIPT and document.shift == self.shift for document in self.documents)

    def open_shift(self, now_s: float) -> Document:
        """A new shift with its report."""
        self.shift += 1
        self.shift_opened_s = now_s
        return self._add(OPENING, now_s)

    def close_shift(self, now_s: float) -> Document:
        """The shift ends with its report."""
        self.shift_opened_s = None
        return self._add(CLOSING, now_s)

    def close_receipt(self, paid_minor: list[int], now_s: float) -> Document:
        """The open receipt becomes a document."""
        receipt = self.receipt
        assert receipt is not None
        self.receipt = None
        document = self._add(RECEIPT, now_s)
        document.operation, document.total_minor = receipt.operation, receipt.total_minor
        document.paid_minor, document.lines, document.tags = paid_minor, receipt.lines, receipt.tags
        document.number_in_shift = self.receipts_in_shift()
        return document

    def find(self, fd: int) -> Document | None:
        """A document by its number."""
        return self.documents[fd - 1] if 1 <= fd <= self.last_fd else None

    def stored_tlv(self, document: Document) -> bytes:
        """The document as the drive's archive gives it."""
        tags = [(1038, _number(document.shift)), (1042, _number(document.number_in_shift))]
        tags += [(1040, _number(document.fd)), (1041, FN.encode()), (1020, _number(document.total_minor))]
        tags += [(int(tag), bytes.fromhex(value)) for tag, value in document.tags]
        return b"".join(tag.to_bytes(2, "little") + len(value).to_bytes(2, "little") + value for tag, value in tags)

    def _add(self, kind: int, now_s: float) -> Document:
        fd = self.last_fd + 1
        document = Document(fd, kind, zlib.crc32(f"{FN}{fd}".encode()), self.at(now_s), self.shift)
        self.documents.append(document)
        return document

    def at(self, now_s: float) -> str:
        """The device's clock."""
        return (CREATED + timedelta(seconds=now_s)).strftime("%Y%m%dT%H%M")

    # --- paper -------------------------------------------------------------------------------------------------

    @property
    def printing(self) -> bool:
        return self.unprinted_rows > 0

    def print_rows(self, rows: int, now_s: float) -> None:
        """That much is to come out."""
        if not self.unprinted_rows:
            self._row_done_s = now_s + ROW_S
        self.unprinted_rows += rows

    def advance(self, now_s: float) -> None:
        """Rows come out by the clock, while there is paper and nobody has to be asked first."""
        while self.unprinted_rows and self._moves() and now_s >= self._row_done_s:
            self.unprinted_rows -= 1
            self._row_done_s += ROW_S

    def set_paper(self, present: bool, now_s: float) -> None:
        """The roll ends or a new one is put in; what was broken off then waits for the host."""
        self.advance(now_s)
        self.paper = present
        if self.unprinted_rows:
            self.waits_to_continue = True

    def go_on(self, now_s: float) -> None:
        """The host's command to continue."""
        if self.paper:
            self.waits_to_continue = False
            self._row_done_s = now_s + ROW_S

    def _moves(self) -> bool:
        return self.paper and not self.cover_open and not self.waits_to_continue

    # --- memory ------------------------------------------------------------------------------------------------

    def power_lost(self) -> None:
        """Printing stops where it is and waits to be continued."""
        if self.unprinted_rows:
            self.waits_to_continue = True

    def memory(self) -> dict[str, Any]:
        """Everything: a register forgets nothing."""
        return {
            "documents": [asdict(document) for document in self.documents],
            "receipt": None if self.receipt is None else asdict(self.receipt),
            "shift": self.shift,
            "shift_opened_s": self.shift_opened_s,
            "unprinted_rows": self.unprinted_rows,
            "paper": self.paper,
        }

    def describe(self) -> dict[str, Any]:
        """What `{"do": "state"}` says."""
        receipts = [document for document in self.documents if document.kind == RECEIPT]
        return {
            "receipts": len(receipts),
            "receipts_minor": sum(document.total_minor for document in receipts),
            "last_fd": self.last_fd,
            "shift": self.shift,
            "shift_open": self.shift_open,
            "receipt_open": self.receipt is not None,
            "printing": self.printing,
            "paper": self.paper,
        }

    def _recall(self, memory: dict[str, Any]) -> None:
        try:
            self.documents = [Document(**document) for document in memory["documents"]]
            self.receipt = None if memory["receipt"] is None else OpenReceipt(**memory["receipt"])
            self.shift, self.shift_opened_s = int(memory["shift"]), memory["shift_opened_s"]
            self.unprinted_rows, self.paper = int(memory["unprinted_rows"]), bool(memory["paper"])
        except (KeyError, TypeError, ValueError) as error:
            raise SimulatorError("this is no memory of a fiscal register") from error
        self.power_lost()


def _number(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "little")
