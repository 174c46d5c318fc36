"""The bridge between payment's pinpad port and the bank terminal's words.

A terminal knows an operation under a name of its own. That name is written to disk and synced before the sale leaves
(`OperationNamed` -> file -> `proceed`), so that after any crash the right operation is asked about or reversed.
An approved sale is made final at once: payment's journal then holds only money that the bank will not give back alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from device_drivers.contract import payment_card_reader as device
from device_drivers.contract.modem import ModemCloseAsked, ModemDataSent, ModemOpenAsked
from device_drivers.contract.status import DeviceState, StatusChanged
from device_drivers.modem_proxy import ModemProxy
from payment.contract import (
    CardAnswered,
    CardOutcome,
    CardReversed,
    CardSettled,
    PinpadChanged,
    ReversalOutcome,
)
from terminal_app.core.whole_file import write_whole

NAMES_FILE = "card_operations.json"
NAMES_MAX = 256  # operations that may still be asked about

PinpadEvent = CardAnswered | CardReversed | CardSettled | PinpadChanged

_log = logging.getLogger(__name__)


class OperationNamesError(Exception):
    """The names of card operations cannot be read; the text says why."""


class SentOperation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the terminal knows an operation by."""

    name: str
    amount_minor: int


class OperationNames:
    """Our operation -> the terminal's name of it, on disk. The last `NAMES_MAX` are kept."""

    def __init__(self, folder: Path) -> None:
        """Raises: OperationNamesError."""
        self._path = folder / NAMES_FILE
        self._names: dict[str, SentOperation] = {}
        try:
            self._names = msgspec.json.decode(self._path.read_bytes(), type=dict[str, SentOperation])
        except FileNotFoundError:
            pass  # a new terminal: nothing was ever sent
        except (OSError, msgspec.MsgspecError) as error:
            raise OperationNamesError(f"{self._path} cannot be read: {error}") from error

    def get(self, operation_id: str) -> SentOperation | None:
        """None when the operation was never sent."""
        return self._names.get(operation_id)

    def put(self, operation_id: str, sent: SentOperation) -> None:
        """Durable when it returns.

        Raises:
            OSError: the disk does not take it; nothing is remembered then.
        """
        names = dict(list(self._names.items())[-NAMES_MAX + 1 :]) | {operation_id: sent}
        write_whole(self._path, msgspec.json.encode(names))
        self._names = names


