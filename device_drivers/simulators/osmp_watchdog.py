"""A simulated OSMP watchdog board of any generation, with its own codec: it counts restarts instead of making them."""

from __future__ import annotations

from typing import Any

from device_drivers.simulators.core import Answer, Request, SimulatorError, flag, number
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox

NAMES = {"1": b"WDT OSMP v1.00", "2": b"WDT OSMP v2.00", "2.5": b"OSMP WDT 2.5.07", "stod": b"STODSIM"}
OLD_TIMEOUT_S = 1500.0
SERIAL = b"\x01\x02\x00\x12\x34\x56"
FAULTS = WIRE_FAULTS


class OsmpWatchdogSimulator:
    """Implements `DeviceSimulator`. `restarts` are the times at which the computer would have been switched."""

    def __init__(self, memory: dict[str, Any] | None = None, *, generation: str = "2.5") -> None:
        if generation not in NAMES:
            raise SimulatorError(f"a generation is one of {', '.join(NAMES)}")
        self._generation = generation
        self._faults = FaultPlan(FAULTS)
        self._outbox = Outbox(self._faults, late_s=0.6, junk=b"\xa5\x00\xff\x55")
        self._bytes = b""
        self._timeout_s = 30.0 if generation == "2.5" else OLD_TIMEOUT_S
        self._bites_at_s: float | None = None
        self._silent = False
        self._off_until_s = 0.0
        self.heard: list[str] = []
        self.restarts: list[float] = list((memory or {}).get("restarts", []))
        self._door = False

    # --- the wire ----------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        if now_s < self._off_until_s:
            return b""
        if self._bites_at_s is not None and now_s >= self._bites_at_s:
            self._restart(self._bites_at_s)
        self._bytes += chunk
        while self._bytes:
            taken = self._take_framed(now_s) if self._generation == "2.5" else self._take_bare(now_s)
            if not taken:
                break
            self._bytes = self._bytes[taken:]
        return self._outbox.take_due(now_s)

    def _take_framed(self, now_s: float) -> int:
        """How many bytes are done with; 0: the rest is still on the wire."""
        if self._bytes[0] != 0xA5:
            return 1
        if len(self._bytes) < 3 or len(self._bytes) < 4 + self._bytes[2]:
            return 0
        size = 4 + self._bytes[2]
        if sum(self._bytes[:size]) % 256:
            return 1
        self._obey(self._bytes[1], self._bytes[3 : size - 1], now_s)
        return size

    def _take_bare(self, now_s: float) -> int:
        if not b"OS".startswith(self._bytes[:2]):
            return 1
        if len(self._bytes) < 4:
            return 0
        if self._bytes[:4] == b"OSTR" and self._generation == "stod":
            self._note("OSTR")
            self._restart(now_s)
        elif self._bytes[:3] == b"OSP":
            self._obey_bare(self._bytes[3], now_s)
        return 4

    def _obey(self, command: int, data: bytes, now_s: float) -> None:
        self._note(f"{command:02x}{data.hex()}")
        answer = {0x00: NAMES["2.5"], 0x01: SERIAL}.get(command, b"")
        if command == 0x03 and data[:1] == b"\x02":
            self._timeout_s = float(data[1])
        elif command in (0x03, 0x05):
            self._arm(now_s, starts=command == 0x03)
        elif command == 0x04:
            self._bites_at_s = None
        elif command == 0x0C and not data:
            self._restart(now_s)
        self._say(framed(command, answer), f"{command:02x}", now_s)

    def _obey_bare(self, command: int, now_s: float) -> None:
        self._note(f"OSP{command:02x}")
        if command == (0x09 if self._generation == "stod" else 0x01):
            self._say(NAMES[self._generation], "01", now_s)
        elif command in (0x03, 0x05):
            self._arm(now_s, starts=command == 0x03)
        elif command == 0x04:
            self._bites_at_s = None
        elif command == 0x07 and self._generation == "2":
            door = 0x20 | (0x40 if self._door else 0)
            self._say(bytes((door, 0x1A, 0x00, 0x00)), "07", now_s)
        elif command == 0xAE and self._generation != "stod":
            self._restart(now_s)
            self._say(b"\x06", "ae", now_s)

    def _say(self, wire: bytes, to: str, now_s: float) -> None:
        if not self._silent:
            self._outbox.say(wire, now_s, to)

    def _arm(self, now_s: float, *, starts: bool) -> None:
        if starts or self._bites_at_s is not None:
            self._bites_at_s = now_s + self._timeout_s

    def _restart(self, at_s: float) -> None:
        self.restarts.append(at_s)
        self._bites_at_s = None

    def _note(self, what: str) -> None:
        self.heard = [*self.heard[-999:], what]

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the moment the timer bites."""
        bites_s = float("inf") if self._bites_at_s is None else self._bites_at_s
        return min(self._outbox.wakes_at_s(), bites_s)

    def memory(self) -> dict[str, Any]:
        """How often it switched the computer."""
        return {"restarts": self.restarts}

    # --- the hand ----------------------------------------------------------------------------------------------

    def control(self, request: Request, now_s: float) -> Answer:
        """door (`open`), silent (`silent`), power_cut, fault, state."""
        verb = request.get("do")
        if verb == "door":
            self._door = flag(request, "open")
        elif verb == "silent":
            self._silent = flag(request, "silent")
        elif verb == "power_cut":
            self._off_until_s = now_s + number(request, "off_s", 0.5, 0, 3600)
            self._outbox.clear()
            self._bytes, self._bites_at_s = b"", None
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a watchdog cannot {verb!r}")
        return {
            "ok": True,
            "running": self._bites_at_s is not None,
            "restarts": len(self.restarts),
            "faults": self._faults.describe(),
        }


def framed(command: int, data: bytes = b"") -> bytes:
    """A frame of generation 2.5 in the simulator's own words."""
    total = (0xA5 + command + len(data) + sum(data)) % 256
    return bytes((0xA5, command, len(data), *data, (256 - total) % 256))
