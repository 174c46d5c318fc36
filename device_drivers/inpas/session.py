"""INPAS host session of a bank terminal: pure, single-threaded, told the time. Driven by `pump`.

Source: notes on bank terminals, "INPAS SmartSale"; notes on payments, "Cards".
- Our name of an operation travels in tag 1A. The protocol has no question for the last operation: a sale without an
  answer stays unknown until its answer comes late, or it is reversed by operation 53, or the settlement shows it.
- Operation 21 means «wait»: the time of the sale begins anew. Operation 63 uses this machine as a modem.
"""

from __future__ import annotations

import zlib
from collections import deque

from device_drivers.card_session import CardSession, Operation, Steps, unknown
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.modem import ModemCloseAsked, ModemDataSent, ModemOpenAsked
from device_drivers.contract.payment_card_reader import (
    CardAnswered,
    CardOutcome,
    CardReversed,
    CardSettled,
    StepOutcome,
    mask_pan,
    without_pans,
)
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.inpas import messages
from device_drivers.inpas.link import InpasLink
from device_drivers.inpas.messages import CURRENCY_RUB, Message, NetworkType, Result, Tag, message
from device_drivers.inpas.messages import Operation as Code

SALE_S = 180.0
SETTLEMENT_S = 120.0
CANCEL_S = 60.0
CANCEL_TRIES_MAX = 10
CANCEL_PAUSE_S = 1.5
LATE_ANSWER_S = 10.0  # what a question for the last result waits
LINK_CHECK_S = 60.0  # the answer, which the terminal asks its bank for
LINK_CHECK_PERIOD_S = 600.0
LINK_DOWN_PERIOD_S = 10.0
REMEMBERED_MAX = 16
DATA_BLOCK = 900


