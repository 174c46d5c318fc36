"""Devices that move money beside notes and slips: coins, the bank terminal, the fiscal register; each may be absent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from device_drivers.catalog import (
    make_coin_acceptor,
    make_fiscal_printer,
    make_payment_card_reader,
    split_device_url,
)
from device_drivers.contract.coin_acceptor import CoinAcceptorEvent
from device_drivers.modem_proxy import ModemProxy
from payment.contract import CashierEvent
from payment.fiscal.values import FiscalSettings
from terminal_app.config import Devices, TerminalConfig
from terminal_app.core.card_payment import BankTerminalPinpad, OperationNamesError
from terminal_app.core.cash_in import CoinSlot
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.fiscal import RegisterFiscalPort
from terminal_app.core.storage_units import StorageUnits

_log = logging.getLogger(__name__)


class TillDevices:
    """Makes payment's ports of what is configured; `start` lets the devices speak."""

    def __init__(self, config: TerminalConfig, data: Path, tell: Callable[[CashierEvent], None]) -> None:
        devices = config.devices
        self._tell = tell
        self._lines: list[Callable[[DeviceManager, StorageUnits], None]] = []
        self.coins = self._make_coins(devices)
        self.pinpad = self._make_pinpad(config, data)
        self.fiscal = self._make_fiscal(config)

    def start(self, manager: DeviceManager, coin_counter: tuple[int, str] | None, storage: StorageUnits) -> None:
        """`coin_counter`: of the last coin in the journal, and the device that counted it; None: it knows none."""
        if self.coins is not None and coin_counter is not None:
            self.coins.resume(*coin_counter)
        for add in self._lines:
            add(manager, storage)

    def _make_coins(self, devices: Devices) -> CoinSlot | None:
        if not devices.coin_acceptor:
            return None
        protocol, line = split_device_url(devices.coin_acceptor)
        session = make_coin_acceptor(protocol)
        slot = CoinSlot(session)

        def add(manager: DeviceManager, storage: StorageUnits) -> None:
            def from_coins(event: CoinAcceptorEvent) -> None:
                storage.observe("coin_acceptor", event)
                if (told := slot.to_payment(event)) is not None:
                    self._tell(told)

            manager.add("coin_acceptor", line, session, from_coins)

        self._lines.append(add)
        return slot

    def _make_pinpad(self, config: TerminalConfig, data: Path) -> BankTerminalPinpad | None:
        if not config.devices.payment_card_reader:
            return None
        protocol, line = split_device_url(config.devices.payment_card_reader)
        session = make_payment_card_reader(protocol)
        hosts = frozenset((host, int(port)) for host, _, port in (place.rpartition(":") for place in config.bank_hosts))
        try:
            pinpad = BankTerminalPinpad(session, data, self._tell, ModemProxy(session, hosts) if hosts else None)
        except OperationNamesError as error:
            _log.critical("cards are not taken: %s", error)
            return None
        self._lines.append(lambda manager, _: manager.add("payment_card_reader", line, session, pinpad.on_event))
        return pinpad

    def _make_fiscal(self, config: TerminalConfig) -> RegisterFiscalPort | None:
        if not config.devices.fiscal_printer:
            return None
        protocol, line = split_device_url(config.devices.fiscal_printer)
        session = make_fiscal_printer(protocol)
        settings = FiscalSettings(
            automat_number=config.fiscal.automat_number,
            address=config.fiscal.address,
            place=config.fiscal.place,
            tax_system=config.fiscal.tax_system,
            vat_payer=config.fiscal.vat_payer,
            sender_email=config.fiscal.sender_email,
        )
        port = RegisterFiscalPort(session, settings, self._tell)
        self._lines.append(lambda manager, _: manager.add("fiscal_printer", line, session, port.on_event))
        return port
