"""A simulated JCM ID-003 bill acceptor: its wire, its mechanics by the clock, its cassette. Pure.

The wire (`feed`) answers commands and tells the truth late, twice, damaged or not at all, as `faults` say; on a
half-duplex adapter (`echo`) the host hears itself first. VEND VALID stays until the host acknowledges it.
"""

from __future__ import annotations

from typing import Any

from device_drivers.simulators import note_hand
from device_drivers.simulators.byte_gap import ByteGap
from device_drivers.simulators.core import Answer, Request
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.id003_wire import Id003HostStream, id003_frame, id003_quadruple
from device_drivers.simulators.note_mechanics import INHIBIT_REASON, RUBLES_OF_TYPE, Mechanics, Step
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox

ACK, COMMUNICATION_ERROR, INVALID = b"\x50", b"\x4a", b"\x4b"
BYTE_GAP_S = 0.1  # longer than any pause inside a message of the paper
FAULTS = WIRE_FAULTS | {"nak", "illegal", "lost_ack"}
JUNK = b"\x00\xff\xfc\x20\x7f"

_NAMES = {
    0x11: "poll",
    0x40: "reset",
    0x41: "stack",
    0x42: "stack",
    0x43: "return",
    0x44: "hold",
    0x88: "identification",
    0x8A: "table",
    0xC0: "enable",
    0xC3: "inhibit",
}
_CODES = {
    Step.POWER_UP: 0x40,
    Step.POWER_UP_IN_VALIDATOR: 0x41,
    Step.POWER_UP_IN_STACKER: 0x42,
    Step.INITIALIZE: 0x1B,
    Step.IDLING: 0x11,
    Step.ACCEPTING: 0x12,
    Step.STACKING: 0x14,
    Step.RETURNING: 0x18,
    Step.RETURNED: 0x18,
    Step.DISABLED: 0x1A,
    Step.HOLDING: 0x19,
    Step.REJECTING: 0x17,
    Step.FULL: 0x43,
    Step.CASSETTE_OUT: 0x44,
    Step.JAMMED: 0x45,
    Step.CASSETTE_JAMMED: 0x46,
    Step.PAUSED: 0x47,
    Step.CHEATED: 0x48,
    Step.FAILED: 0x49,
    Step.ESCROW: 0x13,
    Step.STACKED: 0x15,
}
_POWER_UPS = (Step.POWER_UP, Step.POWER_UP_IN_VALIDATOR, Step.POWER_UP_IN_STACKER)
# Escrow codes of the bill types inside; 65 is left unused, as in real assignments.
_CODE_OF_TYPE = {2: 0x61, 3: 0x62, 4: 0x63, 5: 0x64, 6: 0x66, 7: 0x67, 12: 0x68, 13: 0x69}
_RUBLES_OF_CODE = {code: RUBLES_OF_TYPE[bill_type] for bill_type, code in _CODE_OF_TYPE.items()}
_COUNTRY = 0x2A  # any byte: the paper has no table of them
_VERSION = b"i(RUS)100-SS ID003-05V300-45 28JUN23 7F23"
_BOOT_TAIL = b"\x20B01"  # some firmware says more behind the assignment
_SIZES = {0xC0: 2, 0xC1: 2, 0xC2: 1, 0xC3: 1, 0xC4: 1, 0xC5: 2, 0xC6: 2, 0xC7: 1}
_AFTER_RESET = {code: bytes(size) for code, size in _SIZES.items()} | {0xC3: b"\x01"}


