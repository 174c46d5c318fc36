"""What a simulated device has yet to put on the wire, told wrong as its faults say. Pure."""

from __future__ import annotations

import math

from device_drivers.simulators.faults import FaultPlan

ANSWER_DELAY_S = 0.005
LATE_ANSWER_S = 0.4
SLOW_BYTE_S = 0.008  # slow, and still one frame
PAUSE_INSIDE_S = 0.12  # longer than a frame may pause inside
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
    """Answers in order, each with the faults that are its turn."""

    def __init__(self, faults: FaultPlan, *, late_s: float = LATE_ANSWER_S, junk: bytes = b"\x00\xff\x55") -> None:
        self._faults = faults
        self._late_s = late_s  # beyond the time-out of any host
        self._junk = junk  # noise that even looks like a head
        self._waiting: list[tuple[float, bytes]] = []  # when it leaves, and what

    def say(self, wire: bytes, now_s: float, to: str = "") -> None:
        """Answers the command `to`."""
        take = self._faults.take
        if take("lost_answer", to):
            return
        if take("bad_crc", to):
            wire = wire[:-1] + bytes((wire[-1] ^ 0x55,))
        if take("junk", to):
            wire = self._junk + wire
        if take("cut_frame", to):
            wire = wire[: len(wire) // 2]
        if take("doubled_answer", to):
            wire += wire
        due_s = now_s + ANSWER_DELAY_S + (self._late_s if take("late_answer", to) else 0.0)
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
        if not self._waiting:
            return b""
        due = [wire for due_s, wire in self._waiting if due_s <= now_s]
        del self._waiting[: len(due)]
        return b"".join(due)

    def clear(self) -> None:
        """The power is gone."""
        self._waiting.clear()

    def wakes_at_s(self) -> float:
        """When the next answer leaves."""
        return self._waiting[0][0] if self._waiting else math.inf
