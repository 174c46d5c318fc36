"""What the terminal can do now and whether it is ready: asked of its parts at each moment, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from payment.contract import CashInSnapshot
from signaling_server.contract.readiness import ReadinessReport
from terminal_app.config import TerminalConfig
from terminal_app.core.ability import Ways, acceptor_of, availability
from terminal_app.core.accounts import BillingWatch
from terminal_app.core.cash_stop import cash_stop
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.media_side import MediaSide
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.readiness import Around, readiness
from terminal_app.core.site_side import SiteSide
from terminal_app.core.task_side import TaskSide
from terminal_app.core.till import Till
from terminal_app.ipc.messages import Availability, CashStop


@dataclass(frozen=True, slots=True)
class Abilities:
    """Each question is given the payment in hand."""

    config: TerminalConfig
    devices: DeviceManager
    media: MediaSide
    office: OfficeSide
    billing: BillingWatch
    till: Till
    site: SiteSide
    tasks: TaskSide

    def now(self, cash: CashInSnapshot) -> Availability:
        opens, up = self.site.state.opens_cash, self.billing.up
        qr = opens and up and self.till.shows_qr(cash)
        ways = Ways(self.cash_stop(cash), opens and cash.card_ready, qr)
        around = (self.devices, self.media, self.office, self.config)
        return availability(*around, ways=ways, billing_up=up, places=self.tasks.places)

    def cash_stop(self, cash: CashInSnapshot) -> CashStop:
        slot, up = acceptor_of(self.devices, self.till.storage.status("bill_validator")), self.billing.up
        return cash_stop(cash, self.site.state, slot, writable=self.till.writable(), billing_up=up)

    def readiness(self, cash: CashInSnapshot) -> ReadinessReport:
        around = Around(self.cash_stop(cash), self.billing.up, self.office.linked, self.site.state.ending)
        return readiness(self.devices.reports(), around)
