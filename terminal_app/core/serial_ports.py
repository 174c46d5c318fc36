"""Which adapter stands at which socket of the terminal, as udev's links tell it: `/dev/serial/by-id`, `by-path`.

A socket (by-path) is a place; an adapter (by-id) is a thing. Adapters without a serial number of their own share a
by-id name, so that name alone never proves which one it is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SERIAL_LINKS = Path("/dev/serial")
_BY_ID, _BY_PATH = "by-id", "by-path"


@dataclass(frozen=True, slots=True)
class SerialPort:
    """One port as it stands now; a name is "" where udev gives none."""

    device: str  # /dev/ttyUSB0
    adapter: str = ""  # its name in by-id
    socket: str = ""  # its name in by-path


class SerialPorts:
    """Reads the links each time: adapters come and go."""

    def __init__(self, links: Path = SERIAL_LINKS) -> None:
        self._links = links

    def all(self) -> list[SerialPort]:
        """Every port with a link, by its device."""
        adapters, sockets = self._names(_BY_ID), self._names(_BY_PATH)
        devices = sorted(adapters.keys() | sockets.keys())
        return [SerialPort(device, adapters.get(device, ""), sockets.get(device, "")) for device in devices]

    def at(self, path: str) -> SerialPort | None:
        """The port a path leads to, None when there is none."""
        if not path or not os.path.exists(path):
            return None
        device = os.path.realpath(path)
        return next((port for port in self.all() if port.device == device), SerialPort(device))

    def hint(self, adapter: str) -> str:
        """Where the adapter that used to be there is now, for the technician; "" when nothing is known."""
        ports = self.all()
        same = [port for port in ports if adapter and port.adapter == adapter]
        if len(same) == 1:
            return f"its adapter {adapter} stands at {same[0].socket or same[0].device} now"
        if adapter and not same:
            return f"its adapter {adapter} is nowhere"
        known = ", ".join(port.socket or port.device for port in ports)
        return f"adapters stand at: {known}" if known else "there is no serial adapter at all"

    def _names(self, kind: str) -> dict[str, str]:
        """Device -> the name of its link."""
        try:
            links = sorted((self._links / kind).iterdir())
        except OSError:
            return {}
        return {os.path.realpath(link): link.name for link in links}
