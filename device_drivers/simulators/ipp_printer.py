"""A simulated print service with one A4 printer, with its own IPP. It answers whole requests, as HTTP carries them."""

from __future__ import annotations

import struct

from device_drivers.simulators.core import Answer, Request, SimulatorError, number
from device_drivers.simulators.faults import FaultPlan

FAULTS = frozenset({"unreachable", "silent", "junk", "cut_answer", "refuse", "abort"})
PRINT_S = 3.0
PENDING, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = 3, 5, 6, 7, 8, 9
TEXT, INTEGER, ENUM, BOOLEAN, KEYWORD = 0x41, 0x21, 0x23, 0x22, 0x44


class UnreachableError(Exception):
    """Nobody listens: the request was not heard."""


class SilentError(Exception):
    """The request was heard, and nothing comes back."""


class IppPrinterSimulator:
    """A queue, its jobs and its paper. `printed` is what lies in the tray."""

    def __init__(self) -> None:
        self.printed: list[bytes] = []
        self.cancelled: list[int] = []
        self.heard: list[int] = []  # operations
        self._faults = FaultPlan(FAULTS)
        self._reasons: tuple[str, ...] = ("none",)
        self._jobs: dict[int, tuple[int, float, bytes]] = {}  # state, when it ends, document

    def answer(self, request: bytes, now_s: float) -> bytes:
        """The answer to one request.

        Raises:
            UnreachableError, SilentError: there is none.
        """
        if self._faults.take("unreachable"):
            raise UnreachableError
        self._work(now_s)
        operation, request_id = struct.unpack(">HI", request[2:8])
        self.heard.append(operation)
        body = self._obey(operation, request, now_s)
        if self._faults.take("silent"):
            raise SilentError
        if self._faults.take("junk"):
            return b"<html>busy</html>"
        wire = b"\x02\x00" + struct.pack(">HI", body[0], request_id) + b"\x01\x04" + body[1] + b"\x03"
        return wire[: len(wire) // 2] if self._faults.take("cut_answer") else wire

    def _obey(self, operation: int, request: bytes, now_s: float) -> tuple[int, bytes]:
        if operation == 0x000B:
            reasons = b"".join(
                _attribute(KEYWORD, "printer-state-reasons" if at == 0 else "", reason.encode())
                for at, reason in enumerate(self._reasons)
            )
            model = _attribute(TEXT, "printer-make-and-model", b"Kiosk Laser A4")
            taking = _attribute(BOOLEAN, "printer-is-accepting-jobs", b"\x01")
            return 0, _attribute(ENUM, "printer-state", struct.pack(">i", 3)) + reasons + model + taking
        if operation == 0x0002:
            if self._faults.take("refuse"):
                return 0x040A, b""
            job = len(self._jobs) + 1
            document = request[request.index(b"%PDF-") :]
            self._jobs[job] = (PROCESSING, now_s + PRINT_S, document)
            return 0, _attribute(INTEGER, "job-id", struct.pack(">i", job))
        at = request.index(b"\x00\x06job-id\x00\x04") + 10
        job = struct.unpack(">i", request[at : at + 4])[0]
        if job not in self._jobs:
            return 0x0406, b""
        state, ends_s, document = self._jobs[job]
        if operation == 0x0008 and state in (PENDING, PROCESSING, STOPPED):
            self.cancelled.append(job)
            self._jobs[job] = (CANCELED, ends_s, document)
        return 0, _attribute(ENUM, "job-state", struct.pack(">i", state))

    def _work(self, now_s: float) -> None:
        for job, (state, ends_s, document) in self._jobs.items():
            if state == PROCESSING and self._faults.take("abort"):
                self._jobs[job] = (ABORTED, ends_s, document)
            elif state == PROCESSING and now_s >= ends_s and self._reasons == ("none",):
                self.printed.append(document)
                self._jobs[job] = (COMPLETED, ends_s, document)

    def control(self, request: Request, now_s: float) -> Answer:
        """reasons (`reasons`: words of the printer, apart by blanks), fault, state."""
        verb = request.get("do")
        if verb == "reasons":
            self._reasons = tuple(str(request.get("reasons", "")).split()) or ("none",)
        elif verb == "fault":
            number(request, "count", 1, 0, 100_000)
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a document printer cannot {verb!r}")
        return {"ok": True, "printed": len(self.printed), "faults": self._faults.describe()}


def _attribute(tag: int, name: str, value: bytes) -> bytes:
    return bytes((tag,)) + struct.pack(">H", len(name)) + name.encode() + struct.pack(">H", len(value)) + value
