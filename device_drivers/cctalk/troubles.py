"""ccTalk events and self-check codes in the words of XFS4IoT. Pure."""

from __future__ import annotations

from device_drivers.cctalk.messages import BILL_STATUSES, COIN_ERRORS, SELF_CHECK_FAULTS
from device_drivers.contract.bill_validator import NoteRejected
from device_drivers.contract.cash import RejectReason
from device_drivers.contract.coin_acceptor import CoinRejected
from device_drivers.contract.status import DeviceState, Fault, StatusChanged

RETURNED, UNKNOWN_STACKED = 1, 21
STACKER_REMOVED, STACKER_INSERTED = 11, 12
SELF_CHECK_NO_STACKER = 44

_BROKEN = DeviceState.HARDWARE_ERROR
_BILL_TROUBLES = {
    6: (_BROKEN, Fault.JAMMED),
    7: (_BROKEN, Fault.CASSETTE_JAMMED),
    8: (DeviceState.FRAUD_ATTEMPT, Fault.CHEATED),
    9: (DeviceState.FRAUD_ATTEMPT, Fault.CHEATED),
    11: (DeviceState.USER_ERROR, Fault.CASSETTE_REMOVED),
    13: (_BROKEN, Fault.FAILED),
    14: (DeviceState.USER_ERROR, Fault.CASSETTE_FULL),
    15: (_BROKEN, Fault.CASSETTE_JAMMED),
    16: (_BROKEN, Fault.JAMMED),
    17: (DeviceState.FRAUD_ATTEMPT, Fault.CHEATED),
    18: (DeviceState.FRAUD_ATTEMPT, Fault.CHEATED),
    19: (_BROKEN, Fault.FAILED),
}
_CLEARED_BY = {
    10: (Fault.CASSETTE_FULL, Fault.CASSETTE_JAMMED, Fault.FAILED, Fault.CASSETTE_REMOVED),
    12: (Fault.CASSETTE_REMOVED,),
    22: (Fault.JAMMED, Fault.CASSETTE_JAMMED),
}
_SELF_CHECK_TROUBLES = {
    38: (_BROKEN, Fault.CASSETTE_JAMMED),
    39: (_BROKEN, Fault.JAMMED),
    44: (DeviceState.USER_ERROR, Fault.CASSETTE_REMOVED),
    45: (DeviceState.USER_ERROR, Fault.CASSETTE_FULL),
    51: (DeviceState.USER_ERROR, Fault.COVER_OPEN),
}
_BILL_REJECTS = {
    2: RejectReason.NOT_RECOGNISED,
    3: RejectReason.BADLY_INSERTED,
    4: RejectReason.INHIBITED,
    5: RejectReason.INHIBITED,
}
_COIN_FRAUDS = frozenset({*range(16, 21), *range(22, 26)})
_COIN_JAMS = frozenset({12, 14, 15, 26})
_COIN_UNKNOWN = frozenset({1, 3, 5, 25})
_COIN_INHIBITED = frozenset({2, *range(128, 160)})


def bill_trouble(code: int) -> StatusChanged | None:
    """The state a bill event puts the device into; None: it does not."""
    if code not in _BILL_TROUBLES:
        return None
    return StatusChanged(*_BILL_TROUBLES[code], detail=f"{code} {BILL_STATUSES[code]}")


def clears(code: int, trouble: StatusChanged) -> bool:
    """True when this bill event says that the trouble is over."""
    return trouble.fault in _CLEARED_BY.get(code, ())


def bill_rejection(code: int) -> NoteRejected | None:
    """The refusal that a bill event tells; None: it is something else."""
    if code not in _BILL_REJECTS:
        return None
    return NoteRejected(_BILL_REJECTS[code], f"{code} {BILL_STATUSES[code]}")


def self_check_trouble(code: int) -> StatusChanged | None:
    """What a self-check found; None: no fault."""
    if code == 0:
        return None
    state, fault = _SELF_CHECK_TROUBLES.get(code, (_BROKEN, Fault.FAILED))
    return StatusChanged(state, fault, f"self-check {code} {SELF_CHECK_FAULTS.get(code, 'unknown')}")


def coin_trouble(code: int) -> StatusChanged | None:
    """The state a coin error puts the device into; None: it does not."""
    detail = f"{code} {COIN_ERRORS.get(code, 'unknown')}"
    if code in _COIN_FRAUDS:
        return StatusChanged(DeviceState.FRAUD_ATTEMPT, Fault.CHEATED, detail)
    return StatusChanged(_BROKEN, Fault.JAMMED, detail) if code in _COIN_JAMS else None


def coin_rejection(code: int, counter: int) -> CoinRejected:
    """A coin error in the words of the contract."""
    if code in _COIN_INHIBITED:
        coin = f" {code - 127}" if code >= 128 else ""
        return CoinRejected(RejectReason.INHIBITED, f"{code} inhibited coin{coin}", counter)
    reason = RejectReason.NOT_RECOGNISED if code in _COIN_UNKNOWN else RejectReason.OTHER
    return CoinRejected(reason, f"{code} {COIN_ERRORS.get(code, 'unknown')}", counter)
