"""CCNET states in the words of XFS4IoT, told on the edge only. Pure."""

from __future__ import annotations

from device_drivers.ccnet.messages import FAILURE_REASONS, REJECT_REASONS, BillKind, PollAnswer, State
from device_drivers.ccnet.note_path import POWER_UPS
from device_drivers.contract.bill_validator import NoteRejected
from device_drivers.contract.cash import CashItem, RejectReason
from device_drivers.contract.status import DeviceState, Fault, StatusChanged

BUSY_TOLD_S = 1.0  # a shorter DEVICE BUSY is the device's own affair
INITIALIZE_S_MAX = 40.0
REJECTING_S_MAX = 120.0  # a reject that stays this long is a jam

# Country codes of bill tables (ASCII) and their currencies; a bill of another country is never enabled.
CURRENCY_OF_COUNTRY = {
    "RUS": "RUB",
    "RUR": "RUB",
    "RUB": "RUB",
    "UKR": "UAH",
    "KAZ": "KZT",
    "BLR": "BYN",
    "BYN": "BYN",
    "EUR": "EUR",
    "USA": "USD",
    "USD": "USD",
}

_FAULTS = {
    State.DROP_CASSETTE_FULL: (DeviceState.USER_ERROR, Fault.CASSETTE_FULL),
    State.DROP_CASSETTE_OUT_OF_POSITION: (DeviceState.USER_ERROR, Fault.CASSETTE_REMOVED),
    State.VALIDATOR_JAMMED: (DeviceState.HARDWARE_ERROR, Fault.JAMMED),
    State.DROP_CASSETTE_JAMMED: (DeviceState.HARDWARE_ERROR, Fault.CASSETTE_JAMMED),
    State.CHEATED: (DeviceState.FRAUD_ATTEMPT, Fault.CHEATED),
    State.PAUSE: (DeviceState.USER_ERROR, Fault.PAUSED),
    State.FAILED: (DeviceState.HARDWARE_ERROR, Fault.FAILED),
}

_NOT_RECOGNISED = {0x61, 0x63, 0x65, 0x66, 0x67, 0x69, 0x6D, 0x92}
_BADLY_INSERTED = {0x60, 0x62, 0x64, 0x6C, 0x93, 0x94, 0x95}
_INHIBITED = {0x68}


def cash_item(kind: BillKind) -> CashItem | None:
    """What a word of the bill table is worth; None for a currency we do not know."""
    currency = CURRENCY_OF_COUNTRY.get(kind.country.upper())
    return None if currency is None else CashItem(kind.value_minor, currency)


def reject_reason(code: int) -> NoteRejected:
    """A REJECTING reason in the words of the contract, with the device's own code as detail."""
    detail = f"{code:02x} {REJECT_REASONS.get(code, 'unknown')}"
    if code in _NOT_RECOGNISED:
        return NoteRejected(RejectReason.NOT_RECOGNISED, detail)
    if code in _BADLY_INSERTED:
        return NoteRejected(RejectReason.BADLY_INSERTED, detail)
    return NoteRejected(RejectReason.INHIBITED if code in _INHIBITED else RejectReason.OTHER, detail)


class StatusWatch:
    """Turns poll answers into `StatusChanged`, once for each change."""

    def __init__(self) -> None:
        self._told: StatusChanged | None = None
        self._state: State | None = None
        self._since_s = 0.0
        self._unknown_bill_type: int | None = None

    def polled(self, answer: PollAnswer, table_known: bool, now_s: float) -> list[StatusChanged]:
        """The device is doing this; `table_known`: it may take money."""
        if answer.state is not self._state:
            self._state, self._since_s = answer.state, now_s
        if answer.state in POWER_UPS:
            self._unknown_bill_type = None
        status = self._status(answer, table_known, now_s - self._since_s)
        return [] if status is None else self._tell(status)

    def link_lost(self, fault: Fault) -> list[StatusChanged]:
        """Nobody is heard."""
        self._state = None
        return self._tell(StatusChanged(DeviceState.OFFLINE, fault))

    def unknown_money(self, bill_type: int) -> None:
        """A bill of a type without a value is in the cassette: out of service until the device is switched off."""
        self._unknown_bill_type = bill_type

    def _status(self, answer: PollAnswer, table_known: bool, lasted_s: float) -> StatusChanged | None:
        state = answer.state
        if self._unknown_bill_type is not None:
            detail = f"81 took bill type {self._unknown_bill_type}, which the bill table does not have"
            return StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, detail)
        if state in _FAULTS:
            return StatusChanged(*_FAULTS[state], detail=_detail(answer))
        if state is State.DEVICE_BUSY:
            return StatusChanged(DeviceState.DEVICE_BUSY) if lasted_s >= BUSY_TOLD_S else None
        if state is State.INITIALIZE and lasted_s > INITIALIZE_S_MAX:
            return StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, detail="13 initialise does not end")
        if state is State.REJECTING and lasted_s > REJECTING_S_MAX:
            return StatusChanged(DeviceState.HARDWARE_ERROR, Fault.JAMMED, detail=_detail(answer))
        if state is State.INITIALIZE or state in POWER_UPS or not table_known:
            return StatusChanged(DeviceState.DEVICE_BUSY, Fault.STARTING)
        return StatusChanged(DeviceState.ONLINE)

    def _tell(self, status: StatusChanged) -> list[StatusChanged]:
        if status == self._told:
            return []
        self._told = status
        return [status]


def _detail(answer: PollAnswer) -> str:
    if answer.argument is None:
        return f"{answer.state:02x}"
    reason = FAILURE_REASONS.get(answer.argument) if answer.state is State.FAILED else None
    return f"{answer.state:02x} {answer.argument:02x}" + (f" {reason}" if reason else "")
