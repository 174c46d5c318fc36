"""A simulated CCNET bill validator: its wire, its mechanics by the clock, its cassette. Pure.

The wire (`feed`) answers commands and tells the truth late, twice, damaged or not at all, as `faults` say.
The mechanics (`note_mechanics.py`) move one note; what lies in the cassette there is the oracle of tests.
"""

from __future__ import annotations

from typing import Any

from device_drivers.simulators.note_mechanics import BILL_TYPES, RUBLES_OF_TYPE, Mechanics
from device_drivers.simulators.core import Answer, Request, SimulatorError, flag, number
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.wire import CcnetHostStream, ccnet_bill_word, ccnet_frame

ACK, NAK, ILLEGAL = b"\x00", b"\xff", b"\x30"
ANSWER_DELAY_S = 0.005
LATE_ANSWER_S = 0.4  # beyond the time-out of any host
BUSY_TENTHS = 2

FAULTS = frozenset(
    {
        "bad_crc",
        "lost_answer",
        "late_answer",
        "doubled_answer",
        "junk",
        "nak",
        "illegal",
        "busy",
        "lost_ack",
        "cut_frame",
    }
)
_NAMES = {
    0x30: "reset",
    0x31: "get_status",
    0x32: "set_security",
    0x33: "poll",
    0x34: "enable_bill_types",
    0x35: "stack",
    0x36: "return",
    0x37: "identification",
    0x38: "hold",
    0x41: "get_bill_table",
    0x51: "get_crc32",
}
_IDENTIFICATION = b"SIM-RU1408     " + b"000000000001" + bytes(7)


class CcnetSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(self, memory: dict[str, Any] | None = None, *, initialize_s: float = 2.0, now_s: float = 0.0) -> None:
        self._mechanics = Mechanics(memory, initialize_s=initialize_s, now_s=now_s)
        self._stream = CcnetHostStream()
        self._faults = FaultPlan(FAULTS)
        self._outbox: list[tuple[float, bytes]] = []  # when it leaves, and what
        self._last_answer = b""
        self._answered_end = False  # an 81 or 82 waits for the host's ACK

    # --- the wire ----------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._mechanics.advance(now_s)
        if not self._mechanics.powered:
            self._stream, self._outbox = CcnetHostStream(), []
            return b""
        for data in self._stream.split(chunk):
            self._hear(data, now_s)
        due = [wire for due_s, wire in self._outbox if due_s <= now_s]
        del self._outbox[: len(due)]
        return b"".join(due)

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the next movement."""
        return min([self._mechanics.wakes_at_s()] + [due_s for due_s, _ in self._outbox[:1]])

    def memory(self) -> dict[str, Any]:
        """What outlives the power: the cassette and where the note lies."""
        return self._mechanics.memory()

    def _hear(self, data: bytes | None, now_s: float) -> None:
        if data is None:
            self._say(NAK, now_s)
        elif data == NAK:
            self._put(ccnet_frame(self._last_answer), now_s)
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
        if name == "get_bill_table" and mechanics.at_rest():
            return b"".join(ccnet_bill_word(RUBLES_OF_TYPE.get(at, 0)) for at in range(BILL_TYPES))
        if name == "get_status":
            return mechanics.enabled_mask.to_bytes(3, "big") + bytes(3)
        if name == "set_security" and len(data) == 4:
            return ACK
        if name == "enable_bill_types" and len(data) == 7:
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
        wire = ccnet_frame(data)
        if self._faults.take("lost_answer", to):
            return
        if self._faults.take("bad_crc", to):
            wire = wire[:-1] + bytes((wire[-1] ^ 0x55,))
        if self._faults.take("junk", to):
            wire = b"\x00\xff\x02\x03\x20\x7f" + wire  # noise that even looks like a head
        if self._faults.take("cut_frame", to):
            wire = wire[: len(wire) // 2]
        if self._faults.take("doubled_answer", to):
            wire += wire
        self._put(wire, now_s + (LATE_ANSWER_S if self._faults.take("late_answer", to) else 0.0))

    def _put(self, wire: bytes, now_s: float) -> None:
        """A wire keeps its order: what is said later leaves later."""
        due_s = max(now_s + ANSWER_DELAY_S, self._outbox[-1][0] if self._outbox else 0.0)
        self._outbox.append((due_s, wire))

    # --- the hand ----------------------------------------------------------------------------------------------

    def control(self, request: Request, now_s: float) -> Answer:
        """insert, jam, clear, cassette, full, cheat, pause, fail, power_cut, fault, state."""
        mechanics = self._mechanics
        mechanics.advance(now_s)
        verb = request.get("do")
        if verb == "insert":
            mechanics.insert(int(number(request, "value_minor", 0, 0, 10_000_000)), now_s)
        elif verb == "jam":
            mechanics.jam(str(request.get("where", "validator")))
        elif verb == "clear":
            mechanics.clear(now_s)
        elif verb == "cassette":
            mechanics.move_cassette(flag(request, "present"), request.get("emptied") is True, now_s)
        elif verb in ("full", "cheat", "pause"):
            mechanics.trouble(str(verb), now_s)
        elif verb == "fail":
            mechanics.fail(int(number(request, "code", 0x52, 0, 255)))
        elif verb == "power_cut":
            self._outbox.clear()
            mechanics.cut_power(number(request, "off_s", 0.5, 0, 3600), now_s)
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a bill validator cannot {verb!r}")
        return {"ok": True, **mechanics.describe(), "faults": self._faults.describe()}
