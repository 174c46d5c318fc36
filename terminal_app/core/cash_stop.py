"""Why no cash is taken now: one word for the customer's screen, the office and the visit. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.contract.status import DeviceState, Fault
from device_drivers.contract.storage import StorageStatus
from payment.contract import CashInSnapshot
from terminal_app.core.site import Site
from terminal_app.ipc.messages import CashStop

_OF_FAULT = {
    Fault.CASSETTE_FULL: CashStop.CASSETTE_FULL,
    Fault.CASSETTE_REMOVED: CashStop.CASSETTE_REMOVED,
    Fault.CASSETTE_JAMMED: CashStop.CASSETTE_JAMMED,
    Fault.JAMMED: CashStop.JAMMED,
    Fault.CHEATED: CashStop.CHEATED,
}


# A payment by notes may begin all the same: what passes by itself, or is decided note by note, is told at the slot.
MAY_BEGIN = frozenset({CashStop.NONE, CashStop.ACCEPTOR, CashStop.BILLING})


@dataclass(frozen=True, slots=True)
class Acceptor:
    """The bill validator; `fitted` False: the terminal has none, by its project."""

    fitted: bool
    state: DeviceState
    fault: Fault
    cassette: StorageStatus


def cash_stop(cash: CashInSnapshot, site: Site, acceptor: Acceptor, *, writable: bool, billing_up: bool) -> CashStop:
    """The gravest reason; NONE: a payment by cash may begin. Busy is still at work: a validator that stacks."""
    if not acceptor.fitted:
        return CashStop.NOT_FITTED
    if not site.opens_cash:
        return CashStop.DOOR if site.open_doors else CashStop.POWER
    if not writable:
        return CashStop.JOURNAL
    if acceptor.state not in (DeviceState.ONLINE, DeviceState.DEVICE_BUSY):
        return _OF_FAULT.get(acceptor.fault, CashStop.ACCEPTOR)
    if acceptor.cassette is StorageStatus.FULL:
        return CashStop.CASSETTE_FULL
    if not cash.fiscal_ready:
        return CashStop.FISCAL
    return CashStop.NONE if billing_up else CashStop.BILLING
