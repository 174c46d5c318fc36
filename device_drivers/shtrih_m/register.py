"""Single commands to a Shtrih-M register as steps of a dialogue. Generators: no I/O, no clock.

Source: Shtrih-M protocol description, "Errors to handle explicitly": 50h is waited for, 58h is answered with B0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers.fiscal_drive import FnQuestion
from device_drivers.fiscal_session import ANSWER_S, Answered, LostError, NoAnswer, Pause, RefusedError, Request, Steps
from device_drivers.layout import Value
from device_drivers.shtrih_m import messages
from device_drivers.shtrih_m.messages import Answer, Command, MessageError

PRINT_ANSWER_S = 10.0  # commands that print before they answer
REPORT_ANSWER_S = 40.0
PRINTING_POLL_S = 0.3
PRINTING_POLLS_MAX = 200  # a minute of printing, or of waiting for paper
CONTINUES_MAX = 3
TLV_READS_MAX = 64

MODE_OPEN, MODE_EXPIRED, MODE_CLOSED, MODE_DOCUMENT = 2, 3, 4, 8
SUBMODE_IDLE, SUBMODE_NO_PAPER, SUBMODE_PAPER_OUT, SUBMODE_CONTINUE = 0, 1, 2, 3
ERROR_PRINTING, ERROR_CONTINUE = 0x50, 0x58

_COMMAND_OF_QUESTION = {
    FnQuestion.SHIFT: Command.SHIFT_PARAMETERS,
    FnQuestion.OFD: Command.OFD_STATUS,
    FnQuestion.STATUS: Command.FN_STATUS,
    FnQuestion.EXPIRY: Command.FN_EXPIRY,
    FnQuestion.FIND: Command.FIND_DOCUMENT,
}


@dataclass(frozen=True, slots=True)
class State:
    """Where the register stands: answer 10h."""

    mode: int
    submode: int
    flags: int

    @property
    def printing(self) -> bool:
        return self.submode not in (SUBMODE_IDLE, SUBMODE_NO_PAPER)


class Commands:
    """What can be said to a register, one command after another. Steps raise LostError and RefusedError."""

    def __init__(self, password: int) -> None:
        self._password = password

    def printed(self) -> Steps[State]:
        """Waits until nothing is printed; goes on printing where paper has come back."""
        for _ in range(PRINTING_POLLS_MAX):
            state = yield from self.state()
            if state.submode == SUBMODE_CONTINUE:
                yield from self.ask(Command.CONTINUE_PRINT, repeatable=False)
            elif not state.printing:
                return state
            yield Pause(PRINTING_POLL_S)
        raise RefusedError(ERROR_PRINTING, messages.error_text(Command.SHORT_STATUS, ERROR_PRINTING))

    def state(self) -> Steps[State]:
        """Mode and submode, answer 10h."""
        answer = yield from self.ask(Command.SHORT_STATUS)
        return State(answer.number("mode") & 0x0F, answer.number("submode"), answer.number("flags"))

    def cancel_receipt(self) -> Steps[None]:
        """Throws an open receipt away."""
        yield from self.ask(Command.CANCEL_RECEIPT, limit_s=PRINT_ANSWER_S, repeatable=False)

    def ask_drive(self, question: FnQuestion, fd: int = 0) -> Steps[Mapping[str, Value]]:
        """A question to the drive."""
        values = {"fd": fd} if question is FnQuestion.FIND else {}
        return (yield from self.ask(_COMMAND_OF_QUESTION[question], values)).values

    def read_tlv(self, fd: int) -> Steps[bytes]:
        """A stored document, piece by piece."""
        size = (yield from self.ask(Command.DOCUMENT_TLV, {"fd": fd})).number("size")
        data = b""
        for _ in range(TLV_READS_MAX):
            if len(data) >= size:
                return data[:size]
            # Each reading moves on: one that was lost cannot be repeated, the whole document is asked anew.
            piece = yield from self.ask(Command.READ_TLV, repeatable=False)
            data += bytes.fromhex(piece.text("tlv"))
        raise LostError

    def ask(
        self,
        command: Command,
        values: Mapping[str, Value] | None = None,
        *,
        limit_s: float = ANSWER_S,
        repeatable: bool = True,
    ) -> Steps[Answer]:
        """A command and its answer."""
        return (yield from self.send(self.encode_command(command, values or {}), limit_s, repeatable=repeatable))

    def send(self, data: bytes, limit_s: float = PRINT_ANSWER_S, *, repeatable: bool = False) -> Steps[Answer]:
        """One command; a register busy with printing is waited for, one that waits for B0 is told to go on."""
        continues = 0
        for _ in range(PRINTING_POLLS_MAX):
            outcome = yield Request(data, limit_s, repeatable)
            if outcome is None or isinstance(outcome, NoAnswer):
                raise LostError
            answer = _decoded(outcome)
            if answer.error == ERROR_CONTINUE and continues < CONTINUES_MAX:
                continues += 1
                yield Request(self.encode_command(Command.CONTINUE_PRINT, {}), ANSWER_S, repeatable=False)
            elif answer.error == ERROR_PRINTING:
                yield Pause(PRINTING_POLL_S)
            elif answer.error:
                break
            else:
                return answer
        final = answer.error in messages.FINAL_ERRORS
        raise RefusedError(answer.error, messages.error_text(answer.command, answer.error), final=final)

    def encode_command(self, command: Command, values: Mapping[str, Value]) -> bytes:
        """The bytes of a command with the password.

        Raises:
            MessageError: a value does not fit.
        """
        password: dict[str, Value] = {} if command is Command.DEVICE_TYPE else {"password": self._password}
        return messages.encode_request(command, password | dict(values))


def _decoded(outcome: Answered) -> Answer:
    try:
        return messages.decode_answer(outcome.data)
    except MessageError:
        raise LostError from None  # an answer nobody can read is none
