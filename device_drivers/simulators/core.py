"""What every simulated device is: pure, told the time, driven by bytes from the host and by a person's requests."""

from __future__ import annotations

from typing import Any, Protocol

Request = dict[str, Any]
Answer = dict[str, Any]


class SimulatorError(ValueError):
    """A request a simulator cannot do; the text says why."""


class DeviceSimulator(Protocol):
    """A device at the far end of a wire."""

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host (b"": time passed); what the device puts on the wire by now."""

    def wakes_at_s(self) -> float:
        """When the device wants to be asked again."""

    def control(self, request: Request, now_s: float) -> Answer:
        """Does what a person's hand does.

        Raises:
            SimulatorError: what cannot be done, and why.
        """

    def memory(self) -> dict[str, Any] | None:
        """What the device must remember over a loss of power; None when it remembers nothing."""


def number(request: Request, name: str, default: float, low: float, high: float) -> float:
    """A number of a request.

    Raises:
        SimulatorError: not a number, or out of its range.
    """
    value = request.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise SimulatorError(f"{name} is a number from {low:g} to {high:g}")
    return float(value)


def flag(request: Request, name: str) -> bool:
    """A yes or no of a request.

    Raises:
        SimulatorError: it is neither.
    """
    value = request.get(name)
    if not isinstance(value, bool):
        raise SimulatorError(f"{name} is true or false")
    return value
