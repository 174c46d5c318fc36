"""What a simulated fiscal drive answers to its own commands, which registers pass through. No I/O, no clock."""

from __future__ import annotations

from device_drivers.simulators.fiscal_drive import FN, RECEIPT, FiscalDrive

EXPIRES = bytes((29, 1, 31))
NO_DATA, NO_COMMAND = b"\x08", b"\x01"


def low(value: int, size: int) -> bytes:
    """A number, low byte first."""
    return value.to_bytes(size, "little")


def moment(at: str) -> bytes:
    """YYYYMMDDTHHMM as YY MM DD HH MM."""
    return bytes(int(at[left : left + 2]) for left in (2, 4, 6, 9, 11))


def drive_answer(drive: FiscalDrive, code: int, parameters: bytes) -> bytes:
    """Error code, and what follows none."""
    if code == 0x10:
        return bytes((0, drive.shift_open)) + low(drive.shift, 2) + low(drive.receipts_in_shift(), 2)
    if code == 0x20:
        first = moment(drive.documents[0].at) if drive.documents else bytes(5)
        return bytes((0, 0, 0)) + low(drive.last_fd, 2) + low(min(1, drive.last_fd), 4) + first
    if code == 0x30:
        at = moment(drive.documents[-1].at) if drive.documents else bytes(5)
        document = 4 if drive.receipt is not None else 0
        return bytes((0, 3, document, 0, drive.shift_open, 0)) + at + FN.encode() + low(drive.last_fd, 4)
    if code == 0x32:
        return b"\x00" + EXPIRES + bytes((11, 1))
    return _found(drive, int.from_bytes(parameters[:4], "little")) if code == 0x40 else NO_COMMAND


def _found(drive: FiscalDrive, fd: int) -> bytes:
    document = drive.find(fd)
    if document is None:
        return NO_DATA
    head = bytes((0, document.kind, 0)) + moment(document.at) + low(document.fd, 4) + low(document.fpd, 4)
    if document.kind == RECEIPT:
        return head + bytes((document.operation,)) + low(document.total_minor, 5)
    return head + low(document.shift, 2)
