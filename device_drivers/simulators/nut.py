"""A simulated upsd with one UPS behind it, with its own codec. Pure."""

from __future__ import annotations

from device_drivers.simulators.core import Answer, Request, SimulatorError
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox

NAME = "kiosk"
ANSWER_S = 0.01
LINE_SIZE_MAX = 1024
LATE_S = 6.0
FAULTS = WIRE_FAULTS | {"stale", "driver_gone", "unknown_ups", "denied"}
_REFUSALS = {
    "stale": "DATA-STALE",
    "driver_gone": "DRIVER-NOT-CONNECTED",
    "unknown_ups": "UNKNOWN-UPS",
    "denied": "ACCESS-DENIED",
}


class UpsdSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._values = {
            "ups.status": "OL CHRG",
            "battery.charge": "100",
            "battery.runtime": "1800.0",
            "ups.model": 'Back-UPS \\"650\\"',
            "ups.serial": "AS1234",
        }
        self._faults = FaultPlan(FAULTS)
        self._bytes = b""
        self._outbox = Outbox(self._faults, late_s=LATE_S, overtaken=True, junk=b'\xff\x00 VAR "open\n\n', spoils=0)

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the client; what leaves by now."""
        self._bytes += chunk
        while b"\n" in self._bytes:
            line, self._bytes = self._bytes.split(b"\n", 1)
            self._hear(line.decode(errors="replace"), now_s)
        self._bytes = self._bytes[-LINE_SIZE_MAX:]
        return self._outbox.take_due(now_s)

    def _hear(self, line: str, now_s: float) -> None:
        self.heard = [*self.heard[-999:], line]
        self._outbox.say(self._answer(line), now_s, answer_s=ANSWER_S)

    def _answer(self, line: str) -> bytes:
        for fault, words in _REFUSALS.items():
            if self._faults.take(fault):
                return f"ERR {words}\n".encode()
        if line == "LIST UPS":
            return f'BEGIN LIST UPS\nUPS {NAME} "a test"\nEND LIST UPS\n'.encode()
        verb, _, rest = line.partition("GET VAR ")
        ups, _, name = rest.partition(" ")
        if verb or not rest:
            return b"ERR UNKNOWN-COMMAND\n"
        if ups != NAME:
            return b"ERR UNKNOWN-UPS\n"
        if name not in self._values:
            return b"ERR VAR-NOT-SUPPORTED\n"
        return f'VAR {NAME} {name} "{self._values[name]}"\n'.encode()

    def wakes_at_s(self) -> float:
        """The next answer to leave."""
        return self._outbox.wakes_at_s()

    def control(self, request: Request, now_s: float) -> Answer:
        """set (`name`, `value`; an empty value takes the variable away), fault, state."""
        verb = request.get("do")
        if verb == "set":
            name, value = str(request.get("name", "")), str(request.get("value", ""))
            self._values = {key: old for key, old in self._values.items() if key != name}
            if value:
                self._values[name] = value
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a UPS cannot {verb!r}")
        return {"ok": True, "values": dict(self._values), "faults": self._faults.describe()}

    def memory(self) -> None:
        """Nothing worth keeping."""
