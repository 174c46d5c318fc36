"""Sberbank host session of a bank terminal: pure, single-threaded, told the time. Driven by `pump`.

Source: notes on bank terminals, "Sberbank (UPOS) terminals"; notes on payments, "Cards".
- Our name of an operation travels as the request id and as the number of the message, by which a late answer is known.
- The wire has no known question for the last operation: an unknown sale is known when its answer comes late; else it is
  reversed (operation 0Dh with our request id and amount); else the settlement shows it.
"""

from __future__ import annotations

import zlib

from device_drivers.card_session import CardSession, Operation, Steps, unknown
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.modem import ModemEvent
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
from device_drivers.layout import Values
from device_drivers.sberbank import messages
from device_drivers.sberbank.link import SberbankLink
from device_drivers.sberbank.messages import ANSWER_FLAG, Command, Message, MessageError
from device_drivers.sberbank.messages import Operation as Code
from device_drivers.sberbank.modem import MasterCalls

SALE_S = 180.0
REVERSAL_S = 90.0
SETTLEMENT_S = 120.0
LATE_ANSWER_S = 10.0
POLL_S = 4.0
POLL_TRIES_MAX = 2  # one lost answer is no lost terminal
POLL_PERIOD_S = 10.0
REVERSAL_TRIES_MAX = 3
REVERSAL_PAUSE_S = 5.0
REMEMBERED_MAX = 16
POLL_NUMBER = 0x000A441D
RESULT_DONE = 0
NAME_MAX = ANSWER_FLAG - 1


