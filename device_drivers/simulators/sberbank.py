"""A simulated Sberbank terminal: its enveloped wire, its card slot, its bank. Pure."""

from __future__ import annotations

from typing import Any

from device_drivers.simulators.byte_gap import ByteGap
from device_drivers.simulators.card_host import MASKED_PAN, TERMINAL_ID, CardHost, Sale, slip_text
from device_drivers.simulators.core import Answer, Request, SimulatorError, number
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.outbox import WIRE_FAULTS, AcknowledgedOutbox, Outbox
from device_drivers.simulators.sberbank_wire import SberHostStream, sber_wires

ANSWER_S = 0.02
ACK_WAIT_S = 1.5
LATE_S = 600.0
POWER_OFF_S = 3.0
CARD_WAIT_S = 60.0
CARDS = ("approve", "decline", "none")
ACK, BEL, EOT, NAK = b"\x06", b"\x07", b"\x04", b"\x15"
FLAG = 0x80000000
BYTE_GAP_S = 2.5  # between two bytes of an envelope
FAULTS = WIRE_FAULTS | frozenset(
    {
        "lost_message",
        "lost_ack",
        "nak",
        "power_cut_before",
        "power_cut_after",
    }
)
SALE, SETTLEMENT, REVERSAL = 0x01, 0x07, 0x0D
NAMES = {SALE: "sale", SETTLEMENT: "settlement", REVERSAL: "reversal"}


class SberbankSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(self, memory: dict[str, Any] | None = None, *, now_s: float = 0.0) -> None:
        self.bank = CardHost(hold_s=None)
        if memory is not None:
            self.bank.recall(memory)
        self._faults = FaultPlan(FAULTS)
        self._off_until_s: float | None = None
        self._now_s = now_s
        self._next_call = 1
        self.call_answers: list[tuple[int, bytes]] = []  # result and body of what the host did for us
        self._forget()

    def _forget(self) -> None:
        self._stream = SberHostStream()
        self._gap = ByteGap(BYTE_GAP_S)
        self._joined = b""
        self._outbox = Outbox(self._faults, late_s=LATE_S, overtaken=True, junk=b"\xff\x02x#", spoils=6)
        self._sender = AcknowledgedOutbox(self._outbox, self._faults, answer_s=ANSWER_S, repeat_s=ACK_WAIT_S)
        self._sale_number = 0  # of the message whose card is waited for

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
            self._stream = SberHostStream()
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

    def _hear(self, heard: tuple[int, bytes] | int | None, now_s: float) -> None:
        if heard is None:
            self._outbox.put(NAK, now_s)
        elif isinstance(heard, int):
            if heard == NAK[0]:
                self._sender.refused(now_s)
            else:
                self._sender.acknowledged()
        else:
            first, data = heard
            self._joined = data if first & 0x7F == 0 else self._joined + data
            if first & 0x80:
                self._outbox.put(BEL if first & 1 else ACK, now_s)
            else:
                self._message(self._joined, now_s)

    def _message(self, data: bytes, now_s: float) -> None:
        command, message, body = data[0], int.from_bytes(data[3:7], "little"), data[7:]
        operation = body[6] if command == 0x6D else 0
        name = NAMES.get(operation, f"{command:02x}")
        if self._faults.take("lost_message", name):
            return
        if self._faults.take("nak", name):
            self._outbox.put(NAK, now_s)
            return
        if self._faults.take("power_cut_before", name):
            self._cut_power(POWER_OFF_S, now_s)
            return
        if not self._faults.take("lost_ack", name):
            self._outbox.put(EOT, now_s)
        if message & FLAG:
            self.call_answers.append((command, body))
        else:
            self._obey(command, message, body, now_s)
        if self._faults.take("power_cut_after", name):
            self._cut_power(POWER_OFF_S, now_s)

    def _obey(self, command: int, message: int, body: bytes, now_s: float) -> None:
        if command == 0xC0:
            self._say("c0", 0, message | FLAG, bytes((9, 0x20, 0, 0)), now_s)
        elif command == 0x5B:
            self.bank.end_waiting()
        elif command == 0x6D:
            amount_minor, request = int.from_bytes(body[:4], "little"), int.from_bytes(body[47:51], "little")
            if body[6] == SALE and not self._sale_number:
                self.bank.begin(request, amount_minor, now_s)
                self._sale_number = message
            elif body[6] == REVERSAL:
                sale = self.bank.find(request)
                done = sale is not None and bool(sale.final_minor) and sale.asked_minor == amount_minor
                if done and sale is not None:
                    sale.final_minor = 0
                self._say("reversal", 0, message | FLAG, _answer(0 if done else 4140, sale), now_s)
            elif body[6] == SETTLEMENT:
                self._say("settlement", 0, message | FLAG, _answer(0, None), now_s)

    def _watch_card(self, now_s: float) -> None:
        sale = self.bank.last
        if not self._sale_number or sale is None:
            return
        if sale.answer_minor is None and now_s >= self.bank.started_s + CARD_WAIT_S:
            self.bank.end_waiting()
        if sale.answer_minor is None:
            return
        message, self._sale_number = self._sale_number, 0
        if sale.answer_minor:
            self._call(0x03, 3, b"\x00" + slip_text(sale.answer_minor).encode("cp866"))
        self._say("sale", 0, message | FLAG, _answer(0 if sale.answer_minor else 4353, sale), now_s)

    def _call(self, device: int, instruction: int, parameters: bytes) -> None:
        """The terminal uses a device of the host."""
        body = bytes((instruction, device, 0, len(parameters) % 256, len(parameters) // 256)) + parameters
        self._sender.say(sber_wires(0xA0, self._next_call, body), self._now_s)
        self._next_call += 1

    def _say(self, name: str, command: int, message: int, body: bytes, now_s: float) -> None:
        self._sender.say(sber_wires(command, message, body), now_s, name)

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
        elif verb == "connect":
            port = int(number(request, "port", 1, 1, 65535)).to_bytes(2, "little")
            self._call(0x19, 1, b"\x00\x00\x7f\x00\x00\x01" + port + (20000).to_bytes(4, "little"))
        elif verb == "send":
            self._call(0x19, 3, bytes.fromhex(str(request.get("hex", ""))))
        elif verb == "fetch":
            self._call(0x19, 2, (1024).to_bytes(2, "little") + (300).to_bytes(4, "little"))
        elif verb == "hang_up":
            self._call(0x19, 4, b"")
        elif verb == "power_cut":
            self._cut_power(number(request, "off_s", POWER_OFF_S, 0, 3600), now_s)
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a bank terminal cannot {verb!r}")
        return {"ok": True, **self.bank.describe(), "faults": self._faults.describe()}


def _answer(result: int, sale: Sale | None) -> bytes:
    """188 bytes of a transaction's answer, card hashes included, as a real one sends them."""
    card = MASKED_PAN.encode() if sale is not None and not result else b""
    text = "ОДОБРЕНО:" if not result else "ОТКАЗАНО"
    parts = (
        (result.to_bytes(2, "little"), 2),
        (b"270335" if card else b"", 7),
        (b"832951157546" if card else b"", 13),
        (b"0001", 5),
        (card, 20),
        (b"02/29" if card else b"", 6),
        (text.encode("cp866"), 32),
        ((20261125).to_bytes(4, "little"), 4),
        ((133702).to_bytes(4, "little"), 4),
        (b"\x01", 1),
        (TERMINAL_ID.encode(), 9),
        (b"MIR", 28),
        (b"", 4),
        (b"\xaa" * 20, 20),
        (b"\xbb" * 32, 32),
        (b"\x03", 1),
    )
    return b"".join(value.ljust(size, b"\x00") for value, size in parts)
