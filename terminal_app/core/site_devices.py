"""Devices around the visit: UPS, watchdog, board of switches, lights, scanner, card reader, A4 printer.

Each may be absent. They are opened and kept like those of money; what they tell goes to core (`site.py` decides).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping

from device_drivers.catalog import (
    make_auxiliaries,
    make_barcode_reader,
    make_ups,
    make_watchdog,
    split_device_url,
)
from device_drivers.contract.auxiliaries import AuxiliariesEvent
from device_drivers.contract.barcode_reader import BarcodeReaderEvent, CodeDamaged, CodeRead
from device_drivers.contract.card_reader import CardReader, CardReaderEvent
from device_drivers.contract.document_printer import DocumentPrinter, DocumentPrinterEvent
from device_drivers.contract.lights import LightMode
from device_drivers.contract.status import Identified, StatusChanged
from device_drivers.contract.ups import UpsEvent
from device_drivers.contract.watchdog import Watchdog, WatchdogEvent, WatchdogStopped
from device_drivers.linux_watchdog import LinuxWatchdog
from device_drivers.own_ports import (
    has_own_port,
    make_card_reader,
    make_document_printer,
    make_lights,
    make_linux_watchdog,
)
from terminal_app.config import Devices
from terminal_app.core import site
from terminal_app.core.device_manager import DeviceManager

LIGHTS_AGAIN_S = 5.0  # a board that was pulled and put back is lit again
STOP_S_MAX = 2.0  # the word of a watchdog board that its timer stands


class SiteDevices:
    """Opens what is configured. Call `on_tick` four times a second: that is what keeps the computer alive."""

    def __init__(
        self,
        devices: Devices,
        manager: DeviceManager,
        *,
        on_site: Callable[[site.Event], None],
        on_code: Callable[[CodeRead | CodeDamaged], None],
    ) -> None:
        self._manager = manager
        self._on_site = on_site
        self._on_code = on_code
        self._stopped = asyncio.Event()
        self._watchdog, self._linux_watchdog = self._open_watchdog(devices.watchdog)
        self._lights = make_lights(devices.lights) if devices.lights else None
        self._lit: Mapping[str, LightMode] = {}
        self._lit_at_s = 0.0
        self._tried_until_s = 0.0
        self.on_card: Callable[[CardReaderEvent], None] = _nobody_listens
        self.on_pages: Callable[[DocumentPrinterEvent], None] = _nobody_listens
        self.card_reader: CardReader | None = None
        self.document_printer: DocumentPrinter | None = None
        if devices.ups:
            protocol, line = split_device_url(devices.ups)
            manager.add("ups", line, make_ups(protocol), self._from_ups)
        if devices.auxiliaries:
            protocol, line = split_device_url(devices.auxiliaries)
            manager.add("auxiliaries", line, make_auxiliaries(protocol), self._from_auxiliaries)
        if devices.barcode_reader:
            protocol, line = split_device_url(devices.barcode_reader)
            manager.add("barcode_reader", line, make_barcode_reader(protocol), self._from_scanner)
        if devices.card_reader:
            reader = make_card_reader(devices.card_reader)
            manager.add_blocking("card_reader", reader, lambda event: self.on_card(event))
            self.card_reader = reader
        if devices.document_printer:
            printer = make_document_printer(devices.document_printer)
            manager.add_blocking("document_printer", printer, lambda event: self.on_pages(event))
            self.document_printer = printer

    def on_tick(self, lights: Mapping[str, LightMode]) -> None:
        """Feeds the watchdog: called by the loop that serves money and screen, so that a hung loop is not fed for."""
        if self._watchdog is not None:
            self._watchdog.feed()
        if self._linux_watchdog is not None:
            for event in self._linux_watchdog.take_events():
                self._manager.note("watchdog", event)
                self._from_watchdog(event)
        tried = self._lights is not None and time.monotonic() < self._tried_until_s
        self._light(dict.fromkeys(self._lights.names, LightMode.FLASH) if tried and self._lights else lights)

    def try_lights(self, for_s: float) -> None:
        """Every light flashes for so long."""
        self._tried_until_s = time.monotonic() + for_s

    async def close(self) -> None:
        """A planned end: nobody will feed the watchdog, and nobody shall miss it. The lights go out."""
        self._light({})
        if self._watchdog is None:
            return
        self._watchdog.stop()
        if self._linux_watchdog is None:
            with contextlib.suppress(
                TimeoutError
            ):  # a silent board restarts the computer, unless a next start feeds it
                await asyncio.wait_for(self._stopped.wait(), STOP_S_MAX)

    def _open_watchdog(self, url: str) -> tuple[Watchdog | None, LinuxWatchdog | None]:
        if not url:
            return None, None
        if has_own_port("watchdog", url):
            device = make_linux_watchdog(url)
            device.start()
            return device, device
        protocol, line = split_device_url(url)
        session = make_watchdog(protocol)
        session.start()
        self._manager.add("watchdog", line, session, self._from_watchdog)
        return session, None

    def _light(self, lights: Mapping[str, LightMode]) -> None:
        if self._lights is None:
            return
        now_s = time.monotonic()
        for name in sorted({*self._lit, *lights}):
            if self._lit.get(name) is not lights.get(name):
                self._lights.set_light(name, lights.get(name, LightMode.OFF))
        if now_s >= self._lit_at_s + LIGHTS_AGAIN_S:
            self._lit_at_s = now_s
            self._lights.refresh()
        self._lit = dict(lights)
        for event in self._lights.take_events():
            self._manager.note("lights", event)

    # --- what they tell ---------------------------------------------------------------------------------------------

    def _from_ups(self, event: UpsEvent) -> None:
        if not isinstance(event, StatusChanged | Identified):
            self._on_site(event)

    def _from_auxiliaries(self, event: AuxiliariesEvent) -> None:
        if not isinstance(event, StatusChanged):
            self._on_site(event)

    def _from_watchdog(self, event: WatchdogEvent) -> None:
        if isinstance(event, WatchdogStopped):
            self._stopped.set()
        if not isinstance(event, StatusChanged | Identified):
            self._on_site(event)

    def _from_scanner(self, event: BarcodeReaderEvent) -> None:
        if not isinstance(event, StatusChanged):
            self._on_code(event)


def _nobody_listens(event: object) -> None:
    """Who reads cards or prints pages sets `on_card` or `on_pages` first; health is kept without him."""
