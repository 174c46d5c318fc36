"""A simulated VTK terminal: its wire, its card slot, its memory of the last operation. Pure."""

from __future__ import annotations

from typing import Any

from device_drivers.simulators.byte_gap import ByteGap
from device_drivers.simulators.card_host import CardHost, slip_text
from device_drivers.simulators.core import Answer, Request, SimulatorError, number
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.outbox import WIRE_FAULTS, Outbox
from device_drivers.simulators.vendotek_wire import VtkHostStream, vtk_frame, vtk_tlv, vtk_values

ANSWER_S = 0.02
LATE_S = 90.0
KEEP_ALIVE_S, OPERATION_S = 10, 30
POWER_OFF_S = 3.0
CARDS = ("approve", "decline", "none", "partial")
BYTE_GAP_S = 8.0  # between two bytes of a frame
FAULTS = WIRE_FAULTS | frozenset(
    {
        "lost_message",  # of the host
        "power_cut_before",
        "power_cut_after",
        "wrong_amount",
    }
)


class VendotekSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(self, memory: dict[str, Any] | None = None, *, serial: bool = True, now_s: float = 0.0) -> None:
        self.bank = CardHost()
        if memory is not None:
            self.bank.recall(memory)
        self._serial = serial
        self._faults = FaultPlan(FAULTS)
        self._off_until_s: float | None = None
        self._now_s = now_s
        self.modem_heard: list[bytes] = []  # what came back through the host's network
        self._forget()

    def _forget(self) -> None:
        self._stream = VtkHostStream(serial=self._serial)
        self._gap = ByteGap(BYTE_GAP_S)
        junk = b"\x00\x1f\x20\x97" if self._serial else b""  # a connection has none
        self._outbox = Outbox(self._faults, late_s=LATE_S, overtaken=True, junk=junk)
        self._waits_for_card = False

    # --- the wire ----------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._now_s = now_s
        self.bank.advance(now_s)
        if self._off_until_s is not None and now_s >= self._off_until_s:
            self._off_until_s = None
        if self._is_off():
            return b""
        if self._gap.is_over(chunk, now_s):
            self._stream = VtkHostStream(serial=self._serial)
        for tlv in self._stream.split(chunk):
            self._hear(vtk_values(tlv), now_s)
        if self._is_off():
            return b""
        self._watch_card(now_s)
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, the card, or the power."""
        if self._off_until_s is not None:
            return self._off_until_s
        return min(self._now_s + 0.5, self._outbox.wakes_at_s())

    def memory(self) -> dict[str, Any]:
        """The last operations outlive the power."""
        return self.bank.memory()

    def _is_off(self) -> bool:
        return self._off_until_s is not None

    def _hear(self, values: dict[int, bytes], now_s: float) -> None:
        name = values.get(1, b"").decode("ascii", errors="replace")
        if self._faults.take("lost_message", name):
            return
        if self._faults.take("power_cut_before", name):
            self._cut_power(POWER_OFF_S, now_s)
            return
        operation = int(values.get(3, b"0") or b"0")
        amount_minor = int(values.get(4, b"0") or b"0")
        if name in ("IDL", "DIS"):
            self._waits_for_card = False
            self._say(name, {}, now_s)
        elif name == "VRP":
            self._request(operation, amount_minor, now_s)
        elif name == "FIN":
            self._finish(operation, amount_minor, now_s)
        elif name == "ABR":
            self.bank.end_waiting()
        elif name in ("CON", "DAT", "DSC"):
            self.modem_heard.append(name.encode() + values.get(13, b"") + values.get(11, b"")[7:8])
        if self._faults.take("power_cut_after", name):
            self._cut_power(POWER_OFF_S, now_s)

    def _request(self, operation: int, amount_minor: int, now_s: float) -> None:
        sale = self.bank.find(operation)
        if sale is None and operation == self.bank.last_number % 99999999 + 1:
            self.bank.begin(operation, amount_minor, now_s)
        elif sale is None:
            self._say("VRP", {3: str(operation).encode(), 4: b"0"}, now_s)
            return
        self._waits_for_card = True

    def _watch_card(self, now_s: float) -> None:
        sale = self.bank.last
        if not self._waits_for_card or sale is None:
            return
        if sale.answer_minor is None and now_s >= self.bank.started_s + OPERATION_S:
            self.bank.end_waiting()
        if sale.answer_minor is None:
            return
        self._waits_for_card = False
        values = {3: str(sale.number).encode(), 4: str(sale.answer_minor).encode()}
        if sale.answer_minor:
            values[0x13] = slip_text(sale.answer_minor).encode()
        self._say("VRP", values, now_s)

    def _finish(self, operation: int, amount_minor: int, now_s: float) -> None:
        sale = self.bank.find(operation)
        if sale is not None and sale.answer_minor and sale.final_minor is None:
            sale.final_minor = amount_minor if amount_minor in (0, sale.answer_minor) else 0
        final = 0 if sale is None else sale.final_minor or 0
        if self._faults.take("wrong_amount", "FIN"):
            final += 100
        self._say("FIN", {3: str(operation).encode(), 4: str(final).encode()}, now_s)

    def _say(self, name: str, values: dict[int, bytes], now_s: float) -> None:
        head = {1: name.encode(), 3: str(self.bank.last_number).encode()}
        if name == "IDL":
            head |= {5: str(KEEP_ALIVE_S).encode(), 6: str(OPERATION_S).encode()}
        wire = vtk_frame(vtk_tlv(head | values), serial=self._serial)
        self._outbox.say(wire, now_s, name, answer_s=ANSWER_S)

    def _cut_power(self, off_s: float, now_s: float) -> None:
        """A card that nobody has put is forgotten; an approval is remembered."""
        self._forget()
        self.bank.end_waiting()
        self._off_until_s = now_s + off_s

    # --- the hand ----------------------------------------------------------------------------------------------

    def control(self, request: Request, now_s: float) -> Answer:
        """card, connect, send, power_cut, fault, state."""
        self._now_s = now_s
        verb = request.get("do")
        if verb == "card":
            if request.get("next") not in CARDS:
                raise SimulatorError(f"next is one of {', '.join(CARDS)}")
            self.bank.card = str(request["next"])
        elif verb == "connect":
            place = bytes((0, 127, 0, 0, 1)) + int(number(request, "port", 1, 1, 65535)).to_bytes(2, "big") + bytes(3)
            self._say("CON", {0x0B: place}, now_s)
        elif verb == "send":
            self._say("DAT", {0x0B: b"\x00", 0x0E: bytes.fromhex(str(request.get("hex", "")))}, now_s)
        elif verb == "power_cut":
            self._cut_power(number(request, "off_s", POWER_OFF_S, 0, 3600), now_s)
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a bank terminal cannot {verb!r}")
        return {"ok": True, **self.bank.describe(), "faults": self._faults.describe()}
