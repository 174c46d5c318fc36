"""ESC/POS status bytes and what they mean for a kiosk. Pure.

Source: ESC/POS paper, "Real-time status" (DLE EOT 1..4) and "Custom full status" (DLE EOT 14h).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers.contract.status import DeviceState, Fault, StatusChanged

PRINTER, CAUSE, ERROR, PAPER = 1, 2, 3, 4  # n of DLE EOT n
EVERY_STATUS = (PRINTER, CAUSE, ERROR, PAPER)
XON, XOFF = 0x11, 0x13
BACK_SIZE = 4
CUSTOM_FULL_STATUS_SIZE = 6
CUSTOM_HEAD = b"\x10\x0f"


class StatusError(ValueError):
    """Bytes that are no status; the text says why."""


def is_status(byte: int) -> bool:
    """True for an answer to DLE EOT: bits 0 and 7 clear, bits 1 and 4 set."""
    return byte & 0x93 == 0x12


def is_back(byte: int) -> bool:
    """True for the first byte of a status told unasked (GS a): bits 0, 1 and 7 clear, bit 4 set."""
    return byte & 0x93 == 0x10


def is_marker(byte: int) -> bool:
    """True for an answer to GS r: bits 4 and 7 clear."""
    return byte & 0x90 == 0x00


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One round of DLE EOT 1..4, decoded."""

    offline: bool
    cover_open: bool
    paper_end: bool
    paper_near_end: bool
    cutter: bool
    unrecoverable: bool
    head: bool
    mechanical: bool
    raw: bytes

    @property
    def can_print(self) -> bool:
        """Nothing stands in the way of a slip."""
        return not (self.offline or self.cover_open or self.paper_end or self.broken)

    @property
    def broken(self) -> bool:
        """A fault of the mechanism."""
        return self.cutter or self.unrecoverable or self.head or self.mechanical

    @property
    def stopped(self) -> bool:
        """A slip under way will not come out by itself."""
        return self.cover_open or self.paper_end or self.broken


def decode(answers: Mapping[int, int]) -> PrinterStatus:
    """A round of answers, by n of DLE EOT n."""
    printer, cause, error, paper = (answers[n] for n in EVERY_STATUS)
    return PrinterStatus(
        offline=bool(printer & 0x08),
        cover_open=bool(cause & 0x04),
        paper_end=bool(cause & 0x20 or paper & 0x60),  # one bit of a pair counts as both
        paper_near_end=bool(paper & 0x0C),
        cutter=bool(error & 0x08),
        unrecoverable=bool(error & 0x20),
        head=bool(error & 0x40),
        mechanical=bool(error & 0x04),
        raw=bytes((printer, cause, error, paper)),
    )


def device_status(status: PrinterStatus) -> StatusChanged:
    """The state of the device; the gravest cause wins."""
    detail = status.raw.hex(" ")
    for holds, state, fault in (
        (status.cover_open, DeviceState.USER_ERROR, Fault.COVER_OPEN),
        (status.paper_end, DeviceState.USER_ERROR, Fault.PAPER_OUT),
        (status.cutter, DeviceState.HARDWARE_ERROR, Fault.CUTTER),
        (status.head, DeviceState.HARDWARE_ERROR, Fault.HEAD),
        (status.unrecoverable or status.mechanical, DeviceState.HARDWARE_ERROR, Fault.FAILED),
        (status.offline, DeviceState.DEVICE_BUSY, Fault.PAUSED),
        (status.paper_near_end, DeviceState.ONLINE, Fault.PAPER_LOW),
    ):
        if holds:
            return StatusChanged(state, fault, detail)
    return StatusChanged(DeviceState.ONLINE)


def describe(raw: bytes, request: bytes | None) -> tuple[str, dict[str, object]]:
    """Name and fields of status bytes for the tools of the field.

    A byte does not say which question it answers: without `request` every reading is given.

    Raises:
        StatusError: not a status.
    """
    if raw[:2] == CUSTOM_HEAD or request == b"\x10\x04\x14":
        return "CUSTOM FULL STATUS", _custom_fields(raw)
    if len(raw) != 1 or not is_status(raw[0]):
        raise StatusError(f"{raw.hex() or 'nothing'} is not a status: one byte, bits 0 and 7 clear, 1 and 4 set")
    readings = {PRINTER: _printer_fields, CAUSE: _cause_fields, ERROR: _error_fields, PAPER: _paper_fields}
    if request is None:
        return "STATUS", {key: value for fields in readings.values() for key, value in fields(raw[0]).items()}
    if request[:2] != b"\x10\x04" or len(request) != 3 or request[2] not in readings:
        raise StatusError(f"{request.hex()} is not DLE EOT 1..4")
    return f"STATUS {request[2]}", readings[request[2]](raw[0])


def _printer_fields(byte: int) -> dict[str, object]:
    return {"online": not byte & 0x08, "waiting_for_recovery": bool(byte & 0x20), "feed_held": bool(byte & 0x40)}


def _cause_fields(byte: int) -> dict[str, object]:
    return {"cover_open": bool(byte & 0x04), "paper_end": bool(byte & 0x20), "error": bool(byte & 0x40)}


def _error_fields(byte: int) -> dict[str, object]:
    return {
        "mechanical": bool(byte & 0x04),
        "cutter": bool(byte & 0x08),
        "unrecoverable": bool(byte & 0x20),
        "auto_recoverable": bool(byte & 0x40),
    }


def _paper_fields(byte: int) -> dict[str, object]:
    return {"paper": "end" if byte & 0x60 else "near_end" if byte & 0x0C else "ok"}


def _custom_fields(raw: bytes) -> dict[str, object]:
    if len(raw) != CUSTOM_FULL_STATUS_SIZE or raw[:2] != CUSTOM_HEAD:
        raise StatusError(f"a full status is 10 0f and four bytes, here is {raw.hex()}")
    paper, user, recoverable, unrecoverable = raw[2:]
    return {
        "paper": "end" if paper & 0x41 else "near_end" if paper & 0x04 else "ok",
        "ticket_in_outlet": bool(paper & 0x20),
        "head_up": bool(user & 0x01),
        "cover_open": bool(user & 0x02),
        "motor_running": bool(user & 0x08),
        "head_temperature": bool(recoverable & 0x01),
        "paper_jam": bool(recoverable & 0x40),
        "cutter": bool(unrecoverable & 0x01),
        "memory": bool(unrecoverable & 0x4C),
    }
