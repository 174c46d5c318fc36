"""What every simulated ccTalk device does on its wire: echo, faults, ids, its ring of five events. Pure."""

from __future__ import annotations

from device_drivers.simulators.cctalk_wire import CctalkForm, CctalkHostStream
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox

FAULTS = WIRE_FAULTS | {"nak", "illegal", "busy"}
ACK, NAK, BUSY = (0, b""), (5, b""), (6, b"")
Reply = tuple[int, bytes]
LATE_ANSWER_S = 0.7
UNPOLLED_S = 1.0  # a device that is not polled accepts nothing
BYTE_GAP_S = 0.05

NAMES = {
    254: "poll",
    159: "poll",
    229: "poll",
    1: "reset",
    157: "table",
    184: "table",
    156: "table",
    231: "enable",
    228: "inhibit",
    154: "stack",
    153: "mode",
    232: "self_check",
}


class EventRing:
    """Counter and the last five pairs, newest first."""

    def __init__(self) -> None:
        self.counter = 0
        self._pairs: list[tuple[int, int]] = []

    def add(self, first: int, second: int) -> None:
        """Something happened; 255 is followed by 1."""
        self.counter = self.counter % 255 + 1
        self._pairs = [(first, second), *self._pairs[:4]]

    def answer(self) -> bytes:
        """Eleven bytes."""
        pairs = (self._pairs + [(0, 0)] * 5)[:5]
        return bytes((self.counter,)) + b"".join(bytes(pair) for pair in pairs)


class CctalkPort:
    """The wire of one device: cuts requests, damages answers."""

    def __init__(self, form: CctalkForm, address: int, *, echo: bool) -> None:
        self.faults = FaultPlan(FAULTS)
        self.outbox = Outbox(self.faults, late_s=LATE_ANSWER_S, junk=b"\x00\xff\x01\x20\x7f")
        self._form = form
        self._address = address
        self._echo = echo
        self._stream = CctalkHostStream(form, address)
        self._heard_s = 0.0
        self.understood_s = 0.0  # when the host last made sense

    def hear(self, chunk: bytes, now_s: float) -> list[Reply | None]:
        """Requests that are whole now: header and data; a damaged one is not answered."""
        if chunk and self._echo:
            self.outbox.put(chunk, now_s)
        if chunk and now_s > self._heard_s + BYTE_GAP_S:
            self._stream.forget()
        self._heard_s = now_s if chunk else self._heard_s
        requests = self._stream.split(chunk)
        if any(request is not None for request in requests):
            self.understood_s = now_s
        return requests

    def fault_reply(self, header: int) -> Reply | None:
        """The refusal that is this request's turn, if any."""
        name = NAMES.get(header, "identification")
        if self.faults.take("busy", name):
            return BUSY
        return NAK if self.faults.take("nak", name) or self.faults.take("illegal", name) else None

    def say(self, reply: Reply, now_s: float, header: int) -> None:
        """Answers a request."""
        name = NAMES.get(header, "identification")
        self.outbox.say(self._form.message(self._address, *reply), now_s, name)

    def power_off(self) -> None:
        """Everything on its way is gone."""
        self._stream.forget()
        self.outbox.clear()
