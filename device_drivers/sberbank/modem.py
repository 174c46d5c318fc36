"""What a Sberbank terminal does with our network and our printer (command A0). Pure.

Source: notes on bank terminals, "Sberbank (UPOS) terminals": device 19h LAN (1 open, 2 read, 3 write, 4 close), device
03h printer. What it prints is the slip of the operation and is kept as text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from device_drivers.contract.modem import ModemCloseAsked, ModemDataSent, ModemEvent, ModemOpenAsked
from device_drivers.contract.payment_card_reader import SLIP_SIZE_MAX
from device_drivers.sberbank import messages
from device_drivers.sberbank.messages import (
    LAN_PLACE,
    LAN_READ,
    UNSUPPORTED,
    Device,
    Instruction,
    MasterCall,
    Message,
    MessageError,
)

DATA_BLOCK = 900


class MasterCalls:
    """Answers the calls of the terminal, some of them only when the connection has done its part."""

    def __init__(self, say: Callable[[Message], None], tell: Callable[[ModemEvent], None]) -> None:
        self._say = say
        self._tell = tell
        self.forget()

    def forget(self) -> None:
        """The line is gone."""
        self._slip = ""
        self._opening: MasterCall | None = None
        self._closing: MasterCall | None = None
        self._reading: MasterCall | None = None
        self._read_until_s = 0.0
        self._connected = False
        self._received: deque[bytes] = deque()

    def take_slip(self) -> str:
        """What was printed since the last call."""
        slip, self._slip = self._slip, ""
        return slip

    def serve(self, heard: Message, now_s: float) -> None:
        """One call; one that makes no sense is answered as unsupported."""
        try:
            call = messages.master_call(heard)
            if call.device == Device.PRINTER:
                self._print(call)
            elif call.device == Device.LAN:
                self._lan(call, now_s)
            else:
                self._refuse(call)
        except MessageError:
            self._refuse(MasterCall(heard.number, 0, 0, b""))

    def time_passed(self, now_s: float) -> None:
        """A reading that waited long enough is answered with nothing."""
        if self._reading is not None and now_s >= self._read_until_s:
            self._answer(self._reading)
            self._reading = None

    # --- the owner of the connection -----------------------------------------------------------------------------

    def opened(self, done: bool) -> None:
        """The connection stands, or cannot or may not be made."""
        call, self._opening, self._connected = self._opening, None, done
        if call is not None and done:
            self._answer(call, call.parameters)
        elif call is not None:
            self._refuse(call)

    def received(self, data: bytes) -> None:
        """Bytes came from the other side; the terminal reads them."""
        self._received += [data[at : at + DATA_BLOCK] for at in range(0, len(data), DATA_BLOCK)]
        if self._reading is not None:
            call, self._reading = self._reading, None
            self._answer(call, self._received.popleft())

    def closed(self) -> None:
        """The connection is at its end."""
        self._connected = False
        for call in (self._closing, self._reading):
            if call is not None:
                self._answer(call)
        self._closing = self._reading = None

    # --- calls ---------------------------------------------------------------------------------------------------

    def _print(self, call: MasterCall) -> None:
        if call.instruction == Instruction.WRITE and len(self._slip) < SLIP_SIZE_MAX:
            self._slip += call.parameters[1:].decode("cp866", errors="replace")
        self._answer(call)

    def _lan(self, call: MasterCall, now_s: float) -> None:
        if call.instruction == Instruction.OPEN:
            place = messages.values_of(LAN_PLACE, call.parameters)
            host = ".".join(str(byte) for byte in bytes.fromhex(str(place["address"])))
            self._opening = call
            self._received.clear()
            self._tell(ModemOpenAsked(host, int(place["port"])))
        elif call.instruction == Instruction.WRITE and self._connected:
            self._tell(ModemDataSent(call.parameters))
            self._answer(call, len(call.parameters).to_bytes(2, "little"))
        elif call.instruction == Instruction.READ and (self._connected or self._received):
            self._read(call, now_s)
        elif call.instruction == Instruction.CLOSE:
            self._closing = call
            self._tell(ModemCloseAsked())
        else:
            self._refuse(call)

    def _read(self, call: MasterCall, now_s: float) -> None:
        wanted = messages.values_of(LAN_READ, call.parameters)
        if self._received:
            data = self._received.popleft()
            size = max(1, int(wanted["size_max"]))
            if data[size:]:
                self._received.appendleft(data[size:])
            self._answer(call, data[:size])
        else:
            self._reading, self._read_until_s = call, now_s + int(wanted["timeout_ms"]) / 1000

    def _answer(self, call: MasterCall, parameters: bytes = b"") -> None:
        self._say(messages.call_answer(call, parameters))

    def _refuse(self, call: MasterCall) -> None:
        self._say(messages.call_answer(call, result=UNSUPPORTED))
