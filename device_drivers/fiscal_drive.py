"""The fiscal drive (FN) behind any register: its answers, a document looked for by our id, its state. No I/O, no clock.

Source: the drive's own commands and layouts, which registers pass through (Shtrih-M: FF01, FF03, FF0A, FF39, FF40;
ATOL: A4 and the drive's code).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from device_drivers import layout, tlv
from device_drivers.contract.fiscal_printer import DocumentAbsent, DocumentClosed, FiscalStateChanged, ShiftState
from device_drivers.fiscal_session import LostError, Steps
from device_drivers.layout import Field, Kind, Layout, LayoutError, Value
from device_drivers.tlv import Element, TlvError

LOOK_BACK_DOCUMENTS = 8  # where the document is looked for when nobody knows the number before it
OPENING_LOOK_BACK = 3  # documents that are no receipts may lie between the opening of a shift and now
WARNING_MEMORY = 0x02
OPENING_KIND, RECEIPT_KIND = 2, 3
SHIFT_H_MAX = 24
MOMENT = "%Y%m%dT%H%M"


class FnQuestion(enum.IntEnum):
    """What the drive is asked, by its own command codes."""

    SHIFT = 0x10
    OFD = 0x20
    STATUS = 0x30
    EXPIRY = 0x32
    FIND = 0x40


ANSWERS: Mapping[FnQuestion, Layout] = {
    FnQuestion.SHIFT: (Field("state"), Field("shift", 2), Field("receipt", 2)),
    FnQuestion.OFD: (
        Field("status"),
        Field("reading"),
        Field("queue", 2),
        Field("first_fd", 4),
        Field("first_at", 5, Kind.BACK_TIME),
    ),
    FnQuestion.STATUS: (
        Field("phase"),
        Field("document"),
        Field("document_data"),
        Field("shift_state"),
        Field("warnings"),
        Field("at", 5, Kind.BACK_TIME),
        Field("fn", 16, Kind.WIN),
        Field("last_fd", 4),
    ),
    FnQuestion.EXPIRY: (
        Field("date", 3, Kind.BACK_DATE),
        Field("left", optional=True),
        Field("done", optional=True),
    ),
    FnQuestion.FIND: (Field("kind"), Field("ticket"), Field("data", 0, Kind.HEX)),
}
# What FIND carries: of a receipt, of a shift report.
_FOUND = (Field("at", 5, Kind.BACK_TIME), Field("fd", 4), Field("fpd", 4))
RECEIPT_FOUND: Layout = (*_FOUND, Field("operation"), Field("total_minor", 5))
SHIFT_FOUND: Layout = (*_FOUND, Field("shift", 2))

ERRORS = {
    0x01: "the drive knows no such command",
    0x02: "wrong state of the drive",
    0x03: "fault of the drive",
    0x04: "crypto fault of the drive",
    0x05: "the drive's life has ended",
    0x06: "the drive's archive is full",
    0x07: "wrong date or time",
    0x08: "no such data",
    0x09: "bad parameter",
    0x10: "TLV too long",
    0x11: "no connection to the OFD",
    0x12: "the drive's counters are used up",
    0x14: "documents unsent for too long",
    0x15: "the shift is older than 24 hours",
    0x16: "wrong time between documents",
}


class Drive(Protocol):
    """How a register lets its drive be asked. Steps raise LostError and RefusedError."""

    def ask_drive(self, question: FnQuestion, fd: int = 0) -> Steps[Mapping[str, Value]]: ...

    def read_tlv(self, fd: int) -> Steps[bytes]:
        """A stored document."""


class DriveReader:
    """What is found out by asking a drive."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self._opening: tuple[int, str] = (0, "")  # a shift and when it was opened

    def last_fd(self) -> Steps[int]:
        """Number of the last document."""
        return int((yield from self._drive.ask_drive(FnQuestion.STATUS))["last_fd"])

    def find(self, fiscal_id: str, before_fd: int | None) -> Steps[DocumentClosed | DocumentAbsent]:
        """A closed document by our own id, behind `before_fd` or among the last ones."""
        status = yield from self._drive.ask_drive(FnQuestion.STATUS)
        last_fd = int(status["last_fd"])
        floor_fd = before_fd if before_fd is not None else max(0, last_fd - LOOK_BACK_DOCUMENTS)
        for fd in range(last_fd, floor_fd, -1):
            closed = yield from self._read(fd, str(status["fn"]), fiscal_id)
            if closed is not None:
                return closed
        return DocumentAbsent(fiscal_id)

    def state(self, at: str) -> Steps[FiscalStateChanged]:
        """Everything the contract tells of a drive; `at` is the register's clock, YYYYMMDDTHHMM."""
        status = yield from self._drive.ask_drive(FnQuestion.STATUS)
        shift = yield from self._drive.ask_drive(FnQuestion.SHIFT)
        expiry = yield from self._drive.ask_drive(FnQuestion.EXPIRY)
        unsent = yield from self._drive.ask_drive(FnQuestion.OFD)
        is_open = bool(shift["state"])
        opened_at = (yield from self._opened_at(int(status["last_fd"]), shift)) if is_open else ""
        hours = _hours(opened_at, at)
        open_state = ShiftState.EXPIRED if hours >= SHIFT_H_MAX else ShiftState.OPEN
        return FiscalStateChanged(
            shift=open_state if is_open else ShiftState.CLOSED,
            shift_number=int(shift["shift"]),
            last_fd=int(status["last_fd"]),
            today=at[:8],
            shift_opened_at=opened_at,
            shift_hours=hours,
            drive_expires=str(expiry["date"]),
            unsent_documents=int(unsent["queue"]),
            first_unsent=str(unsent["first_at"])[:8] if unsent["queue"] else "",
            memory_nearly_full=bool(int(status["warnings"]) & WARNING_MEMORY),
        )

    def _read(self, fd: int, fn: str, fiscal_id: str) -> Steps[DocumentClosed | None]:
        found = yield from self._drive.ask_drive(FnQuestion.FIND, fd)
        if found["kind"] != RECEIPT_KIND:
            return None
        data = yield from self._drive.read_tlv(fd)
        try:
            elements = tlv.decode(data)
            head = layout.decode(RECEIPT_FOUND, bytes.fromhex(str(found["data"])))
        except (TlvError, LayoutError):
            raise LostError from None  # an answer nobody can read is none
        ours = tlv.first(elements, tlv.FISCAL_ID_TAG)
        if ours is None or ours.text != fiscal_id:
            return None
        return DocumentClosed(
            fiscal_id=fiscal_id,
            fn=fn,
            fd=fd,
            fpd=int(head["fpd"]),
            at=str(head["at"]),
            shift=_number(elements, tlv.SHIFT_TAG),
            number_in_shift=_number(elements, tlv.NUMBER_IN_SHIFT_TAG),
            total_minor=int(head["total_minor"]),
        )

    def _opened_at(self, last_fd: int, shift: Mapping[str, Value]) -> Steps[str]:
        """When the shift was opened: its opening report lies before its receipts."""
        number = int(shift["shift"])
        if self._opening[0] != number:
            newest = last_fd - int(shift["receipt"])
            at = ""
            for fd in range(newest, max(0, newest - OPENING_LOOK_BACK), -1):
                found = yield from self._drive.ask_drive(FnQuestion.FIND, fd)
                if found["kind"] == OPENING_KIND:
                    at = _opening_time(bytes.fromhex(str(found["data"])), number)
                    break
            self._opening = (number, at)
        return self._opening[1]


def _opening_time(data: bytes, shift: int) -> str:
    try:
        report = layout.decode(SHIFT_FOUND, data)
    except LayoutError:
        return ""
    return str(report["at"]) if report["shift"] == shift else ""


def _hours(opened_at: str, at: str) -> int:
    """Whole hours that have passed; 0 where a clock says no time."""
    try:
        opened, now = (datetime.strptime(moment, MOMENT).replace(tzinfo=UTC) for moment in (opened_at, at))
    except ValueError:
        return 0
    return max(0, int((now - opened).total_seconds()) // 3600)


def _number(elements: list[Element], tag: int) -> int:
    element = tlv.first(elements, tag)
    return element.number if element is not None else 0
