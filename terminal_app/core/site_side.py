"""What stands around the visit, as core sees it: the site's state, its devices, and what follows from them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from device_drivers.contract.barcode_reader import CodeDamaged, CodeRead
from signaling_server.contract.messages import AlarmReport
from terminal_app.config import TerminalConfig
from terminal_app.core import site
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.lights import lights_of
from terminal_app.core.power import switch_off
from terminal_app.core.site_devices import SiteDevices
from terminal_app.ipc.messages import TerminalState

OF_EVERY_TERMINAL = ("bill_validator", "receipt_printer")  # told as absent by the project where there is none


class SiteSide:
    """Core gives the time and does the effects."""

    def __init__(
        self,
        config: TerminalConfig,
        manager: DeviceManager,
        *,
        money_moves: Callable[[], bool],
        on_code: Callable[[CodeRead | CodeDamaged], None],
        do: Callable[[site.Effect], None],
        changed: Callable[[], None],
    ) -> None:
        self.state = site.Site()
        self._rules = site.SiteRules(battery_cash_s=config.power.battery_cash_s)
        self._shutdown_command = config.power.shutdown_command
        self._money_moves, self._do, self._changed = money_moves, do, changed
        for name in OF_EVERY_TERMINAL:
            if not getattr(config.devices, name):
                manager.absent(name)
        self.devices = SiteDevices(config.devices, manager, on_site=self._happened, on_code=on_code)

    def on_tick(self, shown: TerminalState | None) -> None:
        """Four times a second; `shown`: what the screen shows, for the lights."""
        self._happened(site.Tick())
        self.devices.on_tick(lights_of(shown) if shown is not None else {})

    def alarms(self) -> list[AlarmReport]:
        """For the office."""
        return [AlarmReport(kind.value, since_ms) for kind, since_ms in self.state.alarms]

    async def switch_off(self, told_to_stop: asyncio.Event) -> None:
        """After the journal is closed; does nothing unless the power is ending."""
        if self.state.shut_down:
            await switch_off(self._shutdown_command, told_to_stop)

    def _happened(self, event: site.Event) -> None:
        before = self.state
        now = site.Now(time.monotonic(), int(time.time() * 1000), self._money_moves())
        self.state, effects = site.step(before, event, self._rules, now)
        for effect in effects:
            self._do(effect)
        if self.state != before:
            self._changed()
