"""A simulated ATOL register: its packets, its buffer of tasks, its modes, its drive (`fiscal_drive.py`). Pure."""

from __future__ import annotations

from typing import Any

from device_drivers.simulators.atol_wire import AtolHostStream, atol_frame, bcd, number
from device_drivers.simulators.byte_gap import ByteGap
from device_drivers.simulators.core import Answer, Request, SimulatorError, flag
from device_drivers.simulators.core import number as number_of
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.fiscal_drive import FiscalDrive, OpenReceipt
from device_drivers.simulators.fiscal_drive_wire import drive_answer, low
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox

ANSWER_S = 0.01
WORK_S = 0.04
LATE_S = 5.0
PIECE = 200
POWER_OFF_S = 1.0
SERIAL = 1234567
TITLE = "АТОЛ 42ФС"
BYTE_GAP_S = 0.1  # between two bytes of a packet
FAULTS = WIRE_FAULTS | frozenset(
    {
        "lost_packet",  # of the host
        "error",  # of the command: 67h
        "slow",  # a task that takes seconds
        "power_cut_before",
        "power_cut_after",
        "async",  # the result comes by itself
    }
)


class AtolSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(self, memory: dict[str, Any] | None = None, *, now_s: float = 0.0) -> None:
        self.drive = FiscalDrive(memory)
        self._faults = FaultPlan(FAULTS)
        self._off_until_s: float | None = None
        self._now_s = now_s
        self._forget()

    def _forget(self) -> None:
        """What the loss of power takes: the buffer of tasks and the mode."""
        self._stream = AtolHostStream()
        self._gap = ByteGap(BYTE_GAP_S)
        self._outbox = Outbox(self._faults, late_s=LATE_S, overtaken=True, junk=b"\x00\xfd\x31")
        self._tasks: dict[int, tuple[float, bytes, bool]] = {}  # when its result is there, the result, told by itself
        self._mode = 0
        self._tlv = b""
        self._paid_minor = [0] * 5

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
            self._stream = AtolHostStream()
        for packet, data in self._stream.split(chunk):
            self._hear(packet, data, now_s)
            if self._is_off():
                return b""
        self._tell_by_itself(now_s)
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the power."""
        if self._off_until_s is not None:
            return self._off_until_s
        return min(self._now_s + 0.2, self._outbox.wakes_at_s())

    def memory(self) -> dict[str, Any]:
        """What outlives the power."""
        return self.drive.memory()

    def _is_off(self) -> bool:
        return self._off_until_s is not None

    def _hear(self, packet: int, data: bytes, now_s: float) -> None:
        command = f"{data[5]:02x}" if data[0] == 0xC1 and len(data) > 5 else f"{data[0]:02x}"
        if self._faults.take("lost_packet", command):
            return
        if self._faults.take("power_cut_before", command):
            self._cut_power(POWER_OFF_S, now_s)
            return
        answer = self._obey(data, now_s)
        if self._faults.take("power_cut_after", command):
            self._cut_power(POWER_OFF_S, now_s)
            return
        self._outbox.say(atol_frame(packet, answer), now_s, command, answer_s=ANSWER_S)

    def _obey(self, data: bytes, now_s: float) -> bytes:
        if data[0] == 0xC4:
            self._tasks.clear()
            return b"\xa3"
        if data[0] == 0xC1 and len(data) >= 6:
            return self._add(data[2], data[3:], now_s)
        if data[0] in (0xC2, 0xC3) and len(data) == 2:
            return self._task(data[1], now_s, forget=data[0] == 0xC2)
        return b"\xb4\x00"

    def _add(self, task: int, data: bytes, now_s: float) -> bytes:
        if task in self._tasks:
            return b"\xb2"
        if len(self._tasks) >= 16:
            return b"\xb1"
        result = self._command(data[2], data[3:], now_s)
        slow_s = 3.0 if self._faults.take("slow", f"{data[2]:02x}") else WORK_S
        self._tasks[task] = (now_s + slow_s, result, self._faults.take("async", f"{data[2]:02x}"))
        return b"\xa1"

    def _task(self, task: int, now_s: float, *, forget: bool) -> bytes:
        if task not in self._tasks:
            return b"\xb3"
        ready_s, result, _ = self._tasks[task]
        if now_s < ready_s:
            return b"\xa2"
        if forget:
            del self._tasks[task]
            return b"\xa3"
        return b"\xa3" + result

    def _tell_by_itself(self, now_s: float) -> None:
        for task, (ready_s, result, alone) in list(self._tasks.items()):
            if alone and now_s >= ready_s:
                self._tasks[task] = (ready_s, result, False)
                self._outbox.put(atol_frame(0xF0, bytes((0xA6, task)) + result), now_s)

    def _cut_power(self, off_s: float, now_s: float) -> None:
        self._forget()
        self.drive.power_lost()
        self.drive.waits_to_continue = False  # this one goes on by itself
        self._off_until_s = now_s + off_s

    # --- commands ----------------------------------------------------------------------------------------------

    def _command(self, code: int, parameters: bytes, now_s: float) -> bytes:
        drive = self.drive
        if code == 0x3F:
            return self._status(now_s)
        if code == 0x45:
            return bytes((0x55, self._mode, 0 if drive.paper else 1))
        if code == 0xA5:
            return bytes((0, 1, 1, 0x4C, 0x10, 0)) + bytes.fromhex("0300002195") + TITLE.encode("cp866")
        if code == 0xA4:
            return b"\x55" + self._ask_drive(parameters[0], parameters[1:])
        if self._faults.take("error", f"{code:02x}"):
            return b"\x55\x67\x00"
        return bytes((0x55, self._change(code, parameters, now_s), 0))

    def _change(self, code: int, parameters: bytes, now_s: float) -> int:
        """The error code."""
        drive = self.drive
        if code == 0x48:
            self._mode = 0
            return 0
        if code == 0x56:
            if parameters[0] == 1 and drive.shift_expired(now_s):
                return 0x88
            self._mode = parameters[0]
            return 0
        if code == 0x5A:
            if self._mode != 3:
                return 0x66
            if not drive.shift_open:
                return 0x9D
            drive.close_shift(now_s)
            return 0
        if self._mode != 1:
            return 0x66
        if code == 0x9A:
            if drive.shift_open:
                return 0x9C
            drive.open_shift(now_s)
            return 0
        if code == 0x92:
            return self._open_receipt(parameters, now_s)
        if drive.receipt is None:
            return 0x9A
        return self._fill(code, parameters, drive.receipt, now_s)

    def _open_receipt(self, parameters: bytes, now_s: float) -> int:
        drive = self.drive
        if drive.receipt is not None:
            return 0x9B
        if not drive.shift_open:
            return 0x9D
        if drive.shift_expired(now_s):
            return 0x88
        if not drive.paper:
            return 0x67
        drive.receipt = OpenReceipt(operation={1: 1, 2: 2, 4: 3, 5: 4}[parameters[1]])
        self._paid_minor = [0] * 5
        return 0

    def _fill(self, code: int, parameters: bytes, receipt: OpenReceipt, now_s: float) -> int:
        if code == 0x59:
            self.drive.receipt = None
        elif code == 0xE8:
            receipt.tags.append([int.from_bytes(parameters[3:5], "little"), parameters[7:].hex()])
        elif code == 0xEB:
            receipt.lines.append(
                {
                    "price_minor": number(parameters[1:8]),
                    "quantity_millionths": number(parameters[8:13]) * 1000,
                    "amount_minor": number(parameters[13:20]),
                    "tax": parameters[20],
                    "subject": number(parameters[29:30]),
                    "method": number(parameters[30:31]),
                    "name": parameters[41:].decode("cp866"),
                }
            )
        elif code in (0x99, 0x4A):
            self._paid_minor[number(parameters[1:2]) - 1] += number(parameters[2:7])
            if code == 0x4A:
                if sum(self._paid_minor) < receipt.total_minor:
                    return 0xA4
                self.drive.close_receipt(list(self._paid_minor), now_s)
                self.drive.print_rows(20, now_s)
        return 0

    def _ask_drive(self, question: int, parameters: bytes) -> bytes:
        if question == 0x45:
            document = self.drive.find(int.from_bytes(parameters[:4], "little"))
            if document is None:
                return b"\x08"
            self._tlv = self.drive.stored_tlv(document)
            return b"\x00" + low(document.kind, 2) + low(len(self._tlv), 2)
        if question == 0x46:
            piece, self._tlv = self._tlv[:PIECE], self._tlv[PIECE:]
            return b"\x00" + piece if piece else b"\x08"
        return drive_answer(self.drive, question, parameters)

    def _status(self, now_s: float) -> bytes:
        drive = self.drive
        at = drive.at(now_s)
        clock = b"".join(bcd(int(at[left : left + 2]), 1) for left in (2, 4, 6, 9, 11)) + b"\x00"
        flags = 0x41 | (0x02 if drive.shift_open else 0) | (0x08 if drive.paper else 0)
        closed_shift = drive.shift - drive.shift_open
        receipt = drive.receipt
        total = 0 if receipt is None else receipt.total_minor
        head = b"\x44\x01\x01" + clock + bytes((flags,)) + bcd(SERIAL, 4) + b"\x4c30" + bytes((self._mode,))
        tail = bytes((0 if receipt is None else receipt.operation,)) + bcd(total, 5) + b"\x02\x04"
        return head + bcd(drive.receipts_in_shift(), 2) + bcd(closed_shift, 2) + tail

    # --- the hand ----------------------------------------------------------------------------------------------

    def control(self, request: Request, now_s: float) -> Answer:
        """paper, power_cut, fault, state."""
        self._now_s = now_s
        self.drive.advance(now_s)
        verb = request.get("do")
        if verb == "paper":
            self.drive.set_paper(flag(request, "present"), now_s)
            if self.drive.paper:
                self.drive.go_on(now_s)
        elif verb == "power_cut":
            self._cut_power(number_of(request, "off_s", POWER_OFF_S, 0, 3600), now_s)
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a fiscal register cannot {verb!r}")
        return {"ok": True, **self.drive.describe(), "faults": self._faults.describe()}
