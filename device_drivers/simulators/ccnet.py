"""A simulated CCNET bill validator: its wire, its mechanics by the clock, its cassette. Pure.

The wire (`feed`) answers commands and tells the truth late, twice, damaged or not at all, as `faults` say.
The mechanics (`note_mechanics.py`) move one note; what lies in the cassette there is the oracle of tests.
"""

from __future__ import annotations

from typing import Any

from device_drivers.simulators import note_hand
from device_drivers.simulators.byte_gap import ByteGap
from device_drivers.simulators.core import Answer, Request
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.note_mechanics import BILL_TYPES, RUBLES_OF_TYPE, Mechanics
from device_drivers.simulators.outbox import ANSWER_DELAY_S, WIRE_FAULTS, Outbox
from device_drivers.simulators.wire import CcnetHostStream, ccnet_bill_word, ccnet_frame

ACK, NAK, ILLEGAL = b"\x00", b"\xff", b"\x30"
BUSY_TENTHS = 2
BYTE_GAP_S = 0.1  # longer than any pause inside a frame of the paper
FAULTS = WIRE_FAULTS | {"nak", "illegal", "busy", "lost_ack"}
JUNK = b"\x00\xff\x02\x03\x20\x7f"
_NAMES = {
    0x30: "reset",
    0x31: "get_status",
    0x32: "set_security",
    0x33: "poll",
    0x34: "enable",
    0x35: "stack",
    0x36: "return",
    0x37: "identification",
    0x38: "hold",
    0x41: "table",
    0x51: "get_crc32",
}
_IDENTIFICATION = b"SIM-RU1408     " + b"000000000001" + bytes(7)


class CcnetSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(self, memory: dict[str, Any] | None = None, *, initialize_s: float = 2.0, now_s: float = 0.0) -> None:
        self._mechanics = Mechanics(memory, initialize_s=initialize_s, now_s=now_s)
        self._stream = CcnetHostStream()
        self._gap = ByteGap(BYTE_GAP_S)
        self._faults = FaultPlan(FAULTS)
        self._outbox = Outbox(self._faults, junk=JUNK)
        self._last_answer = b""
        self._answered_end = False  # an 81 or 82 waits for the host's ACK

    # --- the wire ----------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._mechanics.advance(now_s)
        if not self._mechanics.powered:
            self._stream = CcnetHostStream()
            self._outbox.clear()
            return b""
        if self._gap.is_over(chunk, now_s):
            self._stream = CcnetHostStream()
        for data in self._stream.split(chunk):
            self._hear(data, now_s)
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the next movement."""
        return min(self._mechanics.wakes_at_s(), self._outbox.wakes_at_s())

    def memory(self) -> dict[str, Any]:
        """What outlives the power: the cassette and where the note lies."""
        return self._mechanics.memory()

    def _hear(self, data: bytes | None, now_s: float) -> None:
        if data is None:
            self._say(NAK, now_s)
        elif data == NAK:
            self._outbox.put(ccnet_frame(self._last_answer), now_s + ANSWER_DELAY_S)
        elif data == ACK:
            if self._answered_end and not self._faults.take("lost_ack"):
                self._mechanics.end_delivered(now_s)
            self._answered_end = False
        else:
            self._answered_end = False
            self._answer(data, now_s)

    def _answer(self, data: bytes, now_s: float) -> None:
        name = _NAMES.get(data[0], "unknown")
        if self._faults.take("nak", name):
            self._say(NAK, now_s)
        elif self._faults.take("illegal", name):
            self._say(ILLEGAL, now_s)
        elif name == "poll" and self._faults.take("busy", name):
            self._say(bytes((0x1B, BUSY_TENTHS)), now_s, name)
        else:
            self._say(self._obey(name, data, now_s), now_s, name)

    def _obey(self, name: str, data: bytes, now_s: float) -> bytes:
        mechanics = self._mechanics
        if name == "poll":
            answer = mechanics.poll_answer()
            self._answered_end = answer[0] in (0x81, 0x82)
            return answer
        if name == "identification" and mechanics.at_rest():
            return _IDENTIFICATION
        if name == "table" and mechanics.at_rest():
            return b"".join(ccnet_bill_word(RUBLES_OF_TYPE.get(at, 0)) for at in range(BILL_TYPES))
        if name == "get_status":
            return mechanics.enabled_mask.to_bytes(3, "big") + bytes(3)
        if name == "set_security" and len(data) == 4:
            return ACK
        if name == "enable" and len(data) == 7:
            done = mechanics.enable(int.from_bytes(data[1:4], "big"), int.from_bytes(data[4:7], "big"), now_s)
            return ACK if done else ILLEGAL
        verbs = {
            "reset": mechanics.reset,
            "stack": mechanics.stack,
            "return": mechanics.give_back,
            "hold": mechanics.hold,
        }
        if name in verbs and len(data) == 1:
            return ACK if verbs[name](now_s) else ILLEGAL
        return ILLEGAL

    def _say(self, data: bytes, now_s: float, to: str = "") -> None:
        self._last_answer = data
        self._outbox.say(ccnet_frame(data), now_s, to)

    # --- the hand ----------------------------------------------------------------------------------------------

    def control(self, request: Request, now_s: float) -> Answer:
        """What a person's hand does."""
        self._mechanics.advance(now_s)
        answer = note_hand.move(self._mechanics, self._faults, request, now_s)
        if request.get("do") == "power_cut":
            self._outbox.clear()
        return answer