class SberbankSession(CardSession[Message]):
    """The host's side of one terminal. Implements `Session` and the verbs of `PaymentCardReader`."""

    def __init__(self) -> None:
        self._sberbank = SberbankLink()
        super().__init__(self._sberbank)
        self._calls = MasterCalls(self._sberbank.say, self._tell_modem)
        self._answers: dict[int, Message] = {}  # by the number of the message, in this run
        self._linked = False

    def _tell_modem(self, event: ModemEvent) -> None:
        self._events.append(event)

    # --- operations --------------------------------------------------------------------------------------------

    def _ready(self) -> str:
        return "" if self._linked else "the terminal does not answer"

    def _name(self, operation_id: str) -> str:
        return str(zlib.crc32(operation_id.encode()) & NAME_MAX or 1)

    def _sale(self, operation: Operation) -> Steps[Message, CardAnswered]:
        self._calls.take_slip()
        number = int(operation.host_id)
        self._sberbank.say(self._request(Code.SALE, number, operation))
        answer = yield from self._answer_to(number, SALE_S, may_abort=True)
        if answer is None:
            return unknown(operation, "the terminal did not tell the result")
        return self._answered(operation, answer)

    def _last_result(self, operation: Operation) -> Steps[Message, CardAnswered]:
        if not operation.host_id.isdecimal():
            return CardAnswered(operation.operation_id, CardOutcome.DECLINED, reason="the sale was never sent")
        number = int(operation.host_id)
        if number not in self._answers:
            yield from self._answer_to(number, LATE_ANSWER_S)
        answer = self._answers.get(number)
        if answer is None:
            return unknown(operation, "the terminal has no question for the last result")
        return self._answered(operation, answer)

    def _capture(self, operation: Operation) -> Steps[Message, StepOutcome]:
        yield from ()  # a sale is final by itself
        return StepOutcome.DONE

    def _reverse(self, operation: Operation) -> Steps[Message, CardReversed]:
        if not operation.host_id.isdecimal():
            return CardReversed(operation.operation_id, StepOutcome.DONE, "the sale was never sent")
        number = (int(operation.host_id) + 1) & NAME_MAX
        for attempt in range(REVERSAL_TRIES_MAX):
            self._sberbank.say(self._request(Code.REVERSAL, number, operation))
            answer = yield from self._answer_to(number, REVERSAL_S)
            if answer is None:
                yield from self._listen(REVERSAL_PAUSE_S)
                continue
            values = _values(answer)
            if values is None:
                return CardReversed(operation.operation_id, StepOutcome.UNKNOWN, "an answer nobody can read")
            done = values["result"] == RESULT_DONE
            reason = "" if done else f"{values['result']} {values['text']}".strip()
            refused = StepOutcome.UNKNOWN if attempt else StepOutcome.REFUSED  # the unanswered one may have been done
            return CardReversed(operation.operation_id, StepOutcome.DONE if done else refused, reason)
        return CardReversed(operation.operation_id, StepOutcome.UNKNOWN, "the terminal does not answer")

    def _settle(self, settlement_id: str) -> Steps[Message, CardSettled]:
        self._calls.take_slip()
        number = zlib.crc32(settlement_id.encode()) & NAME_MAX
        self._sberbank.say(messages.transaction(Code.SETTLEMENT, number, {}))
        answer = yield from self._answer_to(number, SETTLEMENT_S)
        values = None if answer is None else _values(answer)
        if values is None:
            return CardSettled(settlement_id, agreed=None)
        agreed = values["result"] == RESULT_DONE
        return CardSettled(settlement_id, agreed=agreed, slip=without_pans(self._calls.take_slip()))

    def _request(self, code: Code, number: int, operation: Operation) -> Message:
        # No card data ever goes to the terminal, it reads the card itself: the field of the track stays empty.
        values = {"amount_minor": operation.amount_minor, "request_id": int(operation.host_id)}
        return messages.transaction(code, number, values)

    def _answer_to(self, number: int, limit_s: float, *, may_abort: bool = False) -> Steps[Message, Message | None]:
        until_s, aborted = self._now_s + limit_s, False
        while self._now_s < until_s:
            if may_abort and self._cancel_asked and not aborted:
                self._sberbank.say(Message(Command.ABORT, (number + 1) & NAME_MAX))
                aborted = True
            heard = yield from self._listen(min(until_s - self._now_s, 0.5 if may_abort else limit_s))
            if heard is not None and heard.is_answer and heard.request_number == number:
                return heard
        return None

    def _answered(self, operation: Operation, answer: Message) -> CardAnswered:
        values = _values(answer)
        if values is None:
            return unknown(operation, "an answer nobody can read")
        done = values["result"] == RESULT_DONE
        return CardAnswered(
            operation.operation_id,
            CardOutcome.APPROVED if done else CardOutcome.DECLINED,
            amount_minor=operation.amount_minor if done else 0,  # the answer carries no sum: it is all or nothing
            rrn=str(values["rrn"]),
            auth_code=str(values["auth_code"]),
            masked_pan=mask_pan(str(values["card"])),
            terminal_id=str(values["terminal_id"]),
            slip=without_pans(self._calls.take_slip()),
            reason="" if done else f"{values['result']} {values['text']}".strip(),
        )

    # --- the link ----------------------------------------------------------------------------------------------

    def _idle(self) -> Steps[Message, None]:
        answer = None
        for _ in range(POLL_TRIES_MAX if self._linked else 1):
            self._sberbank.say(messages.poll(POLL_NUMBER))
            answer = yield from self._answer_to(POLL_NUMBER, POLL_S)
            if answer is not None:
                break
        self._linked = answer is not None
        if self._linked:
            self._tell_status(StatusChanged(DeviceState.ONLINE))
        else:
            self._tell_status(StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER))
        self._next_idle_s = self._now_s + POLL_PERIOD_S

    def _heard(self, heard: Message) -> None:
        if heard.is_answer and heard.request_number != POLL_NUMBER:
            self._answers[heard.request_number] = heard
            while len(self._answers) > REMEMBERED_MAX:
                del self._answers[next(iter(self._answers))]

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        super().receive(chunk, now_s)
        self._calls.time_passed(now_s)

    def line_lost(self, now_s: float) -> None:
        """The port is gone."""
        self._linked = False
        self._calls.forget()
        super().line_lost(now_s)

    # --- the terminal's use of our devices -----------------------------------------------------------------------

    def _serve(self, heard: Message) -> bool:
        if heard.is_answer or heard.command != Command.MASTER_CALL:
            return False
        self._calls.serve(heard, self._now_s)
        return True

    def modem_opened(self, done: bool) -> None:
        """The connection stands, or cannot or may not be made."""
        self._calls.opened(done)

    def modem_received(self, data: bytes) -> None:
        """Bytes came from the other side."""
        self._calls.received(data)

    def modem_closed(self) -> None:
        """The connection is at its end."""
        self._calls.closed()


def terminal_of(options: dict[str, str]) -> SberbankSession:
    """A session; these terminals have no options.

    Raises:
        DeviceUrlError: an option that does not exist.
    """
    if options:
        raise DeviceUrlError(f"a Sberbank terminal has no option {sorted(options)[0]}")
    return SberbankSession()


def _values(answer: Message) -> Values | None:
    try:
        return messages.transaction_answer(answer.body)
    except MessageError:
        return None
