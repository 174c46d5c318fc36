"""What the terminal can do right now, put together from its devices, media, the office and billing."""

from __future__ import annotations

from device_drivers.contract.storage import StorageStatus
from terminal_app.core.cash_stop import Acceptor
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.media_side import MediaSide
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.state import may_work
from terminal_app.ipc.messages import Availability, CashStop


def acceptor_of(devices: DeviceManager, cassette: StorageStatus) -> Acceptor:
    """The bill validator as `cash_stop` asks for it."""
    name = "bill_validator"
    return Acceptor(devices.fitted(name), devices.state(name), devices.fault(name), cassette)


def may_scan(devices: DeviceManager, media: MediaSide) -> bool:
    """A bill can be held to something."""
    return media.camera_up or may_work(devices.state("barcode_reader"))


def availability(
    devices: DeviceManager, media: MediaSide, office: OfficeSide, *, stop: CashStop, billing_up: bool
) -> Availability:
    """A missing thing takes away just what needs it."""
    return Availability(
        cash=stop is CashStop.NONE,
        cash_stop=stop,
        printer=may_work(devices.state("receipt_printer")),
        camera=media.camera_up,
        scanner=may_work(devices.state("barcode_reader")),
        sound=media.sound_up,
        billing=billing_up,
        server=office.linked,
        agents_on_duty=office.agents_on_duty,
    )
