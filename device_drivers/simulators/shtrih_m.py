"""A simulated Shtrih-M register: its wire, its commands, its drive (`fiscal_drive.py`). Pure.

The wire tells the truth late, twice, damaged or not at all, as `faults` say; what is in the drive is the oracle.
"""

from __future__ import annotations

from typing import Any

from device_drivers.simulators.byte_gap import ByteGap
from device_drivers.simulators.core import Answer, Request, SimulatorError, flag, number
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.fiscal_drive import FiscalDrive, OpenReceipt
from device_drivers.simulators.fiscal_drive_wire import drive_answer, low, moment
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox
from device_drivers.simulators.shtrih_m_wire import ACK, NAK, ShtrihHostStream, shtrih_message

ANSWER_S = 0.01
WORK_S = 0.1  # of commands that touch the drive
LATE_ANSWER_S = 6.0  # beyond the host's first time-out
PIECE = 200  # bytes of TLV in one answer
ADMINISTRATOR = 30
NAME = "ШТРИХ-М-01Ф"
SERIAL = 4321

BYTE_GAP_S = 0.1  # the paper says 50 ms by default; a busy machine needs more
FAULTS = WIRE_FAULTS | frozenset(
    {
        "lost_command",  # never came: no ACK, no answer
        "lost_ack",
        "nak",
        "busy",  # 50h: the previous command is still printed
        "continue",  # 58h
        "error",  # of the printer: 6Bh
        "power_cut_before",  # the command comes and the power goes
        "power_cut_after",  # obeyed, and the power goes before the answer
    }
)
_WRITES = (0x41, 0x85, 0x88, 0x8D, 0xE0, 0xFF45, 0xFF46, 0xFF0C, 0xFF4D, 0xFF0B, 0xFF43)
POWER_OFF_S = 2.0
# The register's command -> the drive's own.
_DRIVE_CODES = {0xFF01: 0x30, 0xFF03: 0x32, 0xFF0A: 0x40, 0xFF39: 0x20, 0xFF40: 0x10}


class ShtrihMSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(self, memory: dict[str, Any] | None = None, *, now_s: float = 0.0) -> None:
        self.drive = FiscalDrive(memory)
        self._faults = FaultPlan(FAULTS)
        self._off_until_s: float | None = None
        self._now_s = now_s
        self._forget()

    def _forget(self) -> None:
        """What the loss of power takes."""
        self._stream = ShtrihHostStream()
        self._gap = ByteGap(BYTE_GAP_S)
        self._outbox = Outbox(self._faults, late_s=LATE_ANSWER_S, junk=b"\xff\x00\x80")
        self._answer: bytes | None = None  # said, and not yet acknowledged
        self._tlv = b""  # of the document being read

    def _is_off(self) -> bool:
        return self._off_until_s is not None

    # --- the wire ----------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._now_s = now_s
        if self._off_until_s is not None and now_s >= self._off_until_s:
            self._off_until_s = None
        if self._is_off():
            return b""
        self.drive.advance(now_s)
        if self._gap.is_over(chunk, now_s):
            self._stream = ShtrihHostStream()
        for heard in self._stream.split(chunk):
            self._hear(heard, now_s)
            if self._is_off():
                return b""
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the power."""
        if self._off_until_s is not None:
            return self._off_until_s
        return min(self._now_s + 1.0, self._outbox.wakes_at_s())

    def memory(self) -> dict[str, Any]:
        """What outlives the power."""
        return self.drive.memory()

    def _hear(self, heard: bytes | str | None, now_s: float) -> None:
        if heard == "E":
            busy = self._outbox.busy
            self._outbox.put(NAK if self._answer is None else ACK, now_s)
            if self._answer is not None and not busy:
                self._outbox.put(shtrih_message(self._answer), now_s)  # asked again: the answer is repeated
        elif heard == "A":
            self._answer = None
        elif heard is None:
            self._outbox.put(NAK, now_s)
        elif isinstance(heard, bytes):
            self._command(heard, now_s)

    def _command(self, data: bytes, now_s: float) -> None:
        code, parameters = _code(data)
        name = f"{code:02x}"
        if self._faults.take("lost_command", name):
            return
        if self._faults.take("nak", name):
            self._outbox.put(NAK, now_s)
            return
        if self._faults.take("power_cut_before", name):
            self._cut_power(POWER_OFF_S, now_s)
            return
        if not self._faults.take("lost_ack", name):
            self._outbox.put(ACK, now_s)
        answer = self._obey(code, parameters, now_s)
        if self._faults.take("power_cut_after", name):
            self._cut_power(POWER_OFF_S, now_s)
            return
        said = data[: 2 if code > 0xFF else 1] + answer
        answer_s = WORK_S if code in _WRITES else ANSWER_S
        if self._outbox.say(shtrih_message(said), now_s, name, answer_s=answer_s):
            self._answer = said

    def _cut_power(self, off_s: float, now_s: float) -> None:
        self._forget()
        self.drive.power_lost()
        self._off_until_s = now_s + off_s

    # --- commands: error code and what follows it ----------------------------------------------------------------

    def _obey(self, code: int, parameters: bytes, now_s: float) -> bytes:
        name = f"{code:02x}"
        if code == 0xFC:
            return b"\x00" + bytes((0, 0, 1, 12, 4, 0)) + NAME.encode("cp1251")
        if len(parameters) < 4 or int.from_bytes(parameters[:4], "little") not in range(1, ADMINISTRATOR + 1):
            return b"\x4f"
        if self._faults.take("error", name):
            return b"\x6b"
        if code in _WRITES:
            if self._faults.take("continue", name) or (self.drive.waits_to_continue and self.drive.paper):
                return b"\x58"
            if self._faults.take("busy", name) or self.drive.printing:
                return b"\x50"
        known = {
            0x10: self._short_status,
            0x11: self._full_status,
            0x41: self._close_shift,
            0x88: self._cancel,
            0x8D: self._open_receipt,
            0xB0: self._go_on,
            0xE0: self._open_shift,
            0xFF0C: self._tag,
            0xFF3A: self._begin_tlv,
            0xFF3B: self._read_tlv,
            0xFF3F: self._unconfirmed,
            0xFF45: self._close_receipt,
            0xFF46: self._line,
            0xFF4D: self._item_tag,
            0x13: self._nothing,
            0x25: self._nothing,
        }
        if code in _DRIVE_CODES:
            return drive_answer(self.drive, _DRIVE_CODES[code], parameters[4:])
        return known[code](parameters[4:], now_s) if code in known else b"\x37"

    def _nothing(self, parameters: bytes, now_s: float) -> bytes:
        return b"\x00" + bytes((ADMINISTRATOR,))

    def _mode(self, now_s: float) -> int:
        drive = self.drive
        if drive.receipt is not None:
            return 8 | (drive.receipt.operation - 1) << 4
        if not drive.shift_open:
            return 4
        return 3 if drive.shift_expired(now_s) else 2

    def _submode(self) -> int:
        drive = self.drive
        if drive.printing:
            return 2 if not drive.paper else 3 if drive.waits_to_continue else 5
        return 0 if drive.paper else 1

    def _state(self, now_s: float) -> bytes:
        flags = 0x0292 & (0xFFFF if self.drive.paper else 0xFF7F) | (0x0400 if self.drive.cover_open else 0)
        return low(flags, 2) + bytes((self._mode(now_s), self._submode()))

    def _short_status(self, parameters: bytes, now_s: float) -> bytes:
        receipt = self.drive.receipt
        operations = len(receipt.lines) if receipt is not None else 0
        head = bytes((0, ADMINISTRATOR)) + self._state(now_s)
        return head + bytes((operations & 0xFF, 159, 229, 0, 0, operations >> 8, 0, 0, 0))

    def _full_status(self, parameters: bytes, now_s: float) -> bytes:
        at = moment(self.drive.at(now_s))
        day, time = bytes((at[2], at[1], at[0])), at[3:] + b"\x00"
        head = (
            bytes((0, ADMINISTRATOR)) + b"12" + low(100, 2) + bytes((1, 1, 24)) + b"\x01" + low(self.drive.last_fd, 2)
        )
        tail = b"\x00" + low(SERIAL, 4) + low(self.drive.shift, 2) + low(2000, 2) + b"\x01\x0f" + low(7806123456, 6)
        return head + self._state(now_s) + b"\x00" + b"12" + low(1, 2) + bytes((1, 1, 24)) + day + time + tail

    def _go_on(self, parameters: bytes, now_s: float) -> bytes:
        self.drive.go_on(now_s)
        return bytes((0, ADMINISTRATOR))

    def _open_shift(self, parameters: bytes, now_s: float) -> bytes:
        if self.drive.shift_open:
            return b"\x15"
        self.drive.open_shift(now_s)
        self.drive.print_rows(10, now_s)
        return bytes((0, ADMINISTRATOR))

    def _close_shift(self, parameters: bytes, now_s: float) -> bytes:
        if self.drive.receipt is not None:
            return b"\x4a"
        if not self.drive.shift_open:
            return b"\x16"
        self.drive.close_shift(now_s)
        self.drive.print_rows(30, now_s)
        return bytes((0, ADMINISTRATOR))

    def _open_receipt(self, parameters: bytes, now_s: float) -> bytes:
        if self.drive.receipt is not None:
            return b"\x4a"
        if not self.drive.shift_open:
            return b"\x3d"
        if self.drive.shift_expired(now_s):
            return b"\x4e"
        if not self.drive.paper:
            return b"\x6b"
        self.drive.receipt = OpenReceipt(operation={0: 1, 1: 3, 2: 2, 3: 4}.get(parameters[0], 1))
        return bytes((0, ADMINISTRATOR))

    def _line(self, parameters: bytes, now_s: float) -> bytes:
        if self.drive.receipt is None:
            return b"\x55"
        if len(parameters) != 154:
            return b"\x33"
        values = [int.from_bytes(parameters[at : at + size], "little") for at, size in ((1, 6), (7, 5), (12, 5))]
        self.drive.receipt.lines.append(
            {
                "name": parameters[26:].rstrip(b"\x00").decode("cp1251"),
                "quantity_millionths": values[0],
                "price_minor": values[1],
                "amount_minor": values[2],
                "tax": parameters[22],
                "method": parameters[24],
                "subject": parameters[25],
            }
        )
        return b"\x00"

    def _tag(self, parameters: bytes, now_s: float) -> bytes:
        if self.drive.receipt is None:
            return b"\x02"
        if len(parameters) < 4 or int.from_bytes(parameters[2:4], "little") != len(parameters) - 4:
            return b"\x09"
        self.drive.receipt.tags.append([int.from_bytes(parameters[:2], "little"), parameters[4:].hex()])
        return b"\x00"

    def _item_tag(self, parameters: bytes, now_s: float) -> bytes:
        if self.drive.receipt is None or not self.drive.receipt.lines:
            return b"\x02"
        self.drive.receipt.lines[-1][str(int.from_bytes(parameters[:2], "little"))] = parameters[4:].hex()
        return b"\x00"

    def _cancel(self, parameters: bytes, now_s: float) -> bytes:
        if self.drive.receipt is None:
            return b"\x55"
        self.drive.receipt = None
        self.drive.print_rows(3, now_s)
        return bytes((0, ADMINISTRATOR))

    def _close_receipt(self, parameters: bytes, now_s: float) -> bytes:
        receipt = self.drive.receipt
        if receipt is None:
            return b"\x55"
        if len(parameters) != 127:
            return b"\x33"
        paid = [int.from_bytes(parameters[at : at + 5], "little") for at in range(0, 80, 5)]
        if sum(paid) < receipt.total_minor:
            return b"\x45"
        change = sum(paid) - receipt.total_minor
        document = self.drive.close_receipt(paid, now_s)
        self.drive.print_rows(20 + len(document.lines), now_s)
        return b"\x00" + low(change, 5) + low(document.fd, 4) + low(document.fpd, 4)

    def _begin_tlv(self, parameters: bytes, now_s: float) -> bytes:
        document = self.drive.find(int.from_bytes(parameters[:4], "little"))
        if document is None:
            return b"\x08"
        self._tlv = self.drive.stored_tlv(document)
        return b"\x00" + low(document.kind, 2) + low(len(self._tlv), 2)

    def _read_tlv(self, parameters: bytes, now_s: float) -> bytes:
        if not self._tlv:
            return b"\x08"
        piece, self._tlv = self._tlv[:PIECE], self._tlv[PIECE:]
        return b"\x00" + piece

    def _unconfirmed(self, parameters: bytes, now_s: float) -> bytes:
        return b"\x00" + low(self.drive.last_fd, 2)

    # --- the hand ----------------------------------------------------------------------------------------------

    def control(self, request: Request, now_s: float) -> Answer:
        """paper, cover, power_cut, fault, state."""
        self._now_s = now_s
        self.drive.advance(now_s)
        verb = request.get("do")
        if verb == "paper":
            self.drive.set_paper(flag(request, "present"), now_s)
        elif verb == "cover":
            self.drive.cover_open = flag(request, "open")
        elif verb == "power_cut":
            self._cut_power(number(request, "off_s", POWER_OFF_S, 0, 3600), now_s)
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a fiscal register cannot {verb!r}")
        return {"ok": True, **self.drive.describe(), "faults": self._faults.describe()}


def _code(data: bytes) -> tuple[int, bytes]:
    if data[0] == 0xFF and len(data) > 1:
        return 0xFF00 | data[1], data[2:]
    return data[0], data[1:]