class BankTerminalPinpad:
    """payment's PinpadPort over a bank terminal; a terminal without one declines, and takes no money."""

    def __init__(
        self,
        reader: device.PaymentCardReader | None,
        folder: Path,
        tell: Callable[[PinpadEvent], None],
        modem: ModemProxy | None = None,
    ) -> None:
        """Raises: OperationNamesError."""
        self._reader = reader
        self._tell = tell
        self._modem = modem
        self._names = OperationNames(folder)
        self._asked_minor: dict[str, int] = {}  # of the sale that waits for its name
        self._capturing: CardAnswered | None = None  # approved, and not yet final

    # --- verbs of payment --------------------------------------------------------------------------------------

    def authorize(self, operation_id: str, amount_minor: int) -> None:
        """Begin a sale."""
        if self._reader is None:
            self._tell(CardAnswered(operation_id, CardOutcome.DECLINED, reason="no pinpad"))
        else:
            self._asked_minor = {operation_id: amount_minor}
            self._reader.authorize(operation_id, amount_minor)

    def last_result(self, operation_id: str) -> None:
        """What became of it? One that was never named was never sent."""
        sent = self._names.get(operation_id)
        if sent is None:
            self._tell(CardAnswered(operation_id, CardOutcome.DECLINED, reason="the sale was never sent"))
        elif self._reader is None:
            self._tell(CardAnswered(operation_id, CardOutcome.UNKNOWN, reason="no pinpad"))
        else:
            self._reader.last_result(operation_id, sent.name, sent.amount_minor)

    def reverse(self, operation_id: str, amount_minor: int) -> None:
        """Give the money back."""
        sent = self._names.get(operation_id)
        if sent is None:
            self._tell(CardReversed(operation_id, ReversalOutcome.DONE))
        elif self._reader is None:
            self._tell(CardReversed(operation_id, ReversalOutcome.UNKNOWN))
        else:
            self._reader.reverse(operation_id, sent.name, amount_minor)

    def settle(self, settlement_id: str) -> None:
        """Compare the totals of the day."""
        if self._reader is None:
            self._tell(CardSettled(settlement_id, agreed=None))
        else:
            self._reader.settle(settlement_id)

    def cancel(self) -> None:
        """The customer gave up before the card was put."""
        if self._reader is not None:
            self._reader.cancel()

    # --- events of the terminal --------------------------------------------------------------------------------

    def on_event(self, event: device.PaymentCardReaderEvent) -> None:
        """What the terminal says, in payment's words."""
        match event:
            case device.OperationNamed(operation_id=operation_id, host_id=host_id):
                self._named(operation_id, host_id)
            case device.CardAnswered():
                self._answered(event)
            case device.CardCaptured():
                self._captured(event)
            case device.CardReversed(operation_id=operation_id, outcome=step):
                self._tell(CardReversed(operation_id, ReversalOutcome(step.value)))
            case device.CardSettled(settlement_id=settlement_id, agreed=agreed):
                self._tell(CardSettled(settlement_id, agreed, event.count or 0, event.total_minor or 0))
            case StatusChanged(state=state, fault=fault):
                self._tell(PinpadChanged(ready=state is DeviceState.ONLINE, fault=fault.value))
            case ModemOpenAsked() | ModemDataSent() | ModemCloseAsked():
                self._modem_asked(event)

    def _named(self, operation_id: str, host_id: str) -> None:
        assert self._reader is not None
        try:
            self._names.put(operation_id, SentOperation(host_id, self._asked_minor.pop(operation_id, 0)))
        except OSError as error:
            _log.error("the name of a card operation cannot be stored, the sale is not begun: %s", error)
            self._reader.cancel()  # it was only named: declined, and no byte of it left
        else:
            self._reader.proceed(operation_id)

    def _answered(self, event: device.CardAnswered) -> None:
        told = _card_answered(event)
        sent = self._names.get(event.operation_id)
        if event.outcome is device.CardOutcome.APPROVED and self._reader is not None and sent is not None:
            self._capturing = told
            self._reader.capture(event.operation_id, sent.name, event.amount_minor)
        else:
            self._tell(told)

    def _captured(self, event: device.CardCaptured) -> None:
        told, self._capturing = self._capturing, None
        if told is None or told.operation_id != event.operation_id:
            return
        if event.outcome is device.StepOutcome.DONE:
            self._tell(told)
        elif event.outcome is device.StepOutcome.REFUSED:
            reason = "the terminal gave the money back"
            self._tell(msgspec.structs.replace(told, outcome=CardOutcome.DECLINED, amount_minor=0, reason=reason))
        else:
            reason = "nobody knows whether the sale was made final"
            self._tell(msgspec.structs.replace(told, outcome=CardOutcome.UNKNOWN, reason=reason))

    def _modem_asked(self, event: ModemOpenAsked | ModemDataSent | ModemCloseAsked) -> None:
        if self._modem is not None:
            self._modem.on_event(event)
        elif self._reader is not None and isinstance(event, ModemOpenAsked):
            self._reader.modem_opened(False)
        elif self._reader is not None and isinstance(event, ModemCloseAsked):
            self._reader.modem_closed()


def _card_answered(event: device.CardAnswered) -> CardAnswered:
    return CardAnswered(
        operation_id=event.operation_id,
        outcome=CardOutcome(event.outcome.value),
        amount_minor=event.amount_minor,
        rrn=event.rrn,
        auth_code=event.auth_code,
        masked_pan=event.masked_pan,
        terminal_id=event.terminal_id,
        slip=event.slip,
        reason=event.reason,
    )
