"""The bridge between the words of validator and coin acceptor and payment's: a cash item becomes money and back."""

from __future__ import annotations

from collections.abc import Callable

from device_drivers.contract import bill_validator as device
from device_drivers.contract import coin_acceptor as coins
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, Identified, StatusChanged
from payment import contract as payment

CURRENCY = "RUB"


def to_payment(event: device.BillValidatorEvent) -> payment.CashierEvent | None:
    """A device event in payment's words; None for what is no business of money."""
    match event:
        case device.NoteEscrowed(cash_item=item):
            return payment.NoteEscrowed(value_minor(item))
        case device.NoteStacked(cash_item=item):
            return payment.NoteStacked(value_minor(item))
        case device.NoteReturned(cash_item=item):
            return payment.NoteReturned(value_minor(item))
        case device.NoteRejected(reason=reason):
            return payment.NoteRejected(reason.value)
        case device.NoteMoving(moving=moving):
            return payment.NoteMoving(moving)
        case device.NotesRemembered(cash_items=items):
            return payment.NotesRemembered(tuple(value_minor(item) for item in items))
        case device.NoteEventsLost(count=count):
            return payment.NoteEventsLost(count)
        case device.PoweredUp(note=note):
            return payment.AcceptorPoweredUp(payment.PowerUpNote(note.value))
        case device.CassetteRemoved():
            return payment.CassetteChanged(present=False)
        case device.CassetteInserted():
            return payment.CassetteChanged(present=True)
        case StatusChanged(state=state, fault=fault):
            return payment.AcceptorChanged(ready=state is DeviceState.ONLINE, fault=fault.value)
        case _:
            return None


def value_minor(item: CashItem) -> int:
    """Kopecks of a note. A foreign note is worth nothing here, so the rules return it."""
    return item.value_minor if item.currency == CURRENCY else 0


class ValidatorAcceptor:
    """payment's AcceptorPort over a bill validator. A terminal without one never becomes ready."""

    def __init__(self, validator: device.BillValidator | None, denominations_minor: frozenset[int]) -> None:
        self._validator = validator
        self._cash_items = frozenset(CashItem(value, CURRENCY) for value in denominations_minor)

    def enable(self) -> None:
        self._do(lambda validator: validator.enable(self._cash_items))

    def disable(self) -> None:
        self._do(lambda validator: validator.disable())

    def stack(self) -> None:
        self._do(lambda validator: validator.stack())

    def return_note(self) -> None:
        self._do(lambda validator: validator.return_note())

    def hold(self) -> None:
        self._do(lambda validator: validator.hold())

    def _do(self, verb: Callable[[device.BillValidator], None]) -> None:
        if self._validator is not None:
            verb(self._validator)


# --- coins ----------------------------------------------------------------------------------------------------------


class CoinSlot:
    """payment's CoinPort over a coin acceptor. Knows which device counts: its number goes into the same record."""

    def __init__(self, acceptor: coins.CoinAcceptor) -> None:
        self._acceptor = acceptor
        self._device = ""

    def enable(self) -> None:
        self._acceptor.enable(frozenset(CashItem(value, CURRENCY) for value in payment.COINS_MINOR))

    def disable(self) -> None:
        self._acceptor.disable()

    def resume(self, counter: int, device: str) -> None:
        """Counting goes on from the last coin in the journal; `device`: the serial number of who counted it."""
        self._device = device
        self._acceptor.resume(counter, device)

    def to_payment(self, event: coins.CoinAcceptorEvent) -> payment.CashierEvent | None:
        """An event of the acceptor in payment's words; None for what is no business of money."""
        match event:
            case coins.CoinAccepted(cash_item=item, counter=counter):
                return payment.CoinAccepted(value_minor(item), counter, self._device)
            case coins.CoinRejected(counter=counter) if counter:
                return payment.CoinRejected(counter, self._device)
            case coins.CoinsRemembered(cash_items=items, counter=counter):
                return payment.CoinsRemembered(tuple(value_minor(item) for item in items), counter, self._device)
            case coins.CoinEventsLost(count=count):
                return payment.CoinEventsLost(count)
            case coins.CoinCounterReset():
                return payment.CoinCounterReset()
            case Identified(serial=serial):
                self._device = serial  # told before its past, and before it takes a coin
                return None
            case StatusChanged(state=state, fault=fault):
                return payment.CoinAcceptorChanged(ready=state is DeviceState.ONLINE, fault=fault.value)
            case _:
                return None