class InpasSession(CardSession[Message]):
    """The host's side of one terminal. Implements `Session` and the verbs of `PaymentCardReader`."""

    def __init__(self) -> None:
        self._inpas = InpasLink()
        super().__init__(self._inpas)
        self._answers: dict[str, Message] = {}  # sales by our name, as they were answered in this run
        self._linked = False
        self._place: tuple[str, int] | None = None  # where the terminal's connection goes
        self._received: deque[bytes] = deque()
        self._wants_data = self._closing = False

    # --- operations --------------------------------------------------------------------------------------------

    def _ready(self) -> str:
        return "" if self._linked else "the terminal does not answer"

    def _name(self, operation_id: str) -> str:
        return str(zlib.crc32(operation_id.encode()) or 1).zfill(10)

    def _sale(self, operation: Operation) -> Steps[Message, CardAnswered]:
        self._inpas.say(self._request(Code.SALE, operation))
        answer = yield from self._answer_to(Code.SALE, SALE_S, operation, may_cancel=True)
        if answer is None:
            return unknown(operation, "the terminal did not tell the result")
        return _answered(operation, answer)

    def _last_result(self, operation: Operation) -> Steps[Message, CardAnswered]:
        if not operation.host_id:
            return CardAnswered(operation.operation_id, CardOutcome.DECLINED, reason="the sale was never sent")
        if operation.host_id not in self._answers:
            yield from self._answer_to(Code.SALE, LATE_ANSWER_S, operation)
        answer = self._answers.get(operation.host_id)
        if answer is None:
            return unknown(operation, "the terminal has no question for the last result")
        return _answered(operation, answer)

    def _capture(self, operation: Operation) -> Steps[Message, StepOutcome]:
        yield from ()  # a sale is final by itself
        return StepOutcome.DONE

    def _reverse(self, operation: Operation) -> Steps[Message, CardReversed]:
        if not operation.host_id:
            return CardReversed(operation.operation_id, StepOutcome.DONE, "the sale was never sent")
        for attempt in range(CANCEL_TRIES_MAX):
            self._inpas.say(self._request(Code.CANCEL, operation))
            answer = yield from self._answer_to(Code.CANCEL, CANCEL_S, operation)
            if answer is None:
                yield from self._listen(CANCEL_PAUSE_S)
                continue
            result = answer.number(Tag.RESULT)
            if result == Result.APPROVED:
                return CardReversed(operation.operation_id, StepOutcome.DONE)
            if result == Result.DECLINED and not attempt:  # a cancel nobody answered may have been done
                return CardReversed(operation.operation_id, StepOutcome.REFUSED, answer.text(Tag.TEXT))
            return CardReversed(operation.operation_id, StepOutcome.UNKNOWN, answer.text(Tag.TEXT))
        return CardReversed(operation.operation_id, StepOutcome.UNKNOWN, "the terminal does not answer")

    def _settle(self, settlement_id: str) -> Steps[Message, CardSettled]:
        self._inpas.say(message(operation=int(Code.SETTLEMENT), terminal_id=""))
        answer = yield from self._answer_to(Code.SETTLEMENT, SETTLEMENT_S, None)
        if answer is None or answer.number(Tag.RESULT) in (None, Result.NO_CONNECTION, Result.UNKNOWN):
            return CardSettled(settlement_id, agreed=None)
        agreed = answer.number(Tag.RESULT) == Result.APPROVED
        return CardSettled(settlement_id, agreed=agreed, slip=without_pans(answer.text(Tag.SLIP)))

    def _request(self, code: Code, operation: Operation) -> Message:
        amount = messages.amount(operation.amount_minor)
        return message(amount=amount, currency=CURRENCY_RUB, operation=int(code), host_id=operation.host_id)

    def _answer_to(
        self, code: Code, limit_s: float, operation: Operation | None, *, may_cancel: bool = False
    ) -> Steps[Message, Message | None]:
        """The answer to what was said; «wait» begins the limit anew, at most as often as a bank takes."""
        until_s, end_s, cancels = self._now_s + limit_s, self._now_s + 3 * limit_s, 0
        next_cancel_s = 0.0
        while self._now_s < min(until_s, end_s):
            if may_cancel and self._cancel_asked and operation is not None and self._now_s >= next_cancel_s:
                if cancels < CANCEL_TRIES_MAX:
                    self._inpas.say(self._request(Code.CANCEL, operation))
                cancels, next_cancel_s = cancels + 1, self._now_s + CANCEL_PAUSE_S
            heard = yield from self._listen(min(until_s - self._now_s, 0.5 if may_cancel else limit_s))
            if heard is None:
                continue
            if heard.operation == Code.WAIT:
                until_s = self._now_s + limit_s
            elif heard.operation == code and Tag.RESULT in heard.tags and _is_ours(heard, operation):
                return heard
        return None

    # --- the link ----------------------------------------------------------------------------------------------

    def _idle(self) -> Steps[Message, None]:
        self._inpas.say(message(operation=int(Code.LINK_CHECK), terminal_id=""))
        answer = yield from self._answer_to(Code.LINK_CHECK, LINK_CHECK_S if self._linked else 3.0, None)
        heard = answer is not None or self._inpas.acknowledged
        self._linked = heard
        no_bank = answer is not None and answer.number(Tag.RESULT) not in (Result.APPROVED, Result.UNKNOWN)
        if not heard:
            self._tell_status(StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER))
        elif no_bank:
            self._tell_status(StatusChanged(DeviceState.DEVICE_BUSY, Fault.PAUSED, "no connection to the bank"))
        else:
            self._tell_status(StatusChanged(DeviceState.ONLINE))
        self._next_idle_s = self._now_s + (LINK_CHECK_PERIOD_S if heard else LINK_DOWN_PERIOD_S)

    def _heard(self, heard: Message) -> None:
        name = heard.text(Tag.HOST_ID)
        if heard.operation == Code.SALE and Tag.RESULT in heard.tags and name.isdecimal():
            self._answers[name] = heard
            while len(self._answers) > REMEMBERED_MAX:
                del self._answers[next(iter(self._answers))]

    def line_lost(self, now_s: float) -> None:
        """The port is gone."""
        self._linked, self._place = False, None
        self._received.clear()
        super().line_lost(now_s)

    # --- the terminal's use of our network -----------------------------------------------------------------------

    def _serve(self, heard: Message) -> bool:
        if heard.operation != Code.NETWORK:
            return False
        kind, mode = heard.number(Tag.COMMAND_TYPE), heard.number(Tag.COMMAND_MODE)
        if kind == NetworkType.CONNECTION and mode == 1:
            self._open(heard.text(Tag.COMMAND_DATA))
        elif kind == NetworkType.CONNECTION:
            self._closing = True
            self._events.append(ModemCloseAsked())
        elif kind == NetworkType.DATA and mode == 0:
            self._events.append(ModemDataSent(heard.tags.get(Tag.COMMAND_DATA, b"")))
            self._say_network(NetworkType.DATA, self._place is not None)
        elif kind == NetworkType.DATA:
            self._wants_data = True
            self._give_data()
        return True

    def _open(self, place: str) -> None:
        host, _, rest = place.partition(";")
        port = rest.rstrip(";")
        if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            self._say_network(NetworkType.CONNECTION, False)
            return
        self._place = (host, int(port))
        self._received.clear()
        self._events.append(ModemOpenAsked(host, int(port)))

    def modem_opened(self, done: bool) -> None:
        """The connection stands, or cannot or may not be made."""
        if self._place is not None:
            self._say_network(NetworkType.CONNECTION, done)
            self._place = self._place if done else None

    def modem_received(self, data: bytes) -> None:
        """Bytes came from the other side; the terminal fetches them."""
        self._received += [data[at : at + DATA_BLOCK] for at in range(0, len(data), DATA_BLOCK)]
        self._give_data()

    def modem_closed(self) -> None:
        """The connection is at its end."""
        self._place = None
        if self._closing:
            self._closing = False
            self._say_network(NetworkType.CONNECTION, True)
        self._give_data()

    def _give_data(self) -> None:
        if self._wants_data and self._received:
            self._wants_data = False
            self._say_network(NetworkType.DATA, True, self._received.popleft())
        elif self._wants_data and self._place is None:
            self._wants_data = False
            self._say_network(NetworkType.DATA, False)

    def _say_network(self, kind: NetworkType, done: bool, data: bytes = b"") -> None:
        said: dict[str, int | bytes] = {
            "operation": int(Code.NETWORK),
            "command_type": int(kind),
            "command_result": 0 if done else 1,
        }
        if data:
            said["command_data"] = data
        self._inpas.say(message(**said))


