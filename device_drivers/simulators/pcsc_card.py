"""A simulated card in vsmartcard's virtual reader: its length-prefixed wire, and the card behind it. Pure.

Source: PC/SC paper, "Virtual card wire protocol". The card connects to the reader; hanging up takes it out.
"""

from __future__ import annotations

from device_drivers.simulators.core import Answer, Request, SimulatorError
from device_drivers.simulators.faults import FaultPlan

POWER_OFF, POWER_ON, RESET, ASK_ATR = 0x00, 0x01, 0x02, 0x04
ATR = bytes.fromhex("3b8f8001804f0ca000000306030001000000006a")  # a contactless card of ISO 14443 behind PC/SC
UID = bytes.fromhex("04a1b2c3d4e580")
FAULTS = frozenset({"no_uid", "cut_answer"})


class VirtualCard:
    """Implements `DeviceSimulator`."""

    def __init__(self, uid: bytes = UID, atr: bytes = ATR) -> None:
        self.heard: list[bytes] = []  # every command, the oracle of "a probe changes nothing"
        self._uid, self._atr = uid, atr
        self._bytes = b""
        self._faults = FaultPlan(FAULTS)

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the reader; the card's answers."""
        self._bytes += chunk
        out = b""
        while len(self._bytes) >= 2:
            size = self._bytes[0] * 256 + self._bytes[1]
            if len(self._bytes) < 2 + size:
                break
            body, self._bytes = self._bytes[2 : 2 + size], self._bytes[2 + size :]
            if (answer := self._hear(body)) is not None:
                out += bytes((len(answer) >> 8, len(answer) & 0xFF)) + answer
        return out

    def _hear(self, body: bytes) -> bytes | None:
        if len(body) == 1:
            return self._atr if body[0] == ASK_ATR else None
        self.heard.append(body)
        if self._faults.take("cut_answer"):
            return b"\x90"
        if body[:2] == b"\xff\xca":
            return b"\x6a\x81" if self._faults.take("no_uid") else self._uid + b"\x90\x00"
        if body[:2] == b"\x00\xa4":
            return b"\x6a\x82"  # no such application
        return b"\x6d\x00"  # no such command

    def wakes_at_s(self) -> float:
        """A card speaks only when asked."""
        return float("inf")

    def control(self, request: Request, now_s: float) -> Answer:
        """fault, state."""
        if request.get("do") == "fault":
            self._faults.add(request)
        elif request.get("do") != "state":
            raise SimulatorError(f"a card cannot {request.get('do')!r}")
        return {"ok": True, "heard": [body.hex() for body in self.heard], "faults": self._faults.describe()}

    def memory(self) -> None:
        """Nothing worth keeping."""
