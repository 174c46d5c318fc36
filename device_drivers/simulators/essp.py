"""A simulated SSP/eSSP bill validator: its wire, its mechanics by the clock, its cash box. Pure.

A poll accepts a note whose READ was told; HOLD keeps it ten seconds more, REJECT gives it back. A repeated sequence
bit is answered with the stored answer. A credit that POLL WITH ACK told repeats until EVENT ACK, and no further note is
taken until then. After a power-up it clears its path by itself and tells where the note went.
"""

from __future__ import annotations

from typing import Any

from device_drivers.simulators import note_hand
from device_drivers.simulators.byte_gap import ByteGap
from device_drivers.simulators.core import Answer, Request
from device_drivers.simulators.essp_wire import (
    HostPacket,
    SspHostStream,
    ssp_key,
    ssp_packet,
    ssp_seal,
    ssp_unseal,
)
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.note_mechanics import INHIBIT_REASON, RUBLES_OF_TYPE, TYPE_OF_MINOR, Mechanics, Step
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox

OK, UNKNOWN, REFUSED, FAIL, NO_KEY = b"\xf0", b"\xf2", b"\xf5", b"\xf8", b"\xfa"
BYTE_GAP_S = 0.1  # longer than any pause inside a packet of the paper
FAULTS = WIRE_FAULTS | {"illegal", "nak"}
LATE_ANSWER_S = 1.3  # beyond the host's time-out of 1 s
FIXED_KEY = 0x0123456701234567
SECRET = 0x1D2C3B4A
SERIAL = 1873452
PROTOCOL_VERSION_MAX = 8

_CHANNELS = sorted(RUBLES_OF_TYPE, key=lambda bill_type: RUBLES_OF_TYPE[bill_type])
_CHANNEL_OF_TYPE = {bill_type: at for at, bill_type in enumerate(_CHANNELS, start=1)}
_NAMES = {
    0x07: "poll",
    0x56: "poll",
    0x02: "enable",
    0x0A: "inhibit",
    0x08: "stack",
    0x18: "stack",
    0x05: "table",
    0x01: "reset",
    0x57: "ack",
}
_LASTING = {
    Step.INITIALIZE: b"\xb6",
    Step.ACCEPTING: b"\xef\x00",
    Step.STACKING: b"\xcc",
    Step.RETURNING: b"\xed",
    Step.REJECTING: b"\xed",
    Step.CASSETTE_OUT: b"\xe3",
    Step.JAMMED: b"\xe9",
    Step.CASSETTE_JAMMED: b"\xea",
    Step.FULL: b"\xe7",
    Step.FAILED: b"\xc6",
    Step.DISABLED: b"\xe8",
}
_POWER_UP_EVENTS = {Step.POWER_UP: b"", Step.POWER_UP_IN_VALIDATOR: b"\xe1\x00", Step.POWER_UP_IN_STACKER: b"\xe2\x00"}


class EsspSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(
        self,
        memory: dict[str, Any] | None = None,
        *,
        initialize_s: float = 2.0,
        now_s: float = 0.0,
        knows_poll_with_ack: bool = True,
        fixed_key: int = FIXED_KEY,
    ) -> None:
        self._mechanics = Mechanics(memory, initialize_s=initialize_s, now_s=now_s)
        self._faults = FaultPlan(FAULTS)
        self._outbox = Outbox(self._faults, late_s=LATE_ANSWER_S, junk=b"\x00\x7f\x80\x20\x11")
        self._knows_poll_with_ack = knows_poll_with_ack
        self._fixed_key = fixed_key
        self._switched_on()

    def _switched_on(self) -> None:
        self._stream = SspHostStream()
        self._gap = ByteGap(BYTE_GAP_S)
        self._stored: tuple[int, bytes] | None = None  # sequence bit and the answer's data
        self._key: bytes | None = None
        self._primes = [0, 0]
        self._count = 0
        self._inhibits = 0
        self._enabled = False
        self._version = PROTOCOL_VERSION_MAX
        self._queue = [b"\xf1"]  # events not yet told
        self._unacknowledged: list[bytes] = []
        self._read_told = False
        self._last_reject = 0
        self._to_tell = b""
        self._step = self._mechanics.step

    # --- the wire ----------------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._advance(now_s)
        if not self._mechanics.powered:
            self._stream = SspHostStream()
            self._outbox.clear()
            return b""
        if self._gap.is_over(chunk, now_s):
            self._stream = SspHostStream()
        for packet in self._stream.split(chunk):
            if packet.good:
                self._hear(packet, now_s)
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the next movement."""
        return min(self._mechanics.wakes_at_s(), self._outbox.wakes_at_s())

    def memory(self) -> dict[str, Any]:
        """What outlives the power: the cash box and where the note lies."""
        return self._mechanics.memory()

    def control(self, request: Request, now_s: float) -> Answer:
        """What a person's hand does."""
        self._advance(now_s)
        answer = note_hand.move(self._mechanics, self._faults, request, now_s)
        if request.get("do") == "power_cut":
            self._outbox.clear()
            self._switched_on()
        self._advance(now_s)
        return answer

    def _hear(self, packet: HostPacket, now_s: float) -> None:
        bit, data = packet.head >> 7, packet.data
        if self._stored is not None and self._stored[0] == bit and data != b"\x11":
            self._outbox.say(ssp_packet(packet.head, self._stored[1]), now_s, "repeat")
            return
        sealed = data[:1] == b"\x7e"
        if sealed and self._key is None:
            answer, name = NO_KEY, "encrypted"
        else:
            opened = self._opened(data) if sealed else data
            if not opened:
                return  # a count that is not the next one: dropped
            name = _NAMES.get(opened[0], "other")
            key, count = self._key, self._count
            self._count += 1 if sealed else 0
            answer = self._reply(name, opened, now_s)
            if sealed and key is not None:
                answer = ssp_seal(answer, count + 1, key)
        self._stored = (bit, answer)
        self._outbox.say(ssp_packet(packet.head, answer), now_s, name)

    def _opened(self, data: bytes) -> bytes:
        assert self._key is not None
        found = ssp_unseal(data, self._key)
        return found[1] if found is not None and found[0] == self._count else b""

    def _reply(self, name: str, data: bytes, now_s: float) -> bytes:
        if self._faults.take("illegal", name):
            return UNKNOWN
        if self._faults.take("nak", name):
            return FAIL
        answer = self._obey(data[0], data[1:], now_s)
        self._advance(now_s)
        return answer

    # --- commands ----------------------------------------------------------------------------------------------------

    def _obey(self, code: int, data: bytes, now_s: float) -> bytes:
        if code == 0x07 or (code == 0x56 and self._knows_poll_with_ack):
            return self._poll(with_ack=code == 0x56, now_s=now_s)
        if code == 0x57 and self._knows_poll_with_ack:
            self._unacknowledged = []
            return OK
        if code in (0x4A, 0x4B, 0x4C) and len(data) == 8:
            return self._exchange_key(code, int.from_bytes(data, "little"))
        plain = {0x11: self._sync, 0x01: self._reset, 0x08: self._reject, 0x18: self._hold}
        if code in plain and not data:
            return plain[code](now_s)
        if code == 0x05:
            return OK + self._setup()
        if code == 0x0C:
            return OK + SERIAL.to_bytes(4, "big")
        if code == 0x17:
            return OK + bytes((self._last_reject,))
        return self._set(code, data)

    def _set(self, code: int, data: bytes) -> bytes:
        if code == 0x02 and 1 <= len(data) <= 3:
            self._inhibits = int.from_bytes(data, "little")
        elif code == 0x06 and len(data) == 1:
            if not 4 <= data[0] <= PROTOCOL_VERSION_MAX:
                return FAIL
            self._version = data[0]
        elif code in (0x09, 0x0A) and not data:
            self._enabled = code == 0x0A
        else:
            return UNKNOWN
        return OK

    def _sync(self, now_s: float) -> bytes:
        return OK

    def _reset(self, now_s: float) -> bytes:
        escrowed = self._mechanics.step in (Step.ESCROW, Step.HOLDING)
        if not self._mechanics.reset(now_s):
            return REFUSED
        stream = self._stream
        self._switched_on()
        self._stream = stream
        self._to_tell = b"\xe1\x00" if escrowed else b""
        return OK

    def _reject(self, now_s: float) -> bytes:
        if not self._mechanics.give_back(now_s):
            return REFUSED
        self._last_reject = 8
        return OK

    def _hold(self, now_s: float) -> bytes:
        return OK if self._mechanics.hold(now_s) else REFUSED

    def _exchange_key(self, code: int, number: int) -> bytes:
        if code == 0x4A:
            self._primes[0] = number
            return OK
        if code == 0x4B:
            self._primes[1] = number
            return OK
        generator, modulus = self._primes
        if not modulus or generator <= modulus:
            return FAIL
        self._key = ssp_key(self._fixed_key, pow(number, SECRET, modulus))
        self._count = 0
        return OK + pow(generator, SECRET, modulus).to_bytes(8, "little")

    def _setup(self) -> bytes:
        count = len(_CHANNELS)
        rubles = [RUBLES_OF_TYPE[bill_type] for bill_type in _CHANNELS]
        head = b"\x00" + b"0420" + b"RUB" + (0).to_bytes(3, "big") + bytes((count,))
        head += bytes(value % 256 for value in rubles) + b"\x02" * count + b"\x00\x00\x64" + bytes((self._version,))
        if self._version < 6:
            return head
        return head + b"RUB" * count + b"".join(value.to_bytes(4, "little") for value in rubles)

    def _poll(self, *, with_ack: bool, now_s: float) -> bytes:
        mechanics = self._mechanics
        if mechanics.step in (Step.ESCROW, Step.HOLDING) and self._read_told:
            mechanics.stack(now_s)
            self._step = mechanics.step
        told = b"".join(self._unacknowledged) + b"".join(self._queue)
        if with_ack:
            self._unacknowledged += [event for event in self._queue if event[0] == 0xEE]
        self._queue = []
        if mechanics.step in (Step.ESCROW, Step.HOLDING):
            told += bytes((0xEF, self._channel()))
            self._read_told = True
        else:
            told += _LASTING.get(mechanics.step, b"")
        if not self._enabled and mechanics.step in (Step.FULL, Step.CASSETTE_OUT, Step.FAILED):
            told += b"\xe8"
        return OK + told

    # --- the inside --------------------------------------------------------------------------------------------------

    def _channel(self) -> int:
        return _CHANNEL_OF_TYPE[TYPE_OF_MINOR[self._mechanics.describe()["note_minor"]]]

    def _advance(self, now_s: float) -> None:
        """Time passes from movement to movement, so that no step goes by unseen."""
        while (due_s := self._mechanics.wakes_at_s()) <= now_s:
            self._mechanics.advance(due_s)
            self._follow(due_s)
        if self._mechanics.powered:
            self._follow(now_s)
            self._apply_mask(now_s)

    def _apply_mask(self, now_s: float) -> None:
        mechanics = self._mechanics
        takes = self._enabled and not self._unacknowledged
        mask = sum(1 << kind for kind, at in _CHANNEL_OF_TYPE.items() if self._inhibits >> (at - 1) & 1) if takes else 0
        if mechanics.step in (Step.IDLING, Step.DISABLED) and mask != mechanics.enabled_mask:
            mechanics.enable(mask, mask, now_s)
            self._step = mechanics.step

    def _follow(self, now_s: float) -> None:
        mechanics = self._mechanics
        before, step = self._step, mechanics.step
        if step in _POWER_UP_EVENTS:
            self._to_tell = _POWER_UP_EVENTS[step]
            mechanics.reset(now_s)
            self._step = mechanics.step
            return
        if step is before:
            return
        self._step = step
        if before is Step.INITIALIZE and self._to_tell:
            self._queue.append(self._to_tell)
            self._to_tell = b""
        if before is Step.CASSETTE_OUT:
            self._queue.append(b"\xe4")
        self._entered(before, step, now_s)

    def _entered(self, before: Step, step: Step, now_s: float) -> None:
        mechanics = self._mechanics
        if step is Step.ACCEPTING:
            self._read_told = False
        elif step is Step.RETURNING and self._last_reject != 8:
            self._last_reject = 19
        elif step is Step.REJECTING:
            self._last_reject = 6 if mechanics.poll_answer()[1] == INHIBIT_REASON else 2
        elif step is Step.CHEATED:
            self._queue.append(b"\xe6\x00")
        elif step is Step.STACKED:
            self._queue += [bytes((0xEE, self._channel())), b"\xeb"]
        if before is Step.REJECTING or step is Step.RETURNED:
            self._queue.append(b"\xec")
        if step in (Step.STACKED, Step.RETURNED):
            mechanics.end_delivered(now_s)
            self._follow(now_s)