def terminal_of(options: dict[str, str]) -> InpasSession:
    """A session; INPAS has no options.

    Raises:
        DeviceUrlError: an option that does not exist.
    """
    if options:
        raise DeviceUrlError(f"an INPAS terminal has no option {sorted(options)[0]}")
    return InpasSession()


def _is_ours(heard: Message, operation: Operation | None) -> bool:
    """Terminals that do not repeat our name say -1."""
    name = heard.text(Tag.HOST_ID)
    return operation is None or not name.isdecimal() or name == operation.host_id


def _answered(operation: Operation, answer: Message) -> CardAnswered:
    result = answer.number(Tag.RESULT)
    if result == Result.APPROVED:
        outcome = CardOutcome.APPROVED
    elif result in (Result.DECLINED, Result.NO_CONNECTION, Result.ABORTED):
        outcome = CardOutcome.DECLINED
    else:
        outcome = CardOutcome.UNKNOWN
    return CardAnswered(
        operation.operation_id,
        outcome,
        amount_minor=(answer.number(Tag.AMOUNT) or 0) if outcome is CardOutcome.APPROVED else 0,
        rrn=answer.text(Tag.RRN),
        auth_code=answer.text(Tag.AUTH_CODE),
        masked_pan=mask_pan(answer.text(Tag.CARD)),
        terminal_id=answer.text(Tag.TERMINAL_ID),
        slip=without_pans(answer.text(Tag.SLIP) or answer.text(Tag.PRINT_TEXT)),
        reason="" if outcome is CardOutcome.APPROVED else f"{result} {answer.text(Tag.TEXT)}".strip(),
    )
