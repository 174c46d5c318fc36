"""A simulated ESC/POS receipt printer: its own decoder, its buffer, its paper. Pure.

Real-time questions (DLE EOT) are answered as they come; everything else waits in the buffer and is printed at the
speed of the mechanism, which stops for an open cover, a missing roll or a broken knife.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Any

from device_drivers.simulators.core import Answer, Request, SimulatorError, flag, number
from device_drivers.simulators.escpos_rows import PrintHead, Row, rows_high
from device_drivers.simulators.escpos_wire import EscposStream, Token
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox

ROWS_PER_S = 25.0
CUT_S = 0.4
BUFFER_SIZE = 4096
XOFF_AT, XON_AT = 3072, 1024
XON, XOFF = b"\x11", b"\x13"
LATE_S = 3.0
FAULTS = WIRE_FAULTS | {"paper_end_after_rows", "cutter", "retract", "eject"}
MODEL, SERIAL = b"_SIM-80\x00", b"_000000000002\x00"


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """One piece of paper that fell out."""

    number: int
    rows: tuple[Row, ...]


class EscposSimulator:
    """Implements `DeviceSimulator`; slips come out of `take_slips`."""

    def __init__(
        self,
        *,
        rows_per_s: float = ROWS_PER_S,
        flow_control: bool = True,
        first_number: int = 1,
        presenter: bool = False,
        back_always: bool = False,
    ) -> None:
        """`back_always`: a switch inside has the status told unasked, whatever the host says."""
        self._row_s = 1.0 / rows_per_s
        self._flow_control = flow_control
        self._stream = EscposStream()
        self._faults = FaultPlan(FAULTS)
        self._buffer: deque[Token] = deque()
        self._head = PrintHead()
        self._rows: list[Row] = []
        self._slips: list[PrintedSlip] = []
        self._next_number = first_number
        self._printed = 0
        self._paper, self._cover_open, self._cutter_broken, self._powered = "ok", False, False, True
        self._free_s = 0.0  # when the mechanism is done with what it does
        self._rows_left: int | None = None  # until the roll ends
        self._xoff = False
        self._outbox = Outbox(self._faults, late_s=LATE_S, junk=b"\xff\x55")
        self._now_s = 0.0
        self._has_presenter = presenter
        self._outlet = False  # a slip is held out
        self._retracted = self._dropped = self._taken = 0
        self._back_always, self._back = back_always, back_always
        self._told_back = b""

    # --- the wire ----------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what the printer says by now."""
        self._now_s = now_s
        if not self._powered:
            return b""
        for token in self._stream.split(chunk):
            if token.name == "status":
                self._say(bytes((self._status(token.parameter),)))
            elif token.name == "full_status":
                self._tell_full_status()
            elif self._waiting() + token.buffer_size <= BUFFER_SIZE:
                self._buffer.append(token)  # what does not fit is lost, as on a real one
        self._work(now_s)
        self._tell_back()
        self._pace()
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """When the mechanism is free for the next command."""
        free_s = self._free_s if self._buffer and not self._stopped() else math.inf
        return min(free_s, self._outbox.wakes_at_s())

    def memory(self) -> None:
        """A printer remembers nothing."""

    def take_slips(self) -> list[PrintedSlip]:
        """Slips cut since the last call."""
        slips, self._slips = self._slips, []
        return slips

    def _say(self, data: bytes) -> None:
        self._outbox.say(data, self._now_s, answer_s=0.0)

    def _status(self, n: int) -> int:
        stopped = self._stopped()
        if n == 1:
            return 0x12 | (0x08 if stopped else 0)
        if n == 2:
            error = 0x40 if self._cutter_broken else 0
            return 0x12 | (0x04 if self._cover_open else 0) | (0x20 if self._paper == "out" else 0) | error
        if n == 3:
            return 0x12 | (0x08 if self._cutter_broken else 0)
        return 0x12 | {"ok": 0, "low": 0x0C, "out": 0x6C}[self._paper]

    def _tell_full_status(self) -> None:
        """The Custom one: head, paper, user, recoverable, unrecoverable."""
        paper = {"ok": 0, "low": 0x04, "out": 0x05}[self._paper] | (0x20 if self._outlet else 0)
        user = 0x02 if self._cover_open else 0
        if self._has_presenter:
            self._say(bytes((0x10, 0x0F, paper, user, 0, 0x01 if self._cutter_broken else 0)))

    def _tell_back(self) -> None:
        """The status told unasked (GS a), when it is another one than before."""
        first = 0x10 | (0x08 if self._stopped() else 0) | (0x20 if self._cover_open else 0)
        paper = {"ok": 0, "low": 0x03, "out": 0x0F}[self._paper]
        status = bytes((first, 0x08 if self._cutter_broken else 0, paper, 0x0F))
        if self._back and status != self._told_back:
            self._told_back = status
            self._outbox.put(status, self._now_s)

    def _stopped(self) -> bool:
        return self._cover_open or self._cutter_broken or self._paper == "out"

    def _waiting(self) -> int:
        return sum(token.buffer_size for token in self._buffer)

    def _pace(self) -> None:
        waiting = self._waiting()
        if self._flow_control and not self._xoff and waiting > XOFF_AT:
            self._xoff = True
            self._outbox.put(XOFF, self._now_s)
        elif self._xoff and waiting < XON_AT:
            self._xoff = False
            self._outbox.put(XON, self._now_s)

    # --- the mechanism -----------------------------------------------------------------------------------------

    def _work(self, now_s: float) -> None:
        while self._buffer and not self._stopped() and self._free_s <= now_s:
            self._free_s = max(self._free_s, now_s - self._row_s) + self._do(self._buffer.popleft())

    def _do(self, token: Token) -> float:
        """Carries out one command; answers how long it takes."""
        if token.name == "cut":
            return self._cut()
        if token.name == "marker":
            self._say(bytes((0x03 if self._paper == "low" else 0x00,)))
        elif token.name == "status_back":
            self._back, self._told_back = self._back_always or token.parameter != 0, b""
        elif token.name in ("retract", "eject"):
            self._clear_outlet(token.name)
        elif token.name == "identify":
            self._say({0x43: MODEL, 0x44: SERIAL}.get(token.parameter, b"_\x00"))
        rows = self._head.take(token)
        for row in rows:
            self._on_paper(row)
        return self._row_s * sum(map(rows_high, rows))

    def _on_paper(self, row: Row) -> None:
        if self._rows_left is not None:
            self._rows_left -= 1
            if self._rows_left <= 0:
                self._paper, self._rows_left = "out", None
        self._rows.append(row)

    def _cut(self) -> float:
        if self._faults.take("cutter"):
            self._cutter_broken = True
            return CUT_S
        if self._rows:
            self._slips.append(PrintedSlip(self._next_number, tuple(self._rows)))
            self._next_number, self._printed, self._rows = self._next_number + 1, self._printed + 1, []
            self._outlet = self._has_presenter
        return CUT_S

    def _clear_outlet(self, way: str) -> None:
        if self._outlet and not self._faults.take(way):
            self._outlet = False
            self._retracted += way == "retract"
            self._dropped += way == "eject"

    # --- the hand ----------------------------------------------------------------------------------------------

    def control(self, request: Request, now_s: float) -> Answer:
        """paper, cover, clear, take (the slip from the presenter), power, fault, state."""
        verb = request.get("do")
        if verb == "paper":
            self._change_paper(str(request.get("state")))
        elif verb == "cover":
            self._cover_open = flag(request, "open")
        elif verb == "clear":
            self._cutter_broken = False
        elif verb == "take":
            if not self._outlet:
                raise SimulatorError("nothing lies in the outlet")
            self._outlet, self._taken = False, self._taken + 1
        elif verb == "power":
            self._switch(flag(request, "on"))
        elif verb == "fault" and request.get("name") == "paper_end_after_rows":
            self._rows_left = int(number(request, "count", 1, 1, 10_000))
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a receipt printer cannot {verb!r}")
        self._free_s = max(self._free_s, now_s)
        return {"ok": True, **self._describe(), "faults": self._faults.describe()}

    def _change_paper(self, state: str) -> None:
        if state not in ("ok", "low", "out"):
            raise SimulatorError("paper is ok, low or out")
        self._paper = state

    def _switch(self, on: bool) -> None:
        """Without power the buffer is forgotten; what is on paper stays."""
        self._powered = on
        if not on:
            self._buffer.clear()
            self._outbox.clear()
            self._stream, self._head, self._xoff = EscposStream(), PrintHead(), False
            self._back, self._told_back = self._back_always, b""

    def _describe(self) -> dict[str, Any]:
        return {
            "powered": self._powered,
            "paper": self._paper,
            "cover_open": self._cover_open,
            "cutter_broken": self._cutter_broken,
            "printed": self._printed,
            "in_outlet": self._outlet,
            "taken": self._taken,
            "retracted": self._retracted,
            "dropped": self._dropped,
            "rows_uncut": len(self._rows),
            "buffer_size": self._waiting(),
        }
