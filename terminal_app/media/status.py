"""What core is told of the camera and of the sound."""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.contract.status import DeviceState


@dataclass(frozen=True, slots=True)
class MediaDeviceStatus:
    """`detail` is for the technician, in English, without file names of customers."""

    state: DeviceState
    detail: str = ""
