"""ID-003 statuses and rejections in the words of XFS4IoT. Pure."""

from __future__ import annotations

from device_drivers.contract.bill_validator import NoteRejected
from device_drivers.contract.cash import RejectReason
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.id003.messages import FAILURE_REASONS, REJECT_REASONS, Status, StatusReport

INITIALIZE_S_MAX = 40.0
REJECTING_S_MAX = 120.0  # a rejection that stays this long is a jam

POWER_UPS = (Status.POWER_UP, Status.POWER_UP_WITH_BILL_IN_ACCEPTOR, Status.POWER_UP_WITH_BILL_IN_STACKER)
FAULTS = {
    Status.STACKER_FULL: (DeviceState.USER_ERROR, Fault.CASSETTE_FULL),
    Status.STACKER_OPEN: (DeviceState.USER_ERROR, Fault.CASSETTE_REMOVED),
    Status.JAM_IN_ACCEPTOR: (DeviceState.HARDWARE_ERROR, Fault.JAMMED),
    Status.JAM_IN_STACKER: (DeviceState.HARDWARE_ERROR, Fault.CASSETTE_JAMMED),
    Status.PAUSE: (DeviceState.USER_ERROR, Fault.PAUSED),
    Status.CHEATED: (DeviceState.FRAUD_ATTEMPT, Fault.CHEATED),
    Status.FAILURE: (DeviceState.HARDWARE_ERROR, Fault.FAILED),
}

_NOT_RECOGNISED = {0x72, 0x74, 0x76, 0x77, 0x78, 0x7E, 0x7F}
_BADLY_INSERTED = {0x71, 0x73, 0x75, 0x7D, 0x98, 0x9B}
_INHIBITED = {0x79}


def rejection(code: int) -> NoteRejected:
    """A REJECTING reason in the words of the contract, with the device's own code as detail."""
    detail = f"{code:02x} {REJECT_REASONS.get(code, 'unknown')}"
    if code in _NOT_RECOGNISED:
        return NoteRejected(RejectReason.NOT_RECOGNISED, detail)
    if code in _BADLY_INSERTED:
        return NoteRejected(RejectReason.BADLY_INSERTED, detail)
    return NoteRejected(RejectReason.INHIBITED if code in _INHIBITED else RejectReason.OTHER, detail)


def state_of(report: StatusReport, lasted_s: float, table_known: bool) -> StatusChanged:
    """What a status that has lasted `lasted_s` means for whoever wants to pay."""
    status = report.status
    if status in FAULTS:
        return StatusChanged(*FAULTS[status], detail=_detail(report))
    if status is Status.INITIALIZE and lasted_s > INITIALIZE_S_MAX:
        return StatusChanged(DeviceState.HARDWARE_ERROR, Fault.FAILED, detail="1b initialise does not end")
    if status is Status.REJECTING and lasted_s > REJECTING_S_MAX:
        return StatusChanged(DeviceState.HARDWARE_ERROR, Fault.JAMMED, detail=_detail(report))
    if status is Status.INITIALIZE or status in POWER_UPS or not table_known:
        return StatusChanged(DeviceState.DEVICE_BUSY, Fault.STARTING)
    return StatusChanged(DeviceState.ONLINE)


def _detail(report: StatusReport) -> str:
    if report.argument is None:
        return f"{report.status:02x}"
    reason = FAILURE_REASONS.get(report.argument) if report.status is Status.FAILURE else None
    return f"{report.status:02x} {report.argument:02x}" + (f" {reason}" if reason else "")
