"""A simulated INPAS terminal: its acknowledged wire, its card slot, its bank. Pure."""

from __future__ import annotations

from typing import Any

from device_drivers.simulators.byte_gap import ByteGap
from device_drivers.simulators.card_host import MASKED_PAN, TERMINAL_ID, CardHost, Sale, slip_text
from device_drivers.simulators.core import Answer, Request, SimulatorError, number
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.inpas_wire import (
    ACK,
    NAK,
    InpasHostStream,
    inpas_frame,
    inpas_parts,
    inpas_tlv,
    inpas_values,
)
from device_drivers.simulators.outbox import WIRE_FAULTS, AcknowledgedOutbox, Outbox

ANSWER_S = 0.02
ACK_WAIT_S = 1.0
WAIT_EVERY_S = 1.0
LATE_S = 600.0
PART = 60
POWER_OFF_S = 3.0
CARD_WAIT_S = 60.0
CARDS = ("approve", "decline", "none", "partial")
SALE, WAIT, LINK_CHECK, CANCEL, SETTLEMENT, NETWORK = b"1", b"21", b"26", b"53", b"59", b"63"
BYTE_GAP_S = 1.0  # between two bytes of a message
FAULTS = WIRE_FAULTS | frozenset(
    {
        "lost_message",
        "lost_ack",
        "nak",
        "parts",  # the answer comes in parts
        "power_cut_before",
        "power_cut_after",
        "no_name",  # the answer does not repeat the host's name
    }
)


class InpasSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(self, memory: dict[str, Any] | None = None, *, now_s: float = 0.0) -> None:
        self.bank = CardHost(hold_s=None)
        if memory is not None:
            self.bank.recall(memory)
        self._faults = FaultPlan(FAULTS)
        self._off_until_s: float | None = None
        self._now_s = now_s
        self.modem_heard: list[dict[int, bytes]] = []
        self._forget()

    def _forget(self) -> None:
        self._stream = InpasHostStream()
        self._gap = ByteGap(BYTE_GAP_S)
        self._outbox = Outbox(self._faults, late_s=LATE_S, overtaken=True, junk=b"\xff\x02\x00\x00")
        self._sender = AcknowledgedOutbox(self._outbox, self._faults, answer_s=ANSWER_S, repeat_s=ACK_WAIT_S)
        self._waits_for_card = False
        self._next_wait_s = 0.0

    # --- the wire ----------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._now_s = now_s
        if self._off_until_s is not None and now_s >= self._off_until_s:
            self._off_until_s = None
        if self._is_off():
            return b""
        self.bank.advance(now_s)
        if self._gap.is_over(chunk, now_s):
            self._stream = InpasHostStream()
        for heard in self._stream.split(chunk):
            self._hear(heard, now_s)
            if self._is_off():
                return b""
        self._watch_card(now_s)
        self._sender.advance(now_s)
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, or the power."""
        if self._off_until_s is not None:
            return self._off_until_s
        return min(self._now_s + 0.25, self._outbox.wakes_at_s(), self._sender.wakes_at_s())

    def memory(self) -> dict[str, Any]:
        """What the bank took outlives the power."""
        return self.bank.memory()

    def _is_off(self) -> bool:
        return self._off_until_s is not None

    def _hear(self, heard: bytes | str | None, now_s: float) -> None:
        if heard == "A":
            self._sender.acknowledged()
        elif heard == "N":
            self._sender.refused(now_s)
        elif heard is None:
            self._outbox.put(NAK, now_s)
        elif isinstance(heard, bytes):
            self._message(inpas_values(heard), now_s)

    def _message(self, values: dict[int, bytes], now_s: float) -> None:
        operation = values.get(0x19, b"")
        name = operation.decode()
        if self._faults.take("lost_message", name):
            return
        if self._faults.take("nak", name):
            self._outbox.put(NAK, now_s)
            return
        if self._faults.take("power_cut_before", name):
            self._cut_power(POWER_OFF_S, now_s)
            return
        if not self._faults.take("lost_ack", name):
            self._outbox.put(ACK, now_s)
        self._obey(operation, values, now_s)
        if self._faults.take("power_cut_after", name):
            self._cut_power(POWER_OFF_S, now_s)

    def _obey(self, operation: bytes, values: dict[int, bytes], now_s: float) -> None:
        host_id = int(values.get(0x1A, b"0") or b"0")
        if operation == SALE and not self._waits_for_card:
            self.bank.begin(host_id, int(values[0]), now_s)
            self._waits_for_card, self._next_wait_s = True, now_s + WAIT_EVERY_S
        elif operation == CANCEL and self._waits_for_card:
            self.bank.end_waiting()
        elif operation == CANCEL:
            self._reverse(host_id, now_s)
        elif operation in (LINK_CHECK, SETTLEMENT):
            self._say({0x19: operation, 0x27: b"1"}, now_s)
        elif operation == NETWORK:
            self.modem_heard.append(values)

    def _reverse(self, host_id: int, now_s: float) -> None:
        sale = self.bank.find(host_id)
        done = sale is not None and sale.answer_minor and sale.final_minor
        if sale is not None:
            sale.final_minor = 0
        self._say({0x19: CANCEL, 0x1A: str(host_id).zfill(10).encode(), 0x27: b"1" if done else b"16"}, now_s)

    def _watch_card(self, now_s: float) -> None:
        sale = self.bank.last
        if not self._waits_for_card or sale is None:
            return
        if sale.answer_minor is None and now_s >= self.bank.started_s + CARD_WAIT_S:
            self.bank.end_waiting()
        if sale.answer_minor is None:
            if now_s >= self._next_wait_s:
                self._next_wait_s = now_s + WAIT_EVERY_S
                self._say({0x19: WAIT}, now_s)
            return
        self._waits_for_card = False
        self._say(self._answer(sale), now_s)

    def _answer(self, sale: Sale) -> dict[int, bytes]:
        name = b"-1" if self._faults.take("no_name", "1") else str(sale.number).zfill(10).encode()
        values = {0x00: str(sale.answer_minor).encode(), 0x04: b"643", 0x19: SALE, 0x1A: name}
        if not sale.answer_minor:
            return values | {0x27: b"16", 0x13: "ОТКАЗАНО".encode("cp1251")}
        card = {0x0A: MASKED_PAN.encode(), 0x0D: b"247629", 0x0E: b"828913349373", 0x1B: TERMINAL_ID.encode()}
        return values | card | {0x27: b"1", 0x5A: slip_text(sale.answer_minor).encode("cp1251")}

    def _say(self, values: dict[int, bytes], now_s: float) -> None:
        name = values[0x19].decode()
        data = inpas_tlv(values)
        wires = inpas_parts(data, PART) if self._faults.take("parts", name) else [inpas_frame(data)]
        self._sender.say(wires, now_s, name)

    def _cut_power(self, off_s: float, now_s: float) -> None:
        self._forget()
        self.bank.end_waiting()
        self._off_until_s = now_s + off_s

    # --- the hand ----------------------------------------------------------------------------------------------

    def control(self, request: Request, now_s: float) -> Answer:
        """card, connect, send, fetch, hang_up, power_cut, fault, state."""
        self._now_s = now_s
        verb = request.get("do")
        if verb == "card":
            if request.get("next") not in CARDS:
                raise SimulatorError(f"next is one of {', '.join(CARDS)}")
            self.bank.card = str(request["next"])
        elif verb in ("connect", "hang_up"):
            port = int(number(request, "port", 1, 1, 65535))
            place = f"127.0.0.1;{port};".encode()
            self._say({0x19: NETWORK, 0x40: b"1" if verb == "connect" else b"0", 0x41: b"16", 0x46: place}, now_s)
        elif verb == "send":
            data = bytes.fromhex(str(request.get("hex", "")))
            self._say({0x19: NETWORK, 0x40: b"0", 0x41: b"17", 0x46: data}, now_s)
        elif verb == "fetch":
            self._say({0x19: NETWORK, 0x40: b"1", 0x41: b"17"}, now_s)
        elif verb == "power_cut":
            self._cut_power(number(request, "off_s", POWER_OFF_S, 0, 3600), now_s)
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a bank terminal cannot {verb!r}")
        return {"ok": True, **self.bank.describe(), "faults": self._faults.describe()}
