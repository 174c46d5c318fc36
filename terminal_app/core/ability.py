"""What the terminal can do right now, put together from its devices, media, the office and billing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from device_drivers.contract.storage import StorageStatus
from signaling_server.contract.visits import PlacesTold
from terminal_app.config import Rules, TerminalConfig
from terminal_app.core.cash_stop import Acceptor
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.media_side import MediaSide
from terminal_app.core.offered import consultants_closed, offer_at
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.state import may_work
from terminal_app.core.visit_values import VisitRules
from terminal_app.ipc.messages import Availability, CashStop


def visit_rules(rules: Rules) -> VisitRules:
    """The settings that a visit keeps to."""
    return VisitRules(
        attribute_attempts_max=rules.attribute_attempts_max,
        bill_counts_as_both=rules.bill_counts_as_both_attributes,
        idle_ask_s=rules.idle_ask_s,
        idle_ask_personal_s=rules.idle_ask_personal_s,
        idle_leave_s=rules.idle_leave_s,
    )


def acceptor_of(devices: DeviceManager, cassette: StorageStatus) -> Acceptor:
    """The bill validator as `cash_stop` asks for it."""
    name = "bill_validator"
    return Acceptor(devices.fitted(name), devices.state(name), devices.fault(name), cassette)


def may_scan(devices: DeviceManager, media: MediaSide) -> bool:
    """A bill can be held to something."""
    return media.camera_up or may_work(devices.state("barcode_reader"))


def _undescribed(config: TerminalConfig) -> list[str]:
    """Services that the settings of this terminal say nothing for."""
    told = {"layout": config.layout.parts(), "ways": config.contacts.links or config.contacts.account_site_url}
    return [name for name, said in told.items() if not said]


@dataclass(frozen=True, slots=True)
class Ways:
    """To pay, now."""

    stop: CashStop  # why not in cash
    card: bool
    qr: bool


def availability(
    devices: DeviceManager,
    media: MediaSide,
    office: OfficeSide,
    config: TerminalConfig,
    *,
    ways: Ways,
    billing_up: bool,
    places: PlacesTold | None,
) -> Availability:
    """A missing thing takes away just what needs it. `places`: whose hours the office told last."""
    now = datetime.now(config.office.zone())
    closed = consultants_closed(places, now) if office.agents_on_duty <= 0 else None  # who stays late serves
    return Availability(
        cash=ways.stop is CashStop.NONE,
        cash_stop=ways.stop,
        card=ways.card,
        qr=ways.qr,
        printer=may_work(devices.state("receipt_printer")),
        camera=media.camera_up,
        scanner=may_work(devices.state("barcode_reader")),
        card_reader=config.rules.cards_identify and office.linked and may_work(devices.state("card_reader")),
        sound=media.sound_up,
        captions=media.captions_up,
        billing=billing_up,
        server=office.linked,
        agents_on_duty=office.agents_on_duty,
        offer=structs.replace(offer_at(config.schedule, now, without=_undescribed(config)), consultants=closed),
    )
