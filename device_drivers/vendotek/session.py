"""VTK host session of a cashless terminal: pure, single-threaded, told the time. Driven by `pump`.

Source: VTK protocol 1.12, "States", "Payment", "TCP for the terminal".
- The operation number is the terminal's last one plus one; it is told (`OperationNamed`) and stored before VRP leaves.
- The terminal remembers its last number over a loss of power: a repeated VRP or FIN with it gives the earlier answer.
  A lost answer is therefore asked by IDL (which number is the last?) and then by the same VRP; never by a new number.
- An approved sale is held until `capture` (FIN with the amount) or `reverse` (FIN with 0); without either the terminal
  gives the money back by itself.
"""

from __future__ import annotations

from device_drivers.card_session import CardSession, Operation, Steps, unknown
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.modem import ModemCloseAsked, ModemDataSent, ModemOpenAsked
from device_drivers.contract.payment_card_reader import (
    CardAnswered,
    CardOutcome,
    CardReversed,
    CardSettled,
    StepOutcome,
    without_pans,
)
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.vendotek import frames, messages
from device_drivers.vendotek.frames import HOST, Frame, FrameReader, Framing
from device_drivers.vendotek.messages import CONNECTION_SIZE, ConnectionStatus, Message, MessageError, Tag, message

START_IDLE_S = 10.0  # between IDLs to a terminal that does not answer
KEEP_ALIVE_S = 10.0  # where the terminal does not say
OPERATION_S = 60.0
OPERATION_S_MAX = 300.0
ANSWER_S = 5.0  # to IDL
OPERATION_MARGIN_S = 5.0  # the terminal's own time-out comes first
ABORT_S = 10.0
RECOVERY_TRIES_MAX = 6
RECOVERY_PAUSE_S = 5.0
BYTE_GAP_S = 8.0
NUMBER_MAX = 10**messages.NUMBER_DIGITS_MAX - 1
DATA_BLOCK = 512


def terminal_of(options: dict[str, str]) -> VendotekSession:
    """A session from `framing=serial|tcp` of a device URL.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown_options := set(options) - {"framing"}:
        raise DeviceUrlError(f"a VTK terminal has no option {sorted(unknown_options)[0]}")
    try:
        return VendotekSession(Framing(options.get("framing", Framing.SERIAL.value)))
    except ValueError:
        raise DeviceUrlError(f"framing is serial or tcp, not {options['framing']}") from None


class VendotekLink:
    """Bytes and messages. What cannot be read is ignored, as the paper says."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._last_byte_s = 0.0
        self._reader = FrameReader(framing)
        self._out = b""

    def say(self, said: Message) -> None:
        """Leaves with the next bytes."""
        self._out += frames.encode(Frame(HOST, messages.encode(said)), self._framing)

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        out, self._out = self._out, b""
        return out

    def receive(self, chunk: bytes, now_s: float) -> list[Message]:
        """Messages that became whole."""
        found = self._reader.feed(chunk)
        if chunk:
            self._last_byte_s = now_s
        elif self._reader.waiting and now_s >= self._last_byte_s + BYTE_GAP_S:
            found += self._reader.give_up_waiting()
        heard = []
        for frame in found:
            try:
                heard.append(messages.decode(frame.data))
            except MessageError:
                continue
        return heard

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        if self._out:
            return 0.0
        return self._last_byte_s + BYTE_GAP_S if self._reader.waiting else float("inf")

    def abandon(self) -> None:
        """The line is gone."""
        self._reader = FrameReader(self._framing)
        self._out = b""


