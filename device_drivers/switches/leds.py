"""Lights as Linux shows them: `/sys/class/leds/NAME` (gpio-leds, relays, USB lamps). Implements `Lights`.

Source: Linux, leds-class: `brightness` 0..`max_brightness`; the trigger `timer` flashes in the kernel, without us.
"""

from __future__ import annotations

from pathlib import Path

from device_drivers.contract.lights import LightMode
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.status_teller import StatusTeller

LEDS = Path("/sys/class/leds")
FLASH_HALF_MS = 500
BRIGHTNESS_DEFAULT = "255"


class LedLights:
    """The lights that are named in the terminal's settings."""

    def __init__(self, led_of_light: dict[str, str], folder: Path = LEDS) -> None:
        self._led_of_light = led_of_light
        self._folder = folder
        self._wanted: dict[str, LightMode] = {}
        self._events: list[StatusChanged] = []
        self._status = StatusTeller()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the lights that are configured."""
        return tuple(self._led_of_light)

    def set_light(self, name: str, mode: LightMode) -> None:
        """Sets one light; of one that is not configured nothing is known, and nothing done."""
        if name in self._led_of_light:
            self._wanted[name] = mode
            self.refresh()

    def refresh(self) -> None:
        """Says every light again: called now and then, it heals a board that was pulled."""
        broken = [name for name, mode in self._wanted.items() if not self._set(self._led_of_light[name], mode)]
        status = StatusChanged(DeviceState.ONLINE)
        if broken:
            status = StatusChanged(DeviceState.NO_DEVICE, Fault.LINE_LOST, f"no light {', '.join(sorted(broken))}")
        self._events += self._status.tell(status)

    def missing(self) -> list[str]:
        """The lights whose led is not there; looks, and changes nothing."""
        return sorted(name for name, led in self._led_of_light.items() if not (self._folder / led).is_dir())

    def take_events(self) -> list[StatusChanged]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def _set(self, led: str, mode: LightMode) -> bool:
        place = self._folder / led
        try:
            if mode is LightMode.FLASH:
                (place / "trigger").write_text("timer")
                (place / "delay_on").write_text(str(FLASH_HALF_MS))
                (place / "delay_off").write_text(str(FLASH_HALF_MS))
                return True
            full = (place / "max_brightness").read_text().strip() or BRIGHTNESS_DEFAULT
            (place / "trigger").write_text("none")
            (place / "brightness").write_text(full if mode is LightMode.CONTINUOUS else "0")
        except OSError:
            return False
        return True
