"""What a simulated device has yet to put on the wire, told wrong as its faults say. Pure."""

from __future__ import annotations

import math
from collections import deque

from device_drivers.simulators.faults import FaultPlan

ANSWER_DELAY_S = 0.005
LATE_ANSWER_S = 0.4
SLOW_BYTE_S = 0.008  # slow, and still one frame
PAUSE_INSIDE_S = 0.12  # longer than a frame may pause inside
REPEATS_MAX = 3
WIRE_FAULTS = frozenset(
    {
        "bad_crc",
        "lost_answer",
        "late_answer",
        "doubled_answer",
        "junk",
        "cut_frame",
        "slow_bytes",
        "pause_inside",
    }
)


class Outbox:
    """Answers in order, each with the faults that are its turn.

    `late_s`: beyond the time-out of any host. `overtaken`: what is said after a late answer need not wait for it.
    `junk`: noise that even looks like a head. `spoils`: the byte of a frame that a damage changes.
    """

    def __init__(
        self,
        faults: FaultPlan,
        *,
        late_s: float = LATE_ANSWER_S,
        overtaken: bool = False,
        junk: bytes = b"\x00\xff\x55",
        spoils: int = -1,
    ) -> None:
        self._faults = faults
        self._late_s = late_s
        self._overtaken = overtaken
        self._junk = junk
        self._spoils = spoils
        self._waiting: list[tuple[float, bytes]] = []  # when it leaves, and what
        self._late: list[tuple[float, bytes]] = []

    def say(self, wire: bytes, now_s: float, to: str = "", *, answer_s: float = ANSWER_DELAY_S) -> bool:
        """Answers the command `to`; False: the answer is lost."""
        if self.is_lost(to):
            return False
        if self._faults.take("doubled_answer", to):
            wire += wire
        if not self.is_late(wire, now_s + answer_s, to):
            self.transmit(wire, now_s + answer_s, to)
        return True

    def is_lost(self, to: str) -> bool:
        """This answer never leaves."""
        return self._faults.take("lost_answer", to)

    def is_late(self, wire: bytes, due_s: float, to: str) -> bool:
        """This answer was put aside to leave when nobody waits for it any more."""
        if not self._faults.take("late_answer", to):
            return False
        if self._overtaken:
            self._late.append((due_s + self._late_s, wire))
        else:
            self.transmit(wire, due_s + self._late_s, to)
        return True

    def transmit(self, wire: bytes, due_s: float, to: str = "") -> None:
        """Puts one frame on the wire, damaged, cut or spread over time."""
        take = self._faults.take
        if take("bad_crc", to):
            spoilt = bytearray(wire)
            spoilt[self._spoils] ^= 0x55
            wire = bytes(spoilt)
        if take("junk", to):
            wire = self._junk + wire
        if take("cut_frame", to):
            wire = wire[: len(wire) // 2]
        if take("slow_bytes", to):
            for at, byte in enumerate(wire):
                self.put(bytes((byte,)), due_s + at * SLOW_BYTE_S)
        elif take("pause_inside", to):
            self.put(wire[: len(wire) // 2], due_s)
            self.put(wire[len(wire) // 2 :], due_s + PAUSE_INSIDE_S)
        else:
            self.put(wire, due_s)

    def put(self, wire: bytes, due_s: float) -> None:
        """A wire keeps its order: what is said later leaves later."""
        self._waiting.append((max(due_s, self._waiting[-1][0] if self._waiting else 0.0), wire))

    def take_due(self, now_s: float) -> bytes:
        """What leaves by now."""
        if self._late:
            due_late = [wire for due_s, wire in self._late if due_s <= now_s]
            self._late = [(due_s, wire) for due_s, wire in self._late if due_s > now_s]
            for wire in due_late:
                self.put(wire, now_s)
        if not self._waiting:
            return b""
        due = [wire for due_s, wire in self._waiting if due_s <= now_s]
        del self._waiting[: len(due)]
        return b"".join(due)

    @property
    def busy(self) -> bool:
        """Something has yet to leave."""
        return bool(self._waiting)

    def clear(self) -> None:
        """The power is gone."""
        self._waiting.clear()
        self._late.clear()

    def wakes_at_s(self) -> float:
        """When the next answer leaves."""
        waiting_s = self._waiting[0][0] if self._waiting else math.inf
        return min([waiting_s, *(due_s for due_s, _ in self._late)]) if self._late else waiting_s


class AcknowledgedOutbox:
    """One frame at a time, repeated until the host acknowledges it; a repeat is always whole."""

    def __init__(self, outbox: Outbox, faults: FaultPlan, *, answer_s: float, repeat_s: float) -> None:
        self._outbox = outbox
        self._faults = faults
        self._answer_s = answer_s
        self._repeat_s = repeat_s  # without an acknowledgement
        self._queue: deque[tuple[bytes, str]] = deque()
        self._said = b""  # waits for its acknowledgement
        self._sent = 0
        self._again_s = math.inf

    def say(self, wires: list[bytes], now_s: float, to: str = "") -> None:
        """Answers the command `to` in these frames."""
        if self._outbox.is_lost(to):
            return
        if self._faults.take("doubled_answer", to):
            wires = wires * 2
        if not self._outbox.is_late(b"".join(wires), now_s + self._answer_s, to):
            self._queue += [(wire, to) for wire in wires]

    def acknowledged(self) -> None:
        """The host has it."""
        self._said, self._again_s = b"", math.inf

    def refused(self, now_s: float) -> None:
        """The host did not understand it."""
        if self._said:
            self._outbox.put(self._said, now_s + self._answer_s)

    def advance(self, now_s: float) -> None:
        """Time passed: the next frame, or the same again."""
        if self._said and now_s >= self._again_s:
            if self._sent >= REPEATS_MAX:
                self.acknowledged()
            else:
                self._sent, self._again_s = self._sent + 1, now_s + self._repeat_s
                self._outbox.put(self._said, now_s)
        if not self._said and self._queue:
            self._said, to = self._queue.popleft()
            self._sent, self._again_s = 1, now_s + self._answer_s + self._repeat_s
            self._outbox.transmit(self._said, now_s + self._answer_s, to)

    def wakes_at_s(self) -> float:
        """When to repeat; what is queued meanwhile leaves with the next `advance`."""
        return self._again_s
