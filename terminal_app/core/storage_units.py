"""The cassette and the coin box by their devices' own events: how full they are, for the fleet and for the customer."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import date

from device_drivers.contract.bill_validator import BillValidatorEvent
from device_drivers.contract.cash import CashItem
from device_drivers.contract.coin_acceptor import CoinAcceptorEvent
from device_drivers.contract.storage import StorageChanged, StorageStatus, StorageUnit
from device_drivers.storage_watch import StorageWatch
from payment.cassette import CassetteCount
from payment.money_rules import MoneyRulesError
from signaling_server.contract.messages import CashCount, StorageReport
from terminal_app.config import TerminalConfig
from terminal_app.core.cash_in import CURRENCY

CASSETTE, COIN_BOX = "cassette", "coin_box"
WARN_PERCENT = 90  # of the cassette, before any rules of money


def units_of(config: TerminalConfig, today: date) -> dict[str, StorageUnit]:
    """By the class of the device, for those that are configured; the cassette's capacity by the rules of the day."""
    found = {}
    if config.devices.bill_validator:
        notes_max, percent = _cassette(config, today)
        found["bill_validator"] = StorageUnit(CASSETTE, notes_max, notes_max * percent // 100)
    if config.devices.coin_acceptor:
        box = config.coin_box
        found["coin_acceptor"] = StorageUnit(COIN_BOX, box.capacity_coins, box.capacity_coins * box.warn_percent // 100)
    return found


def _cassette(config: TerminalConfig, today: date) -> tuple[int, int]:
    if (rules := config.dated_rules()) is not None:
        with contextlib.suppress(MoneyRulesError):  # they start later
            day = rules.on(today)
            return day.cassette_capacity_notes, day.cassette_warn_percent
    return config.cash_settings("").cassette_notes_max, WARN_PERCENT


class StorageUnits:
    """Begins with what the journal says lies there; begins anew when a collection reset the journal's counters."""

    def __init__(
        self,
        units: Mapping[str, StorageUnit],
        count: CassetteCount,
        tell: Callable[[str, StorageReport], None],
    ) -> None:
        """`tell`: the class of the device, and its unit; also once now."""
        self._units = units
        self._tell = tell
        self._collections = count.collections
        counted = {"bill_validator": count.notes, "coin_acceptor": count.coins}
        self._watches = {name: StorageWatch(unit, _items(counted[name])) for name, unit in units.items()}
        for name, watch in self._watches.items():
            self._say(name, watch.state())

    def observe(self, device_class: str, event: BillValidatorEvent | CoinAcceptorEvent) -> None:
        """What a device said."""
        self._say(device_class, self._watches[device_class].observe(event))

    def counted(self, count: CassetteCount) -> None:
        """What the journal says now."""
        if count.collections == self._collections:
            return
        self._collections = count.collections
        for name, watch in self._watches.items():
            self._say(name, watch.emptied())

    def status(self, device_class: str) -> StorageStatus:
        """OK where there is no such unit: nothing hinders."""
        watch = self._watches.get(device_class)
        return StorageStatus.OK if watch is None else watch.state().status

    def _say(self, name: str, changed: StorageChanged | None) -> None:
        if changed is not None:
            self._tell(name, _report(changed, self._units[name].count_max))


def _items(counts: Mapping[int, int]) -> dict[CashItem, int]:
    return {CashItem(value, CURRENCY): number for value, number in counts.items()}


def _report(unit: StorageChanged, count_max: int) -> StorageReport:
    counts = [CashCount(item.value_minor, number) for item, number in sorted(unit.counts.items())]
    return StorageReport(unit.unit_id, unit.status.value, unit.count, count_max, counts, unit.unknown_count)