class Id003Simulator:
    """Implements `DeviceSimulator`."""

    def __init__(
        self,
        memory: dict[str, Any] | None = None,
        *,
        initialize_s: float = 2.0,
        now_s: float = 0.0,
        echo: bool = False,
    ) -> None:
        self._mechanics = Mechanics(memory, initialize_s=initialize_s, now_s=now_s)
        self._stream = Id003HostStream()
        self._gap = ByteGap(BYTE_GAP_S)
        self._faults = FaultPlan(FAULTS)
        self._outbox = Outbox(self._faults, junk=JUNK)
        self._echo = echo
        self._settings = dict(_AFTER_RESET)
        self._vend_valid_said = False
        self._stacked_to_say = False

    # --- the wire ----------------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._advance(now_s)
        echo = chunk if self._echo else b""
        if not self._mechanics.powered:
            self._stream = Id003HostStream()
            self._outbox.clear()
            return echo
        if self._gap.is_over(chunk, now_s):
            self._stream = Id003HostStream()
        for data in self._stream.split(chunk):
            self._hear(data, now_s)
        return echo + self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the next movement."""
        return min(self._mechanics.wakes_at_s(), self._outbox.wakes_at_s())

    def memory(self) -> dict[str, Any]:
        """What outlives the power: the cassette and where the note lies."""
        return self._mechanics.memory()

    def control(self, request: Request, now_s: float) -> Answer:
        """What a person's hand does."""
        self._advance(now_s)
        answer = note_hand.move(self._mechanics, self._faults, request, now_s)
        if request.get("do") == "power_cut":
            self._forget()
            self._outbox.clear()
        return answer

    def _advance(self, now_s: float) -> None:
        mechanics = self._mechanics
        mechanics.advance(now_s)
        if mechanics.step is Step.RETURNED:
            mechanics.end_delivered(now_s)
        if mechanics.step in (Step.IDLING, Step.DISABLED) and self._effective_mask() != mechanics.enabled_mask:
            mechanics.enable(self._effective_mask(), self._effective_mask(), now_s)

    def _effective_mask(self) -> int:
        if self._settings[0xC3] == b"\x01":
            return 0
        disabled = int.from_bytes(self._settings[0xC0], "little")
        return sum(1 << kind for kind, code in _CODE_OF_TYPE.items() if not disabled >> (code - 0x61) & 1)

    def _hear(self, data: bytes | None, now_s: float) -> None:
        if data is None:
            self._outbox.say(id003_frame(COMMUNICATION_ERROR), now_s)
        elif data == ACK:
            if self._vend_valid_said and not self._faults.take("lost_ack"):
                self._mechanics.end_delivered(now_s)
                self._stacked_to_say = True
            self._vend_valid_said = False
        else:
            name = _NAMES.get(data[0], "setting")
            if self._faults.take("nak", name):
                answer = COMMUNICATION_ERROR
            elif self._faults.take("illegal", name):
                answer = INVALID
            else:
                answer = self._obey(name, data, now_s)
            self._outbox.say(id003_frame(answer), now_s, name)

    def _obey(self, name: str, data: bytes, now_s: float) -> bytes:
        if name == "poll":
            return self._status()
        if name == "reset" and len(data) == 1:
            if not self._mechanics.reset(now_s):
                return INVALID
            self._forget()
            return ACK
        if self._mechanics.step in _POWER_UPS:
            return INVALID
        if name == "identification":
            return data + _VERSION
        if name == "table":
            return (
                data
                + b"".join(id003_quadruple(code, _COUNTRY, _RUBLES_OF_CODE.get(code, 0)) for code in range(0x61, 0x71))
                + _BOOT_TAIL
            )
        if data[0] in _SIZES and len(data) == 1 + _SIZES[data[0]]:
            self._settings[data[0]] = data[1:]
            self._advance(now_s)
            return data
        if data[0] + 0x40 in _SIZES and len(data) == 1:
            return data + self._settings[data[0] + 0x40]
        verbs = {"stack": self._mechanics.stack, "return": self._mechanics.give_back, "hold": self._mechanics.hold}
        if name in verbs and len(data) == 1:
            return ACK if verbs[name](now_s) else INVALID
        return INVALID

    def _status(self) -> bytes:
        if self._stacked_to_say:
            self._stacked_to_say = False
            return b"\x16"
        step, said = self._mechanics.step, self._mechanics.poll_answer()
        code = _CODES[step]
        if step is Step.REJECTING:
            return bytes((code, 0x79 if said[1] == INHIBIT_REASON else 0x76))
        if step is Step.FAILED:
            return bytes((code, said[1]))
        if step is Step.ESCROW:
            return bytes((code, _CODE_OF_TYPE[said[1]]))
        self._vend_valid_said = step is Step.STACKED
        return bytes((code,))

    def _forget(self) -> None:
        self._settings = dict(_AFTER_RESET)
        self._vend_valid_said = self._stacked_to_say = False
