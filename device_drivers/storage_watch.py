"""Counts what a cash device puts into its storage unit, from its own events. Pure.

One for a validator's cassette, one for an acceptor's coin box. The counts outlive a restart with their owner, who gives
them back; they begin anew when the owner says that the unit was emptied, never by themselves: a cassette that was
taken out and put back may be the same one.
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.contract.bill_validator import (
    BillValidatorEvent,
    CassetteInserted,
    CassetteRemoved,
    NoteStacked,
)
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem
from device_drivers.contract.coin_acceptor import CoinAccepted, CoinAcceptorEvent
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.contract.storage import StorageChanged, StorageStatus, StorageUnit

_FAULT_STATUSES = {
    Fault.CASSETTE_FULL: StorageStatus.FULL,
    Fault.CASSETTE_REMOVED: StorageStatus.MISSING,
    Fault.CASSETTE_JAMMED: StorageStatus.INOPERATIVE,
}


class StorageWatch:
    """Follows one unit."""

    def __init__(self, unit: StorageUnit, counts: Mapping[CashItem, int] | None = None, unknown_count: int = 0) -> None:
        assert 0 <= unit.count_high <= unit.count_max
        self._unit = unit
        self._counts = dict(counts or {})
        self._unknown_count = unknown_count
        self._reported: StorageStatus | None = None  # by the device itself
        self._told = self.state()

    def observe(self, event: BillValidatorEvent | CoinAcceptorEvent) -> StorageChanged | None:
        """What this event of the device changed, if anything."""
        if isinstance(event, NoteStacked | CoinAccepted):
            self._count(event.cash_item)
        elif isinstance(event, CassetteRemoved):
            self._reported = StorageStatus.MISSING
        elif isinstance(event, CassetteInserted):
            self._reported = None
        elif isinstance(event, StatusChanged) and event.state is not DeviceState.OFFLINE:
            self._reported = _FAULT_STATUSES.get(event.fault)
        return self._news()

    def emptied(self) -> StorageChanged | None:
        """A person emptied the unit or put an empty one in."""
        self._counts, self._unknown_count, self._reported = {}, 0, None
        return self._news()

    def state(self) -> StorageChanged:
        """The unit now."""
        return StorageChanged(self._unit.unit_id, self._status(), dict(self._counts), self._unknown_count)

    def _count(self, item: CashItem) -> None:
        if item == UNKNOWN_CASH_ITEM:
            self._unknown_count += 1
        else:
            self._counts[item] = self._counts.get(item, 0) + 1

    def _status(self) -> StorageStatus:
        if self._reported is not None:
            return self._reported
        count = sum(self._counts.values()) + self._unknown_count
        if count >= self._unit.count_max:
            return StorageStatus.FULL
        return StorageStatus.HIGH if 0 < self._unit.count_high <= count else StorageStatus.OK

    def _news(self) -> StorageChanged | None:
        state = self.state()
        if state == self._told:
            return None
        self._told = state
        return state
