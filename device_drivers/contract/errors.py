"""What drivers raise. Texts carry no card data and no names."""

from __future__ import annotations

from device_drivers.contract.status import Fault


class DeviceError(Exception):
    """Root of what drivers raise."""

    def __init__(self, message: str, *, device: str) -> None:
        super().__init__(f"{device}: {message}")
        self.device = device


class LineLostError(DeviceError):
    """The port closed or the adapter was pulled: reopen it."""


class LineBusyError(DeviceError):
    """Another program holds the port: nothing is sent to it."""


class PeerProtocolError(DeviceError):
    """The device broke its protocol: reset it."""


class CommandOrderError(DeviceError):
    """We asked for what this state forbids: our bug."""


class HardwareFaultError(DeviceError):
    """A fault that a person must clear."""

    def __init__(self, fault: Fault, *, device: str) -> None:
        super().__init__(f"hardware fault {fault.name}", device=device)
        self.fault = fault


class DeviceUrlError(ValueError):
    """A device URL that nobody can open; the text says what is wrong with it."""