class VendotekSession(CardSession[Message]):
    """The host's side of one terminal. Implements `Session` and the verbs of `PaymentCardReader`."""

    def __init__(self, framing: Framing = Framing.SERIAL) -> None:
        self._vtk = VendotekLink(framing)
        super().__init__(self._vtk)
        self._number: int | None = None  # the terminal's last operation, or ours under way
        self._keep_alive_s = KEEP_ALIVE_S
        self._operation_s = OPERATION_S
        self._active = False
        self._heard_s = 0.0
        self._connection: tuple[int, str, int] | None = None  # the terminal's: index, address, port

    # --- operations --------------------------------------------------------------------------------------------

    def _ready(self) -> str:
        return "" if self._active and self._number is not None else "the terminal does not answer"

    def _name(self, operation_id: str) -> str:
        assert self._number is not None
        return str(self._number % NUMBER_MAX + 1)

    def _sale(self, operation: Operation) -> Steps[Message, CardAnswered]:
        self._number = int(operation.host_id)
        answered = yield from self._request(operation)
        for _ in range(RECOVERY_TRIES_MAX):
            if answered is not None:
                return answered
            answered = yield from self._inquire(operation)
            if answered is None:
                yield from self._pass_time(RECOVERY_PAUSE_S)
        return answered or unknown(operation, "the terminal does not answer")

    def _last_result(self, operation: Operation) -> Steps[Message, CardAnswered]:
        if not _is_number(operation.host_id):
            return CardAnswered(operation.operation_id, CardOutcome.DECLINED, reason="the sale was never sent")
        for _ in range(RECOVERY_TRIES_MAX):
            answered = yield from self._inquire(operation)
            if answered is not None:
                return answered
            yield from self._pass_time(RECOVERY_PAUSE_S)
        return unknown(operation, "the terminal does not answer")

    def _inquire(self, operation: Operation) -> Steps[Message, CardAnswered | None]:
        """Asks by the number; None: no answer yet. VRP is repeated only when the terminal has had this number."""
        ours = int(operation.host_id)
        idle = yield from self._ask(message("IDL", operation=operation.host_id), "IDL", ANSWER_S)
        if idle is None:
            return None
        last = idle.number(Tag.OPERATION)
        if last is None:
            return unknown(operation, "the terminal does not tell its last number")
        self._number = last
        if last == ours:
            return (yield from self._request(operation))
        if last == ours - 1 or (ours == 1 and last == NUMBER_MAX):
            reason = "the terminal never got the sale"
            return CardAnswered(operation.operation_id, CardOutcome.DECLINED, reason=reason)
        return unknown(operation, f"the terminal's last number is {last}")

    def _request(self, operation: Operation) -> Steps[Message, CardAnswered | None]:
        said = message("VRP", operation=operation.host_id, amount=operation.amount_minor)
        vrp = yield from self._ask(
            said, "VRP", self._operation_s + OPERATION_MARGIN_S, operation.host_id, may_abort=True
        )
        if vrp is None:
            return None
        amount_minor = vrp.number(Tag.AMOUNT) or 0
        return CardAnswered(
            operation.operation_id,
            CardOutcome.APPROVED if amount_minor else CardOutcome.DECLINED,
            amount_minor=amount_minor,
            slip=without_pans(vrp.text(Tag.RECEIPT)),
        )

    def _capture(self, operation: Operation) -> Steps[Message, StepOutcome]:
        said = yield from self._finish(operation, operation.amount_minor)
        if said is None:
            return StepOutcome.UNKNOWN
        if said == operation.amount_minor:
            return StepOutcome.DONE
        return StepOutcome.REFUSED if said == 0 else StepOutcome.UNKNOWN

    def _reverse(self, operation: Operation) -> Steps[Message, CardReversed]:
        said = yield from self._finish(operation, 0)
        if said is None:
            return CardReversed(operation.operation_id, StepOutcome.UNKNOWN, "the terminal does not answer")
        if said == 0:
            return CardReversed(operation.operation_id, StepOutcome.DONE)
        return CardReversed(operation.operation_id, StepOutcome.REFUSED, "the sale is final")

    def _finish(self, operation: Operation, amount_minor: int) -> Steps[Message, int | None]:
        """FIN until it is answered; the terminal answers a repeat as it did before."""
        if not _is_number(operation.host_id):
            return 0  # never sent, so nothing is held
        said = message("FIN", operation=operation.host_id, amount=amount_minor)
        for attempt in range(RECOVERY_TRIES_MAX):
            if attempt:
                idle = yield from self._ask(message("IDL", operation=operation.host_id), "IDL", ANSWER_S)
                if idle is None:
                    yield from self._pass_time(RECOVERY_PAUSE_S)
                    continue
                if idle.number(Tag.OPERATION) != int(operation.host_id):
                    return None
            fin = yield from self._ask(said, "FIN", self._operation_s + OPERATION_MARGIN_S, operation.host_id)
            if fin is not None:
                return fin.number(Tag.AMOUNT)
        return None

    def _settle(self, settlement_id: str) -> Steps[Message, CardSettled]:
        """VTK has no settlement: the terminal settles with its bank by itself."""
        yield from ()  # a dialogue without a word
        return CardSettled(settlement_id, agreed=None)

    # --- the link ----------------------------------------------------------------------------------------------

    def _idle(self) -> Steps[Message, None]:
        number = {} if self._number is None else {"operation": self._number}
        answer = yield from self._ask(message("IDL", **number), "IDL", ANSWER_S)
        self._next_idle_s = self._now_s + (self._keep_alive_s if self._active else START_IDLE_S)
        if answer is None and self._now_s >= self._heard_s + 3 * self._keep_alive_s + BYTE_GAP_S:
            self._become_inactive()

    def _ask(
        self, said: Message, name: str, limit_s: float, number: str = "", *, may_abort: bool = False
    ) -> Steps[Message, Message | None]:
        """Says it and waits for the answer of this name (and number); anything else is not for this step."""
        self._vtk.say(said)
        until_s, aborted = self._now_s + limit_s, False
        while self._now_s < until_s:
            if may_abort and self._cancel_asked and not aborted:
                self._vtk.say(message("ABR", operation=number))
                until_s, aborted = min(until_s, self._now_s + ABORT_S), True
            wait_s = min(until_s - self._now_s, 0.2 if may_abort and not aborted else limit_s)
            heard = yield from self._listen(wait_s)
            if heard is not None and heard.name == name and (not number or heard.number(Tag.OPERATION) == int(number)):
                return heard
        return None

    def _pass_time(self, for_s: float) -> Steps[Message, None]:
        until_s = self._now_s + for_s
        while self._now_s < until_s:
            yield from self._listen(until_s - self._now_s)

    def _heard(self, heard: Message) -> None:
        self._heard_s = self._now_s
        self._keep_alive_s = float(heard.number(Tag.KEEP_ALIVE_S) or self._keep_alive_s)
        self._operation_s = min(OPERATION_S_MAX, float(heard.number(Tag.OPERATION_TIMEOUT_S) or self._operation_s))
        if self._working is None and (number := heard.number(Tag.OPERATION)) is not None:
            self._number = number
        if heard.name == "IDL":
            self._active = True
            self._tell_status(StatusChanged(DeviceState.ONLINE))

    def _become_inactive(self) -> None:
        """Nobody was heard for too long: the defaults hold again."""
        self._active, self._keep_alive_s, self._operation_s = False, KEEP_ALIVE_S, OPERATION_S
        self._tell_status(StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER))

    def line_lost(self, now_s: float) -> None:
        """The port is gone."""
        self._active, self._connection = False, None
        super().line_lost(now_s)

    # --- the terminal's use of our network -----------------------------------------------------------------------

    def _serve(self, heard: Message) -> bool:
        raw = heard.tags.get(Tag.CONNECTION, b"")
        if heard.name == "CON":
            self._connect(raw)
        elif heard.name == "DAT" and self._connection is not None:
            for tag in (Tag.DATA, Tag.CONFIRMABLE_DATA):
                if data := heard.tags.get(tag):
                    self._events.append(ModemDataSent(data))
            if confirmable := heard.tags.get(Tag.CONFIRMABLE_DATA):
                self._vtk.say(message("DAT", connection=b"\x00", sent_bytes=len(confirmable)))
        elif heard.name == "DSC":
            self._events.append(ModemCloseAsked())
            if self._connection is None:
                self._vtk.say(message("DSC", connection=b"\x00"))  # a repeat is answered again
        return heard.name in ("CON", "DAT", "DSC", "STA", "MFR", "CDP")

    def _connect(self, raw: bytes) -> None:
        if len(raw) != CONNECTION_SIZE:
            return
        index, address, port = raw[0], ".".join(str(byte) for byte in raw[1:5]), int.from_bytes(raw[5:7], "big")
        if index or any(raw[8:]):
            self._say_connection((index, address, port), ConnectionStatus.NO_SERVICE)
            return
        self._connection = (index, address, port)
        self._events.append(ModemOpenAsked(address, port))

    def modem_opened(self, done: bool) -> None:
        """The connection stands, or cannot or may not be made."""
        if self._connection is None:
            return
        self._say_connection(self._connection, ConnectionStatus.ESTABLISHED if done else ConnectionStatus.LINK_INACTIVE)
        if not done:
            self._connection = None

    def modem_received(self, data: bytes) -> None:
        """Bytes came from the other side."""
        if self._connection is not None:
            for at in range(0, len(data), DATA_BLOCK):
                self._vtk.say(message("DAT", connection=b"\x00", data=data[at : at + DATA_BLOCK]))

    def modem_closed(self) -> None:
        """The connection is at its end."""
        if self._connection is not None:
            self._connection = None
            self._vtk.say(message("DSC", connection=b"\x00"))

    def _say_connection(self, place: tuple[int, str, int], status: ConnectionStatus) -> None:
        self._vtk.say(message("CON", connection=messages.connection(*place, status)))


def _is_number(host_id: str) -> bool:
    return host_id.isascii() and host_id.isdecimal() and 0 < int(host_id) <= NUMBER_MAX
