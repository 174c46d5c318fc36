"""The far end of cards: a real bank terminal's session and bridge, a simulated terminal, and the bank behind it.

What is held on cards is read from the simulated bank. The names of operations lie in the file in which production
keeps them; it outlives every cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from device_drivers.catalog import make_payment_card_reader
from device_drivers.contract.payment_card_reader import OperationNamed, PaymentCardReaderEvent
from device_drivers.simulators.card_host import CardHost
from payment.contract import CashierEvent
from payment.simulation.pinpad import Operation
from payment.simulation.stage import Stage
from terminal_app.core.card_payment import BankTerminalPinpad
from terminal_app.core.device_manager import DeviceManager
from terminal_app.simulation.port import DevicePort
from terminal_app.simulation.sabotage import Spoil

DEVICE_CLASS = "payment_card_reader"
CARDS = ("approve",) * 16 + ("decline",) * 2 + ("none",)
VERB_S = 240.0  # a verb may take so long, as far as the wire may not sleep meanwhile


class PinpadEnd:
    """The cashier's `PinpadPort`, and what stands behind it."""

    def __init__(
        self, protocol: str, port: DevicePort, folder: Path, tell: Callable[[CashierEvent], None], spoil: Spoil
    ) -> None:
        self.port = port
        self._protocol = protocol
        self._folder = folder
        self._stage: Stage = port.stage
        self._tell = tell
        self._spoil = spoil
        self._operation_of: dict[int, str] = {}  # by the number under which the bank knows it
        self._busy_until_s = 0.0
        port.busy = lambda: self._stage.now_s < self._busy_until_s
        self.core_starts()

    def core_starts(self) -> None:
        """A fresh driver that knows nothing but the file of names."""
        self._session = make_payment_card_reader(self._protocol)
        self._pinpad = BankTerminalPinpad(self._session, self._folder, self._tell)

    def join(self, manager: DeviceManager) -> None:
        """The driver finds its device."""
        manager.add(DEVICE_CLASS, DEVICE_CLASS, self._session, self._on_event)

    @property
    def session(self) -> Any:
        """What reads the wire."""
        return self._session

    # --- verbs ------------------------------------------------------------------------------------------------------

    def authorize(self, operation_id: str, amount_minor: int) -> None:
        self.port.hand(do="card", next=self._stage.chance.pick(CARDS))
        self._verb(
            f"authorize {operation_id} {amount_minor}", lambda: self._pinpad.authorize(operation_id, amount_minor)
        )

    def last_result(self, operation_id: str) -> None:
        self._verb(f"last result {operation_id}", lambda: self._pinpad.last_result(operation_id))

    def reverse(self, operation_id: str, amount_minor: int) -> None:
        self._verb(f"reverse {operation_id}", lambda: self._pinpad.reverse(operation_id, amount_minor))

    def settle(self, settlement_id: str) -> None:
        self._verb(f"settle {settlement_id}", lambda: self._pinpad.settle(settlement_id))

    def _verb(self, what: str, act: Callable[[], None]) -> None:
        self._stage.knife.passes("pinpad")
        self._stage.say(f"verb to the pinpad: {what}")
        self._busy_until_s = self._stage.now_s + VERB_S
        act()
        self.port.touch()
        self._stage.knife.passes("pinpad")

    # --- events -----------------------------------------------------------------------------------------------------

    def _on_event(self, event: PaymentCardReaderEvent) -> None:
        self.port.touch()
        self._stage.say(f"the pinpad says {event}")
        self._stage.knife.passes("the pinpad says something")
        if isinstance(event, OperationNamed):
            self._operation_of[int(event.host_id)] = event.operation_id
        for spoilt in self._spoil(event):
            self._pinpad.on_event(spoilt)
        self._stage.knife.passes("the pinpad has said something")

    # --- the bank ---------------------------------------------------------------------------------------------------

    @property
    def bank(self) -> CardHost:
        """The simulated bank."""
        bank: CardHost = self.port.simulator.bank  # type: ignore[attr-defined]
        return bank

    @property
    def operations(self) -> dict[str, Operation]:
        """By our names; what the bank holds and nobody of ours has named stands under "?" and its number."""
        operations: dict[str, Operation] = {}
        for sale in self.bank.sales:
            name = self._operation_of.get(sale.number, f"?{sale.number}")
            operation = operations.setdefault(name, Operation(0))
            taken_minor = sale.answer_minor if sale.final_minor is None else sale.final_minor
            operation.asked_minor += sale.asked_minor
            operation.approved_minor += taken_minor or 0
        return operations

    @property
    def double_sales(self) -> list[str]:
        """Sales that the bank approved more than once for one operation of ours."""
        sold = Counter(self._operation_of.get(sale.number, "") for sale in self.bank.sales if sale.answer_minor)
        return [name for name, count in sold.items() if count > 1 and name]
