"""What stood at each device's place when it was last seen, kept over a restart: so a replaced device is reported.

It is no authority: a file that is lost or damaged costs one report of a replacement, nothing else.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from terminal_app.core.whole_file import write_whole

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """One device as it was; "" where it never told."""

    serial: str = ""
    model: str = ""
    adapter: str = ""


class Inventory:
    """Remembers, compares, tells what differs. Without a file it remembers this run alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known = _read(path) if path is not None else {}

    def known(self, device_class: str) -> Known:
        return self._known.get(device_class, Known())

    def saw_device(self, device_class: str, model: str, serial: str) -> str:
        """The device told who it is; what is to be reported, or ""."""
        before = self.known(device_class)
        self._keep(device_class, replace(before, model=model or before.model, serial=serial or before.serial))
        if before.serial and serial and serial != before.serial:
            return f"another device: serial {serial}, before {before.serial}"
        return ""

    def saw_adapter(self, device_class: str, adapter: str) -> str:
        """The port was opened over this adapter; what is to be reported, or ""."""
        before = self.known(device_class)
        if adapter:
            self._keep(device_class, replace(before, adapter=adapter))
        if before.adapter and adapter and adapter != before.adapter:
            return f"another adapter at this place: {adapter}, before {before.adapter}"
        return ""

    def _keep(self, device_class: str, known: Known) -> None:
        if self._known.get(device_class) == known:
            return
        self._known[device_class] = known
        if self._path is None:
            return
        known_all = {name: asdict(one) for name, one in sorted(self._known.items())}
        try:
            write_whole(self._path, json.dumps(known_all).encode())
        except OSError as error:
            _log.warning("what stands in the terminal is not remembered: %s", error)


def _read(path: Path) -> dict[str, Known]:
    try:
        rows = json.loads(path.read_text())
        return {str(name): Known(**{key: str(value) for key, value in row.items()}) for name, row in rows.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        _log.warning("what stood in the terminal is not known: %s", error)
        return {}
