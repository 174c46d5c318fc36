"""What a simulator leaves on disk: the memory of a device, the slips of a printer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Protocol

from device_drivers.simulators.core import DeviceSimulator, SimulatorError
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.paper import keep_slip


class Keeper(Protocol):
    """Called after each step of a simulator, before its bytes leave."""

    def keep(self) -> None: ...

    def describe(self) -> dict[str, Any]:
        """What `{"do": "state"}` says of what was kept."""


def load_memory(path: Path) -> dict[str, Any] | None:
    """What a device remembered; None when it is new.

    Raises:
        SimulatorError: the file is not such a memory.
    """
    try:
        memory = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SimulatorError(f"the memory {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SimulatorError(f"the memory {path} is not a JSON object") from error
    if not isinstance(memory, dict):
        raise SimulatorError(f"the memory {path} is not a JSON object")
    return memory


class MemoryKeeper:
    """Writes the device's memory whenever it changed, so that a killed one wakes up like one without power."""

    def __init__(self, simulator: DeviceSimulator, path: Path | None) -> None:
        self._simulator = simulator
        self._path = path
        self._kept: dict[str, Any] | None = None

    def keep(self) -> None:
        """Replaces the file in one step.

        Raises:
            SimulatorError: it cannot be written.
        """
        memory = self._simulator.memory()
        if self._path is None or memory == self._kept:
            return
        fresh = self._path.with_name(f".{self._path.name}.new")
        try:
            fresh.write_text(json.dumps(memory), encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError as error:
            raise SimulatorError(f"the memory {self._path} cannot be written: {error.strerror}") from error
        self._kept = memory

    def describe(self) -> dict[str, Any]:
        """The file."""
        return {"memory": None if self._path is None else str(self._path)}


class PaperKeeper:
    """Draws each slip that was cut."""

    def __init__(self, simulator: EscposSimulator, folder: Path) -> None:
        self._simulator = simulator
        self._folder = folder
        self._slips: list[str] = []

    def keep(self) -> None:
        """Pictures and texts by running number."""
        for slip in self._simulator.take_slips():
            self._slips.append(keep_slip(slip, self._folder).name)

    def describe(self) -> dict[str, Any]:
        """The slips of this run."""
        return {"paper_dir": str(self._folder), "slips": self._slips}
