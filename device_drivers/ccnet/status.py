"""CCNET states in the words of XFS4IoT. Pure."""

from __future__ import annotations

from device_drivers.ccnet.messages import FAILURE_REASONS, REJECT_REASONS, BillKind, PollAnswer, State
from device_drivers.contract.bill_validator import NoteRejected
from device_drivers.contract.cash import CashItem, RejectReason
from device_drivers.contract.status import DeviceState, Fault, StatusChanged

BUSY_TOLD_S = 1.0  # a shorter DEVICE BUSY is the device's own affair
INITIALIZE_S_MAX = 40.0
REJECTING_S_MAX = 120.0  # a reject that stays this long is a jam

POWER_UPS = (State.POWER_UP, State.POWER_UP_BILL_IN_VALIDATOR, State.POWER_UP_BILL_IN_STACKER)
ESCROWS = (State.ESCROW_POSITION, State.HOLDING)
MOVING = (State.ACCEPTING, State.STACKING, State.RETURNING, *ESCROWS)
EMPTY = (State.IDLING, State.UNIT_DISABLED)
NOTE_FAULTS = (State.VALIDATOR_JAMMED, State.DROP_CASSETTE_JAMMED, State.CHEATED, State.FAILED)

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


def state_of(answer: PollAnswer, lasted_s: float, table_known: bool) -> StatusChanged | None:
    """What a state that has lasted `lasted_s` means for whoever wants to pay; None: it is nobody's business."""
    state = answer.state
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


def _detail(answer: PollAnswer) -> str:
    if answer.argument is None:
        return f"{answer.state:02x}"
    reason = FAILURE_REASONS.get(answer.argument) if answer.state is State.FAILED else None
    return f"{answer.state:02x} {answer.argument:02x}" + (f" {reason}" if reason else "")
