"""The far end of receipts: a real fiscal register's session and bridge, a simulated register, and its drive.

What was closed is read from the simulated drive: tag 1192 tells which sale it is, total and kind must be that sale's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from device_drivers.catalog import make_fiscal_printer
from device_drivers.contract.fiscal_printer import (
    DocumentAbsent,
    DocumentClosed,
    DocumentKind,
    DocumentRefused,
    DocumentUnknown,
    FiscalPrinterEvent,
    ShiftClosed,
    ShiftOpened,
    ShiftRefused,
)
from device_drivers.simulators.fiscal_drive import RECEIPT, Document, FiscalDrive
from payment.contract import CashierEvent, FiscalKind, FiscalSale
from payment.fiscal.values import FiscalSettings
from payment.simulation.stage import Line, Stage
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.fiscal import RegisterFiscalPort
from terminal_app.simulation.port import DevicePort
from terminal_app.simulation.sabotage import Spoil

DEVICE_CLASS = "fiscal_printer"
OUTAGE_S = (60.0, 900.0)
FISCAL_ID_TAG = 1192
SETTINGS = FiscalSettings(
    "000000000001", "183000, г. Мурманск, пр. Ленина, 1", "Терминал 1", sender_email="a@example.org"
)
KINDS = {FiscalKind.INCOME: DocumentKind.INCOME, FiscalKind.INCOME_RETURN: DocumentKind.INCOME_RETURN}
ANSWERS = (DocumentClosed, DocumentRefused, DocumentUnknown, DocumentAbsent, ShiftOpened, ShiftClosed, ShiftRefused)


class RegisterEnd:
    """The cashier's `FiscalPort`, and what stands behind it."""

    def __init__(self, protocol: str, port: DevicePort, tell: Callable[[CashierEvent], None], spoil: Spoil) -> None:
        self.port = port
        self._protocol = protocol
        self._stage: Stage = port.stage
        self._tell = tell
        self._spoil = spoil
        self._sales: dict[str, FiscalSale] = {}  # whatever was asked for
        self._asked = False  # a verb waits for its answer
        port.busy = lambda: self._asked
        self.core_starts()

    def core_starts(self) -> None:
        """A fresh driver that knows nothing."""
        self._asked = False
        self._session = make_fiscal_printer(self._protocol)
        self._register = RegisterFiscalPort(self._session, SETTINGS, self._tell)

    def join(self, manager: DeviceManager) -> None:
        """The driver finds its device."""
        manager.add(DEVICE_CLASS, DEVICE_CLASS, self._session, self._on_event)

    @property
    def session(self) -> Any:
        """What reads the wire."""
        return self._session

    # --- verbs ------------------------------------------------------------------------------------------------------

    def fiscalise(self, document: FiscalSale) -> None:
        self._sales[document.fiscal_id] = document
        self._verb(f"document {document.fiscal_id}", lambda: self._register.fiscalise(document))

    def ask(self, fiscal_id: str) -> None:
        self._verb(f"is {fiscal_id} closed?", lambda: self._register.ask(fiscal_id))

    def open_shift(self) -> None:
        self._verb("open the shift", self._register.open_shift)

    def close_shift(self) -> None:
        self._verb("close the shift", self._register.close_shift)

    def _verb(self, what: str, act: Callable[[], None]) -> None:
        self._stage.knife.passes("fiscal register")
        self._stage.say(f"verb to the register: {what}")
        self._asked = True
        act()
        self.port.touch()
        self._stage.knife.passes("fiscal register")

    # --- events -----------------------------------------------------------------------------------------------------

    def _on_event(self, event: FiscalPrinterEvent) -> None:
        self.port.touch()
        self._stage.say(f"the register says {event}")
        if isinstance(event, ANSWERS):
            self._asked = False
        for spoilt in self._spoil(event):
            self._register.on_event(spoilt)

    # --- paper ------------------------------------------------------------------------------------------------------

    def goes_out(self) -> None:
        """The paper ends; a technician brings another roll."""
        self._stage.say("the register has no paper")
        self.port.hand(do="paper", present=False)
        self._stage.later(self._stage.chance.between_s(*OUTAGE_S), self._mended, Line.FAR)

    def _mended(self) -> None:
        self._stage.say("the register has paper again")
        self.port.hand(do="paper", present=True)

    # --- the drive --------------------------------------------------------------------------------------------------

    @property
    def drive(self) -> FiscalDrive:
        """The simulated drive."""
        drive: FiscalDrive = self.port.simulator.drive  # type: ignore[attr-defined]
        return drive

    @property
    def documents(self) -> list[FiscalSale]:
        """The sales that are in the drive, each as often as it is there."""
        return [self._sales[_fiscal_id(document)] for document in self._receipts()]

    def wrong_documents(self) -> list[int]:
        """Numbers of receipts that say another sum, or another kind, than their sale."""
        return [document.fd for document in self._receipts() if not self._is_right(document)]

    def _is_right(self, document: Document) -> bool:
        sale = self._sales[_fiscal_id(document)]
        return document.total_minor == sale.total_minor and document.operation == KINDS[sale.kind]

    def _receipts(self) -> list[Document]:
        return [document for document in self.drive.documents if document.kind == RECEIPT]


def _fiscal_id(document: Document) -> str:
    return document.tag(FISCAL_ID_TAG).decode()
