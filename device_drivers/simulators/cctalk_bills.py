"""A simulated ccTalk bill validator: events in a ring of five, escrow by route commands, its cassette. Pure.

After a power-up it does by itself with the note inside what its place demands, and tells it by an event: 1 returned,
21 stacked without knowing what. What lies in the cassette of its mechanics is the oracle of tests.
"""

from __future__ import annotations

from typing import Any

from device_drivers.simulators import note_hand
from device_drivers.simulators.cctalk_device import ACK, BUSY, NAK, UNPOLLED_S, CctalkPort, EventRing, Reply
from device_drivers.simulators.cctalk_wire import CctalkForm
from device_drivers.simulators.core import Answer, Request
from device_drivers.simulators.note_mechanics import INHIBIT_REASON, RUBLES_OF_TYPE, Mechanics, Step

ADDRESS = 40
ESCROW_MODE = 0b11
TYPES = range(1, 17)

_IDS = {
    246: b"SIM",
    244: b"BNV-RU",
    241: b"1.05",
    242: b"\x39\x30\x00",
    245: b"Bill Validator",
    192: b"00",
    4: b"\x01\x04\x06",
}
_ENTERED = {
    Step.FULL: 14,
    Step.CASSETTE_OUT: 11,
    Step.JAMMED: 6,
    Step.CASSETTE_JAMMED: 15,
    Step.CHEATED: 18,
    Step.FAILED: 13,
}
_LEFT = {Step.CASSETTE_OUT: 12, Step.JAMMED: 22, Step.CASSETTE_JAMMED: 10, Step.FULL: 10, Step.FAILED: 10}
_SELF_CHECK = {Step.FULL: 45, Step.CASSETTE_OUT: 44, Step.JAMMED: 39, Step.CASSETTE_JAMMED: 38, Step.FAILED: 37}
_POWER_UP_EVENTS = {Step.POWER_UP: None, Step.POWER_UP_IN_VALIDATOR: 1, Step.POWER_UP_IN_STACKER: 21}


class CctalkBillSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(
        self,
        memory: dict[str, Any] | None = None,
        *,
        initialize_s: float = 2.0,
        now_s: float = 0.0,
        form: CctalkForm | None = None,
        echo: bool = False,
    ) -> None:
        self._mechanics = Mechanics(memory, initialize_s=initialize_s, now_s=now_s)
        self._port = CctalkPort(form or CctalkForm(), ADDRESS, echo=echo)
        self._now_s = now_s
        self._switched_on()

    def _switched_on(self) -> None:
        self._ring = EventRing()
        self._mask = 0
        self._accepting = False
        self._mode = 0
        self._step = self._mechanics.step
        self._to_tell: int | None = None  # the event that ends the start

    # --- the wire ----------------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._advance(now_s)
        requests = self._port.hear(chunk, now_s)
        if not self._mechanics.powered:
            self._port.power_off()
            return b""
        for request in requests:
            if request is not None:
                header, data = request
                reply = self._port.fault_reply(header) or self._obey(header, data, now_s)
                self._port.say(reply, now_s, header)
                self._advance(now_s)
        return self._port.outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the next movement."""
        return min(self._mechanics.wakes_at_s(), self._port.outbox.wakes_at_s())

    def memory(self) -> dict[str, Any]:
        """What outlives the power: the cassette and where the note lies."""
        return self._mechanics.memory()

    def control(self, request: Request, now_s: float) -> Answer:
        """What a person's hand does."""
        self._advance(now_s)
        answer = note_hand.move(self._mechanics, self._port.faults, request, now_s)
        if request.get("do") == "power_cut":
            self._port.power_off()
            self._switched_on()
        self._advance(now_s)
        return {**answer, "counter": self._ring.counter}

    # --- the inside --------------------------------------------------------------------------------------------------

    def _advance(self, now_s: float) -> None:
        """Time passes from movement to movement, so that no step goes by unseen."""
        self._now_s = now_s
        while (due_s := self._mechanics.wakes_at_s()) <= now_s:
            self._mechanics.advance(due_s)
            self._follow(due_s)
        if self._mechanics.powered:
            self._follow(now_s)
            self._apply_mask(now_s)

    def _apply_mask(self, now_s: float) -> None:
        polled = now_s < self._port.understood_s + UNPOLLED_S
        mask = self._mask << 1 if self._accepting and polled else 0
        if self._mechanics.step in (Step.IDLING, Step.DISABLED) and mask != self._mechanics.enabled_mask:
            self._mechanics.enable(mask, mask if self._mode & 2 else 0, now_s)
            self._step = self._mechanics.step

    def _follow(self, now_s: float) -> None:
        before, step = self._step, self._mechanics.step
        if step in _POWER_UP_EVENTS:
            self._to_tell = _POWER_UP_EVENTS[step]
            self._mechanics.reset(now_s)
            self._step = self._mechanics.step
            return
        if step is before:
            return
        self._step = step
        if before is Step.INITIALIZE and self._to_tell is not None:
            self._ring.add(0, self._to_tell)
            self._to_tell = None
        if before in _LEFT:
            self._ring.add(0, _LEFT[before])
        self._tell_entered(step, now_s)

    def _tell_entered(self, step: Step, now_s: float) -> None:
        said = self._mechanics.poll_answer()
        if step is Step.ESCROW:
            self._ring.add(said[1], 1)
        elif step is Step.STACKED:
            self._ring.add(said[1], 0)
        elif step is Step.RETURNED:
            self._ring.add(0, 1)
        elif step is Step.REJECTING:
            self._ring.add(0, 4 if said[1] == INHIBIT_REASON else 2)
        elif step in _ENTERED:
            self._ring.add(0, _ENTERED[step])
        if step in (Step.STACKED, Step.RETURNED):
            self._mechanics.end_delivered(now_s)
            self._follow(now_s)

    def _obey(self, header: int, data: bytes, now_s: float) -> Reply:
        if header == 254:
            return ACK
        if header in _IDS:
            return 0, _IDS[header]
        if header == 159:
            return 0, self._ring.answer()
        if header == 157 and len(data) == 1 and data[0] in TYPES:
            rubles = RUBLES_OF_TYPE.get(data[0], 0)
            return 0, f"RU{rubles:04d}A".encode() if rubles else b"......."
        if header == 156 and data == b"RU":
            return 0, b"\x64\x00\x02"
        if header == 156:
            return 0, b"\x00\x00\x00"
        if header == 232:
            return 0, bytes((_SELF_CHECK.get(self._mechanics.step, 0),))
        if header == 154 and len(data) == 1:
            return self._route(data[0], now_s)
        return self._set(header, data, now_s)

    def _set(self, header: int, data: bytes, now_s: float) -> Reply:
        if header == 231 and len(data) == 2:
            self._mask = int.from_bytes(data, "little")
            return ACK
        if header == 228 and len(data) == 1:
            self._accepting = data == b"\x01"
            return ACK
        if header == 153 and len(data) == 1:
            self._mode = data[0]
            return ACK
        if header == 1:
            was_escrowed = self._mechanics.step in (Step.ESCROW, Step.HOLDING)
            if not self._mechanics.reset(now_s):
                return BUSY
            self._switched_on()
            self._to_tell = 1 if was_escrowed else None
            return ACK
        getters = {
            227: bytes((self._accepting,)),
            230: self._mask.to_bytes(2, "little"),
            152: bytes((self._mode,)),
        }
        return (0, getters[header]) if header in getters else NAK

    def _route(self, where: int, now_s: float) -> Reply:
        verbs = {0: self._mechanics.give_back, 1: self._mechanics.stack, 255: self._mechanics.hold}
        if where not in verbs:
            return NAK
        return ACK if verbs[where](now_s) else (0, b"\xfe")
